import { add, div, mean, mul, neg, sqrt, sub, sum, type Tensor } from '@dioramic/tensor'
import type { Loss } from '../contracts.ts'

/** arctan of 0 ≤ u ≤ 1 to 1e-7: the angle is halved three times, then the series. */
function arctan(u: Tensor): Tensor {
  let t = u
  for (let k = 0; k < 3; k++) t = div(t, add(1, sqrt(add(1, mul(t, t)))))
  const s = mul(t, t)
  return mul(mul(t, sub(1, mul(s, sub(1 / 3, mul(s, sub(1 / 5, mul(s, sub(1 / 7, mul(s, 1 / 9))))))))), 8)
}

/**
 * Distance on the unit sphere from the north pole to the inverse stereographic projection of each row p: arccos((‖p‖² − 1)/(‖p‖² + 1)) = 2·arccot ‖p‖ = 4·arctan(1/(√(1 + ‖p‖²) + ‖p‖)).
 * π at the origin, π/2 at ‖p‖ = 1, 0 far out.
 */
export function toNorthPole(p: Tensor): Tensor {
  const squared = sum(mul(p, p), -1)
  const length = sqrt(add(squared, 1e-14))
  return mul(arctan(div(1, add(sqrt(add(1, squared)), length))), 4)
}

/** Σ mean dʳ, r = 1 … moments. */
function momentsOf(scores: Tensor, moments: number): Tensor {
  const d = toNorthPole(scores)
  let power = d
  let total = mean(d)
  for (let r = 2; r <= moments; r++) {
    power = mul(power, d)
    total = add(total, mean(power))
  }
  return total
}

/** SphereGAN (Park & Kwon 2019): moments of the distance to the north pole, −Σ d(x)ʳ + Σ d(G)ʳ, and −Σ d(G)ʳ. The sphere bounds them, so no gradient penalty is needed. */
export const sphere = ({ dimensions = 8, moments = 3 }: { readonly dimensions?: number; readonly moments?: number } = {}): Loss => ({
  name: 'sphere',
  outputs: dimensions,
  discriminator: ({ onReal, onFake }) => sub(momentsOf(onFake.scores, moments), momentsOf(onReal.scores, moments)),
  generator: ({ onFake }) => neg(momentsOf(onFake.scores, moments)),
})
