/**
 * Functional programs over what is in a clip, in the manner of CLEVR (Johnson et al. 2017) and CLEVRER (Yi et al. 2020): every sentence that a data
 * set says carries one, and running it gives the sentence's answer. Steps run in order; `inputs` name earlier steps.
 */
import { DataError } from '../error.ts'

export interface Thing {
  readonly id: number
  /** Such as category, size, color, material. */
  readonly attributes: Readonly<Record<string, string>>
  /** Metres towards the camera's right and away from it, on the level. */
  readonly place: readonly [number, number]
  /** Faster than `MOVING` at the frame. */
  readonly moving: boolean
}

/** What programs run on: the clip as one frame shows it, and what happens over all frames. */
export interface Facts {
  readonly frame: number
  /** Objects that are seen well enough to speak of, in the order of the record. */
  readonly things: readonly Thing[]
  /** Metres by which things must differ to be left of, or behind, each other. */
  readonly margin: number
  /** Ids of things that touched within the clip. */
  readonly collisions: readonly (readonly [number, number])[]
}

/** m/s. */
export const MOVING = 0.1

export const RELATIONS = ['left', 'right', 'front', 'behind'] as const
export type Relation = (typeof RELATIONS)[number]

/** All operators: what they take and give. `set` is a set of things, `thing` one of them. */
export const OPERATORS = {
  scene: 'all things → set',
  filter: 'set, value "attribute:word" → set of those that have it',
  moving: 'set → set of those that move in the frame',
  still: 'set → set of those that rest in the frame',
  unique: 'set of one → thing',
  relate: 'thing, value left | right | front | behind → set of those that lie so, seen from the camera',
  same: 'thing, value attribute → set of the others that share it',
  collides: 'thing → set of those that touch it within the clip',
  intersect: 'set, set → set',
  union: 'set, set → set',
  count: 'set → number',
  exist: 'set → true or false',
  query: 'thing, value attribute → word',
  id: 'thing → its id',
  equal: 'two numbers or words → true or false',
  greater: 'two numbers → true or false',
  less: 'two numbers → true or false',
  constant: 'value number → that number',
} as const
export type Operator = keyof typeof OPERATORS

export interface ProgramStep {
  readonly op: Operator
  readonly inputs: readonly number[]
  readonly value?: string
}
export type Program = readonly ProgramStep[]
export type Answer = string | number | boolean

type Value = readonly Thing[] | Thing | Answer

const isThing = (v: Value | undefined): v is Thing => typeof v === 'object' && 'id' in v

/** Runs a program; its last step is the answer. Throws `DataError` naming the step that cannot be run (`unique` of none or several, a missing input). */
export function runProgram(program: Program, facts: Facts): Answer {
  const results: Value[] = []
  program.forEach(({ op, inputs, value = '' }, i) => {
    const fail = (what: string) => new DataError(`step ${i} (${op}${value ? ` ${value}` : ''}) ${what}`)
    const input = (k: number): Value => {
      const at = inputs[k]
      if (at === undefined || !(at >= 0 && at < i)) throw fail(`needs input ${k}, a step before it`)
      return results[at]!
    }
    const set = (k: number): readonly Thing[] => {
      const v = input(k)
      if (!Array.isArray(v)) throw fail('needs a set of things')
      return v
    }
    const thing = (k: number): Thing => {
      const v = input(k)
      if (!isThing(v)) throw fail('needs one thing')
      return v
    }
    const plain = (k: number): Answer => {
      const v = input(k)
      if (typeof v === 'object') throw fail('needs a number or a word')
      return v
    }
    const step: Record<Operator, () => Value> = {
      scene: () => facts.things,
      filter: () => {
        const at = value.indexOf(':')
        return set(0).filter(t => t.attributes[value.slice(0, at)] === value.slice(at + 1))
      },
      moving: () => set(0).filter(t => t.moving),
      still: () => set(0).filter(t => !t.moving),
      unique: () => {
        const all = set(0)
        if (all.length !== 1) throw fail(`found ${all.length} things`)
        return all[0]!
      },
      relate: () => {
        const from = thing(0)
        return facts.things.filter(t => t !== from && isRelated(t, from, value as Relation, facts.margin))
      },
      same: () =>
        facts.things.filter(t => t !== thing(0) && t.attributes[value] !== undefined && t.attributes[value] === thing(0).attributes[value]),
      collides: () => {
        const { id } = thing(0)
        return facts.things.filter(
          t => t.id !== id && facts.collisions.some(([a, b]) => (a === id && b === t.id) || (b === id && a === t.id)),
        )
      },
      intersect: () => set(0).filter(t => set(1).includes(t)),
      union: () => facts.things.filter(t => set(0).includes(t) || set(1).includes(t)),
      count: () => set(0).length,
      exist: () => set(0).length > 0,
      query: () => {
        const word = thing(0).attributes[value]
        if (word === undefined) throw fail('asks for what the thing does not have')
        return word
      },
      id: () => thing(0).id,
      equal: () => plain(0) === plain(1),
      greater: () => plain(0) > plain(1),
      less: () => plain(0) < plain(1),
      constant: () => Number(value),
    }
    if (!Object.hasOwn(step, op))
      throw new DataError(`step ${i} has the unknown operator "${op}"; there are: ${Object.keys(OPERATORS).join(', ')}`)
    results.push(step[op]())
  })
  const last = results.at(-1)
  if (last === undefined || typeof last === 'object') throw new DataError('the program ends with things, not with an answer')
  return last
}

/** Whether `t` lies so of `from`. In front is nearer to the camera. */
export function isRelated(t: Thing, from: Thing, relation: Relation, margin: number): boolean {
  const axis = relation === 'left' || relation === 'right' ? 0 : 1
  const sign = relation === 'right' || relation === 'behind' ? 1 : -1
  return sign * (t.place[axis] - from.place[axis]) > margin
}
