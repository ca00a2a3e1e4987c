import { type Quat, quat, type Vec3, vec3 } from '@dioramic/scene'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { testScene } from '../test/scene.ts'
import { angularMomentum, fly, type Inertia, type RigidState } from './flight.ts'
import { initPhysics } from './physics.ts'

const physics = await initPhysics()
const G: Vec3 = [0, 0, -9.81]
const box = (x: number, y: number, z: number): Inertia => ({
  centerOfMass: [0, 0, 0],
  moments: [(y * y + z * z) / 12, (x * x + z * z) / 12, (x * x + y * y) / 12],
  frame: quat.IDENTITY,
})
const spinning = (angular: Vec3): RigidState => ({ position: [0, 0, 0], rotation: quat.IDENTITY, linear: [0, 0, 0], angular })
const energy = (inertia: Inertia, s: RigidState) => vec3.dot(s.angular, angularMomentum(inertia, s.rotation, s.angular)) / 2

describe('free fall', () => {
  it.each([24, 60, 100, 240, 997, 1000 / 3])('follows the closed form at %f steps a second', stepRate => {
    const v: [number, number, number] = [1.5, -0.7, 3]
    const p: [number, number, number] = [0.3, 0.2, 5]
    for (const shape of ['sphere', 'cube', 'cylinder', 'cone']) {
      const motion = physics.simulate(
        testScene({
          stepRate,
          frames: 13,
          fps: 12,
          objects: [{ id: 7, name: 'thing', geometry: shape, scale: [0.1, 0.1, 0.1], position: p, body: { type: 'dynamic', velocity: v } }],
        }),
      )
      for (const time of motion.stepTimes) {
        const t = Math.min(time, motion.end) - motion.start
        const at = motion.pose(7, time)
        const moving = motion.velocity(7, time)
        for (const k of [0, 1, 2] as const) {
          // At the end the path is cut inside a step; there the chord is below the arc by at most g dt²/8.
          const chord = time > motion.end ? 9.81 / (8 * stepRate * stepRate) : 0
          expect(Math.abs(at.position[k] - (p[k] + v[k] * t + 0.5 * G[k] * t * t))).toBeLessThan(chord + 1e-9)
          expect(Math.abs(moving.linear[k] - (v[k] + G[k] * t))).toBeLessThan(1e-9)
        }
      }
    }
  })

  it('starts one frame early, ends one frame late, at the given pose and velocities', () => {
    const fps = 7
    const frames = 3
    const rotation = quat.fromAxisAngle([1, 2, 3], 0.7)
    const motion = physics.simulate(
      testScene({
        stepRate: 31,
        frames,
        fps,
        objects: [
          {
            id: 1,
            name: 'a',
            geometry: 'cube',
            position: [0, 0, 9],
            rotation: [...rotation],
            body: { type: 'dynamic', angularVelocity: [1, 2, 3] },
          },
        ],
      }),
    )
    expect(motion.start).toBe(-1 / fps)
    expect(motion.end).toBe(frames / fps)
    expect(motion.pose(1, -99)).toEqual(motion.pose(1, motion.start))
    expect(motion.pose(1, 99)).toEqual(motion.pose(1, motion.end))
    expect(motion.pose(1, motion.start).position).toEqual([0, 0, 9])
    expect(motion.velocity(1, motion.start)).toEqual({ linear: [0, 0, 0], angular: [1, 2, 3] })
    expect(motion.stepTimes.at(-1)!).toBeGreaterThanOrEqual(motion.end)
    expect(motion.stepTimes.at(-2)!).toBeLessThan(motion.end)
  })

  it('lies on the chord between steps: the error is g dt²/8 at most', () => {
    const motion = physics.simulate(
      testScene({ stepRate: 50, objects: [{ id: 1, name: 'a', geometry: 'sphere', position: [0, 0, 50], body: { type: 'dynamic' } }] }),
    )
    for (let k = 0; k < 500; k++) {
      const t = motion.start + ((motion.end - motion.start) * k) / 500
      const s = t - motion.start
      const error = 50 - 0.5 * 9.81 * s * s - motion.pose(1, t).position[2]
      expect(error).toBeGreaterThan(-1e-9)
      expect(error).toBeLessThan(9.81 / (8 * 50 * 50) + 1e-9)
    }
  })
})

describe('torque-free rotation', () => {
  it('precesses like the symmetric top: the axis circles the angular momentum at L/I₁', () => {
    const inertia = box(0.2, 0.2, 0.6)
    const angular: Vec3 = [3, 0, 8]
    const [i1, , i3] = inertia.moments
    const momentum = [i1 * 3, 0, i3 * 8] as const
    const size = Math.hypot(...momentum)
    const unit = momentum.map(x => x / size) as unknown as Vec3
    let s = spinning(angular)
    const dt = 1 / 240
    for (let i = 1; i <= 480; i++) {
      s = fly(inertia, s, [0, 0, 0], dt)
      const angle = (size / i1) * i * dt
      // Rodrigues' rotation of the axis about the momentum.
      const axis: Vec3 = [0, 0, 1]
      const k = vec3.dot(unit, axis) * (1 - Math.cos(angle))
      const c = vec3.cross(unit, axis)
      const expected = [0, 1, 2].map(j => axis[j]! * Math.cos(angle) + c[j]! * Math.sin(angle) + unit[j]! * k) as unknown as Vec3
      expect(vec3.distance(quat.rotate(s.rotation, [0, 0, 1]), expected)).toBeLessThan(2e-3)
    }
  })

  it('keeps angular momentum to rounding and energy to 0.1 % through the flips of an intermediate axis', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -20, max: 20, noNaN: true }), { minLength: 3, maxLength: 3 }),
        fc.array(fc.double({ min: 0.05, max: 0.5, noNaN: true }), { minLength: 3, maxLength: 3 }),
        (w, sizes) => {
          const inertia = box(...(sizes as [number, number, number]))
          let s = spinning(w as unknown as Vec3)
          const l0 = angularMomentum(inertia, s.rotation, s.angular)
          const e0 = energy(inertia, s)
          for (let i = 0; i < 480; i++) s = fly(inertia, s, [0, 0, 0], 1 / 240)
          const l1 = angularMomentum(inertia, s.rotation, s.angular)
          expect(vec3.distance(l0, l1)).toBeLessThanOrEqual(1e-12 + 1e-10 * vec3.length(l0))
          expect(Math.abs(energy(inertia, s) - e0)).toBeLessThanOrEqual(1e-12 + 1e-3 * e0)
        },
      ),
      { numRuns: 30 },
    )
  })

  it('holds in the simulation, for a body whose centre of mass is off its origin', () => {
    const motion = physics.simulate(
      testScene(
        {
          gravity: [0, 0, 0],
          frames: 23,
          objects: [
            { id: 1, name: 'hammer', geometry: 'hammer', body: { type: 'dynamic', angularVelocity: [6, 1, 4], velocity: [0.5, 0, 0] } },
          ],
        },
        { hammer: HAMMER },
      ),
    )
    const { centerOfMass, mass } = motion.body(1)!
    // Volume-weighted centres of its two boxes: (0.004·0 + 0.008·0.5) / 0.012.
    expect(mass).toBeCloseTo(12, 4)
    expect(centerOfMass[0]).toBeCloseTo((0.008 * 0.5) / 0.012, 6)
    const centre = (t: number) => {
      const { position, rotation } = motion.pose(1, t)
      return vec3.add(position, quat.rotate(rotation, centerOfMass))
    }
    const first = centre(motion.start)
    // v + ω × r of the centre of mass at the start.
    const v = vec3.add([0.5, 0, 0], vec3.cross([6, 1, 4], centerOfMass))
    for (const t of motion.stepTimes.filter(x => x <= motion.end)) {
      expect(vec3.distance(centre(t), vec3.add(first, vec3.scale(v, t - motion.start)))).toBeLessThan(1e-9)
      const { linear, angular } = motion.velocity(1, t)
      const arm = quat.rotate(motion.pose(1, t).rotation, centerOfMass)
      expect(vec3.distance(vec3.add(linear, vec3.cross(angular, arm)), v)).toBeLessThan(1e-9)
    }
  })
})

const corner = (x: number, y: number, z: number, at: Vec3): Float32Array => {
  const out: number[] = []
  for (const a of [-x, x]) for (const b of [-y, y]) for (const c of [-z, z]) out.push(a + at[0], b + at[1], c + at[2])
  return new Float32Array(out)
}
/** A handle of 0.4 × 0.1 × 0.1 m about the origin and a head of 0.2 × 0.2 × 0.2 m at x = 0.5. */
const HAMMER = {
  geometry: { type: 'asset' as const, asset: 'hammer' },
  hulls: [corner(0.2, 0.05, 0.05, [0, 0, 0]), corner(0.1, 0.1, 0.1, [0.5, 0, 0])],
}

it('turns by the rotation vector', () => {
  const q = fly(box(1, 1, 1), spinning([0, 0, Math.PI]), [0, 0, 0], 0.5).rotation as Quat
  expect(vec3.distance(quat.rotate(q, [1, 0, 0]), [0, 1, 0])).toBeLessThan(1e-12)
})
