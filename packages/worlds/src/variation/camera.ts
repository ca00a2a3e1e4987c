/** The same scene from elsewhere. */
import {
  type Animated,
  type Assets,
  type Key,
  portable,
  type Quat,
  quat,
  quatAt,
  type SceneInput,
  shapeGeometry,
  type Vec3,
  vec3,
  vec3At,
} from '@dioramic/scene'
import { directionOf, mapAnimated, middleOf, placedObjects, withSpace } from './space.ts'
import type { Change } from './vary.ts'

/** What a severity of 1 is in each direction: an eighth of a turn around, 20° up or down, half an octave nearer or farther, 15° of roll. */
const AROUND = Math.PI / 4
const UP = Math.PI / 9
const OCTAVES = 0.5
const ROLL = Math.PI / 12
/** Elevations that a camera keeps to, radians. */
const [LOW, HIGH] = [0.05, 1.45]
const TRIALS = 100
/** Half the width of the way that must be free for the camera to get there, metres. */
const LENS = 0.03

/**
 * All cameras together, as one rigid rig, are carried around the point that the first one looks at, raised, brought nearer and rolled: together as far
 * as the severity says. A move whose straight way from the old place meets an object, or that looks from below the horizon, is drawn again; after 100
 * draws the cameras stay.
 */
export async function varyCamera(scene: SceneInput, key: Key, severity: number, assets: Assets): Promise<Change> {
  const first = scene.cameras[0]!
  const half = (scene.frames ?? 24) / (scene.fps ?? 12) / 2
  const position = vec3At(first.position as Animated<Vec3>, half)
  const rotation = quatAt(first.rotation as Animated<Quat>, half)
  const gaze = quat.rotate(rotation, [0, 0, -1])
  // The point of the optical axis nearest to the middle of things.
  const reach = Math.max(0.1, vec3.dot(vec3.sub(middleOf(scene), position), gaze))
  const pivot = vec3.add(position, vec3.scale(gaze, reach))
  const elevationNow = portable.asin(Math.min(1, Math.max(-1, -gaze[2])))
  const low = Math.min(LOW, elevationNow)
  const high = Math.max(HIGH, elevationNow)
  const objects = placedObjects(scene, assets)
  const found = await withSpace(objects, space => {
    for (let trial = 0; trial < TRIALS; trial++) {
      const [a, b, c, d] = directionOf(key.fork(trial), 4, severity) as [number, number, number, number]
      const [azimuth, elevation, distance, roll] = [AROUND * a, UP * b, portable.pow(2, OCTAVES * c), ROLL * d]
      const raised = elevationNow + elevation
      if (raised < low || raised > high) continue
      const right = quat.rotate(rotation, [1, 0, 0])
      const lift = quat.fromAxisAngle(vec3.normalize(right), -elevation)
      const turn = quat.multiply(quat.fromAxisAngle([0, 0, 1], azimuth), lift)
      const back = quat.rotate(turn, vec3.scale(gaze, -reach))
      const place = vec3.add(pivot, vec3.scale(back, distance))
      const twist = quat.fromAxisAngle(vec3.normalize(quat.rotate(turn, gaze)), -roll)
      const way = sweep(position, place)
      if (way && space.overlaps(way.item, way.pose) !== null) continue
      return { turn: quat.normalize(quat.multiply(twist, turn)), place, draws: { azimuth, elevation, distance, roll } }
    }
    return null
  })
  if (!found) return { scene, draws: { azimuth: 0, elevation: 0, distance: 1, roll: 0 } }
  const { turn, place, draws } = found
  const carried = (p: Vec3): Vec3 => vec3.add(place, quat.rotate(turn, vec3.sub(p, position)))
  const cameras = scene.cameras.map(camera => ({
    ...camera,
    position: mapAnimated(camera.position, carried),
    rotation: mapAnimated(camera.rotation, (q: Quat) => quat.normalize(quat.multiply(turn, q))),
    ...('focusDistance' in camera && camera.focusDistance !== undefined
      ? { focusDistance: mapAnimated(camera.focusDistance, (f: number) => Math.max(1e-3, f + reach * (draws.distance - 1))) }
      : {}),
  }))
  return { scene: { ...scene, cameras: cameras as SceneInput['cameras'] }, draws }
}

/** A thin bar from one place to another, for the overlap test; none where they are one. */
function sweep(from: Vec3, to: Vec3) {
  const length = vec3.distance(from, to)
  if (length < 1e-6) return null
  const { mesh, hulls } = shapeGeometry('cube')
  const geometry = { type: 'shape' as const, shape: 'cube' as const }
  const bounds = { min: [-0.5, -0.5, -0.5] as Vec3, max: [0.5, 0.5, 0.5] as Vec3 }
  const scale: Vec3 = [2 * LENS, 2 * LENS, length + 2 * LENS]
  // The bar's Z is the way: a camera's Z looks backwards along its gaze, which serves as well.
  const pose = { position: vec3.lerp(from, to, 0.5), rotation: quat.lookAt(from, to) }
  return { item: { label: 'camera', geometry, source: { mesh, hulls, bounds }, scale }, pose }
}
