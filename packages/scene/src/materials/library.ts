/** Named materials, ready to put into a scene. */

import { type Material, materialSchema, type Texture } from '../schema/material.ts'
import { suggest } from '../suggest.ts'
import { encode } from '../textures/srgb.ts'
import type { MaterialInput, Preset } from './preset.ts'
import { PRESETS } from './presets.ts'

export type MaterialName = keyof typeof PRESETS

/** Every preset's name, alphabetical. */
export const MATERIAL_NAMES: readonly MaterialName[] = (Object.keys(PRESETS) as MaterialName[]).sort()

export interface MaterialOptions {
  /** Of the textures' pattern; 0 by default. */
  readonly seed?: number
  /** Texels a side of each texture; 512 by default. */
  readonly size?: number
  /** Linear RGB, each 0–1: the main colour instead of the preset's own. */
  readonly color?: readonly [number, number, number]
  /**
   * How textures lie on the surface. Default: box projection in real size, which suits any mesh. `uv` uses the mesh's own coordinates and adds the
   * normal map, which needs them.
   */
  readonly mapping?: MaterialInput['mapping']
}

/** Unknown preset or an option out of range. */
export class MaterialError extends Error {
  override name = 'MaterialError'
}

/** One line about a preset. */
export const describeMaterial = (name: MaterialName): string => PRESETS[name].description

/**
 * A material and the textures it reads, to be put into `scene.materials` and `scene.textures` under the names given. Same arguments, same value and
 * same names: `<preset>-<seed>-color`, `-roughness`, `-metallic`, `-normal`, with the size and the colour in between when they are not
 * the default, so two variants never share a name. Throws `MaterialError`.
 */
export function materialPreset(name: string, options: MaterialOptions = {}): { material: Material; textures: Record<string, Texture> } {
  if (!Object.hasOwn(PRESETS, name)) throw new MaterialError(`unknown material "${name}"; ${suggest(name, MATERIAL_NAMES)}`)
  const preset: Preset = PRESETS[name as MaterialName]
  const { seed = 0, size = 512, color } = options
  if (!Number.isSafeInteger(seed) || seed < 0) throw new MaterialError(`seed of material "${name}" must be an integer ≥ 0, got ${seed}`)
  if (!Number.isInteger(size) || size < 1 || size > 4096)
    throw new MaterialError(`size of material "${name}" must be 1 … 4096 texels, got ${size}`)
  if (color && !color.every(x => x >= 0 && x <= 1))
    throw new MaterialError(`color of material "${name}" must be linear RGB, each 0–1, got ${color}`)

  const textures: Record<string, Texture> = {}
  const material: MaterialInput = { ...preset.material }
  if (color && preset.tint) material[preset.tint] = [color[0], color[1], color[2]]
  if (preset.texture) {
    const { generator, maps } = preset.texture
    const parameters = preset.texture.parameters(color)
    const stem = `${name}-${seed}${size === 512 ? '' : `-${size}px`}${color ? `-${hexOf(color)}` : ''}`
    const add = (output: string) => {
      const id = `${stem}-${output}`
      textures[id] = { type: 'procedural', generator, seed, size, parameters: { ...parameters, output } }
      return { texture: id }
    }
    if (maps.includes('color')) material.baseColor = add('color')
    if (maps.includes('roughness')) material.roughness = add('roughness')
    if (maps.includes('metallic')) material.metallic = add('metallic')
    material.mapping = options.mapping ?? { type: 'box', size: preset.texture.size }
    if (material.mapping.type === 'uv') material.normalMap = add('normal')
  }
  return { material: materialSchema.parse(material), textures }
}

/** Twelve bits a channel, so that colours a person can tell apart have names apart. */
const hexOf = (c: readonly number[]) =>
  c
    .map(x =>
      Math.round(encode(x) * 4095)
        .toString(16)
        .padStart(3, '0'),
    )
    .join('')
