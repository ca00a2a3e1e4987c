/** What is said of a soup: plain data, for JSON and for the page. */
import type { GreedyStep } from '../recipes/greedy.ts'
import type { Line } from '../recipes/interpolate.ts'

export type RecipeName = 'uniform' | 'greedy' | 'learned' | 'wise-ft'

export interface IngredientReport {
  readonly file: string
  /** SHA-256 of names, types, shapes and values. */
  readonly hash: string
  /** Its held-out score, where there is an evaluation; higher is better. */
  readonly score: number | null
  /** Other numbers that the evaluation gave. */
  readonly values: Readonly<Record<string, number>>
  /** Its share of the soup, from 0 to 1; null where each array has its own. */
  readonly weight: number | null
  /** Mean correlation of its matrices with those of the first ingredient, by elements; null where none can be compared. */
  readonly correlation: number | null
}

export interface SoupReport {
  readonly recipe: RecipeName
  readonly accept: 'ge' | 'gt' | null
  /** The command or module. */
  readonly evaluation: string | null
  readonly ingredients: readonly IngredientReport[]
  /** Held-out score of the soup, and the numbers that came with it. */
  readonly score: number | null
  readonly values: Readonly<Record<string, number>>
  readonly steps: readonly GreedyStep[]
  readonly line: Line | null
  /** Inverse temperature of a learned soup. */
  readonly beta: number | null
  /** What else was scored beside the soup, such as ensembles; they cost a run of each member. */
  readonly beside: readonly { readonly name: string; readonly score: number; readonly members: number }[]
  /** Integer arrays that are not the same in all ingredients; those of the first are in the soup. */
  readonly differing: readonly string[]
  readonly warnings: readonly string[]
  readonly output: { readonly file: string; readonly bytes: number; readonly arrays: number; readonly elements: number } | null
}
