import { describe, expect, test } from 'vitest'
import type { HdrImage } from '../mesh.ts'
import { uvToDirection } from './direction.ts'
import { EMBEDDED_HDRIS, embeddedHdrisOf, hdrFromExr, loadEmbeddedAssets, loadEmbeddedHdri } from './embedded.ts'
import { removeNegativeLobes, restoreLostChannels } from './mend.ts'

/** Mean RGB of the upper and of the lower half. */
function halves({ data }: HdrImage): [number[], number[]] {
  const half = (from: number) =>
    [0, 1, 2].map(c => {
      let sum = 0
      for (let k = from + c; k < from + data.length / 2; k += 3) sum += Math.min(data[k]!, 4)
      return sum
    })
  return [half(0), half(data.length / 2)]
}

describe.each(EMBEDDED_HDRIS)('%s', name => {
  test('decodes to a finite lat-long picture with light in it', async () => {
    const { width, height, data } = await loadEmbeddedHdri(name)
    expect(width).toBe(2 * height)
    expect(data.length).toBe(width * height * 3)
    expect(data.every(x => x >= 0 && x <= 65504)).toBe(true)
    expect(data.reduce((a, b) => a + b, 0) / data.length).toBeGreaterThan(0.01)
  })
})

test('up is up: the sky of the park is blue and above, its grass green and below', async () => {
  const [above, below] = halves(await loadEmbeddedHdri('park'))
  expect(above[2]!).toBeGreaterThan(above[0]!)
  expect(below[1]!).toBeGreaterThan(below[2]!)
  expect(above[2]!).toBeGreaterThan(below[2]! * 2)
})

test('the sun of park and sunrise is not blue, and stands above the horizon', async () => {
  for (const name of ['park', 'sunrise']) {
    const { width, height, data } = await loadEmbeddedHdri(name)
    let best = 0
    for (let k = 0; k < data.length; k += 3) if (data[k + 1]! > data[best + 1]!) best = k
    expect(data[best]!).toBeGreaterThan(data[best + 2]!)
    const p = best / 3
    expect(uvToDirection(((p % width) + 0.5) / width, (Math.floor(p / width) + 0.5) / height)[2]).toBeGreaterThan(0)
  }
})

test('assets hold the pictures asked for', async () => {
  const assets = await loadEmbeddedAssets(['workshop', 'workshop', 'sky'])
  expect([...assets.hdris.keys()]).toEqual(['workshop', 'sky'])
})

test('an unknown name is refused with a guess', async () => {
  await expect(loadEmbeddedHdri('workshp')).rejects.toThrow('did you mean "workshop"?')
  await expect(loadEmbeddedHdri('toString')).rejects.toThrow('no embedded HDR environment')
})

test('an environment tells which embedded pictures it needs', () => {
  const hdri = (asset: string) => ({ type: 'hdri' as const, asset })
  expect(embeddedHdrisOf({ light: hdri('city'), background: hdri('city'), strength: 1, rotation: 0 })).toEqual(['city'])
  expect(embeddedHdrisOf({ light: hdri('city'), background: hdri('my-own'), strength: 1, rotation: 0 })).toEqual(['city'])
  expect(embeddedHdrisOf(undefined)).toEqual([])
})

test('negative lobes are filled from around, and the light of the window stays', () => {
  const width = 16
  const height = 8
  const data = new Float32Array(width * height * 3).fill(1)
  const at = (i: number, j: number) => (j * width + i) * 3
  data[at(0, 4)] = 1000
  for (const [i, j] of [
    [1, 4],
    [15, 4],
    [0, 3],
    [0, 5],
  ] as const)
    data[at(i, j)] = -50
  const sum = () => data.reduce((a, b) => a + b, 0)
  const before = sum()
  removeNegativeLobes(data, width, height)
  expect(Math.abs(sum() - before)).toBeLessThan(0.01)
  expect(data.every(x => x >= 0)).toBe(true)
  expect(data[at(1, 4)]).toBe(1)
  expect(data[at(0, 4)]).toBeGreaterThan(700)
})

test('lost red and green come back in the ratio of the glare; an honest blue light stays', () => {
  const data = new Float32Array(8 * 4 * 3)
  for (let p = 0; p < data.length; p += 3) data.set([20, 15, 10], p)
  data.set([0, 0, 800], (1 * 8 + 3) * 3)
  restoreLostChannels(data, 8, 4)
  expect([...data.slice((1 * 8 + 3) * 3, (1 * 8 + 3) * 3 + 3)]).toEqual([1600, 1200, 800])
  const blue = Float32Array.of(0.2, 0.5, 50, 1, 1, 1)
  restoreLostChannels(blue, 2, 1)
  expect([...blue.slice(0, 2)]).toEqual([Math.fround(0.2), 0.5])
})

test('a picture without colour channels is refused; Y alone is grey', () => {
  const channel = (name: string) => ({ name, type: 'half' as const, data: Float32Array.of(0.5, Number.NaN, Number.POSITIVE_INFINITY, 2) })
  expect(() => hdrFromExr({ width: 2, height: 2, channels: [channel('Z')] }, 'x')).toThrow('"x" has no channel R; it has: Z')
  const grey = hdrFromExr({ width: 2, height: 2, channels: [channel('Y')] }, 'x')
  expect([...grey.data.slice(0, 6)]).toEqual([0.5, 0.5, 0.5, 0, 0, 0])
  expect(grey.data[6]).toBe(65504)
})
