/** The worlds that come with Diorama, by name. A family of worlds lists its own entries in its folder's `entries.ts`. */
import { CHALLENGES } from './challenges/entries.ts'
import { CLASSICS } from './classics/entries.ts'
import { entry, type WorldEntry } from './entry.ts'
import { MOVI } from './movi/entries.ts'
import { ROBOTICS } from './robotics/entries.ts'
import { tabletop } from './tabletop.ts'

/** Every built-in world. */
export const WORLDS: ReadonlyMap<string, WorldEntry> = new Map([
  ...CLASSICS,
  ...MOVI,
  ...CHALLENGES,
  ...ROBOTICS,
  entry(
    tabletop,
    '5–9 textured objects with depth of field, 24 frames of 256 × 256',
    'diorama generate tabletop --count 2 --assets path/to/manifest.json --out out/tabletop',
  ),
])
