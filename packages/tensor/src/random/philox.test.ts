import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as kernel from '../kernel/fills.ts'
import { createArena } from '../node/kernel.ts'
import {
  bernoulliThreshold,
  dropoutThreshold,
  fillBernoulli,
  fillBits,
  fillDropout,
  fillNormal,
  fillUniform,
  philox4x32,
} from './philox.ts'

const hex = (w: Int32Array) => [...w].map(x => (x >>> 0).toString(16).padStart(8, '0')).join(' ')
const block = (k: number[], c: number[]) => {
  const out = new Int32Array(4)
  philox4x32(k[0]!, k[1]!, c[0]!, c[1]!, c[2]!, c[3]!, out)
  return hex(out)
}

test('Philox-4x32-10 gives the known answers of Random123', () => {
  expect(block([0, 0], [0, 0, 0, 0])).toBe('6627e8d5 e169c58d bc57ac4c 9b00dbd8')
  const ones = 0xffffffff
  expect(block([ones, ones], [ones, ones, ones, ones])).toBe('408f276d 41c83b0e a20bc7c6 6d5451fd')
  expect(block([0xa4093822, 0x299f31d0], [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344])).toBe('d16cfe09 94fdcceb 5001e420 24126ea1')
})

test('word number i of a stream is word (i >> 2) & 3 of block 4·(i >> 4) + (i & 3)', () => {
  const stream = new Int32Array(100)
  fillBits(stream, [1, 2])
  const out = new Int32Array(4)
  for (let i = 0; i < 100; i++) {
    philox4x32(1, 2, 4 * (i >> 4) + (i & 3), 0, 0, 0, out)
    expect(stream[i]).toBe(out[(i >> 2) & 3])
  }
})

const word = fc.nat({ max: 0xffffffff })
const arena = await createArena(32 << 20)
/** Each kind of fill: into a plain array and into one of the arena. */
const kinds = {
  bits: { array: () => new Int32Array(300), arena: () => arena.i32(300), plain: fillBits, kernel: kernel.fillBits, rest: [] },
  uniform: { array: () => new Float32Array(300), arena: () => arena.f32(300), plain: fillUniform, kernel: kernel.fillUniform, rest: [] },
  normal: { array: () => new Float32Array(300), arena: () => arena.f32(300), plain: fillNormal, kernel: kernel.fillNormal, rest: [] },
  dropout: { array: () => new Float32Array(300), arena: () => arena.f32(300), plain: fillDropout, kernel: kernel.fillDropout, rest: [0.3] },
  bernoulli: {
    array: () => new Uint8Array(300),
    arena: () => arena.u8(300),
    plain: fillBernoulli,
    kernel: kernel.fillBernoulli,
    rest: [0.3],
  },
}
describe.each(Object.entries(kinds))('%s', (_name, kind) => {
  type Any = (...args: unknown[]) => void
  const plain = kind.plain as Any
  const inKernel = kind.kernel as unknown as Any

  test('the value at an index depends on the key and the index alone', () => {
    fc.assert(
      fc.property(word, word, fc.nat(250), fc.nat(50), fc.nat(2 ** 31), (k0, k1, at, length, far) => {
        const whole = kind.array()
        plain(whole, [k0, k1], ...kind.rest, far)
        const part = kind.array().subarray(0, length)
        plain(part, [k0, k1], ...kind.rest, far + at)
        expect([...part]).toEqual([...whole.subarray(at, at + length)])
      }),
      { numRuns: 50 },
    )
  })

  test('the kernel gives the same bits, wherever a fill starts, ends and lies', () => {
    fc.assert(
      fc.property(word, word, fc.nat(40), fc.nat(250), fc.nat(2 ** 32 - 300), (k0, k1, at, length, start) => {
        const mark = arena.mark()
        const all = kind.arena().fill(99)
        const got = all.subarray(at, at + length)
        inKernel(arena, got, [k0, k1], ...kind.rest, start)
        const want = kind.array().subarray(0, length)
        plain(want, [k0, k1], ...kind.rest, start)
        expect(Buffer.compare(Buffer.from(got.buffer, got.byteOffset, got.byteLength), Buffer.from(want.buffer, 0, want.byteLength))).toBe(
          0,
        )
        expect(all.subarray(0, at).every(x => x === 99) && all.subarray(at + length).every(x => x === 99)).toBe(true)
        arena.release(mark)
      }),
      { numRuns: 100 },
    )
  })

  test('a stream ends at 2^32', () => {
    const out = kind.array().subarray(0, 2)
    expect(() => plain(out, [0, 0], ...kind.rest, 2 ** 32 - 2)).not.toThrow()
    for (const start of [2 ** 32 - 1, -1, 0.5]) {
      expect(() => plain(out, [0, 0], ...kind.rest, start)).toThrow(`a stream has the indices 0 to 2^32 − 1; asked for 2 from ${start}`)
    }
  })
})

describe('the distributions (bounds at 4 σ or so; the keys are fixed)', () => {
  const N = 1 << 20
  const chi2Bound = (n: number) => n * (1 - 2 / (9 * n) + 3.719 * Math.sqrt(2 / (9 * n))) ** 3
  const chi2 = (counts: Float64Array, expected: (cell: number) => number) =>
    counts.reduce((s, c, i) => s + (c - expected(i)) ** 2 / expected(i), 0)
  const mean = (x: ArrayLike<number>, of: (v: number) => number) => {
    let sum = 0
    for (let i = 0; i < x.length; i++) sum += of(x[i]!)
    return sum / x.length
  }
  const f32 = arena.f32(N)
  const i32 = arena.i32(N)
  const u8 = arena.u8(N)

  test('every bit is fair, and bytes and pairs of neighbours are even', () => {
    kernel.fillBits(arena, i32, [11, 12])
    for (let bit = 0; bit < 32; bit++) expect(Math.abs(mean(i32, v => (v >>> bit) & 1) - 0.5) * 2 * Math.sqrt(N)).toBeLessThan(5)
    const bytes = new Float64Array(256)
    for (const b of new Uint8Array(i32.buffer, i32.byteOffset, i32.byteLength)) bytes[b]!++
    expect(chi2(bytes, () => (4 * N) / 256)).toBeLessThan(chi2Bound(255))
    // Neighbours in the stream, words of one block, and blocks of one lane.
    for (const lag of [1, 4, 16]) {
      const pairs = new Float64Array(4096)
      for (let i = 0; i + lag < N; i += 2 * lag)
        for (let k = i; k < i + lag && k + lag < N; k++) pairs[((i32[k]! >>> 26) << 6) | (i32[k + lag]! >>> 26)]!++
      const total = pairs.reduce((a, b) => a + b)
      expect(chi2(pairs, () => total / 4096)).toBeLessThan(chi2Bound(4095))
    }
  })

  test('uniform: in [0, 1), moments, Kolmogorov–Smirnov', () => {
    kernel.fillUniform(arena, f32, [13, 14])
    expect(f32.every(u => u >= 0 && u < 1)).toBe(true)
    expect(Math.abs(mean(f32, u => u) - 0.5) * Math.sqrt(12 * N)).toBeLessThan(4)
    expect(Math.abs(mean(f32, u => (u - 0.5) ** 2) - 1 / 12) * Math.sqrt(180 * N)).toBeLessThan(4)
    expect(kolmogorov(f32, u => u)).toBeLessThan(2.2)
  })

  test('normal: moments to the sixth, tails, independence of a pair, Kolmogorov–Smirnov', () => {
    kernel.fillNormal(arena, f32, [15, 16])
    const root = Math.sqrt(N)
    expect(Math.abs(mean(f32, x => x)) * root).toBeLessThan(4)
    expect(Math.abs(mean(f32, x => x * x) - 1) * root).toBeLessThan(4 * Math.sqrt(2))
    expect(Math.abs(mean(f32, x => x ** 3)) * root).toBeLessThan(4 * Math.sqrt(15))
    expect(Math.abs(mean(f32, x => x ** 4) - 3) * root).toBeLessThan(4 * Math.sqrt(96))
    expect(Math.abs(mean(f32, x => x ** 6) - 15) * root).toBeLessThan(4 * Math.sqrt(10170))
    const beyond = f32.reduce((n, x) => n + (Math.abs(x) > 4 ? 1 : 0), 0)
    expect(Math.abs(beyond - N * 6.334e-5) / Math.sqrt(N * 6.334e-5)).toBeLessThan(4)
    // The cosine and the sine of one angle lie four apart: neither they nor their squares are correlated.
    const [both, squares] = [0, 1].map(power => {
      let sum = 0
      for (let i = 0; i < N; i += 8)
        for (let k = i; k < i + 4; k++) sum += power ? (f32[k]! ** 2 - 1) * (f32[k + 4]! ** 2 - 1) : f32[k]! * f32[k + 4]!
      return Math.abs(sum) / Math.sqrt(N / 2)
    })
    expect(both).toBeLessThan(4)
    expect(squares).toBeLessThan(8)
    expect(kolmogorov(f32, normalCdf)).toBeLessThan(2.2)
  })

  test.each([0, 0.1, 0.25, 0.5, 0.9, 1])('dropout of rate %s: its values, its share, its lags', rate => {
    kernel.fillDropout(arena, f32, [17, 18], rate)
    const kept = rate === 1 ? 0 : Math.fround(1 / (1 - rate))
    expect(f32.every(m => m === 0 || m === kept)).toBe(true)
    const share = mean(f32, m => (m === 0 ? 1 : 0))
    if (rate === 0 || rate === 1) return expect(share).toBe(rate)
    const sd = Math.sqrt(rate * (1 - rate))
    expect(Math.abs(share - rate) * (Math.sqrt(N) / sd)).toBeLessThan(4)
    for (const lag of [1, 4, 8, 32]) {
      let sum = 0
      for (let i = 0; i + lag < N; i++) sum += ((f32[i] === 0 ? 1 : 0) - rate) * ((f32[i + lag] === 0 ? 1 : 0) - rate)
      expect(Math.abs(sum) / (sd * sd * Math.sqrt(N))).toBeLessThan(4.5)
    }
  })

  test.each([0, 1e-4, 0.3, 0.5, 1])('Bernoulli of probability %s', p => {
    kernel.fillBernoulli(arena, u8, [19, 20], p)
    expect(u8.every(b => b === 0 || b === 1)).toBe(true)
    const share = mean(u8, b => b)
    if (p === 0 || p === 1) expect(share).toBe(p)
    else expect(Math.abs(share - p) * Math.sqrt(N / (p * (1 - p)))).toBeLessThan(4)
  })

  test('kinds of draw and keys do not follow each other', () => {
    const correlation = (a: ArrayLike<number>, b: ArrayLike<number>) => {
      let sum = 0
      for (let i = 0; i < a.length; i++) sum += (a[i]! - 0.5) * (b[i]! - 0.5)
      return Math.abs(sum) * 12 * (1 / Math.sqrt(a.length))
    }
    const uniform = (k0: number, k1: number) => {
      kernel.fillUniform(arena, f32, [k0, k1])
      return f32.slice()
    }
    const base = uniform(0, 0)
    for (let bit = 0; bit < 32; bit += 3) {
      expect(correlation(base, uniform((1 << bit) >>> 0, 0))).toBeLessThan(4.5)
      expect(correlation(base, uniform(0, (1 << bit) >>> 0))).toBeLessThan(4.5)
    }
    kernel.fillBits(arena, i32, [0, 0])
    expect(
      correlation(
        base,
        Float64Array.from(i32, w => (w >>> 0) / 4294967296),
      ),
    ).toBeLessThan(4.5)
  })
})

test.each([-0.1, 1.1, Number.NaN])('a rate of %s is refused', rate => {
  expect(() => dropoutThreshold(rate)).toThrow(`a dropout rate is from 0 to 1, not ${rate}`)
  expect(() => bernoulliThreshold(rate)).toThrow(`a probability is from 0 to 1, not ${rate}`)
})

/** √n · sup |F_n − F|; 2.2 is passed with probability 1.3e-4. */
function kolmogorov(sample: Float32Array, cdf: (x: number) => number): number {
  const sorted = Float32Array.from(sample).sort()
  let worst = 0
  for (let i = 0; i < sorted.length; i++) {
    const c = cdf(sorted[i]!)
    worst = Math.max(worst, c - i / sorted.length, (i + 1) / sorted.length - c)
  }
  return worst * Math.sqrt(sorted.length)
}

/** By the power series of Φ near 0, its continued fraction beyond 3. */
function normalCdf(x: number): number {
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)
  const z = Math.abs(x)
  if (z > 3) {
    let fraction = 0
    for (let k = 60; k > 0; k--) fraction = k / (z + fraction)
    return x < 0 ? density / (z + fraction) : 1 - density / (z + fraction)
  }
  let term = x
  let sum = x
  for (let k = 3; Math.abs(term) > 1e-17; k += 2) sum += term *= (x * x) / k
  return 0.5 + density * sum
}
