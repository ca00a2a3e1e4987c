/** The one evaluator of animated values, for simulation, rendering, labels and export alike. */
import { normalize, type Quat, slerp } from './maths/quat.ts'
import type { Vec3 } from './maths/vec3.ts'
import { type Curve, isKeyframes, type Keyframes } from './schema/animated.ts'

/** Where `t` lies among the keys: the numbers of the two around it, their times apart, and the weight of the second, 0–1. */
interface Place {
  readonly low: number
  readonly high: number
  readonly span: number
  readonly u: number
}

function place<T>({ keys, interpolation }: Keyframes<T>, t: number): Place {
  const last = keys.length - 1
  if (t <= keys[0]![0]) return { low: 0, high: 0, span: 0, u: 0 }
  if (t >= keys[last]![0]) return { low: last, high: last, span: 0, u: 0 }
  let low = 0
  let high = last
  while (high - low > 1) {
    const mid = (low + high) >> 1
    if (keys[mid]![0] <= t) low = mid
    else high = mid
  }
  const span = keys[high]![0] - keys[low]![0]
  const u = (t - keys[low]![0]) / span
  return { low, high, span, u: interpolation === 'step' ? 0 : interpolation === 'smooth' ? u * u * (3 - 2 * u) : u }
}

/** Component by component: linear between the two keys, or the cubic of Hermite through them. */
function mix<T>(track: Keyframes<T>, { low, high, span, u }: Place, component: (value: T) => number): number {
  const a = component(track.keys[low]![1])
  const b = component(track.keys[high]![1])
  if (track.interpolation !== 'cubic' || span === 0) return a + (b - a) * u
  const leaving = component(track.tangents[low]![1]) * span
  const arriving = component(track.tangents[high]![0]) * span
  const [u2, u3] = [u * u, u * u * u]
  return (2 * u3 - 3 * u2 + 1) * a + (u3 - 2 * u2 + u) * leaving + (3 * u2 - 2 * u3) * b + (u3 - u2) * arriving
}

/** The value of an animated number at `t` seconds. */
export function numberAt(value: Curve<number>, t: number): number {
  return isKeyframes(value) ? mix(value, place(value, t), x => x) : value
}

/** The value of an animated vector or colour at `t` seconds. */
export function vec3At(value: Curve<Vec3>, t: number): Vec3 {
  if (!isKeyframes(value)) return value
  const at = place(value, t)
  return [mix(value, at, v => v[0]), mix(value, at, v => v[1]), mix(value, at, v => v[2])]
}

/** The value of an animated rotation at `t` seconds: slerp between keys, or the cubic of its components made unit. */
export function quatAt(value: Curve<Quat>, t: number): Quat {
  if (!isKeyframes(value)) return value
  const at = place(value, t)
  const { low, high, u } = at
  if (value.interpolation === 'cubic')
    return normalize([mix(value, at, q => q[0]), mix(value, at, q => q[1]), mix(value, at, q => q[2]), mix(value, at, q => q[3])])
  return u === 0 ? value.keys[low]![1] : slerp(value.keys[low]![1], value.keys[high]![1], u)
}
