/** Cameras by what a photographer would say: where it stands, what it looks at, which lens. */
import { type Camera, cameraSchema, mountedOn, type Quat, quat, type SensorInput, type Vec3, vec3 } from '@dioramic/scene'
import type { CameraPath } from './camera-paths.ts'

export interface CameraOptions {
  readonly name?: string
  /** Metres, world. */
  readonly position: Vec3
  /** A point to look at, +Z up in the picture; or give `rotation`. */
  readonly lookAt?: Vec3
  /** World from camera. */
  readonly rotation?: Quat
  /** Turn about the optical axis, radians, counter-clockwise seen from behind the camera; 0. */
  readonly roll?: number
  /** Millimetres, 35 by default, on a sensor 32 mm wide (49° across, as MOVi). */
  readonly focalLength?: number
  readonly sensorWidth?: number
  /** Aperture as an f-number (f/4 is 4); none is a pinhole, everything sharp. */
  readonly fStop?: number
  /** Point or distance in focus; `lookAt` by default. */
  readonly focus?: Vec3 | number
  /** Exposure as a fraction of the frame interval. */
  readonly shutter?: number
  readonly resolution?: readonly [number, number]
  /** Seconds that a rolling shutter takes from the first row to the last; 0 by default. */
  readonly readout?: number
  /** What a real lens and chip make of rgb (docs/sensor.md); nothing by default. */
  readonly sensor?: SensorInput
  /** What the lens does; a pinhole by default. Only a pinhole has `fStop`; the others see everything sharp. */
  readonly lens?: LensOptions
}

export type LensOptions =
  /** Brown–Conrady distortion as OpenCV defines it; what is left out is 0. */
  | { readonly type: 'pinhole'; readonly k?: readonly number[]; readonly p?: readonly [number, number]; readonly s?: readonly number[] }
  /** Equidistant, or Kannala–Brandt with k1 … k4 as in OpenCV's fisheye. */
  | { readonly type: 'fisheye'; readonly k?: readonly number[] }
  /** Parallel rays; metres across the picture's width. */
  | { readonly type: 'orthographic'; readonly extent: number }
  /** The whole sphere. */
  | { readonly type: 'equirectangular' }

/** A still camera. */
export function camera(o: CameraOptions): Camera {
  const target = o.lookAt ?? [0, 0, 0]
  if (!o.rotation && o.position.every((x, i) => x === target[i]))
    throw new RangeError(`camera: it stands at the point it looks at, ${target.join(', ')}; move it, or give a rotation`)
  const level = o.rotation ?? quat.lookAt(o.position, target)
  const rotation = o.roll ? quat.normalize(quat.multiply(level, quat.fromAxisAngle([0, 0, 1], o.roll))) : level
  const forward = quat.rotate(rotation, [0, 0, -1])
  const focus = o.focus ?? o.lookAt ?? [0, 0, 0]
  const distance = typeof focus === 'number' ? focus : vec3.dot(vec3.sub(focus, o.position), forward)
  const focalLength = o.focalLength ?? 35
  const { lens = { type: 'pinhole' } } = o
  if (o.fStop !== undefined && lens.type !== 'pinhole')
    throw new RangeError(`camera: fStop is for a pinhole, and this lens is ${lens.type}`)
  const common = {
    ...(o.name === undefined ? {} : { name: o.name }),
    ...(o.resolution === undefined ? {} : { resolution: o.resolution }),
    ...(o.shutter === undefined ? {} : { shutter: o.shutter }),
    ...(o.readout === undefined ? {} : { readout: o.readout }),
    ...(o.sensor === undefined ? {} : { sensor: o.sensor }),
    position: o.position,
    rotation,
  }
  if (lens.type === 'equirectangular' || lens.type === 'orthographic') return cameraSchema.parse({ ...common, ...lens })
  const film = { focalLength, ...(o.sensorWidth === undefined ? {} : { sensorWidth: o.sensorWidth }) }
  if (lens.type === 'fisheye') return cameraSchema.parse({ ...common, ...film, type: 'fisheye', ...(lens.k ? { distortion: lens.k } : {}) })
  const { type: _type, ...distortion } = lens
  return cameraSchema.parse({
    ...common,
    ...film,
    aperture: o.fStop === undefined ? 0 : focalLength / 1000 / o.fStop,
    focusDistance: Math.max(distance, 1e-3),
    ...(Object.keys(distortion).length === 0 ? {} : { distortion }),
  })
}

/** A camera that moves on a path (`linearPath`, `orbitPath`, …, or a function of your own), taken at `keys` evenly spaced times over [start, end] seconds; straight between. */
export function movingCamera(
  o: Omit<CameraOptions, 'position' | 'lookAt' | 'rotation' | 'roll'> & {
    readonly start: number
    readonly end: number
    readonly keys?: number
    readonly path: CameraPath
  },
): Camera {
  const n = Math.max(2, o.keys ?? 25)
  const times = Array.from({ length: n }, (_, i) => o.start + ((o.end - o.start) * i) / (n - 1))
  const poses = times.map(o.path)
  const still = camera({ ...o, ...poses[0]! })
  const stills = poses.map(p => camera({ ...o, ...p }))
  return cameraSchema.parse({
    ...still,
    position: { keys: times.map((t, i) => [t, stills[i]!.position]) },
    rotation: { keys: times.map((t, i) => [t, stills[i]!.rotation]) },
    ...('focusDistance' in still ? { focusDistance: { keys: times.map((t, i) => [t, (stills[i] as typeof still).focusDistance]) } } : {}),
  })
}

/**
 * A stereo rig: the camera itself, named `left`, and one `baseline` metres to its right that looks the same way, named `right`. Rows correspond, and
 * disparity through a pinhole is fx · baseline / depth.
 */
export function stereoRig(left: Camera, baseline: number): [Camera, Camera] {
  if (!(baseline > 0)) throw new RangeError(`stereoRig: the baseline is ${baseline} m; it must be positive`)
  const { position } = mountedOn(left, { position: [baseline, 0, 0], rotation: quat.IDENTITY })
  return [
    { ...left, name: 'left' },
    { ...left, name: 'right', position },
  ]
}
