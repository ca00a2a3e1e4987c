import type { ContactEvent } from '@dioramic/physics'
import { expect, test } from 'vitest'
import { camera, eye, image, stage, type V } from '../../test/kit/oracle.ts'
import { LabelError } from '../label.ts'
import { clipEvents } from './events.ts'

const contact = (begin: number, point: V, more: Partial<ContactEvent> = {}): ContactEvent => ({
  objects: [3, 9],
  begin,
  end: begin + 0.05,
  impulse: 2,
  maxForce: 40,
  maxForceTime: begin + 0.01,
  point,
  normal: [0, 0, 1],
  relativeVelocity: [0, 0, -1],
  ...more,
})

test('a contact is seen by the camera where it was at that time, between frames too', () => {
  // Straight, level and even: at 0.13 s it is 0.13 of the way.
  const at = (t: number) => eye([4 * t, -4, 1], [4 * t, 0, 1])
  const s = stage({
    cameras: [camera([at(0), at(1)], [0, 1])],
    objects: [],
    frames: 3,
    extra: {
      contacts: [
        contact(0.13, [0.4, 0.5, 0.8]),
        contact(-0.05, [0, 0, 1], { end: null }),
        contact(0.15, [0.7, -9, 1]),
        contact(0.21, [40, 0, 1]),
      ],
    },
  })
  const [a, early, behind, aside] = clipEvents(s.resolved, s.motion)
  const [u, v, depth] = image(at(0.13), [0.4, 0.5, 0.8])
  expect(a.imagePosition).toEqual([expect.closeTo(u, 9), expect.closeTo(v, 9)])
  expect(a).toMatchObject({
    instances: [3, 9],
    frame: expect.closeTo(1.3),
    endFrame: expect.closeTo(1.8),
    depth: expect.closeTo(depth, 9),
    inClip: true,
    inFrame: true,
    impulse: 2,
    maxForce: 40,
    position: [0.4, 0.5, 0.8],
    normal: [0, 0, 1],
  })
  expect(early).toMatchObject({ frame: expect.closeTo(-0.5), endFrame: null, end: null, inClip: false, inFrame: true })
  expect(behind).toMatchObject({ imagePosition: null, inFrame: false, depth: expect.closeTo(-5) })
  expect(aside).toMatchObject({
    inFrame: false,
    inClip: false,
    imagePosition: [expect.closeTo(image(at(0.21), [40, 0, 1])[0], 6), expect.closeTo(24)],
  })
  expect(() => clipEvents(s.resolved, s.motion, 1)).toThrow(LabelError)
})
