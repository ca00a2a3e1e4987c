/** Reductions, softmax, running sums, order. */
import { attribute } from '../proto/index.ts'
import type { Lowering } from './lowering.ts'

const sumLowering: Lowering<{ axes: number[]; keepDims: boolean }> = (e, { attrs: { axes, keepDims }, inputs }, [x], [y]) => {
  const from = inputs[0]!.dtype === 'bool' ? e.cast(x!, 'i64') : x!
  // Over no axes ONNX would mean all.
  if (axes.length === 0) e.emit('Identity', [from], {}, y)
  else e.sum(from, axes, keepDims, y)
}

const maxLowering: Lowering<{ axes: number[]; keepDims: boolean }> = (e, { attrs: { axes, keepDims }, inputs }, [x], [y]) => {
  const keepdims = attribute.int(keepDims ? 1 : 0)
  if (axes.length === 0) e.emit('Identity', [x!], {}, y)
  else if (inputs[0]!.dtype !== 'bool') e.emit('ReduceMax', [x!, e.ints(axes)], { keepdims }, y)
  else e.cast(e.emit('ReduceMax', [e.cast(x!, 'i64'), e.ints(axes)], { keepdims }), 'bool', y)
}

interface TopK {
  axis: number
  k: number
  largest: boolean
}
const topKLowering: Lowering<TopK> = (e, { attrs: { axis, k, largest } }, [x], y) =>
  e.emitAll('TopK', [x!, e.ints([k])], y, { axis: attribute.int(axis), largest: attribute.int(largest ? 1 : 0), sorted: attribute.int(1) })

interface Cumsum {
  axis: number
  reverse: boolean
  exclusive: boolean
}
const cumsumLowering: Lowering<Cumsum> = (e, { attrs: { axis, reverse, exclusive } }, [x], [y]) =>
  void e.emit(
    'CumSum',
    [x!, e.scalar(axis, 'i64')],
    { reverse: attribute.int(reverse ? 1 : 0), exclusive: attribute.int(exclusive ? 1 : 0) },
    y,
  )

const alongAxis =
  (op: string): Lowering<{ axis: number }> =>
  (e, { attrs: { axis } }, [x], [y]) =>
    void e.emit(op, [x!], { axis: attribute.int(axis) }, y)

export const reduce: Record<string, Lowering> = {
  sum: sumLowering as Lowering,
  max: maxLowering as Lowering,
  argMax: ((e, { attrs: { axis } }, [x], [y]) =>
    void e.emit('ArgMax', [x!], { axis: attribute.int(axis), keepdims: attribute.int(0) }, y)) as Lowering<{ axis: number }> as Lowering,
  topK: topKLowering as Lowering,
  cumsum: cumsumLowering as Lowering,
  softmax: alongAxis('Softmax') as Lowering,
  logSoftmax: alongAxis('LogSoftmax') as Lowering,
  // y·(g − Σ y·g)
  softmaxGrad: ((e, { attrs: { axis } }, [p, g], [y]) => {
    const total = e.sum(e.emit('Mul', [p!, g!]), [axis], true)
    e.emit('Mul', [e.emit('Sub', [g!, total]), p!], {}, y)
  }) as Lowering<{ axis: number }> as Lowering,
}
