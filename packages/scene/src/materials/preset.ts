/** What a material preset is made of. */
import type { z } from 'zod'
import type { materialSchema } from '../schema/material.ts'

export type MaterialInput = z.input<typeof materialSchema>
export type Rgb = readonly [number, number, number]

/** Pictures of a preset: one generator and its parameters, and which of its maps the material reads. */
export interface PresetTexture {
  readonly generator: string
  /** Parameters of the generator, given the colour asked for, if any. */
  readonly parameters: (color: Rgb | undefined) => Record<string, number | number[] | string>
  readonly maps: readonly ('color' | 'roughness' | 'metallic')[]
  /** What one repeat spans in the real world, metres. */
  readonly size: number
}

export interface Preset {
  /** One line for lists and captions. */
  readonly description: string
  readonly material: MaterialInput
  /** Which field a colour asked for goes to, when there is no colour texture. */
  readonly tint?: 'baseColor' | 'emission'
  readonly texture?: PresetTexture
}

export const flat = (description: string, material: MaterialInput): Preset => ({ description, material, tint: 'baseColor' })

/** A textured preset; `slots` says which parameters take the colour asked for, and how much of it. */
export function textured(
  description: string,
  generator: string,
  size: number,
  options: {
    material?: MaterialInput
    parameters?: Record<string, number | number[] | string>
    slots?: Readonly<Record<string, number>>
    maps?: PresetTexture['maps']
  } = {},
): Preset {
  return {
    description,
    material: options.material ?? {},
    texture: {
      generator,
      size,
      maps: options.maps ?? ['color', 'roughness'],
      parameters: color => {
        const tinted: Record<string, number[]> = {}
        if (color) for (const [name, factor] of Object.entries(options.slots ?? {})) tinted[name] = color.map(x => Math.min(1, x * factor))
        return { ...options.parameters, ...tinted }
      },
    },
  }
}
