/** The one evaluator of animated values, for simulation, rendering, labels and export alike. */
import { type Quat, slerp } from './maths/quat.ts'
import type { Vec3 } from './maths/vec3.ts'
import { type Animated, isKeyframes, type Keyframes } from './schema/animated.ts'

/** The two keys around `t` and the weight of the second, 0–1. */
function bracket<T>(track: Keyframes<T>, t: number): readonly [T, T, number] {
  const { keys } = track
  const last = keys.length - 1
  if (t <= keys[0]![0]) return [keys[0]![1], keys[0]![1], 0]
  if (t >= keys[last]![0]) return [keys[last]![1], keys[last]![1], 0]
  let low = 0
  let high = last
  while (high - low > 1) {
    const mid = (low + high) >> 1
    if (keys[mid]![0] <= t) low = mid
    else high = mid
  }
  const [t0, a] = keys[low]!
  const [t1, b] = keys[high]!
  const u = (t - t0) / (t1 - t0)
  return [a, b, track.interpolation === 'step' ? 0 : track.interpolation === 'smooth' ? u * u * (3 - 2 * u) : u]
}

/** The value of an animated number at `t` seconds. */
export function numberAt(value: Animated<number>, t: number): number {
  if (!isKeyframes(value)) return value
  const [a, b, u] = bracket(value, t)
  return a + (b - a) * u
}

/** The value of an animated vector or colour at `t` seconds. */
export function vec3At(value: Animated<Vec3>, t: number): Vec3 {
  if (!isKeyframes(value)) return value
  const [a, b, u] = bracket(value, t)
  return [a[0] + (b[0] - a[0]) * u, a[1] + (b[1] - a[1]) * u, a[2] + (b[2] - a[2]) * u]
}

/** The value of an animated rotation at `t` seconds: slerp between keys. */
export function quatAt(value: Animated<Quat>, t: number): Quat {
  if (!isKeyframes(value)) return value
  const [a, b, u] = bracket(value, t)
  return u === 0 ? a : slerp(a, b, u)
}
