/** The surfaces that a home is made of; each drawn from what shops sell. */
import type { Key, Vec3 } from '@dioramic/scene'
import { type MaterialDraft, material } from '../builder/material.ts'
import { preset } from '../builder/preset.ts'
import { srgb } from '../toolkit/colors.ts'
import { timber, WOODS } from './timber.ts'

/** Texels a side of furniture's textures: a millimetre or two in a room. */
const TEXELS = 256

const tinted = (name: string, color: Vec3, key?: Key) => preset(name, { size: TEXELS, color, ...(key ? { seed: key.int(0, 3) } : {}) })

export const paint = (color: string | Vec3, roughness = 0.45, name = 'paint'): MaterialDraft =>
  material({ baseColor: [...(typeof color === 'string' ? srgb(color) : color)] as [number, number, number], roughness, ior: 1.5 }, name)

/** A board: one of the usual woods, or white or grey lacquer. */
export function board(key: Key): MaterialDraft {
  const kind = key.fork('kind').choice(['oak', 'oak', 'pine', 'walnut', 'walnut', 'white', 'grey'] as const)
  if (kind === 'white') return paint('#e9e7e2', 0.35, 'white-lacquer')
  if (kind === 'grey') return paint('#8d9296', 0.4, 'grey-lacquer')
  return timber(kind, key)
}

export const wood = (key: Key): MaterialDraft => timber(key.fork('kind').choice(WOODS), key)

/** Muted colours of upholstery, bed linen and curtains. */
const CLOTHS = [
  '#6f7d86',
  '#8a8378',
  '#3f5568',
  '#7b5d4e',
  '#4f6152',
  '#a9907a',
  '#5a4a5f',
  '#b5623f',
  '#c9a24b',
  '#2f3b45',
  '#a3a7a2',
] as const
const LINENS = ['#e8e4da', '#dfe5e8', '#c9d3d6', '#d9cbb6', '#b9c4b1', '#8fa3b5', '#d8b4a6', '#e3e3e3', '#5b6b7f', '#93785f'] as const

export const cloth = (key: Key): MaterialDraft => tinted('felt', srgb(key.fork('colour').choice(CLOTHS)), key)
export const bedding = (key: Key): MaterialDraft => tinted('linen', srgb(key.fork('colour').choice(LINENS)), key)
const TOWELS = ['#e9e6df', '#d5dbdc', '#9fb0b8', '#5f7d8a', '#c7b9a6', '#8e9d86', '#c79a86', '#6d6875'] as const
/** Cotton pile, in the colours that towels are sold in. */
export const towelling = (key: Key): MaterialDraft => tinted('felt', srgb(key.choice(TOWELS)), key)
/** Wool of a carpet. */
export const pile = (color: Vec3): MaterialDraft => tinted('felt', color)
export const leather = (key: Key): MaterialDraft =>
  tinted('leather', srgb(key.fork('colour').choice(['#3a2a22', '#6b4630', '#1f1e1d', '#8c6a4a', '#c8bfae'] as const)))

const ACCENTS = [
  '#b23a2e',
  '#d98e2b',
  '#e3c34a',
  '#4c7a4f',
  '#2f6f8f',
  '#27496d',
  '#6b3f69',
  '#d8d3c8',
  '#333333',
  '#c96f5a',
  '#7fa6a1',
] as const
/** Cloth, leather and paper of bindings. */
const BINDINGS = [
  '#7a2f28',
  '#2c4a63',
  '#3f5a46',
  '#c7b28a',
  '#2b2b2d',
  '#8a5a34',
  '#d7d2c6',
  '#57465f',
  '#b0603d',
  '#8797a0',
  '#a78f2f',
  '#506b73',
  '#914a5a',
  '#e0d6bd',
] as const
export const BINDING_COUNT = BINDINGS.length
export const binding = (nth: number): MaterialDraft => paint(BINDINGS[nth % BINDING_COUNT]!, 0.6, 'binding')
/** A strong display colour, for things: mugs, books, toys. */
export const accent = (key: Key): Vec3 => srgb(key.choice(ACCENTS))
export const gloss = (key: Key): MaterialDraft => paint(accent(key), 0.2, 'glaze')
export const matt = (key: Key): MaterialDraft => paint(accent(key), 0.55, 'matt')

export const white = (): MaterialDraft => paint('#eeece6', 0.3, 'white')
export const enamel = (): MaterialDraft => paint('#f1f1ee', 0.08, 'enamel')
export const black = (roughness = 0.35): MaterialDraft => paint('#161718', roughness, 'black')
export const steel = (): MaterialDraft => material({ baseColor: [0.56, 0.57, 0.58], metallic: 1, roughness: 0.3 }, 'steel')
export const chrome = (): MaterialDraft => preset('chrome')
export const iron = (): MaterialDraft => paint('#222426', 0.5, 'iron')
export const screen = (): MaterialDraft => material({ baseColor: [0.008, 0.008, 0.01], roughness: 0.06, ior: 1.5 }, 'screen')
/** Bright paper of a lamp that is lit, W/(m² sr). */
export const shade = (radiance: number): MaterialDraft =>
  material({ baseColor: [0.75, 0.72, 0.66], roughness: 0.9, emission: [1, 0.89, 0.74], emissionStrength: radiance }, 'shade')
export const mirror = (): MaterialDraft => material({ baseColor: [0.9, 0.91, 0.91], metallic: 1, roughness: 0.02 }, 'mirror')
