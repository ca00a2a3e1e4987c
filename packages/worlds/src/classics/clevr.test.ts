import { Key, NO_ASSETS, type Scene, sceneSchema } from '@dioramic/scene'
import { describe, expect, test } from 'vitest'
import type { SceneBuilder } from '../builder/scene.ts'
import { clevr } from './clevr.ts'

async function build(seed: number, config: Record<string, unknown> = {}): Promise<Scene> {
  const built = clevr.build({ key: Key.fromSeed(seed), config: clevr.config.parse(config), assets: NO_ASSETS }) as SceneBuilder
  return sceneSchema.parse(await built.finish(NO_ASSETS))
}

describe('clevr', () => {
  test('eighty scenes keep the rules of places, and draw every word', async () => {
    const words = new Set<unknown>()
    const counts = new Set<number>()
    for (let seed = 0; seed < 80; seed++) {
      const s = await build(seed)
      const things = s.objects.filter(o => !o.isBackground)
      counts.add(things.length)
      const reach = (o: (typeof things)[number]) => o.scale[0] * (o.category === 'cube' ? Math.SQRT1_2 : 0.5)
      const [ex, ey] = s.cameras[0]!.position as [number, number, number]
      const r = Math.sqrt(ex * ex + ey * ey)
      const away = [-ex / r, -ey / r] as const
      for (const [i, a] of things.entries()) {
        for (const word of [a.category, ...Object.values(a.metadata)]) words.add(word)
        const [ax, ay, az] = a.position as [number, number, number]
        expect(az).toBe(a.scale[2] / 2)
        for (const b of things.slice(0, i)) {
          const [bx, by] = b.position as [number, number, number]
          const [dx, dy] = [ax - bx, ay - by]
          const name = `seed ${seed}: ${a.name} and ${b.name}`
          expect(Math.sqrt(dx * dx + dy * dy) - reach(a) - reach(b), name).toBeGreaterThanOrEqual(0.25 - 1e-12)
          expect(Math.abs(dx * away[0] + dy * away[1]), name).toBeGreaterThan(0.4)
          expect(Math.abs(dx * away[1] - dy * away[0]), name).toBeGreaterThan(0.4)
        }
      }
    }
    expect([...counts].sort((a, b) => a - b)).toEqual([3, 4, 5, 6, 7, 8, 9, 10])
    expect(words.size).toBe(3 + 2 + 8 + 2)
  })

  test('a config that cannot be is refused', async () => {
    await expect(build(0, { minCount: 5, maxCount: 4 })).rejects.toThrow(/minCount 5 is above maxCount 4/)
  })
})
