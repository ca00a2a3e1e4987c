/** Settings to try: all combinations of lists, or draws. */
import type { Key } from '@dioramic/tensor'
import { uniforms } from '../../theory/algebra/random.ts'
import { MupError } from '../error.ts'
import type { Choice, Settings } from './tuning.ts'

/** Every combination, the last setting's values changing fastest. @throws MupError for a range, which has no end of values */
export function gridOf(space: Readonly<Record<string, Choice>>): Settings[] {
  return Object.entries(space).reduce<Settings[]>(
    (all, [name, choice]) => {
      if (!Array.isArray(choice)) throw new MupError(`"${name}" is a range: give a number of trials to draw, or a list of values`)
      return all.flatMap(s => (choice as readonly number[]).map(v => ({ ...s, [name]: v })))
    },
    [{}],
  )
}

/** Draws of every setting; number i is the same however many there are. */
export function drawnOf(space: Readonly<Record<string, Choice>>, trials: number, key: Key): Settings[] {
  return Array.from({ length: trials }, (_, i) =>
    Object.fromEntries(
      Object.entries(space).map(([name, choice]) => {
        const u = uniforms(key.fork(name).fork(i), 1)[0]!
        if (Array.isArray(choice)) return [name, choice[Math.floor(u * choice.length)]!]
        const { low, high, linear = false } = choice as Exclude<Choice, readonly number[]>
        return [name, linear ? low + u * (high - low) : low * Math.exp(u * Math.log(high / low))]
      }),
    ),
  )
}
