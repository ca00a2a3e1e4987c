import { type SceneInput, type Vec3, vec3 } from '@dioramic/scene'
import { describe, expect, it } from 'vitest'
import { floor, testScene } from '../test/scene.ts'
import { initPhysics } from './physics.ts'

const physics = await initPhysics()
type Objects = NonNullable<SceneInput['objects']>
const box = (more: Partial<Objects[number]> = {}): Objects[number] => ({
  id: 2,
  name: 'box',
  geometry: 'cube',
  scale: [0.2, 0.2, 0.1],
  position: [0, 0, 0.05],
  body: { type: 'dynamic', mass: 2, friction: 0.5, restitution: 0 },
  ...more,
})
const pusher: Objects[number] = {
  id: 3,
  name: 'pusher',
  geometry: 'cube',
  scale: [0.1, 0.1, 0.1],
  position: [-0.3, 0, 0.06],
  body: { type: 'kinematic', friction: 0.5, restitution: 0 },
}

describe('a live simulation', () => {
  it('is the recorded one as long as nobody acts', () => {
    const scene = testScene({
      objects: [floor(), box({ position: [0, 0, 0.4], rotation: [0.6, 0, 0, 0.8], body: { type: 'dynamic', velocity: [1, 0, 0] } })],
    })
    const motion = physics.simulate(scene)
    const live = physics.live(scene)
    for (let i = 1; i <= 120; i++) {
      live.advance(1)
      const recorded = motion.pose(2, motion.stepTimes[i]!)
      // The recorded pose is read between two rows where the time is not a row's to the last bit.
      live.pose(2).position.forEach((x, k) => {
        expect(x).toBeCloseTo(recorded.position[k]!, 12)
      })
      live.pose(2).rotation.forEach((x, k) => {
        expect(x).toBeCloseTo(recorded.rotation[k]!, 12)
      })
    }
    expect(live.time).toBeCloseTo(0.5, 12)
    live.free()
  })

  it('takes kinematic bodies where they are told, evenly, and they push', () => {
    const live = physics.live(testScene({ objects: [floor(), box(), pusher] }))
    live.move(3, { position: [-0.2, 0, 0.06], rotation: [0, 0, 0, 1] })
    const touching = live.advance(24)
    expect(live.velocity(3).linear[0]).toBeCloseTo(1, 6)
    expect(live.pose(3).position[0]).toBeCloseTo(-0.2, 12)
    expect(touching.has('2,3')).toBe(false)
    live.move(3, { position: [0, 0, 0.06], rotation: [0, 0, 0, 1] })
    expect(live.advance(48).has('2,3')).toBe(true)
    // The pusher's face is at 0.05; the box was pushed to stand before it.
    expect(live.pose(2).position[0]).toBeGreaterThan(0.145)
    live.advance(48)
    expect(vec3.length(live.velocity(3).linear)).toBe(0)
    live.free()
  })

  it('an impulse p changes the velocity by p / m', () => {
    const live = physics.live(testScene({ gravity: [0, 0, 0], objects: [box({ position: [0, 0, 1] })] }))
    live.push(2, [3, 0, 1] as Vec3)
    live.advance(240)
    expect(live.velocity(2).linear).toEqual([1.5, 0, 0.5])
    expect(live.pose(2).position[0]).toBeCloseTo(1.5, 6)
    live.free()
  })

  it('says what is wrong', () => {
    const live = physics.live(testScene({ objects: [floor(), box(), pusher] }))
    expect(() => live.pose(9)).toThrow('there is no body with id 9; the scene has 1, 2, 3')
    expect(() => live.move(2, live.pose(2))).toThrow('has a dynamic body; this needs a kinematic one')
    expect(() => live.advance(0)).toThrow('whole steps from 1')
    live.free()
  })
})
