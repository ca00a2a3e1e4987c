import { mean, mul, oneHot, stopGradient, sum, type Tensor } from '@dioramic/tensor'

/**
 * How unevenly rows fall on experts: E · Σₑ fₑ·Pₑ, with fₑ the share of rows whose first choice is e and Pₑ the mean probability of e (Fedus et al. 2022, equation 4). 1 where both are even,
 * E where all go to one. `probabilities` [rows, E], `first` i64 [rows].
 */
export function balanceOf(probabilities: Tensor, first: Tensor): Tensor {
  const experts = probabilities.shape[1]!
  const share = stopGradient(mean(oneHot(first, experts), 0))
  return mul(sum(mul(share, mean(probabilities, 0))), experts)
}
