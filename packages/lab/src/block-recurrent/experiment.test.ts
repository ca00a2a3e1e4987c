import { f32, Key, type NDArray, numbersOf, type Tree } from '@dioramic/tensor'
import { expect, test } from 'vitest'
import { ownProcess } from '../node/own-process.ts'
import { slope } from './cost.ts'
import { type Held, type MemoryQuestion, PROCESS } from './memory.ts'
import { documents, FACTS } from './task.ts'
import { withoutMemory } from './text.ts'

test('documents ask for what they began with, at the distance that they say, and never say it again', () => {
  const [batch, time] = [3, 32]
  const segments = documents(Key.fromSeed(5), batch, time, 3)
  for (let row = 0; row < batch; row++) {
    const of = (f: 'x' | 'y' | 'asked' | 'distance') =>
      segments.flatMap(s => [...numbersOf(s[f])].slice(row * time, (row + 1) * time).map(Number))
    const [x, y, asked, distance] = [of('x'), of('y'), of('asked'), of('distance')] as const
    const facts = x.slice(0, FACTS)
    const answers = new Map<number, number>()
    for (let t = 0; t < x.length; t++) {
      if (t >= FACTS) expect(facts).not.toContain(x[t])
      if (asked[t] === 0) continue
      expect(x[t - distance[t]!]).toBe(y[t])
      expect(answers.get(x[t]!) ?? y[t]).toBe(y[t])
      answers.set(x[t]!, y[t]!)
    }
    expect([...answers.values()].sort()).toEqual([...facts].sort())
  }
  expect([...numbersOf(segments[0]!.start)]).toEqual([1, 1, 1])
  expect([...numbersOf(segments[1]!.start)]).toEqual([0, 0, 0])
})

test('the slope of powers is their exponent', () => {
  expect(slope([1, 2, 4, 8].map(n => [512 * n, 0.3 * n ** 2]))).toBeCloseTo(2, 12)
})

test('gates shut and nothing else', () => {
  const of = (v: number): NDArray => f32([v, v])
  const params = { a: { cell: { gate: { bias: of(1) }, ids: of(2) }, bias: of(3) } }
  expect(withoutMemory(params as Tree<NDArray>)).toEqual({ a: { cell: { gate: { bias: of(100) }, ids: of(2) }, bias: of(3) } })
})

test('a process of its own tells what it holds after each part, and what is wrong with it', () => {
  const held = ownProcess<MemoryQuestion, Held[]>(PROCESS, { tokens: 64, parts: 4, words: [1, 2] })
  expect(held).toHaveLength(4)
  for (const { used, resident } of held) {
    // More than an empty engine, less than the process.
    expect(used).toBeGreaterThan(5)
    expect(resident).toBeGreaterThan(used)
  }
  expect(() => ownProcess(PROCESS, { tokens: 64, parts: 4, words: [-1, 2] })).toThrow(/two u32 words/)
})
