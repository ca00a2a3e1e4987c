/** Piecewise-linear encoding of numbers, in plain TypeScript: what the layers compute, and what linear models take. */
import { checkBins, type Edges, type NumberColumns } from './bins.ts'

/**
 * Equation 1 of Gorishniy et al. (2022): a bin's component is 0 below the bin and 1 above it, and climbs linearly inside. The first is not cut below the first edge, the last not
 * above the last, so what lies outside is extrapolated.
 */
export function piecewiseLinear(x: number, edges: Edges): number[] {
  const bins = edges.length - 1
  return Array.from({ length: bins }, (_, t) => {
    const e = (x - edges[t]!) / (edges[t + 1]! - edges[t]!)
    return Math.min(t === bins - 1 ? Infinity : 1, Math.max(t === 0 ? -Infinity : 0, e))
  })
}

/** Samples as rows of all features' components, one after another: width Σ bins. */
export function encodeRows(columns: NumberColumns, bins: readonly Edges[]): Float64Array[] {
  checkBins(bins)
  const width = bins.reduce((s, e) => s + e.length - 1, 0)
  return Array.from({ length: columns[0]?.length ?? 0 }, (_, i) => {
    const row = new Float64Array(width)
    let at = 0
    bins.forEach((edges, f) => {
      row.set(piecewiseLinear(columns[f]![i]!, edges), at)
      at += edges.length - 1
    })
    return row
  })
}

/** An affine map and bounds, [features, most bins], of which the encoding is clip(scale·x + shift, low, high). A feature's last component stands in the last place; what is between is 0. */
export interface BinTables {
  readonly features: number
  readonly most: number
  readonly scale: Float32Array
  readonly shift: Float32Array
  readonly low: Float32Array
  readonly high: Float32Array
  /** Places that hold a component, in order. */
  readonly used: readonly number[]
}

/** No bound: finite, so that 0 times it is 0. */
const OPEN = 3e38

export function binTables(bins: readonly Edges[]): BinTables {
  checkBins(bins)
  const most = Math.max(...bins.map(e => e.length - 1))
  const table = () => new Float32Array(bins.length * most)
  const out = { features: bins.length, most, scale: table(), shift: table(), low: table(), high: table(), used: [] as number[] }
  bins.forEach((edges, f) => {
    const count = edges.length - 1
    for (let t = 0; t < count; t++) {
      const at = f * most + (t === count - 1 ? most - 1 : t)
      const width = edges[t + 1]! - edges[t]!
      out.scale[at] = 1 / width
      out.shift[at] = -edges[t]! / width
      out.low[at] = t === 0 ? -OPEN : 0
      out.high[at] = t === count - 1 ? OPEN : 1
      out.used.push(at)
    }
  })
  return out
}
