/** Poses across the shutter: knots that the kernel interpolates linearly. */
import { quat, type Vec3 } from '@dioramic/scene'
import type { Matrices } from './pose.ts'

/** Most knots an object gets. */
const MAX_KNOTS = 65
/** A knot interval may turn by this much, radians; the linear path between then shrinks by less than 1/800. */
const MAX_TURN = 0.1

export interface Shutter {
  /** Seconds. */
  readonly open: number
  readonly close: number
}

/** Exposure of frame `frame`: centred on its time. */
export function shutterOf(frame: number, fps: number, fraction: number): Shutter {
  const t = frame / fps
  return { open: t - fraction / fps / 2, close: t + fraction / fps / 2 }
}

const timeAt = (s: Shutter, i: number, knots: number) =>
  knots === 1 ? (s.open + s.close) / 2 : s.open + ((s.close - s.open) * i) / (knots - 1)

/** Samples a path at 1 (still) or 9 … 65 equidistant times, more the faster it turns. */
export function knotsOf<T>(shutter: Shutter, sample: (t: number) => T, same: (a: T, b: T) => boolean, turn: (a: T, b: T) => number): T[] {
  if (shutter.close <= shutter.open) return [sample(timeAt(shutter, 0, 1))]
  for (let knots = 9; ; knots = knots * 2 - 1) {
    const values = Array.from({ length: knots }, (_, i) => sample(timeAt(shutter, i, knots)))
    if (values.every(v => same(v, values[0]!))) return [values[0]!]
    let most = 0
    for (let i = 1; i < knots; i++) most = Math.max(most, turn(values[i - 1]!, values[i]!))
    if (most <= MAX_TURN || knots >= MAX_KNOTS) return values
  }
}

export const sameMatrices = (a: Matrices, b: Matrices) => a.worldFromObject.every((x, i) => x === b.worldFromObject[i])

/** About the angle between two rotations given as columns of scaled matrices: the largest chord of a unit axis. */
export function turnBetween(a: Matrices, b: Matrices): number {
  let most = 0
  for (let j = 0; j < 3; j++) {
    let chord = 0
    let size = 0
    for (let i = 0; i < 3; i++) {
      const d = a.worldFromObject[i * 4 + j]! - b.worldFromObject[i * 4 + j]!
      chord += d * d
      size += a.worldFromObject[i * 4 + j]! * a.worldFromObject[i * 4 + j]!
    }
    most = Math.max(most, Math.sqrt(chord / size))
  }
  return most
}

export interface CameraKnot {
  readonly rotation: readonly [number, number, number, number]
  readonly position: Vec3
  readonly lens: readonly [number, number, number, number]
}
export const sameCamera = (a: CameraKnot, b: CameraKnot) =>
  a.rotation.every((x, i) => x === b.rotation[i]) &&
  a.position.every((x, i) => x === b.position[i]) &&
  a.lens.every((x, i) => x === b.lens[i])
export const cameraTurn = (a: CameraKnot, b: CameraKnot) => {
  const d = quat.multiply(quat.conjugate(a.rotation), b.rotation)
  return 2 * Math.sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2])
}
