/**
 * Poses between frames, which no record has: cubic Hermite curves through recorded poses and velocities, and a bound of how far they may be off.
 * Free flight, rest and steady rolling are read within tenths of a millimetre; where a contact begins or ends nothing is said.
 */
import { length, type Q, type V3 } from '../maths.ts'

export interface State {
  readonly position: V3
  readonly rotation: Q
  /** Per frame interval. */
  readonly velocity?: V3 | undefined
  readonly spin?: V3 | undefined
}
export interface Between {
  readonly position: V3
  readonly rotation: Q
  /** Metres, radians. */
  readonly blur: number
  readonly twist: number
}

/** Metres: paths are straight within a step of the simulation. */
const STEP = 3e-5

export const sub = (a: V3, b: V3): V3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
const each = (f: (k: 0 | 1 | 2) => number): V3 => [f(0), f(1), f(2)]

function multiply(a: Q, b: Q): Q {
  return [
    a[3] * b[0] + a[0] * b[3] + a[1] * b[2] - a[2] * b[1],
    a[3] * b[1] - a[0] * b[2] + a[1] * b[3] + a[2] * b[0],
    a[3] * b[2] + a[0] * b[1] - a[1] * b[0] + a[2] * b[3],
    a[3] * b[3] - a[0] * b[0] - a[1] * b[1] - a[2] * b[2],
  ]
}
/** Rotation vector from `a` to `b`, world axes, the short way. */
export function turn(a: Q, b: Q): V3 {
  const q = multiply(b, [-a[0], -a[1], -a[2], a[3]])
  const s = q[3] < 0 ? -1 : 1
  const n = Math.sqrt(q[0] * q[0] + q[1] * q[1] + q[2] * q[2])
  const k = n === 0 ? 0 : (s * 2 * Math.atan2(n, s * q[3])) / n
  return [k * q[0], k * q[1], k * q[2]]
}
function turned(q: Q, r: V3): Q {
  const n = length(r)
  if (n === 0) return q
  const k = Math.sin(n / 2) / n
  return multiply([k * r[0], k * r[1], k * r[2], Math.cos(n / 2)], q)
}

/** Hermite's curve from 0 to d with slopes m0 and m1. */
const hermite = (s: number, d: V3, m0: V3, m1: V3): V3 =>
  each(k => d[k] * s * s * (3 - 2 * s) + m0[k] * s * (1 - s) * (1 - s) - m1[k] * s * s * (1 - s))

/**
 * Share `s` of the way from `a` to `b`, which are one frame apart. `fall` is the change of velocity that gravity makes in that time. How far the result
 * may be off is judged from the velocities, unless `doubt` says it.
 */
export function between(a: State, b: State, s: number, fall: V3, doubt?: Pick<Between, 'blur' | 'twist'>): Between {
  if (s === 0) return { position: a.position, rotation: a.rotation, blur: 0, twist: 0 }
  const path = sub(b.position, a.position)
  const arc = turn(a.rotation, b.rotation)
  // An end without a velocity: such that the change is even.
  const complete = (x: V3 | undefined, other: V3 | undefined, d: V3) => x ?? (other ? each(k => 2 * d[k] - other[k]) : d)
  const [v0, v1] = [complete(a.velocity, b.velocity, path), complete(b.velocity, a.velocity, path)]
  const [w0, w1] = [complete(a.spin, b.spin, arc), complete(b.spin, a.spin, arc)]
  const { blur, twist } = doubt ?? doubtOf(path, v0, v1, arc, w0, w1, fall)
  const along = hermite(s, path, v0, v1)
  return {
    position: each(k => a.position[k] + along[k]),
    rotation: turned(a.rotation, hermite(s, arc, w0, w1)),
    blur,
    twist,
  }
}

function doubtOf(path: V3, v0: V3, v1: V3, arc: V3, w0: V3, w1: V3, fall: V3): Pick<Between, 'blur' | 'twist'> {
  const bend = sub(v1, v0)
  const excess = Math.min(length(bend), length(sub(bend, fall)))
  // Slopes that do not add up to the way: velocities of another side of the step, or a kink between.
  const rest = (d: V3, m0: V3, m1: V3) => length(each(k => d[k] - (m0[k] + m1[k]) / 2))
  const still = length(path) === 0 && length(bend) === 0
  const spun = length(sub(w1, w0))
  return {
    blur: excess / 4 + 0.1 * rest(path, v0, v1) + (still ? 0 : STEP),
    twist: spun / 8 + 0.1 * rest(arc, w0, w1) + (length(arc) * spun) / 8,
  }
}
