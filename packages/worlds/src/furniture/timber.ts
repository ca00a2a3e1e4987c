/** Wood as joiners use it: fine grain along the piece, and every front its own board. */
import type { Key, TextureRef, Vec3 } from '@dioramic/scene'
import { isTexture } from '@dioramic/scene'
import type { MaterialDraft, MaterialInput } from '../builder/material.ts'
import type { Model } from '../solids/model.ts'
import type { Solid } from '../solids/solid.ts'

interface Species {
  readonly light: Vec3
  readonly dark: Vec3
  readonly roughness: number
}

/** Sawn, oiled and a few years old: early wood and late wood differ by less than on a fresh cut. */
const SPECIES = {
  oak: { light: [0.44, 0.31, 0.18], dark: [0.29, 0.185, 0.095], roughness: 0.48 },
  pine: { light: [0.6, 0.45, 0.26], dark: [0.45, 0.295, 0.145], roughness: 0.5 },
  walnut: { light: [0.17, 0.098, 0.057], dark: [0.082, 0.045, 0.026], roughness: 0.42 },
} as const satisfies Record<string, Species>

export type Wood = keyof typeof SPECIES
export const WOODS = Object.keys(SPECIES) as Wood[]

/** Metres across the grain that a picture spans; along it, it is drawn out by `STRETCH`. */
const SPAN = 0.6
const STRETCH = 2.5
/** Boards that differ, after which they come again. */
const BOARDS = 5

/** A wood with its grain along an object's x (on its ends, along y). */
export function timber(wood: Wood, key: Key): MaterialDraft {
  const { light, dark, roughness } = SPECIES[wood]
  const seed = key.fork('grain').int(0, 3)
  const parameters = { rings: 30, waviness: 0.35, light: [...light], dark: [...dark], roughness }
  const name = (output: string) => `timber-${wood}-${seed}-${output}`
  const texture = (output: string) => ({
    type: 'procedural' as const,
    generator: 'wood',
    seed,
    size: 512,
    parameters: { ...parameters, output },
  })
  const drawn = { scale: [1 / STRETCH, 1] as [number, number], rotation: 0, offset: [0, 0] as [number, number] }
  return {
    name: wood,
    material: {
      baseColor: { texture: name('color'), transform: drawn },
      roughness: { texture: name('roughness'), transform: drawn },
      ior: 1.5,
      mapping: { type: 'box', size: SPAN },
    },
    textures: { [name('color')]: texture('color'), [name('roughness')]: texture('roughness') },
  }
}

/** The same wood with its grain upright, cut from the `nth` board; lacquer stays as it is. */
export function upright(look: MaterialDraft, nth: number): MaterialDraft {
  const turned = (ref: TextureRef): TextureRef => ({
    ...ref,
    transform: { scale: [1, 1 / STRETCH], rotation: Math.PI / 2, offset: [(0.37 * nth) % 1, (0.29 * nth + 0.11) % 1] },
  })
  const fields = Object.entries(look.material).map(([field, value]) => [field, isTexture(value) ? turned(value) : value] as const)
  return { ...look, material: Object.fromEntries(fields) as MaterialInput }
}

/** Adds the `nth` of several fronts: of wood each is a board of its own, and so a part of its own. */
export function addFront(m: Model, part: string, look: MaterialDraft, nth: number, ...solids: readonly (Solid | readonly Solid[])[]): void {
  if (Object.keys(look.textures).length === 0) m.add(part, look, ...solids)
  else m.add(`${part}-${(nth % BOARDS) + 1}`, upright(look, nth % BOARDS), ...solids)
}
