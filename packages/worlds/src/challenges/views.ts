/** Many views of a scene as the frames of one clip: the camera is at the next view in every frame. */
import { type Camera, type Key, portable, type Vec3, vec3 } from '@dioramic/scene'
import { type CameraOptions, camera, movingCamera } from '../toolkit/cameras.ts'

/** Frames a second of clips whose frames are views: nothing moves between them that the world does not move. */
export const VIEW_FPS = 1

export interface StillView {
  readonly position: Vec3
  readonly lookAt: Vec3
}

/** Which frames are for what: recorded in a sample's metadata as `splits`, which `--format nerf` goes by. */
export type Splits = Record<string, number[]>

/** A camera that stands at view f in frame f. */
export function viewCamera(views: readonly StillView[], options: Omit<CameraOptions, 'position' | 'lookAt' | 'rotation'> = {}): Camera {
  if (views.length === 1) return camera({ ...options, ...views[0]! })
  const end = (views.length - 1) / VIEW_FPS
  return movingCamera({
    ...options,
    start: 0,
    end,
    keys: views.length,
    path: t => views[Math.min(views.length - 1, Math.max(0, Math.round(t * VIEW_FPS)))]!,
  })
}

/** Views from a sphere about `target`, uniform by area between two heights of the unit sphere (sine of the elevation). */
export function sphereViews(key: Key, count: number, radius: number, target: Vec3, low: number, high: number): StillView[] {
  return key.times(count).map(k => {
    const z = k.fork('height').uniform(low, high)
    const a = k.fork('azimuth').uniform(0, 2 * Math.PI)
    const r = Math.sqrt(1 - z * z)
    return { position: vec3.add(target, vec3.scale([r * portable.cos(a), r * portable.sin(a), z], radius)), lookAt: target }
  })
}

/** Views evenly on a circle about the vertical through `target`, `radius` away from it at an elevation in radians. */
export function circleViews(count: number, radius: number, target: Vec3, elevation: number, start = 0): StillView[] {
  return Array.from({ length: count }, (_, i) => {
    const a = start + (2 * Math.PI * i) / count
    const level = radius * portable.cos(elevation)
    return {
      position: vec3.add(target, [level * portable.cos(a), level * portable.sin(a), radius * portable.sin(elevation)]),
      lookAt: target,
    }
  })
}

/** Frames 0 to n − 1 shared out at random: so many for each name, in ascending order; the last name gets what is left. */
export function shareOut(key: Key, n: number, counts: Readonly<Record<string, number>>): Splits {
  const order = key.shuffle(Array.from({ length: n }, (_, i) => i))
  const names = Object.keys(counts)
  let next = 0
  return Object.fromEntries(
    names.map((name, i) => {
      const end = i === names.length - 1 ? n : Math.min(n, next + counts[name]!)
      const own = order.slice(next, end).sort((a, b) => a - b)
      next = end
      return [name, own]
    }),
  )
}

/** Frames in blocks one after another: `{ train: 60, val: 60 }` is 0–59 and 60–119. */
export function blocks(counts: Readonly<Record<string, number>>): Splits {
  let next = 0
  return Object.fromEntries(Object.entries(counts).map(([name, n]) => [name, Array.from({ length: n }, () => next++)]))
}
