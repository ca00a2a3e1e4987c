import { describe, expect, it } from 'vitest'
import { floor, testScene } from '../test/scene.ts'
import { initPhysics } from './physics.ts'

const physics = await initPhysics()
const g = 9.81
const drop = (height: number, e: number, stepRate = 240, radius = 0.05) =>
  physics.simulate(
    testScene({
      stepRate,
      frames: 23,
      fps: 12,
      objects: [
        floor({ restitution: e }),
        {
          id: 2,
          name: 'ball',
          geometry: 'sphere',
          scale: [2 * radius, 2 * radius, 2 * radius],
          position: [0.3, 0.2, height + radius],
          body: { type: 'dynamic', restitution: e },
        },
      ],
    }),
  )

describe('a bouncing ball', () => {
  it.each([0, 0.3, 0.5, 0.7, 0.9])('rises to e² of its height for e = %f to 0.1 %', e => {
    for (let k = 0; k < 8; k++) {
      const height = 0.8 + 0.05 * k
      const motion = drop(height, e)
      const times = motion.stepTimes.filter(t => t <= motion.end)
      const z = (t: number) => motion.pose(2, t).position[2] - 0.05
      const apex = Math.max(...[...times].filter(t => t > motion.contacts[0]!.begin + 1 / 240).map(z))
      expect(Math.abs(apex / height - e * e)).toBeLessThan(0.001)
      // It bounces at the surface, not in it: never deeper than a millimetre.
      expect(Math.min(...[...times].map(z))).toBeGreaterThan(-0.001)
    }
  })

  it('reports its first contact: time, place, normal, approach, impulse', () => {
    for (const e of [0.3, 0.5, 0.7, 0.9]) {
      const motion = drop(1, e)
      const first = motion.contacts[0]!
      const speed = Math.sqrt(2 * g)
      const mass = 1000 * (4 / 3) * Math.PI * 0.05 ** 3
      expect(motion.body(2)!.mass / mass).toBeCloseTo(1, 5)
      expect(first.objects).toEqual([1, 2])
      expect(Math.abs(first.begin - (motion.start + Math.sqrt(2 / g)))).toBeLessThan(1e-6)
      expect(first.end! - first.begin).toBeLessThanOrEqual(2 / 240)
      expect(first.end!).toBeGreaterThan(first.begin)
      expect(first.maxForceTime).toBeGreaterThanOrEqual(first.begin)
      expect(first.maxForceTime).toBeLessThanOrEqual(first.end!)
      expect(Math.hypot(first.point[0] - 0.3, first.point[1] - 0.2, first.point[2])).toBeLessThan(1e-3)
      expect(first.normal[2]).toBeCloseTo(1, 5)
      expect(first.relativeVelocity[2] / -speed).toBeCloseTo(1, 3)
      expect(first.impulse / (mass * (1 + e) * speed)).toBeCloseTo(1, 4)
      expect(first.maxForce).toBeCloseTo(first.impulse * 240, -1)
    }
  })

  it('bounces at the times of the closed form', () => {
    const e = 0.8
    const motion = drop(0.5, e)
    const fall = Math.sqrt(1 / g)
    let time = motion.start + fall
    let interval = 2 * fall * e
    for (const contact of motion.contacts.slice(0, 4)) {
      expect(Math.abs(contact.begin - time)).toBeLessThan(1e-3)
      time += interval
      interval *= e
    }
    expect(motion.contacts.length).toBeGreaterThanOrEqual(4)
  })

  it('that comes to rest stays in one contact to the end, whose impulse carries its weight', () => {
    const motion = drop(0.02, 0)
    expect(motion.contacts).toHaveLength(1)
    const [only] = motion.contacts
    expect(only!.end).toBeNull()
    const { mass } = motion.body(2)!
    const carried = mass * Math.sqrt(2 * g * 0.02) + mass * g * (motion.stepTimes.at(-1)! - only!.begin)
    expect(only!.impulse / carried).toBeCloseTo(1, 2)
  })

  it('finds nearly the same path at any step rate', () => {
    const end = (rate: number) => drop(0.3, 0.5, rate).pose(2, 0.35).position[2]
    const truth = end(2000)
    for (const rate of [120, 240, 333.3, 1000]) expect(Math.abs(end(rate) - truth)).toBeLessThan(0.1 / rate)
  })

  it('gives raw contacts whose impulses sum to the events', () => {
    const scene = testScene({
      frames: 11,
      objects: [
        floor(),
        { id: 2, name: 'box', geometry: 'cube', scale: [0.1, 0.1, 0.1], position: [0, 0, 0.2], body: { type: 'dynamic' } },
      ],
    })
    const motion = physics.simulate(scene, { rawContacts: true })
    const raw = motion.rawContacts!.reduce((sum, c) => sum + c.force / 240, 0)
    const events = motion.contacts.reduce((sum, c) => sum + c.impulse, 0)
    expect(raw / events).toBeCloseTo(1, 4)
    expect(physics.simulate(scene).rawContacts).toBeUndefined()
    for (const [i, c] of motion.rawContacts!.entries()) {
      if (i > 0) expect(c.time).toBeGreaterThanOrEqual(motion.rawContacts![i - 1]!.time)
      expect(c.objects).toEqual([1, 2])
      expect(Math.abs(c.point[2])).toBeLessThan(0.01)
      expect(c.normal[2]).toBeGreaterThan(0.99)
    }
  })
})
