import { initPhysics } from '@dioramic/physics'
import { Key, NO_ASSETS, resolveScene, type Scene, type SceneInput, sceneSchema, vec3, vec3At } from '@dioramic/scene'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { camera, movingCamera } from '../toolkit/cameras.ts'
import { region } from '../toolkit/region.ts'
import { ambient, hdri } from './environment.ts'
import { material } from './material.ts'
import { preset } from './preset.ts'
import { scene } from './scene.ts'
import { floor, randomShape, shape } from './shapes.ts'

const eye = camera({ position: [3, -3, 2], lookAt: [0, 0, 0] })
const finish = async (s: { finish(a: typeof NO_ASSETS): Promise<SceneInput> }): Promise<Scene> =>
  sceneSchema.parse(await s.finish(NO_ASSETS))
const key = Key.fromSeed(0).fork('scene.test')

describe('drafts', () => {
  test('every method leaves the draft it was called on as it was', () => {
    const a = shape('cube', key)
    const before = JSON.stringify(a.fields)
    a.at([1, 2, 3])
      .rotated([0, 0, 1], 1)
      .scaled(2)
      .color([1, 0, 0])
      .dropFrom(region([0, 0, 0], [1, 1, 1]))
      .withVelocity([1, 0, 0])
      .tagged({ a: 1 })
    expect(JSON.stringify(a.fields)).toBe(before)
  })

  test('turns compose in the order written, scales multiply', () => {
    const d = shape('cube')
      .rotated([0, 0, 1], Math.PI / 2)
      .rotated([1, 0, 0], Math.PI / 2)
      .scaled(2)
      .scaled([1, 2, 3])
    // x goes to y by the first turn, then to z by the second.
    const [x, y, z, w] = d.fields.rotation
    expect([1 - 2 * (y * y + z * z), 2 * (x * y + z * w), 2 * (x * z - y * w)].map(v => Math.round(v * 1e9) / 1e9 + 0)).toEqual([0, 0, 1])
    expect(d.fields.scale).toEqual([2, 4, 6])
  })

  test('a random place without a key says what to write', () => {
    expect(() => shape('cube').dropFrom(region([0, 0, 0], [1, 1, 1]))).toThrow(/cube: a random place needs a key/)
  })
})

describe('scene builder', () => {
  test('the ten-line world of the design', async () => {
    const s = scene({ frames: 24, fps: 12 })
    s.add(floor(), hdri('workshop'), camera({ position: [2, -2, 1.5], lookAt: [0, 0, 0] }))
    for (const k of key.fork('objects').times(8)) s.add(randomShape(k, { size: [0.1, 0.3] }).dropFrom(region([-1, -1, 0.5], [1, 1, 2])))
    const built = await finish(s)
    expect(built.objects.map(o => o.id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(new Set(built.objects.map(o => o.name)).size).toBe(9)
    expect(built.objects.slice(1).every(o => o.body.type === 'dynamic')).toBe(true)
    expect(built.environment?.light).toEqual({ type: 'hdri', asset: 'workshop' })
    // Plain data: survives JSON.
    expect(sceneSchema.parse(JSON.parse(JSON.stringify(built)))).toEqual(built)
  })

  test('equal materials and geometries are stored once, different ones under different names', async () => {
    const red = material({ baseColor: [1, 0, 0] }, 'paint')
    const blue = material({ baseColor: [0, 0, 1] }, 'paint')
    const built = await finish(
      scene().add(eye, shape('cube').material(red), shape('cube').material(red).at([2, 0, 0]), shape('cone').material(blue).at([4, 0, 0])),
    )
    expect(Object.keys(built.materials)).toEqual(['paint', 'paint-2'])
    expect(Object.keys(built.geometries)).toEqual(['cube', 'cone'])
    expect(built.objects.map(o => o.material)).toEqual(['paint', 'paint', 'paint-2'])
  })

  test('presets bring their textures', async () => {
    const built = await finish(scene().add(eye, ambient([1, 1, 1]), shape('cube').material(preset('oak', { seed: 3 }))))
    const resolved = resolveScene(built, NO_ASSETS)
    expect(resolved.images.size).toBeGreaterThan(0)
    expect(() => preset('oka')).toThrow(/did you mean "oak"/)
  })

  test('cameras and lights of one name are told apart', async () => {
    const built = await finish(scene().add(eye, eye))
    expect(built.cameras.map(c => c.name)).toEqual(['camera', 'camera-2'])
  })

  test('a moving camera looks at its target at every key', async () => {
    const c = movingCamera({ start: 0, end: 1, keys: 5, path: t => ({ position: [3, t, 1], lookAt: [0, 0, 0] }) })
    const built = await finish(scene().add(c))
    expect(built.cameras[0]!.position).toHaveProperty('keys')
  })
})

describe('placement', () => {
  test('spheres never overlap, and stay in their region', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 2, max: 12 }), async (seed, n) => {
        const s = scene().add(eye)
        for (const k of Key.fromSeed(seed).times(n))
          s.add(
            shape('sphere', k)
              .scaled(k.fork('r').uniform(0.2, 0.4))
              .dropFrom(region([-1, -1, 0], [1, 1, 1])),
          )
        const { objects } = await finish(s)
        const balls = objects.map(o => ({ p: o.position as [number, number, number], r: o.scale[0] / 2 }))
        for (const [i, a] of balls.entries()) {
          for (const axis of [0, 1] as const) expect(Math.abs(a.p[axis]) + a.r).toBeLessThanOrEqual(1 + 1e-5)
          for (const b of balls.slice(i + 1)) expect(vec3.distance(a.p, b.p)).toBeGreaterThan(a.r + b.r - 1e-5)
        }
      }),
      { numRuns: 15 },
    )
  })

  test('standing objects stand on the floor of their region, half a millimetre up', async () => {
    const s = scene().add(
      eye,
      floor(),
      shape('cylinder', key)
        .scaled(0.3)
        .standOn(region([-1, -1, 0], [1, 1, 0])),
    )
    const { objects } = await finish(s)
    expect((objects[1]!.position as number[])[2]).toBeCloseTo(0.1505, 6)
  })

  test('a mounted object follows its host', async () => {
    const host = shape('cube', key)
      .scaled(0.5)
      .standOn(region([-3, -3, 0], [3, 3, 0]))
    const { objects } = await finish(scene().add(eye, host, shape('sphere').scaled(0.1).over(host, [0, 0, 0.7])))
    const [a, b] = objects.map(o => o.position as [number, number, number])
    expect(vec3.distance(a!, b!)).toBeCloseTo(0.35, 9)
    await expect(finish(scene().add(eye, shape('sphere').over(host, [0, 0, 1])))).rejects.toThrow(
      /sphere goes over cube, which was not added before/,
    )
  })

  test('a crowd that does not fit fails, naming the object, the place and what was in the way', async () => {
    const s = scene().add(eye)
    for (const k of key.fork('crowd').times(40))
      s.add(
        shape('sphere', k)
          .scaled(0.6)
          .dropFrom(region([-1, -1, 0], [1, 1, 1])),
      )
    await expect(finish(s)).rejects.toThrow(
      /sphere found no free place in 1000 draws within the region of 2\.00 x 2\.00 x 1\.00 m from \(-1, -1, 0\); the last one overlapped sphere/,
    )
  })

  test('an object larger than its region fails, naming both', async () => {
    const s = scene().add(
      eye,
      shape('cube', key)
        .scaled(3)
        .dropFrom(region([-1, -1, 0], [1, 1, 1])),
    )
    await expect(finish(s)).rejects.toThrow(/cube is too large for its region of 2\.00 x 2\.00 x 1\.00 m/)
  })

  test('a kept-clear volume is not in the scene, and nothing is placed in it', async () => {
    const s = scene()
      .add(eye)
      .keepClear(shape('cube').scaled([1, 4, 4]))
    for (const k of key.fork('clear').times(6))
      s.add(
        shape('sphere', k)
          .scaled(0.4)
          .dropFrom(region([-1.5, -1, 0], [1.5, 1, 2])),
      )
    const { objects } = await finish(s)
    expect(objects).toHaveLength(6)
    for (const o of objects) expect(Math.abs((o.position as number[])[0]!)).toBeGreaterThan(0.7 - 1e-5)
  })

  test('settled scenes are at rest from the first frame', async () => {
    const s = scene({ frames: 6 }).add(eye, floor())
    for (const k of key.fork('settle').times(3))
      s.add(
        shape('cube', k)
          .scaled(0.2)
          .dropFrom(region([-0.5, -0.5, 0], [0.5, 0.5, 1])),
      )
    const built = await finish(s.settle())
    const motion = (await initPhysics()).simulate(resolveScene(built, NO_ASSETS))
    for (const o of built.objects.slice(1))
      expect(vec3.distance(motion.pose(o.id, 0).position, motion.pose(o.id, 0.5).position)).toBeLessThan(0.002)
  })

  test('what settled first holds up what comes later, which keeps its velocity', async () => {
    const ground = region([-0.3, -0.3, 0], [0.3, 0.3, 2])
    const s = scene({ frames: 6 }).add(eye, floor())
    for (const k of key.fork('first').times(4)) s.add(shape('cube', k).scaled(0.2).dropFrom(ground))
    s.settle().add(
      shape('sphere', key.fork('second'))
        .scaled(0.2)
        .dropFrom(ground)
        .withVelocity(p => [-p[0], -p[1], 0]),
    )
    const { objects } = await finish(s)
    const bodies = objects.slice(1).map(o => o.body as { velocity: number[] })
    for (const b of bodies.slice(0, 4)) expect(b.velocity).toEqual([0, 0, 0])
    const ball = objects[5]!.position as [number, number, number]
    expect(bodies[4]!.velocity).toEqual([-ball[0], -ball[1], 0])
    // The cubes lie on the floor (or on each other), the ball is free of them.
    for (const o of objects.slice(1, 5)) {
      const p = o.position as [number, number, number]
      expect(p[2]).toBeLessThan(0.85)
      expect(vec3.distance(p, ball)).toBeGreaterThan(0.2 - 1e-4)
    }
  })

  test('what will not rest fails by name, or is stopped where it is', async () => {
    const rolling = () =>
      scene().add(
        eye,
        shape('cube').named('ramp').scaled([20, 20, 0.1]).rotated([0, 1, 0], 0.3).fixed(),
        shape('sphere').named('ball').scaled(0.2).at([0, 0, 0.6]).dynamic(),
      )
    await expect(finish(rolling().settle({ seconds: 0.5 }))).rejects.toThrow(/ball did not come to rest in 0.5 s/)
    const { objects } = await finish(rolling().settle({ seconds: 0.5, unrest: 'stop' }))
    expect((objects[1]!.position as number[])[2]).toBeLessThan(0.6)
    expect((objects[1]!.body as { velocity: number[] }).velocity).toEqual([0, 0, 0])
  })

  test('what finds no place looks elsewhere; what is optional is left out and recorded, with what goes over it', async () => {
    const table = region([0, 0, 1], [1, 1, 2])
    const shelf = region([5, 0, 2], [6, 1, 3])
    const box = (name: string, size = 0.9) => shape('cube', key.fork(name)).named(name).scaled(size)
    const options = { turn: 'keep', elsewhere: [shelf], optional: true } as const
    const third = box('third').standOn(table, options)
    const s = scene().add(
      eye,
      box('first').standOn(table, options),
      box('second').standOn(table, options),
      third,
      box('rider', 0.1).over(third, [0, 0, 1]),
      box('last', 0.05).standOn(table, options),
    )
    const built = await finish(s)
    expect(built.objects.map(o => [o.id, o.name])).toEqual([
      [1, 'first'],
      [2, 'second'],
      [3, 'last'],
    ])
    const x = built.objects.map(o => (o.position as number[])[0]!)
    expect([x[0]! < 1, x[1]! > 5, x[2]! < 1]).toEqual([true, true, true])
    expect(built.metadata['left_out']).toEqual(['third', 'rider'])
    expect((await finish(scene().add(eye, box('alone').standOn(table, options)))).metadata).toEqual({})
    const must = scene().add(eye, ...['a', 'b', 'c'].map(n => box(n).standOn(table, { turn: 'keep', elsewhere: [shelf] })))
    await expect(finish(must)).rejects.toThrow(/c found no free place .*nor in the 1 regions elsewhere/)
  })

  test('what is optional and will not rest is left out, and the rest comes to rest without it', async () => {
    const s = scene().add(
      eye,
      shape('cube').named('ramp').scaled([20, 20, 0.1]).rotated([0, 1, 0], 0.3).fixed(),
      shape('cube').named('ledge').scaled([2, 2, 0.1]).at([0, 14, 0]).fixed(),
      shape('sphere', key)
        .named('ball')
        .scaled(0.2)
        .dropFrom(region([-0.2, -0.2, 0.4], [0.2, 0.2, 0.8]), { optional: true }),
      shape('cube').named('brick').scaled(0.2).at([0, 14, 0.3]).dynamic(),
    )
    const built = await finish(s.settle({ seconds: 1 }))
    expect(built.objects.map(o => o.name)).toEqual(['ramp', 'ledge', 'brick'])
    expect(built.metadata['left_out']).toEqual(['ball'])
    expect((built.objects[2]!.position as number[])[2]).toBeCloseTo(0.15, 2)
  })

  test('a following camera keeps its offset from a falling object', async () => {
    const ball = shape('sphere').scaled(0.2).at([1, 0, 5]).dynamic()
    const s = scene({ frames: 6, fps: 12 })
      .add(eye, ball)
      .follow(ball, { offset: [0, -3, 0], lag: 0, name: 'chase' })
    const built = await finish(s)
    const motion = (await initPhysics()).simulate(resolveScene(built, NO_ASSETS))
    expect(built.cameras.map(c => c.name)).toEqual(['camera', 'chase'])
    for (const t of [0, 0.25, 0.5]) {
      const offset = vec3.sub(vec3At(built.cameras[1]!.position as never, t), motion.pose(built.objects[0]!.id, t).position)
      expect(vec3.distance(offset, [0, -3, 0])).toBeLessThan(0.002)
    }
    expect(motion.pose(built.objects[0]!.id, 0.5).position[2]).toBeLessThan(4)
    await expect(finish(scene().follow(ball, { offset: [0, -3, 0] }))).rejects.toThrow(/sphere is not in the scene/)
  })
})
