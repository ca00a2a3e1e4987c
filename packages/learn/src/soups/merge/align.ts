/** Which array of one checkpoint belongs to which of another. */
import { SoupError } from '../error.ts'
import type { Checkpoint, StoredArray } from './checkpoint.ts'

export interface AlignedArray extends StoredArray {
  readonly name: string
  /** Elements. */
  readonly size: number
  /** Its name in each checkpoint: another only where arrays are tied. */
  readonly sources: readonly string[]
}

const listed = (names: readonly string[]): string =>
  names.slice(0, 5).join(', ') + (names.length > 5 ? ` and ${names.length - 5} more` : '')

/**
 * The arrays of a soup: those of the first checkpoint. A name that another lacks may be there under a name that it is tied to.
 *
 * @throws SoupError that names files and arrays which do not fit: missing, unexpected, of another shape, of another type
 */
export function align(checkpoints: readonly Checkpoint[]): AlignedArray[] {
  const [first, ...others] = checkpoints
  if (!first) throw new SoupError('there are no checkpoints; give at least one')
  if (first.arrays.size === 0) throw new SoupError(`${first.name} holds no arrays`)
  const tied = new Map<string, readonly string[]>()
  for (const c of checkpoints) for (const group of c.ties) for (const name of group) tied.set(name, group)
  const place = (c: Checkpoint, name: string): string | undefined =>
    c.arrays.has(name) ? name : tied.get(name)?.find(n => c.arrays.has(n))
  for (const c of others) {
    const problems: string[] = []
    const say = (list: readonly string[], what: string) => {
      if (list.length > 0) problems.push(`${what}: ${listed(list)}`)
    }
    const names = [...first.arrays.keys()]
    say(
      names.filter(n => place(c, n) === undefined),
      'it lacks',
    )
    say(
      [...c.arrays.keys()].filter(n => place(first, n) === undefined),
      'only it has',
    )
    const pairs = names.flatMap(n => {
      const at = place(c, n)
      return at === undefined ? [] : [{ n, a: first.arrays.get(n)!, b: c.arrays.get(at)! }]
    })
    say(
      pairs.filter(p => `${p.a.shape}` !== `${p.b.shape}`).map(p => `${p.n} is [${p.b.shape}] and not [${p.a.shape}]`),
      'of another shape',
    )
    say(
      pairs.filter(p => p.a.dtype !== p.b.dtype).map(p => `${p.n} is ${p.b.dtype} and not ${p.a.dtype}`),
      'of another type',
    )
    if (problems.length > 0)
      throw new SoupError(
        `${c.name} does not fit ${first.name}. ${problems.join('; ')}. Ingredients of a soup are the same model, fine-tuned from the same weights`,
      )
  }
  return [...first.arrays].map(([name, { dtype, shape }]) => ({
    name,
    dtype,
    shape,
    size: shape.reduce((a, b) => a * b, 1),
    sources: checkpoints.map(c => place(c, name)!),
  }))
}
