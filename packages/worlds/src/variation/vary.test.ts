import { initPhysics } from '@dioramic/physics'
import { Key, NO_ASSETS, type Quat, quat, resolveScene, type Scene, type SceneInput, sceneSchema, type Vec3, vec3 } from '@dioramic/scene'
import { describe, expect, test } from 'vitest'
import { ambient } from '../builder/environment.ts'
import { withoutLooks } from '../builder/follow.ts'
import { scene } from '../builder/scene.ts'
import { floor, shape } from '../builder/shapes.ts'
import { camera, stereoRig } from '../toolkit/cameras.ts'
import { pointLight, sun } from '../toolkit/lights.ts'
import { factorOf, variationOf } from './factors.ts'
import { placedObjects, withSpace } from './space.ts'
import { vary } from './vary.ts'

/** Six cubes on a floor, two lights, a stereo rig. */
async function base(): Promise<SceneInput> {
  const s = scene({ frames: 4, categories: ['floor', 'cube'] })
    .add(floor(), ambient([0.5, 0.5, 0.5]), sun({ position: [1, 1, 3], irradiance: 2 }), pointLight({ position: [2, 0, 3], power: 50 }))
    .add(...stereoRig(camera({ position: [4, -4, 3], lookAt: [0, 0, 0.2] }), 0.1))
  for (const [i, x] of [-1.2, 0, 1.2].entries())
    for (const [j, y] of [-0.6, 0.6].entries()) s.add(shape('cube').named(`c${i}${j}`).scaled(0.3).at([x, y, 0.151]).dynamic())
  return s.finish(NO_ASSETS)
}

const key = Key.fromSeed(0).fork('vary.test')
const varied = async (variation: Parameters<typeof vary>[2], i = 0, input?: SceneInput): Promise<Scene> =>
  sceneSchema.parse(await vary(input ?? (await base()), key.fork(i), variation, NO_ASSETS))
const told = (s: Scene) => s.metadata['variation'] as Record<string, Record<string, never>>
const lengthOf = (...x: number[]) => Math.sqrt(x.reduce((s, v) => s + v * v, 0))

describe('what varies, and how far', () => {
  test('vary draws from 0 to 1, shift is exact, both together go from there to 1', () => {
    expect(variationOf(['lights', 'texture'], { lighting: 0.5, pose: 1 })).toEqual({ lights: [0.5, 1], textures: [0, 1], pose: [1, 1] })
    expect(variationOf([], { camera: 0 })).toEqual({ camera: [0, 0] })
    expect(() => factorOf('fog')).toThrow(/"fog" is nothing that varies; there are lights, textures, pose, camera, distractors/)
    expect(() => variationOf([], { camera: 2 })).toThrow(/shift of 2 in camera is not between 0 and 1/)
  })

  test('nothing varied is the scene itself; a shift of 0 changes nothing but its record', async () => {
    const input = await base()
    expect(await vary(input, key, {}, NO_ASSETS)).toBe(input)
    const all = variationOf([], { lights: 0, textures: 0, pose: 0, camera: 0, distractors: 0 })
    const same = await varied(all, 0, input)
    const was = sceneSchema.parse(input)
    expect(same.materials).toEqual(was.materials)
    expect(same.objects).toHaveLength(was.objects.length)
    for (const [i, o] of same.objects.entries())
      expect(vec3.distance(o.position as Vec3, was.objects[i]!.position as Vec3)).toBeLessThan(1e-12)
    for (const [i, c] of same.cameras.entries())
      expect(vec3.distance(c.position as Vec3, was.cameras[i]!.position as Vec3)).toBeLessThan(1e-9)
    expect(same.lights.map(l => l.color)).toEqual(was.lights.map(l => l.color))
  })

  test('severities are uniform in their range and recorded; one key gives one scene', async () => {
    const input = await base()
    const n = 400
    const drawn: number[] = []
    for (let i = 0; i < n; i++) drawn.push(Number(told(await varied({ lights: [0.2, 1] }, i, input))['lights']!['severity']))
    const sorted = drawn.map(s => (s - 0.2) / 0.8).sort((a, b) => a - b)
    const d = Math.max(...sorted.map((v, i) => Math.max(Math.abs(v - i / n), Math.abs(v - (i + 1) / n))))
    // Kolmogorov–Smirnov by Massart's bound, α = 1e-4.
    expect(d).toBeLessThan(Math.sqrt(Math.log(2e4) / (2 * n)))
    expect(await varied({ lights: [0, 1], pose: [0, 1] }, 3, input)).toEqual(await varied({ lights: [0, 1], pose: [0, 1] }, 3, input))
  })
})

describe('each factor goes as far as its severity says', () => {
  test('lights', async () => {
    const input = await base()
    const was = sceneSchema.parse(input)
    for (let i = 0; i < 20; i++) {
      const s = await varied({ lights: [0.7, 0.7] }, i, input)
      const { stops, warmth, turn } = told(s)['lights'] as unknown as { stops: number; warmth: number; turn: number }
      expect(lengthOf(stops / 2, warmth, turn / (Math.PI / 2))).toBeCloseTo(0.7, 9)
      const [before, after] = [was, s].map(x => x.lights[0] as { irradiance: number; color: Vec3; rotation: Quat })
      expect(Math.log2(after!.irradiance / before!.irradiance)).toBeCloseTo(stops, 9)
      expect(Math.log2(after!.color[0] / after!.color[2])).toBeCloseTo(warmth, 9)
      expect(Math.abs(Math.log2(Number(s.environment!.strength)) - stops)).toBeLessThan(1e-9)
      // The point light stands at the same distance from the middle.
      const [p, q] = [was, s].map(x => (x.lights[1] as { position: Vec3 }).position)
      const middle: Vec3 = [0, 0, 0.151]
      expect(vec3.distance(q!, middle)).toBeCloseTo(vec3.distance(p!, middle), 9)
    }
  })

  test('textures: the share of objects that the severity says, on average exactly', async () => {
    const input = await base()
    let changed = 0
    const n = 60
    for (let i = 0; i < n; i++) {
      const s = await varied({ textures: [0.5, 0.5] }, i, input)
      const names = told(s)['textures']!['changed'] as string[]
      // Seven objects: 3.5 of them, so 3 or 4.
      expect([3, 4]).toContain(names.length)
      changed += names.length
      for (const o of s.objects) expect(String(o.material).startsWith('varied-')).toBe(names.includes(o.name))
    }
    // Binomial(60, ½) of extra ones: five deviations.
    expect(Math.abs(changed - 3.5 * n)).toBeLessThan(5 * Math.sqrt(n / 4))
    const all = await varied({ textures: [1, 1] }, 0, input)
    expect(resolveScene(all, NO_ASSETS).objects).toHaveLength(7)
    expect(all.objects.every(o => String(o.material).startsWith('varied-'))).toBe(true)
  })

  test('pose: as far as it says, clear of each other, on the floor as before', async () => {
    const input = await base()
    const was = sceneSchema.parse(input)
    for (let i = 0; i < 8; i++) {
      const s = await varied({ pose: [0.8, 0.8] }, i, input)
      const radius = (0.3 * Math.sqrt(3)) / 2
      for (const [k, o] of s.objects.entries()) {
        if (o.isBackground) continue
        const [p, q] = [was.objects[k]!.position as Vec3, o.position as Vec3]
        expect(vec3.distance(p, q)).toBeCloseTo(0.8 * radius, 6)
        expect(q[2]).toBe(p[2])
        expect(2 * Math.acos(Math.min(1, Math.abs((o.rotation as Quat)[3])))).toBeCloseTo(0.8 * Math.PI, 4)
      }
      const placed = placedObjects(s, NO_ASSETS)
      for (const p of placed) {
        const others = placed.filter(o => o !== p)
        expect(await withSpace(others, space => space.overlaps(p.item, p))).toBeNull()
      }
    }
  })

  test('camera: the rig stays rigid, looks at the same point and keeps above the ground', async () => {
    const input = await base()
    for (let i = 0; i < 20; i++) {
      const s = await varied({ camera: [1, 1] }, i, input)
      const d = told(s)['camera'] as unknown as { azimuth: number; elevation: number; distance: number; roll: number }
      const size = lengthOf(d.azimuth / (Math.PI / 4), d.elevation / (Math.PI / 9), Math.log2(d.distance) / 0.5, d.roll / (Math.PI / 12))
      expect(size).toBeCloseTo(1, 9)
      const [left, right] = s.cameras.map(c => ({ p: c.position as Vec3, q: c.rotation as Quat }))
      expect(vec3.distance(left!.p, right!.p)).toBeCloseTo(0.1, 9)
      expect(vec3.distance(quat.rotate(quat.conjugate(left!.q), vec3.sub(right!.p, left!.p)), [0.1, 0, 0])).toBeLessThan(1e-9)
      expect(left!.p[2]).toBeGreaterThan(0)
      // The point that was in the middle of the first picture still is, `distance` times as far away.
      const gaze = quat.rotate(left!.q, [0, 0, -1])
      const eye0: Vec3 = [4, -4, 3]
      const axis0 = vec3.normalize(vec3.sub([0, 0, 0.2], eye0))
      const reach = vec3.dot(vec3.sub([0, 0, 0.151], eye0), axis0)
      const pivot = vec3.add(eye0, vec3.scale(axis0, reach))
      expect(vec3.distance(vec3.add(left!.p, vec3.scale(gaze, reach * d.distance)), pivot)).toBeLessThan(1e-9)
      const level = quat.rotate(left!.q, [1, 0, 0])
      expect(Math.abs(Math.asin(level[2]) / Math.cos(Math.asin(gaze[2])))).toBeLessThan(0.3)
    }
  })

  test('distractors: background of their own category, clear of everything, and the simulation runs', async () => {
    const s = await varied({ distractors: [1, 1] })
    const extra = s.objects.filter(o => o.category === 'distractor')
    expect(extra).toHaveLength(8)
    expect(extra.every(o => o.isBackground && o.body.type === 'dynamic')).toBe(true)
    expect(s.categories).toEqual(['floor', 'cube', 'distractor'])
    const motion = (await initPhysics()).simulate(resolveScene(sceneSchema.parse(withoutLooks(s as SceneInput)), NO_ASSETS))
    for (const o of extra) expect(motion.pose(o.id, 0.3).position[2]).toBeGreaterThan(-0.1)
  })
})
