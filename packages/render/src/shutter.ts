/** Poses across the shutter: knots that the kernel interpolates linearly. */
import { type Camera, quat, type Vec3 } from '@dioramic/scene'
import type { Matrices } from './pose.ts'

/** How finely paths are sampled. */
interface Fineness {
  /** Fewest and most knots that a thing that moves gets. */
  readonly fewest: number
  readonly most: number
  /** A knot interval may turn by this much, radians; the linear path between then shrinks by less than its square over 8. */
  readonly turn: number
}
/** For blur. */
const BLUR: Fineness = { fewest: 9, most: 65, turn: 0.1 }
/** Where rows show instants of the path: things must be there in the picture as in the labels. */
const ROLLING: Fineness = { fewest: 33, most: 513, turn: 0.02 }

export interface Shutter {
  /** Seconds: the first row's opening and the last row's closing. */
  readonly open: number
  readonly close: number
  /** Share of that time that one row is exposed, and by which one row opens after the row before. */
  readonly exposure: number
  readonly row: number
  readonly fineness: Fineness
}

/** Exposure of frame `frame`, centred on its time; row r of a rolling shutter is ((r + ½)/H − ½)·readout later. */
export function shutterOf(frame: number, fps: number, { shutter, readout, resolution }: Camera): Shutter {
  const t = frame / fps
  if (readout === 0) return { open: t - shutter / fps / 2, close: t + shutter / fps / 2, exposure: 1, row: 0, fineness: BLUR }
  const span = shutter / fps + readout
  return { open: t - span / 2, close: t + span / 2, exposure: shutter / fps / span, row: readout / span / resolution[1], fineness: ROLLING }
}

const timeAt = (s: Shutter, i: number, knots: number) =>
  knots === 1 ? (s.open + s.close) / 2 : s.open + ((s.close - s.open) * i) / (knots - 1)

/** Samples a path at 1 (still) or several equidistant times, more the faster it turns. */
export function knotsOf<T>(shutter: Shutter, sample: (t: number) => T, same: (a: T, b: T) => boolean, turn: (a: T, b: T) => number): T[] {
  if (shutter.close <= shutter.open) return [sample(timeAt(shutter, 0, 1))]
  for (let knots = shutter.fineness.fewest; ; knots = knots * 2 - 1) {
    const values = Array.from({ length: knots }, (_, i) => sample(timeAt(shutter, i, knots)))
    if (values.every(v => same(v, values[0]!))) return [values[0]!]
    let most = 0
    for (let i = 1; i < knots; i++) most = Math.max(most, turn(values[i - 1]!, values[i]!))
    if (most <= shutter.fineness.turn || knots >= shutter.fineness.most) return values
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
  /** Lens radius, plane in focus, fx, fy. */
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
