/**
 * The words against the programs: a reader of its own takes every English sentence apart and answers it from the facts, without programs. Both must agree.
 */
import { type Answer, type Facts, type Program, runProgram, type Thing } from '@dioramic/data'
import { Key } from '@dioramic/scene'
import { describe, expect, test } from 'vitest'
import { fc, test as property } from '../../test/kit/property.ts'
import { compose } from './compose.ts'

const WORDS: Record<string, readonly string[]> = {
  size: ['small', 'large'],
  color: ['red', 'blue', 'gray'],
  material: ['metal', 'rubber'],
  category: ['cube', 'sphere', 'torus-knot'],
}
const words = Object.entries(WORDS).flatMap(([a, list]) => list.map(w => [w.replaceAll('-', ' '), a, w] as const))

/** Things that a noun phrase such as `large red cubes` fits. */
function fits(text: string, things: readonly Thing[]): Thing[] {
  let rest = ` ${text} `
  const asked: (readonly [string, string])[] = []
  for (const [w, attribute, word] of words) {
    const found = rest.match(new RegExp(` ${w}(?:s|es)? `))
    if (!found) continue
    asked.push([attribute, word])
    rest = rest.replace(found[0], ' ')
  }
  expect(rest.trim().replace(/^things?$/, ''), `not understood: "${rest}" of "${text}"`).toBe('')
  return things.filter(t => asked.every(([a, word]) => t.attributes[a] === word))
}
const SIDES: Record<string, (t: Thing, from: Thing, by: number) => boolean> = {
  'left of': (t, from, by) => t.place[0] < from.place[0] - by,
  'right of': (t, from, by) => t.place[0] > from.place[0] + by,
  'in front of': (t, from, by) => t.place[1] < from.place[1] - by,
  behind: (t, from, by) => t.place[1] > from.place[1] + by,
}
const SIDE = Object.keys(SIDES).join('|')

/** The one thing that `the red cube (left of the sphere)` means. */
function meant(text: string, facts: Facts): Thing {
  const chained = text.match(new RegExp(`^the (.+?) that is (${SIDE}) (the .+)$`))
  if (chained) {
    const from = meant(chained[3], facts)
    const found = fits(chained[1], facts.things).filter(t => t !== from && SIDES[chained[2]](t, from, facts.margin))
    expect(found.length, text).toBe(1)
    return found[0]
  }
  const m = text.toLowerCase().match(new RegExp(`^the (.+?)(?: (${SIDE}) the (.+))?$`))!
  let found = fits(m[1], facts.things)
  if (m[2]) {
    const [anchor, ...others] = fits(m[3], facts.things)
    expect(others).toEqual([])
    found = found.filter(t => t !== anchor && SIDES[m[2]](t, anchor, facts.margin))
  }
  expect(found.length, text).toBe(1)
  return found[0]
}
const touch = (a: Thing, b: Thing, f: Facts) => f.collisions.some(([x, y]) => (x === a.id && y === b.id) || (y === a.id && x === b.id))
const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten']
const number = (word: string) => (/^an?$/.test(word) ? 1 : NUMBERS.indexOf(word))

const attribute = (word: string) => (word === 'kind' ? 'category' : word)
/** The others that share what is called `word` with the thing that `text` means. */
function alike(word: string, text: string, f: Facts): Thing[] {
  const t = meant(text, f)
  return f.things.filter(o => o.id !== t.id && o.attributes[attribute(word)] === t.attributes[attribute(word)])
}
function one(things: readonly Thing[]): Thing {
  expect(things).toHaveLength(1)
  return things[0]
}

const READERS: readonly (readonly [RegExp, (m: RegExpMatchArray, f: Facts) => Answer])[] = [
  [/^There (?:is|are) (\w+) objects?\.$/, (m, f) => f.things.length === number(m[1])],
  [/^There (?:is|are) (\w+) (.+)\.$/, (m, f) => fits(m[2], f.things).length === number(m[1])],
  [/^(The .+) moves\.$/, (m, f) => meant(m[1], f).moving],
  [/^(The .+) and (the .+) touch\.$/, (m, f) => touch(meant(m[1], f), meant(m[2], f), f)],
  [
    new RegExp(`^How many (.+?) are both (${SIDE}) (the .+) and (${SIDE}) (the .+)\\?$`),
    (m, f) => {
      const [a, b] = [meant(m[3], f), meant(m[5], f)]
      return fits(m[1], f.things).filter(t => t !== a && t !== b && SIDES[m[2]](t, a, f.margin) && SIDES[m[4]](t, b, f.margin)).length
    },
  ],
  [
    new RegExp(`^Is there an? (.+?) (${SIDE}) (the .+)\\?$`),
    (m, f) => fits(m[1], f.things).some(t => t !== meant(m[3], f) && SIDES[m[2]](t, meant(m[3], f), f.margin)),
  ],
  [
    /^Do (the .+) and (the .+) have the same (\w+)\?$/,
    (m, f) => meant(m[1], f).attributes[attribute(m[3])] === meant(m[2], f).attributes[attribute(m[3])],
  ],
  [/^How many other things are of the same (\w+) as (the .+)\?$/, (m, f) => alike(m[1], m[2], f).length],
  [/^Is there another (.+) of the same (\w+) as (the .+)\?$/, (m, f) => alike(m[2], m[3], f).some(t => fits(m[1], f.things).includes(t))],
  [/^What is the other thing of the same (\w+) as (the .+)\?$/, (m, f) => one(alike(m[1], m[2], f)).attributes['category']],
  [/^What (\w+) is the other thing of the same (\w+) as (the .+)\?$/, (m, f) => one(alike(m[2], m[3], f)).attributes[m[1]]],
  [/^How many (.+) are there\?$/, (m, f) => fits(m[1], f.things).length],
  [/^Is there an? (.+)\?$/, (m, f) => fits(m[1], f.things).length > 0],
  [/^What is (the .+)\?$/, (m, f) => meant(m[1], f).attributes['category']],
  [/^What (\w+) is (the .+)\?$/, (m, f) => meant(m[2], f).attributes[m[1]]],
  [
    /^How many things are (.+) or (.+)\?$/,
    (m, f) => f.things.filter(t => fits(m[1], f.things).includes(t) || fits(m[2], f.things).includes(t)).length,
  ],
  [
    new RegExp(`^How many (.+?) are (${SIDE}) (the .+)\\?$`),
    (m, f) => fits(m[1], f.things).filter(t => t !== meant(m[3], f) && SIDES[m[2]](t, meant(m[3], f), f.margin)).length,
  ],
  [
    /^Is anything else of the same (\w+) as (the .+)\?$/,
    (m, f) => {
      const a = m[1] === 'kind' ? 'category' : m[1]
      const t = meant(m[2], f)
      return f.things.some(o => o !== t && o.attributes[a] === t.attributes[a])
    },
  ],
  [
    /^Are there (more|fewer|as many) (.+) (?:than|as) (.+)\?$/,
    (m, f) => {
      const [a, b] = [fits(m[2], f.things).length, fits(m[3], f.things).length]
      return m[1] === 'more' ? a > b : m[1] === 'fewer' ? a < b : a === b
    },
  ],
  [/^How many (.+) (move|rest)\?$/, (m, f) => fits(m[1], f.things).filter(t => t.moving === (m[2] === 'move')).length],
  [/^Do (the .+) and (the .+) touch in this clip\?$/, (m, f) => touch(meant(m[1], f), meant(m[2], f), f)],
  [
    /^How many things does (the .+) touch in this clip\?$/,
    (m, f) => f.things.filter(t => t !== meant(m[1], f) && touch(t, meant(m[1], f), f)).length,
  ],
]
function read(text: string, facts: Facts): Answer {
  for (const [pattern, answer] of READERS) {
    const m = text.match(pattern)
    if (m) return answer(m, facts)
  }
  throw new Error(`no reader for "${text}"`)
}

function facts(seed: number, count: number, given: Readonly<Record<string, readonly string[]>> = WORDS): Facts {
  const key = Key.fromSeed(seed)
  const things = key.times(count).map((k, i) => ({
    id: 3 * i + 2,
    attributes: Object.fromEntries(Object.entries(given).map(([a, list]) => [a, k.fork(a).choice(list)])),
    place: [k.fork('x').uniform(-2, 2), k.fork('y').uniform(-2, 2)] as const,
    moving: k.fork('m').bits() % 2 === 0,
  }))
  const pairs = things.flatMap((a, i) => things.slice(i + 1).map(b => [a.id, b.id] as const))
  return { frame: 3, things, margin: 0.1, collisions: pairs.filter((_, i) => key.fork('c').fork(i).uniform() < 0.2) }
}

describe('language', () => {
  const kinds = new Set<string>()
  property.prop(
    'says what is so: an independent reader of the English finds the answer of every sentence',
    fc.tuple(fc.nat(), fc.integer({ min: 0, max: 9 })),
    ([seed, count]) => {
      const f = facts(seed, count)
      const { captions, expressions, questions } = compose(f, Key.fromSeed(seed + 1))
      for (const s of captions) expect([s.text, s.answer, read(s.text, f)]).toEqual([s.text, true, true])
      for (const s of expressions) expect([s.text, s.answer]).toEqual([s.text, meant(s.text, f).id])
      for (const s of questions) {
        kinds.add(s.kind)
        expect([s.text, s.answer]).toEqual([s.text, read(s.text, f)])
      }
      for (const s of [...captions, ...expressions, ...questions]) expect(runProgram(s.program as Program, f)).toBe(s.answer)
      expect(new Set(questions.map(q => q.text)).size).toBe(questions.length)
    },
    60,
  )
  test('every kind of question was asked', () => {
    expect([...kinds].sort()).toEqual([
      ...[
        'collision',
        'compare',
        'comparison',
        'count',
        'either',
        'exist',
        'motion',
        'one-hop',
        'query',
        'relate',
        'same',
        'same-relate',
        'single-and',
      ],
      ...['three-hop', 'two-hop'],
    ])
  })

  test('answers are balanced: yes is as likely as no, no number is the usual one, words are even', () => {
    const CLEVR = {
      ...WORDS,
      color: ['gray', 'red', 'blue', 'green', 'brown', 'purple', 'cyan', 'yellow'],
      category: ['cube', 'sphere', 'cylinder'],
    }
    const tally = new Map<string, Map<Answer, number>>()
    for (let seed = 0; seed < 120; seed++)
      for (const { kind, answer } of compose(facts(seed, 3 + (seed % 8), CLEVR), Key.fromSeed(seed + 9)).questions) {
        const type = `${kind} ${typeof answer}`
        const counts = tally.get(type) ?? new Map<Answer, number>()
        tally.set(type, counts.set(answer, (counts.get(answer) ?? 0) + 1))
      }
    const shares = (type: string) => {
      const counts = [...tally.get(type)!.values()]
      return counts.map(n => n / counts.reduce((a, b) => a + b))
    }
    for (const kind of ['exist', 'same', 'compare', 'comparison', 'one-hop', 'two-hop', 'three-hop', 'same-relate']) {
      expect(shares(`${kind} boolean`), kind).toHaveLength(2)
      // Small clips have kinds with one answer only.
      expect(Math.min(...shares(`${kind} boolean`)), kind).toBeGreaterThan(0.35)
    }
    for (const kind of ['count', 'relate', 'two-hop', 'three-hop', 'single-and', 'same-relate', 'either'])
      expect(Math.max(...shares(`${kind} number`)), kind).toBeLessThan(0.5)
    for (const kind of ['query', 'one-hop', 'two-hop', 'three-hop', 'same-relate'])
      expect(Math.max(...shares(`${kind} string`)), kind).toBeLessThan(0.25)
  })

  test('things of one attribute are asked about it', () => {
    for (let seed = 0; seed < 40; seed++) {
      const one = facts(seed, 5, { category: ['cube', 'sphere', 'torus'] })
      for (const q of compose(one, Key.fromSeed(seed)).questions) expect(runProgram(q.program as Program, one)).toBe(q.answer)
    }
  })

  test('the same key says the same', () => {
    expect(compose(facts(1, 6), Key.fromSeed(2))).toEqual(compose(facts(1, 6), Key.fromSeed(2)))
    expect(compose(facts(1, 6), Key.fromSeed(2)).questions).not.toEqual(compose(facts(1, 6), Key.fromSeed(3)).questions)
  })
})
