import { bounds, boundsSize } from './bounds.ts'
import { convexHull } from './convex-hull.ts'
import { massProperties } from './mass-properties.ts'

export interface SolidHull {
  /** x, y, z of its vertices. */
  readonly points: Float32Array
  /** Volume of the solid it stands for, at most its own. */
  readonly solid: number
}

/**
 * Joins pairs of hulls, always the pair whose common hull holds least empty space: while that is below `slack` (cubic units), and on
 * until no more than `maxHulls` are left. Only hulls whose bounds touch are paired until none do.
 */
export function mergeHulls(hulls: readonly SolidHull[], maxHulls: number, maxVertices: number, slack: number): Float32Array[] {
  let pieces = [...hulls]
  const costs = new Map<SolidHull, Map<SolidHull, { cost: number; merged: SolidHull }>>()
  const touching = (a: SolidHull, b: SolidHull) => {
    const [p, q] = [bounds(a.points), bounds(b.points)]
    const gap = 0.02 * Math.max(...boundsSize(p), ...boundsSize(q))
    return [0, 1, 2].every(k => p.min[k]! <= q.max[k]! + gap && q.min[k]! <= p.max[k]! + gap)
  }
  const together = (a: SolidHull, b: SolidHull) => {
    const row = costs.get(a) ?? new Map<SolidHull, { cost: number; merged: SolidHull }>()
    costs.set(a, row)
    let entry = row.get(b)
    if (!entry) {
      const points = new Float32Array(a.points.length + b.points.length)
      points.set(a.points)
      points.set(b.points, a.points.length)
      const hull = convexHull(points, maxVertices)
      const merged = { points: hull?.positions ?? points, solid: a.solid + b.solid }
      entry = { cost: (hull ? massProperties(hull).volume : 0) - merged.solid, merged }
      row.set(b, entry)
    }
    return entry
  }
  for (;;) {
    let best = null as { i: number; j: number; cost: number; merged: SolidHull } | null
    for (const near of [true, false]) {
      for (let i = 0; i < pieces.length; i++) {
        for (let j = i + 1; j < pieces.length; j++) {
          if (near && !touching(pieces[i]!, pieces[j]!)) continue
          const { cost, merged } = together(pieces[i]!, pieces[j]!)
          if (!best || cost < best.cost) best = { i, j, cost, merged }
        }
      }
      if (best || pieces.length <= maxHulls) break
    }
    if (!best || (best.cost > slack && pieces.length <= maxHulls)) break
    const { i, j, merged } = best
    pieces = [...pieces.slice(0, i), merged, ...pieces.slice(i + 1, j), ...pieces.slice(j + 1)]
  }
  return pieces.map(p => p.points)
}
