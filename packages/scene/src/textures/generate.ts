/** Pictures from named generators: same parameters, same bytes, everywhere. */
import { z } from 'zod'
import { Key } from '../key.ts'
import type { Image } from '../mesh.ts'
import type { Texture } from '../schema/material.ts'
import { suggest } from '../suggest.ts'
import type { CommonParameters, Texel } from './generator.ts'
import { GENERATORS } from './registry.ts'

export type ProceduralTexture = Extract<Texture, { type: 'procedural' }>

/** Unknown generator or parameter, or a value out of range. */
export class TextureError extends Error {
  override name = 'TextureError'
}

/** Names that `generator` of a procedural texture can have. */
export const TEXTURE_GENERATORS: readonly string[] = [...GENERATORS.keys()]

function checked(texture: ProceduralTexture) {
  const generator = GENERATORS.get(texture.generator)
  if (!generator)
    throw new TextureError(`unknown texture generator "${texture.generator}"; ${suggest(texture.generator, GENERATORS.keys())}`)
  const known = Object.keys(generator.parameters.shape)
  for (const p of Object.keys(texture.parameters)) {
    if (!known.includes(p)) throw new TextureError(`texture generator "${texture.generator}" has no parameter "${p}"; ${suggest(p, known)}`)
  }
  const parsed = generator.parameters.safeParse(texture.parameters)
  if (!parsed.success) throw new TextureError(`parameters of texture generator "${texture.generator}":\n${z.prettifyError(parsed.error)}`)
  return { generator, parameters: parsed.data as CommonParameters & Record<string, unknown> }
}

/** Checks generator and parameters without making the picture; throws `TextureError`. */
export function checkTexture(texture: ProceduralTexture): void {
  checked(texture)
}

/**
 * The picture of a procedural texture: `size` × `size` texels of 8-bit RGBA, row 0 at the top (v = 1), repeating without a seam.
 *
 * The parameter `output` chooses the map: `color` (sRGB encoded), `roughness`, `metallic`, `height` (linear grey) or `normal` (tangent
 * space, glTF: +X along u, +Y along v, n = 2·rgb/255 − 1). Throws `TextureError` for an unknown generator or parameter.
 */
export function generateTexture(texture: ProceduralTexture): Image {
  const { generator, parameters } = checked(texture)
  const n = texture.size
  const key = Key.fromSeed(texture.seed).fork('texture').fork(generator.name)
  const shade = generator.shader(parameters as never, key, n)
  const out: Texel = { r: 0, g: 0, b: 0, roughness: 0.5, height: 0.5, metallic: 0 }
  const data = new Uint8Array(n * n * 4)
  const heights = parameters.output === 'normal' ? new Float64Array(n * n) : null
  for (let j = 0, k = 0; j < n; j++) {
    const v = (j + 0.5) / n
    for (let i = 0; i < n; i++, k += 4) {
      out.metallic = 0
      shade((i + 0.5) / n, v, out)
      if (heights) {
        heights[k >> 2] = out.height
        continue
      }
      if (parameters.output === 'color') {
        data[k] = byte(out.r)
        data[k + 1] = byte(out.g)
        data[k + 2] = byte(out.b)
      } else {
        const x = parameters.output === 'roughness' ? out.roughness : parameters.output === 'metallic' ? out.metallic : out.height
        data[k] = data[k + 1] = data[k + 2] = byte(x)
      }
      data[k + 3] = 255
    }
  }
  if (heights) writeNormals(heights, n, generator.relief * parameters.relief, data)
  return { width: n, height: n, data }
}

const byte = (x: number) => (x <= 0 ? 0 : x >= 1 ? 255 : Math.floor(x * 255 + 0.5))

/** Normals of a repeating height field whose full range is `relief` tile widths; central differences. */
function writeNormals(heights: Float64Array, n: number, relief: number, data: Uint8Array): void {
  const slope = (relief * n) / 2
  for (let j = 0, k = 0; j < n; j++) {
    const up = (j === 0 ? n - 1 : j - 1) * n
    const down = (j === n - 1 ? 0 : j + 1) * n
    const row = j * n
    for (let i = 0; i < n; i++, k += 4) {
      const x = (heights[row + (i === 0 ? n - 1 : i - 1)]! - heights[row + (i === n - 1 ? 0 : i + 1)]!) * slope
      // Rows go down while v goes up.
      const y = (heights[down + i]! - heights[up + i]!) * slope
      const s = 0.5 / Math.sqrt(x * x + y * y + 1)
      data[k] = byte(0.5 + x * s)
      data[k + 1] = byte(0.5 + y * s)
      data[k + 2] = byte(0.5 + s)
      data[k + 3] = 255
    }
  }
}
