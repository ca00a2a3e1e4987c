/** Boxes around curved images: against edges that are sampled densely, and without work beyond measure where an image is a million pixels wide. */
import type { Mesh } from '@dioramic/scene'
import { expect, test as plain } from 'vitest'
import { fc, test } from '../test/kit/property.ts'
import { outline, placeOf } from './outline.ts'

/** A square of n × n cells in the plane z = 0, x and y from `low` to `high`. */
function grid(n: number, low: number, high: number): Mesh {
  const at = (i: number) => low + (i * (high - low)) / n
  const cells = Array.from({ length: n * n }, (_, c) => [c % n, Math.floor(c / n)] as const)
  const v = (i: number, j: number) => j * (n + 1) + i
  return {
    positions: Float32Array.from({ length: 3 * (n + 1) ** 2 }, (_, k) => {
      const p = Math.floor(k / 3)
      return k % 3 === 0 ? at(p % (n + 1)) : k % 3 === 1 ? at(Math.floor(p / (n + 1))) : 0
    }),
    indices: Uint32Array.from(cells.flatMap(([i, j]) => [v(i, j), v(i + 1, j), v(i, j + 1), v(i + 1, j), v(i + 1, j + 1), v(i, j + 1)])),
    normals: null,
    uvs: null,
    parts: [],
  }
}
const flat = { rays: [] }

test.prop(
  'the box is that of densely sampled edges, whatever their curves',
  fc.record({
    n: fc.integer({ min: 1, max: 6 }),
    waves: fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 8, maxLength: 8 }),
    wide: fc.constantFrom(20, 400, 6000),
  }),
  ({ n, waves: [a, b, c, d, e, f, g, h], wide }) => {
    const mesh = grid(n, -1, 1)
    // Up to half a turn of a wave over the square, and a cubic: turning points within pieces.
    const see = (x: number, y: number, _z: number, out: Float64Array) => {
      out[0] = wide * (x + 0.5 * a * Math.sin(1.6 * b * x + 3 * c * y) + d * x * x * x)
      out[1] = 40 * (y + e * x * x * x + f * x * x + g * Math.sin(1.6 * x + 1.6 * h * y))
      return true
    }
    const { box } = outline(mesh, placeOf(mesh.positions, see), flat)!
    const dense = [Infinity, Infinity, -Infinity, -Infinity]
    const out = new Float64Array(2)
    const { positions: p, indices } = mesh
    for (let k = 0; k < indices.length; k++) {
      const [from, to] = [3 * indices[k]!, 3 * indices[k % 3 === 2 ? k - 2 : k + 1]!]
      for (let i = 0; i <= 1000; i++) {
        const t = i / 1000
        see(p[from]! + t * (p[to]! - p[from]!), p[from + 1]! + t * (p[to + 1]! - p[from + 1]!), 0, out)
        dense[0] = Math.min(dense[0]!, out[0]!)
        dense[1] = Math.min(dense[1]!, out[1]!)
        dense[2] = Math.max(dense[2]!, out[0]!)
        dense[3] = Math.max(dense[3]!, out[1]!)
      }
    }
    // Parabolas over pieces of a third of a pixel are off by less than a hundredth; samples stand up to a two-thousandth of an edge beside a turning point.
    const near = (x: number, y: number, size: number) => expect(Math.abs(x - y)).toBeLessThan(0.01 + 1e-5 * size)
    near(box[0], dense[0]!, wide)
    near(box[2], dense[2]!, wide)
    near(box[1], dense[1]!, 40)
    near(box[3], dense[3]!, 40)
  },
)

plain('an image a million pixels wide and three rows high takes no more than some hundred points an edge', () => {
  const mesh = grid(40, -1, 1.1)
  let seen = 0
  const place = placeOf(mesh.positions, (x, y, _z, out) => {
    seen++
    out[0] = 1e6 * x
    out[1] = 6 - x * x + 1e-3 * y
    return true
  })
  const { box } = outline(mesh, place, flat)!
  expect(box[0]).toBeCloseTo(-1e6, 0)
  expect(box[1]).toBeCloseTo(6 - 1.21 - 1e-3, 5)
  expect(box[2]).toBeCloseTo(1.1e6, 0)
  // At x = 0, which is no corner.
  expect(box[3]).toBeCloseTo(6 + 1.1e-3, 5)
  expect(seen / mesh.indices.length).toBeLessThan(300)
})
