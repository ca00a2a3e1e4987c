/** What props are covered with: materials in drawn colours and prints. */
import type { Key, Vec3 } from '@dioramic/scene'
import { type MaterialDraft, material } from '../builder/material.ts'
import { preset } from '../builder/preset.ts'
import { hsv, randomColor, srgb } from '../toolkit/colors.ts'

/** Texels a side: props fill a fraction of a picture. */
const SIZE = 256

/** A clear display colour, lighter and stronger than `randomColor`. */
export const vivid = (key: Key): Vec3 =>
  srgb(hsv(key.fork('hue').uniform(), key.fork('saturation').uniform(0.6, 0.95), key.fork('value').uniform(0.65, 0.98)))

export const plastic = (key: Key, color: Vec3 = vivid(key.fork('color'))): MaterialDraft =>
  preset(key.fork('gloss').choice(['plastic-glossy', 'plastic-matte'] as const), { color })

export const glaze = (key: Key, color: Vec3 = randomColor(key.fork('color'))): MaterialDraft =>
  key.fork('white').uniform() < 0.25 ? preset('porcelain') : preset('ceramic-glaze', { color })

export const wood = (key: Key): MaterialDraft =>
  preset(key.fork('wood').choice(['oak', 'pine', 'walnut'] as const), { size: SIZE, seed: key.fork('grain').int(0, 99) })

export const metal = (key: Key): MaterialDraft =>
  preset(key.fork('metal').choice(['brass', 'copper', 'aluminium', 'chrome', 'cast-iron', 'titanium', 'gold'] as const))

export const steel = (key: Key): MaterialDraft =>
  preset(key.fork('steel').choice(['aluminium', 'chrome', 'titanium', 'cast-iron'] as const))

export const stone = (key: Key): MaterialDraft =>
  preset(key.fork('stone').choice(['marble', 'granite', 'terrazzo', 'terracotta'] as const), {
    size: SIZE,
    seed: key.fork('pattern').int(0, 99),
  })

export const cloth = (key: Key, color: Vec3 = vivid(key.fork('color'))): MaterialDraft =>
  preset(key.fork('cloth').choice(['felt', 'leather', 'linen'] as const), { size: SIZE, seed: key.fork('weave').int(0, 99), color })

export const paper = (): MaterialDraft => material({ baseColor: [0.82, 0.79, 0.7], roughness: 0.85 }, 'paper')

export const cardboard = (): MaterialDraft => preset('cardboard', { size: SIZE })

export const black = (): MaterialDraft => material({ baseColor: [0.02, 0.02, 0.022], roughness: 0.5 }, 'black')

export const white = (): MaterialDraft => material({ baseColor: [0.8, 0.8, 0.78], roughness: 0.35 }, 'white')

export const paint = (color: Vec3, roughness = 0.4, name = 'paint'): MaterialDraft => material({ baseColor: [...color], roughness }, name)

const PRINTS = ['stripes', 'dots', 'checker', 'voronoi'] as const

/** A printed pattern of two or three colours on the surface's own coordinates, repeated `repeat` times [around, up]. */
export function print(key: Key, repeat: readonly [number, number] = [1, 1], roughness = 0.35): MaterialDraft {
  const generator = key.fork('pattern').choice(PRINTS)
  const [a, b] = [vivid(key.fork('a')), key.fork('light').uniform() < 0.5 ? ([0.8, 0.78, 0.72] as const) : vivid(key.fork('b'))]
  const n = key.fork('count').int(2, 6)
  const parameters = {
    stripes: { ...(key.fork('down').uniform() < 0.5 ? { across: 0, down: n } : { across: 2 * n, down: 0 }), a, b },
    dots: { count: 2 * n, background: b, dot: a, radius: 0.32 },
    checker: { count: 2 * n, a, b },
    voronoi: { cells: 2 * n, a, b, line: [0.05, 0.05, 0.06] },
  }[generator]
  const texture = { type: 'procedural' as const, generator, seed: key.fork('seed').int(0, 999), size: SIZE, parameters: plain(parameters) }
  return {
    name: 'print',
    material: { baseColor: { texture: 'print' }, roughness, mapping: { type: 'uv', scale: [...repeat] } },
    textures: { print: texture },
  }
}

const plain = (o: Record<string, number | readonly number[]>): Record<string, number | number[]> =>
  Object.fromEntries(Object.entries(o).map(([k, v]) => [k, typeof v === 'number' ? v : [...v]]))
