/** How much of each ingredient goes into a soup: θ = Σ wᵢ θᵢ / divisor, summed in the order of the members. */
import { SoupError } from './error.ts'

export interface Mix {
  /** Numbers of the ingredients, from 0; the sum is taken in this order. */
  readonly members: readonly number[]
  /** One factor a member, or of an array by its name. */
  readonly weights: readonly number[] | ((array: string) => readonly number[])
  /** The sum is divided by this, once: so the mean of k is Σ θᵢ / k to the last bit. */
  readonly divisor: number
}

/** The mean of some ingredients (the uniform soup of all of them). */
export function uniform(members: readonly number[]): Mix {
  if (members.length === 0) throw new SoupError('a soup needs at least one ingredient')
  return { members, weights: members.map(() => 1), divisor: members.length }
}

/** (1 − α)·θ₀ + α·θ₁: WiSE-FT from a base (0) to what was fine-tuned from it (1) (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models"). */
export function interpolated(alpha: number): Mix {
  if (!(alpha >= 0 && alpha <= 1)) throw new SoupError(`α is ${alpha}; between two models it lies from 0 to 1`)
  if (alpha === 0 || alpha === 1) return uniform([alpha])
  return { members: [0, 1], weights: [1 - alpha, alpha], divisor: 1 }
}

/** All ingredients with weights of their own, which sum to 1. */
export const weighted = (weights: Mix['weights'], count: number): Mix => ({
  members: Array.from({ length: count }, (_, i) => i),
  weights,
  divisor: 1,
})

/** The factors of an array. */
export const weightsOf = (mix: Mix, array: string): readonly number[] =>
  typeof mix.weights === 'function' ? mix.weights(array) : mix.weights
