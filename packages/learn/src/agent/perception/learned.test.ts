// Perceptions that are learned: they learn, and say what is wrong.
import { Key } from '@dioramic/tensor'
import { createArena, nodeRuntime } from '@dioramic/tensor/node'
import { expect, it } from 'vitest'
import { Draws } from '../draws.ts'
import { random } from '../policy/random.ts'
import { TMaze } from '../worlds/t-maze.ts'
import { picturePerception } from './picture.ts'
import { type Remembered, recurrentPerception } from './recurrent.ts'

const engine = { runtime: nodeRuntime({ threads: 1 }), arena: createArena }
const key = Key.fromSeed(3)

it('a picture tells where its bright square is, to a tenth of the width', async () => {
  const draws = Draws.fromSeed(1)
  const make = () => {
    const [x, y] = [draws.int(14), draws.int(14)]
    const data = new Float32Array(3 * 256).map(() => 0.2 * draws.uniform())
    for (let c = 0; c < 3; c++) for (const dy of [0, 1, 2]) for (const dx of [0, 1, 2]) data[c * 256 + (y + dy) * 16 + x + dx] = 0.9
    return { picture: { width: 16, height: 16, data }, at: Float64Array.of(x / 7 - 1, y / 7 - 1) }
  }
  const perception = await picturePerception({ engine, width: 16, height: 16, size: 2, key })
  const set = Array.from({ length: 32 * 60 }, make)
  for (let i = 0; i < 60 * 3; i++) {
    const batch = set.slice((i % 60) * 32, (i % 60) * 32 + 32)
    await perception.learn(
      batch.map(b => b.picture),
      batch.map(b => b.at),
    )
  }
  let worst = 0
  for (let i = 0; i < 50; i++) {
    const { picture, at } = make()
    const seen = await perception.perceive(null, null, picture)
    worst += Math.max(...seen.map((s, k) => Math.abs(s - at[k]!))) / 50
  }
  expect(worst).toBeLessThan(0.2)
  await expect(perception.perceive(null, null, { width: 8, height: 16, data: new Float32Array(384) }) as Promise<unknown>).rejects.toThrow(
    'picture 0 is 8 × 16; this perception was made for 16 × 16',
  )
  await perception.dispose()
})

it('a recurrent state that predicts reward has kept the sign of the T-maze', async () => {
  const perception = await recurrentPerception({ engine, observation: 4, actions: 3, key, units: 8, length: 12 })
  const draws = Draws.fromSeed(2)
  const world = new TMaze(3)
  const episodes: Remembered[][] = []
  for (let e = 0; e < 300; e++) {
    const episode: Remembered[] = []
    let observation = world.reset(key.fork(e))
    for (;;) {
      const action = random<number>(world.actions).sample(0 as never, draws) as number
      const o = world.step(action)
      episode.push({ observation, action, reward: o.reward })
      observation = o.observation
      if (o.terminal) break
    }
    episodes.push(episode)
  }
  let [first, last] = [0, 0]
  for (let i = 0; i < 250; i++) {
    const loss = await perception.learn(episodes, draws)
    if (i < 10) first += loss / 10
    if (i >= 240) last += loss / 10
  }
  // Without the sign the last reward (±1) cannot be known: its part of the loss would stay.
  expect(last).toBeLessThan(first / 5)
  await expect(perception.learn([], draws)).rejects.toThrow('at least one remembered episode')
  await perception.dispose()
})
