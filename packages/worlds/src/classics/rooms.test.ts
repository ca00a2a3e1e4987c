import { initPhysics } from '@dioramic/physics'
import { Key, NO_ASSETS, quat, resolveScene, type Scene, sceneSchema, vec3 } from '@dioramic/scene'
import { describe, expect, test } from 'vitest'
import type { SceneBuilder } from '../builder/scene.ts'
import { rooms } from './rooms.ts'

const KINDS = ['bathroom', 'bedroom', 'kitchen', 'living-room', 'office'] as const

async function build(seed: number | Key, config: Record<string, unknown> = {}): Promise<Scene> {
  const built = rooms.build({
    key: typeof seed === 'number' ? Key.fromSeed(seed) : seed,
    config: rooms.config.parse(config),
    assets: NO_ASSETS,
  }) as SceneBuilder
  return sceneSchema.parse(await built.finish(NO_ASSETS))
}

/** The scene without its looks. */
const bare = ({ environment: _environment, ...scene }: Scene): Scene => ({
  ...scene,
  textures: {},
  materials: {},
  objects: scene.objects.map(({ material: _material, ...o }) => o),
})

const SEED = 11
const made = new Map<string, Scene>()
for (const room of KINDS) made.set(room, await build(SEED, { room }))

describe('rooms', () => {
  test('what is loose lies still on what is below it, inside the room', async () => {
    const physics = await initPhysics()
    for (const [room, s] of made) {
      const motion = physics.simulate(resolveScene(bare(s), NO_ASSETS))
      const loose = s.objects.filter(o => o.body.type === 'dynamic')
      expect(loose.length, room).toBeGreaterThan(3)
      for (const o of loose) {
        const [a, b] = [motion.pose(o.id, 0).position, motion.pose(o.id, 2).position]
        expect(vec3.distance(a, b), `${room}, seed ${SEED}: ${o.name} moves`).toBeLessThan(0.006)
        expect(a[2], `${room}, seed ${SEED}: ${o.name} is below the floor`).toBeGreaterThan(-0.002)
        expect(Math.max(Math.abs(a[0]), Math.abs(a[1])), `${room}, seed ${SEED}: ${o.name} is outside`).toBeLessThan(3.5)
        expect(
          motion.contacts.some(c => c.objects.includes(o.id)),
          `${room}, seed ${SEED}: ${o.name} floats`,
        ).toBe(true)
      }
    }
  })

  test('each kind has the furniture that it is known by, and there are well over a dozen kinds', () => {
    const known: Record<(typeof KINDS)[number], string[]> = {
      bathroom: ['toilet', 'washbasin', 'mirror'],
      bedroom: ['wardrobe', 'nightstand', 'curtain'],
      kitchen: ['kitchen-units', 'wall-units', 'fridge', 'dining-table', 'chair'],
      'living-room': ['sofa', 'armchair', 'coffee-table', 'television', 'bookcase'],
      office: ['desk', 'office-chair', 'monitor', 'keyboard', 'bookcase'],
    }
    const all = new Set<string>()
    for (const [room, s] of made) {
      const categories = new Set(s.objects.map(o => o.category))
      for (const c of categories) all.add(c)
      for (const c of [...known[room as keyof typeof known], 'floor', 'ceiling', 'wall', 'door', 'window'])
        expect(categories, room).toContain(c)
      expect(s.metadata['room']).toBe(room)
    }
    expect(all.size).toBeGreaterThan(35)
  })

  test('the seed decides everything', async () => {
    expect(await build(SEED, { room: 'bathroom' })).toEqual(made.get('bathroom'))
    expect(await build(SEED + 1, { room: 'bathroom' })).not.toEqual(made.get('bathroom'))
  })

  test('every mesh is closed under its own names: parts cover it and each has a material', () => {
    for (const s of made.values())
      for (const o of s.objects) {
        const g = s.geometries[o.geometry]!
        if (g.type !== 'mesh') continue
        expect((o.material as string[] | string | undefined)?.length, o.name).toBeGreaterThan(0)
        expect(
          g.parts!.reduce((n, p) => n + p.triangles, 0),
          o.name,
        ).toBe(g.indices.length / 3)
      }
  })

  test('a clip does without a book that has no room beside the lamp, and without fruit that rocks; it says so', async () => {
    for (const [seed, room, what] of [
      [0, 'bedroom', ['book']],
      [171, 'kitchen', ['fruit']],
    ] as const) {
      const s = await build(Key.fromSeed(seed).fork('rooms'))
      expect([s.metadata['room'], s.metadata['left_out']], `seed ${seed}`).toEqual([room, what])
    }
    expect(made.get('office')!.metadata['left_out']).toBeUndefined()
  })

  test('desk lamps stand', async () => {
    const lamps = made.get('office')!.objects.filter(o => o.category === 'desk-lamp')
    expect(lamps.length).toBeGreaterThan(0)
    for (const o of lamps) expect(quat.rotate(o.rotation as never, [0, 0, 1])[2], o.name).toBeGreaterThan(0.99)
  })
})
