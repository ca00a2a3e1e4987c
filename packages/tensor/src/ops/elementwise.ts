/** Operators of one element at a time, with NumPy broadcasting. */
import { ShapeError } from '../error.ts'
import type { DType, Type } from '../graph/dtype.ts'
import { broadcastShapes, sameShape } from '../graph/shape.ts'
import { apply, type Op, type Tensor } from '../graph/tensor.ts'
import { constantScalar, type Operand, pair, tensorOf } from './constant.ts'
import { sumTo } from './reduce.ts'

type None = Record<string, never>
const NONE: None = {}

function wants(dtypes: readonly DType[], types: readonly Type[]): void {
  const bad = types.find(t => !dtypes.includes(t.dtype))
  if (bad) throw new ShapeError(`takes ${dtypes.join(' or ')}, not ${bad.dtype} (cast it)`)
}

/** Two operands of one type; a mixture is an error because a silent cast hides a mistake. */
function alike(types: readonly Type[]): void {
  if (types[0]!.dtype !== types[1]!.dtype) throw new ShapeError('the operands are of different types (cast one)')
}

type Unary = Op<None>
const unary = (name: string, dtypes: readonly DType[], vjp: ((x: Tensor, y: Tensor, g: Tensor) => Tensor) | null, out?: DType): Unary => ({
  name,
  infer: ([x]) => {
    wants(dtypes, [x!])
    return [{ dtype: out ?? x!.dtype, shape: x!.shape }]
  },
  vjp: vjp && (({ inputs, outputs, cotangents }) => [vjp(inputs[0]!, outputs[0]!, cotangents[0]!)]),
})

type Binary = Op<None>
const binary = (
  name: string,
  dtypes: readonly DType[],
  vjp: ((a: Tensor, b: Tensor, y: Tensor, g: Tensor) => readonly [() => Tensor, () => Tensor]) | null,
  out?: DType,
): Binary => ({
  name,
  infer: types => {
    wants(dtypes, types)
    alike(types)
    return [{ dtype: out ?? types[0]!.dtype, shape: broadcastShapes(types[0]!.shape, types[1]!.shape) }]
  },
  vjp:
    vjp &&
    (({ inputs, outputs, cotangents, needs }) => {
      const [a, b] = inputs as [Tensor, Tensor]
      const [da, db] = vjp(a, b, outputs[0]!, cotangents[0]!)
      return [needs[0] ? sumTo(da(), a.shape) : undefined, needs[1] ? sumTo(db(), b.shape) : undefined]
    }),
})

const FLOAT = ['f32'] as const
const NUMBER = ['f32', 'i64'] as const

export const negOp = unary('neg', NUMBER, (_x, _y, g) => neg(g))
export const absOp = unary('abs', NUMBER, (x, _y, g) => mul(g, sign(x)))
export const signOp = unary('sign', NUMBER, null)
export const expOp = unary('exp', FLOAT, (_x, y, g) => mul(g, y))
/** Its derivative at 0, where the value is −∞, is taken to be 0, so that a branch which is masked out does not send 0·∞. */
export const logOp = unary('log', FLOAT, (x, _y, g) => div(g, orInfinity(x)))
/** Its derivative at 0 is taken to be 0, a norm's subgradient. */
export const sqrtOp = unary('sqrt', FLOAT, (_x, y, g) => div(mul(g, 0.5), orInfinity(y)))
export const sinOp = unary('sin', FLOAT, (x, _y, g) => mul(g, cos(x)))
export const cosOp = unary('cos', FLOAT, (x, _y, g) => neg(mul(g, sin(x))))
export const tanhOp = unary('tanh', FLOAT, (_x, y, g) => mul(g, sub(1, mul(y, y))))
export const sigmoidOp = unary('sigmoid', FLOAT, (_x, y, g) => mul(g, mul(y, sub(1, y))))
export const erfOp = unary('erf', FLOAT, (x, _y, g) => mul(g, mul(exp(neg(mul(x, x))), 2 / Math.sqrt(Math.PI))))
/** log(1 + eˣ), without overflow. */
export const softplusOp = unary('softplus', FLOAT, (x, _y, g) => mul(g, sigmoid(x)))
/** max(x, 0); its derivative at 0 is 0. */
export const reluOp = unary('relu', FLOAT, (_x, y, g) => reluGrad(y, g, 0))

/** x where it is positive, else slope·x; its derivative at 0 is the slope. */
export const leakyReluOp: Op<{ readonly slope: number }> = {
  name: 'leakyRelu',
  infer: types => {
    wants(FLOAT, types)
    return types
  },
  vjp: ({ inputs, attrs, cotangents }) => [reluGrad(inputs[0]!, cotangents[0]!, attrs.slope)],
}

/** Inputs x and g: g where x is positive, else slope·g: relu's and leakyRelu's derivative times a cotangent in one pass. */
export const reluGradOp: Op<{ readonly slope: number }> = {
  name: 'reluGrad',
  infer: types => {
    wants(FLOAT, types)
    if (!sameShape(types[0]!.shape, types[1]!.shape)) throw new ShapeError('takes two f32 of one shape')
    return [types[0]!]
  },
  vjp: ({ inputs, attrs, cotangents, needs }) => [undefined, needs[1] ? reluGrad(inputs[0]!, cotangents[0]!, attrs.slope) : undefined],
}

const reluGrad = (x: Tensor, g: Tensor, slope: number): Tensor => apply(reluGradOp, [x, g], { slope })[0]!
export const floorOp = unary('floor', FLOAT, null)
export const ceilOp = unary('ceil', FLOAT, null)
export const roundOp = unary('round', FLOAT, null)
export const notOp = unary('not', ['bool'], null)
/** True where the element is NaN. */
export const isNaNOp = unary('isNaN', FLOAT, null, 'bool')

export const addOp = binary('add', NUMBER, (_a, _b, _y, g) => [() => g, () => g])
export const subOp = binary('sub', NUMBER, (_a, _b, _y, g) => [() => g, () => neg(g)])
export const mulOp = binary('mul', NUMBER, (a, b, _y, g) => [() => mul(g, b), () => mul(g, a)])
export const divOp = binary('div', NUMBER, (_a, b, y, g) => [() => div(g, b), () => neg(div(mul(g, y), b))])
/** a^b. The derivative to a is b·a^(b−1), taken to be 0 where that is infinite (a = 0, b < 1); the derivative to b is a^b·log a, 0 where a ≤ 0. */
export const powOp = binary('pow', FLOAT, (a, b, y, g) => [
  () => mul(g, powSlope(a, b)),
  () => mul(g, where(less(0, a), mul(y, log(where(less(0, a), a, 1))), 0)),
])
/** The larger; where both are equal each gets half of the cotangent. */
export const maximumOp = binary('maximum', NUMBER, (a, b, _y, g) => [() => mul(g, share(a, b)), () => mul(g, share(b, a))])
export const minimumOp = binary('minimum', NUMBER, (a, b, _y, g) => [() => mul(g, share(b, a)), () => mul(g, share(a, b))])
/** Remainder with the sign of the divisor (as in Python). */
export const modOp = binary('mod', ['i64'], null)
export const lessOp = binary('less', NUMBER, null, 'bool')
export const lessEqualOp = binary('lessEqual', NUMBER, null, 'bool')
export const equalOp = binary('equal', ['f32', 'i64', 'bool'], null, 'bool')
export const andOp = binary('and', ['bool'], null)
export const orOp = binary('or', ['bool'], null)

/** 1 where a > b, ½ where equal, else 0. */
const share = (a: Tensor, b: Tensor): Tensor => where(equal(a, b), 0.5, cast(less(b, a), 'f32'))

/** x with ∞ for 0: what a quotient is divided by that shall be 0 there. */
const orInfinity = (x: Tensor): Tensor => where(equal(x, 0), Number.POSITIVE_INFINITY, x)

/** b·a^(b−1), and 0 where a is 0 and b below 1. */
function powSlope(a: Tensor, b: Tensor): Tensor {
  const fixed = constantScalar(b)
  if (fixed !== undefined && fixed >= 1) return mul(fixed, pow(a, fixed - 1))
  const steep = and(equal(a, 0), less(b, 1))
  return where(steep, 0, mul(b, pow(where(steep, 1, a), sub(b, 1))))
}

const unaryFn =
  (op: Unary) =>
  (x: Operand): Tensor =>
    apply(op, [tensorOf(x)], NONE)[0]!
const binaryFn =
  (op: Binary) =>
  (a: Operand, b: Operand): Tensor =>
    apply(op, pair(a, b), NONE)[0]!

/** −x, for f32 and i64. */
export const neg = unaryFn(negOp)
/** |x|; its derivative at 0 is 0. */
export const abs = unaryFn(absOp)
/** −1, 0 or 1. */
export const sign = unaryFn(signOp)
/** e^x. */
export const exp = unaryFn(expOp)
/** Natural logarithm. At 0, where the value is −∞, the gradient is 0. */
export const log = unaryFn(logOp)
/** Square root. The gradient at 0 is 0. */
export const sqrt = unaryFn(sqrtOp)
/** Sine of x in radians. */
export const sin = unaryFn(sinOp)
/** Cosine of x in radians. */
export const cos = unaryFn(cosOp)
/** Hyperbolic tangent. */
export const tanh = unaryFn(tanhOp)
/** 1 / (1 + e^−x). */
export const sigmoid = unaryFn(sigmoidOp)
/** Gauss's error function. */
export const erf = unaryFn(erfOp)
/** max(x, 0); its derivative at 0 is 0. */
export const relu = unaryFn(reluOp)
/** log(1 + eˣ), without overflow. */
export const softplus = unaryFn(softplusOp)
/** The greatest whole number that is not above x; its derivative is 0. */
export const floor = unaryFn(floorOp)
/** The least whole number that is not below x; its derivative is 0. */
export const ceil = unaryFn(ceilOp)
/** To the nearest integer, halves to even. */
export const round = unaryFn(roundOp)
/** True where x is false. */
export const not = unaryFn(notOp)
/** True where x is NaN. */
// biome-ignore lint/suspicious/noShadowRestrictedNames: the field's name.
export const isNaN = unaryFn(isNaNOp)

/** True where the element is neither NaN nor infinite. */
// biome-ignore lint/suspicious/noShadowRestrictedNames: the field's name.
export const isFinite = (x: Tensor): Tensor => less(abs(x), Number.POSITIVE_INFINITY)

/** a + b, of shapes that broadcast. */
export const add = binaryFn(addOp)
/** a − b, of shapes that broadcast. */
export const sub = binaryFn(subOp)
/** a · b, element by element, of shapes that broadcast. */
export const mul = binaryFn(mulOp)
/** a / b; for i64 the quotient is truncated towards 0. */
export const div = binaryFn(divOp)
const power = binaryFn(powOp)
/** a^b, a not negative unless b is whole. Gradients that would be infinite (to a where a is 0 and b below 1) or undefined (to b where a ≤ 0) are 0. */
export function pow(a: Operand, b: Operand): Tensor {
  const x = tensorOf(a)
  const fixed = typeof b === 'number' ? b : undefined
  return fixed === 1 ? x : fixed === 2 ? mul(x, x) : power(x, b)
}
/** The greater of a and b. Where they are equal the gradient is shared evenly. */
export const maximum = binaryFn(maximumOp)
/** The lesser of a and b. Where they are equal the gradient is shared evenly. */
export const minimum = binaryFn(minimumOp)
/** The remainder of a / b, of i64; its sign is that of b. */
export const mod = binaryFn(modOp)
/** a < b, as bool. */
export const less = binaryFn(lessOp)
/** a ≤ b, as bool. */
export const lessEqual = binaryFn(lessEqualOp)
/** a > b, as bool. */
export const greater = (a: Operand, b: Operand): Tensor => less(...flip(a, b))
/** a ≥ b, as bool. */
export const greaterEqual = (a: Operand, b: Operand): Tensor => lessEqual(...flip(a, b))
/** a = b, as bool. */
export const equal = binaryFn(equalOp)
/** a ≠ b, as bool. */
export const notEqual = (a: Operand, b: Operand): Tensor => not(equal(a, b))
/** a and b, of bool. */
export const and = binaryFn(andOp)
/** a or b, of bool. */
export const or = binaryFn(orOp)

function flip(a: Operand, b: Operand): [Tensor, Tensor] {
  const [x, y] = pair(a, b)
  return [y, x]
}

export const whereOp: Op<None> = {
  name: 'where',
  infer: ([c, a, b]) => {
    wants(['bool'], [c!])
    alike([a!, b!])
    return [{ dtype: a!.dtype, shape: broadcastShapes(c!.shape, a!.shape, b!.shape) }]
  },
  vjp: ({ inputs, cotangents, needs }) => {
    const [c, a, b] = inputs as [Tensor, Tensor, Tensor]
    const g = cotangents[0]!
    return [undefined, needs[1] ? sumTo(where(c, g, 0), a.shape) : undefined, needs[2] ? sumTo(where(c, 0, g), b.shape) : undefined]
  },
}

/** `a` where the condition holds, else `b`. The branch not taken sends no gradient, but a NaN inside it is still 0·NaN: guard its argument too. */
export const where = (condition: Tensor, a: Operand, b: Operand): Tensor => apply(whereOp, [condition, ...pair(a, b)], NONE)[0]!

export const castOp: Op<{ readonly to: DType }> = {
  name: 'cast',
  infer: ([x], { to }) => [{ dtype: to, shape: x!.shape }],
  // Between numbers of other types the derivative is zero: only f32 has tangents.
  vjp: null,
}

/** To another element type: f32 → i64 truncates towards 0; → bool is "not 0"; bool → 0 or 1. No gradient passes. */
export const cast = (x: Tensor, to: DType): Tensor => (x.dtype === to ? x : apply(castOp, [x], { to })[0]!)
