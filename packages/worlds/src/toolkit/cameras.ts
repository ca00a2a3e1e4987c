/** Cameras by what a photographer would say: where it stands, what it looks at, which lens. */
import { type Camera, cameraSchema, type Quat, quat, type Vec3, vec3 } from '@dioramic/scene'

export interface CameraOptions {
  readonly name?: string
  /** Metres, world. */
  readonly position: Vec3
  /** A point to look at, +Z up in the picture; or give `rotation`. */
  readonly lookAt?: Vec3
  /** World from camera. */
  readonly rotation?: Quat
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
}

/** A still camera. */
export function camera(o: CameraOptions): Camera {
  const target = o.lookAt ?? [0, 0, 0]
  if (!o.rotation && o.position.every((x, i) => x === target[i]))
    throw new RangeError(`camera: it stands at the point it looks at, ${target.join(', ')}; move it, or give a rotation`)
  const rotation = o.rotation ?? quat.lookAt(o.position, target)
  const forward = quat.rotate(rotation, [0, 0, -1])
  const focus = o.focus ?? o.lookAt ?? [0, 0, 0]
  const distance = typeof focus === 'number' ? focus : vec3.dot(vec3.sub(focus, o.position), forward)
  const focalLength = o.focalLength ?? 35
  return cameraSchema.parse({
    ...(o.name === undefined ? {} : { name: o.name }),
    ...(o.resolution === undefined ? {} : { resolution: o.resolution }),
    ...(o.shutter === undefined ? {} : { shutter: o.shutter }),
    ...(o.sensorWidth === undefined ? {} : { sensorWidth: o.sensorWidth }),
    position: o.position,
    rotation,
    focalLength,
    aperture: o.fStop === undefined ? 0 : focalLength / 1000 / o.fStop,
    focusDistance: Math.max(distance, 1e-3),
  })
}

/** A camera that moves: `path` gives position and target at `keys` evenly spaced times over [start, end] seconds. */
export function movingCamera(
  o: Omit<CameraOptions, 'position' | 'lookAt' | 'rotation'> & {
    readonly start: number
    readonly end: number
    readonly keys?: number
    readonly path: (t: number) => { readonly position: Vec3; readonly lookAt: Vec3 }
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
    focusDistance: { keys: times.map((t, i) => [t, stills[i]!.focusDistance]) },
  })
}
