/** A material on its way into a scene: its name, its fields and the textures that it reads. */
import { isTexture, type materialSchema, type Texture, type Vec3 } from '@dioramic/scene'
import type { z } from 'zod'
import { srgb } from '../toolkit/colors.ts'

export type MaterialInput = z.input<typeof materialSchema>

export interface MaterialDraft {
  /** Wanted name; the builder appends a number when another material has it. */
  readonly name: string
  readonly material: MaterialInput
  /** By the names that `material` uses. */
  readonly textures: Readonly<Record<string, Texture>>
}

/** A material from its principled fields; all have defaults. Colours are linear RGB. */
export function material(fields: MaterialInput = {}, name = 'material'): MaterialDraft {
  return { name, material: fields, textures: {} }
}

/** A surface of one display colour, such as `#8a4a34`. */
export const plain = (color: string, name: string, roughness: number): MaterialDraft =>
  material({ baseColor: [...srgb(color)], roughness }, name)

/** The same material with another base colour (linear RGB); a colour texture is replaced. */
export const recoloured = (draft: MaterialDraft, color: Vec3): MaterialDraft => ({
  ...draft,
  material: { ...draft.material, baseColor: [...color] },
})

/** Renames the textures that a material reads. */
export function withTextureNames(fields: MaterialInput, rename: (name: string) => string): MaterialInput {
  const out: Record<string, unknown> = {}
  for (const [field, value] of Object.entries(fields)) {
    out[field] = isTexture(value) ? { ...value, texture: rename(value.texture) } : value
  }
  return out as MaterialInput
}
