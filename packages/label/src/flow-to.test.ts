/** Flow between any two frames, and motion of the scene itself, in closed form. */
import { expect, test } from 'vitest'
import { camera, cube, eachPixel, eye, image, plus, ray, stage, turn, turnQuat, unit, type V } from '../test/kit/oracle.ts'
import { flow, INVALID, OUT_OF_FRAME } from './flow.ts'
import { LabelError } from './label.ts'
import { flowTo } from './labels/flow-to.ts'
import { sceneFlowBackward } from './labels/scene-flow-backward.ts'
import { sceneFlowForward } from './labels/scene-flow-forward.ts'
import { selectLabels } from './select.ts'

const axis = unit([0.2, 0.5, 0.8])
const centre = (t: number): V => [-0.6 * t, 0.4 * t, 0.2 + 0.2 * t]
const world = (p: V, t: number): V => plus(turn(p, axis, 3 * t), centre(t))
const body = (w: V, t: number): V => turn(plus(w, centre(t), -1), axis, -3 * t)
const TIMES = [0, 0.1, 0.2, 0.3, 0.4]
const eyes = TIMES.map(t => eye([1.5 + 0.8 * t, -2 + t, 1.2 - 0.5 * t], [0.3 * t, 0, 0.1]))
const s = stage({
  cameras: [camera(eyes, TIMES)],
  objects: [{ mesh: cube(), path: t => ({ position: centre(t), rotation: turnQuat(axis, 3 * t) }) }],
  frames: 5,
})

test('every frame to every frame', () => {
  let seen = 0
  for (const target of [0, 2, 4]) {
    const [field, flags] = [flowTo(`flow-to-${target}`)!, flowTo(`flow-to-${target}-mask`)!]
    for (let frame = 0; frame < 5; frame++) {
      const c = s.context(frame)
      const [f, m] = [field.compute(c).data, flags.compute(c).data]
      const [now, then] = [eyes[frame], eyes[target]]
      eachPixel(now, (i, j, p) => {
        if (c.primary.instance[p] < 0) return
        seen++
        const point = plus(now.at, ray(now, i + 0.5, j + 0.5), c.primary.t[p])
        const [u, v] = image(then, world(body(point, TIMES[frame]), TIMES[target]))
        expect(Math.abs(f[2 * p] - (u - i - 0.5))).toBeLessThan(1e-4)
        expect(Math.abs(f[2 * p + 1] - (v - j - 0.5))).toBeLessThan(1e-4)
        expect((m[p] & OUT_OF_FRAME) !== 0).toBe(!(u >= 0 && v >= 0 && u < 64 && v < 48))
        expect(m[p] & INVALID).toBe(0)
        if (target === frame) expect([f[2 * p], f[2 * p + 1], m[p]]).toEqual([0, 0, 0])
      })
      if (target === frame + 1) expect(f).toEqual(flow(c, 1))
    }
  }
  expect(seen).toBeGreaterThan(5000)
})

test('names choose it, alone and among others; a frame past the clip is an error that says which there are', () => {
  expect(selectLabels('flow-to-3,depth,flow-to-3-mask').map(l => (l.kind === 'pixels' ? l.spec.name : l.name))).toEqual([
    'depth',
    'flow-to-3',
    'flow-to-3-mask',
  ])
  for (const name of ['flow-to-', 'flow-to-x', 'flow-to-03', 'flow-to-1-masks']) expect(() => selectLabels(name)).toThrow(LabelError)
  expect(() => flowTo('flow-to-5')!.compute(s.context(0))).toThrow('flow-to-5 leads to frame 5, but the clip has frames 0 to 4')
})

test('scene flow is the motion of the point, whatever the camera does', () => {
  const c = s.context(2)
  const [forward, backward] = [sceneFlowForward.compute(c).data, sceneFlowBackward.compute(c).data]
  eachPixel(eyes[2], (i, j, p) => {
    const point = plus(eyes[2].at, ray(eyes[2], i + 0.5, j + 0.5), c.primary.t[p])
    for (const [data, t] of [
      [forward, 0.3],
      [backward, 0.1],
    ] as const) {
      const truth = c.primary.instance[p] < 0 ? [0, 0, 0] : plus(world(body(point, 0.2), t), point, -1)
      for (let a = 0; a < 3; a++) expect(Math.abs(data[3 * p + a] - truth[a])).toBeLessThan(1e-6)
    }
  })
})
