/** The update of all parameters: one pass of the kernel over each run of neighbours with equal factors. */
import { TensorError } from '../error.ts'
import type { NDArray } from '../graph/array.ts'
import type { Arena } from '../kernel/arena.ts'
import { clamp, lerp, sumOfSquares } from '../kernel/passes.ts'
import type { Target } from '../optim/method.ts'
import type { Factors, Rule } from '../optim/rule.ts'
import { type Flat, type FlatLeaf, padded } from './flat.ts'

/** Parameters that are updated in one pass. */
interface Run {
  readonly target: Target<Float32Array>
  readonly factors: Required<Factors>
}

export interface Updated {
  /** Global norm of the gradient, the mean over the accumulated batches, before it was clipped. */
  readonly gradientNorm: number
  readonly lr: number
}

export class Updater {
  /** What the method remembers of each leaf, by path and name. */
  readonly memory: Readonly<Record<string, Readonly<Record<string, NDArray>>>>
  private readonly arena: Arena
  private readonly rule: Rule
  private readonly runs: readonly Run[]
  private readonly values: Float32Array
  private readonly gradient: Float32Array
  private readonly average: Float32Array | undefined

  constructor(
    arena: Arena,
    rule: Rule,
    flat: Flat,
    vectors: { values: Float32Array; gradient: Float32Array; average: Float32Array | undefined },
  ) {
    this.arena = arena
    this.rule = rule
    this.values = vectors.values
    this.gradient = vectors.gradient
    this.average = vectors.average
    const groups = groupsOf(rule, flat)
    const memory: Record<string, Record<string, NDArray>> = {}
    this.runs = groups.map(group => {
      const { first, length, shape, factors } = group
      const lengths = rule.method.memory(shape, factors.stack)
      const own = Object.fromEntries(Object.entries(lengths).map(([name, n]) => [name, arena.f32(n, `${name} of ${first.path}`)]))
      for (const leaf of group.leaves) {
        // Elementwise memory lies as the parameters do; other memory belongs to the one leaf of its run.
        const piece = (a: Float32Array) =>
          rule.method.elementwise ? a.subarray(leaf.offset - first.offset, leaf.offset - first.offset + leaf.length) : a
        memory[leaf.path.replaceAll('/', '.')] = Object.fromEntries(
          Object.entries(own).map(([name, a]) => {
            const data = piece(a)
            return [name, { dtype: 'f32', shape: rule.method.elementwise ? leaf.shape : [data.length], data }]
          }),
        )
      }
      const part = (a: Float32Array) => a.subarray(first.offset, first.offset + length)
      return { target: { value: part(this.values), gradient: part(this.gradient), memory: own, shape, stack: factors.stack }, factors }
    })
    this.memory = memory
  }

  /**
   * Updates from the gradient's sum over `count` batches. Nothing is changed if its norm is not finite.
   * `squares` is the sum of the gradient's squares, where it is known. @returns undefined if nothing was changed
   */
  apply(step: number, count: number, lr: number, squares?: number): Updated | undefined {
    const { rule, arena } = this
    if (rule.clipValue !== undefined) {
      // An infinite gradient must not become a bound.
      if (!Number.isFinite(sumOfSquares(arena, this.gradient))) return undefined
      clamp(arena, this.gradient, rule.clipValue * count)
    }
    const known = rule.clipValue === undefined ? squares : undefined
    const gradientNorm = Math.sqrt(known ?? sumOfSquares(arena, this.gradient)) / count
    if (!Number.isFinite(gradientNorm)) return undefined
    const clip = rule.clipNorm !== undefined && gradientNorm > rule.clipNorm ? rule.clipNorm / gradientNorm : 1
    for (const { target, factors } of this.runs) {
      const weightDecay = rule.method.weightDecay * factors.decay
      rule.method.pass(arena, target, { step, lr: lr * factors.lr, weightDecay, gradientScale: clip / count })
    }
    if (this.average && rule.ema) {
      const { decay, warmup = false } = rule.ema
      lerp(arena, this.average, this.values, 1 - (warmup ? Math.min(decay, step / (9 + step)) : decay))
    }
    return { gradientNorm, lr }
  }
}

interface Group {
  readonly first: FlatLeaf
  readonly leaves: FlatLeaf[]
  length: number
  readonly shape: readonly number[]
  readonly factors: Required<Factors>
}

/** Neighbours with equal factors, where the method takes elements one by one; else each leaf alone. */
function groupsOf(rule: Rule, flat: Flat): Group[] {
  const groups: Group[] = []
  for (const leaf of flat.leaves) {
    const factors = rule.factors(leaf.path)
    for (const [name, n] of Object.entries(factors))
      if (!(n >= 0 && Number.isFinite(n))) throw new TensorError(`the factor ${name} of "${leaf.path}" is ${n}; it is a number from 0`)
    const last = groups.at(-1)
    if (rule.method.elementwise && last && last.factors.lr === factors.lr && last.factors.decay === factors.decay) {
      last.leaves.push(leaf)
      last.length = leaf.offset + leaf.length - last.first.offset
    } else groups.push({ first: leaf, leaves: [leaf], length: leaf.length, shape: leaf.shape, factors })
  }
  return rule.method.elementwise ? groups.map(g => ({ ...g, shape: [g.length] })) : groups
}

/** Bytes that an updater takes of an arena, at most. */
export function updaterBytes(rule: Rule, flat: Flat): number {
  let bytes = 1 << 16
  for (const leaf of flat.leaves) {
    const factors = rule.factors(leaf.path)
    for (const n of Object.values(rule.method.memory(leaf.shape, factors.stack))) bytes += padded(n) * 4 + 64
    if (!rule.method.elementwise) for (const n of leaf.shape) bytes += padded(n) * 32
  }
  return bytes
}
