/** Activations. */
import { ShapeError } from '../error.ts'
import { sameShape } from '../graph/shape.ts'
import { apply, type Op, type Tensor } from '../graph/tensor.ts'
import { add, exp, leakyReluOp, less, minimum, mul, neg, relu, sigmoid, softplus, sub, tanh, where } from './elementwise.ts'

type None = Record<string, never>

/** x·Φ(x) with Φ the normal distribution function (Hendrycks & Gimpel, "Gaussian error linear units", 2016), exact. */
export const geluOp: Op<None> = {
  name: 'gelu',
  infer: ([x]) => {
    if (x!.dtype !== 'f32') throw new ShapeError('takes f32')
    return [x!]
  },
  vjp: ({ inputs, cotangents }) => [geluGrad(inputs[0]!, cotangents[0]!)],
}

/** Inputs x and g: g·(Φ(x) + x·φ(x)), gelu's derivative times a cotangent in one pass. */
export const geluGradOp: Op<None> = {
  name: 'geluGrad',
  infer: ([x, g]) => {
    if (x!.dtype !== 'f32' || g!.dtype !== 'f32' || !sameShape(x!.shape, g!.shape)) throw new ShapeError('takes two f32 of one shape')
    return [x!]
  },
  // gelu″ = φ(x)·(2 − x²); in g it is linear.
  vjp: ({ inputs, cotangents, needs }) => {
    const [x, g] = inputs as [Tensor, Tensor]
    const c = cotangents[0]!
    const second = () => mul(exp(mul(mul(x, x), -0.5)), mul(sub(2, mul(x, x)), 1 / Math.sqrt(2 * Math.PI)))
    return [needs[0] ? mul(mul(c, g), second()) : undefined, needs[1] ? geluGrad(x, c) : undefined]
  },
}

const geluGrad = (x: Tensor, g: Tensor): Tensor => apply(geluGradOp, [x, g], {})[0]!

/** x·Φ(x), with the exact normal distribution function. `approximate` is the tanh form of GPT-2. */
export function gelu(x: Tensor, { approximate = false }: { readonly approximate?: boolean } = {}): Tensor {
  if (!approximate) return apply(geluOp, [x], {})[0]!
  const inner = mul(mul(x, add(1, mul(mul(x, x), 0.044715))), Math.sqrt(2 / Math.PI))
  return mul(mul(x, 0.5), add(1, tanh(inner)))
}

/** x·sigmoid(x), also called swish. */
export const silu = (x: Tensor): Tensor => mul(x, sigmoid(x))

/** log(sigmoid(x)), without overflow. */
export const logSigmoid = (x: Tensor): Tensor => neg(softplus(neg(x)))

/** x, or `slope`·x where x is not positive. */
export const leakyRelu = (x: Tensor, slope = 0.01): Tensor => apply(leakyReluOp, [x], { slope })[0]!

/** x, or `alpha`·(eˣ − 1) where x is not positive. */
export const elu = (x: Tensor, alpha = 1): Tensor => where(less(0, x), x, mul(sub(exp(minimum(x, 0)), 1), alpha))

/** The scaled elu that keeps mean 0 and variance 1 (Klambauer et al. 2017). */
export const selu = (x: Tensor): Tensor => mul(elu(x, 1.6732632423543772), 1.0507009873554805)

/** relu(x)² (So et al., "Primer", 2021). */
export function squaredRelu(x: Tensor): Tensor {
  const r = relu(x)
  return mul(r, r)
}

/** x·tanh(softplus(x)) (Misra 2019). */
export const mish = (x: Tensor): Tensor => mul(x, tanh(softplus(x)))

/** x held between two bounds; the gradient passes at and between them. */
export function clip(x: Tensor, low: number, high: number): Tensor {
  if (!(low <= high)) throw new ShapeError(`clip: the lower bound ${low} is above the upper ${high}`)
  return where(less(x, low), low, where(less(high, x), high, x))
}
