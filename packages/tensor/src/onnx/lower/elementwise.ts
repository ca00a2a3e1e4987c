/** One element at a time. */
import type { DType } from '../../graph/dtype.ts'
import { attribute } from '../proto/index.ts'
import type { Lowering } from './lowering.ts'

/** ONNX's operator is the same. */
const same =
  (op: string): Lowering =>
  (e, _node, x, [y]) =>
    void e.emit(op, x, {}, y)

/** Where onnxruntime has no bool kernel a bool goes through i64. */
const whereLowering: Lowering = (e, node, [c, a, b], [y]) => {
  if (node.inputs[1]!.dtype !== 'bool') e.emit('Where', [c!, a!, b!], {}, y)
  else e.emit('Or', [e.emit('And', [c!, a!]), e.emit('And', [e.emit('Not', [c!]), b!])], {}, y)
}

/** onnxruntime's Max and Min pass a NaN on whichever side it stands; one operand of each type. */
export const elementwise: Record<string, Lowering> = {
  neg: same('Neg'),
  abs: same('Abs'),
  sign: same('Sign'),
  exp: same('Exp'),
  log: same('Log'),
  sqrt: same('Sqrt'),
  sin: same('Sin'),
  cos: same('Cos'),
  tanh: same('Tanh'),
  sigmoid: same('Sigmoid'),
  softplus: same('Softplus'),
  erf: same('Erf'),
  relu: same('Relu'),
  leakyRelu: ((e, { attrs }, x, [y]) => void e.emit('LeakyRelu', x, { alpha: attribute.float(attrs.slope) }, y)) as Lowering<{
    slope: number
  }> as Lowering,
  // The quickest of five forms for each: Sign and a choice between scalars take half as long again.
  reluGrad: ((e, { attrs: { slope } }, [x, g], [y]) => {
    const positive = e.emit('Greater', [x!, e.scalar(0)])
    if (slope === 0) e.emit('Mul', [g!, e.cast(positive, 'f32')], {}, y)
    else e.emit('Where', [positive, g!, e.emit('Mul', [g!, e.scalar(slope)])], {}, y)
  }) as Lowering<{ slope: number }> as Lowering,
  floor: same('Floor'),
  ceil: same('Ceil'),
  round: same('Round'),
  not: same('Not'),
  isNaN: same('IsNaN'),
  add: same('Add'),
  sub: same('Sub'),
  mul: same('Mul'),
  div: same('Div'),
  pow: same('Pow'),
  maximum: same('Max'),
  minimum: same('Min'),
  mod: same('Mod'),
  less: same('Less'),
  lessEqual: same('LessOrEqual'),
  equal: same('Equal'),
  and: same('And'),
  or: same('Or'),
  where: whereLowering,
  cast: ((e, { attrs }, [x], [y]) => void e.cast(x!, attrs.to, y)) as Lowering<{ to: DType }> as Lowering,
  gelu: (e, _node, x, [y]) => void e.extra('Gelu', x, {}, y),
  // g·(Φ + x·φ), Φ = ½ + ½·erf(x/√2), φ = e^(−x²/2)/√2π
  geluGrad: (e, _node, [x, g], [y]) => {
    const cdf = e.emit('Add', [e.emit('Mul', [e.emit('Erf', [e.emit('Mul', [x!, e.scalar(Math.SQRT1_2)])]), e.scalar(0.5)]), e.scalar(0.5)])
    const bell = e.emit('Exp', [e.emit('Mul', [e.emit('Mul', [x!, x!]), e.scalar(-0.5)])])
    const slope = e.emit('Mul', [e.emit('Mul', [x!, e.scalar(1 / Math.sqrt(2 * Math.PI))]), bell])
    e.emit('Mul', [e.emit('Add', [cdf, slope]), g!], {}, y)
  },
}
