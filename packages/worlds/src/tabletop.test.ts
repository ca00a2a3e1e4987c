import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { initPhysics } from '@dioramic/physics'
import { type Assets, Key, NO_ASSETS, quat, resolveScene, type Scene, sceneSchema, vec3 } from '@dioramic/scene'
import { beforeAll, describe, expect, test } from 'vitest'
import type { SceneBuilder } from './builder/scene.ts'
import { tabletop } from './tabletop.ts'
import { basinOf } from './toolkit/basin.ts'

async function build(seed: number, assets: Assets, config: Record<string, unknown> = {}): Promise<Scene> {
  const built = tabletop.build({ key: Key.fromSeed(seed), config: tabletop.config.parse(config), assets }) as SceneBuilder
  return sceneSchema.parse(await built.finish(assets))
}

/** Where things are at the end, without looking at pictures. */
async function simulate(scene: Scene, assets: Assets) {
  const { environment: _environment, ...rest } = scene
  const bare = { ...rest, textures: {}, materials: {}, objects: scene.objects.map(({ material: _material, ...o }) => o) } as Scene
  return (await initPhysics()).simulate(resolveScene(bare, assets))
}

const BALL = 0.04

describe('tabletop with embedded shapes', () => {
  test('half a dozen seeds give valid scenes whose things stay on the table or fall to the floor', async () => {
    for (let seed = 0; seed < 6; seed++) {
      const s = await build(seed, NO_ASSETS)
      const things = s.objects.filter(o => !o.isBackground)
      expect(things.length).toBeGreaterThanOrEqual(5)
      expect(things.length).toBeLessThanOrEqual(9)
      const motion = await simulate(s, NO_ASSETS)
      for (const o of things) expect(motion.pose(o.id, 2).position[2], `${o.name} of seed ${seed}`).toBeGreaterThan(-0.75)
    }
  })

  test('no vessel, no ball', async () => {
    expect((await build(1, NO_ASSETS)).objects.some(o => o.name === 'ball')).toBe(false)
  })
})

const manifest = fileURLToPath(new URL('../../../../shared/assets/manifest.json', import.meta.url))
describe.skipIf(!existsSync(manifest))('tabletop with scanned objects (needs ../shared/assets)', () => {
  let assets: Assets
  beforeAll(async () => {
    // Test only: the world itself never reads files.
    const { loadAssets } = await import('@dioramic/scene/node')
    assets = (await loadAssets(manifest)).assets
  }, 300_000)

  test('a ball comes to rest inside the pan', async () => {
    for (let seed = 0; seed < 6; seed++) {
      const s = await build(seed, assets, { maxCount: 5, minCount: 3 })
      const pan = s.objects.find(o => o.name === 'chefmate_8_frypan')!
      const ball = s.objects.find(o => o.name === 'ball')!
      expect(ball.metadata).toEqual({ inside: 'chefmate_8_frypan' })
      const motion = await simulate(s, assets)
      const basin = basinOf(assets.objects.get('chefmate_8_frypan')!.mesh)!
      const { position, rotation } = motion.pose(pan.id, motion.end)
      const local = quat.rotate(quat.conjugate(rotation), vec3.sub(motion.pose(ball.id, motion.end).position, position))
      const off = vec3.length([local[0] - basin.center[0], local[1] - basin.center[1], 0])
      expect(off, `seed ${seed}`).toBeLessThan(basin.radius)
      const { linear } = motion.velocity(ball.id, motion.end)
      expect(vec3.length(linear), `seed ${seed}: m/s`).toBeLessThan(0.05)
      // It lies on the floor that is seen, within a millimetre.
      const gap = local[2] - BALL / 2 - basin.center[2]
      expect(Math.abs(gap), `seed ${seed}: m`).toBeLessThan(0.001)
    }
  }, 300_000)

  test('every other asset is used at most once', async () => {
    const s = await build(2, assets, { minCount: 40, maxCount: 40 })
    expect(
      s.objects
        .filter(o => !o.isBackground)
        .map(o => o.category)
        .sort(),
    ).toEqual([...assets.objects.keys(), 'ball'].sort())
  })
})
