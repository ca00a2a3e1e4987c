/** A decision tree on one feature, grown best-first (Breiman et al. 1984; the growth of scikit-learn's trees with `max_leaf_nodes`). */
import { EmbeddingError } from './error.ts'

export interface TreeOptions {
  /** Most leaves; the split that lowers the impurity most is made first. */
  readonly leaves: number
  /** Fewest samples in a leaf. Default 1. */
  readonly minLeaf?: number
  /** A split must lower the impurity, weighted by its node's share of the samples, by this. Default 0. */
  readonly minDecrease?: number
}

/** What is predicted: numbers (squared error) or classes from 0 (Gini). */
export type TreeTarget =
  | { readonly kind: 'regression'; readonly y: ArrayLike<number> }
  | { readonly kind: 'classes'; readonly y: ArrayLike<number>; readonly classes: number }

interface Split {
  readonly start: number
  readonly end: number
  readonly at: number
  readonly threshold: number
  readonly gain: number
}

/** Values nearer than this are not told apart, as in scikit-learn. */
const SAME = 1e-7
const EPSILON = 2 ** -52

/**
 * Thresholds of all splits of a tree on one feature, ascending. A node of one feature is a range of the sorted samples, so each is searched in one pass with running sums. Values are taken
 * as float32 and thresholds lie midway between neighbours, as scikit-learn does.
 * @param x one value a sample
 */
export function treeThresholds(x: ArrayLike<number>, target: TreeTarget, { leaves, minLeaf = 1, minDecrease = 0 }: TreeOptions): number[] {
  const n = x.length
  if (target.y.length !== n) throw new EmbeddingError(`${target.y.length} targets for ${n} values`)
  if (!(Number.isInteger(leaves) && leaves >= 2)) throw new EmbeddingError(`a tree has at least 2 leaves, not ${leaves}`)
  const values = Float32Array.from(x)
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => values[a]! - values[b]! || a - b)
  const v = Float32Array.from(order, i => values[i]!)
  const y = Float64Array.from(order, i => target.y[i]!)
  const scan = target.kind === 'regression' ? squares(y) : gini(y, target.classes)

  const search = (start: number, end: number): Split | undefined => {
    const size = end - start
    if (size < 2 || size < 2 * minLeaf || v[end - 1]! <= v[start]! + SAME) return undefined
    const best = scan(start, end, i => i - start >= minLeaf && end - i >= minLeaf && v[i]! > v[i - 1]! + SAME)
    if (!best || best.impurity <= EPSILON) return undefined
    const gain = (size / n) * best.decrease
    if (gain + EPSILON < minDecrease) return undefined
    const middle = v[best.at - 1]! / 2 + v[best.at]! / 2
    return { start, end, at: best.at, threshold: middle === v[best.at]! ? v[best.at - 1]! : middle, gain }
  }

  const open = [search(0, n)].filter(s => s !== undefined)
  const thresholds: number[] = []
  while (open.length > 0 && thresholds.length < leaves - 1) {
    const next = open.reduce((a, s, i) => (s.gain > open[a]!.gain ? i : a), 0)
    const [split] = open.splice(next, 1) as [Split]
    thresholds.push(split.threshold)
    for (const child of [search(split.start, split.at), search(split.at, split.end)]) if (child) open.push(child)
  }
  return thresholds.sort((a, b) => a - b)
}

/** The best place to cut a range, the impurity of the whole, and by how much the cut lowers it. */
type Scan = (
  start: number,
  end: number,
  allowed: (i: number) => boolean,
) => { readonly at: number; readonly impurity: number; readonly decrease: number } | undefined

function squares(y: Float64Array): Scan {
  return (start, end, allowed) => {
    const n = end - start
    let [total, square] = [0, 0]
    for (let i = start; i < end; i++) {
      total += y[i]!
      square += y[i]! * y[i]!
    }
    let [left, best, at] = [0, -Infinity, -1]
    for (let i = start + 1; i < end; i++) {
      left += y[i - 1]!
      if (!allowed(i)) continue
      const right = total - left
      const score = (left * left) / (i - start) + (right * right) / (end - i)
      if (score > best) [best, at] = [score, i]
    }
    if (at < 0) return undefined
    return { at, impurity: square / n - (total / n) ** 2, decrease: (best - (total * total) / n) / n }
  }
}

function gini(y: Float64Array, classes: number): Scan {
  return (start, end, allowed) => {
    const n = end - start
    const right = new Float64Array(classes)
    const left = new Float64Array(classes)
    for (let i = start; i < end; i++) right[y[i]!]!++
    let [squaresLeft, squaresRight] = [0, right.reduce((s, c) => s + c * c, 0)]
    const whole = squaresRight
    let [best, at] = [-Infinity, -1]
    for (let i = start + 1; i < end; i++) {
      const c = y[i - 1]!
      squaresLeft += 2 * left[c]!++ + 1
      squaresRight -= 2 * right[c]!-- - 1
      if (!allowed(i)) continue
      const score = squaresLeft / (i - start) + squaresRight / (end - i)
      if (score > best) [best, at] = [score, i]
    }
    if (at < 0) return undefined
    return { at, impurity: 1 - whole / (n * n), decrease: (best - whole / n) / n }
  }
}
