/** One element at a time. */
import type { Tensor } from '../../graph/tensor.ts'
import { constantScalar } from '../../ops/constant.ts'
import * as op from '../../ops/index.ts'
import { dropout, fork } from '../../random/ops.ts'
import { dtypeOf, foreignDtype } from '../proto/dtype.ts'
import type { Call, Import } from './call.ts'
import { dtypeFor } from './value.ts'

const unary =
  (f: (x: Tensor) => Tensor): Import =>
  c =>
    f(c.x(0))
const binary =
  (f: (a: Tensor, b: Tensor) => Tensor): Import =>
  c =>
    f(c.x(0), c.x(1))
const several =
  (f: (a: Tensor, b: Tensor) => Tensor): Import =>
  c =>
    c.all().reduce((a, b) => f(a, b))

/** a^b; a number for an exponent keeps the derivative simple, and whole numbers go through f32. */
const pow: Import = c => {
  const [a, b] = [c.x(0), c.x(1)]
  const exponent = constantScalar(b)
  const y = op.pow(op.cast(a, 'f32'), exponent !== undefined && b.rank <= a.rank ? exponent : op.cast(b, 'f32'))
  return a.dtype === 'f32' ? (exponent === 1 ? a : y) : op.cast(op.round(y), a.dtype)
}

/** Of floats the remainder has the dividend's sign (`fmod`), of integers the divisor's. */
const mod: Import = c => {
  const [a, b] = [c.x(0), c.x(1)]
  if (c.int('fmod', 0) === 0) return a.dtype === 'i64' ? op.mod(a, b) : c.fail('takes integers unless fmod is set')
  if (a.dtype === 'i64') return op.sub(a, op.mul(op.div(a, b), b))
  const q = op.div(a, b)
  return op.sub(a, op.mul(op.where(op.less(q, 0), op.ceil(q), op.floor(q)), b))
}

/** Held between bounds, each of which may be missing; the gradient passes at and between them. */
const clip: Import = c => {
  let x = c.x(0)
  const [low, high] = [c.maybe(1) ?? c.attribute('min', 'float'), c.maybe(2) ?? c.attribute('max', 'float')]
  if (low !== undefined) x = op.where(op.less(x, low), low, x)
  return high === undefined ? x : op.where(op.less(high, x), high, x)
}

const castTo = (c: Call, code: number): Tensor => {
  const foreign = dtypeOf(code)
  const to = foreign && dtypeFor(foreign)
  return to ? op.cast(c.x(0), to) : c.fail(`casts to ${foreign ?? foreignDtype(code)}, which a graph cannot hold`)
}

/** A dropout that is switched on needs a key. */
const drop: Import = c => {
  const x = c.x(0)
  const rate = c.opset >= 12 ? Number(c.known(1, 'ratio')?.data[0] ?? 0.5) : c.float('ratio', 0.5)
  const on = Number(c.known(2, 'training_mode')?.data[0] ?? 0) === 1
  if (!on || rate === 0) return [x, op.ones(x.shape, 'i64')].map((t, i) => (i === 0 ? t : op.cast(t, 'bool')))
  if (c.wants(1)) c.fail('its mask is read, which this library does not give')
  const key = c.key ?? c.fail('draws random numbers: give apply() a key, or export the model in evaluation mode')
  return dropout(x, rate, fork(key, c.node.output[0]!))
}

const hardSigmoid = (x: Tensor, alpha: number, beta: number): Tensor => op.clip(op.add(op.mul(x, alpha), beta), 0, 1)

export const elementwise: Readonly<Record<string, Import>> = {
  Identity: unary(x => x),
  Neg: unary(op.neg),
  Abs: unary(op.abs),
  Sign: unary(op.sign),
  Exp: unary(op.exp),
  Log: unary(op.log),
  Sqrt: unary(op.sqrt),
  Reciprocal: unary(x => op.div(1, x)),
  Sin: unary(op.sin),
  Cos: unary(op.cos),
  Tan: unary(x => op.div(op.sin(x), op.cos(x))),
  Tanh: unary(op.tanh),
  Sigmoid: unary(op.sigmoid),
  Erf: unary(op.erf),
  Relu: c => (c.x(0).dtype === 'i64' ? op.maximum(c.x(0), 0) : op.relu(c.x(0))),
  Softplus: unary(op.softplus),
  Softsign: unary(x => op.div(x, op.add(op.abs(x), 1))),
  Mish: unary(op.mish),
  Swish: c => op.mul(c.x(0), op.sigmoid(op.mul(c.x(0), c.float('alpha', 1)))),
  LeakyRelu: c => op.leakyRelu(c.x(0), c.float('alpha', 0.01)),
  PRelu: c => op.where(op.less(c.x(0), 0), op.mul(c.x(0), c.x(1)), c.x(0)),
  Elu: c => op.elu(c.x(0), c.float('alpha', 1)),
  Celu: c => {
    const alpha = c.float('alpha', 1)
    return op.mul(op.elu(op.div(c.x(0), alpha)), alpha)
  },
  Selu: c => op.mul(op.elu(c.x(0), c.float('alpha', 1.6732632423543772)), c.float('gamma', 1.0507009873554805)),
  ThresholdedRelu: c => op.where(op.less(c.float('alpha', 1), c.x(0)), c.x(0), 0),
  HardSigmoid: c => hardSigmoid(c.x(0), c.float('alpha', 0.2), c.float('beta', 0.5)),
  HardSwish: unary(x => op.mul(x, hardSigmoid(x, 1 / 6, 0.5))),
  Gelu: c => op.gelu(c.x(0), { approximate: c.string('approximate', 'none') === 'tanh' }),
  Floor: unary(op.floor),
  Ceil: unary(op.ceil),
  Round: unary(op.round),
  Not: unary(op.not),
  IsNaN: unary(op.isNaN),
  IsInf: c => {
    const x = c.x(0)
    const hit = (sign: number) =>
      c.int(sign < 0 ? 'detect_negative' : 'detect_positive', 1) === 1 ? [op.equal(x, sign * Number.POSITIVE_INFINITY)] : []
    return [...hit(1), ...hit(-1)].reduce((a, b) => op.or(a, b), op.less(x, x))
  },
  Add: binary(op.add),
  Sub: binary(op.sub),
  Mul: binary(op.mul),
  Div: binary(op.div),
  Pow: pow,
  Mod: mod,
  Max: several(op.maximum),
  Min: several(op.minimum),
  Sum: several(op.add),
  Mean: c =>
    op.div(
      c.all().reduce((a, b) => op.add(a, b)),
      c.count,
    ),
  And: binary(op.and),
  Or: binary(op.or),
  Xor: binary((a, b) => op.not(op.equal(a, b))),
  Equal: binary(op.equal),
  Less: binary(op.less),
  LessOrEqual: binary(op.lessEqual),
  Greater: binary(op.greater),
  GreaterOrEqual: binary(op.greaterEqual),
  Where: c => op.where(c.x(0), c.x(1), c.x(2)),
  Clip: clip,
  Cast: c => castTo(c, c.int('to', 0)),
  CastLike: c => op.cast(c.x(0), c.x(1).dtype),
  Dropout: drop,
}
