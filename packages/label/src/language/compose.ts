/** Captions, referring expressions and questions of one frame of a clip, each with its program; answers come from running it. */
import {
  type Answer,
  type Facts,
  type Language,
  type Program,
  type Question,
  RELATIONS,
  runProgram,
  type Sentence,
  type Thing,
} from '@dioramic/data'
import type { Key } from '@dioramic/scene'
import { comparison, oneHop, sameRelate, singleAnd, threeHop, twoHop, whatIs, wordOf } from './families.ts'
import { mixedAttributes, nameOf, nameWithout, someAttributes } from './names.ts'
import { both, chain, described, plural, RELATION_TEXT, SCENE, withArticle } from './phrases.ts'

/** Questions a clip at most, of each kind. */
const PER_KIND = 3
/** Tries of a kind, from which its questions are chosen. */
const TRIES = 24

const sentence = (text: string, program: Program, facts: Facts): Sentence => ({
  text,
  program: program as Sentence['program'],
  answer: runProgram(program, facts),
})

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
    return [`${whatIs(attribute)} ${name.text}?`, chain(name.program, ['query', attribute])]
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
    return [`Is anything else of the same ${wordOf(attribute)} as ${name.text}?`, chain(name.program, ['same', attribute], ['exist'])]
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
  'one-hop': oneHop,
  'two-hop': twoHop,
  'three-hop': threeHop,
  'single-and': singleAnd,
  comparison,
  'same-relate': sameRelate,
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

/**
 * Questions of every kind. Answers are drawn first, evenly from those that the tries of a kind lead to, then a question that has it: yes is as likely as no
 * wherever both can be asked, and no number is the usual one.
 */
function questions(facts: Facts, key: Key): Question[] {
  if (facts.things.length === 0) return []
  return Object.entries(KINDS).flatMap(([kind, draft]) => {
    const byAnswer = new Map<Answer, Map<string, Question>>()
    for (let i = 0; i < TRIES; i++) {
      const made = draft(facts, key.fork(kind).fork(i))
      if (!made) continue
      const { text, program, answer } = sentence(...made, facts)
      const like = byAnswer.get(answer) ?? new Map<string, Question>()
      byAnswer.set(answer, like)
      if (!like.has(text)) like.set(text, { kind, text, program, answer })
    }
    const chosen: Question[] = []
    while (chosen.length < PER_KIND && byAnswer.size > 0) {
      const k = key.fork(kind).fork('chosen').fork(chosen.length)
      const answer = k.fork('answer').choice([...byAnswer.keys()])
      const like = byAnswer.get(answer)!
      const question = k.fork('question').choice([...like.values()])
      chosen.push(question)
      like.delete(question.text)
      if (like.size === 0) byAnswer.delete(answer)
    }
    return chosen
  })
}

/** All that is said of a clip at `facts.frame`. */
export const compose = (facts: Facts, key: Key): Language => ({
  frame: facts.frame,
  captions: captions(facts),
  expressions: expressions(facts),
  questions: questions(facts, key),
})
