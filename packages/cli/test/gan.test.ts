// `diorama gan` as a person runs it: train, go on, sample, measure, and what is wrong said.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { loadRows } from '@dioramic/learn/node'
import { drawnDigits } from '@dioramic/learn/theory'
import { Key } from '@dioramic/tensor'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { diorama, events, scratch } from './diorama.ts'

const s = scratch()
afterAll(s.clean)
const run = (...args: readonly string[]) => diorama(['gan', ...args], { cwd: s.folder })

beforeAll(() => {
  const digits = drawnDigits(120, Key.fromSeed(1))
  writeFileSync(s.at('digits.csv'), digits.x.map((r, i) => `${[...r].map(v => 16 * v).join(',')},${digits.y[i]}\n`).join(''))
})

test('train, go on, sample, measure', async () => {
  const train = ['train', 'digits.csv', '--shape', '1x8x8', '--classes', '--updates', '60', '--out', 'gan']
  const first = await run(...train)
  expect(first.err).toBe('')
  expect(first.code).toBe(0)
  expect(events(first.out).at(-1)).toMatchObject({ event: 'trained', updates: 60, resumed: false })
  const sheet = readFileSync(s.at('gan', 'sheet.png'))
  expect([sheet.toString('latin1', 1, 4), sheet.readUInt32BE(16), sheet.readUInt32BE(20)]).toEqual(['PNG', 342, 342])
  const state = readFileSync(s.at('gan', 'run.safetensors'))
  const again = await run(...train)
  expect(events(again.out).at(-1)).toMatchObject({ resumed: true })
  expect(readFileSync(s.at('gan', 'run.safetensors')).equals(state)).toBe(true)

  expect((await run('sample', 'gan', '--count', '30', '--label', '3', '--out', 'three.npz')).code).toBe(0)
  const { x, y, shape } = loadRows(s.at('three.npz'))
  expect([x.length, ...shape]).toEqual([30, 1, 8, 8])
  expect(y.every(v => v === 3)).toBe(true)
  const { range } = JSON.parse(readFileSync(s.at('gan', 'gan.json'), 'utf8')) as { range: [number, number] }
  for (const row of x) for (const v of row) expect(v >= range[0] - 1e-3 && v <= range[1] + 1e-3).toBe(true)

  const measured = await run('evaluate', 'gan', 'digits.csv', '--train', 'digits.csv', '--count', '100')
  expect(measured.err).toBe('')
  const facts = events(measured.out).at(-1)!
  expect(facts['judge']).toMatch(/^mlp-64-32 sha256:/)
  for (const name of ['frechet', 'kernel', 'precision', 'recall', 'coverage', 'closer', 'agreement'])
    expect(typeof facts[name]).toBe('number')
})

test('what is wrong is said, and nothing is left', async () => {
  writeFileSync(s.at('flat.csv'), '1,1,0\n1,1,0\n')
  for (const [args, message] of [
    [['train', 'digits.csv', '--recipe', 'dream', '--out', 'never'], /there is no recipe "dream"; there are: mlp, semi-supervised/],
    [['train', 'digits.csv', '--shape', '1x9x9', '--out', 'never'], /sample 1 has 64 numbers; 1 × 9 × 9 has 81/],
    [['train', 'flat.csv', '--out', 'never'], /all numbers of the data are 1: there is nothing to learn/],
    [['train', 'digits.csv', '--shape', '1x8x8', '--updates', '70', '--out', 'gan'], /gan holds a run with other settings or data/],
    [['sample', 'nowhere'], /nowhere holds no GAN \(no gan\.json\)/],
    [['sample', 'gan', '--label', '12'], /label 0 is 12; "conditional mlp" knows classes 0 to 9/],
  ] as const) {
    const { code, err } = await run(...args)
    expect(err).toMatch(message)
    expect(code).toBe(2)
    expect(existsSync(s.at('never'))).toBe(false)
  }
})
