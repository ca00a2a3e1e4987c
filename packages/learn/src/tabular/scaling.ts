/** Scaling of numerical columns: fitted in plain TypeScript, applied as part of the graph, so that a model's file takes raw numbers. */
import {
  add,
  cast,
  clip,
  constant,
  div,
  equal,
  expandDims,
  f32,
  fillNormal,
  gather,
  greaterEqual,
  type Key,
  less,
  lessEqual,
  log,
  maximum,
  minimum,
  mul,
  neg,
  reshape,
  sqrt,
  sub,
  sum,
  type Tensor,
  where,
} from '@dioramic/tensor'
import { quantileOf } from '../embeddings/bins.ts'

/** Quantiles to a standard normal, or mean 0 and deviation 1. */
export type ScalingKind = 'quantile' | 'standard' | 'none'

/** A cumulative distribution, linear between knots: its value at each knot and its limit from the right, from the left at the next. */
export interface Distribution {
  readonly knots: readonly number[]
  readonly at: readonly number[]
  readonly left: readonly number[]
  readonly right: readonly number[]
}

export type Scaling =
  | { readonly kind: 'quantile'; readonly distribution: Distribution }
  | { readonly kind: 'standard'; readonly mean: number; readonly deviation: number }
  | { readonly kind: 'none' }

export function standardScaling(values: ArrayLike<number>): Scaling {
  const { mean, deviation } = momentsOf(values)
  return { kind: 'standard', mean, deviation: deviation || 1 }
}

/** Mean and population deviation. */
export function momentsOf(values: ArrayLike<number>): { readonly mean: number; readonly deviation: number } {
  let [mean, square] = [0, 0]
  for (let i = 0; i < values.length; i++) mean += values[i]! / values.length
  for (let i = 0; i < values.length; i++) square += (values[i]! - mean) ** 2 / values.length
  return { mean, deviation: Math.sqrt(square) }
}

/** Quantiles of a fit: a thirtieth of the rows, 10 to 1,000 (Gorishniy et al. 2022). */
export const quantileCount = (rows: number): number => Math.max(10, Math.min(1000, Math.floor(rows / 30)))

/**
 * What scikit-learn's QuantileTransformer(output_distribution='normal') fits. With a key, a little noise is added first, as the paper's code does: it spreads values that
 * occur many times over the quantiles that they take. Its deviation is a thousandth of the column's or, as there, of the inverse of that, whichever is less (there it drowns small numbers).
 */
export function quantileScaling(values: ArrayLike<number>, count = quantileCount(values.length), key?: Key): Scaling {
  const { deviation } = momentsOf(values)
  const noise = 1e-3 * Math.min(deviation, 1 / deviation)
  const draws = key ? normals(values.length, key) : undefined
  const sorted = Float64Array.from(values, (v, i) => v + (draws ? noise * draws[i]! : 0)).sort()
  const most = Math.min(count, sorted.length)
  const knots: number[] = []
  const [low, high]: [number[], number[]] = [[], []]
  for (let j = 0; j < most; j++) {
    const q = most === 1 ? 0 : j / (most - 1)
    const x = Math.fround(quantileOf(sorted, q))
    if (knots.length > 0 && x <= knots.at(-1)!) high[high.length - 1] = q
    else {
      knots.push(x)
      low.push(q)
      high.push(q)
    }
  }
  const last = knots.length - 1
  // The ends are the bounds, whatever share of the samples lies on them.
  const at = knots.map((_, k) => (k === last ? 1 : k === 0 ? 0 : (low[k]! + high[k]!) / 2))
  return { kind: 'quantile', distribution: { knots, at, left: low, right: high } }
}

function normals(n: number, key: Key): Float32Array {
  const out = new Float32Array(n)
  fillNormal(out, key.words)
  return out
}

/** Columns scaled in a graph: raw [batch, columns] without gaps → [batch, columns]. */
export function scaled(x: Tensor, scalings: readonly Scaling[]): Tensor {
  const kinds = new Set(scalings.map(s => s.kind))
  const row = (f: (s: Scaling) => number) => constant(f32(scalings.map(f)))
  const affine = () =>
    div(
      sub(
        x,
        row(s => (s.kind === 'standard' ? s.mean : 0)),
      ),
      row(s => (s.kind === 'standard' ? s.deviation : 1)),
    )
  if (!kinds.has('quantile')) return affine()
  const empty: Distribution = { knots: [0], at: [0], left: [0], right: [0] }
  const z = normalQuantile(
    cumulative(
      x,
      scalings.map(s => (s.kind === 'quantile' ? s.distribution : empty)),
    ),
  )
  if (kinds.size === 1) return z
  return where(
    less(
      0,
      row(s => Number(s.kind === 'quantile')),
    ),
    z,
    affine(),
  )
}

/** Knots of a block of the search. */
const BLOCK = 32
/** A knot that no value reaches. */
const BEYOND = 3e38

/**
 * Cumulative distributions of columns, [batch, columns] → [0, 1]. The knot below is found in two steps, among every 32nd and then among the 32 that follow, so memory is small however many
 * knots there are.
 */
function cumulative(x: Tensor, list: readonly Distribution[]): Tensor {
  const [batch, columns] = x.shape as [number, number]
  const blocks = Math.ceil(Math.max(...list.map(d => d.knots.length)) / BLOCK)
  const size = blocks * BLOCK
  const table = (f: (d: Distribution, k: number) => number, rest: number) => {
    const out = new Float32Array(columns * size).fill(rest)
    for (const [c, d] of list.entries()) for (let k = 0; k < d.knots.length; k++) out[c * size + k] = f(d, k)
    return out
  }
  const knots = table((d, k) => d.knots[k]!, BEYOND)
  const slope = table((d, k) => (k + 1 < d.knots.length ? (d.left[k + 1]! - d.right[k]!) / (d.knots[k + 1]! - d.knots[k]!) : 0), 0)
  const flat = (a: Float32Array) => constant(f32(a, [columns * size]))
  // Number of knots that are not above x, less one; a value below all of them takes the first.
  const below = (t: Tensor): Tensor => maximum(sub(sum(cast(lessEqual(t, expandDims(x, 2)), 'f32'), 2), 1), 0)
  const everyBlock = constant(
    f32(
      Float32Array.from({ length: columns * blocks }, (_, i) => knots[i * BLOCK]!),
      [columns, blocks],
    ),
  )
  const first = constant(f32(Float32Array.from({ length: columns }, (_, c) => c * blocks)))
  const block = add(below(everyBlock), first)
  const fine = gather(constant(f32(knots, [columns * blocks, BLOCK])), cast(block, 'i64'), 0)
  const place = cast(add(mul(block, BLOCK), below(reshape(fine, [batch, columns, BLOCK]))), 'i64')
  const take = (a: Float32Array) => gather(flat(a), place, 0)
  const knot = take(knots)
  const last = constant(f32(list.map(d => d.knots.at(-1)!)))
  const start = constant(f32(list.map(d => d.knots[0]!)))
  const between = add(take(table((d, k) => d.right[k]!, 0)), mul(take(slope), sub(x, knot)))
  const p = where(equal(x, knot), take(table((d, k) => d.at[k]!, 0)), between)
  return where(greaterEqual(x, last), constant(1), where(lessEqual(x, start), constant(0), p))
}

/** Largest |z|: what scikit-learn cuts at, the 1e-7-quantile. */
const LARGEST = 5.199337582605575

/** The inverse of the normal distribution by Acklam's rational approximations (relative error below 1.2e-9), cut at ±5.2. */
export function normalQuantile(p: Tensor): Tensor {
  const poly = (t: Tensor, c: readonly number[]) => c.slice(1).reduce<Tensor>((s, k) => add(mul(s, t), k), constant(c[0]!))
  const a = [-3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.38357751867269e2, -3.066479806614716e1, 2.506628277459239]
  const b = [-5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1, -1.328068155288572e1, 1]
  const c = [-7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734, 4.374664141464968, 2.938163982698783]
  const d = [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416, 1]
  const q = sub(p, 0.5)
  const r = mul(q, q)
  const centre = div(mul(q, poly(r, a)), poly(r, b))
  const tail = minimum(p, sub(1, p))
  const t = sqrt(mul(log(maximum(tail, 1e-8)), -2))
  const low = div(poly(t, c), poly(t, d))
  const ends = where(less(q, 0), low, neg(low))
  return clip(where(less(tail, 0.02425), ends, centre), -LARGEST, LARGEST)
}
