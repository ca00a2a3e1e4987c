/** Rewriting rules: an application of an operator in, an equal and cheaper tensor out, or undefined. `emit` builds what a rule asks for, simplified itself. */
import type { NDArray } from '../graph/array.ts'
import type { Shape } from '../graph/dtype.ts'
import { broadcastShapes, sameShape, sizeOf } from '../graph/shape.ts'
import type { Op, Tensor } from '../graph/tensor.ts'
import type { Conv, ConvOf } from '../ops/conv.ts'
import { addOp, negOp, subOp } from '../ops/elementwise.ts'
import { matmulOp } from '../ops/matmul.ts'
import { concatOp, reshapeOp, sliceOp, transposeOp } from '../ops/shape.ts'

export type Emit = <A extends object>(op: Op<A>, inputs: readonly Tensor[], attrs: A) => readonly Tensor[]
type Rule = (inputs: readonly Tensor[], attrs: never, emit: Emit) => Tensor | undefined

const attrsOf = <A>(t: Tensor): A => t.node.attrs as A
const is = (t: Tensor, name: string): boolean => t.node.op.name === name

/** The number that every element has, if the graph says so. */
export function fullValue(t: Tensor): number | undefined {
  let at = t
  while (is(at, 'broadcastTo') || is(at, 'reshape')) at = at.node.inputs[0]!
  if (!is(at, 'constant')) return undefined
  const { data } = attrsOf<{ value: NDArray }>(at).value
  return data.length === 1 ? Number(data[0]) : undefined
}

const reshaped = (emit: Emit, x: Tensor, shape: Shape): Tensor => (sameShape(x.shape, shape) ? x : emit(reshapeOp, [x], { shape })[0]!)
const outShape = (inputs: readonly Tensor[]): number[] => broadcastShapes(...inputs.map(t => t.shape))
/** `x` where an operator of two would give back x itself. */
const kept = (x: Tensor, inputs: readonly Tensor[]): Tensor | undefined => (sameShape(x.shape, outShape(inputs)) ? x : undefined)

/** A part of a whole that is zero elsewhere along one axis. */
interface Piece {
  readonly axis: number
  readonly start: number
  readonly end: number
  readonly part: Tensor
}
/** Sums of pieces that do not yet fill their whole. */
const sums = new WeakMap<Tensor, readonly Piece[]>()

function piecesOf(t: Tensor): readonly Piece[] | undefined {
  if (!is(t, 'pad')) return sums.get(t)
  const { pads } = attrsOf<{ pads: readonly (readonly [number, number, number])[] }>(t)
  const axes = pads.flatMap((p, i) => (p.some(n => n > 0) ? [i] : []))
  const axis = axes[0]
  if (axes.length !== 1 || axis === undefined || pads[axis]![2] !== 0 || fullValue(t.node.inputs[1]!) !== 0) return undefined
  const part = t.node.inputs[0]!
  return [{ axis, start: pads[axis]![0], end: pads[axis]![0] + part.shape[axis]!, part }]
}

/** The pieces of a sum of two tensors, if both are made of pieces along one axis and none overlap. */
function mergedPieces(a: Tensor, b: Tensor): readonly Piece[] | undefined {
  const [pa, pb] = sameShape(a.shape, b.shape) ? [piecesOf(a), piecesOf(b)] : []
  if (!pa || !pb || pa[0]!.axis !== pb[0]!.axis) return undefined
  const all = [...pa, ...pb].sort((p, q) => p.start - q.start)
  return all.every((p, i) => i === 0 || p.start >= all[i - 1]!.end) ? all : undefined
}

/** pad(a) + pad(b) + … of parts that together fill the whole is their concatenation: what the derivative of `split` comes to. */
function joinPieces(a: Tensor, b: Tensor, emit: Emit): Tensor | undefined {
  const all = mergedPieces(a, b)
  if (!all) return undefined
  const { axis } = all[0]!
  const whole = all[0]!.start === 0 && all.at(-1)!.end === a.shape[axis] && all.every((p, i) => i === 0 || p.start === all[i - 1]!.end)
  return whole
    ? emit(
        concatOp,
        all.map(p => p.part),
        { axis },
      )[0]
    : undefined
}

/** Remembers what a sum is made of, for the sum that completes it. */
export function notePieces(sum: Tensor): void {
  const [a, b] = sum.node.inputs as [Tensor, Tensor]
  const all = mergedPieces(a, b)
  if (all) sums.set(sum, all)
}

interface MatMul {
  readonly transA: boolean
  readonly transB: boolean
}

/** x, if t is x with its last two axes exchanged. */
function untransposed(t: Tensor): Tensor | undefined {
  if (!is(t, 'transpose')) return undefined
  const { perm } = attrsOf<{ perm: readonly number[] }>(t)
  const n = perm.length
  return n >= 2 && perm.every((p, i) => p === (i < n - 2 ? i : 2 * n - 3 - i)) ? t.node.inputs[0] : undefined
}

/** Rows of an array whose first axis stays. */
const flatRows = (emit: Emit, t: Tensor): Tensor => reshaped(emit, t, [t.shape[0]!, t.size / t.shape[0]!])

/** Whether a convolution's window covers its whole input, so that it is a product of matrices. `x`, `w`, `y`: shapes of input, weight and result. */
const coversAll = ({ pads, groups }: Conv, x: Shape, w: Shape, y: Shape): boolean =>
  groups === 1 &&
  sizeOf(x) > 0 &&
  pads.every(p => p[0] === 0 && p[1] === 0) &&
  sameShape(x.slice(2), w.slice(2)) &&
  y.slice(2).every(n => n === 1)

const RULES: Record<string, Rule> = {
  conv: ([x, w], attrs: Conv, emit) => {
    const shape = [x!.shape[0]!, w!.shape[0]!, ...w!.shape.slice(2).map(() => 1)]
    if (!coversAll(attrs, x!.shape, w!.shape, shape)) return undefined
    return reshaped(emit, emit(matmulOp, [flatRows(emit, x!), flatRows(emit, w!)], { transA: false, transB: true })[0]!, shape)
  },
  convInputGrad: ([g, w], attrs: ConvOf, emit) => {
    if (!coversAll(attrs, attrs.shape, w!.shape, g!.shape)) return undefined
    return reshaped(emit, emit(matmulOp, [flatRows(emit, g!), flatRows(emit, w!)], { transA: false, transB: false })[0]!, attrs.shape)
  },
  convWeightGrad: ([x, g], attrs: ConvOf, emit) => {
    if (!coversAll(attrs, x!.shape, attrs.shape, g!.shape)) return undefined
    return reshaped(emit, emit(matmulOp, [flatRows(emit, g!), flatRows(emit, x!)], { transA: true, transB: false })[0]!, attrs.shape)
  },
  alias: ([x]) => x,
  stopGradient: ([x]) => x,
  reshape: ([x], { shape }: { shape: Shape }, emit) => {
    if (sameShape(x!.shape, shape)) return x
    return is(x!, 'reshape') ? reshaped(emit, x!.node.inputs[0]!, shape) : undefined
  },
  transpose: ([x], { perm }: { perm: readonly number[] }, emit) => {
    if (perm.every((p, i) => p === i)) return x
    // Where only axes of size 1 move, the elements stay where they are.
    const moved = perm.filter(p => x!.shape[p] !== 1)
    if (moved.every((p, i) => i === 0 || p > moved[i - 1]!))
      return reshaped(
        emit,
        x!,
        perm.map(p => x!.shape[p]!),
      )
    if (!is(x!, 'transpose')) return undefined
    const inner = attrsOf<{ perm: readonly number[] }>(x!).perm
    return emit(transposeOp, [x!.node.inputs[0]!], { perm: perm.map(p => inner[p]!) })[0]
  },
  broadcastTo: ([x], { shape }: { shape: Shape }) => (sameShape(x!.shape, shape) ? x : undefined),
  slice: ([x], { starts, ends, steps }: { starts: number[]; ends: number[]; steps: number[] }, emit) => {
    if (x!.shape.every((n, i) => starts[i] === 0 && ends[i] === n && steps[i] === 1)) return x
    if (!is(x!, 'concat')) return undefined
    // Inside one part of a concatenation.
    const { axis } = attrsOf<{ axis: number }>(x!)
    let from = 0
    for (const part of x!.node.inputs) {
      const n = part.shape[axis]!
      if (starts[axis]! >= from && ends[axis]! <= from + n && ends[axis]! > starts[axis]!) {
        const move = (list: readonly number[]) => list.map((v, i) => (i === axis ? v - from : v))
        return emit(sliceOp, [part], { starts: move(starts), ends: move(ends), steps })[0]
      }
      from += n
    }
    return undefined
  },
  concat: ([...parts]) => (parts.length === 1 ? parts[0] : undefined),
  neg: ([x]) => (is(x!, 'neg') ? x!.node.inputs[0] : undefined),
  add: (inputs, _, emit) => {
    const [a, b] = inputs as [Tensor, Tensor]
    if (fullValue(b) === 0) return kept(a, inputs)
    if (fullValue(a) === 0) return kept(b, inputs)
    if (is(b, 'neg')) return emit(subOp, [a, b.node.inputs[0]!], {})[0]
    if (is(a, 'neg')) return emit(subOp, [b, a.node.inputs[0]!], {})[0]
    return joinPieces(a, b, emit)
  },
  sub: (inputs, _, emit) => {
    const [a, b] = inputs as [Tensor, Tensor]
    if (fullValue(b) === 0) return kept(a, inputs)
    if (fullValue(a) === 0 && kept(b, inputs)) return emit(negOp, [b], {})[0]
    return is(b, 'neg') ? emit(addOp, [a, b.node.inputs[0]!], {})[0] : undefined
  },
  mul: inputs => {
    const [a, b] = inputs as [Tensor, Tensor]
    return fullValue(b) === 1 ? kept(a, inputs) : fullValue(a) === 1 ? kept(b, inputs) : undefined
  },
  div: inputs => (fullValue(inputs[1]!) === 1 ? kept(inputs[0]!, inputs) : undefined),
  where: inputs => (inputs[1] === inputs[2] ? kept(inputs[1]!, inputs) : undefined),
  matmul: ([a, b], { transA, transB }: MatMul, emit) => {
    const [ua, ub] = [untransposed(a!), untransposed(b!)]
    if (ua || ub) return emit(matmulOp, [ua ?? a!, ub ?? b!], { transA: ua ? !transA : transA, transB: ub ? !transB : transB })[0]
    // A batch of matrices times one matrix is one tall product.
    if (b!.rank === 2 && a!.rank > 2 && !transA) {
      const k = a!.shape.at(-1)!
      const rows = a!.size / k
      const flat = emit(matmulOp, [reshaped(emit, a!, [rows, k]), b!], { transA: false, transB })[0]!
      return reshaped(emit, flat, [...a!.shape.slice(0, -1), flat.shape[1]!])
    }
    return undefined
  },
  sum: ([x], { axes, keepDims }: { axes: readonly number[]; keepDims: boolean }, emit) => {
    // Σ over the batch of aᵀg, which is the derivative to a shared weight, is one product over the long axis.
    const matrix = x!.shape.slice(-2)
    let inner = x!
    if (is(inner, 'reshape')) inner = inner.node.inputs[0]!
    if (!is(inner, 'matmul') || x !== inner) return undefined
    const { transA, transB } = attrsOf<MatMul>(inner)
    const [a, b] = inner.node.inputs as [Tensor, Tensor]
    const batch = inner.rank - 2
    if (!transA || transB || batch === 0 || axes.length !== batch || axes.some((v, i) => v !== i)) return undefined
    if (!sameShape(a.shape.slice(0, -1), b.shape.slice(0, -1))) return undefined
    const tall = (t: Tensor) => reshaped(emit, t, [sizeOf(t.shape.slice(0, -1)), t.shape.at(-1)!])
    const product = emit(matmulOp, [tall(a), tall(b)], { transA: true, transB: false })[0]!
    return reshaped(emit, product, keepDims ? [...new Array<number>(batch).fill(1), ...matrix] : matrix)
  },
}

/** Operators that broadcast by themselves: an operand need not be repeated for them. */
const BROADCASTS = new Set('add sub mul div pow maximum minimum mod less lessEqual equal and or where'.split(' '))

/** Operands without the repetition that the operator does anyway. */
export function bare(name: string, inputs: readonly Tensor[]): readonly Tensor[] {
  if (!BROADCASTS.has(name) || !inputs.some(t => is(t, 'broadcastTo'))) return inputs
  const shape = outShape(inputs)
  let list = inputs
  for (let i = 0; i < list.length; i++) {
    if (!is(list[i]!, 'broadcastTo')) continue
    const without = list.with(i, list[i]!.node.inputs[0]!)
    if (sameShape(outShape(without), shape)) list = without
  }
  return list
}

export const rewrite = (name: string, inputs: readonly Tensor[], attrs: object, emit: Emit): Tensor | undefined =>
  RULES[name]?.(inputs, attrs as never, emit)
