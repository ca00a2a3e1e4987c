import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { Key } from '../key.ts'
import { generateTexture, type ProceduralTexture, TEXTURE_GENERATORS } from './generate.ts'
import { Cells, Lattice, wave } from './noise.ts'
import { GENERATORS } from './registry.ts'
import { decode, encode } from './srgb.ts'

const texture = (generator: string, parameters: ProceduralTexture['parameters'] = {}, size = 64, seed = 0): ProceduralTexture => ({
  type: 'procedural',
  generator,
  seed,
  size,
  parameters,
})

/** FNV-1a. */
function hash(data: Uint8Array): string {
  let h = 0x811c9dc5
  for (const b of data) h = Math.imul(h ^ b, 0x01000193)
  return (h >>> 0).toString(16).padStart(8, '0')
}

/** Mean absolute step between two columns (or rows) of a picture. */
function step(image: { width: number; height: number; data: Uint8Array }, a: number, b: number, columns: boolean): number {
  let sum = 0
  for (let k = 0; k < image.width; k++) {
    for (let c = 0; c < 3; c++) {
      const p = columns ? k * image.width + a : a * image.width + k
      const q = columns ? k * image.width + b : b * image.width + k
      sum += Math.abs(image.data[4 * p + c]! - image.data[4 * q + c]!)
    }
  }
  return sum / image.width / 3
}

const SEEDLESS = ['checker', 'dots', 'gradient', 'stripes']

describe.each(TEXTURE_GENERATORS)('%s', name => {
  const image = generateTexture(texture(name, {}, 128))

  test('is an opaque picture with something in it', () => {
    expect(image.width).toBe(128)
    expect(image.data.length).toBe(128 * 128 * 4)
    for (let k = 3; k < image.data.length; k += 4) if (image.data[k] !== 255) throw new Error(`alpha ${image.data[k]} at ${k}`)
    expect(new Set(image.data).size).toBeGreaterThan(3)
  })

  test('tiles: the step across the edge is no larger than steps inside', () => {
    for (const columns of [true, false]) {
      const inside = Array.from({ length: 127 }, (_, i) => step(image, i, i + 1, columns))
      expect(step(image, 127, 0, columns)).toBeLessThanOrEqual(Math.max(...inside) * 1.05 + 0.5)
    }
  })

  test('the maps belong together and normals are unit vectors that face out', () => {
    const normal = generateTexture(texture(name, { output: 'normal' }, 64)).data
    for (let k = 0; k < normal.length; k += 4) {
      const [x, y, z] = [0, 1, 2].map(c => (normal[k + c]! / 255) * 2 - 1) as [number, number, number]
      expect(Math.abs(Math.hypot(x, y, z) - 1)).toBeLessThan(0.02)
      expect(z).toBeGreaterThan(0)
    }
    for (const output of ['roughness', 'height', 'metallic']) {
      const map = generateTexture(texture(name, { output }, 16)).data
      for (let k = 0; k < map.length; k += 4) expect(map[k + 1] === map[k] && map[k + 2] === map[k]).toBe(true)
    }
  })

  test('another seed is another picture, the same seed the same', () => {
    const again = generateTexture(texture(name, {}, 128))
    expect(hash(again.data)).toBe(hash(image.data))
    const other = generateTexture(texture(name, {}, 128, 1))
    expect(hash(other.data) === hash(image.data)).toBe(SEEDLESS.includes(name))
  })

  test('each numeric parameter works at its smallest and its largest', () => {
    const shape = GENERATORS.get(name)!.parameters.shape
    for (const [parameter, type] of Object.entries(shape)) {
      const inner = (type as z.ZodDefault<z.ZodNumber>).unwrap()
      if (!(inner instanceof z.ZodNumber)) continue
      for (const value of [inner.minValue!, inner.maxValue!]) {
        const { data } = generateTexture(texture(name, { [parameter]: value, output: parameter === 'relief' ? 'normal' : 'color' }, 8))
        expect(data.length).toBe(256)
      }
    }
    for (const size of [1, 3]) expect(generateTexture(texture(name, { output: 'normal' }, size)).data.length).toBe(size * size * 4)
  })
})

test('a normal map slopes the way its heights do: +X right, +Y up', () => {
  const height = generateTexture(texture('noise', { output: 'height', scale: 2, octaves: 1 }, 64)).data
  const normal = generateTexture(texture('noise', { output: 'normal', scale: 2, octaves: 1 }, 64)).data
  let agreeX = 0
  let agreeY = 0
  let counted = 0
  for (let j = 1; j < 63; j++) {
    for (let i = 1; i < 63; i++) {
      const k = (j * 64 + i) * 4
      const right = height[k + 4]! - height[k - 4]!
      const up = height[k - 256]! - height[k + 256]!
      if (Math.abs(right) < 4 || Math.abs(up) < 4) continue
      counted++
      // Uphill to the right means the normal leans left.
      if (right > 0 === normal[k]! < 128) agreeX++
      if (up > 0 === normal[k + 1]! < 128) agreeY++
    }
  }
  expect(counted).toBeGreaterThan(300)
  expect(agreeX).toBe(counted)
  expect(agreeY).toBe(counted)
})

test('colour parameters are linear and reach the picture sRGB encoded', () => {
  const { data } = generateTexture(texture('checker', { a: [0.18, 0.5, 1], b: [0, 0, 0], count: 2 }, 2))
  expect([...data.slice(0, 8)]).toEqual([118, 188, 255, 255, 0, 0, 0, 255])
})

test('a ramp has its stops where they were put, linear light in, sRGB out', () => {
  const stops = { positions: [0, 0.5, 1], colors: [0, 0, 0, 0.18, 0.5, 1, 1, 1, 1] }
  const row = (parameters: ProceduralTexture['parameters']) =>
    generateTexture(texture('gradient', { run: 'once', ...stops, ...parameters }, 4)).data
  // Texel centres at 1/8, 3/8, 5/8, 7/8: a quarter and three quarters of the way between encoded stops (0, 118, 255 for 0, 0.18, 1).
  expect([...row({})].filter((_, i) => i % 4 === 0).slice(0, 4)).toEqual([29, 88, 152, 221])
  expect([...row({ interpolation: 'step' })].filter((_, i) => i % 4 === 0).slice(0, 4)).toEqual([0, 0, 118, 118])
  const mirrored = generateTexture(texture('gradient', stops, 8)).data
  for (let i = 0; i < 4; i++) expect(mirrored[4 * i]).toBe(mirrored[4 * (7 - i)])
  expect(() => generateTexture(texture('ramp', { positions: [0, 1], colors: [0, 0, 0] }))).toThrow(
    'a ramp of 2 positions needs 6 numbers in colors',
  )
})

describe('says what is wrong', () => {
  test.each([
    ['mrable', {}, 'unknown texture generator "mrable"; did you mean "marble"?'],
    ['constructor', {}, 'unknown texture generator "constructor"'],
    ['marble', { vien: 1 }, 'texture generator "marble" has no parameter "vien"; did you mean "vein"?'],
    ['marble', { veins: 2 }, 'parameters of texture generator "marble"'],
    ['marble', { base: [1, 1] }, 'at base'],
    ['fabric', { pattern: 'knit' }, 'pattern'],
    ['marble', { output: 'colour' }, 'output'],
    ['brick', { rows: 2.5 }, 'at rows'],
  ] as const)('%s %o', (name, parameters, message) => {
    expect(() => generateTexture(texture(name, parameters as unknown as ProceduralTexture['parameters']))).toThrow(message)
  })
})

describe('noise', () => {
  const lattice = new Lattice(Key.fromSeed(3))

  test('gradient noise repeats after its period, is 0 on the lattice and stays near −1 … 1', () => {
    let extreme = 0
    for (let i = 0; i < 5000; i++) {
      const x = (i * 0.7548776662466927) % 9
      const y = (i * 0.5698402909980532) % 5
      const v = lattice.gradient(x, y, 9, 5)
      expect(lattice.gradient(x + 9, y - 5, 9, 5)).toBeCloseTo(v, 9)
      extreme = Math.max(extreme, Math.abs(v))
    }
    expect(lattice.gradient(3, 4, 9, 5)).toBe(0)
    expect(extreme).toBeGreaterThan(0.6)
    expect(extreme).toBeLessThan(1.1)
  })

  test('cells find the nearest point: brute force over the points agrees', () => {
    const cells = new Cells(Key.fromSeed(4), 7, 5, 0.8)
    // Points are found again by descending from every cell to where f1 is 0: the query plus its offset.
    const points: [number, number, number][] = []
    for (let j = 0; j < 5; j++) {
      for (let i = 0; i < 7; i++) {
        cells.find((i + 0.5) / 7, (j + 0.5) / 5)
        points.push([i + 0.5 + cells.dx, j + 0.5 + cells.dy, cells.id])
      }
    }
    for (let i = 0; i < 2000; i++) {
      const u = (i * 0.7548776662466927) % 1
      const v = (i * 0.5698402909980532) % 1
      cells.find(u, v)
      let best = Number.POSITIVE_INFINITY
      for (const [x, y] of points)
        for (const a of [-7, 0, 7]) for (const b of [-5, 0, 5]) best = Math.min(best, Math.hypot(x + a - u * 7, y + b - v * 5))
      expect(cells.f1).toBeCloseTo(best, 9)
      expect(cells.f2).toBeGreaterThanOrEqual(cells.f1)
      expect(Math.hypot(cells.dx, cells.dy)).toBeCloseTo(cells.f1, 9)
    }
  })

  test('wave has period 1, zeros at 0 and ½, crests at ¼ and ¾', () => {
    expect([0, 0.25, 0.5, 0.75, 1, 1.25, -0.75].map(wave).map(x => x + 0)).toEqual([0, 1, 0, -1, 0, 1, 1])
  })
})

test('sRGB encoding and decoding undo each other and match the standard', () => {
  for (let i = 0; i <= 255; i++) expect(encode(decode(i / 255))).toBeCloseTo(i / 255, 7)
  expect(encode(0.18)).toBeCloseTo(0.46135612950044164, 12)
})

test('the same bytes as ever', () => {
  expect(TEXTURE_GENERATORS.map(name => `${name} ${hash(generateTexture(texture(name, {}, 64, 5)).data)}`)).toMatchInlineSnapshot(`
    [
      "asphalt 38709f1e",
      "brick fca36039",
      "brushed-metal f2269225",
      "canvas 98e23145",
      "carbon-fibre dd58c694",
      "checker 7127bdc5",
      "cobblestone 7209c080",
      "concrete 52bf43df",
      "cork 7767c4fe",
      "dots a97d0fc5",
      "fabric 0906c13d",
      "felt fb78d82e",
      "gradient 5e7cafc5",
      "granite 5c1e0d09",
      "grass 62ad65a3",
      "leather cc8e7a43",
      "marble a4666f0a",
      "noise ece8de36",
      "paper b5c7915d",
      "parquet b9fefb74",
      "planks 6814df44",
      "plaster f15f9577",
      "ramp fcff0f2b",
      "rust ec3b168e",
      "sand 1c30f6bd",
      "stripes cd7b8dc5",
      "terrazzo a0eb4e49",
      "tiles d3147195",
      "voronoi af93a647",
      "wood 0d2ec83e",
    ]
  `)
})
