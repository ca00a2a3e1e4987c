import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { noise, survives } from '../survives.test-kit.ts'
import { inverseDct, ZIGZAG } from './dct.ts'
import { decodeExr } from './decode.ts'
import { linearTable } from './dwa-linear.ts'
import { encodeExr } from './encode.ts'
import type { ExrChannel } from './picture.ts'

test('half, float and uint channels come back, sorted by name', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 40 }), fc.nat(), (width, height, seed) => {
      const next = noise(seed)
      const fill = <T extends Float32Array | Uint32Array>(data: T, f: () => number) => data.map(f) as T
      const channels: ExrChannel[] = [
        { name: 'Z', type: 'float', data: fill(new Float32Array(width * height), () => (next() - 0.5) * 1e20) },
        { name: 'id', type: 'uint', data: fill(new Uint32Array(width * height), () => next() * 4294967296) },
        { name: 'R', type: 'half', data: fill(new Float32Array(width * height), () => Math.round(next() * 2048) / 64) },
      ]
      expect(decodeExr(encodeExr({ width, height, channels }))).toEqual({
        width,
        height,
        channels: [channels[2], channels[0], channels[1]],
      })
    }),
  )
})

test('the inverse transform is the sum of cosines', () => {
  const next = noise(1)
  const block = new Float64Array(64).map(() => next() - 0.5)
  const weight = (k: number) => (k === 0 ? Math.sqrt(1 / 8) : 0.5)
  const wanted = block.map((_, i) => {
    let sum = 0
    for (let v = 0; v < 8; v++)
      for (let u = 0; u < 8; u++)
        sum +=
          weight(u) *
          weight(v) *
          block[v * 8 + u]! *
          Math.cos((((i & 7) * 2 + 1) * u * Math.PI) / 16) *
          Math.cos((((i >> 3) * 2 + 1) * v * Math.PI) / 16)
    return sum
  })
  inverseDct(block)
  for (let i = 0; i < 64; i++) expect(block[i]).toBeCloseTo(wanted[i]!, 12)
  expect([...ZIGZAG.slice(0, 10)]).toEqual([0, 1, 8, 16, 9, 2, 3, 10, 17, 24])
})

test('the perceptual table is the powers it stands for', () => {
  const table = linearTable()
  const value = (bits: number) => new Float16Array(Uint16Array.of(bits).buffer)[0]!
  for (let bits = 1; bits < 0x7c00; bits += 7) {
    const x = value(bits)
    const wanted = Float16Array.of(x <= 1 ? x ** 2.2 : Math.exp(2.2 * (x - 1)))[0]!
    expect(value(table[bits]!)).toBe(wanted)
    expect(value(table[bits | 0x8000]!)).toBe(-wanted)
  }
})

const folder = new URL('../../../../node_modules/@pmndrs/assets/hdri/', import.meta.url)
const hdris = readdirSync(folder).filter(f => f.endsWith('.exr.js'))

test('every environment picture of the assets package decodes to finite light (DWAB)', async () => {
  expect(hdris.length).toBeGreaterThan(10)
  for (const file of hdris) {
    const url = (await import(new URL(file, folder).href)).default as string
    const image = decodeExr(Uint8Array.from(Buffer.from(url.slice(url.indexOf(',') + 1), 'base64')))
    expect([image.width, image.height, image.channels.map(c => c.name).join('')]).toEqual([512, 256, 'BGR'])
    for (const { data } of image.channels) {
      let [light, dark] = [0, 0]
      for (const v of data) v < 0 ? (dark -= v) : (light += v)
      // The mean light of a room or a sky, and only the ringing below zero that the compression makes (15 % of blue at most; OpenEXR gives the same).
      expect(light / data.length).toBeGreaterThan(0.003)
      expect(light).toBeLessThan(Number.POSITIVE_INFINITY)
      expect(dark / light).toBeLessThan(0.2)
    }
  }
})

test('what is not read is named', () => {
  const good = encodeExr({ width: 2, height: 2, channels: [{ name: 'R', type: 'half', data: new Float32Array(4) }] })
  const with_ = (at: number, value: number) => {
    const bytes = good.slice()
    bytes[at] = value
    return bytes
  }
  expect(() => decodeExr(with_(0, 0))).toThrow('not an OpenEXR file')
  expect(() => decodeExr(with_(5, 2))).toThrow('an EXR file with tiles is not read')
  const compression = String.fromCharCode(...good).indexOf('compression\0compression\0') + 28
  expect(() => decodeExr(with_(compression, 6))).toThrow('the compression B44 is not read (at header). Export it with ZIP or PIZ')
  expect(() => encodeExr({ width: 1, height: 1, channels: [] })).toThrow('an EXR needs a channel')
})

test('no corruption escapes as another error', () => {
  const next = noise(2)
  const data = new Float32Array(64 * 20).map(() => Math.round(next() * 30))
  survives(encodeExr({ width: 64, height: 20, channels: [{ name: 'R', type: 'half', data }] }), decodeExr)
  const text = readFileSync(new URL('apartment.exr.js', folder), 'utf8')
  survives(Uint8Array.from(Buffer.from(text.slice(text.indexOf(',') + 1, text.lastIndexOf("'")), 'base64')), decodeExr, 60)
})
