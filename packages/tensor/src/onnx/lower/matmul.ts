/** Matrix products. */
import { attribute } from '../proto/index.ts'
import type { Lowering } from './lowering.ts'

/** A transposed operand is taken as it lies: onnxruntime's FusedMatMul multiplies from it. */
const matmulLowering: Lowering<{ transA: boolean; transB: boolean }> = (e, { attrs: { transA, transB } }, x, [y]) => {
  if (!transA && !transB) e.emit('MatMul', x, {}, y)
  else e.extra('FusedMatMul', x, { transA: attribute.int(transA ? 1 : 0), transB: attribute.int(transB ? 1 : 0) }, y)
}

export const matmul: Record<string, Lowering> = { matmul: matmulLowering as Lowering }
