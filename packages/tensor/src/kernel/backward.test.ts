import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createArena } from '../node/kernel.ts'
import { addSortedRows, geluBackward, layerNormBackward, scatterAddRows, softmaxBackward, sortRows } from './backward.ts'

const arena = await createArena(8 << 20)
const put = (values: ArrayLike<number>) => {
  const view = arena.f32(values.length)
  view.set(values)
  return view
}
const normal = (n: number, seed: number, tag: number) => {
  const view = arena.f32(n)
  arena.call.fillNormal(view.byteOffset, n, seed, tag, 0)
  return view
}
const near = (got: ArrayLike<number>, want: ArrayLike<number>, relative: number, absolute: number) => {
  expect(got.length).toBe(want.length)
  for (let i = 0; i < got.length; i++) {
    expect(Math.abs(got[i]! - want[i]!), `element ${i}: ${got[i]} for ${want[i]}`).toBeLessThanOrEqual(
      relative * Math.abs(want[i]!) + absolute,
    )
  }
}
const scoped = (run: () => void) => {
  const mark = arena.mark()
  run()
  arena.release(mark)
}
const seeds = fc.nat(2 ** 30)

describe('gelu', () => {
  /** Φ by its series around 0, by its continued fraction beyond 3. */
  function phi(x: number): number {
    const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)
    const z = Math.abs(x)
    if (z > 3) {
      let fraction = 0
      for (let k = 80; k > 0; k--) fraction = k / (z + fraction)
      return x < 0 ? density / (z + fraction) : 1 - density / (z + fraction)
    }
    let sum = x
    let term = x
    for (let k = 3; Math.abs(term) > 1e-18; k += 2) sum += term *= (x * x) / k
    return 0.5 + density * sum
  }
  const slope = (x: number) => phi(x) + (x * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI)

  test('the derivative of x·Φ(x) to 3e-7, over the whole line', () => {
    scoped(() => {
      const xs = Float32Array.from({ length: 40_001 }, (_, i) => (i - 20_000) / 1000)
      const dx = arena.f32(xs.length)
      geluBackward(arena, dx, arena.f32(xs.length).fill(1), put(xs))
      near(dx, Float64Array.from(xs, slope), 0, 3e-7)
    })
  })
  test('is ½ at 0, 1 and 0 far out and at infinity, NaN for NaN', () => {
    scoped(() => {
      const dx = arena.f32(7)
      const { POSITIVE_INFINITY: infinity } = Number
      geluBackward(arena, dx, arena.f32(7).fill(1), put([0, 40, -40, 1e30, infinity, -infinity, Number.NaN]))
      near(dx.subarray(0, 6), [0.5, 1, 0, 1, 1, 0], 0, 3e-7)
      expect(dx[0]).toBe(0.5)
      expect(dx[6]).toBeNaN()
    })
  })
  test('in place, at any length and start', () => {
    fc.assert(
      fc.property(fc.nat(40), fc.nat(5), seeds, (n, offset, seed) =>
        scoped(() => {
          const [x, dy] = [normal(n + offset + 4, seed, 1), normal(n + offset + 4, seed, 2)]
          const [part, gradient] = [x.subarray(offset, offset + n), dy.subarray(offset, offset + n)]
          const before = dy.slice()
          const want = Float64Array.from(part, (v, i) => gradient[i]! * slope(v))
          geluBackward(arena, gradient, gradient, part)
          near(gradient, want, 1e-6, 1e-6)
          expect(dy.subarray(offset + n)).toEqual(before.subarray(offset + n))
          expect(dy.subarray(0, offset)).toEqual(before.subarray(0, offset))
        }),
      ),
    )
  })
})

const shape = [fc.nat(6), fc.integer({ min: 1, max: 35 }), seeds] as const

test('softmax: y·(dy − Σ y·dy) in every row', () => {
  fc.assert(
    fc.property(...shape, (rows, d, seed) =>
      scoped(() => {
        const [x, dy] = [normal(rows * d, seed, 1), normal(rows * d, seed, 2)]
        const y = put(x)
        for (let i = 0; i < rows; i++) {
          const e = Array.from(x.subarray(i * d, i * d + d), Math.exp)
          const sum = e.reduce((a, b) => a + b)
          for (let j = 0; j < d; j++) y[i * d + j] = e[j]! / sum
        }
        const want = Float64Array.from(y, (v, k) => {
          const start = k - (k % d)
          let dot = 0
          for (let j = start; j < start + d; j++) dot += y[j]! * dy[j]!
          return v * (dy[k]! - dot)
        })
        softmaxBackward(arena, dy, dy, y, d)
        near(dy, want, 1e-6, 1e-6)
      }),
    ),
  )
})

test('layer norm: against central differences of the forward pass in f64', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 2, max: 19 }), seeds, fc.boolean(), (rows, d, seed, affine) =>
      scoped(() => {
        const epsilon = 1e-3
        const [x, dy] = [normal(rows * d, seed, 1), normal(rows * d, seed, 2)]
        const gamma = affine ? normal(d, seed, 3) : undefined
        const row = (values: ArrayLike<number>, i: number) => Array.from({ length: d }, (_, j) => values[i * d + j]!)
        const statistics = (r: number[]) => {
          const mean = r.reduce((a, b) => a + b) / d
          return { mean, inverse: 1 / Math.sqrt(r.reduce((s, v) => s + (v - mean) ** 2, 0) / d + epsilon) }
        }
        const loss = (values: ArrayLike<number>, g: ArrayLike<number>) => {
          let sum = 0
          for (let i = 0; i < rows; i++) {
            const r = row(values, i)
            const { mean, inverse } = statistics(r)
            for (let j = 0; j < d; j++) sum += dy[i * d + j]! * ((r[j]! - mean) * inverse * g[j]!)
          }
          return sum
        }
        const scale: number[] = Array.from(gamma ?? new Float32Array(d).fill(1))
        const slopes = (at: number[], of: (values: number[]) => number) =>
          at.map((_, k) => {
            const h = 1e-4
            const moved = (by: number) => of(at.map((v, i) => (i === k ? v + by : v)))
            return (moved(h) - moved(-h)) / (2 * h)
          })
        const wantX = slopes([...x], values => loss(values, scale))
        const wantGamma = slopes(scale, g => loss(x, g)).map((v, j) => v + j)
        const wantBeta = Array.from({ length: d }, (_, j) =>
          Array.from({ length: rows }, (_, i) => dy[i * d + j]!).reduce((a, b) => a + b, j),
        )
        const all = Array.from({ length: rows }, (_, i) => statistics(row(x, i)))
        const saved = { x, mean: put(all.map(s => s.mean)), inverse: put(all.map(s => s.inverse)), ...(gamma && { gamma }) }
        const [dGamma, dBeta, dx] = [put(scale.map((_, j) => j)), put(scale.map((_, j) => j)), arena.f32(rows * d)]
        layerNormBackward(arena, dx, dy, saved, dGamma, dBeta)
        const size = Math.max(...all.map(s => s.inverse))
        near(dx, wantX, 1e-5, 2e-5 * size * size * size)
        near(dGamma, wantGamma, 1e-5, 1e-5)
        near(dBeta, wantBeta, 1e-5, 1e-5)
        const alone = dy
        layerNormBackward(arena, alone, dy, saved)
        expect(alone).toEqual(dx)
      }),
    ),
    { numRuns: 60 },
  )
})

describe('sums of rows by index', () => {
  const inputs = [fc.integer({ min: 1, max: 6 }), fc.nat(40), fc.integer({ min: 1, max: 21 }), seeds] as const
  const indices = (n: number, v: number, seed: number) => {
    const index = arena.i64(n)
    // Few destinations, so that most are duplicates.
    for (let i = 0; i < n; i++) index[i] = BigInt((Math.imul(i + seed, 2654435761) >>> 8) % v)
    return index
  }

  test('f32 sums are those of a plain loop in the order of the indices, to the last bit', () => {
    fc.assert(
      fc.property(...inputs, (v, n, d, seed) =>
        scoped(() => {
          const [out, rows, index] = [normal(v * d, seed, 1), normal(n * d, seed, 2), indices(n, v, seed)]
          const want = out.slice()
          for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) want[Number(index[i]) * d + j]! += rows[i * d + j]!
          scatterAddRows(arena, out, rows, index, d)
          expect(out).toEqual(want)
        }),
      ),
    )
  })
  test('sorted sums are those of f64, rounded once', () => {
    fc.assert(
      fc.property(...inputs, (v, n, d, seed) =>
        scoped(() => {
          const [out, rows, index] = [normal(v * d, seed, 1), normal(n * d, seed, 2), indices(n, v, seed)]
          const want = Float64Array.from(out)
          for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) want[Number(index[i]) * d + j]! += rows[i * d + j]!
          const sorted = sortRows(arena, index, v)
          expect([...sorted.order].map(i => Number(index[i]!))).toEqual([...index].map(Number).sort((a, b) => a - b))
          addSortedRows(arena, out, rows, sorted, d)
          expect(out).toEqual(Float32Array.from(want))
          // The same places can be used again.
          const again = sortRows(arena, index, v, sorted)
          expect([...again.order]).toEqual([...sortRows(arena, index, v).order])
        }),
      ),
    )
  })
  test('a million ones to one place: f64 counts past 2^24', () => {
    scoped(() => {
      const n = 1 << 18
      const out = put([2 ** 24])
      addSortedRows(arena, out, arena.f32(n).fill(1), sortRows(arena, arena.i64(n), 1), 1)
      expect(out[0]).toBe(2 ** 24 + n)
    })
  })
  test.each([3n, -1n, 2n ** 40n, -(2n ** 63n)])('index %s of 3 rows is refused before anything is added', bad => {
    scoped(() => {
      const [out, rows, index] = [arena.f32(6), arena.f32(4).fill(1), arena.i64(2)]
      index[1] = bad
      const message = `index ${bad} at place 1 is out of range: there are 3 rows, 0 to 2`
      expect(() => scatterAddRows(arena, out, rows, index, 2)).toThrow(message)
      expect(() => sortRows(arena, index, 3)).toThrow(message)
      expect(out.every(x => x === 0)).toBe(true)
    })
  })
  test('shapes that do not fit are refused', () => {
    scoped(() => {
      const [a, index] = [arena.f32(6), arena.i64(2)]
      expect(() => scatterAddRows(arena, a, a, index, 4)).toThrow('scatterAddRows: 6 elements are not rows of 4')
      expect(() => scatterAddRows(arena, a, a, index, 2)).toThrow('6 elements in rows of 2 are not 2 rows')
      expect(() => addSortedRows(arena, a, a, sortRows(arena, index, 3), 2)).toThrow('sorted for 2 rows into 3, given 3 into 3')
      expect(() => softmaxBackward(arena, a, a, a, 0)).toThrow('6 elements are not rows of 0')
      const saved = { x: a, mean: arena.f32(4), inverse: arena.f32(4) }
      expect(() => layerNormBackward(arena, a, a, saved)).toThrow('6 elements are not 4 equal rows')
      const three = { x: a, mean: arena.f32(3), inverse: arena.f32(3) }
      expect(() => layerNormBackward(arena, a, a, three, arena.f32(3))).toThrow('dGamma has 3 elements, rows have 2')
    })
  })
})
