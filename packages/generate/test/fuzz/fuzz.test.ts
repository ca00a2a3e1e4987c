// Random scenes, most of them extreme, through everything from the schema to encoded labels: pictures or a clear error, in time.
import { availableParallelism } from 'node:os'
import { Key } from '@dioramic/scene'
import { expect, test } from 'vitest'
import { runSeeds } from './run.ts'
import { randomScene } from './scenes.ts'
import type { Outcome } from './trial.ts'

const long = process.env['DIORAMA_LONG'] !== undefined
const first = Number(process.env['DIORAMA_SEED'] ?? (long ? Date.now() % 2 ** 31 : 0))
const count = Number(process.env['DIORAMA_SCENES'] ?? (long ? 10_000 : 60))

const told = (o: Outcome) => `scene ${o.seed} (DIORAMA_SEED=${o.seed} DIORAMA_SCENES=1 runs it alone): ${o.faults.join('\n  ')}`

test(
  `${count} random scenes from seed ${first}`,
  async () => {
    const seeds = Array.from({ length: count }, (_, i) => first + i)
    const outcomes = await runSeeds(seeds, long ? availableParallelism() : 1, o => {
      if (o.faults.length > 0) console.error(told(o))
    })
    expect(outcomes.filter(o => o.faults.length > 0).map(told)).toEqual([])
    // Scenes that are refused say nothing of pictures.
    const pictures = outcomes.filter(o => o.result === 'pictures').length
    if (count >= 60) expect(pictures / count, `only ${pictures} of ${count} scenes came to pictures`).toBeGreaterThan(0.3)
  },
  long ? 86_400_000 : 600_000,
)

test('a body that a mesh throws some metres in one step has a place of contact', async () => {
  const outcomes = await runSeeds([1004394], 1)
  expect(outcomes.flatMap(o => o.faults)).toEqual([])
}, 120_000)

test('a seed is a scene', () => {
  const scene = (seed: number) => JSON.stringify(randomScene(Key.fromSeed(seed)))
  expect(scene(3)).toBe(scene(3))
  expect(new Set([1, 2, 3, 4].map(scene)).size).toBe(4)
})
