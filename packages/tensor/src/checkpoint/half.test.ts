import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bf16FromF32, f16FromF32, f32FromBf16, f32FromF16 } from './half.ts'

const all = Uint16Array.from({ length: 65536 }, (_, i) => i)
const bits = (a: Float32Array) => new Uint32Array(a.buffer)

test('every f16 has the value that DataView gives it, and comes back', () => {
  const wide = new Float32Array(65536)
  f32FromF16(all, wide)
  const view = new DataView(all.buffer) as DataView & { getFloat16(at: number, little: boolean): number }
  for (let i = 0; i < 65536; i++) if (!Object.is(wide[i], view.getFloat16(2 * i, true))) expect.unreachable(`f16 ${i}: ${wide[i]}`)
  const back = new Uint16Array(65536)
  f16FromF32(wide, back)
  const differing = [...all].filter(h => back[h] !== h)
  // Signalling NaNs become quiet.
  expect(differing.every(h => (h & 0x7c00) === 0x7c00 && (h & 0x3ff) !== 0 && (back[h]! & 0x3ff) !== 0)).toBe(true)
})

test('every bf16 comes back', () => {
  const wide = new Float32Array(65536)
  f32FromBf16(all, wide)
  expect([...bits(wide)].every((b, i) => b === i * 65536)).toBe(true)
  const back = new Uint16Array(65536)
  bf16FromF32(wide, back)
  expect([...all].filter(h => back[h] !== h).every(h => (h & 0x7f80) === 0x7f80 && back[h] === (h | 0x40))).toBe(true)
})

test('f16 rounds as DataView does: to nearest, ties to even', () => {
  const rounded = (x: number) => {
    const out = new Uint16Array(1)
    f16FromF32(Float32Array.of(x), out)
    return out[0]!
  }
  const expected = (x: number) => {
    const view = new DataView(new ArrayBuffer(2)) as DataView & { setFloat16(at: number, v: number, little: boolean): void }
    view.setFloat16(0, x, true)
    return view.getUint16(0, true)
  }
  // Every tie between two neighbouring halves, and the next f32 to both sides of it.
  const wide = new Float32Array(31744)
  f32FromF16(all.subarray(0, 31744), wide)
  for (let h = 0; h + 1 < 31744; h++) {
    const tie = Float32Array.of((wide[h]! + wide[h + 1]!) / 2, 0, 0)
    bits(tie)[1] = bits(tie)[0]! + 1
    bits(tie)[2] = bits(tie)[0]! - 1
    for (const x of tie) if (rounded(x) !== expected(x) || rounded(-x) !== expected(-x)) expect.unreachable(`${x}`)
  }
  expect([65504, 65519.996, 65520, 1e30, 2 ** -25, -0].map(rounded)).toEqual([65504, 65519.996, 65520, 1e30, 2 ** -25, -0].map(expected))
  expect(rounded(Number.NaN) & 0x7e00).toBe(0x7e00)
})

test('bf16 is the nearest, and even where there are two', () => {
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), x => {
      const h = new Uint16Array(3)
      bf16FromF32(Float32Array.of(x), h)
      h[1] = h[0]! - 1
      h[2] = h[0]! + 1
      const near = new Float32Array(3)
      f32FromBf16(h, near)
      if (!Number.isFinite(near[0]!)) {
        expect(Math.abs(x)).toBeGreaterThan(3.38e38)
        return
      }
      const distance = Math.abs(x - near[0]!)
      for (const k of [1, 2]) {
        if (!Number.isFinite(near[k]!) || Math.sign(near[k]!) !== Math.sign(near[0]!)) continue
        expect(Math.abs(x - near[k]!)).toBeGreaterThanOrEqual(distance)
        if (Math.abs(x - near[k]!) === distance) expect(h[0]! & 1).toBe(0)
      }
    }),
    { numRuns: 2000 },
  )
})
