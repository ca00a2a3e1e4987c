/** Material layers: constants, keyframes, parts, pictures by uv and by box projection, against values read off by hand. */
import { type Image, type Material, materialSchema, type ResolvedScene } from '@dioramic/scene'
import { expect, test } from 'vitest'
import { camera, cube, eachPixel, eye, plus, ray, square, stage, type V } from '../test/kit/oracle.ts'
import type { FrameContext, PixelLabel } from './label.ts'
import { albedo } from './labels/albedo.ts'
import { emission } from './labels/emission.ts'
import { material } from './labels/material.ts'
import { metallic } from './labels/metallic.ts'
import { part } from './labels/part.ts'
import { parts } from './labels/parts.ts'
import { roughness } from './labels/roughness.ts'

const e = eye([0.4, -1.6, 1.5], [0, 0, 0])

/** The scene with other materials (one a part of each object) and pictures. */
function dressed(s: ReturnType<typeof stage>, dress: (r: ResolvedScene) => ResolvedScene): FrameContext {
  return { ...s.context(0), resolved: dress(s.resolved), primary: s.context(0).primary }
}
const make = (m: object): Material => materialSchema.parse(m)
const values = (label: PixelLabel, context: FrameContext) => {
  const { data, channels } = label.compute(context)
  return (p: number) => Array.from({ length: channels }, (_, c) => data[channels * p + c] * label.spec.scale + label.spec.offset)
}

test('constants, keyframes and strength, each on its own part, and zeros at a miss', () => {
  const s = stage({
    cameras: [camera([e])],
    objects: [
      { mesh: cube(), scale: [0.5, 0.5, 0.5] },
      { mesh: square(1), id: 7 },
    ],
  })
  const bright = make({ baseColor: [0.25, 0.5, 0.75], roughness: 0.3, metallic: 1, emission: [1, 2, 3], emissionStrength: 0.5 })
  const fading = make({
    roughness: {
      keys: [
        [-1, 0],
        [1, 1],
      ],
    },
  })
  const context = dressed(s, r => ({
    ...r,
    objects: [
      {
        ...r.objects[0],
        mesh: {
          ...r.objects[0].mesh,
          parts: [
            { firstTriangle: 0, triangles: 6, material: 'shell' },
            { firstTriangle: 6, triangles: 6, material: null },
          ],
        },
        materials: [bright, fading],
      },
      { ...r.objects[1], materials: [fading] },
    ],
  }))
  const [a, r, m, l, ids, numbers] = [albedo, roughness, metallic, emission, part, material].map(x => values(x, context))
  const seen = new Set<string>()
  eachPixel(e, (_i, _j, p) => {
    const { instance, primitive } = context.primary
    const where = instance[p] < 0 ? 'miss' : instance[p] === 1 ? 'square' : primitive[p] < 6 ? 'shell' : 'rest'
    seen.add(where)
    const expected = {
      miss: [[0, 0, 0], 0, 0, [0, 0, 0], 0, 0],
      shell: [[0.25, 0.5, 0.75], 0.3, 1, [0.5, 1, 1.5], 1, 1],
      rest: [[0.8, 0.8, 0.8], 0.5, 0, [0, 0, 0], 2, 2],
      square: [[0.8, 0.8, 0.8], 0.5, 0, [0, 0, 0], 3, 2],
    }[where]
    ;[a, r, m, l, ids, numbers].forEach((read, k) => {
      const want = [expected[k]].flat()
      read(p).forEach((x, c) => {
        expect(Math.abs(x - want[c]), `${where} ${k}`).toBeLessThan(0.51 / 65535)
      })
    })
  })
  expect([...seen].sort()).toEqual(['miss', 'rest', 'shell', 'square'])
  expect(parts.compute(context.resolved, context.motion)).toEqual([
    {
      parts: [
        { id: 1, name: 'shell', material: 1, materialName: 'shell' },
        { id: 2, name: 'part-1', material: 2, materialName: 'default' },
      ],
    },
    { parts: [{ id: 3, name: 'part-0', material: 2, materialName: 'default' }] },
  ])
})

/** 3 × 2 texels; every channel another pattern. */
const picture: Image = {
  width: 3,
  height: 2,
  data: Uint8Array.from([0, 50, 200, 255, 255, 0, 100, 0, 128, 255, 10, 60, 30, 90, 250, 5, 70, 140, 0, 80, 200, 20, 120, 250]),
}
/** The picture as tent functions about texel centres, summed over enough repeats: bilinear interpolation without its case distinctions. */
function tents(u: number, v: number, c: number, srgb: boolean): number {
  const linear = (b: number) => (b / 255 <= 0.04045 ? b / 255 / 12.92 : ((b / 255 + 0.055) / 1.055) ** 2.4)
  let sum = 0
  for (let j = -10; j < 12; j++)
    for (let i = -12; i < 15; i++) {
      const w = Math.max(0, 1 - Math.abs(u * 3 - i - 0.5)) * Math.max(0, 1 - Math.abs((1 - v) * 2 - j - 0.5))
      if (w === 0) continue
      const b = picture.data[4 * ((((j % 2) + 2) % 2) * 3 + (((i % 3) + 3) % 3)) + c]
      sum += w * (srgb && c < 3 ? linear(b) : b / 255)
    }
  return sum
}
const images = new Map([['p', picture]])
const texture = (channel = 'r') => ({ texture: 'p', channel })

test('a picture by uv, scaled, moved, repeated: colours decoded from sRGB, numbers not', () => {
  const s = stage({ cameras: [camera([e])], objects: [{ mesh: square(2) }] })
  const own = make({
    baseColor: texture(),
    roughness: texture('g'),
    metallic: texture('a'),
    emission: texture(),
    emissionStrength: 3,
    mapping: { type: 'uv', scale: [2.5, -1.5], offset: [0.3, 0.2] },
  })
  const context = dressed(s, r => ({ ...r, images, objects: [{ ...r.objects[0], materials: [own] }] }))
  const [a, r, m, l] = [albedo, roughness, metallic, emission].map(x => values(x, context))
  let seen = 0
  eachPixel(e, (i, j, p) => {
    if (context.primary.instance[p] < 0) return
    seen++
    const w = ray(e, i + 0.5, j + 0.5)
    const [x, y] = plus(e.at, w, -e.at[2] / w[2])
    const [u, v] = [(x / 2 + 0.5) * 2.5 + 0.3, (y / 2 + 0.5) * -1.5 + 0.2]
    for (let c = 0; c < 3; c++) {
      expect(Math.abs(a(p)[c] - tents(u, v, c, true))).toBeLessThan(1e-5)
      expect(Math.abs(l(p)[c] - 3 * tents(u, v, c, true))).toBeLessThan(1e-5)
    }
    expect(Math.abs(r(p)[0] - tents(u, v, 1, false))).toBeLessThan(1e-5)
    expect(Math.abs(m(p)[0] - tents(u, v, 3, false))).toBeLessThan(1e-5)
  })
  expect(seen).toBeGreaterThan(1000)
})

test('a picture by box projection: the two other axes on every face of a stretched cube', () => {
  const scale: V = [0.8, 0.6, 0.5]
  const e = eye([1.3, -1.6, 1.5], [0, 0, 0])
  const s = stage({ cameras: [camera([e])], objects: [{ mesh: cube(), scale }] })
  const context = dressed(s, r => ({
    ...r,
    images,
    objects: [{ ...r.objects[0], materials: [make({ baseColor: texture(), mapping: { type: 'box', size: 0.4 } })] }],
  }))
  const a = values(albedo, context)
  const faces = new Set<number>()
  eachPixel(e, (i, j, p) => {
    if (context.primary.instance[p] < 0) return
    const at = plus(e.at, ray(e, i + 0.5, j + 0.5), context.primary.t[p]).map(x => x / 0.4)
    const off = at.map((x, k) => Math.abs(Math.abs(x * 0.4) - scale[k] / 2))
    const face = off.indexOf(Math.min(...off))
    faces.add(face)
    const [u, v] = [
      [at[1], at[2]],
      [at[0], at[2]],
      [at[0], at[1]],
    ][face]
    for (let c = 0; c < 3; c++) expect(Math.abs(a(p)[c] - tents(u, v, c, true))).toBeLessThan(1e-5)
  })
  expect(faces.size).toBe(3)
})
