/** Tracks and keypoints against closed-form motion, brute-force rays and an own pinhole. */

import type { ClipArray } from '@dioramic/data'
import { describe, expect, test } from 'vitest'
import { bruteRays, camera, cube, eye, image, plus, ray, rest, square, stage, turn, turnQuat, unit, type V } from '../../test/kit/oracle.ts'
import { LabelError } from '../label.ts'
import { selectLabels } from '../select.ts'
import { keypoints } from './keypoints.ts'
import { tracks } from './tracks.ts'

const axis = unit([0.2, 0.5, 0.8])
const centre = (t: number): V => [-0.5 + 2.4 * t, 0.3 - 0.4 * t, 0.45]
const carry = [
  {
    local: (w: V, t: number): V => turn(plus(w, centre(t), -1), axis, -6 * t),
    world: (p: V, t: number): V => plus(turn(p, axis, 6 * t), centre(t)),
  },
  { local: (w: V) => w, world: (p: V) => p },
  { local: (w: V) => w, world: (p: V) => p },
]
const TIMES = [0, 0.1, 0.2, 0.3, 0.4]
const eyes = TIMES.map(t => eye([1.5 + 0.8 * t, -2 + t, 1.2 - 0.5 * t], [0.3 * t, 0, 0.1]))
const s = stage({
  cameras: [camera(eyes, TIMES)],
  frames: 5,
  objects: [
    { mesh: cube(), scale: [0.6, 0.5, 0.4], path: t => ({ position: centre(t), rotation: turnQuat(axis, 6 * t) }) },
    { mesh: square(6) },
    { mesh: cube(), id: 300, scale: [0.3, 0.3, 0.8], path: () => ({ ...rest, position: [0.3, -0.4, 0.4] as V }) },
  ],
})
const IDS = [10, 20, 300]
const SCALE: V[] = [
  [0.6, 0.5, 0.4],
  [1, 1, 1],
  [0.3, 0.3, 0.8],
]

/** Whether anything stands between the eye and the point, by more than a hundred-thousandth of the way. */
function hidden(frame: number, p: V): boolean {
  const from = eyes[frame].at
  const hits = bruteRays(s.resolved, s.motion, TIMES[frame]).closest({
    count: 1,
    origins: Float64Array.from(from),
    directions: Float64Array.from(plus(p, from, -1)),
    tMin: 0,
    tMax: 1 - 1e-5,
  })
  return hits.instance[0] >= 0
}

describe('tracks', () => {
  const found = tracks('tracks-120')!.compute(s.clip(4)) as Record<string, ClipArray>
  const n = found['instance'].shape[0]
  const get = (name: string, ...at: number[]) => {
    const { shape, data } = found[name]
    return data[at.reduce((k, x, a) => k * shape[a] + x, 0)]
  }

  test('are balanced over objects, and each is seen where it was met', () => {
    expect(n).toBe(120)
    expect(IDS.map(id => found['instance'].data.filter(x => x === id).length)).toEqual([40, 40, 40])
    const frames = new Set(Array.from({ length: n }, (_, i) => get('query_points', i, 0)))
    expect([...frames].sort()).toEqual([0, 1, 2, 3, 4])
    for (let i = 0; i < n; i++) {
      const [t, y, x] = [0, 1, 2].map(a => get('query_points', i, a))
      expect(get('flags', i, t)).toBe(0)
      expect(Math.abs(get('target_points', i, t, 0) - x) + Math.abs(get('target_points', i, t, 1) - y)).toBeLessThan(1e-4)
    }
  })

  test('follow the surface point to 0.0001 px, with the visibility that brute-force rays give', () => {
    const count = { seen: 0, hidden: 0, out: 0 }
    for (let i = 0; i < n; i++) {
      const k = IDS.indexOf(get('instance', i))
      const [t, y, x] = [0, 1, 2].map(a => get('query_points', i, a))
      // From depth where it was met: no triangle, no barycentric.
      const start = plus(eyes[t].at, ray(eyes[t], x, y), get('depth', i, t))
      const local = carry[k].local(start, TIMES[t])
      for (let f = 0; f < 5; f++) {
        const w = carry[k].world(local, TIMES[f])
        const [u, v, depth] = image(eyes[f], w)
        for (let a = 0; a < 3; a++) expect(Math.abs(get('positions', i, f, a) - w[a])).toBeLessThan(2e-6)
        expect(Math.abs(get('target_points', i, f, 0) - u)).toBeLessThan(1e-4)
        expect(Math.abs(get('target_points', i, f, 1) - v)).toBeLessThan(1e-4)
        expect(Math.abs(get('depth', i, f) - depth)).toBeLessThan(1e-5)
        const [gone, out] = [hidden(f, w), !(u >= 0 && v >= 0 && u < 64 && v < 48)]
        expect(get('flags', i, f)).toBe((gone ? 1 : 0) + (out ? 2 : 0))
        expect(get('occluded', i, f)).toBe(gone || out ? 1 : 0)
        count[gone ? 'hidden' : out ? 'out' : 'seen']++
      }
    }
    expect(count.seen).toBeGreaterThan(250)
    expect(count.hidden).toBeGreaterThan(60)
  })

  test('the same key gives the same tracks, another one others; names choose their number', () => {
    expect(tracks('tracks-120')!.compute(s.clip(4))).toEqual(found)
    expect(tracks('tracks-120')!.compute(s.clip(5))['query_points']).not.toEqual(found['query_points'])
    expect(selectLabels('tracks-7,tracks').map(l => l.kind)).toEqual(['arrays', 'arrays'])
    expect(() => selectLabels('tracks-0')).toThrow(LabelError)
    const empty = stage({ cameras: [camera([eyes[0]])], objects: [] })
    expect(tracks('tracks')!.compute(empty.clip())['target_points'].shape).toEqual([0, 3, 2])
  })

  test('an object of few pixels gives all it has to the others', () => {
    const small = stage({
      cameras: [camera([eye([0, 0.001, 4], [0, 0, 0])])],
      objects: [
        { mesh: square(9) },
        { mesh: cube(), id: 2, scale: [0.1, 0.1, 0.1] },
        { mesh: cube(), id: 3, path: () => ({ ...rest, position: [0, 0, 9] }) },
      ],
    })
    const { instance } = tracks('tracks-4000')!.compute(small.clip())
    const few = instance.data.filter(x => x === 2).length
    expect(few).toBeGreaterThan(0)
    expect(few).toBeLessThan(500)
    expect(instance.shape[0]).toBe(4000)
    expect(instance.data.includes(3)).toBe(false)
  })

  test('a point that passes behind the camera is flagged, and nothing is NaN', () => {
    const front = eye([0, -1, 0], [0, 0, 0])
    const passing = stage({ cameras: [camera([front])], objects: [{ mesh: cube(), path: t => ({ ...rest, position: [0, -20 * t, 0] }) }] })
    const arrays = tracks('tracks')!.compute(passing.clip())
    for (const { data } of Object.values(arrays)) for (const x of data) expect(Number.isFinite(x)).toBe(true)
    for (let i = 0; i < 10; i++) expect(Array.from(arrays['flags'].data.slice(3 * i, 3 * i + 3))).toEqual([0, 4, 4])
  })
})

test('keypoints are vertices far apart, the same ones in every frame, with COCO visibility', () => {
  for (const frame of [0, 2, 4]) {
    const told = keypoints.compute(s.context(frame)) as { keypoints: [number, number, number][]; keypoints3d: V[] }[]
    told.forEach((record, k) => {
      if (k === 1) return
      const corners = new Set<string>()
      for (const [i, w] of record.keypoints3d.entries()) {
        const local = carry[k].local(w, TIMES[frame])
        corners.add((k === 2 ? plus(local, [0.3, -0.4, 0.4], -1) : local).map((x, a) => (x / SCALE[k][a]).toFixed(4)).join())
        const [u, v] = image(eyes[frame], w)
        const out = !(u >= 0 && v >= 0 && u < 64 && v < 48)
        const [x, y, seen] = record.keypoints[i]
        if (out) {
          expect([x, y, seen]).toEqual([0, 0, 0])
          continue
        }
        expect(Math.abs(x - u) + Math.abs(y - v)).toBeLessThan(1e-6)
        // Just before the vertex, so that its own faces do not decide.
        expect(seen).toBe(hidden(frame, plus(w, plus(eyes[frame].at, w, -1), 1e-4)) ? 1 : 2)
      }
      // The eight corners of a box are its eight farthest points.
      expect(corners.size).toBe(8)
      for (const c of corners) expect(c.replaceAll('-', '')).toBe('0.5000,0.5000,0.5000')
    })
  }
  const background = stage({ cameras: [camera([eyes[0]])], objects: [{ mesh: square(2) }] })
  const own = {
    ...background.resolved,
    scene: { ...background.resolved.scene, objects: background.resolved.scene.objects.map(o => ({ ...o, isBackground: true })) },
  }
  expect(keypoints.compute({ ...background.context(0), resolved: own, primary: background.context(0).primary })).toEqual([
    { keypoints: null, keypoints3d: null },
  ])
})
