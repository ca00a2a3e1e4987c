/** Gradients that the user sets. */
import { apply, type Op, Tensor } from '../graph/tensor.ts'

const stopOp: Op = { name: 'stopGradient', infer: ([x]) => [x!], vjp: null }

/** The value of x, as a constant to differentiation. */
export const stopGradient = (x: Tensor): Tensor => apply(stopOp, [x], {})[0]!

type Backward = (context: {
  readonly inputs: readonly Tensor[]
  readonly outputs: readonly Tensor[]
  readonly cotangents: readonly (Tensor | undefined)[]
}) => readonly (Tensor | undefined)[]

interface Custom {
  readonly inputs: number
  readonly backward: Backward
}

/** Inputs: the function's inputs, then what it computed from them. Outputs: the latter, unchanged. */
const customOp: Op<Custom> = {
  name: 'customGradient',
  infer: (types, { inputs }) => types.slice(inputs),
  vjp: ({ inputs, outputs, attrs, cotangents }) => [
    ...attrs.backward({ inputs: inputs.slice(0, attrs.inputs), outputs, cotangents }),
    ...outputs.map(() => undefined),
  ],
}

/**
 * `f` with a derivative of its own: `backward` gets inputs, outputs and the outputs' cotangents and returns the inputs' cotangents, made of differentiable operators
 * (so a second derivative is the derivative of `backward`).
 */
export function customGradient<I extends readonly Tensor[], O extends Tensor | readonly Tensor[]>(
  f: (...inputs: I) => O,
  backward: Backward,
): (...inputs: I) => O {
  return (...inputs) => {
    const y = f(...inputs)
    const list = y instanceof Tensor ? [y] : (y as readonly Tensor[])
    const out = apply(customOp, [...inputs, ...list], { inputs: inputs.length, backward })
    return (y instanceof Tensor ? out[0]! : out) as O
  }
}
