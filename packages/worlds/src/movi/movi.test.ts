import { isKeyframes, Key, loadEmbeddedHdri, quat, type Scene, type SceneObject, type Vec3, vec3, vec3At } from '@dioramic/scene'
import { describe, expect, test } from 'vitest'
import { buildWorld, failuresOf, placedClips } from '../../../../test/support/world-seeds.ts'
import { PROP_IDS } from '../props/prop.ts'
import { WORLDS } from '../registry.ts'
import { splitIds } from '../toolkit/splits.ts'
import { groundOf, PLACES } from '../toolkit/surroundings.ts'
import { linearCamera, panningCamera, stillCamera } from './camera.ts'

/** The long form places 500 clips of each world, some 45 minutes; DIORAMA_SEEDS=folder keeps them (test/support/world-seeds.ts). */
const LONG = process.env['DIORAMA_LONG'] === '1'
/** False alarms: one test in ten thousand. */
const ALPHA = 1e-4

/** The first n clips of a world, all of which must have been placed. */
async function placed(name: string, n: number, config: Record<string, unknown> = {}): Promise<Scene[]> {
  const clips = await placedClips(name, n, 0, config)
  expect(failuresOf(clips)).toEqual([])
  return clips.map(c => c.scene!)
}

const things = (s: Scene): readonly SceneObject[] => s.objects.filter(o => !o.isBackground)
const tossedOf = (s: Scene) => things(s).filter(o => o.metadata['is_dynamic'] !== false)
const at = (o: SceneObject) => o.position as Vec3
const thrown = (o: SceneObject): Vec3 => vec3.add((o.body as { velocity: Vec3 }).velocity, [at(o)[0], at(o)[1], 0])

/** Kolmogorov–Smirnov: whether values in [0, 1] may be uniform. Limit of Massart: P(D > d) ≤ 2 exp(−2 n d²). */
function expectUniform(values: readonly number[], what: string): void {
  const sorted = [...values].sort((a, b) => a - b)
  const n = sorted.length
  const d = Math.max(...sorted.map((v, i) => Math.max(Math.abs(v - i / n), Math.abs(v - (i + 1) / n))))
  expect(d, `${what}: KS distance of ${n} values`).toBeLessThan(Math.sqrt(Math.log(2 / ALPHA) / (2 * n)))
}

/** Whether counts may be of equally likely kinds: each within the Bonferroni-corrected normal limit of its binomial. */
function expectEven(values: readonly unknown[], kinds: readonly unknown[], what: string): void {
  const n = values.length
  const p = 1 / kinds.length
  const z = Math.sqrt(2 * Math.log((2 * kinds.length) / ALPHA))
  for (const kind of kinds) {
    const count = values.filter(v => v === kind).length
    expect(Math.abs(count - n * p), `${what} ${String(kind)}: ${count} of ${n}`).toBeLessThan(z * Math.sqrt(n * p * (1 - p)) + 1)
  }
  expect(values.every(v => kinds.includes(v))).toBe(true)
}

const range = (a: number, b: number) => Array.from({ length: b - a + 1 }, (_, i) => a + i)

describe('MOVi as published (Kubric, challenges/movi)', () => {
  const n = LONG ? 500 : 120
  test(`A: ${n} placed scenes`, async () => {
    const scenes = await placed('movi-a', n)
    const all = scenes.flatMap(tossedOf)
    const label = (name: string) => all.map(o => o.metadata[name])
    expectEven(
      scenes.map(s => things(s).length),
      range(3, 10),
      'objects',
    )
    expectEven(
      all.map(o => o.category),
      ['cube', 'cylinder', 'sphere'],
      'shape',
    )
    expectEven(label('size_label'), ['small', 'large'], 'size')
    expectEven(label('material_label'), ['metal', 'rubber'], 'material')
    expectEven(label('color_label'), ['blue', 'brown', 'cyan', 'gray', 'green', 'purple', 'red', 'yellow'], 'colour')
    for (const axis of [0, 1] as const)
      expectUniform(
        all.map(o => (thrown(o)[axis] + 4) / 8),
        `throw ${'xy'[axis]}`,
      )
    // The first sphere of a scene meets nobody: its centre is uniform in the box less its radius.
    const first = scenes.map(s => tossedOf(s)[0]!).filter(o => o.category === 'sphere')
    for (const axis of [0, 1, 2] as const) {
      const [low, high] = [[-5, -5, 1][axis]!, 5]
      expectUniform(
        first.map(o => (at(o)[axis]! - low - o.scale[0] / 2) / (high - low - o.scale[0])),
        `place ${'xyz'[axis]}`,
      )
    }
    const eyes = scenes.map(s => s.cameras[0]!.position as Vec3)
    for (const [axis, base] of [7.48113, -6.50764, 5.34367].entries())
      expectUniform(
        eyes.map(e => e[axis]! - base),
        'camera jitter',
      )
  })

  test(`B: ${LONG ? 500 : 12} placed scenes`, async () => {
    const scenes = await placed('movi-b', LONG ? 500 : 12)
    const all = scenes.flatMap(tossedOf)
    expectEven(
      scenes.map(s => things(s).length),
      range(3, 10),
      'objects',
    )
    const shapes = ['cone', 'cube', 'cylinder', 'gear', 'monkey', 'quadruped', 'sphere', 'sponge', 'teapot', 'torus', 'torus-knot']
    expectEven(
      all.map(o => o.category),
      shapes,
      'shape',
    )
    expectUniform(
      all.map(o => ((o.metadata['scale'] as number) - 0.7) / 0.7),
      'scale',
    )
    expectEven(
      all.map(o => o.metadata['material_label']),
      ['metal', 'rubber'],
      'material',
    )
    // Hue at full saturation: the brightest channel is 1, the darkest 0.
    for (const o of all)
      expect([Math.max(...(o.metadata['color'] as number[])), Math.min(...(o.metadata['color'] as number[]))]).toEqual([1, 0])
    for (const o of all) {
      const { density, friction, restitution } = o.body as { density: number; friction: number; restitution: number }
      expect([density, friction, restitution]).toEqual(o.metadata['material_label'] === 'metal' ? [2700, 0.4, 0.3] : [1100, 0.8, 0.7])
    }
  }, 600_000)

  test(`C: ${LONG ? 500 : 8} placed scenes`, async () => {
    const scenes = await placed('movi-c', LONG ? 500 : 8)
    const all = scenes.flatMap(tossedOf)
    expectEven(
      scenes.map(s => things(s).length),
      range(3, 10),
      'objects',
    )
    expectUniform(
      all.map(o => ((o.metadata['size'] as number) - 0.75) / 2.25),
      'longest edge',
    )
    for (const axis of [0, 1] as const)
      expectUniform(
        all.map(o => (thrown(o)[axis] + 4) / 8),
        `throw ${'xy'[axis]}`,
      )
    const train = new Set(splitIds(PROP_IDS, 'train'))
    for (const o of all) {
      expect(train.has(o.metadata['asset_id'] as string)).toBe(true)
      expect(o.scale[0]).toBe(o.metadata['size'])
      expect(o.body).toMatchObject({ friction: 0.5, restitution: 0.5 })
    }
    for (const s of scenes) {
      expect(s.metadata['origin']).toBe('movi-c (procedural)')
      expect(s.objects[0]!.body).toMatchObject({ friction: 0.3, restitution: 0.5 })
      expect([s.frames, s.fps, s.gravity]).toEqual([24, 12, [0, 0, -10]])
    }
    const held = await buildWorld('movi-c', 1, { split: 'test' })
    const test = new Set(splitIds(PROP_IDS, 'test'))
    for (const o of things(held)) expect(test.has(o.metadata['asset_id'] as string)).toBe(true)
  }, 600_000)

  test.each(['movi-d', 'movi-e', 'movi-f'])(
    `%s: ${LONG ? 500 : 1} placed scenes`,
    async name => {
      // Settling many things takes seconds: outside of the long form, E and F have few.
      const few = LONG || name === 'movi-d' ? {} : { minStatic: 2, maxStatic: 3 }
      const scenes = await placed(name, LONG ? 500 : 1, few)
      const lying = scenes.map(s => things(s).filter(o => o.metadata['is_dynamic'] === false))
      if (LONG) {
        expectEven(
          scenes.map(s => tossedOf(s).length),
          range(1, 3),
          `${name} thrown`,
        )
        expectEven(
          lying.map(l => l.length),
          range(10, 20),
          `${name} lying`,
        )
        expectUniform(
          scenes.flatMap(things).map(o => ((o.metadata['size'] as number) - 0.75) / 2.25),
          `${name} longest edge`,
        )
        for (const axis of [0, 1] as const)
          expectUniform(
            scenes.flatMap(tossedOf).map(o => (thrown(o)[axis] + 4) / 8),
            `${name} throw ${'xy'[axis]}`,
          )
      }
      for (const [i, s] of scenes.entries()) {
        expect(
          tossedOf(s).length >= 1 &&
            tossedOf(s).length <= 3 &&
            lying[i]!.length >= ((few as { minStatic?: number }).minStatic ?? 10) &&
            lying[i]!.length <= ((few as { maxStatic?: number }).maxStatic ?? 20),
        ).toBe(true)
        // Both velocities are zero after settling (Kubric left the angular one).
        for (const o of lying[i]!)
          expect(o.body).toMatchObject({ velocity: [0, 0, 0], angularVelocity: [0, 0, 0], friction: 0.5, restitution: 0.5 })
        const [camera] = s.cameras as [Scene['cameras'][number]]
        expect(isKeyframes(camera.position as never)).toBe(name !== 'movi-d')
        expect(camera.resolution).toEqual(name === 'movi-f' ? [512, 512] : [256, 256])
        if (name === 'movi-f') expect(camera.shutter).toBe(s.metadata['motion_blur'])
        else expect(camera.shutter).toBe(0)
      }
      if (LONG && name === 'movi-f')
        expectUniform(
          scenes.map(s => s.metadata['motion_blur'] as number),
          'motion blur',
        )
    },
    20_000_000,
  )

  test('a fewest above a most is refused by name', () => {
    const { world } = WORLDS.get('movi-d')!
    expect(() => world.config.parse({ minStatic: 21 })).toThrow(/minStatic 21 is above maxStatic 20/)
  })
})

describe('cameras of MOVi', () => {
  const keys = Key.fromSeed(3).fork('cameras').times(600)
  const [start, end] = [-1 / 12, 2]
  const cube = (x: number) => x * x * x

  test('still ones are uniform by volume between 7 and 9 m, above 0.1 m', () => {
    const eyes = keys.map(k => stillCamera(k).position as Vec3)
    expectUniform(
      eyes.map(e => (cube(vec3.length(e)) - cube(7)) / (cube(9) - cube(7))),
      'radius cubed',
    )
    for (const e of eyes) expect(e[2]).toBeGreaterThanOrEqual(0.1)
    expect(stillCamera(keys[0]!)).toMatchObject({ focalLength: 35, sensorWidth: 32 })
  })

  test('lines stay at most 4 m long with both ends in the shell of 8 to 12 m, at constant speed over the whole clip', () => {
    for (const k of keys.slice(0, 200)) {
      const { position } = linearCamera(k)
      const [a, m, b] = [start, (start + end) / 2, end].map(t => vec3At(position as never, t)) as [Vec3, Vec3, Vec3]
      for (const p of [a, b]) expect(vec3.length(p) >= 8 - 1e-9 && vec3.length(p) <= 12 + 1e-9 && p[2] >= 0.1 - 1e-9).toBe(true)
      expect(vec3.distance(a, b)).toBeLessThanOrEqual(4)
      expect(vec3.distance(m, vec3.lerp(a, b, 0.5))).toBeLessThan(1e-9)
    }
  })

  test('panning ones go up to 8 m and look past the centre', () => {
    let longest = 0
    for (const k of keys.slice(0, 150)) {
      const c = panningCamera(k)
      const [a, b] = [start, end].map(t => vec3At(c.position as never, t)) as [Vec3, Vec3]
      longest = Math.max(longest, vec3.distance(a, b))
      const gaze = (t: number) =>
        quat.rotate((c.rotation as unknown as { keys: [number, never][] }).keys[t === start ? 0 : 100]![1], [0, 0, -1])
      // Each end of the gaze passes the centre within the 4 m that the targets keep to, or half as much beyond it and 1 m.
      for (const [t, eye] of [
        [start, a],
        [end, b],
      ] as const) {
        const miss = vec3.length(vec3.cross(gaze(t), eye))
        expect(miss).toBeLessThan(4.01)
      }
    }
    expect(longest).toBeGreaterThan(5)
    expect(longest).toBeLessThanOrEqual(8)
  })
})

describe('surroundings', () => {
  test('the table of embedded pictures is what is measured in them', async () => {
    for (const name of ['forest', 'workshop']) {
      const { brightness, color } = groundOf(await loadEmbeddedHdri(name))
      expect(brightness).toBeCloseTo(PLACES[name]!.brightness, 3)
      for (const c of [0, 1, 2] as const) expect(color[c]).toBeCloseTo(PLACES[name]!.color[c], 3)
    }
  })
})
