/** How far an update moves a model's function, and how far the theory of DeepNet lets it. */
import { compile, flatten, item, mean, mul, type NDArray, nn, type Runtime, sqrt, sub, type Tensor, type Tree } from '@dioramic/tensor'
import { DepthError } from './error.ts'
import { onlyMixes } from './stream.ts'

/**
 * ‖ΔF‖: the root mean square of f(after, x) − f(before, x), over all outputs. For what the theory speaks of let f end before the readout.
 */
export async function functionUpdate(
  f: (params: Tree<Tensor>, x: Tensor) => Tensor,
  before: Tree<NDArray>,
  after: Tree<NDArray>,
  x: NDArray,
  runtime: Runtime,
): Promise<number> {
  const run = compile<readonly Tree<NDArray>[]>((p: Tree<Tensor>, q: Tree<Tensor>, input: Tensor) => {
    const moved = sub(f(q, input), f(p, input))
    return sqrt(mean(mul(moved, moved)))
  }, runtime)
  const size = item((await run(before, after, x)) as NDArray)
  await run.dispose()
  return size
}

/** A branch of one block: what writes into the stream. */
interface Branch {
  /** Gains of its weights but queries and keys (which only mix), squared: v² and w². */
  readonly gains: number[]
  /** Squared Frobenius norm of their change. */
  change: number
  readonly cross: boolean
}

/** Sums of squares of one copy of a parameter, part by part: of its values, and of their change. */
function squares(p: nn.Parameter, before: NDArray, after: NDArray, copy: number) {
  const each = p.dims.reduce<number>((n, d) => n * nn.sizeOf(d), 1)
  const width = nn.sizeOf(p.dims.at(-1)!) / p.parts.length
  const sums = p.parts.map(({ name }) => ({ part: name, values: 0, change: 0, count: each / p.parts.length }))
  for (let i = copy * each; i < (copy + 1) * each; i++) {
    const [v, w] = [Number(before.data[i]), Number(after.data[i])]
    const sum = sums[Math.floor(i / width) % sums.length]!
    sum.values += v * v
    sum.change += (w - v) * (w - v)
  }
  return sums
}

/** The gain that Xavier's deviation would have to be given for the values to be as large as they are, squared. */
const gainSquared = (p: nn.Parameter, meanSquare: number): number => meanSquare / nn.deviationOf(p, nn.xavier()) ** 2

/**
 * The bound of ‖ΔF‖ of Wang et al. (2022, theorems 1 and 2) for an update from `before` to `after`: the sum over branches of √(v² + w²)/α · ‖θ after − θ before‖, v and w the gains that the
 * weights of values and output, or of the feed-forward net, have now: their deviations in units of Xavier's. With `memory`, the encoder's own bound, each cross-attention (the branches whose
 * path has `cross` in it) adds v·w/α times that. To first order in the update, and with what later blocks make of it taken as 1, as in the paper.
 *
 * @param stack blocks, as declared: their residual rule keeps each branch under `branch`, as all of `nn` do.
 * @throws DepthError where there is no such branch
 */
export function updateBound(
  stack: nn.Layer,
  before: Tree<NDArray>,
  after: Tree<NDArray>,
  { alpha, memory = 0 }: { readonly alpha: number; readonly memory?: number },
): number {
  const branches = new Map<string, Branch>()
  const { list, paths } = flatten<nn.Parameter>(stack.parameters)
  const [from, to] = [before, after].map(t => flatten<NDArray>(t).list) as [NDArray[], NDArray[]]
  list.forEach((p, i) => {
    const path = paths[i]!
    const end = `/${path}`.indexOf('/branch/')
    if (p.role !== 'weight' || end < 0) return
    for (let copy = p.stack.reduce((n, k) => n * k, 1) - 1; copy >= 0; copy--) {
      const name = `${path.slice(0, end)} ${copy}`
      const branch = branches.get(name) ?? { gains: [], change: 0, cross: /(^|\/)cross(\/|$)/.test(path) }
      branches.set(name, branch)
      for (const { part, values, change, count } of squares(p, from[i]!, to[i]!, copy)) {
        if (onlyMixes(path, part)) continue
        branch.gains.push(gainSquared(p, values / count))
        branch.change += change
      }
    }
  })
  if (branches.size === 0)
    throw new DepthError('updateBound: these blocks have no branch: join each by a residual rule (that of deepnorm, or nn.residualRule)')
  let bound = 0
  for (const { gains, change, cross } of branches.values()) {
    bound += (Math.sqrt(gains.reduce((s, g) => s + g, 0)) / alpha) * Math.sqrt(change)
    if (cross) bound += (Math.sqrt(gains.reduce((s, g) => s * g, 1)) / alpha) * memory
  }
  return bound
}
