/** Attention as one operator (opset 23). */
import type { Tensor } from '../../graph/tensor.ts'
import * as op from '../../ops/index.ts'
import type { Call, Import } from './call.ts'

/** What is taken for −∞ inside: its exponential is 0 in f32, and no difference of two is NaN. */
const MASKED = -1e30

/** [batch, time, heads·size] → [batch, heads, time, size]. */
function headed(c: Call, x: Tensor, heads: number): Tensor {
  const [batch, time, width] = x.shape as [number, number, number]
  if (heads < 1 || width % heads !== 0) c.fail(`a width of ${width} does not divide into ${heads} heads`)
  return op.transpose(op.reshape(x, [batch, time, heads, width / heads]), [0, 2, 1, 3])
}

/** Where a query may look, and what is added to its logits there; undefined where nothing says. */
function masksOf(c: Call, queries: number, keys: number, past: number): { allowed: Tensor | undefined; bias: Tensor | undefined } {
  let mask = c.maybe(3)
  const missing = mask ? keys - mask.shape.at(-1)! : 0
  // A mask may end before the keys do: what is behind it is not seen.
  if (mask && missing > 0) {
    const rest = op.full([...mask.shape.slice(0, -1), missing], mask.dtype === 'bool' ? 0 : Number.NEGATIVE_INFINITY, mask.dtype)
    mask = op.concat([mask, rest], -1)
  }
  const causal = c.int('is_causal', 0) === 1 ? op.trilMask(queries, keys, past) : undefined
  const seen = mask && (mask.dtype === 'bool' ? mask : op.less(Number.NEGATIVE_INFINITY, mask))
  const bias = mask?.dtype === 'f32' ? op.where(op.less(Number.NEGATIVE_INFINITY, mask), mask, 0) : undefined
  return { allowed: causal && seen ? op.and(causal, seen) : (causal ?? seen), bias }
}

/** Softmax(softcap(Q·Kᵀ·scale) + mask)·V, with the keys and values of the past in front; a query that may look nowhere gets 0. */
export const attention: Import = c => {
  if (c.maybe(6)) c.fail('has lengths of the valid keys, which are not followed here; give them as a mask')
  if (c.int('left_window_size', -1) >= 0 || c.int('right_window_size', -1) >= 0) c.fail('has a sliding window; give it as a mask')
  const flat = c.x(0).rank === 3
  const [qHeads, kvHeads] = [c.int('q_num_heads', 0), c.int('kv_num_heads', 0)]
  const q = flat ? headed(c, c.x(0), qHeads) : c.x(0)
  const [k, v] = [1, 2].map(i => {
    const own = flat ? headed(c, c.x(i), kvHeads) : c.x(i)
    const past = c.maybe(3 + i)
    return past ? op.concat([past, own], 2) : own
  }) as [Tensor, Tensor]
  // Several heads of queries may share one of keys.
  const shared = (t: Tensor) => op.repeat(t, q.shape[1]! / t.shape[1]!, 1)
  const raw = op.mul(op.matmul(q, shared(k), { transB: true }), c.float('scale', 1 / Math.sqrt(q.shape[3]!)))
  const cap = c.float('softcap', 0)
  const capped = cap > 0 ? op.mul(op.tanh(op.div(raw, cap)), cap) : raw
  const { allowed, bias } = masksOf(c, q.shape[2]!, k.shape[2]!, c.maybe(4)?.shape[2] ?? 0)
  const biased = bias ? op.add(capped, bias) : capped
  const p = op.softmax(allowed ? op.where(allowed, biased, MASKED) : biased)
  const weights = allowed ? op.where(allowed, p, 0) : p
  const y = op.matmul(weights, shared(v))
  const shown = () => {
    const stage = c.int('qk_matmul_output_mode', 0)
    if (stage === 3) return weights
    return stage === 2 ? (allowed ? op.where(allowed, biased, Number.NEGATIVE_INFINITY) : biased) : stage === 1 ? capped : raw
  }
  const [batch, heads, time, size] = y.shape as [number, number, number, number]
  return [flat ? op.reshape(op.transpose(y, [0, 2, 1, 3]), [batch, time, heads * size]) : y, k, v, c.wants(3) ? shown() : undefined]
}
