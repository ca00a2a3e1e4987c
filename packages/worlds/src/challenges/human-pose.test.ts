import { Key, NO_ASSETS, resolveScene, type Scene, sceneSchema } from '@dioramic/scene'
import { expect, test } from 'vitest'
import type { SceneBuilder } from '../builder/scene.ts'
import { humanPose } from './human-pose.ts'

async function build(seed: number, config: Record<string, unknown> = {}): Promise<Scene> {
  const built = humanPose.build({ key: Key.fromSeed(seed), config: humanPose.config.parse(config), assets: NO_ASSETS }) as SceneBuilder
  return sceneSchema.parse(await built.finish(NO_ASSETS))
}

test('people are as many as asked for, stand apart and are posed; the seed decides everything', async () => {
  const s = await build(0, { minPeople: 2, maxPeople: 2, poses: 'yoga' })
  expect(JSON.stringify(await build(0, { minPeople: 2, maxPeople: 2, poses: 'yoga' })) === JSON.stringify(s)).toBe(true)
  const people = s.objects.filter(o => o.category === 'person')
  expect(people).toHaveLength(2)
  const [a, b] = people.map(p => p.position as [number, number, number])
  expect(Math.hypot(a![0] - b![0], a![1] - b![1])).toBeGreaterThan(2)
  const { environment: _environment, ...rest } = s
  const resolved = resolveScene(rest as Scene, NO_ASSETS)
  for (const p of people) expect(resolved.objects[p.id - 1]!.deformation).toBeDefined()
})

test('a config that cannot be is refused', async () => {
  await expect(build(0, { minPeople: 3, maxPeople: 2 })).rejects.toThrow(/minPeople 3 is above maxPeople 2/)
})
