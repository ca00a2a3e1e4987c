/** The worlds that come with Diorama, by name. */
import { moviA } from './movi/movi-a.ts'
import { tabletop } from './tabletop.ts'
import type { World } from './world.ts'

export interface WorldEntry {
  readonly world: World
  readonly summary: string
  /** What a clip of the default size costs, in words. */
  readonly cost: string
  /** A command that works. */
  readonly command: string
}

/** Every built-in world. */
export const WORLDS: ReadonlyMap<string, WorldEntry> = new Map([
  [
    'movi-a',
    {
      world: moviA as World,
      summary: moviA.description,
      cost: '3–10 objects, 24 frames of 256 × 256; the cheapest world',
      command: 'diorama generate movi-a --count 2 --seed 7 --size 256x256 --out out/movi-a',
    },
  ],
  [
    'tabletop',
    {
      world: tabletop as World,
      summary: tabletop.description,
      cost: '5–9 textured objects with depth of field, 24 frames of 256 × 256',
      command: 'diorama generate tabletop --count 2 --assets path/to/manifest.json --out out/tabletop',
    },
  ],
])
