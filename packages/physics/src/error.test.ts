import { describe, expect, it } from 'vitest'
import { boxPoints, floor, type TestGeometry, testScene } from '../test/scene.ts'
import { PhysicsError } from './error.ts'
import { initPhysics } from './physics.ts'

const physics = await initPhysics()
const hull = (...points: number[][]): TestGeometry => ({
  geometry: { type: 'asset', asset: 'it' },
  hulls: [new Float32Array(points.flat())],
})
const thing = { id: 4, name: 'thing', geometry: 'cube', body: { type: 'dynamic' as const } }
type Objects = NonNullable<Parameters<typeof testScene>[0]['objects']>
const run = (objects: Objects, extra: Record<string, TestGeometry> = {}) => physics.simulate(testScene({ frames: 2, objects }, extra))

describe('a scene that cannot be simulated is refused: which object, what, what to do', () => {
  const flat = hull([0, 0, 0], [1, 0, 0], [0, 1, 0], [1, 1, 0])
  const cases: [string, () => unknown, RegExp][] = [
    [
      'flat hull',
      () => run([{ ...thing, geometry: 'it' }], { it: flat }),
      /"thing" \(id 4\): collision hull 0 has no volume .* remove it or give it thickness/,
    ],
    [
      'three points',
      () => run([{ ...thing, geometry: 'it' }], { it: hull([0, 0, 0], [1, 0, 0], [0, 1, 0]) }),
      /no volume \(3 distinct points\)/,
    ],
    [
      'not a number',
      () => run([{ ...thing, geometry: 'it' }], { it: { ...flat, hulls: [new Float32Array([NaN, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 1])] } }),
      /thing/,
    ],
    [
      'no hulls',
      () => run([{ ...thing, geometry: 'it' }], { it: { ...flat, hulls: [], bounds: { min: [0, 0, 0], max: [1, 1, 1] } } }),
      /has no collision hulls; give it some/,
    ],
    ['dynamic plane', () => run([{ ...thing, geometry: 'plane' }]), /dynamic plane, which has no volume; use a thin cube/],
    [
      'mass ratio',
      () =>
        run([
          { ...thing, body: { type: 'dynamic', mass: 1e6 } },
          { ...thing, id: 5, name: 'fly', body: { type: 'dynamic', mass: 1e-3 } },
        ]),
      /"thing" \(id 4\) weighs 1000000 kg and object "fly"/,
    ],
    [
      'speed',
      () => run([{ ...thing, body: { type: 'dynamic', velocity: [900, 0, 0] } }]),
      /starts with a velocity of 900; it must be finite and at most 400 m\/s/,
    ],
    ['size', () => run([{ ...thing, scale: [1e6, 1e6, 1e6] }]), /measures 1000000 m; .*Check its scale/],
    [
      'keyframes on a dynamic body',
      () =>
        run([
          {
            ...thing,
            position: {
              keys: [
                [0, [0, 0, 0]],
                [1, [1, 0, 0]],
              ],
              interpolation: 'linear',
            },
          },
        ]),
      /use a kinematic body/,
    ],
    [
      'too many steps',
      () => physics.simulate(testScene({ frames: 100_000, fps: 1, stepRate: 1000, objects: [thing] })),
      /1\.00e\+8 steps, more than \d+; raise fps \(1\) or lower frames \(100000\), stepRate \(1000\)/,
    ],
    [
      'too much memory',
      () => physics.simulate(testScene({ frames: 60_000, fps: 1, stepRate: 1000, objects: [thing] })),
      /MiB, more than .* lower stepRate \(1000\) or frames \(60000\)/,
    ],
    ['unknown id', () => run([thing]).pose(99, 0), /no object with id 99; the scene has 4/],
  ]
  it.each(cases)('%s', (_, act, message) => {
    expect(act).toThrow(PhysicsError)
    expect(act).toThrow(message)
  })

  it('and the engine works on after a refusal', () => {
    expect(() => run([{ ...thing, geometry: 'plane' }])).toThrow(PhysicsError)
    expect(run([thing]).pose(4, 0).position[2]).toBeLessThan(0)
  })
})

describe('what leaves the world', () => {
  it('stops at 100 m below and does not disturb the rest', () => {
    const motion = physics.simulate(
      testScene({
        frames: 95,
        objects: [
          floor({}, 2),
          { ...thing, position: [5, 0, 0] },
          { ...thing, id: 5, name: 'stays', scale: [0.1, 0.1, 0.1], position: [0, 0, 0.05] },
        ],
      }),
    )
    const { position } = motion.pose(4, motion.end)
    expect(position[2]).toBeLessThan(-100)
    expect(position[2]).toBeGreaterThan(-101)
    expect(motion.velocity(4, motion.end).linear).toEqual([0, 0, 0])
    expect(Math.abs(motion.pose(5, motion.end).position[2] - 0.05)).toBeLessThan(1e-4)
  })
})

it('bodies answer mass, centre, inertia and surface; keyframed ones are infinitely heavy, others undefined', () => {
  const motion = run(
    [
      floor({ friction: 0.9 }),
      {
        ...thing,
        id: 2,
        name: 'a',
        scale: [0.2, 0.4, 0.6],
        position: [0, 0, 5],
        body: { type: 'dynamic', density: 500, friction: 0.2, restitution: 0.1 },
      },
      { ...thing, id: 3, name: 'b', geometry: 'it', scale: [2, 1, 1], position: [3, 0, 5], body: { type: 'dynamic', mass: 7 } },
      {
        ...thing,
        id: 4,
        name: 'c',
        body: { type: 'none' },
        position: {
          keys: [
            [0, [0, 0, 0]],
            [1, [1, 0, 0]],
          ],
          interpolation: 'linear',
        },
      },
    ],
    { it: { geometry: { type: 'asset', asset: 'it' }, hulls: [boxPoints(0.1, 0.1, 0.1, [0.3, 0, 0])] } },
  )
  const a = motion.body(2)!
  const mass = 500 * 0.2 * 0.4 * 0.6
  expect(a.mass).toBeCloseTo(mass, 4)
  const expected = [0.4 ** 2 + 0.6 ** 2, 0.2 ** 2 + 0.6 ** 2, 0.2 ** 2 + 0.4 ** 2].map(x => (mass * x) / 12)
  for (const k of [0, 1, 2] as const) expect(a.inertia[k] / expected[k]!).toBeCloseTo(1, 5)
  expect([a.friction, a.restitution]).toEqual([0.2, 0.1])
  expect(motion.body(3)!.mass).toBe(7)
  expect(motion.body(3)!.centerOfMass[0]).toBeCloseTo(0.6, 6)
  expect(motion.body(1)).toMatchObject({ mass: Infinity, friction: 0.9 })
  expect(motion.body(4)).toBeUndefined()
  expect(motion.pose(4, 0.05).position[0]).toBeCloseTo(0.05, 12)
})

it('a scene without bodies, or without objects, has a motion of keyframes only', () => {
  const motion = physics.simulate(testScene({ frames: 3, fps: 2, objects: [] }))
  expect([motion.start, motion.end, motion.contacts.length]).toEqual([-0.5, 1.5, 0])
})
