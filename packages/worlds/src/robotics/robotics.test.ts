import { initPhysics } from '@dioramic/physics'
import { Key, NO_ASSETS, resolveScene, type Scene, sceneSchema } from '@dioramic/scene'
import { expect, test } from 'vitest'
import type { SceneBuilder } from '../builder/scene.ts'
import type { World } from '../world.ts'
import { binPicking } from './bin-picking.ts'
import { conveyor } from './conveyor.ts'

const SEED = 3
async function build<C>(world: World<C>, config: Record<string, unknown> = {}): Promise<Scene> {
  const built = world.build({ key: Key.fromSeed(SEED), config: world.config.parse(config), assets: NO_ASSETS }) as SceneBuilder
  return sceneSchema.parse(await built.finish(NO_ASSETS))
}
const motionOf = async ({ environment: _environment, ...s }: Scene) =>
  (await initPhysics()).simulate(
    resolveScene({ ...s, textures: {}, materials: {}, objects: s.objects.map(({ material: _material, ...o }) => o) }, NO_ASSETS),
  )

test('a heap of like parts lies in its bin, one geometry for all', async () => {
  const s = await build(binPicking, { part: 'housing', minCount: 6, maxCount: 6 })
  const parts = s.objects.filter(o => o.category === 'housing')
  expect(parts).toHaveLength(6)
  expect(new Set(parts.map(o => o.geometry)).size).toBe(1)
  for (const o of parts) {
    const [x, y, z] = o.position as [number, number, number]
    expect([Math.abs(x) < 0.18, Math.abs(y) < 0.13, z > 0.005, z < 0.2], `seed ${SEED}: ${o.name}`).toEqual([true, true, true, true])
  }
  expect(s.cameras.map(c => c.name)).toEqual(['left', 'right'])
})

test('the belt carries parts at its own speed, by friction', async () => {
  const s = await build(conveyor, { count: 5, speed: 0.2 })
  const motion = await motionOf(s)
  const parts = s.objects.filter(o => o.body.type === 'dynamic')
  expect(parts).toHaveLength(5)
  const moved = parts.map(o => motion.pose(o.id, 1.8).position[0] - motion.pose(o.id, 0.8).position[0]).sort((a, b) => a - b)
  // Some may roll on it; the middle one does not.
  expect(moved[2]!, `seed ${SEED}: metres in a second`).toBeGreaterThan(0.19)
  expect(moved[2]!, `seed ${SEED}: metres in a second`).toBeLessThan(0.21)
})
