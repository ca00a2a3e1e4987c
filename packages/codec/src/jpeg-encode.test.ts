import { expect, test } from 'vitest'
import { decodeJpeg } from './jpeg.ts'
import { encodeJpeg } from './jpeg-encode.ts'
import { quantisation, ZIGZAG } from './jpeg-tables.ts'

const picture = (width: number, height: number, at: (x: number, y: number) => readonly number[]) => ({
  width,
  height,
  data: Uint8Array.from(Array.from({ length: width * height }, (_, i) => at(i % width, Math.floor(i / width))).flat()),
})
const worst = (a: Uint8Array, rgba: Uint8Array) =>
  a.reduce((w, x, i) => Math.max(w, Math.abs(x - rgba[Math.floor(i / 3) * 4 + (i % 3)]!)), 0)

test('a smooth picture of any size comes back nearly', () => {
  for (const [w, h] of [
    [1, 1],
    [16, 16],
    [17, 5],
    [33, 40],
    [8, 31],
  ] as const) {
    const p = picture(w, h, (x, y) => [40 + 3 * x, 200 - 4 * y, 90 + x + y])
    const back = decodeJpeg(encodeJpeg(p, 95))
    expect([back.width, back.height]).toEqual([w, h])
    expect(worst(p.data, back.data), `${w}×${h}`).toBeLessThanOrEqual(8)
  }
})

test('a grey is off by half a step of the first coefficient, an eighth of it a pixel, at most', () => {
  for (const quality of [5, 30, 75, 95, 100]) {
    const step = quantisation(quality)[0][0]!
    for (let v = 0; v < 256; v += 15) {
      const p = picture(16, 16, () => [v, v, v])
      expect(worst(p.data, decodeJpeg(encodeJpeg(p, quality)).data), `quality ${quality}, grey ${v}`).toBeLessThanOrEqual(step / 16 + 1)
    }
  }
})

test('a cosine of the block has one coefficient beside the mean, so it comes back as the steps allow', () => {
  const p = picture(8, 8, x => Array.from({ length: 3 }, () => Math.round(128 + 100 * Math.cos(((2 * x + 1) * 3 * Math.PI) / 16))))
  expect(worst(p.data, decodeJpeg(encodeJpeg(p, 100)).data)).toBeLessThanOrEqual(2)
})

test('lower quality is smaller and worse', () => {
  let seed = 1
  const noise = () => (seed = (seed * 48271) % 2147483647) % 256
  const p = picture(64, 64, () => [noise(), noise(), noise()])
  const files = [10, 40, 70, 95].map(q => encodeJpeg(p, q))
  const error = files.map(f =>
    decodeJpeg(f).data.reduce((s, x, i) => (i % 4 === 3 ? s : s + (x - p.data[Math.floor(i / 4) * 3 + (i % 4)]!) ** 2), 0),
  )
  for (let i = 1; i < files.length; i++) {
    expect(files[i]!.length).toBeGreaterThan(files[i - 1]!.length)
    expect(error[i]!).toBeLessThan(error[i - 1]!)
  }
})

test('the zigzag visits every place once, along the diagonals', () => {
  expect([...ZIGZAG].slice(0, 6)).toEqual([0, 1, 8, 16, 9, 2])
  expect(new Set(ZIGZAG).size).toBe(64)
  expect(ZIGZAG[63]).toBe(63)
})

test('what cannot be is refused in words', () => {
  expect(() => encodeJpeg({ width: 2, height: 2, data: new Uint8Array(4) }, 80)).toThrow('2×2 pixels are 12 bytes of RGB, not 4')
  expect(() => encodeJpeg({ width: 0, height: 2, data: new Uint8Array(0) }, 80)).toThrow('1 to 65535')
  expect(() => encodeJpeg({ width: 1, height: 1, data: new Uint8Array(3) }, 0)).toThrow('no integer from 1 to 100')
})
