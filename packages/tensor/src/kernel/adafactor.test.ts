import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createArena } from '../node/kernel.ts'
import { adafactor, adafactorVector, factoredScratch } from './adafactor.ts'

const arena = await createArena(4 << 20)
const normal = (n: number, seed: number, tag: number) => {
  const view = arena.f32(n)
  arena.call.fillNormal(view.byteOffset, n, seed, tag, 0)
  return view
}
interface Options {
  lr: number
  beta2: number
  k: number
  decay: number
  clip: number
  relative?: number
}
const rms = (x: number[]) => Math.sqrt(x.reduce((s, v) => s + v * v, 0) / x.length)
/** Algorithm 4 of the paper in f64, with decoupled decay; a vector has `columns` = 0. */
function reference(
  p: number[],
  g: number[],
  moments: { row: number[]; column: number[]; whole: number[] },
  columns: number,
  o: Options,
): number {
  const grad = g.map(x => x * o.k)
  const squares = grad.map(x => x * x + 1e-30)
  const rate = o.relative === undefined ? o.lr : o.lr * Math.max(o.relative, rms(p))
  const move = (old: number, fresh: number) => o.beta2 * old + (1 - o.beta2) * fresh
  let u: number[]
  if (columns === 0) {
    moments.whole = moments.whole.map((v, i) => move(v, squares[i]!))
    u = grad.map((x, i) => x / Math.sqrt(moments.whole[i]!))
  } else {
    const rows = p.length / columns
    moments.row = moments.row.map((r, i) => move(r, squares.slice(i * columns, (i + 1) * columns).reduce((a, b) => a + b) / columns))
    moments.column = moments.column.map((c, j) => move(c, squares.filter((_, k) => k % columns === j).reduce((a, b) => a + b) / rows))
    const mean = moments.row.reduce((a, b) => a + b) / rows
    u = grad.map((x, k) => x / Math.sqrt((moments.row[Math.floor(k / columns)]! * moments.column[k % columns]!) / mean))
  }
  const size = rms(u)
  for (let i = 0; i < p.length; i++) p[i] = p[i]! - rate * (o.decay * p[i]! + u[i]! / Math.max(1, size / o.clip))
  return size
}
const near = (got: ArrayLike<number>, want: ArrayLike<number>, relative: number, absolute = 0) => {
  for (let i = 0; i < got.length; i++) expect(Math.abs(got[i]! - want[i]!)).toBeLessThanOrEqual(relative * Math.abs(want[i]!) + absolute)
}
const cases: Options[] = [
  { lr: 0.01, beta2: 0.9, k: 1, decay: 0, clip: 1 },
  { lr: 0.02, beta2: 0.99, k: 0.3, decay: 0.1, clip: 0.5 },
  { lr: 0.01, beta2: 0.9, k: 2, decay: 0, clip: 1e9, relative: 1e-3 },
]
const kernelOptions = ({ k, decay, ...rest }: Options) => ({ ...rest, gradientScale: k, weightDecay: decay })

test.each(cases)('a slice of rows and columns follows the paper in f64 over eight steps: %o', o => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 21 }), fc.nat(2 ** 30), (rows, columns, seed) => {
      const mark = arena.mark()
      const p = normal(rows * columns, seed, 0)
      const moment = {
        rows,
        columns,
        row: arena.f32(rows),
        column: arena.f32(columns),
        scratch: factoredScratch(arena, rows + 3, columns + 3),
      }
      const want = [...p]
      const moments = { row: [...moment.row], column: [...moment.column], whole: [] }
      for (let t = 1; t <= 8; t++) {
        const g = normal(rows * columns, seed, t)
        const options = { ...o, beta2: t === 1 ? 0 : o.beta2 }
        const size = adafactor(arena, p, g, moment, kernelOptions(options))
        near([size], [reference(want, [...g], moments, columns, options)], 1e-5)
      }
      near(p, want, 1e-5, 1e-6)
      near(moment.row, moments.row, 1e-5)
      near(moment.column, moments.column, 1e-5)
      arena.release(mark)
    }),
  )
})

test.each(cases)('a vector follows the paper in f64 over eight steps: %o', o => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 37 }), fc.nat(2 ** 30), (n, seed) => {
      const mark = arena.mark()
      const [p, v] = [normal(n, seed, 0), arena.f32(n)]
      const want = [...p]
      const moments = { row: [], column: [], whole: [...v] }
      for (let t = 1; t <= 8; t++) {
        const g = normal(n, seed, t)
        const options = { ...o, beta2: t === 1 ? 0 : o.beta2 }
        near([adafactorVector(arena, p, g, v, kernelOptions(options))], [reference(want, [...g], moments, 0, options)], 1e-5)
      }
      near(p, want, 1e-5, 1e-6)
      near(v, moments.whole, 1e-5)
      arena.release(mark)
    }),
  )
})

describe('closed forms', () => {
  test('squares of rank one are factored exactly: the first update is the gradient’s sign', () => {
    const [rows, columns] = [5, 7]
    const g = arena.f32(35)
    for (let k = 0; k < 35; k++) g[k] = (k % 3 ? 1 : -1) * (1 + Math.floor(k / 7)) * (2 + (k % 7)) ** 2
    const p = arena.f32(35)
    const moment = { rows, columns, row: arena.f32(5), column: arena.f32(7), scratch: factoredScratch(arena, 5, 7) }
    expect(adafactor(arena, p, g, moment, { lr: 0.5, beta2: 0 })).toBeCloseTo(1, 6)
    near(
      p,
      [...g].map(x => -0.5 * Math.sign(x)),
      1e-6,
    )
  })
  test('a gradient of zeros moves nothing and makes no NaN', () => {
    const p = arena.f32(6).fill(2)
    const moment = { rows: 2, columns: 3, row: arena.f32(2), column: arena.f32(3), scratch: factoredScratch(arena, 2, 3) }
    expect(adafactor(arena, p, arena.f32(6), moment, { lr: 1, beta2: 0 })).toBe(0)
    expect([...p]).toEqual([2, 2, 2, 2, 2, 2])
    expect(adafactorVector(arena, p, arena.f32(6), arena.f32(6), { lr: 1, beta2: 0 })).toBe(0)
    expect([...p]).toEqual([2, 2, 2, 2, 2, 2])
  })
  test('nothing at all', () => {
    const none = arena.f32(0)
    const moment = { rows: 0, columns: 0, row: none, column: none, scratch: factoredScratch(arena, 0, 0) }
    expect(adafactor(arena, none, none, moment, { lr: 1, beta2: 0 })).toBe(0)
    expect(adafactorVector(arena, none, none, none, { lr: 1, beta2: 0 })).toBe(0)
  })
})

test('moments of another shape and a scratch too small are refused', () => {
  const p = arena.f32(6)
  const scratch = factoredScratch(arena, 2, 3)
  const moment = { rows: 2, columns: 3, row: arena.f32(2), column: arena.f32(3), scratch }
  expect(() => adafactor(arena, p, p, { ...moment, rows: 3 }, { lr: 1, beta2: 0 })).toThrow('p has 6 elements, its moments are for 3 × 3')
  expect(() => adafactor(arena, p, p, { ...moment, scratch: factoredScratch(arena, 2, 2) }, { lr: 1, beta2: 0 })).toThrow(
    'the scratch is too small for 2 × 3',
  )
})
