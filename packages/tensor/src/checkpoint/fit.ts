import type { NDArray } from '../graph/array.ts'
import { leaves, type MapTree, mapTree, type Tree } from '../graph/tree.ts'
import { CheckpointError } from './error.ts'
import { listed } from './safetensors.ts'

/** What an array must be: its type and shape. An NDArray is one too. */
export interface ArrayType {
  readonly dtype: NDArray['dtype']
  readonly shape: readonly number[]
}

/** The arrays of a tree by path: `params/block/0/w`. Throws CheckpointError where two paths are the same or a leaf is no array. */
export function flatArrays<T extends ArrayType>(tree: Tree<T>): Map<string, T> {
  const out = new Map<string, T>()
  for (const [path, leaf] of leaves(tree)) {
    if (typeof leaf !== 'object' || leaf === null || !Array.isArray(leaf.shape) || typeof leaf.dtype !== 'string')
      throw new CheckpointError(
        `"${path}" is ${typeof leaf === 'object' ? 'an object that is' : `a ${typeof leaf},`} no array. Put numbers and texts into the record.`,
      )
    if (out.has(path)) throw new CheckpointError(`Two arrays have the path "${path}": a key of the tree holds a "/". Rename it.`)
    out.set(path, leaf)
  }
  return out
}

/**
 * Throws one CheckpointError that lists everything missing, unexpected, of another shape and of another type;
 * returns where `found` is just what `expected` says.
 */
export function requireFit(expected: ReadonlyMap<string, ArrayType>, found: ReadonlyMap<string, ArrayType>, what: string): void {
  const missing: string[] = []
  const shaped: string[] = []
  const typed: string[] = []
  for (const [name, e] of expected) {
    const f = found.get(name)
    if (!f) missing.push(`${name} ${label(e)}`)
    else if (f.shape.length !== e.shape.length || f.shape.some((d, i) => d !== e.shape[i]))
      shaped.push(`${name} is [${f.shape}], expected [${e.shape}]`)
    else if (f.dtype !== e.dtype) typed.push(`${name} is ${f.dtype}, expected ${e.dtype}`)
  }
  const unexpected = [...found].filter(([name]) => !expected.has(name)).map(([name, f]) => `${name} ${label(f)}`)
  const problems = [
    [missing, 'missing'],
    [unexpected, 'unexpected'],
    [shaped, 'of another shape'],
    [typed, 'of another type'],
  ] as const
  const said = problems.filter(([list]) => list.length > 0).map(([list, word]) => `${list.length} ${word}: ${listed(list)}`)
  if (said.length > 0)
    throw new CheckpointError(
      `${what} does not fit, and nothing was loaded. Of its arrays ${said.join('; ')}. Load it into the configuration that it was saved from, or map its names.`,
    )
}

/**
 * A tree shaped like `expected` from arrays by path, such as a mapped torch state_dict.
 * Throws one CheckpointError that lists all that does not fit.
 */
export function treeFromArrays<T>(
  expected: T,
  arrays: ReadonlyMap<string, NDArray>,
  what = 'The checkpoint',
): MapTree<T, ArrayType, NDArray> {
  requireFit(flatArrays(expected as Tree<ArrayType>), arrays, what)
  return mapTree(expected, (_leaf: ArrayType, path) => arrays.get(path)!) as MapTree<T, ArrayType, NDArray>
}

const label = (t: ArrayType): string => `${t.dtype}[${t.shape}]`
