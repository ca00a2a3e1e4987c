/** Raw contacts against mechanics: they carry the weight, and add up to the merged events. */
import { initPhysics } from '@dioramic/physics'
import { Key, NO_ASSETS, resolveScene, sceneSchema } from '@dioramic/scene'
import { expect, test } from 'vitest'
import { camera, eye, image, type V } from '../../test/kit/oracle.ts'
import { clipContext } from '../context.ts'
import { contacts } from './contacts.ts'
import { clipEvents } from './events.ts'

const e = eye([0.5, -2, 0.6], [0, 0, 0.1])
const resolved = resolveScene(
  sceneSchema.parse({
    fps: 12,
    frames: 12,
    cameras: [camera([e])],
    geometries: { cube: { type: 'shape', shape: 'cube' }, plane: { type: 'shape', shape: 'plane' } },
    objects: [
      { id: 1, name: 'floor', geometry: 'plane', scale: [9, 9, 1], body: { type: 'static' } },
      {
        id: 7,
        name: 'box',
        geometry: 'cube',
        scale: [0.3, 0.3, 0.3],
        position: [0, 0, 0.2],
        body: { type: 'dynamic', mass: 2, restitution: 0 },
      },
    ],
  }),
  NO_ASSETS,
)
const rays = () => {
  throw new Error('no rays are needed')
}

test('contacts carry the weight at rest, lie on the floor, show where a pinhole has them, and add up to the events', async () => {
  const motion = (await initPhysics()).simulate(resolved, { rawContacts: true })
  const told = contacts.compute(clipContext({ resolved, motion, rays, key: Key.fromSeed(0) }))
  const [time, force, position, normal, raster, inFrame, instances] = [
    'time',
    'force',
    'position',
    'normal',
    'image_position',
    'in_frame',
    'instances',
  ].map(name => Array.from(told[name].data))
  const n = time.length
  expect(n).toBeGreaterThan(100)
  const perStep = new Map<number, number>()
  for (let i = 0; i < n; i++) {
    if (i > 0) expect(time[i]).toBeGreaterThanOrEqual(time[i - 1])
    perStep.set(time[i], (perStep.get(time[i]) ?? 0) + force[i])
    expect(instances.slice(2 * i, 2 * i + 2)).toEqual([1, 7])
    const p = position.slice(3 * i, 3 * i + 3) as unknown as V
    expect(Math.abs(p[2])).toBeLessThan(2e-3)
    expect(normal[3 * i + 2]).toBeGreaterThan(0.999)
    const [u, v] = image(e, p)
    expect(Math.max(Math.abs(raster[2 * i] - u), Math.abs(raster[2 * i + 1] - v))).toBeLessThan(1e-3)
    expect(inFrame[i]).toBe(u >= 0 && v >= 0 && u < 64 && v < 48 ? 1 : 0)
  }
  const last = [...perStep.values()].slice(-48)
  expect(Math.abs(last.reduce((a, b) => a + b, 0) / last.length - 2 * 9.81)).toBeLessThan(0.1)
  const impulse = force.reduce((sum, f) => sum + f / 240, 0)
  expect(impulse / clipEvents(resolved, motion).reduce((sum, c) => sum + c.impulse, 0)).toBeCloseTo(1, 4)
  // Without them the label says what to do.
  const without = (await initPhysics()).simulate(resolved)
  expect(() => contacts.compute(clipContext({ resolved, motion: without, rays, key: Key.fromSeed(0) }))).toThrow(
    /simulate the scene with rawContacts/,
  )
})
