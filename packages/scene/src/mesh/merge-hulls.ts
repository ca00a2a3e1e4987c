import { type Bounds, bounds } from './bounds.ts'
import { type ConvexHull, convexHull } from './convex-hull.ts'
import { facePlanes, proud } from './stand-off.ts'
import type { SurfaceSamples } from './surface-samples.ts'

export interface MergeOptions {
  readonly maxHulls: number
  /** Of the whole mesh. */
  readonly outer: Bounds
  /** What joined hulls may stand proud of the samples. */
  readonly tolerance: number
  /** By how much joined hulls may fall short of their points. */
  readonly fine: number
}

interface Part {
  readonly points: Float32Array
  readonly min: readonly number[]
  readonly max: readonly number[]
}

interface Pair {
  readonly a: Part
  readonly b: Part
  readonly cost: number
  readonly merged: Part
}

/**
 * Joins pairs of hulls that touch, always the pair whose common hull stands least proud of the surface samples: while that is within the
 * tolerance, and on until no more than `maxHulls` are left.
 */
export function mergeHulls(
  hulls: readonly Pick<ConvexHull, 'positions'>[],
  samples: SurfaceSamples,
  options: MergeOptions,
): Float32Array[] {
  const { maxHulls, outer, tolerance, fine } = options
  let parts = hulls.map(h => partOf(h.positions))
  const pairUp = (a: Part, b: Part): Pair[] => {
    if (![0, 1, 2].every(k => a.min[k]! <= b.max[k]! + fine && b.min[k]! <= a.max[k]! + fine)) return []
    const both = new Float32Array(a.points.length + b.points.length)
    both.set(a.points)
    both.set(b.points, a.points.length)
    const hull = convexHull(both, Number.POSITIVE_INFINITY, fine)
    if (!hull) return []
    const merged = partOf(hull.positions)
    return [{ a, b, cost: worst(facePlanes(hull, outer), merged, samples), merged }]
  }
  let pairs: Pair[] = []
  for (let i = 0; i < parts.length; i++) for (let j = i + 1; j < parts.length; j++) pairs.push(...pairUp(parts[i]!, parts[j]!))
  for (;;) {
    let best: Pair | undefined
    for (const pair of pairs) if (!best || pair.cost < best.cost) best = pair
    if (!best || (best.cost > tolerance && parts.length <= maxHulls)) break
    const { a, b, merged } = best
    parts = parts.filter(p => p !== a && p !== b)
    pairs = pairs.filter(p => p.a !== a && p.a !== b && p.b !== a && p.b !== b)
    for (const p of parts) pairs.push(...pairUp(p, merged))
    parts.push(merged)
  }
  return parts.map(p => p.points)
}

const partOf = (points: Float32Array): Part => ({ points, ...bounds(points) })

/** The most that a hull stands proud of any sample. */
function worst(planes: Float64Array, { min, max }: Part, samples: SurfaceSamples): number {
  const p = samples.points
  let most = 0
  for (let i = 0; 3 * i < p.length; i++) {
    const [x, y, z] = [p[3 * i]!, p[3 * i + 1]!, p[3 * i + 2]!]
    if (x > min[0]! && x < max[0]! && y > min[1]! && y < max[1]! && z > min[2]! && z < max[2]!)
      most = Math.max(most, proud(planes, samples, i))
  }
  return most
}
