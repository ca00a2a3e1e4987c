/** Soups of models in memory. */
import { flatten, type NDArray, type Tree } from '@dioramic/tensor'
import { SoupError } from '../error.ts'
import { type Mix, uniform, weightsOf } from '../mix.ts'
import { addScaled, divide } from './merge.ts'

/**
 * The soup of trees of arrays, by default their mean: summed in double precision in a fixed order, rounded once. Integers and booleans are those of the first member.
 *
 * @throws SoupError that names an array which is missing or of another shape
 */
export function mixTrees<T extends Tree<NDArray>>(trees: readonly T[], mix: Mix = uniform(trees.map((_, i) => i))): T {
  const flat = mix.members.map(m => flatten<NDArray>(trees[m]!))
  const first = flat[0]!
  for (const [j, f] of flat.entries()) {
    const wrong = first.paths.findIndex((p, i) => f.paths[i] !== p || `${f.list[i]!.shape}` !== `${first.list[i]!.shape}`)
    if (wrong >= 0 || f.list.length !== first.list.length)
      throw new SoupError(
        `ingredient ${mix.members[j]} does not fit ingredient ${mix.members[0]} at "${first.paths[wrong] ?? f.paths[first.list.length]}"`,
      )
  }
  return first.rebuild(
    first.list.map((a, i) => {
      if (a.dtype !== 'f32' && a.dtype !== 'f64') return a
      const sum = new Float64Array(a.data.length)
      const weights = weightsOf(mix, first.paths[i]!)
      for (const [j, f] of flat.entries()) addScaled(sum, f.list[i]!.data as Float32Array, weights[j]!)
      divide(sum, mix.divisor)
      return { ...a, data: a.dtype === 'f64' ? sum : new Float32Array(sum) }
    }),
  ) as T
}
