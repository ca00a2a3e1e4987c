/** The curvature of a loss: Hessian–vector products of the graph, their spectrum, the sharpness. */
import { compile, hvp, type Key, type NDArray, type Runtime, type Tensor, type Tree } from '@dioramic/tensor'
import { normals } from '../algebra/random.ts'
import { fromVector, parameterCount, toVector } from '../models/vector.ts'
import { lanczos, type Operator, type Spectrum } from './lanczos.ts'

/** A loss of parameters on a batch. */
// biome-ignore lint/suspicious/noExplicitAny: a batch is a tree of arrays outside and of tensors inside, which the type cannot tie together.
export type BatchLoss = (params: Tree<Tensor>, batch: any) => Tensor

/** v ↦ H·v at given parameters, on one batch; compiled once. */
export function hessianOperator(loss: BatchLoss, params: Tree<NDArray>, batch: Tree<NDArray>, runtime: Runtime): Operator {
  const at = hessianProducts(loss, runtime)
  return v => at(params, batch, v)
}

/** (parameters, batch, v) ↦ H·v, for parameters that change. */
export function hessianProducts(
  loss: BatchLoss,
  runtime: Runtime,
): (params: Tree<NDArray>, batch: Tree<NDArray>, v: Float64Array) => Promise<Float64Array> {
  const product = compile<[Tree<NDArray>, Tree<NDArray>, Tree<NDArray>], Tree<NDArray>>(
    (p: Tree<Tensor>, v: Tree<Tensor>, b: unknown) => hvp(q => loss(q, b), p, v),
    runtime,
  )
  return async (params, batch, v) => toVector(await product(params, fromVector(v, params), batch))
}

/** `steps` of Lanczos on the Hessian from a random vector. */
export const hessianSpectrum = (
  loss: BatchLoss,
  params: Tree<NDArray>,
  batch: Tree<NDArray>,
  {
    runtime,
    steps,
    key,
    onStep,
  }: { readonly runtime: Runtime; readonly steps: number; readonly key: Key; readonly onStep?: (step: number) => void },
): Promise<Spectrum> => lanczos(hessianOperator(loss, params, batch, runtime), normals(key, parameterCount(params)), steps, onStep)
