import { initPhysics } from '@dioramic/physics'
import { Key, NO_ASSETS, resolveScene, type Scene, sceneSchema } from '@dioramic/scene'
import { describe, expect, test } from 'vitest'
import type { SceneBuilder } from '../builder/scene.ts'
import { CLEVR_COLORS } from '../toolkit/colors.ts'
import { moviA } from './movi-a.ts'

async function build(seed: number, config: Record<string, unknown> = {}): Promise<Scene> {
  const built = moviA.build({ key: Key.fromSeed(seed), config: moviA.config.parse(config), assets: NO_ASSETS }) as SceneBuilder
  return sceneSchema.parse(await built.finish(NO_ASSETS))
}

describe('movi-a', () => {
  test('forty clips follow the published table', async () => {
    const counts = new Map<number, number>()
    const seen = { size: new Set<unknown>(), material: new Set<unknown>(), color: new Set<unknown>(), shape: new Set<string>() }
    for (let seed = 0; seed < 40; seed++) {
      const s = await build(seed)
      expect([s.frames, s.fps, s.stepRate, s.gravity]).toEqual([24, 12, 240, [0, 0, -10]])
      const objects = s.objects.filter(o => !o.isBackground)
      counts.set(objects.length, (counts.get(objects.length) ?? 0) + 1)
      expect(objects.length).toBeGreaterThanOrEqual(3)
      expect(objects.length).toBeLessThanOrEqual(10)
      for (const o of objects) {
        const { size_label, color_label, material_label } = o.metadata as Record<string, string>
        seen.size.add(size_label)
        seen.material.add(material_label)
        seen.color.add(color_label)
        seen.shape.add(o.category)
        expect(o.scale[0]).toBe(size_label === 'small' ? 0.7 : 1.4)
        const m = s.materials[o.material as string]!
        expect(m.baseColor).toEqual([...CLEVR_COLORS[color_label as keyof typeof CLEVR_COLORS]])
        expect(m.metallic).toBe(material_label === 'metal' ? 1 : 0)
        const body = o.body as Extract<typeof o.body, { type: 'dynamic' }>
        expect([body.density, body.friction, body.restitution]).toEqual(material_label === 'metal' ? [2700, 0.4, 0.3] : [1100, 0.8, 0.7])
        const p = o.position as [number, number, number]
        expect(p.every((x, i) => x >= [-5, -5, 1][i]! && x <= 5)).toBe(true)
        // Thrown at U(±4, ±4, 0) less the place: towards the middle.
        expect(Math.abs(body.velocity[0] + p[0])).toBeLessThanOrEqual(4)
        expect(Math.abs(body.velocity[1] + p[1])).toBeLessThanOrEqual(4)
        expect(body.velocity[2]).toBe(0)
      }
      const eye = s.cameras[0]!.position as number[]
      for (const [i, base] of [7.48113, -6.50764, 5.34367].entries()) expect(eye[i]! >= base && eye[i]! < base + 1).toBe(true)
      expect(s.lights.map(l => l.name)).toEqual(['sun', 'back', 'key', 'fill'])
    }
    expect(counts.size).toBeGreaterThanOrEqual(6)
    expect([seen.size.size, seen.material.size, seen.color.size, seen.shape.size]).toEqual([2, 2, 8, 3])
  })

  test('the seed decides everything, 0 included', async () => {
    expect(await build(0)).toEqual(await build(0))
    expect(await build(0)).not.toEqual(await build(1))
    const at = async (seed: number) => (await build(seed)).cameras[0]!.position
    expect(await at(0)).not.toEqual(await at(1))
  })

  test('nothing ends below the floor', async () => {
    const physics = await initPhysics()
    const s = await build(3)
    const { environment: _environment, ...rest } = s
    const motion = physics.simulate(resolveScene(rest as Scene, NO_ASSETS))
    for (const o of s.objects.slice(1)) expect(motion.pose(o.id, 2).position[2]).toBeGreaterThan(0.2)
  })

  test('a config that cannot be is refused', async () => {
    await expect(build(0, { minCount: 5, maxCount: 2 })).rejects.toThrow(/minCount 5 is above maxCount 2/)
  })
})
