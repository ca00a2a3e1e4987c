import { interpreter, Key } from '@dioramic/tensor'
import { describe, expect, it } from 'vitest'
import { characterTokeniser } from '../characters.ts'
import { bigramTable, pairCost, trigramState } from '../table.test-kit.ts'
import { choose } from './choose.ts'
import { choiceItems } from './items.ts'
import { CHOICE_SETS, choiceSet } from './sets.ts'

const key = Key.fromSeed(4)
const tokeniser = characterTokeniser(['abc \n'])
const number = (c: string) => Number((tokeniser.encode(c).data as BigInt64Array)[0])

const close = (got: readonly number[], want: readonly number[]) => {
  expect(got).toHaveLength(want.length)
  for (const [i, v] of got.entries()) expect(v).toBeCloseTo(want[i]!, 4)
}

describe('choosing by likelihood', () => {
  const items = [
    { context: 'ab ', choices: ['c', 'ab'], answer: 0 },
    { context: 'cab', choices: [' b', 'ca', 'b'], answer: 2 },
    { context: '', choices: ['a', 'bb'], answer: 1 },
  ]
  it('sums what the tokens of each choice cost after the context, and after none', async () => {
    const model = bigramTable(tokeniser.size, 6)
    const values = model.layer.init(key)
    const cost = pairCost(values.params)
    const nats = (text: string, from: number) =>
      [...text].reduce((s, c, i) => (i < from ? s : s + cost(number(text[i - 1]!), number(c))), 0)
    const found = await choose(items, { model, values, tokeniser, runtime: interpreter(), batch: 2 })
    // White space at the end of the context is the choice's.
    const after = [
      [' c', ' ab'].map(c => -nats(`ab${c}`, 2)),
      [' b', 'ca', 'b'].map(c => -nats(`cab${c}`, 3)),
      ['a', 'bb'].map(c => -nats(`\n${c}`, 1)),
    ]
    const alone = [
      [' c', ' ab'],
      [' b', 'ca', 'b'],
      ['a', 'bb'],
    ].map(l => l.map(c => -nats(`\n${c}`, 1)))
    close(
      found.likelihoods.flatMap(l => [...l.after, ...l.alone]),
      after.flatMap((a, i) => [...a, ...alone[i]!]),
    )
    const best = (list: readonly number[]) => list.indexOf(Math.max(...list))
    const right = (of: (i: number, c: number) => number) =>
      items.filter((it, i) => best(it.choices.map((_, c) => of(i, c))) === it.answer).length
    expect(found.scores.map(s => [s.rule, s.right])).toEqual([
      ['sum', right((i, c) => after[i]![c]!)],
      ['perByte', right((i, c) => after[i]![c]! / items[i]!.choices[c]!.length)],
      ['calibrated', right((i, c) => after[i]![c]! - alone[i]![c]!)],
    ])
    expect(found.chance).toBeCloseTo((1 / 2 + 1 / 3 + 1 / 2) / 3, 12)
  })
  it('of a model that carries its state reads all of a long context, whatever its segments', async () => {
    const long = [
      { context: 'abc cab acb', choices: ['bbab cb', 'ca'], answer: 0 },
      { context: 'c', choices: ['aab', 'b'], answer: 1 },
    ]
    const all: number[][] = []
    for (const [time, lanes] of [
      [20, 1],
      [4, 3],
    ] as const) {
      const model = trigramState(tokeniser.size, time, lanes)
      all.push(
        (await choose(long, { model, values: model.layer.init(key), tokeniser, runtime: interpreter() })).likelihoods.flatMap(l => [
          ...l.after,
          ...l.alone,
        ]),
      )
    }
    close(all[1]!, all[0]!)
  })
  it('refuses what does not fit', async () => {
    const model = bigramTable(tokeniser.size, 3)
    const ask = (o: object) =>
      choose([{ context: 'a', choices: ['abca', 'b'], answer: 0 }], {
        model,
        values: model.layer.init(key),
        tokeniser,
        runtime: interpreter(),
        ...o,
      })
    await expect(ask({})).rejects.toThrow(/item 1 has a choice of 4 tokens; the model's window scores 3/)
    await expect(ask({ model: { ...model, time: 8, scoredFrom: 3 } })).rejects.toThrow(
      /predicts from token 4 of a window on; a context has 1/,
    )
  })
})

describe('items', () => {
  it('of JSON lines are checked line by line', () => {
    expect(choiceItems('{"context": "a", "choices": ["b", "c"], "answer": 1}\n\n', 'x.jsonl')).toHaveLength(1)
    for (const [line, wrong] of [
      ['{', /x.jsonl, line 2: this is no JSON/],
      ['{"choices": ["b", "c"], "answer": 1}', /line 2: "context"/],
      ['{"context": "a", "choices": ["b"], "answer": 0}', /line 2: "choices"/],
      ['{"context": "a", "choices": ["b", "c"], "answer": 2}', /line 2: "answer" is not a number from 0 to 1/],
    ] as const)
      expect(() => choiceItems(`{"context": "a", "choices": ["b", "c"], "answer": 1}\n${line}`, 'x.jsonl')).toThrow(wrong)
    expect(() => choiceItems('\n', 'x.jsonl')).toThrow(/holds no items/)
  })

  const word = (i: number) =>
    ['ship', 'whale', 'ocean', 'captain', 'harbour', 'storm', 'sailor', 'anchor', 'island', 'lantern', 'compass', 'voyage'][i % 12]!
  const prose = Array.from(
    { length: 300 },
    (_, i) => `The ${word(i * 5 + 1)} of the ${word(i * i + 2)} met ${'a very old '.repeat(1 + (i % 3))}${word(i * 7)} number ${i}.`,
  ).join(' ')
  const code = Array.from({ length: 80 }, (_, i) => `const value${i} = call(list[index + ${i}], { first: 1, second: other(${i}) })\n`).join(
    '',
  )
  const text: Record<string, string> = { continuation: prose, cloze: prose, brackets: code }

  for (const name of CHOICE_SETS)
    it(`of the set ${name} have one true continuation, at every place alike, and are the same again`, () => {
      const items = choiceSet(name, [text[name]!], { count: 60, key, context: 80 })
      expect(items).toHaveLength(60)
      const places = items[0]!.choices.map((_, p) => items.filter(i => i.answer === p).length)
      for (const p of places) expect(p).toBeGreaterThan(5)
      for (const { context, choices, answer } of items) {
        expect(text[name]).toContain(context + choices[answer])
        expect(new Set(choices).size).toBe(choices.length)
        expect(context.length).toBeGreaterThanOrEqual(80)
      }
      expect(choiceSet(name, [text[name]!], { count: 60, key, context: 80 })).toEqual(items)
      expect(choiceSet(name, [text[name]!], { count: 60, key: key.fork(1), context: 80 })).not.toEqual(items)
      expect(() => choiceSet(name, ['too short'], { count: 5, key })).toThrow(/no items/)
    })
  it('with brackets have each as the answer as often, and only what is open is closed', () => {
    const items = choiceSet('brackets', [code], { count: 60, key, context: 80 })
    expect([0, 1, 2].map(p => items.filter(i => i.answer === p).length)).toEqual([20, 20, 20])
    for (const { context, answer } of items) {
      let depth = 0
      let k = context.length - 1
      for (; k >= 0; k--) {
        if (')]}'.includes(context[k]!)) depth++
        else if ('([{'.includes(context[k]!) && depth-- === 0) break
      }
      expect(context[k]).toBe('([{'[answer])
    }
  })
})
