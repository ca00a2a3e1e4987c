/** Reductions of pictures keep their mean, in linear light for colours; what is read over a footprint is the mean of what is there. */
import { beforeAll, describe, expect, test } from 'vitest'
import { random } from '../test/reference/random.ts'
import { Kernel } from './kernel.ts'
import { loadKernel } from './node/index.ts'
import { createTables, srgbDecode } from './tables.ts'

let kernel: Kernel
beforeAll(async () => {
  kernel = await Kernel.instantiate(await loadKernel())
  createTables(kernel)
})

/** The halves of a picture, down to one texel. */
function levels(data: Uint8Array, width: number, height: number, colour: boolean) {
  const out = [{ width, height, data }]
  let at = kernel.put(data, 'a picture')
  for (let last = out[0]!; last.width > 1 || last.height > 1; last = out.at(-1)!) {
    const [w, h] = [Math.max(1, last.width >> 1), Math.max(1, last.height >> 1)]
    const to = kernel.alloc(w * h * 4, 'a level')
    kernel.call.reduce(at, last.width, last.height, to, w, h, colour ? 1 : 0)
    out.push({ width: w, height: h, data: kernel.u8.slice(to, to + w * h * 4) })
    at = to
  }
  return out
}
const mean = (data: Uint8Array, channel: number, decode: (b: number) => number) => {
  let sum = 0
  for (let i = channel; i < data.length; i += 4) sum += decode(data[i]!)
  return (4 * sum) / data.length
}

describe.each([
  [16, 16],
  [13, 7],
  [1, 9],
])('%d × %d', (width, height) => {
  const next = random(width)
  const data = Uint8Array.from({ length: width * height * 4 }, () => Math.floor(256 * next() ** 2))

  test('colours: means of linear light, to the rounding of 8 bits', () => {
    for (const [i, level] of levels(data, width, height, true).entries()) {
      for (let c = 0; c < 3; c++) {
        const wanted = mean(data, c, srgbDecode)
        // Half a step of sRGB a level where they add up; a texel holds one rounding.
        const step =
          srgbDecode(Math.min(255, Math.ceil(255 * wanted ** (1 / 2.4)) + 2)) -
          srgbDecode(Math.max(0, Math.floor(255 * wanted ** (1 / 2.4)) - 2))
        expect(Math.abs(mean(level.data, c, srgbDecode) - wanted), `level ${i}`).toBeLessThan(step / 2)
      }
      expect(Math.abs(mean(level.data, 3, b => b) - mean(data, 3, b => b))).toBeLessThan(1.5)
    }
  })

  test('numbers: means as stored', () => {
    for (const level of levels(data, width, height, false))
      for (let c = 0; c < 4; c++) expect(Math.abs(mean(level.data, c, b => b) - mean(data, c, b => b))).toBeLessThan(1.5)
  })
})

test('black and white make the grey of half the light, not of half the code', () => {
  const data = Uint8Array.from({ length: 16 }, (_, i) => (i % 4 === 3 ? 255 : ((i >> 2) + (i >> 3)) & 1 ? 255 : 0))
  expect([...levels(data, 2, 2, true)[1]!.data]).toEqual([188, 188, 188, 255])
  expect([...levels(data, 2, 2, false)[1]!.data]).toEqual([128, 128, 128, 255])
})
