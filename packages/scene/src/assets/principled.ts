import { type Material, materialSchema, type TextureRef } from '../schema/material.ts'

/** Fields that may be pictures. */
type RefField = { [K in keyof Material]-?: TextureRef extends Material[K] ? K : never }[keyof Material]

/** A checked material of plain values, with pictures in the fields that have one. Textures of assets are named `<object id>/<picture>`. */
export function withPictures(values: Partial<Material>, pictures: Partial<Record<RefField, TextureRef | undefined>>): Material {
  const known = <T extends object>(o: T) => Object.fromEntries(Object.entries(o).filter(([, v]) => v !== undefined))
  return { ...materialSchema.parse(known(values)), ...known(pictures) } as Material
}
