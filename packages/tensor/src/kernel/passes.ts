/**
 * Passes over slices in place: reductions, linear updates, optimisers. Every array must be a view of the arena. A slice's elements do not
 * depend on each other, so any cut into slices, any alignment and any number of threads gives the same bits.
 */
import { TensorError } from '../error.ts'
import type { Arena } from './arena.ts'
import { CHUNKS, PARTIALS } from './layout.ts'

/** What an element takes on one thread, ns (bench/src/tensor-optimizer): whether threads are worth waking. */
const COST = { sum: 0.11, scale: 0.06, linear: 0.08, sgd: 0.13, momentum: 0.25, adam: 0.5 }

/** Σ x² in f64: finite exactly if every element is. The order of summation is fixed by the length alone. */
export function sumOfSquares(arena: Arena, x: Float32Array): number {
  const at = arena.address(x, 'x')
  arena.split('sumOfSquaresChunks', CHUNKS, 1, (x.length / CHUNKS) * COST.sum, (from, to) => [at, x.length, from, to, PARTIALS])
  let sum = 0
  for (const partial of new Float64Array(arena.memory.buffer, PARTIALS, CHUNKS)) sum += partial
  return sum
}

/** Index of the first element that is not finite, or −1. */
export function firstNonFinite(arena: Arena, x: Float32Array): number {
  const index = arena.call.firstNonFinite(arena.address(x, 'x'), x.length) >>> 0
  return index === x.length ? -1 : index
}

/** y ← s·y */
export function scale(arena: Arena, y: Float32Array, s: number): void {
  const at = arena.address(y, 'y')
  arena.split('scale', y.length, 64, COST.scale, (from, to) => [at + from * 4, to - from, s])
}

/** Holds every element to ±bound; NaN stays NaN (but an infinity becomes the bound: look for those first). */
export function clamp(arena: Arena, y: Float32Array, bound: number): void {
  if (!(bound >= 0)) throw new TensorError(`clamp: the bound is a number from 0, not ${bound}`)
  const at = arena.address(y, 'y')
  arena.split('clamp', y.length, 64, COST.scale, (from, to) => [at + from * 4, to - from, bound])
}

/** acc ← acc + s·x: accumulation of gradients. */
export function axpy(arena: Arena, acc: Float32Array, s: number, x: Float32Array): void {
  const [a, b] = pair(arena, acc, x, 'acc', 'x')
  arena.split('axpy', acc.length, 64, COST.linear, (from, to) => [a + from * 4, b + from * 4, to - from, s])
}

/** y ← y + t·(x − y): a moving average of rate t = 1 − decay. */
export function lerp(arena: Arena, y: Float32Array, x: Float32Array, t: number): void {
  const [a, b] = pair(arena, y, x, 'y', 'x')
  arena.split('lerp', y.length, 64, COST.linear, (from, to) => [a + from * 4, b + from * 4, to - from, t])
}

/** What all optimisers take. */
export interface Update {
  /** Learning rate. */
  readonly lr: number
  /** Factor on the gradient before all else: clipping, the mean of accumulated gradients. Default 1. */
  readonly gradientScale?: number
  /** Decoupled decay: p loses lr·weightDecay·p. Default 0. */
  readonly weightDecay?: number
  /** L2 penalty, added to the gradient: l2·p. Default 0. */
  readonly l2?: number
}

export interface SgdUpdate extends Update {
  /** Factor on the buffer of past gradients. Default 0: no buffer. */
  readonly momentum?: number
  /** The new gradient enters the buffer times 1 − dampening. Default 0. */
  readonly dampening?: number
  readonly nesterov?: boolean
}

/** One step of SGD on p; with momentum, `buffer` (zeros at first) is updated too. */
export function sgd(arena: Arena, p: Float32Array, g: Float32Array, buffer: Float32Array | undefined, update: SgdUpdate): void {
  const { lr, gradientScale = 1, weightDecay = 0, l2 = 0, momentum = 0, dampening = 0, nesterov = false } = update
  const [a, b] = pair(arena, p, g, 'p', 'g')
  const shrink = lr * weightDecay
  if (momentum === 0 && !nesterov) {
    arena.split('sgd', p.length, 64, COST.sgd, (from, to) => [a + from * 4, b + from * 4, to - from, gradientScale, l2, shrink, lr])
    return
  }
  if (!buffer) throw new TensorError('sgd with momentum needs its buffer: an array of the length of p, zeros at first')
  const [, c] = pair(arena, p, buffer, 'p', 'buffer')
  const rest = [gradientScale, l2, shrink, lr, momentum, 1 - dampening, nesterov ? 1 : 0]
  arena.split('sgdMomentum', p.length, 64, COST.momentum, (from, to) => [a + from * 4, b + from * 4, c + from * 4, to - from, ...rest])
}

export interface AdamUpdate extends Update {
  /** Number of this step, 1 at first. */
  readonly step: number
  /** Default 0.9. */
  readonly beta1?: number
  /** Default 0.999. */
  readonly beta2?: number
  /** Outside the root. Default 1e-8. */
  readonly epsilon?: number
}

/**
 * One step of Adam (with `l2`) or AdamW (with `weightDecay`) on p and its moments m and v (zeros at first)
 * (Kingma & Ba, ICLR 2015; Loshchilov & Hutter, ICLR 2019).
 */
export function adam(arena: Arena, p: Float32Array, g: Float32Array, m: Float32Array, v: Float32Array, update: AdamUpdate): void {
  const { lr, step, gradientScale = 1, weightDecay = 0, l2 = 0, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = update
  if (!Number.isSafeInteger(step) || step < 1) throw new TensorError(`adam counts its steps from 1, got ${step}`)
  const [a, b] = pair(arena, p, g, 'p', 'g')
  const [, c] = pair(arena, p, m, 'p', 'm')
  const [, d] = pair(arena, p, v, 'p', 'v')
  const root = 1 / Math.sqrt(1 - power(beta2, step))
  const rest = [gradientScale, l2, lr * weightDecay, 1 - beta1, beta2, 1 - beta2, lr / (1 - power(beta1, step)), root, epsilon]
  arena.split('adam', p.length, 64, COST.adam, (from, to) => [a + from * 4, b + from * 4, c + from * 4, d + from * 4, to - from, ...rest])
}

/** x to the power of a whole n ≥ 0 by squaring: multiplications only, so the same bits everywhere. */
export function power(x: number, n: number): number {
  let result = 1
  for (let square = x, rest = n; rest > 0; square *= square, rest = Math.floor(rest / 2)) if (rest % 2 === 1) result *= square
  return result
}

/** Addresses of two views of one length. */
export function pair(arena: Arena, a: Float32Array, b: Float32Array, nameA: string, nameB: string): readonly [number, number] {
  if (a.length !== b.length) throw new TensorError(`${nameA} has ${a.length} elements and ${nameB} ${b.length}: they must be as many`)
  return [arena.address(a, nameA), arena.address(b, nameB)]
}
