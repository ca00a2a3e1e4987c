/** What a deep model does at each depth: one run forwards and backwards, watched. */
import {
  add,
  compile,
  flatten,
  type Key,
  type Loss,
  mul,
  type NDArray,
  numbersOf,
  type Runtime,
  reshape,
  sqrt,
  sum,
  type Tensor,
  type Tree,
  valueAndGradWith,
  zeros,
} from '@dioramic/tensor'
import { DepthError } from './error.ts'
import { depthLoops, type Watched, watch } from './watch.ts'

/** One stack of blocks, from its first to its last. */
export interface Profile {
  readonly layers: number
  /** Of the stream before each block and after the last (layers + 1 numbers): its root mean square, */
  readonly stream: readonly number[]
  /** the mean cosine to what entered the stack at the same position, */
  readonly cosine: readonly number[]
  /** and the mean cosine between positions: 1 where all have become one vector. */
  readonly pairwise: readonly number[]
  /** Root mean square of what enters each layer norm of a block, by norm and block. The gradient through a norm is divided by it. */
  readonly normInputs: readonly (readonly number[])[]
  /** Norm of the loss's gradient by each block's parameters, */
  readonly gradient: readonly number[]
  /** and by the stream that enters each block. */
  readonly streamGradient: readonly number[]
}

/** What a model is profiled on. */
export interface ProfileOptions {
  readonly params: Tree<NDArray>
  readonly state?: Tree<NDArray>
  readonly batch: object
  readonly key: Key
  readonly runtime: Runtime
}

type Found = Arrays<Watched> & { readonly gradient: NDArray; readonly streamGradient: NDArray }
type Arrays<T> = T extends Tensor ? NDArray : { readonly [K in keyof T]: Arrays<T[K]> }

/** Sums of squares, copy by copy. */
const norms = (x: Tensor): Tensor => {
  const rows = reshape(x, [x.shape[0]!, -1])
  return sum(mul(rows, rows), 1)
}

/**
 * Profiles of all stacks (`nn.repeat`) of any model, in the order in which they run, from the loss that `trainStep` takes. The model is not changed: the loops are found in its graph.
 *
 * @throws DepthError where the loss runs through no loop over blocks
 */
// biome-ignore lint/suspicious/noExplicitAny: a batch is a tree of arrays outside and of tensors inside the loss, as for trainStep.
export async function depthProfile(loss: Loss<any>, options: ProfileOptions): Promise<readonly Profile[]> {
  const { params, state = {}, batch, key, runtime } = options
  const value = (p: Tree<Tensor>, s: Tree<Tensor>, b: Tree<Tensor>, k: Tensor): Tensor => {
    const out = loss(p, s, b, k)
    return 'length' in out ? out[0] : out
  }
  const seen = (p: Tree<Tensor>, s: Tree<Tensor>, b: Tree<Tensor>, k: Tensor) => {
    const plain = depthLoops([value(p, s, b, k)], flatten<Tensor>(p).list)
    if (plain.length === 0) throw new DepthError('the loss runs through no stack of blocks: make the blocks by nn.repeat(layers, block)')
    const own: number[][] = []
    const [, watched, [gradients, pushes]] = valueAndGradWith((args: readonly [Tree<Tensor>, readonly Tensor[]]) => {
      const leaves = flatten<Tensor>(args[0]).list
      let y = value(args[0], s, b, k)
      const sights: Watched[] = []
      const done = new Set<object>()
      // One by one: a decoder's loop that reads an encoder's stands anew once that is watched.
      for (const push of args[1]) {
        const loop = depthLoops([y], leaves).find(l => !done.has(l.output.node))!
        own.push(loop.slices.map(t => leaves.indexOf(t)).filter(at => at >= 0))
        const { value: next, output, seen: sight } = watch(y, loop, push)
        done.add(output.node)
        y = next
        sights.push(sight)
      }
      return [y, sights]
    })([p, plain.map(l => zeros([l.layers, ...l.start.shape]))] as readonly [Tree<Tensor>, readonly Tensor[]])
    const by = flatten<Tensor>(gradients).list
    return watched.map((w, i) => ({
      ...w,
      gradient: sqrt(own[i]!.map(at => norms(by[at]!)).reduce((a, c) => add(a, c))),
      streamGradient: sqrt(norms(pushes[i]!)),
    })) as unknown as Tree<Tensor>
  }
  const run = compile<readonly Tree<NDArray>[]>(seen, runtime)
  const words: NDArray = { dtype: 'i64', shape: [2], data: key.toInt64() }
  const found = (await run(params, state, batch as Tree<NDArray>, words)) as unknown as readonly Found[]
  await run.dispose()
  return found.map(({ inside, last, norms: entering, gradient, streamGradient }) => {
    const along = (name: 'rms' | 'cosine' | 'pairwise') => [...numbersOf(inside[name]), ...numbersOf(last[name])]
    return {
      layers: gradient.shape[0]!,
      stream: along('rms'),
      cosine: along('cosine'),
      pairwise: along('pairwise'),
      normInputs: entering.map(a => [...numbersOf(a)]),
      gradient: [...numbersOf(gradient)],
      streamGradient: [...numbersOf(streamGradient)],
    }
  })
}
