/** The loops over depth in a traced model, and the same loops watched from inside. */
import { add, div, mean, mul, reachable, type ScanAttrs, scan, sqrt, sub, substitute, sum, type Tensor } from '@dioramic/tensor'

/** A loop over blocks: a `scan` that carries one stream and takes a slice of parameters each step. */
export interface DepthLoop {
  readonly layers: number
  /** What enters the first block. */
  readonly start: Tensor
  /** Stacked parameters (and other slices) that the blocks take. */
  readonly slices: readonly Tensor[]
  readonly output: Tensor
  readonly attrs: ScanAttrs
  readonly inputs: readonly Tensor[]
  readonly outputs: readonly Tensor[]
}

/** The loops over depth that some tensors depend on, the first first: those of two or more steps that carry a single f32 tensor and slice one of `params`. */
export function depthLoops(of: readonly Tensor[], params: readonly Tensor[]): DepthLoop[] {
  return reachable(of).flatMap(({ op, attrs: a, inputs, outputs }) => {
    if (op.name !== 'scan') return []
    const attrs = a as ScanAttrs
    const { carries, consts, length } = attrs
    const slices = inputs.slice(carries + consts)
    const start = inputs[0]!
    if (carries !== 1 || length < 2 || start.dtype !== 'f32' || start.rank < 2 || !slices.some(t => params.includes(t))) return []
    return [{ layers: length, start, slices, output: outputs[0]!, attrs, inputs, outputs }]
  })
}

/** What is seen of a stream [..., positions, d]. All scalars. */
type Sight = {
  readonly rms: Tensor
  readonly cosine: Tensor
  readonly pairwise: Tensor
}

/** What was seen of a loop: of each block's input [layers], and of the last block's output. `norms`: the root mean square of what enters each layer norm of the block [layers]. */
export interface Watched {
  readonly inside: Sight
  readonly norms: readonly Tensor[]
  readonly last: Sight
}

const rms = (x: Tensor): Tensor => sqrt(mean(mul(x, x)))
const unit = (x: Tensor): Tensor => div(x, sqrt(add(sum(mul(x, x), -1, true), 1e-30)))

/** Root mean square, mean cosine to what entered the loop at the same place, and mean cosine between pairs of positions. */
function sight(h: Tensor, start: Tensor): Sight {
  const u = unit(h)
  const n = h.shape.at(-2)!
  const together = sum(u, -2)
  const pairs = mean(sub(sum(mul(together, together), -1), n))
  return { rms: rms(h), cosine: mean(sum(mul(u, unit(start)), -1)), pairwise: div(pairs, Math.max(1, n * (n - 1))) }
}

/**
 * `y`, which depends on the loop, as it is when `push` [layers, …stream] is added to the stream before each block (push zeros: its gradient is that of the stream, block by block), and what
 * the blocks saw.
 */
export function watch(
  y: Tensor,
  { start, slices, attrs, inputs, outputs }: DepthLoop,
  push: Tensor,
): { readonly value: Tensor; readonly output: Tensor; readonly seen: Watched } {
  const { body, consts, length, reverse } = attrs
  const shared = inputs.slice(1, 1 + consts)
  const normed = reachable(body.outputs).flatMap(n => (n.op.name === 'layerNorm' ? [n.inputs[0]!] : []))
  const own = body.outputs.length
  const [last, seen] = scan<Tensor, { slices: Tensor[]; push: Tensor }, { ys: Tensor[]; inside: Sight; norms: Tensor[] }>(
    (h, x) => {
      const entered = add(h, x.push)
      const values = [entered, ...shared, ...x.slices]
      const out = substitute([...body.outputs, ...normed], new Map(body.inputs.map((t, i) => [t, values[i]!])))
      return [out[0]!, { ys: out.slice(1, own), inside: sight(entered, start), norms: out.slice(own).map(rms) }]
    },
    start,
    { slices: [...slices], push },
    { length, reverse },
  )
  const fresh = new Map([last, ...seen.ys].map((t, i) => [outputs[i]!, t]))
  const [value] = substitute([y], fresh) as [Tensor]
  return { value, output: last, seen: { inside: seen.inside, norms: seen.norms, last: sight(last, start) } }
}
