/** Captions, referring expressions and questions of one frame of a clip, each with its program; answers come from running it. */
import {
  type Answer,
  type Facts,
  isRelated,
  type Language,
  type Program,
  type Question,
  RELATIONS,
  runProgram,
  type Sentence,
  type Thing,
} from '@dioramic/data'
import type { Key } from '@dioramic/scene'
import { both, chain, described, distinguishing, plural, RELATION_TEXT, SCENE, withArticle } from './phrases.ts'

/** Questions a clip at most, of each kind. */
const PER_KIND = 3
/** Tries to find a question of a kind that can be asked. */
const TRIES = 24

const sentence = (text: string, program: Program, facts: Facts): Sentence => ({
  text,
  program: program as Sentence['program'],
  answer: runProgram(program, facts),
})

/** `the red cube`, and the program that finds it. */
interface Named {
  readonly text: string
  readonly program: Program
}

/** A definite phrase for a thing: by attributes, else by attributes and a relation to something that has such a phrase. */
export function nameOf(facts: Facts, thing: Thing): Named | undefined {
  const own = distinguishing(facts, thing)
  if (own) {
    const { text, program } = described(own)
    return { text: `the ${text}`, program: chain(program, ['unique']) }
  }
  for (const anchor of facts.things) {
    const other = anchor === thing ? undefined : distinguishing(facts, anchor)
    if (!other) continue
    for (const relation of RELATIONS) {
      const alike = facts.things.filter(
        t =>
          t !== anchor &&
          isRelated(t, anchor, relation, facts.margin) &&
          Object.entries(thing.attributes).every(([a, word]) => t.attributes[a] === word),
      )
      if (alike.length !== 1 || alike[0] !== thing) continue
      const base = described(other)
      const found = described(thing.attributes, chain(base.program, ['unique'], ['relate', relation]))
      return { text: `the ${found.text} ${RELATION_TEXT[relation]} the ${base.text}`, program: chain(found.program, ['unique']) }
    }
  }
  return undefined
}

const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve']
const capital = (text: string) => text[0].toUpperCase() + text.slice(1)

function captions(facts: Facts): Sentence[] {
  const { things } = facts
  const out: Sentence[] = []
  const equals = (program: Program, n: number) => both(program, [{ op: 'constant', inputs: [], value: String(n) }], 'equal')
  const n = things.length
  out.push(
    sentence(
      `There ${n === 1 ? 'is' : 'are'} ${NUMBERS[n] ?? n} ${n === 1 ? 'object' : 'objects'}.`,
      equals(chain(SCENE, ['count']), n),
      facts,
    ),
  )
  const groups = new Map<string, { thing: Thing; count: number }>()
  for (const thing of things) {
    const key = described(thing.attributes).text
    groups.set(key, { thing, count: (groups.get(key)?.count ?? 0) + 1 })
  }
  for (const [text, { thing, count }] of groups) {
    const noun = count === 1 ? withArticle(text) : `${NUMBERS[count] ?? count} ${plural(text)}`
    out.push(
      sentence(`There ${count === 1 ? 'is' : 'are'} ${noun}.`, equals(chain(described(thing.attributes).program, ['count']), count), facts),
    )
  }
  for (const thing of things) {
    const name = nameOf(facts, thing)
    if (!name || !thing.moving) continue
    out.push(sentence(`${capital(name.text)} moves.`, movesProgram(name.program), facts))
  }
  const told = new Set<string>()
  for (const [a, b] of facts.collisions) {
    if (told.has(`${a} ${b}`)) continue
    told.add(`${a} ${b}`)
    const [one, two] = [a, b].map(id => nameOf(facts, things.find(t => t.id === id)!))
    if (one && two) out.push(sentence(`${capital(one.text)} and ${two.text} touch.`, touchProgram(one.program, two.program), facts))
  }
  return out
}

/** Whether the thing that `program` finds is among those that move. */
const movesProgram = (program: Program): Program => chain(both(asSet(program), chain(SCENE, ['moving']), 'intersect'), ['exist'])
const touchProgram = (a: Program, b: Program): Program => chain(both(chain(a, ['collides']), asSet(b), 'intersect'), ['exist'])
/** The set before `unique`. */
const asSet = (program: Program): Program => program.slice(0, -1)

function expressions(facts: Facts): Sentence[] {
  return facts.things.flatMap(thing => {
    const name = nameOf(facts, thing)
    return name ? [sentence(name.text, chain(name.program, ['id']), facts)] : []
  })
}

type Draft = readonly [text: string, program: Program]
/** Question kinds; each tries to make one from random choices. */
const KINDS: Readonly<Record<string, (facts: Facts, key: Key) => Draft | undefined>> = {
  count(facts, key) {
    const { text, program } = described(someAttributes(facts, key))
    return [`How many ${plural(text)} are there?`, chain(program, ['count'])]
  },
  exist(facts, key) {
    const attributes = mixedAttributes(facts, key)
    const { text, program } = described(attributes)
    return [`Is there ${withArticle(text)}?`, chain(program, ['exist'])]
  },
  query(facts, key) {
    const thing = key.fork('thing').choice(facts.things)
    const attribute = key.fork('attribute').choice(Object.keys(thing.attributes))
    const name = nameWithout(facts, thing, attribute)
    if (!name) return undefined
    return [
      attribute === 'category' ? `What is ${name.text}?` : `What ${attribute} is ${name.text}?`,
      chain(name.program, ['query', attribute]),
    ]
  },
  relate(facts, key) {
    const anchor = nameOf(facts, key.fork('thing').choice(facts.things))
    if (!anchor) return undefined
    const relation = key.fork('relation').choice(RELATIONS)
    const { text, program } = described(someAttributes(facts, key.fork('set')), chain(anchor.program, ['relate', relation]))
    return [`How many ${plural(text)} are ${RELATION_TEXT[relation]} ${anchor.text}?`, chain(program, ['count'])]
  },
  same(facts, key) {
    const thing = key.fork('thing').choice(facts.things)
    const attribute = key.fork('attribute').choice(Object.keys(thing.attributes))
    const name = nameOf(facts, thing)
    if (!name) return undefined
    const what = attribute === 'category' ? 'kind' : attribute
    return [`Is anything else of the same ${what} as ${name.text}?`, chain(name.program, ['same', attribute], ['exist'])]
  },
  compare(facts, key) {
    const [a, b] = ['a', 'b'].map(k => described(someAttributes(facts, key.fork(k))))
    if (a.text === b.text) return undefined
    const op = key.fork('op').choice(['greater', 'less', 'equal'] as const)
    const words = { greater: 'more', less: 'fewer', equal: 'as many' }[op]
    const than = op === 'equal' ? 'as' : 'than'
    return [
      `Are there ${words} ${plural(a.text)} ${than} ${plural(b.text)}?`,
      both(chain(a.program, ['count']), chain(b.program, ['count']), op),
    ]
  },
  either(facts, key) {
    const [a, b] = ['a', 'b'].map(k => described(someAttributes(facts, key.fork(k))))
    if (a.text === b.text) return undefined
    return [`How many things are ${plural(a.text)} or ${plural(b.text)}?`, chain(both(a.program, b.program, 'union'), ['count'])]
  },
  motion(facts, key) {
    const op = key.fork('op').choice(['moving', 'still'] as const)
    const { text, program } = described(someAttributes(facts, key.fork('set')))
    return [`How many ${plural(text)} ${op === 'moving' ? 'move' : 'rest'}?`, chain(program, [op], ['count'])]
  },
  collision(facts, key) {
    const [one, two] = key.fork('things').shuffle(facts.things)
    if (!two) return undefined
    const [a, b] = [nameOf(facts, one), nameOf(facts, two)]
    if (!a || !b) return undefined
    if (key.fork('form').bits() & 1) return [`Do ${a.text} and ${b.text} touch in this clip?`, touchProgram(a.program, b.program)]
    return [`How many things does ${a.text} touch in this clip?`, chain(a.program, ['collides'], ['count'])]
  },
}

/** A random part of a random thing's attributes. */
function someAttributes(facts: Facts, key: Key): Record<string, string> {
  const { attributes } = key.fork('of').choice(facts.things)
  const kept = Object.keys(attributes).filter((_, i) => key.fork('keep').fork(i).bits() & 1)
  return Object.fromEntries(kept.map(a => [a, attributes[a]]))
}

/** One attribute of each of several things: often of nothing that is there. */
function mixedAttributes(facts: Facts, key: Key): Record<string, string> {
  const names = [...new Set(facts.things.flatMap(t => Object.keys(t.attributes)))]
  const out: Record<string, string> = {}
  names.forEach((a, i) => {
    const word = key.fork('word').fork(i).choice(facts.things).attributes[a]
    if (word !== undefined && (a === 'category' || key.fork('keep').fork(i).bits() & 1)) out[a] = word
  })
  return out
}

/** A definite phrase that does not give the asked attribute away. */
function nameWithout(facts: Facts, thing: Thing, attribute: string): Named | undefined {
  const { [attribute]: _, ...rest } = thing.attributes
  const matching = facts.things.filter(t => Object.entries(rest).every(([a, word]) => t.attributes[a] === word))
  if (matching.length !== 1) return undefined
  const { text, program } = described(rest)
  return { text: `the ${text}`, program: chain(program, ['unique']) }
}

function questions(facts: Facts, key: Key): Question[] {
  if (facts.things.length === 0) return []
  return Object.entries(KINDS).flatMap(([kind, draft]) => {
    const found = new Map<string, Question>()
    const answers = new Map<Answer, number>()
    for (let i = 0; i < TRIES && found.size < PER_KIND; i++) {
      const made = draft(facts, key.fork(kind).fork(i))
      if (!made || found.has(made[0])) continue
      const { text, program, answer } = sentence(...made, facts)
      // One answer may not answer all questions of a kind while tries are left.
      if ((answers.get(answer) ?? 0) >= 2 && i < TRIES / 2) continue
      answers.set(answer, (answers.get(answer) ?? 0) + 1)
      found.set(text, { kind, text, program, answer })
    }
    return [...found.values()]
  })
}

/** All that is said of a clip at `facts.frame`. */
export const compose = (facts: Facts, key: Key): Language => ({
  frame: facts.frame,
  captions: captions(facts),
  expressions: expressions(facts),
  questions: questions(facts, key),
})
