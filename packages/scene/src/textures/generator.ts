/** What a texture generator is: a schema of parameters and a function from a place on the unit square to a surface. */
import { z } from 'zod'
import type { Key } from '../key.ts'
import { colour } from '../schema/primitives.ts'
import { linearFromHex } from './srgb.ts'

/** One texel's surface. Colour is sRGB encoded 0–1 (mixing encoded values is what the eye finds even). */
export interface Texel {
  r: number
  g: number
  b: number
  /** Perceptual roughness, 0–1. */
  roughness: number
  /** 0 (lowest) to 1 (highest). */
  height: number
  /** 0 or 1, and between where a texel holds both. */
  metallic: number
}

/** u, v in [0, 1), v downwards from the top row; writes into `out`. */
export type Shader = (u: number, v: number, out: Texel) => void

export interface Generator {
  readonly name: string
  readonly parameters: z.ZodObject
  /** Everything that depends on parameters and seed alone is made here, once; `size` is in texels. */
  readonly shader: (parameters: never, key: Key, size: number) => Shader
  /** The height field's full range as a fraction of the tile's width. */
  readonly relief: number
}

/** Parameters every generator has. */
const common = {
  /** Which map of the surface: all outputs of one seed and one set of parameters match texel by texel. */
  output: z.enum(['color', 'roughness', 'normal', 'height', 'metallic']).default('color'),
  /** Factor on the depth of the normal map. */
  relief: z.number().min(0).max(20).default(1),
}
export type CommonParameters = { output: 'color' | 'roughness' | 'normal' | 'height' | 'metallic'; relief: number }

export function defineGenerator<S extends z.ZodRawShape>(definition: {
  name: string
  parameters: S
  relief: number
  shader: (parameters: z.infer<z.ZodObject<S>>, key: Key, size: number) => Shader
}): Generator {
  return { ...definition, parameters: z.strictObject({ ...common, ...definition.parameters }) as unknown as z.ZodObject }
}

/** A colour parameter: linear RGB reflectance, as everywhere in a scene. */
export const color = (r: number, g: number, b: number) => colour.default([r, g, b])
/** A colour parameter whose default is written as the hex digits of an sRGB colour. */
export const hex = (digits: string) => colour.default(linearFromHex(digits))
/** How many repeats, cells, rows … across the tile. */
export const count = (byDefault: number, max = 512) => z.number().int().min(1).max(max).default(byDefault)
/** A share or strength from 0 to 1. */
export const share = (byDefault: number) => z.number().min(0).max(1).default(byDefault)
