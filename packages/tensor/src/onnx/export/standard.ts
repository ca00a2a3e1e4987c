/** Forms in ONNX's own operators alone, where the engine's are onnxruntime's. */
import type { Tensor } from '../../graph/tensor.ts'
import type { Emitter } from '../lower/emitter.ts'
import { LOWERINGS } from '../lower/index.ts'
import type { Lowering } from '../lower/lowering.ts'
import { attribute } from '../proto/index.ts'

/** x with its last two axes exchanged. */
const turned = (e: Emitter, x: string, { rank }: Tensor): string =>
  e.transpose(
    x,
    Array.from({ length: rank }, (_, i) => (i < rank - 2 ? i : 2 * rank - 3 - i)),
  )

const matmul: Lowering<{ transA: boolean; transB: boolean }> = (e, { attrs: { transA, transB }, inputs }, [a, b], [y]) => {
  const [ta, tb] = inputs as [Tensor, Tensor]
  if (!transA && !transB) e.emit('MatMul', [a!, b!], {}, y)
  else if (ta.rank === 2 && tb.rank === 2)
    e.emit('Gemm', [a!, b!], { transA: attribute.int(transA ? 1 : 0), transB: attribute.int(transB ? 1 : 0) }, y)
  else e.emit('MatMul', [transA ? turned(e, a!, ta) : a!, transB ? turned(e, b!, tb) : b!], {}, y)
}

export const STANDARD: Readonly<Record<string, Lowering>> = {
  ...LOWERINGS,
  matmul: matmul as Lowering,
  gelu: (e, _node, x, [y]) => void e.emit('Gelu', x, {}, y),
}
