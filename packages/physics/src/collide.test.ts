import { type Vec3, vec3 } from '@dioramic/scene'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { testScene } from '../test/scene.ts'
import type { SimulatedMotion } from './index.ts'
import { initPhysics } from './physics.ts'

const physics = await initPhysics()

const momentum = (motion: SimulatedMotion, ids: readonly number[], t: number): Vec3 =>
  ids.map(id => vec3.scale(motion.velocity(id, t).linear, motion.body(id)!.mass)).reduce(vec3.add)
/** Kinetic energy of spheres and cubes, whose inertia is the same about every axis. */
const energy = (motion: SimulatedMotion, ids: readonly number[], t: number): number =>
  ids
    .map(id => {
      const { linear, angular } = motion.velocity(id, t)
      const { mass, inertia } = motion.body(id)!
      return (mass * vec3.dot(linear, linear) + inertia[0] * vec3.dot(angular, angular)) / 2
    })
    .reduce((a, b) => a + b)

describe('two balls head-on, without gravity', () => {
  it('exchange velocities as Newton’s restitution says, for all masses and e', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        fc.double({ min: 0.2, max: 1, noNaN: true }),
        fc.double({ min: 0.5, max: 8, noNaN: true }),
        (m1, m2, e, v) => {
          const ball = (id: number, x: number, vx: number, mass: number) => ({
            id,
            name: `b${id}`,
            geometry: 'sphere',
            scale: [0.1, 0.1, 0.1] as [number, number, number],
            position: [x, 0, 0] as [number, number, number],
            body: { type: 'dynamic' as const, mass, restitution: e, friction: 0, velocity: [vx, 0, 0] as [number, number, number] },
          })
          const motion = physics.simulate(testScene({ gravity: [0, 0, 0], frames: 11, objects: [ball(1, 0, v, m1), ball(2, 0.3, 0, m2)] }))
          const t = motion.end
          const u1 = (v * (m1 - e * m2)) / (m1 + m2)
          const u2 = (v * m1 * (1 + e)) / (m1 + m2)
          expect(Math.abs(motion.velocity(1, t).linear[0] - u1)).toBeLessThan(1e-4 * v + 1e-4)
          expect(Math.abs(motion.velocity(2, t).linear[0] - u2)).toBeLessThan(1e-4 * v + 1e-4)
          expect(motion.contacts).toHaveLength(1)
          const [hit] = motion.contacts
          expect(hit!.begin).toBeCloseTo(motion.start + 0.2 / v, 5)
          expect(hit!.normal[0]).toBeCloseTo(1, 5)
          expect(hit!.relativeVelocity[0]).toBeCloseTo(-v, 5)
          expect(hit!.impulse / (m2 * u2)).toBeCloseTo(1, 3)
          expect(hit!.point[0]).toBeCloseTo(0.25, 3)
        },
      ),
      { numRuns: 25 },
    )
  })
})

it('a swarm of balls and cubes never gains momentum, nor energy (in a step 0.5 % up to restitution 0.7, 5 % beyond)', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e9 }), fc.constantFrom(0, 0.3, 0.5, 0.7, 0.9, 1), (seed, restitution) => {
      let x = seed
      const draw = () => (x = (Math.imul(x, 1664525) + 1013904223) >>> 0) / 2 ** 32
      const ids = [1, 2, 3, 4, 5, 6, 7, 8]
      const objects = ids.map(id => {
        const size = 0.1 + 0.1 * draw()
        const position: [number, number, number] = [(id & 1) * 0.5, ((id >> 1) & 1) * 0.5, (id >> 2) * 0.5]
        return {
          id,
          name: `o${id}`,
          geometry: draw() < 0.5 ? 'sphere' : 'cube',
          scale: [size, size, size] as [number, number, number],
          position,
          // Towards the middle, so that they meet.
          body: {
            type: 'dynamic' as const,
            restitution,
            friction: 0.4,
            velocity: position.map(p => (0.25 - p) * 4 + draw() - 0.5) as [number, number, number],
          },
        }
      })
      const motion = physics.simulate(testScene({ gravity: [0, 0, 0], frames: 11, objects }))
      expect(motion.contacts.length).toBeGreaterThan(0)
      const p0 = momentum(motion, ids, motion.start)
      const scale = ids.map(id => motion.body(id)!.mass * 3).reduce((a, b) => a + b)
      let before = energy(motion, ids, motion.start)
      const first = before
      for (const t of motion.stepTimes) {
        if (t > motion.end) break
        const now = energy(motion, ids, t)
        expect(now).toBeLessThan(before + (restitution > 0.7 ? 0.05 : 0.005) * first)
        before = restitution > 0.7 ? now : Math.min(before, now)
        expect(vec3.distance(momentum(motion, ids, t), p0)).toBeLessThan(2e-3 * scale)
      }
    }),
    { numRuns: 18 },
  )
})

it('contacts of a small thing that slides are under it, not where they were some steps before', () => {
  const motion = physics.simulate(
    testScene({
      frames: 5,
      objects: [
        { id: 1, name: 'table', geometry: 'cube', scale: [1, 1, 0.1], position: [0, 0, -0.05], body: { type: 'static', friction: 0.1 } },
        {
          id: 2,
          name: 'die',
          geometry: 'cube',
          scale: [0.02, 0.02, 0.02],
          position: [0.2, 0, 0.01],
          body: { type: 'dynamic', friction: 0.1, velocity: [0.4, 0, 0] },
        },
      ],
    }),
    { rawContacts: true },
  )
  expect(motion.pose(2, motion.end).position[0]).toBeGreaterThan(0.25)
  expect(motion.rawContacts!.length).toBeGreaterThan(100)
  for (const { time, point } of motion.rawContacts!)
    expect(Math.abs(point[0] - motion.pose(2, time - 1 / 240).position[0]), `at ${time} s`).toBeLessThan(0.011)
})

it('nothing tunnels: objects of 5 cm and 1 cm at up to 100 m/s against a wall of 1 cm', () => {
  for (const speed of [5, 10, 30, 100]) {
    for (const size of [0.05, 0.01]) {
      for (let k = 0; k < 6; k++) {
        const motion = physics.simulate(
          testScene({
            frames: 3,
            objects: [
              { id: 1, name: 'wall', geometry: 'cube', scale: [0.01, 2, 2], body: { type: 'static' } },
              {
                id: 2,
                name: 'shot',
                geometry: k % 2 ? 'sphere' : 'cube',
                scale: [size, size, size],
                position: [-0.3 - 0.003 * k, 0, 0],
                body: { type: 'dynamic', velocity: [speed, 0, 0], angularVelocity: [k, 2 * k, 0] },
              },
            ],
          }),
        )
        expect(motion.contacts[0]!.objects).toEqual([1, 2])
        for (const t of motion.stepTimes) {
          // The ball's front; a cube's nearest corner can only be farther.
          expect(motion.pose(2, t).position[0]).toBeLessThan(-0.005 - size / 2 + 5e-4)
        }
      }
    }
  }
})
