/** How MOVi throws: from anywhere in a box above the floor, towards the middle. */
import type { Key, Vec3 } from '@dioramic/scene'
import type { ObjectDraft } from '../builder/object.ts'
import { region } from '../toolkit/region.ts'

/** Where thrown objects start, metres. */
const SPAWN = region([-5, -5, 1], [5, 5, 5])

/** Starts in the box without overlap, at U[(−4, −4, 0), (4, 4, 0)] less its own (x, y, 0), m/s. */
export function tossed(draft: ObjectDraft, key: Key): ObjectDraft {
  const [vx, vy] = [key.fork('vx').uniform(-4, 4), key.fork('vy').uniform(-4, 4)]
  return draft.dropFrom(SPAWN, { key }).withVelocity((p): Vec3 => [vx - p[0], vy - p[1], 0])
}
