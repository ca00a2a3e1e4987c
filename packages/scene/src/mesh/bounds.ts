import type { Vec3 } from '../maths/vec3.ts'

export interface Bounds {
  readonly min: Vec3
  readonly max: Vec3
}

/** Axis-aligned bounds of x, y, z triples; throws for an empty list. */
export function bounds(positions: ArrayLike<number>): Bounds {
  if (positions.length < 3) throw new RangeError('bounds of no points')
  const min: [number, number, number] = [Infinity, Infinity, Infinity]
  const max: [number, number, number] = [-Infinity, -Infinity, -Infinity]
  for (let i = 0; i < positions.length; i++) {
    const axis = i % 3
    const v = positions[i]!
    if (v < min[axis]!) min[axis] = v
    if (v > max[axis]!) max[axis] = v
  }
  return { min, max }
}

/** Edge lengths of bounds. */
export const boundsSize = (b: Bounds): Vec3 => [b.max[0] - b.min[0], b.max[1] - b.min[1], b.max[2] - b.min[2]]
