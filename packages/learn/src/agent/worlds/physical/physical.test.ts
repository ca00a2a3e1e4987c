import { createRenderer } from '@dioramic/render'
import { loadKernel } from '@dioramic/render/node'
import { NO_ASSETS, resolveScene, sceneSchema, vec3At } from '@dioramic/scene'
import { Key } from '@dioramic/tensor'
import { describe, expect, it } from 'vitest'
import { Draws } from '../../draws.ts'
import { random } from '../../policy/random.ts'
import { balance } from './balance.ts'
import { labyrinth } from './labyrinth.ts'
import { PixelWorld } from './pixels.ts'
import { push } from './push.ts'
import { Recorded } from './recorded.ts'
import { sort } from './sort.ts'
import type { Task } from './task.ts'
import { PhysicalWorld } from './world.ts'

// biome-ignore lint/suspicious/noExplicitAny: tasks differ in their actions and goals.
const tasks: readonly Task<any, any>[] = [balance, labyrinth, push, sort]

describe.each(tasks.map(t => [t.name, t] as const))('%s', (_name, task) => {
  const play = async (world: PhysicalWorld<never>, act: (state: Float64Array) => never, episodes: number) => {
    let good = 0
    for (let e = 0; e < episodes; e++) {
      let state = world.reset(Key.fromSeed(e))
      for (;;) {
        const o = world.step(act(state))
        expect(o.observation).toHaveLength(task.size)
        state = o.observation
        if (o.terminal || o.truncated) break
      }
      if (world.succeeded) good++
    }
    world.close()
    return good
  }

  it('a hand-written controller succeeds, chance does not', async () => {
    const world = (await PhysicalWorld.create(task)) as PhysicalWorld<never>
    expect(await play(world, s => task.scripted(s) as never, 8)).toBe(8)
    const draws = Draws.fromSeed(1)
    expect(await play(world, () => random<never>(task.actions).sample(0 as never, draws) as never, 8)).toBeLessThanOrEqual(2)
  })

  it('a recorded episode is a scene that shows it again', async () => {
    const recorded = new Recorded(await PhysicalWorld.create(task))
    let state = recorded.reset(Key.fromSeed(3))
    const poses = [recorded.physical.poses()]
    for (let i = 0; i < 8; i++) {
      state = recorded.step(task.scripted(state) as never).observation
      poses.push(recorded.physical.poses())
    }
    const scene = sceneSchema.parse(recorded.scene([64, 48]))
    expect(scene.frames).toBe(8)
    expect(scene.cameras[0]!.resolution).toEqual([64, 48])
    expect(scene.metadata['actions']).toHaveLength(8)
    expect(scene.metadata['rewards']).toHaveLength(8)
    resolveScene(scene, NO_ASSETS)
    for (const o of scene.objects) {
      // Frame f is half-way between what was before step f and what was after it.
      for (const f of [0, 4, 7]) {
        const [before, after] = [poses[f]!.get(o.id)!.position, poses[f + 1]!.get(o.id)!.position]
        vec3At(o.position, f / scene.fps).forEach((x, k) => {
          expect(x).toBeCloseTo((before[k]! + after[k]!) / 2, 9)
        })
      }
    }
    recorded.close()
  })
})

it('pixels: the same key and actions, the same pictures; the picture changes with the world', async () => {
  const renderer = await createRenderer(await loadKernel())
  const run = async (seed: number) => {
    const world = new PixelWorld(await PhysicalWorld.create(sort), { renderer, spp: 1 })
    const first = world.reset(Key.fromSeed(seed))
    let last = first
    for (let i = 0; i < 12; i++) last = world.step(sort.scripted(world.measured)).observation
    world.close()
    return { first, last }
  }
  const [a, b, other] = [await run(1), await run(1), await run(2)]
  expect(a.first.data).toHaveLength(3 * 32 * 32)
  expect(a).toEqual(b)
  expect(a.first).not.toEqual(other.first)
  // What moved: more than noise, somewhere.
  const most = Math.max(...a.first.data.map((v, i) => Math.abs(v - a.last.data[i]!)))
  expect(most).toBeGreaterThan(0.4)
})

it('says what is wrong', async () => {
  const world = await PhysicalWorld.create(push)
  expect(() => world.step([0, 0])).toThrow('push: the episode is over or has not begun; call reset(key)')
  world.reset(Key.fromSeed(0))
  expect(() => world.step([0, 3])).toThrow('0,3 is not an action of')
  expect(() => world.step([Number.NaN, 0])).toThrow('is not an action of')
  world.close()
})
