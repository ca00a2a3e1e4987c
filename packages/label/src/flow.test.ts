import { describe, expect, test } from 'vitest'
import {
  bruteRays,
  camera,
  cube,
  type Eye,
  eachPixel,
  eye,
  image,
  inner,
  norm,
  plus,
  ray,
  rest,
  sphere,
  square,
  stage,
  turn,
  turnQuat,
  unit,
  type V,
} from '../test/kit/oracle.ts'
import { fc, test as property } from '../test/kit/property.ts'
import { frameContext } from './context.ts'
import { flow, flowMask, INVALID, OCCLUDED, OUT_OF_FRAME } from './flow.ts'

const TIMES = [-0.1, 0, 0.1, 0.2, 0.3]
const axis = unit([0.2, 0.5, 0.8])
/** A body that moves along `velocity` and turns about `axis` by `rate`, as a rule for points of the body frame. */
const moved = (from: V, velocity: V, rate: number) => ({
  path: (t: number) => ({ position: plus(from, velocity, t), rotation: turnQuat(axis, rate * t) }),
  world: (p: V, t: number): V => plus(turn(p, axis, rate * t), plus(from, velocity, t)),
  body: (w: V, t: number): V => turn(plus(w, plus(from, velocity, t), -1), axis, -rate * t),
})
const eyes = TIMES.map(t => eye([1.5 + 0.8 * t, -2 + t, 1.2 - 0.5 * t], [0.3 * t, 0, 0.1]))

/** Checks flow at frame 1 (t = 0.1) against: surface point by `surface`, carried by the body, seen by the next or previous eye. */
function against(
  s: ReturnType<typeof stage>,
  surface: (o: V, w: V) => V | null,
  carry: (w: V, from: number, to: number) => V,
  limit: number,
  at: readonly Eye[] = eyes,
) {
  let seen = 0
  for (const step of [1, -1] as const) {
    const c = s.context(1)
    const f = flow(c, step)
    const [now, then] = [at[2], at[2 + step]]
    eachPixel(now, (i, j, p) => {
      const point = surface(now.at, ray(now, i + 0.5, j + 0.5))
      if (!point || c.primary.instance[p] < 0) return
      seen++
      const [u, v] = image(then, carry(point, 0.1, 0.1 + 0.1 * step))
      expect(Math.abs(f[2 * p] - (u - i - 0.5))).toBeLessThan(limit)
      expect(Math.abs(f[2 * p + 1] - (v - j - 0.5))).toBeLessThan(limit)
    })
  }
  return seen
}

describe('flow of rigid motion, in closed form, under a moving camera', () => {
  test('a plane that slides and turns', () => {
    const b = moved([0, 0, 0], [0.5, -0.3, 0.4], 2)
    const s = stage({ cameras: [camera(eyes, TIMES)], objects: [{ mesh: square(2), path: b.path }] })
    const n = turn([0, 0, 1], axis, 0.2)
    const on = plus([0, 0, 0], [0.05, -0.03, 0.04])
    const seen = against(
      s,
      (o, w) => plus(o, w, inner(plus(on, o, -1), n) / inner(w, n)),
      (w, from, to) => b.world(b.body(w, from), to),
      1e-4,
    )
    expect(seen).toBeGreaterThan(1500)
  })

  test('a cube that slides and turns', () => {
    const b = moved([0, 0, 0.2], [-0.6, 0.4, 0.2], 3)
    const s = stage({ cameras: [camera(eyes, TIMES)], objects: [{ mesh: cube(), path: b.path }] })
    // Slabs in the body frame.
    const surface = (o: V, w: V): V | null => {
      const [p, q] = [b.body(o, 0.1), turn(w, axis, -0.3)]
      let near = -Infinity
      let far = Infinity
      for (let a = 0; a < 3; a++) {
        const [x, y] = [(-0.5 - p[a]) / q[a], (0.5 - p[a]) / q[a]]
        near = Math.max(near, Math.min(x, y))
        far = Math.min(far, Math.max(x, y))
      }
      return near < far - 1e-9 ? plus(o, w, near) : null
    }
    expect(against(s, surface, (w, from, to) => b.world(b.body(w, from), to), 1e-4)).toBeGreaterThan(1000)
  })

  test('a ball that flies and spins, within its tessellation', () => {
    const { mesh } = sphere(0.5, 96, 192)
    const b = moved([0, 0, 0.2], [0.4, 0.5, -0.3], 1.5)
    const s = stage({ cameras: [camera(eyes, TIMES)], objects: [{ mesh, path: b.path }] })
    const centre = b.world([0, 0, 0], 0.1)
    const surface = (o: V, w: V): V | null => {
      const q = plus(o, centre, -1)
      const [a, h] = [inner(w, w), inner(q, w)]
      const root = h * h - a * (inner(q, q) - 0.25)
      // At the rim a face's sagitta moves the hit far along the ray.
      return root < 0.02 * a ? null : plus(o, w, (-h - Math.sqrt(root)) / a)
    }
    expect(against(s, surface, (w, from, to) => b.world(b.body(w, from), to), 0.01)).toBeGreaterThan(400)
  })

  test('the sky moves with the rotation of the camera alone', () => {
    const looks = TIMES.map(t => eye([1 + t, 2 * t, 5], [1 + t + Math.cos(t), 2 * t + Math.sin(t), 5.1]))
    const c = stage({ cameras: [camera(looks, TIMES)], objects: [] }).context(1)
    for (const step of [1, -1] as const) {
      const f = flow(c, step)
      const mask = flowMask(c, step)
      const [now, then] = [looks[2], looks[2 + step]]
      eachPixel(now, (i, j, p) => {
        const [u, v] = image(then, plus(then.at, ray(now, i + 0.5, j + 0.5), 1e6))
        expect(Math.abs(f[2 * p] - (u - i - 0.5))).toBeLessThan(1e-4)
        expect(Math.abs(f[2 * p + 1] - (v - j - 0.5))).toBeLessThan(1e-4)
        expect(mask[p]).toBe(u >= 0 && u < 64 && v >= 0 && v < 48 ? 0 : OUT_OF_FRAME)
      })
    }
  })
})

describe('flow and its neighbours', () => {
  const b = moved([0, 0, 0.3], [-0.6, 0.4, 0.2], 3)
  const s = stage({
    cameras: [camera(eyes, TIMES)],
    objects: [
      { mesh: square(6), path: () => rest },
      { mesh: cube(), scale: [0.6, 0.5, 0.4], path: b.path },
    ],
  })

  test('forward then backward returns to the pixel', () => {
    const [now, next] = [s.context(0), s.context(1)]
    const [f, mask] = [flow(now, 1), flowMask(now, 1)]
    const back = flow(next, -1)
    let seen = 0
    eachPixel(eyes[1], (i, j, p) => {
      if (mask[p] !== 0) return
      const [u, v] = [i + 0.5 + f[2 * p], j + 0.5 + f[2 * p + 1]]
      // Bilinear between pixel centres, where all four are one face: flow is smooth there but not linear.
      const [x, y] = [u - 0.5, v - 0.5]
      const [x0, y0] = [Math.floor(x), Math.floor(y)]
      if (x0 < 0 || y0 < 0 || x0 >= 63 || y0 >= 47) return
      const four = [y0 * 64 + x0, y0 * 64 + x0 + 1, (y0 + 1) * 64 + x0, (y0 + 1) * 64 + x0 + 1]
      const face = (q: number) => 100 * next.primary.instance[q] + (next.primary.primitive[q] >> 1)
      if (four.some(q => face(q) !== 100 * now.primary.instance[p] + (now.primary.primitive[p] >> 1))) return
      const w = [(1 - (x - x0)) * (1 - (y - y0)), (x - x0) * (1 - (y - y0)), (1 - (x - x0)) * (y - y0), (x - x0) * (y - y0)]
      const [bu, bv] = [0, 1].map(k => four.reduce((sum, q, n) => sum + w[n] * back[2 * q + k], 0))
      seen++
      expect(Math.abs(f[2 * p] + bu)).toBeLessThan(0.03)
      expect(Math.abs(f[2 * p + 1] + bv)).toBeLessThan(0.03)
    })
    expect(seen).toBeGreaterThan(1000)
  })

  property.prop(
    'depth and poses alone give the flow, for any motion',
    fc.record({
      v: fc.tuple(speed(), speed(), speed()),
      rate: fc.double({ min: -20, max: 20, noNaN: true }),
      lift: fc.double({ min: -0.4, max: 0.4, noNaN: true }),
    }),
    ({ v, rate, lift }) => {
      const body = moved([0, 0, lift], v, rate)
      const [small, later] = [eye([2, -2, 1.5], [0, 0, 0], 20, 16, 12), eye([1.8, -2.1, 1.6], [0.1, 0, 0], 20, 16, 12)]
      const c = stage({ cameras: [camera([small, later], [0, 0.1])], objects: [{ mesh: cube(), path: body.path }] }).context(0)
      const f = flow(c, 1)
      const mask = flowMask(c, 1)
      eachPixel(small, (i, j, p) => {
        if (c.primary.instance[p] < 0) return
        const w = plus(small.at, ray(small, i + 0.5, j + 0.5), c.primary.t[p])
        const [u, y, depth] = image(later, body.world(body.body(w, 0), 0.1))
        if (depth < 1e-3) return expect([f[2 * p], f[2 * p + 1], mask[p]]).toEqual([0, 0, INVALID])
        // f32 keeps 24 bits of a flow of any size.
        const limit = 1e-4 + 1e-6 * (Math.abs(u) + Math.abs(y))
        expect(Math.abs(f[2 * p] - (u - i - 0.5))).toBeLessThan(limit)
        expect(Math.abs(f[2 * p + 1] - (y - j - 0.5))).toBeLessThan(limit)
        expect((mask[p] & OUT_OF_FRAME) !== 0).toBe(!(u >= 0 && u < 16 && y >= 0 && y < 12))
      })
    },
    40,
  )

  test('what rests before a resting camera has flow of exactly 0 and no flag, at both ends of the clip', () => {
    const still = stage({
      cameras: [camera([eyes[0]])],
      objects: [
        { mesh: square(3) },
        { mesh: sphere(0.4, 12, 24).mesh, path: () => ({ position: [0.1, 0.2, 0.4], rotation: turnQuat(axis, 1) }) },
      ],
    })
    for (const frame of [0, 2]) {
      const c = still.context(frame)
      for (const step of [1, -1] as const) {
        expect(flow(c, step).every(x => Object.is(x, 0))).toBe(true)
        expect(flowMask(c, step).every(x => x === 0)).toBe(true)
      }
    }
  })

  test('a point that passes the camera is invalid with flow 0; nothing is NaN', () => {
    const front = eye([0, -1, 0], [0, 0, 0])
    const c = stage({
      cameras: [camera([front])],
      objects: [{ mesh: cube(), path: t => ({ ...rest, position: [0, -20 * t, 0] }) }],
    }).context(0)
    const [f, mask] = [flow(c, 1), flowMask(c, 1)]
    eachPixel(front, (_i, _j, p) => {
      const hit = c.primary.instance[p] >= 0
      expect(mask[p]).toBe(hit ? INVALID : 0)
      expect([f[2 * p], f[2 * p + 1]]).toEqual([0, 0])
    })
  })
})

function speed() {
  return fc.double({ min: -8, max: 8, noNaN: true })
}

describe('occlusion', () => {
  const front = eye([0, -4, 0], [0, 0, 0])
  const { mesh, sagitta } = sphere(0.4, 64, 128)
  /** −1 surely clear, 1 surely hidden, 0 within the tessellation: does the segment from the eye to p cross the ball? */
  function hidden(p: V, centre: V): number {
    const d = plus(p, front.at, -1)
    const along = Math.min(1, Math.max(0, inner(plus(centre, front.at, -1), d) / inner(d, d)))
    const gap = norm(plus(plus(front.at, d, along), centre, -1))
    return gap > 0.4 + 1e-6 ? -1 : gap < 0.4 - sagitta - 1e-6 ? 1 : 0
  }

  test('a ball that passes before a wall and a second ball hides and reveals exactly what the segment test says', () => {
    const first = (t: number): V => [-0.6 + 6 * t, -1, 0.1]
    const second: V = [0.3, 0, 0]
    const wall: V = [0, 1, 0]
    const s = stage({
      cameras: [camera([front])],
      objects: [
        { mesh, path: t => ({ ...rest, position: first(t) }) },
        { mesh, path: () => ({ ...rest, position: second }) },
        { mesh: square(20), path: () => ({ position: wall, rotation: turnQuat([1, 0, 0], Math.PI / 2) }) },
      ],
    })
    for (const step of [1, -1] as const) {
      const c = s.context(1)
      const mask = flowMask(c, step)
      const [now, then] = [first(0.1), first(0.1 + 0.1 * step)]
      const count = [0, 0]
      eachPixel(front, (i, j, p) => {
        const k = c.primary.instance[p]
        let point = plus(front.at, ray(front, i + 0.5, j + 0.5), c.primary.t[p])
        if (k === 0) {
          point = plus(point, plus(then, now, -1))
          // Its own far side: the surface turns away when the new line of sight passes its tangent.
          const facing = inner(unit(plus(point, then, -1)), unit(plus(front.at, point, -1)))
          if (Math.abs(facing) < 0.1) return
          const out = image(front, point)[0] < 0 || image(front, point)[0] >= 64 ? OUT_OF_FRAME : 0
          return expect(mask[p]).toBe((facing > 0 ? 0 : OCCLUDED) + out)
        }
        const sure = hidden(point, then)
        if (sure === 0) return
        count[sure > 0 ? 1 : 0]++
        expect(mask[p], `pixel ${i}, ${j}`).toBe(sure > 0 ? OCCLUDED : 0)
      })
      expect(Math.min(...count)).toBeGreaterThan(30)
    }
  })

  test('the sky behind a ball that arrives is hidden', () => {
    const c = stage({ cameras: [camera([front])], objects: [{ mesh, path: t => ({ ...rest, position: [-3 + 30 * t, 0, 0] }) }] }).context(0)
    const mask = flowMask(c, 1)
    eachPixel(front, (i, j, p) => {
      const sure = hidden(plus(front.at, ray(front, i + 0.5, j + 0.5), 100), [0, 0, 0])
      if (sure !== 0) expect(mask[p]).toBe(sure > 0 ? OCCLUDED : 0)
    })
    expect(mask[24 * 64 + 32]).toBe(OCCLUDED)
  })

  test('a face that turns away is hidden by its own body; a thin sheet that turns is not', () => {
    const turned = (m: ReturnType<typeof cube>, from: number) =>
      stage({
        cameras: [camera([front])],
        objects: [{ mesh: m, path: t => ({ ...rest, rotation: turnQuat([0, 0, 1], from + 20 * t) }) }],
      }).context(0)
    const box = turned(cube(), 0)
    // 2 rad later the face that looked at the camera looks away.
    const mask = flowMask(box, 1)
    expect(mask.filter((m, p) => box.primary.instance[p] >= 0 && m === OCCLUDED).length).toBeGreaterThan(
      0.95 * box.primary.instance.filter(k => k >= 0).length,
    )
    const upright = square(1)
    upright.positions = [-0.5, 0, -0.5, 0.5, 0, -0.5, 0.5, 0, 0.5, -0.5, 0, 0.5]
    const sheet = turned(upright, 0)
    expect(
      flowMask(sheet, 1)
        .filter((_, p) => sheet.primary.instance[p] >= 0)
        .every(m => m === 0),
    ).toBe(true)
  })

  test('two-sided meshes, whose faces coincide, do not hide themselves', () => {
    const m = square(2)
    m.indices = [...m.indices, 3, 2, 0, 2, 1, 0]
    const b = moved([0, 0, 0], [0.5, -0.3, 0.4], 2)
    const c = stage({ cameras: [camera(eyes, TIMES)], objects: [{ mesh: m, path: b.path }] }).context(1)
    for (const step of [1, -1] as const)
      expect(flowMask(c, step).filter((x, p) => c.primary.instance[p] === 0 && (x & OCCLUDED) !== 0).length).toBe(0)
  })

  test("a hit of the point's own triangle is the point, however coarse the ray's t", () => {
    const b = moved([0, 0, 0], [0.5, -0.3, 0.4], 2)
    const s = stage({ cameras: [camera(eyes, TIMES)], objects: [{ mesh: square(2), path: b.path }] })
    const coarse = frameContext({
      resolved: s.resolved,
      motion: s.motion,
      frame: 1,
      rays: t => {
        const query = bruteRays(s.resolved, s.motion, t)
        return t === 0.1
          ? query
          : {
              ...query,
              closest: r => {
                const hits = query.closest({ ...r, tMax: Infinity })
                return { ...hits, t: hits.t.map(x => x * 0.9999) }
              },
            }
      },
    })
    const mask = flowMask(coarse, 1)
    expect(
      mask.filter((x, p) => coarse.primary.instance[p] === 0 && coarse.primary.primitive[p] === 0 && (x & OCCLUDED) !== 0).length,
    ).toBe(0)
  })
})
