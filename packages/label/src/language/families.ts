/**
 * The families of CLEVR's questions that go from thing to thing (Johnson et al. 2017: comparison, one to three hops, single and, same relate), each made from random choices; undefined where a choice leads nowhere.
 */
import { type Facts, isRelated, type Program, RELATIONS, type Relation, type Thing } from '@dioramic/data'
import type { Key } from '@dioramic/scene'
import { nameOf, someAttributes } from './names.ts'
import { both, chain, definite, described, distinguishing, matches, type Phrase, plural, RELATION_TEXT, withArticle } from './phrases.ts'

type Draft = readonly [text: string, program: Program]

/** How a question calls an attribute. */
export const wordOf = (attribute: string): string => (attribute === 'category' ? 'kind' : attribute)
/** How a question that asks for an attribute begins. */
export const whatIs = (attribute: string) => (attribute === 'category' ? 'What is' : `What ${attribute} is`)

const relatedTo = (facts: Facts, from: Thing, relation: Relation): Thing[] =>
  facts.things.filter(t => t !== from && isRelated(t, from, relation, facts.margin))

/** A thing named by `hops` relations, one after the other, from one that its attributes tell from all others. */
function reached(facts: Facts, key: Key, hops: number): { readonly thing: Thing; readonly named: Phrase } | undefined {
  const start = key.fork('start').shuffle(facts.things)
  let thing = start.find(t => distinguishing(facts, t))
  if (!thing) return undefined
  let named = definite(described(distinguishing(facts, thing)!))
  for (let hop = 0; hop < hops; hop++) {
    const k = key.fork('hop').fork(hop)
    const relation = k.fork('relation').choice(RELATIONS)
    const things = relatedTo(facts, thing, relation)
    if (things.length === 0) return undefined
    thing = k.fork('thing').choice(things)
    const attributes = distinguishing({ ...facts, things }, thing)
    if (!attributes) return undefined
    const { text, program } = described(attributes, chain(named.program, ['relate', relation]))
    named = { text: `the ${text} that is ${RELATION_TEXT[relation]} ${named.text}`, program: chain(program, ['unique']) }
  }
  return { thing, named }
}

/** Counts, asks for, or describes what lies beyond `hops` − 1 things: `hops` relations in all. */
function hopping(
  facts: Facts,
  key: Key,
  hops: number,
  forms: readonly ('count' | 'exist' | 'query')[] = ['count', 'exist', 'query'],
): Draft | undefined {
  const from = reached(facts, key, hops - 1)
  if (!from) return undefined
  const relation = key.fork('last').choice(RELATIONS)
  const beyond = chain(from.named.program, ['relate', relation])
  const where = `${RELATION_TEXT[relation]} ${from.named.text}`
  const form = key.fork('form').choice(forms)
  if (form !== 'query') {
    const { text, program } = described(someAttributes(facts, key.fork('set')), beyond)
    return form === 'count'
      ? [`How many ${plural(text)} are ${where}?`, chain(program, ['count'])]
      : [`Is there ${withArticle(text)} ${where}?`, chain(program, ['exist'])]
  }
  const things = relatedTo(facts, from.thing, relation)
  if (things.length === 0) return undefined
  const asked = key.fork('asked').choice(things)
  const attribute = key.fork('attribute').choice(Object.keys(asked.attributes))
  const { [attribute]: _, ...rest } = asked.attributes
  if (things.filter(t => matches(t, rest)).length !== 1) return undefined
  const { text, program } = described(rest, beyond)
  return [`${whatIs(attribute)} the ${text} that is ${where}?`, chain(program, ['unique'], ['query', attribute])]
}

/** Without counts, which the kind `relate` asks for. */
export const oneHop = (facts: Facts, key: Key): Draft | undefined => hopping(facts, key, 1, ['exist', 'query'])
export const twoHop = (facts: Facts, key: Key): Draft | undefined => hopping(facts, key, 2)
export const threeHop = (facts: Facts, key: Key): Draft | undefined => hopping(facts, key, 3)

/** What lies on one side of a thing and on some side of another. */
export function singleAnd(facts: Facts, key: Key): Draft | undefined {
  const [one, two] = key.fork('things').shuffle(facts.things)
  const [a, b] = [one && nameOf(facts, one), two && nameOf(facts, two)]
  if (!a || !b) return undefined
  const [r, s] = ['first', 'second'].map(k => key.fork(k).choice(RELATIONS)) as [Relation, Relation]
  const where = both(chain(a.program, ['relate', r]), chain(b.program, ['relate', s]), 'intersect')
  const { text, program } = described(someAttributes(facts, key.fork('set')), where)
  return [`How many ${plural(text)} are both ${RELATION_TEXT[r]} ${a.text} and ${RELATION_TEXT[s]} ${b.text}?`, chain(program, ['count'])]
}

/** Whether two things share an attribute. */
export function comparison(facts: Facts, key: Key): Draft | undefined {
  const [one, two] = key.fork('things').shuffle(facts.things)
  const [a, b] = [one && nameOf(facts, one), two && nameOf(facts, two)]
  if (!a || !b || !one || !two) return undefined
  const shared = Object.keys(one.attributes).filter(x => two.attributes[x] !== undefined)
  const attribute = key.fork('attribute').choice(shared)
  const words = both(chain(a.program, ['query', attribute]), chain(b.program, ['query', attribute]), 'equal')
  return [`Do ${a.text} and ${b.text} have the same ${wordOf(attribute)}?`, words]
}

/** Counts, asks for, or describes the others that share an attribute with a thing. */
export function sameRelate(facts: Facts, key: Key): Draft | undefined {
  const thing = key.fork('thing').choice(facts.things)
  const named = nameOf(facts, thing)
  if (!named) return undefined
  const attribute = key.fork('attribute').choice(Object.keys(thing.attributes))
  const others = chain(named.program, ['same', attribute])
  const like = `of the same ${wordOf(attribute)} as ${named.text}`
  const form = key.fork('form').choice(['count', 'exist', 'query'] as const)
  if (form === 'count') return [`How many other things are ${like}?`, chain(others, ['count'])]
  if (form === 'exist') {
    const { [attribute]: _, ...rest } = someAttributes(facts, key.fork('set'))
    const { text, program } = described(rest, others)
    return [`Is there another ${text} ${like}?`, chain(program, ['exist'])]
  }
  const found = facts.things.filter(t => t !== thing && t.attributes[attribute] === thing.attributes[attribute])
  if (found.length !== 1) return undefined
  const unsaid = Object.keys(found[0].attributes).filter(a => a !== attribute)
  if (unsaid.length === 0) return undefined
  const asked = key.fork('asked').choice(unsaid)
  return [`${whatIs(asked)} the other thing ${like}?`, chain(others, ['unique'], ['query', asked])]
}
