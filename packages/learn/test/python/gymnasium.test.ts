// Environments of Gymnasium over a pipe. Skipped, with the reason, where it is not installed.
import { spawnSync } from 'node:child_process'
import { Key } from '@dioramic/tensor'
import { expect, type TestContext, test } from 'vitest'
import { Agent, CartPole, greedy, identity, LinearActionValues, learnEpisode, tileCoding } from '../../src/agent/index.ts'
import { gymnasiumWorld } from '../../src/node/index.ts'

const interpreter = [process.env['DIORAMA_PYTHON'] ?? 'python3', '/usr/bin/python3'].find(
  p => spawnSync(p, ['-c', 'import gymnasium, numpy'], { encoding: 'utf8' }).status === 0,
)
/** The interpreter that has gymnasium; skips the test where none does. */
const gymnasium = (context: TestContext): string =>
  interpreter ?? context.skip('no Python has gymnasium: pip install gymnasium, or set DIORAMA_PYTHON')
const key = Key.fromSeed(5)

test('CartPole-v1 and our cart and pole are the same world', async context => {
  const world = await gymnasiumWorld({ id: 'CartPole-v1', python: gymnasium(context) })
  expect(world.actions).toEqual({ type: 'discrete', count: 2 })
  expect(world.observations).toMatchObject({ type: 'box' })
  const ours = new CartPole()
  for (let e = 0; e < 3; e++) {
    ours.resetTo((await world.reset(key.fork(e))) as Float64Array)
    for (let i = 0; ; i++) {
      const [theirs, own] = [await world.step((i >> 2) & 1), ours.step((i >> 2) & 1)]
      // Their observations are float32.
      ;(theirs.observation as Float64Array).forEach((x, k) => {
        expect(x).toBeCloseTo(own.observation[k]!, 5)
      })
      expect([theirs.reward, theirs.terminal]).toEqual([own.reward, own.terminal])
      if (own.terminal) break
    }
  }
  await world.close()
})

test('the same key gives the same episode, and an agent lives in it', async context => {
  const world = await gymnasiumWorld({ id: 'CartPole-v1', python: gymnasium(context) })
  expect(await world.reset(key)).toEqual(await world.reset(key))
  const tiles = tileCoding({ low: [-2.4, -3, -0.21, -3], high: [2.4, 3, 0.21, 3], tiles: 4 })
  const run = async () => {
    const value = new LinearActionValues(tiles, { actions: 2, discount: 0.99, rate: 0.3 })
    // biome-ignore lint/suspicious/noExplicitAny: observations here are vectors.
    const agent = new Agent<any, any, any>({ perception: identity(), policy: greedy(value, 0.05), value }, key)
    const steps: number[] = []
    for (let e = 0; e < 5; e++) steps.push((await learnEpisode(agent, world, { key: key.fork(e) })).steps)
    return steps
  }
  expect(await run()).toEqual(await run())
  await world.close()
})

test('errors name what is wrong: the id, a process that dies', async context => {
  const python = gymnasium(context)
  await expect(gymnasiumWorld({ id: 'CartPool-v1', python })).rejects.toThrow(/CartPool-v1 in .*doesn't exist/)
  const world = await gymnasiumWorld({ id: 'CartPole-v1', python })
  process.kill(world.pid!)
  await expect(world.reset(key)).rejects.toThrow(`CartPole-v1 in ${python}: the Python process ended (SIGTERM)`)
  await expect(world.step(0)).rejects.toThrow('the Python process ended')
  await world.close()
})

test('without Python: says which interpreter was tried and what to do', async () => {
  await expect(gymnasiumWorld({ id: 'CartPole-v1', python: '/no/such/python' })).rejects.toThrow(
    /\/no\/such\/python.*ENOENT.*DIORAMA_PYTHON/,
  )
})
