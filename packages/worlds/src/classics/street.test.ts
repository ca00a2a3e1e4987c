import { isKeyframes, Key, NO_ASSETS, type Quat, quat, type Scene, sceneSchema, vec3At } from '@dioramic/scene'
import { describe, expect, test } from 'vitest'
import type { SceneBuilder } from '../builder/scene.ts'
import type { World } from '../world.ts'
import { CROSSING } from './street/road.ts'
import { SIGNS, type Sign } from './street/sign.ts'
import { synthia } from './synthia.ts'
import { virtualKitti } from './virtual-kitti.ts'

async function build<C>(world: World<C>, seed: number, config: Record<string, unknown> = {}): Promise<Scene> {
  const built = world.build({ key: Key.fromSeed(seed), config: world.config.parse(config), assets: NO_ASSETS }) as SceneBuilder
  return sceneSchema.parse(await built.finish(NO_ASSETS))
}

const SEED = 5
const day = await build(virtualKitti, SEED, { weather: 'clone' })

const length = (s: Scene, geometry: string): number => {
  const g = s.geometries[geometry]!
  if (g.type !== 'mesh') throw new Error('vehicles are meshes')
  const x = g.positions.filter((_, i) => i % 3 === 0)
  return x.reduce((a, b) => Math.max(a, b), -Infinity) - x.reduce((a, b) => Math.min(a, b), Infinity)
}

describe('streets', () => {
  test('twenty houses and more, no two alike, and all that a street has', () => {
    const houses = day.objects.filter(o => o.category === 'building')
    expect(houses.length).toBeGreaterThanOrEqual(20)
    expect(new Set(houses.map(o => o.geometry)).size).toBe(houses.length)
    expect(new Set(houses.map(o => o.metadata['era_label'])).size).toBeGreaterThanOrEqual(4)
    const categories = new Set(day.objects.map(o => o.category))
    for (const c of day.categories!.filter(c => c !== 'rain')) expect(categories, `seed ${SEED}`).toContain(c)
  })

  test('vehicles of a lane keep apart through the whole clip, and people walk', () => {
    for (const s of [day]) {
      for (let f = -1; f <= s.frames; f++) {
        const lanes = new Map<number, { name: string; x: number; half: number }[]>()
        for (const o of s.objects.filter(o => o.category === 'car')) {
          const [x, y] = vec3At(o.position, f / s.fps)
          const lane = Math.round(y / 1.3)
          lanes.set(lane, [...(lanes.get(lane) ?? []), { name: o.name, x, half: length(s, o.geometry) / 2 }])
        }
        for (const cars of lanes.values()) {
          cars.sort((a, b) => a.x - b.x)
          for (let i = 1; i < cars.length; i++) {
            const [a, b] = [cars[i - 1]!, cars[i]!]
            expect(b.x - a.x - a.half - b.half, `seed ${SEED}, frame ${f}: ${a.name} and ${b.name}`).toBeGreaterThan(0.2)
          }
        }
      }
      const walkers = s.objects.filter(o => o.category === 'pedestrian' && isKeyframes(o.position))
      expect(walkers.length).toBeGreaterThan(4)
      for (const o of walkers) expect(Object.keys(o.pose!.joints).length, o.name).toBeGreaterThan(6)
    }
  })

  test('signs face those who drive on their side, and forbid nothing that these do', () => {
    const signs = day.objects.filter(o => o.category === 'traffic-sign')
    expect(signs.length).toBeGreaterThanOrEqual(8)
    for (const o of signs) {
      const [x, y] = vec3At(o.position, 0)
      const ahead = quat.rotate(o.rotation as Quat, [1, 0, 0])[0]
      // Cars on the right of +X drive towards +X and read what looks towards −X.
      expect(Math.sign(ahead), o.name).toBe(-Math.sign(y))
      const kind = o.metadata['sign_label'] as Sign
      expect(SIGNS, o.name).toContain(kind)
      const way = y < 0 ? CROSSING[0] - x : x - CROSSING[1]
      const before = way > 0 && way < 25
      expect(['crossing', 'signals-ahead'].includes(kind), `${o.name}: ${kind} ${way} m before the crossing`).toBe(before)
    }
  })

  test('trees stand in pits, and nothing stands in a trunk', async () => {
    for (const seed of [SEED, 719]) {
      const s = seed === SEED ? day : await build(synthia, seed, { weather: 'clone', season: 'summer' })
      const place = (o: Scene['objects'][number]) => vec3At(o.position, 0)
      const trees = s.objects.filter(o => o.metadata['plant_label'] === 'tree')
      expect(trees.length).toBeGreaterThan(8)
      const apart = (a: Scene['objects'][number], b: Scene['objects'][number]) =>
        Math.max(Math.abs(place(a)[0] - place(b)[0]), Math.abs(place(a)[1] - place(b)[1]))
      const pits = s.objects.filter(o => o.category === 'sidewalk' && length(s, o.geometry) < 1)
      for (const t of trees) expect(Math.min(...pits.map(p => apart(p, t))), `seed ${seed}: ${t.name}`).toBe(0)
      const standing = s.objects.filter(o => ['bicycle', 'pole', 'traffic-sign'].includes(o.category ?? ''))
      for (const o of standing)
        for (const t of trees)
          expect(apart(o, t) - length(s, o.geometry) / 2, `seed ${seed}: ${o.name} and ${t.name}`).toBeGreaterThan(0.25)
    }
  })

  test('people near each other wear different jackets', () => {
    const people = day.objects.filter(o => o.category === 'pedestrian')
    const jackets = people.map(o => JSON.stringify(day.materials[(o.material as string[]).find(m => /jacket/.test(m))!]))
    for (let i = 0; i < jackets.length; i++)
      for (let j = i + 1; j < Math.min(i + 6, jackets.length); j++) expect(jackets[i], `${i} and ${j}`).not.toBe(jackets[j])
  })

  test('another weather is the same street under another sky', async () => {
    const rain = await build(virtualKitti, SEED, { weather: 'rain' })
    const places = (s: Scene) => s.objects.filter(o => o.category !== 'rain').map(o => [o.name, o.position, o.rotation])
    expect(places(rain)).toEqual(places(day))
    expect(rain.environment).not.toEqual(day.environment)
    expect(rain.cameras).toEqual(day.cameras)
    expect(day.cameras.map(c => c.name)).toEqual(['left', 'right'])
  })

  test('fog is as thick as its visibility says, fills the street, and changes nothing else', async () => {
    const s = await build(virtualKitti, SEED, { weather: 'fog' })
    const { density, box } = s.fog!
    expect(Math.exp(-(density as number) * (s.metadata['visibility'] as number))).toBeCloseTo(0.05, 12)
    for (const o of s.objects)
      for (const axis of [0, 1, 2] as const) {
        const x = vec3At(o.position, 0)[axis]
        expect(x > box.min[axis] && x < box.max[axis], `${o.name} at ${x}`).toBe(true)
      }
    expect(s.objects.map(o => [o.name, o.position, o.rotation])).toEqual(day.objects.map(o => [o.name, o.position, o.rotation]))
    expect(day.fog).toBeUndefined()
  })

  test('four directions see all around', async () => {
    const s = await build(synthia, SEED, { omni: true, season: 'winter' })
    expect(s.cameras.map(c => c.name)).toEqual(['front', 'left', 'back', 'right'])
  })
})
