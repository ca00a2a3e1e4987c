import { sha256 } from '@dioramic/codec'
import { DataError } from '../error.ts'
import { check } from './check.ts'
import { jsonBytes, parseJson, toJson } from './json.ts'
import { RECIPE_VERSION, type Recipe, type RecipeInput, recipeSchema } from './recipe.ts'

const planHash = (recipe: Omit<Recipe, 'planHash'>) => sha256(jsonBytes(recipe))

/** sha256 of a configuration as canonical JSON. */
export const hashConfig = (config: unknown): string => sha256(jsonBytes(config))

/** Completes and checks a recipe. Equal inputs give equal plan hashes, in any key order. */
export function makeRecipe(input: RecipeInput): Recipe {
  const body = toJson({ ...input, version: RECIPE_VERSION, configHash: hashConfig(input.config) }) as unknown as Omit<Recipe, 'planHash'>
  return check(recipeSchema, { ...body, planHash: planHash(body) }, 'recipe')
}

/** Reads recipe.json and verifies that its plan hash belongs to its content. */
export function parseRecipe(bytes: Uint8Array, where = 'recipe.json'): Recipe {
  const recipe = check(recipeSchema, parseJson(bytes, where), where)
  const { planHash: stated, ...body } = recipe
  const actual = planHash(body)
  if (stated !== actual)
    throw new DataError(`${where}: planHash is ${stated}, but the content hashes to ${actual}; the recipe was edited or damaged`)
  return recipe
}

/** Throws a `DataError` that names the first difference between two plans; `ours` is what would be run now. */
export function requireSamePlan(theirs: Recipe, ours: Recipe, where: string): void {
  if (theirs.planHash === ours.planHash) return
  const say = (what: string, a: unknown, b: unknown) =>
    new DataError(
      `${where} was made with ${what} ${JSON.stringify(a)}, this run has ${JSON.stringify(b)}; use the same settings and version, or another folder`,
    )
  if (theirs.bytesEpoch !== ours.bytesEpoch) throw say('bytes epoch', theirs.bytesEpoch, ours.bytesEpoch)
  const path = firstDifference(theirs, ours, '')
  throw path ? say(path.path, path.a, path.b) : say('plan', theirs.planHash, ours.planHash)
}

function firstDifference(a: unknown, b: unknown, path: string): { path: string; a: unknown; b: unknown } | undefined {
  if (JSON.stringify(a) === JSON.stringify(b)) return undefined
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return { path, a, b }
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort().filter(k => k !== 'planHash' && k !== 'configHash')
  for (const k of keys) {
    const found = firstDifference((a as Record<string, unknown>)[k], (b as Record<string, unknown>)[k], path ? `${path}.${k}` : k)
    if (found) return found
  }
  return undefined
}
