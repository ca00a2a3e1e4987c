import type { Vec3 } from '@dioramic/scene'
import { describe, expect, it } from 'vitest'
import { ContactRecorder, FLICKER_STEPS } from './contacts.ts'

const first = (time: number) => () => ({ time, point: [0, 0, 0] as Vec3, normal: [0, 0, 1] as Vec3, relativeVelocity: [0, 0, -1] as Vec3 })
/** Records the steps in which pair 1–2 touches with the given impulses; 0 is no touch. */
function record(impulses: readonly number[]) {
  const recorder = new ContactRecorder(0, 100)
  impulses.forEach((impulse, i) => {
    recorder.step(i, impulse > 0 ? [{ objects: [1, 2], impulse }] : [], first(i / 100))
  })
  return recorder.finish()
}

describe('contact events', () => {
  it('merge steps in touch, and gaps of up to two steps', () => {
    expect(FLICKER_STEPS).toBe(2)
    const [event, ...others] = record([0, 1, 3, 0, 0, 2, 0, 0, 0, 0])
    expect(others).toEqual([])
    expect(event).toMatchObject({ objects: [1, 2], begin: 0.01, end: 0.06, impulse: 6, maxForceTime: 0.03 })
    expect(event!.maxForce).toBeCloseTo(300, 9)
  })

  it('end after three steps apart', () => {
    const events = record([1, 0, 0, 0, 1, 0, 0, 0])
    expect(events.map(e => [e.begin, e.end])).toEqual([
      [0, 0.01],
      [0.04, 0.05],
    ])
  })

  it('have no end while touching, flicker included', () => {
    expect(record([0, 1, 1])[0]!.end).toBeNull()
    expect(record([0, 1, 1, 0, 0])[0]!.end).toBeNull()
    expect(record([0, 1, 1, 0, 0, 0])[0]!.end).toBe(0.03)
  })

  it('are ordered by begin, then by ids', () => {
    const recorder = new ContactRecorder(0, 100)
    const touch = (a: number, b: number) => ({ objects: [a, b] as const, impulse: 1 })
    recorder.step(0, [touch(2, 3), touch(1, 9)], first(0))
    recorder.step(1, [touch(1, 2)], first(0.005))
    expect(recorder.finish().map(e => e.objects)).toEqual([
      [1, 9],
      [2, 3],
      [1, 2],
    ])
  })
})
