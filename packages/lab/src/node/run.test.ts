import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { mean } from '../evidence.ts'
import { type Experiment, part } from '../experiment.ts'
import { findExperiment, runExperiment } from './run.ts'

const folder = mkdtempSync(join(tmpdir(), 'diorama-lab-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let runs = 0
const tiny = (offset: number, bad = false): Experiment => ({
  name: 'tiny',
  title: 'Tiny',
  about: 'Adds <numbers>.',
  code: ['lab/src/node'],
  parts: [
    part({
      name: 'sums',
      about: 'Sums.',
      arms: ['plain', 'more'],
      config: quick => ({ seeds: quick ? 1 : 3, offset }),
      seconds: () => 0.01,
      run: ({ arm, seed, config, key }) => {
        runs++
        return { value: bad ? Number.NaN : seed + config.offset + (arm === 'more' ? 10 : 0), word: key.words[0] }
      },
      conclude: of => {
        const [plain, more] = [of('plain'), of('more')]
        expect(more.map(r => r.word)).toEqual(plain.map(r => r.word))
        return {
          claims: [
            mean(
              'sums: difference',
              more.map((r, i) => r.value - plain[i]!.value),
            ),
          ],
        }
      },
    }),
  ],
})

test('a run is kept and used again by the same code and settings only; the quick form is computed afresh', async () => {
  const out = join(folder, 'out')
  const go = (e: Experiment, quick = false) => runExperiment(e, { out, quick, command: 'test', json: join(folder, 'evidence.json') })
  const evidence = await go(tiny(0))
  expect(runs).toBe(6)
  expect(evidence.claims[0]).toMatchObject({ claim: 'sums: difference', value: 10, interval: [10, 10], holds: null })
  expect(JSON.parse(readFileSync(join(folder, 'evidence.json'), 'utf8'))).toEqual(evidence)
  expect(readFileSync(join(out, 'index.html'), 'utf8')).toContain('Adds &lt;numbers&gt;.')
  await go(tiny(0))
  expect(runs).toBe(6)
  // A record that a killed process left torn is made again.
  const records = readdirSync(join(out, 'records', 'sums'))
  writeFileSync(join(out, 'records', 'sums', records[0]!), '{"result":')
  await go(tiny(0))
  expect(runs).toBe(7)
  await go(tiny(1))
  expect(runs).toBe(13)
  await go(tiny(0), true)
  await go(tiny(0), true)
  expect(runs).toBe(17)
})

test('what cannot be done is said', async () => {
  const options = { out: join(folder, 'bad'), command: 'test' }
  await expect(findExperiment('theroy')).rejects.toThrow(/no experiment "theroy"; there are: .*theory/)
  await expect(runExperiment(tiny(0), { ...options, parts: ['sum'] })).rejects.toThrow('tiny has no part "sum"; it has: sums')
  await expect(runExperiment(tiny(0, true), options)).rejects.toThrow('the record of sums, plain, seed 0 holds NaN at /value')
})
