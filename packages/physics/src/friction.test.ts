import { type Quat, quat, type Vec3 } from '@dioramic/scene'
import { describe, expect, it } from 'vitest'
import { floor, testScene } from '../test/scene.ts'
import { initPhysics } from './physics.ts'

const physics = await initPhysics()
const g = 9.81

describe('Coulomb friction', () => {
  it.each([
    [0.2, 0.2],
    [0.5, 0.5],
    [0.9, 0.4],
    [1, 0.16],
  ])('slows a sliding box by √(%f · %f) g', (a, b) => {
    const mu = Math.sqrt(a * b)
    const motion = physics.simulate(
      testScene({
        objects: [
          floor({ friction: a, restitution: 0 }),
          {
            id: 2,
            name: 'box',
            geometry: 'cube',
            scale: [0.2, 0.2, 0.05],
            position: [0, 0, 0.025],
            body: { type: 'dynamic', friction: b, restitution: 0, velocity: [3, 0, 0] },
          },
        ],
      }),
    )
    const t = 0.3
    expect(motion.velocity(2, motion.start + t).linear[0]).toBeCloseTo(3 - mu * g * t, 2)
    expect(motion.pose(2, motion.start + t).position[0]).toBeCloseTo(3 * t - 0.5 * mu * g * t * t, 2)
    expect(motion.pose(2, motion.end).position[0] / ((3 * 3) / (2 * mu * g))).toBeCloseTo(1, 2)
    expect(Math.abs(motion.velocity(2, motion.end).linear[0])).toBeLessThan(1e-3)
  })

  const slope = (angle: number, mu: number, shape = 'cube') => {
    const rotation: Quat = quat.fromAxisAngle([0, 1, 0], angle)
    const position = quat.rotate(rotation, [0, 0, shape === 'sphere' ? 0.1 : 0.05])
    return physics.simulate(
      testScene({
        frames: 11,
        objects: [
          { ...floor({ friction: mu, restitution: 0 }), rotation: [...rotation] },
          {
            id: 2,
            name: 'box',
            geometry: shape,
            scale: shape === 'sphere' ? [0.2, 0.2, 0.2] : [0.2, 0.2, 0.1],
            rotation: [...rotation],
            position: [...position],
            body: { type: 'dynamic', friction: mu, restitution: 0 },
          },
        ],
      }),
    )
  }

  it.each([0.2, 0.5, 1])('holds a box 1° below atan %f and lets it slide 1° above, at g (sin − μ cos)', mu => {
    const angle = Math.atan(mu)
    const held = slope(angle - Math.PI / 180, mu)
    expect(Math.hypot(...held.velocity(2, held.end).linear)).toBeLessThan(1e-4)
    const slid = slope(angle + Math.PI / 180, mu)
    const a = angle + Math.PI / 180
    const expected = g * (Math.sin(a) - mu * Math.cos(a)) * (slid.end - slid.start)
    expect(Math.hypot(...slid.velocity(2, slid.end).linear) / expected).toBeCloseTo(1, 1)
  })

  it('rolls a ball down a slope at 5/7 g sin, less its rolling resistance of 0.015', () => {
    const angle = 0.2
    const motion = slope(angle, 0.8, 'sphere')
    const expected = (5 / 7) * g * (Math.sin(angle) - 0.015 * Math.cos(angle)) * (motion.end - motion.start)
    const { linear, angular } = motion.velocity(2, motion.end)
    expect(Math.hypot(...linear) / expected).toBeCloseTo(1, 2)
    expect((angular[1] * 0.1) / Math.hypot(...linear)).toBeCloseTo(1, 2)
  })
})

describe('a kinematic body', () => {
  const belt = (v: number, options: object = {}) =>
    physics.simulate(
      testScene({
        frames: 23,
        objects: [
          {
            id: 5,
            name: 'belt',
            geometry: 'cube',
            scale: [8, 1, 0.1],
            position: {
              keys: [
                [-1, [-v, 0, -0.05]],
                [3, [3 * v, 0, -0.05]],
              ],
              interpolation: 'linear',
            },
            body: { type: 'kinematic', friction: 0.6 },
          },
          {
            id: 2,
            name: 'box',
            geometry: 'cube',
            scale: [0.2, 0.2, 0.2],
            position: [0, 0, 0.1],
            body: { type: 'dynamic', friction: 0.6, restitution: 0 },
            ...options,
          },
        ],
      }),
    )

  it('carries a box: it slips at μg until it has the belt’s speed', () => {
    const motion = belt(1)
    const slip = 1 / (0.6 * g)
    expect(motion.velocity(2, motion.start + slip / 2).linear[0]).toBeCloseTo(0.5, 1)
    const { linear } = motion.velocity(2, motion.end)
    expect(linear[0]).toBeCloseTo(1, 3)
    // Lag behind the belt: v²/(2 μ g).
    const lag = 1 * (motion.end - motion.start) - motion.pose(2, motion.end).position[0]
    expect(lag).toBeCloseTo(1 / (2 * 0.6 * g), 2)
    expect(motion.contacts[0]!.objects).toEqual([2, 5])
    expect(motion.contacts[0]!.normal[2]).toBeCloseTo(-1, 4)
    expect(motion.contacts[0]!.relativeVelocity[0]).toBeCloseTo(1, 3)
  })

  it('answers its own keyframes exactly, and their velocity', () => {
    const motion = belt(1)
    expect(motion.pose(5, 0.123).position[0]).toBeCloseTo(0.123, 12)
    expect(motion.velocity(5, 0.123).linear[0]).toBeCloseTo(1, 9)
    expect(motion.body(5)!.mass).toBe(Number.POSITIVE_INFINITY)
  })

  it('that swings into a ball knocks it away at (1 + e) times its own speed', () => {
    const v = 2
    const motion = physics.simulate(
      testScene({
        gravity: [0, 0, 0],
        frames: 11,
        objects: [
          {
            id: 1,
            name: 'bat',
            geometry: 'cube',
            scale: [0.1, 1, 1],
            position: {
              keys: [
                [-0.0834, [-0.5, 0, 0]],
                [0.9166, [-0.5 + v, 0, 0]],
              ],
              interpolation: 'linear',
            },
            body: { type: 'kinematic', restitution: 0.5 },
          },
          { id: 2, name: 'ball', geometry: 'sphere', scale: [0.1, 0.1, 0.1], body: { type: 'dynamic', restitution: 0.5 } },
        ],
      }),
    )
    expect(motion.velocity(2, motion.end).linear[0]).toBeCloseTo(1.5 * v, 2)
    expect(motion.contacts).toHaveLength(1)
    expect(motion.contacts[0]!.relativeVelocity[0]).toBeCloseTo(-v, 3)
  })

  it('turns: the angular velocity of its keyframes', () => {
    const half = [0, 0, Math.SQRT1_2, Math.SQRT1_2] as [number, number, number, number]
    const motion = physics.simulate(
      testScene({
        objects: [
          {
            id: 1,
            name: 'door',
            geometry: 'cube',
            rotation: {
              keys: [
                [0, [0, 0, 0, 1]],
                [1, half],
              ],
              interpolation: 'linear',
            },
            body: { type: 'kinematic' },
          },
        ],
      }),
    )
    const { angular } = motion.velocity(1, 0.5)
    const expected: Vec3 = [0, 0, Math.PI / 2]
    for (const k of [0, 1, 2] as const) expect(angular[k]).toBeCloseTo(expected[k], 9)
  })
})
