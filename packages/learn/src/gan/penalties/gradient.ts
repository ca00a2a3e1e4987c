/** Penalties on the slope of the discriminator by its input: second derivatives of it are taken when it is trained. */
import { add, fork, grad, mean, mul, randomNormal, randomUniform, reshape, sqrt, sub, sum, type Tensor, variance } from '@dioramic/tensor'
import type { Penalty, Samples, View } from '../contracts.ts'

/** ‖∇ₓ D‖² of each sample, [n]. Each sample's scores must depend on it alone: no batch norm. */
export function squaredSlopes(view: View, at: Samples): Tensor {
  const slope = grad((x: Tensor) => sum(view.judge({ ...at, x }).scores))(at.x)
  const flat = reshape(slope, [slope.shape[0]!, -1])
  return sum(mul(flat, flat), 1)
}

/** √ without the infinite slope at zero. */
const root = (x: Tensor): Tensor => sqrt(add(x, 1e-12))
const away = (x: Tensor, from: number): Tensor => {
  const off = sub(x, from)
  return mean(mul(off, off))
}
/** A number in [0, 1) for each sample, [n, 1 …]. */
const perSample = (key: Tensor, x: Tensor): Tensor => randomUniform(key, [x.shape[0]!, ...x.shape.slice(1).map(() => 1)])

/** weight·(‖∇D(x̂)‖ − 1)², x̂ between real and generated samples (Gulrajani et al. 2017). */
export const gradientPenalty =
  ({ weight = 10 }: { readonly weight?: number } = {}): Penalty =>
  view => {
    const { real, fake, key } = view
    const e = perSample(fork(key, 'between'), real.x)
    const between = (a: Tensor, b: Tensor) => add(mul(e, a), mul(sub(1, e), b))
    const z = real.z && fake.z && add(mul(0.5, real.z), mul(0.5, fake.z))
    const scales = real.scales?.map((s, k) => between(s, fake.scales![k]!))
    const at: Samples = { x: between(real.x, fake.x), labels: real.labels, z, scales }
    return mul(away(root(squaredSlopes(view, at)), 1), weight)
  }

/** weight/2·‖∇D‖² on real samples (Mescheder et al. 2018). */
export const r1 =
  ({ weight = 10 }: { readonly weight?: number } = {}): Penalty =>
  view =>
    mul(mean(squaredSlopes(view, view.real)), weight / 2)

/** weight/2·‖∇D‖² on generated samples (Mescheder et al. 2018). */
export const r2 =
  ({ weight = 10 }: { readonly weight?: number } = {}): Penalty =>
  view =>
    mul(mean(squaredSlopes(view, view.fake)), weight / 2)

/** weight·(‖∇D‖ − k)² around real samples, moved by noise of half their deviation (Kodali et al. 2017). */
export const dragan =
  ({ weight = 10, k = 1 }: { readonly weight?: number; readonly k?: number } = {}): Penalty =>
  view => {
    const { real, key } = view
    const deviation = sqrt(mean(variance(reshape(real.x, [real.x.shape[0]!, -1]), 0)))
    const noise = mul(mul(randomNormal(fork(key, 'around'), real.x.shape), deviation), 0.5)
    const moved = add(real.x, mul(perSample(fork(key, 'how far'), real.x), noise))
    return mul(away(root(squaredSlopes(view, { ...real, x: moved })), k), weight)
  }
