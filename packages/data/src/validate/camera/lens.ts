/** Models of projection, written here once more: the validator shares no code with what it validates. */
import type { V3 } from '../maths.ts'
import { type Distortion, distorted } from './distortion.ts'
import { fisheye } from './fisheye.ts'

/** Metres: what is nearer to a camera has no image. */
export const NEAR = 1e-3

/** Places in the picture before the focal length: raster is c + f · (a, b), right and down. Camera axes: +X right, +Y up, looking along −Z. */
export interface Lens {
  /** (a, b) of a point; NaN where it has no image. */
  image(x: number, y: number, z: number): readonly [number, number]
  /** Direction of unit length through (a, b). */
  direction(a: number, b: number): V3
  /** At most how far (a, b) moves for a turn of the direction to the point by one radian. */
  stretch(x: number, y: number, z: number): number
  /** Rays start at (a, −b, 0) and all go along −Z. */
  readonly parallel: boolean
  /** The left and right edges of the picture are one meridian. */
  readonly round: boolean
  /** 1/depth of a plane is affine over the picture. */
  readonly projective: boolean
}

const NOWHERE = [NaN, NaN] as const
const plain = { parallel: false, round: false, projective: false }

const pinhole: Lens = {
  ...plain,
  projective: true,
  image: (x, y, z) => (-z > NEAR ? [-x / z, y / z] : NOWHERE),
  direction: (a, b) => {
    const n = Math.sqrt(a * a + b * b + 1)
    return [a / n, -b / n, -1 / n]
  },
  stretch: (x, y, z) => (x * x + y * y + z * z) / (z * z),
}

const orthographic: Lens = {
  ...plain,
  parallel: true,
  image: (x, y, z) => (-z > NEAR ? [x, -y] : NOWHERE),
  direction: () => [0, 0, -1],
  stretch: (x, y, z) => Math.sqrt(x * x + y * y + z * z),
}

/** (a, b) is longitude and minus latitude. */
const equirectangular: Lens = {
  ...plain,
  round: true,
  image(x, y, z) {
    const level = Math.sqrt(x * x + z * z)
    return level * level + y * y > NEAR * NEAR ? [Math.atan2(x, -z), -Math.atan2(y, level)] : NOWHERE
  },
  direction: (a, b) => [Math.cos(b) * Math.sin(a), -Math.sin(b), -Math.cos(b) * Math.cos(a)],
  stretch: (x, y, z) => Math.sqrt((x * x + y * y + z * z) / Math.max(x * x + z * z, 1e-12)),
}

const known = new WeakMap<object, Lens>()

/** The model of a camera's record; undefined for one that is not known here. */
export function lensOf(record: { readonly model: string } | undefined): Lens | undefined {
  if (!record) return pinhole
  const found = known.get(record)
  if (found) return found
  const made =
    record.model === 'brown-conrady'
      ? { ...plain, projective: true, ...distorted(record as unknown as Distortion) }
      : record.model === 'fisheye'
        ? { ...plain, ...fisheye((record as unknown as { readonly k: readonly number[] }).k) }
        : record.model === 'orthographic'
          ? orthographic
          : record.model === 'equirectangular'
            ? equirectangular
            : undefined
  if (made) known.set(record, made)
  return made
}
