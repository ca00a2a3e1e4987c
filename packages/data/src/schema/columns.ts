/** Names: fields of one frame ↔ columns of the clip. */

/** Singular field of a frame's record → column of the sample. Other fields keep their name. */
export const COLUMN: Readonly<Record<string, string>> = {
  position: 'positions',
  rotation: 'rotations',
  velocity: 'velocities',
  linearVelocity: 'velocities',
  angularVelocity: 'angularVelocities',
  box2d: 'boxes2d',
  box2dAmodal: 'boxes2dAmodal',
  box2dAmodalUnclipped: 'boxes2dAmodalUnclipped',
  box3d: 'boxes3d',
  projectedCentre: 'projectedCentres',
  projectedDepth: 'projectedDepths',
  aperture: 'apertures',
  focusDistance: 'focusDistances',
  focalLength: 'focalLengths',
  truncatedFraction: 'truncatedFractions',
  truncatedAreaFraction: 'truncatedAreaFractions',
  maskAmodal: 'masksAmodal',
  cameraPosition: 'cameraPositions',
  cameraRotation: 'cameraRotations',
  force: 'forces',
  contactForce: 'contactForces',
  kineticEnergy: 'kineticEnergies',
  potentialEnergy: 'potentialEnergies',
  visibleFraction: 'visibleFractions',
  occludedFraction: 'occludedFractions',
}
const FIELD = Object.fromEntries(Object.entries(COLUMN).map(([field, column]) => [column, field]))

/** Fields that belong to the object and must agree in every frame. */
export const CONSTANT: ReadonlySet<string> = new Set([
  ...['id', 'name', 'category', 'isBackground', 'geometry', 'metadata', 'bounds', 'scale', 'size', 'bodyType'],
  ...['mass', 'friction', 'restitution', 'inertia', 'inertiaFrame', 'centerOfMass', 'parts', 'symmetry', 'deforms', 'skeleton'],
])
export const CAMERA_CONSTANT: ReadonlySet<string> = new Set([
  'name',
  'width',
  'height',
  'sensorWidth',
  'shutter',
  'lens',
  'readout',
  'sensor',
])

/** One frame of a track: constants as they are, columns as the value of that frame. */
export function frameOf(track: Readonly<Record<string, unknown>>, frame: number, constant: ReadonlySet<string>): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(track)) {
    if (key === 'before' || key === 'after') continue
    if (constant.has(key) || !Array.isArray(value)) out[key] = value
    else out[FIELD[key] ?? key] = value[frame]
  }
  return out
}
