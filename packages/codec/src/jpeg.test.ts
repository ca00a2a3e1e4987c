import { encode } from 'jpeg-js'
import { expect, test } from 'vitest'
import { decodeJpeg } from './jpeg.ts'
import { survives } from './survives.test-kit.ts'

const width = 24
const height = 16
const data = new Uint8Array(width * height * 4)
for (let i = 0; i < width * height; i++) data.set([(i % width) * 10, Math.floor(i / width) * 15, 90, 255], i * 4)
const jpeg = new Uint8Array(encode({ width, height, data }, 95).data)

test('a smooth picture comes back nearly', () => {
  const picture = decodeJpeg(jpeg)
  expect([picture.width, picture.height, picture.data.length]).toEqual([width, height, data.length])
  let worst = 0
  for (let i = 0; i < data.length; i++) worst = Math.max(worst, Math.abs(picture.data[i]! - data[i]!))
  expect(worst).toBeLessThan(12)
})

test('bad input is refused in words', () => {
  expect(() => decodeJpeg(Uint8Array.of(0x89, 0x50, 0x4e, 0x47))).toThrow('not a JPEG')
  const arithmetic = jpeg.slice()
  const frame = arithmetic.findIndex((b, i) => b === 0xff && arithmetic[i + 1] === 0xc0)
  arithmetic[frame + 1] = 0xc9
  expect(() => decodeJpeg(arithmetic)).toThrow('lossless or arithmetic-coded JPEG is not read')
  const giant = jpeg.slice()
  giant.set([0xff, 0xff, 0xff, 0xff], frame + 5)
  expect(() => decodeJpeg(giant)).toThrow(/65535×65535 pixels cannot be in \d+ bytes/)
})

test('no corruption escapes as another error', () => {
  survives(jpeg, decodeJpeg)
})
