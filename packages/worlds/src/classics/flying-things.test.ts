import { isKeyframes, Key, NO_ASSETS, quatAt, sceneSchema, vec3, vec3At } from '@dioramic/scene'
import { expect, test } from 'vitest'
import type { SceneBuilder } from '../builder/scene.ts'
import { flyingThings } from './flying-things.ts'

test('twenty clips: counts as asked, every thing flies and turns, the pair is rectified', async () => {
  for (let seed = 0; seed < 20; seed++) {
    const config = flyingThings.config.parse({ minCount: 5, maxCount: 9 })
    const built = flyingThings.build({ key: Key.fromSeed(seed), config, assets: NO_ASSETS }) as SceneBuilder
    const s = sceneSchema.parse(await built.finish(NO_ASSETS))
    const things = s.objects.filter(o => !o.isBackground)
    expect(things.length).toBeGreaterThanOrEqual(5)
    expect(things.length).toBeLessThanOrEqual(9)
    for (const o of things) {
      expect(o.body.type).toBe('none')
      const [a, b] = [vec3At(o.position, 0), vec3At(o.position, 0.4)]
      expect(isKeyframes(o.rotation), `seed ${seed}: ${o.name}`).toBe(true)
      expect(vec3.distance(a, b), `seed ${seed}: ${o.name} stands still`).toBeGreaterThan(0.1)
      // In front of the cameras all the time.
      expect(Math.min(a[1], b[1]), `seed ${seed}: ${o.name}`).toBeGreaterThan(1)
    }
    const [left, right] = s.cameras
    for (const t of [0, 0.2, 0.4]) {
      expect(quatAt(left!.rotation, t)).toEqual(quatAt(right!.rotation, t))
      expect(vec3.distance(vec3At(left!.position, t), vec3At(right!.position, t))).toBeCloseTo(0.35, 6)
    }
  }
})
