/** Definite phrases for things, and random descriptions. */
import { type Facts, isRelated, RELATIONS, type Thing } from '@dioramic/data'
import type { Key } from '@dioramic/scene'
import { chain, definite, described, distinguishing, matches, type Phrase, RELATION_TEXT } from './phrases.ts'

/** A definite phrase for a thing: by attributes, else by attributes and a relation to something that has such a phrase. */
export function nameOf(facts: Facts, thing: Thing): Phrase | undefined {
  const own = distinguishing(facts, thing)
  if (own) return definite(described(own))
  for (const anchor of facts.things) {
    const other = anchor === thing ? undefined : distinguishing(facts, anchor)
    if (!other) continue
    for (const relation of RELATIONS) {
      const alike = facts.things.filter(t => t !== anchor && isRelated(t, anchor, relation, facts.margin) && matches(t, thing.attributes))
      if (alike.length !== 1 || alike[0] !== thing) continue
      const base = described(other)
      const found = described(thing.attributes, chain(base.program, ['unique'], ['relate', relation]))
      return { text: `the ${found.text} ${RELATION_TEXT[relation]} the ${base.text}`, program: chain(found.program, ['unique']) }
    }
  }
  return undefined
}

/** A random part of a random thing's attributes. */
export function someAttributes(facts: Facts, key: Key): Record<string, string> {
  const { attributes } = key.fork('of').choice(facts.things)
  const kept = Object.keys(attributes).filter((_, i) => key.fork('keep').fork(i).bits() & 1)
  return Object.fromEntries(kept.map(a => [a, attributes[a]]))
}

/** One attribute of each of several things: often of nothing that is there. */
export function mixedAttributes(facts: Facts, key: Key): Record<string, string> {
  const names = [...new Set(facts.things.flatMap(t => Object.keys(t.attributes)))]
  const out: Record<string, string> = {}
  names.forEach((a, i) => {
    const word = key.fork('word').fork(i).choice(facts.things).attributes[a]
    if (word !== undefined && (a === 'category' || key.fork('keep').fork(i).bits() & 1)) out[a] = word
  })
  return out
}

/** A definite phrase that does not give the asked attribute away. */
export function nameWithout(facts: Facts, thing: Thing, attribute: string): Phrase | undefined {
  const { [attribute]: _, ...rest } = thing.attributes
  const matching = facts.things.filter(t => matches(t, rest))
  if (matching.length !== 1) return undefined
  return definite(described(rest))
}
