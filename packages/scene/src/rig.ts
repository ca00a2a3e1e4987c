/** Cameras that ride on another one. */
import { quatAt, vec3At } from './keyframes.ts'
import { multiply, normalize, type Quat, rotate } from './maths/quat.ts'
import { add, type Vec3 } from './maths/vec3.ts'
import { isKeyframes } from './schema/animated.ts'
import type { Camera } from './schema/camera.ts'

/** Steps between two keys of a camera that turns: what rides on it keeps its place to 1/2000 of its distance for a turn of one radian. */
const STEPS = 16

/** Place and rotation of a camera that stands at `pose` in the frame of `camera`, at all times. */
export function mountedOn(
  camera: Pick<Camera, 'position' | 'rotation'>,
  pose: { readonly position: Vec3; readonly rotation: Quat },
): Pick<Camera, 'position' | 'rotation'> {
  const at = (t: number): [number, number, number] => [
    ...add(vec3At(camera.position, t), rotate(quatAt(camera.rotation, t), pose.position)),
  ]
  const turned = (q: Quat): [number, number, number, number] => [...normalize(multiply(q, pose.rotation))]
  const { rotation } = camera
  const tracks = [camera.position, rotation].flatMap(track => (isKeyframes<unknown>(track) ? [track] : []))
  const times = [...new Set(tracks.flatMap(track => track.keys.map(k => k[0])))].sort((a, b) => a - b)
  const fine = times.flatMap((t, i) =>
    i === 0 ? [t] : Array.from({ length: STEPS }, (_, s) => times[i - 1]! + ((t - times[i - 1]!) * (s + 1)) / STEPS),
  )
  const steps = tracks.every(k => k.interpolation === 'step')
  return {
    position: fine.length === 0 ? at(0) : { keys: fine.map(t => [t, at(t)]), interpolation: steps ? 'step' : 'linear' },
    rotation: isKeyframes(rotation) ? { ...rotation, keys: rotation.keys.map(([t, q]) => [t, turned(q)]) } : turned(rotation),
  }
}
