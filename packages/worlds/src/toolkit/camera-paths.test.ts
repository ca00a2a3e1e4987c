import { Key, quat, type Vec3, vec3 } from '@dioramic/scene'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fixedPath, followPath, handheldPath, linearPath, orbitPath, panningPath, splinePath, type View } from './camera-paths.ts'
import { camera } from './cameras.ts'

const near = (a: Vec3, b: Vec3, digits = 9) => {
  for (const i of [0, 1, 2] as const) expect(a[i]).toBeCloseTo(b[i], digits)
}
const view: View = { position: [3, -4, 2], lookAt: [0, 0, 1] }
const coordinate = fc.double({ min: -5, max: 5, noNaN: true })
const point = fc.tuple(coordinate, coordinate, coordinate)

describe('camera paths', () => {
  test('linear: halfway at half time, held before and after', () => {
    const path = linearPath(view, { position: [1, 0, 4], lookAt: [2, 2, 1], roll: 0.2 }, [1, 3])
    near(path(2).position, [2, -2, 3])
    near(path(2).lookAt, [1, 1, 1])
    expect(path(2).roll).toBeCloseTo(0.1)
    near(path(0).position, view.position)
    near(path(9).position, [1, 0, 4])
    expect(() => linearPath(view, view, [1, 1])(0)).toThrow(/ends at 1 s, which is not after its start at 1 s/)
  })

  test('panning turns the gaze by the angle about +Z and stays where it is', () => {
    const path = panningPath(view, Math.PI / 2, [0, 2])
    near(path(2).position, view.position)
    // The gaze (−3, 4, −1) turned a quarter is (−4, −3, −1).
    near(vec3.sub(path(2).lookAt, view.position), [-4, -3, -1])
    near(vec3.sub(path(1).lookAt, view.position), quat.rotate(quat.fromAxisAngle([0, 0, 1], Math.PI / 4), [-3, 4, -1]))
  })

  test('an orbit keeps distance and height, and closes after a turn', () => {
    const path = orbitPath(view, 1, [0, 4])
    for (const t of [0, 0.7, 1, 2.3, 4]) {
      expect(vec3.distance(path(t).position, view.lookAt)).toBeCloseTo(vec3.distance(view.position, view.lookAt), 9)
      expect(path(t).position[2]).toBeCloseTo(2, 12)
    }
    near(path(1).position, [4, 3, 2])
    near(path(4).position, view.position)
  })

  test('a spline passes through its views, is smooth, and repeats parabolas exactly at uneven times', () => {
    fc.assert(
      fc.property(fc.array(point, { minLength: 2, maxLength: 6 }), fc.nat(1000), (points, seed) => {
        let t = 0
        const times = points.map((_, i) => (t += Key.fromSeed(seed).fork(i).uniform(0.2, 2)))
        const path = splinePath(
          points.map(p => ({ position: p, lookAt: [0, 0, 0] })),
          times,
        )
        for (const [i, p] of points.entries()) near(path(times[i]!).position, p, 8)
        for (const time of times.slice(1, -1)) {
          const h = 1e-6
          const before = vec3.scale(vec3.sub(path(time).position, path(time - h).position), 1 / h)
          const after = vec3.scale(vec3.sub(path(time + h).position, path(time).position), 1 / h)
          expect(vec3.distance(before, after)).toBeLessThan(1e-2)
        }
      }),
      { numRuns: 50 },
    )
    const parabola = (t: number): Vec3 => [1 + 2 * t - 0.5 * t * t, t * t, 3 - t]
    const times = [0, 0.5, 0.8, 2, 3]
    const path = splinePath(
      times.map(t => ({ position: parabola(t), lookAt: [0, 0, 0] })),
      times,
    )
    for (const t of [0.1, 0.6, 1.7, 2.9]) near(path(t).position, parabola(t))
    expect(() => splinePath([view, view], [1, 1])).toThrow(/times must increase/)
  })

  test('following a steady mover with a lag is half the lag behind', () => {
    const path = followPath(t => [2 * t, 0, 0], [0, -3, 1], 0.4)
    // The mean of 16 equal steps back from now is 15/32 of the lag ago.
    near(path(1).lookAt, [2 - 2 * 0.4 * (15 / 32), 0, 0])
    near(vec3.sub(path(1).position, path(1).lookAt), [0, -3, 1])
    near(followPath(t => [2 * t, 0, 0], [0, -3, 1])(1).lookAt, [2, 0, 0])
  })

  test('hands shake as much as asked for, in place, aim and roll; another key shakes otherwise', () => {
    const options = { sway: 0.02, shake: 0.01, band: [0.5, 3] as const }
    let [place, aim, roll, n] = [0, 0, 0, 0]
    for (const key of Key.fromSeed(5).fork('hands').times(40)) {
      const path = handheldPath(fixedPath(view), key, options)
      for (let t = 0; t < 20; t += 0.13, n++) {
        const { position, lookAt, roll: r = 0 } = path(t)
        place += (position[0] - 3) * (position[0] - 3)
        roll += r * r
        const gaze = vec3.normalize(vec3.sub(lookAt, position))
        const was = vec3.normalize(vec3.sub(view.lookAt, view.position))
        aim += (gaze[2] - was[2]) * (gaze[2] - was[2])
      }
    }
    expect(Math.sqrt(place / n)).toBeGreaterThan(0.018)
    expect(Math.sqrt(place / n)).toBeLessThan(0.022)
    expect(Math.sqrt(roll / n)).toBeGreaterThan(0.009)
    expect(Math.sqrt(roll / n)).toBeLessThan(0.011)
    // A small pitch moves the z of the unit gaze by its horizontal share, 5/√26.
    expect(Math.sqrt(aim / n) / (5 / Math.sqrt(26))).toBeGreaterThan(0.009)
    expect(Math.sqrt(aim / n) / (5 / Math.sqrt(26))).toBeLessThan(0.011)
    const of = (seed: number) => handheldPath(fixedPath(view), Key.fromSeed(seed))(1)
    expect(of(1)).toEqual(of(1))
    expect(of(1)).not.toEqual(of(2))
  })

  test('roll turns the picture, not the gaze', () => {
    const level = camera({ ...view })
    const rolled = camera({ ...view, roll: 0.3 })
    const axis = (c: typeof level, v: Vec3) => quat.rotate(c.rotation as never, v)
    near(axis(rolled, [0, 0, -1]), axis(level, [0, 0, -1]))
    // Up leans to the left of the picture: counter-clockwise seen from behind.
    const right = axis(level, [1, 0, 0])
    expect(vec3.dot(axis(rolled, [0, 1, 0]), right)).toBeCloseTo(-Math.sin(0.3), 9)
  })
})
