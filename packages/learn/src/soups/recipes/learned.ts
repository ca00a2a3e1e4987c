/** The learned soup (Wortsman et al. 2022, appendix I): mixing coefficients and temperature by gradient descent on held-out data. */
import {
  type Arena,
  batches,
  crossEntropy,
  exp,
  f32,
  fit,
  flatten,
  type Key,
  matmul,
  mul,
  type NDArray,
  numbersOf,
  optim,
  type Runtime,
  reshape,
  slice,
  softmax,
  type Tensor,
  type Tree,
  trainStep,
  zerosOf,
} from '@dioramic/tensor'
import { SoupError } from '../error.ts'
import { mixTrees } from '../merge/trees.ts'
import { type Mix, weighted } from '../mix.ts'
import type { Classify } from '../task.ts'

export interface LearnedOptions {
  readonly logits: Classify
  /** Held-out samples [n, …] and labels, i64 [n]. */
  readonly x: NDArray
  readonly y: NDArray
  /** Coefficients of their own for each array, not one a model. Default false. */
  readonly byArray?: boolean
  /** Of AdamW without decay at a constant rate. Default 0.1, the paper's. */
  readonly lr?: number
  /** Passes over the held-out samples. Default 3, the paper's; small sets need more. */
  readonly epochs?: number
  /** Default 64. */
  readonly batch?: number
  readonly runtime: Runtime
  readonly arena: (bytes: number) => Promise<Arena>
  readonly key: Key
}

export interface LearnedSoup {
  /** Positive, and of each array (or of all) they sum to 1. */
  readonly mix: Mix
  /** Inverse temperature β. */
  readonly beta: number
  /** Coefficients by model, or by array and model. */
  readonly coefficients: readonly (readonly number[])[]
}

/**
 * Minimises Σ CE(β·f(x, Σ αᵢθᵢ), y) over α = softmax(free numbers), from the uniform soup on, and β = e^b, from 1 on. All ingredients are in memory.
 *
 * @param ingredients trees of the same arrays; only f32 ones are mixed
 */
export async function learnSoup(ingredients: readonly Tree<NDArray>[], o: LearnedOptions): Promise<LearnedSoup> {
  const count = ingredients.length
  if (count < 2) throw new SoupError('a learned soup needs two ingredients or more')
  // Checks that they fit.
  mixTrees(ingredients)
  const flat = ingredients.map(t => flatten<NDArray>(t))
  const { list: like, paths, rebuild } = flat[0]!
  const floats = like.flatMap((a, i) => (a.dtype === 'f32' ? [i] : []))
  const stacks = floats.map(i => {
    const n = like[i]!.data.length
    const data = new Float32Array(count * n)
    for (const [j, f] of flat.entries()) data.set(f.list[i]!.data as Float32Array, j * n)
    return f32(data, [count, n])
  })
  const rows = o.byArray ? floats.length : 1
  type Batch = { readonly x: Tensor; readonly y: Tensor; readonly stacks: readonly Tensor[]; readonly fixed: readonly Tensor[] }
  const loss = (p: Tree<Tensor>, _s: Tree<Tensor>, b: Batch) => {
    const { free, logBeta } = p as { free: Tensor; logBeta: Tensor }
    const alpha = softmax(free, 1)
    let [mixed, kept] = [0, 0]
    const weights = rebuild<Tensor>(
      like.map(a => {
        if (a.dtype !== 'f32') return b.fixed[kept++]!
        const row = rows === 1 ? alpha : slice(alpha, [[mixed, mixed + 1]])
        return reshape(matmul(row, b.stacks[mixed++]!), a.shape)
      }),
    )
    return crossEntropy(mul(o.logits(weights, b.x), exp(logBeta)), b.y)
  }
  const fixed = like.filter(a => a.dtype !== 'f32')
  const data = batches({ x: o.x, y: o.y }, { size: Math.min(o.batch ?? 64, o.y.data.length), key: o.key.fork('batches') })
  const training = await trainStep(loss, optim.chain(optim.adamw({ lr: o.lr ?? 0.1, weightDecay: 0 })), {
    runtime: o.runtime,
    arena: o.arena,
    params: { free: zerosOf('f32', [rows, count]), logBeta: zerosOf('f32', []) },
    key: o.key.fork('train'),
  })
  const updates = (o.epochs ?? 3) * data.perEpoch
  await fit(training, {
    batches: { perEpoch: data.perEpoch, at: async (e, i) => ({ ...(await data.at(e, i)), stacks, fixed }) },
    updates,
    logEvery: updates,
  })
  const { free, logBeta } = training.params as { free: NDArray; logBeta: NDArray }
  const coefficients = Array.from({ length: rows }, (_, r) => softmaxOf([...numbersOf(free).subarray(r * count, (r + 1) * count)]))
  const beta = Math.exp(numbersOf(logBeta)[0]!)
  await training.dispose()
  const rowOf = new Map(floats.map((i, r) => [paths[i]!, rows === 1 ? 0 : r]))
  const one = coefficients[0]!
  return { mix: weighted(o.byArray ? array => coefficients[rowOf.get(array) ?? 0]! : one, count), beta, coefficients }
}

function softmaxOf(x: readonly number[]): number[] {
  const top = Math.max(...x)
  const e = x.map(v => Math.exp(v - top))
  const sum = e.reduce((a, b) => a + b, 0)
  return e.map(v => v / sum)
}
