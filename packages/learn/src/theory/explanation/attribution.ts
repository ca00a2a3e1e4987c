/** Attributions: how much each number of an input has to do with a score. */
import type { Key } from '@dioramic/tensor'
import { TheoryError } from '../algebra/matrix.ts'
import { normals, order } from '../algebra/random.ts'
import { gradientsOf, type Inputs, type Score } from './score.ts'

/** ∂f/∂x_i (Simonyan et al. 2014). */
export const gradient = async (score: Score, x: Float64Array): Promise<Float64Array> => (await gradientsOf(score, [x]))[0]!.gradient

/** x_i·∂f/∂x_i; for a ReLU network without biases the same as relevance propagation with ε = 0. */
export const gradientTimesInput = async (score: Score, x: Float64Array): Promise<Float64Array> =>
  (await gradient(score, x)).map((g, i) => g * x[i]!)

/** Mean gradient of `samples` copies of x with noise of deviation `sigma` (Smilkov et al. 2017). */
export async function smoothGrad(
  score: Score,
  x: Float64Array,
  { sigma, samples, key }: { readonly sigma: number; readonly samples: number; readonly key: Key },
): Promise<Float64Array> {
  const inputs = Array.from({ length: samples }, (_, k) => {
    const noise = normals(key.fork(k), x.length)
    return x.map((v, i) => v + sigma * noise[i]!)
  })
  return meanOf((await gradientsOf(score, inputs)).map(g => g.gradient))
}

/**
 * (x_i − b_i)·∫ ∂f/∂x_i along the line from the baseline b to x, by the midpoint rule; the sum is f(x) − f(b) up to the rule's error (Sundararajan et al. 2017,
 * completeness).
 */
export async function integratedGradients(score: Score, x: Float64Array, baseline: ArrayLike<number>, steps = 64): Promise<Float64Array> {
  const inputs = Array.from({ length: steps }, (_, k) => x.map((v, i) => baseline[i]! + ((k + 0.5) / steps) * (v - baseline[i]!)))
  const mean = meanOf((await gradientsOf(score, inputs)).map(g => g.gradient))
  return mean.map((g, i) => g * (x[i]! - baseline[i]!))
}

function meanOf(rows: readonly Float64Array[]): Float64Array {
  const out = new Float64Array(rows[0]!.length)
  for (const r of rows) for (let i = 0; i < out.length; i++) out[i]! += r[i]! / rows.length
  return out
}

/** x with the numbers outside of a set (1 = in) taken from the baseline. */
const withOnly = (x: Float64Array, baseline: ArrayLike<number>, inside: (i: number) => boolean): Float64Array =>
  x.map((v, i) => (inside(i) ? v : baseline[i]!))

/** Shapley values of v(S) = f(x_S, b_rest) exactly, by all 2^d sets, d ≤ 16 (Shapley 1953; Lundberg & Lee 2017). They sum to f(x) − f(b). */
export async function shapley(score: Score, x: Float64Array, baseline: ArrayLike<number>): Promise<Float64Array> {
  const d = x.length
  if (d > 16) throw new TheoryError(`exact Shapley values of ${d} numbers need 2^${d} evaluations; use sampledShapley`)
  const values = await score.values(Array.from({ length: 2 ** d }, (_, s) => withOnly(x, baseline, i => ((s >> i) & 1) === 1)))
  // |S|!(d − |S| − 1)!/d!
  const weights = Array.from({ length: d }, (_, k) => {
    let w = 1 / d
    for (let j = 1; j <= k; j++) w *= j / (d - j)
    return w
  })
  const bits = (s: number): number => (s === 0 ? 0 : (s & 1) + bits(s >> 1))
  const out = new Float64Array(d)
  for (let s = 0; s < 2 ** d; s++)
    for (let i = 0; i < d; i++) if (((s >> i) & 1) === 0) out[i]! += weights[bits(s)]! * (values[s | (1 << i)]! - values[s]!)
  return out
}

/** Shapley values by random orders (Castro et al. 2009): unbiased, and the sum is f(x) − f(b) exactly. Each order is walked forwards and backwards. */
export async function sampledShapley(
  score: Score,
  x: Float64Array,
  baseline: ArrayLike<number>,
  orders: number,
  key: Key,
): Promise<Float64Array> {
  const d = x.length
  const out = new Float64Array(d)
  for (let k = 0; k < orders; k++) {
    const forwards = order(key.fork(k), d)
    for (const walk of [forwards, forwards.slice().reverse()]) {
      const path: Float64Array[] = [Float64Array.from(baseline)]
      for (const i of walk) {
        const next = path.at(-1)!.slice()
        next[i] = x[i]!
        path.push(next)
      }
      const values = await score.values(path)
      walk.forEach((i, step) => {
        out[i]! += (values[step + 1]! - values[step]!) / (2 * orders)
      })
    }
  }
  return out
}

/** f(x) − f(x with number i from the baseline), needing no gradients (Zeiler & Fergus 2014). */
export async function occlusion(score: Score, x: Float64Array, baseline: ArrayLike<number>): Promise<Float64Array> {
  const inputs: Inputs = [x, ...Array.from(x, (_, i) => withOnly(x, baseline, j => j !== i))]
  const values = await score.values(inputs)
  return Float64Array.from(x, (_, i) => values[0]! - values[i + 1]!)
}

/**
 * Grad-CAM: ρ(Σ_c α_c A_c), α_c the mean over positions of ∂f/∂A_c, for the feature maps A [channels, height, width] and their gradients (Selvaraju et al. 2017).
 */
export function gradCam(
  maps: ArrayLike<number>,
  gradients: ArrayLike<number>,
  [channels, height, width]: readonly [number, number, number],
): Float64Array {
  const size = height * width
  if (maps.length !== channels * size || gradients.length !== maps.length)
    throw new TheoryError(`gradCam: ${maps.length} values and ${gradients.length} gradients are not ${channels} × ${height} × ${width}`)
  const out = new Float64Array(size)
  for (let c = 0; c < channels; c++) {
    let alpha = 0
    for (let i = 0; i < size; i++) alpha += gradients[c * size + i]! / size
    for (let i = 0; i < size; i++) out[i]! += alpha * maps[c * size + i]!
  }
  return out.map(v => Math.max(v, 0))
}

/** A map of height × width brought to another size, linearly between the centres of its cells. */
export function resized(
  map: ArrayLike<number>,
  [h, w]: readonly [number, number],
  [height, width]: readonly [number, number],
): Float64Array {
  const place = (i: number, from: number, to: number) => {
    const t = Math.max(0, Math.min(from - 1, ((i + 0.5) * from) / to - 0.5))
    const low = Math.min(from - 1, Math.floor(t))
    return [low, Math.min(from - 1, low + 1), t - low] as const
  }
  return Float64Array.from({ length: height * width }, (_, at) => {
    const [i0, i1, s] = place(Math.floor(at / width), h, height)
    const [j0, j1, t] = place(at % width, w, width)
    return (1 - s) * ((1 - t) * map[i0 * w + j0]! + t * map[i0 * w + j1]!) + s * ((1 - t) * map[i1 * w + j0]! + t * map[i1 * w + j1]!)
  })
}
