/** 2-D boxes, tight and amodal, 3-D boxes, centres and visible pixels. */
import { describe, expect, test } from 'vitest'
import { camera, cube, eachPixel, eye, image, plus, rest, sphere, square, stage, turnQuat, type V } from '../../test/kit/oracle.ts'
import { fc, test as property } from '../../test/kit/property.ts'
import { box2d } from './box-2d.ts'
import { box3d } from './box-3d.ts'
import { boxAmodal } from './box-amodal.ts'
import { center2d } from './center-2d.ts'
import { segmentation } from './segmentation.ts'
import { visiblePixels } from './visible-pixels.ts'

const front = eye([0, -4, 0], [0, 0, 0])
const at = (position: V) => () => ({ ...rest, position })

test('tight boxes and visible pixels are those of the segmentation, under occlusion and at the border', () => {
  const { mesh } = sphere(0.5, 16, 32)
  const c = stage({
    cameras: [camera([front])],
    objects: [
      { mesh, path: at([0, -1, 0]) },
      { mesh, path: at([0.5, 0, 0.2]) },
      { mesh, path: at([-1.5, 0, 0.9]) },
      { mesh, path: at([0, 3, 0]) },
      { mesh, path: at([0, -9, 0]) },
    ],
  }).context(0)
  const ids = segmentation.compute(c).data
  const [boxes, counts] = [box2d.compute(c), visiblePixels.compute(c)]
  ;[10, 20, 30, 40, 50].forEach((id, k) => {
    const found: number[][] = []
    eachPixel(front, (i, j, p) => {
      if (ids[p] === id) found.push([i, j])
    })
    expect(counts[k]).toEqual({ visiblePixels: found.length })
    const [x, y] = [found.map(q => q[0]), found.map(q => q[1])]
    expect(boxes[k]).toEqual({ box2d: found.length ? [Math.min(...x), Math.min(...y), Math.max(...x) + 1, Math.max(...y) + 1] : null })
  })
  expect(counts.map(x => (x.visiblePixels as number) > 0)).toEqual([true, true, true, false, false])
})

describe('amodal boxes', () => {
  test('of a ball are the conic of its outline within its tessellation, hidden or not', () => {
    const { mesh, sagitta } = sphere(0.5)
    const hidden: V = [0.3, 0, 0.2]
    const c = stage({
      cameras: [camera([front])],
      objects: [
        { mesh: square(9), path: () => ({ position: [0, -2, 0], rotation: turnQuat([1, 0, 0], Math.PI / 2) }) },
        { mesh, path: at(hidden) },
      ],
    }).context(0)
    const box = boxAmodal.compute(c)[1].box2dAmodalUnclipped as number[]
    // Tangent planes through the eye: with centre (x, d) in the plane of an axis, slopes are the roots of (x − m·d)² = r²(1 + m²).
    const slopes = (x: number, r: number) => {
      const d = 4
      const root = r * Math.sqrt(x * x + d * d - r * r)
      return [(x * d - root) / (d * d - r * r), (x * d + root) / (d * d - r * r)]
    }
    const truth = (r: number) => [
      32 + 80 * slopes(0.3, r)[0],
      24 - 80 * slopes(0.2, r)[1],
      32 + 80 * slopes(0.3, r)[1],
      24 - 80 * slopes(0.2, r)[0],
    ]
    const [outer, inner] = [truth(0.5), truth(0.5 - sagitta)]
    for (let k = 0; k < 4; k++) {
      const sign = k < 2 ? 1 : -1
      expect(sign * (box[k] - outer[k])).toBeGreaterThan(-1e-5)
      expect(sign * (inner[k] - box[k])).toBeGreaterThan(-1e-5)
    }
    expect(visiblePixels.compute(c)[1]).toEqual({ visiblePixels: 0 })
  })

  test('of a cube turned by 45° are its projected edges', () => {
    const c = stage({
      cameras: [camera([front])],
      objects: [{ mesh: cube(), path: () => ({ ...rest, rotation: turnQuat([0, 0, 1], Math.PI / 4) }) }],
    }).context(0)
    const h = Math.SQRT1_2
    const found = boxAmodal.compute(c)[0]
    // Widest at the side edges (depth 4), highest at the near edge (depth 4 − √½).
    const truth = [32 - (80 * h) / 4, 24 - (80 * 0.5) / (4 - h), 32 + (80 * h) / 4, 24 + (80 * 0.5) / (4 - h)]
    ;(found.box2dAmodal as number[]).forEach((x, k) => {
      expect(Math.abs(x - truth[k])).toBeLessThan(1e-5)
    })
    expect(found).toMatchObject({ truncatedFraction: 0, cutByCamera: false })
  })

  test('clip to the picture and tell how much is outside', () => {
    const c = stage({
      cameras: [camera([front])],
      objects: [{ mesh: square(1), path: () => ({ position: [1.6, 0, 0], rotation: turnQuat([1, 0, 0], Math.PI / 2) }) }],
    }).context(0)
    const found = boxAmodal.compute(c)[0]
    // 20 px wide around u = 64: half of it is outside.
    ;(found.box2dAmodalUnclipped as number[]).forEach((x, k) => {
      expect(x).toBeCloseTo([54, 14, 74, 34][k], 5)
    })
    expect((found.box2dAmodal as number[])[2]).toBe(64)
    expect(found.truncatedFraction).toBeCloseTo(0.5, 5)
  })

  test('of what is partly behind the camera are of the part before it', () => {
    const above = eye([0, 0, 1], [0, 1, 1])
    const c = stage({ cameras: [camera([above])], objects: [{ mesh: square(4) }, { mesh: cube(), path: at([0, -3, 1]) }] }).context(0)
    const [floor, behind] = boxAmodal.compute(c)
    // The floor's far edge is 2 m away and 4 m wide, 1 m below: v = 24 + 80/2. The near plane cuts 1 mm before the eye.
    expect(floor.cutByCamera).toBe(true)
    expect((floor.box2dAmodalUnclipped as number[])[1]).toBeCloseTo(64, 6)
    expect((floor.box2dAmodalUnclipped as number[])[3]).toBeCloseTo(24 + 80 / 1e-3, 4)
    expect(floor).toMatchObject({ box2dAmodal: null, truncatedFraction: 1 })
    expect(behind).toEqual({ box2dAmodal: null, box2dAmodalUnclipped: null, truncatedFraction: 1, cutByCamera: true })
  })

  property.prop(
    'equal the box of every vertex, or of every clipped triangle, for any pose',
    fc.record({
      p: fc.tuple(number(2), number(6), number(2)),
      axis: fc.tuple(number(1), number(1), number(1)).filter(a => Math.hypot(...a) > 0.1),
      angle: number(3),
      scale: fc.tuple(
        fc.double({ min: 0.1, max: 3, noNaN: true }),
        fc.double({ min: 0.1, max: 3, noNaN: true }),
        fc.double({ min: 0.1, max: 3, noNaN: true }),
      ),
    }),
    ({ p, axis, angle, scale }) => {
      const n = Math.hypot(...axis)
      const pose = { position: p as V, rotation: turnQuat(axis.map(x => x / n) as unknown as V, angle) }
      const { mesh } = sphere(0.7, 12, 24)
      const s = stage({ cameras: [camera([front])], objects: [{ mesh, scale: scale as V, path: () => pose }] })
      const found = boxAmodal.compute(s.context(0))[0]
      const turned = (v: V): V => {
        const [x, y, z, w] = pose.rotation
        const cross = (a: V, b: V): V => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
        const t = cross([x, y, z], v).map(k => 2 * k) as unknown as V
        return plus(plus(v, t, w), cross([x, y, z], t))
      }
      // The resolved mesh is f32: its own vertices, not the input's, are the truth.
      const { positions, indices } = s.resolved.objects[0].mesh
      const world = (i: number) =>
        plus(turned([positions[3 * i] * scale[0], positions[3 * i + 1] * scale[1], positions[3 * i + 2] * scale[2]]), pose.position)
      const dots: number[][] = []
      for (let f = 0; f < indices.length; f += 3) {
        for (let k = 0; k < 3; k++) {
          const [a, b] = [world(indices[f + k]), world(indices[f + ((k + 1) % 3)])]
          const [da, db] = [a[1] + 4, b[1] + 4]
          if (da > 1e-3) dots.push([...image(front, a)])
          if (da > 1e-3 !== db > 1e-3) dots.push([...image(front, plus(a, plus(b, a, -1), (1e-3 - da) / (db - da)))])
        }
      }
      const truth = dots.length
        ? [0, 1].map(k => Math.min(...dots.map(d => d[k]))).concat([0, 1].map(k => Math.max(...dots.map(d => d[k]))))
        : null
      const box = found.box2dAmodalUnclipped as number[] | null
      expect(box === null).toBe(truth === null)
      box?.forEach((x, k) => {
        expect(Math.abs(x - truth![k])).toBeLessThan(1e-6 * (1 + Math.abs(truth![k])))
      })
    },
    60,
  )
})

function number(limit: number) {
  return fc.double({ min: -limit, max: limit, noNaN: true })
}

describe('3-D boxes and centres', () => {
  test('corner i is min or max by bits 4 (x), 2 (y), 1 (z), scaled and posed', () => {
    const mesh = cube()
    mesh.positions = mesh.positions.map((x, i) => (i % 3 === 0 ? x + 1 : x))
    const quarter = () => ({ position: [5, 6, 7] as V, rotation: turnQuat([0, 0, 1], Math.PI / 2) })
    const corners = box3d.compute(stage({ cameras: [camera([front])], objects: [{ mesh, scale: [2, 4, 6], path: quarter }] }).context(0))[0]
      .box3d as number[][]
    for (let i = 0; i < 8; i++) {
      // x spans 1 … 3, y ±2, z ±3; a quarter turn takes (x, y) to (−y, x).
      const [x, y, z] = [i & 4 ? 3 : 1, i & 2 ? 2 : -2, i & 1 ? 3 : -3]
      const truth = [5 - y, 6 + x, 7 + z]
      for (let a = 0; a < 3; a++) expect(Math.abs(corners[i][a] - truth[a])).toBeLessThan(1e-12)
    }
  })

  test('centres are projections of the origin; behind the camera there is none', () => {
    const s = stage({
      cameras: [camera([front])],
      objects: (
        [
          [0.5, 0, 0.25],
          [9, 0, 0],
          [0, -4.5, 0],
          [0, -4, 0],
        ] as V[]
      ).map(p => ({ mesh: cube(), path: at(p) })),
    })
    expect(center2d.compute(s.context(0))).toEqual([
      { projectedCentre: [expect.closeTo(42), expect.closeTo(19)], projectedDepth: 4, projectedInFrame: true },
      { projectedCentre: [expect.closeTo(212), expect.closeTo(24)], projectedDepth: 4, projectedInFrame: false },
      { projectedCentre: null, projectedDepth: -0.5, projectedInFrame: false },
      { projectedCentre: null, projectedDepth: expect.closeTo(0), projectedInFrame: false },
    ])
  })
})
