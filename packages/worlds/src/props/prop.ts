/**
 * Props: things of everyday life made by rule, of 52 kinds in twelve variants each, for worlds without scanned objects. A variant is an asset like any other:
 * its id names it, and the same id is the same thing in every clip.
 */
import { bounds, computeNormals, Key, massProperties, suggest } from '@dioramic/scene'
import type { MaterialDraft } from '../builder/material.ts'
import type { ObjectDraft } from '../builder/object.ts'
import { mesh } from '../builder/shapes.ts'
import { FOOD } from './food.ts'
import { HOUSEHOLD } from './household.ts'
import type { PropKind } from './kind.ts'
import { type Solid, union } from './solid.ts'
import { TOOLS } from './tools.ts'
import { TOYS } from './toys.ts'
import { VESSELS } from './vessels.ts'

const KINDS: ReadonlyMap<string, PropKind> = new Map(
  [...VESSELS, ...TOYS, ...FOOD, ...TOOLS, ...HOUSEHOLD].map(k => [k.name, k] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
)

/** Every kind of prop, alphabetical. */
export const PROP_KINDS: readonly string[] = [...KINDS.keys()]

/** Variants of each kind. */
export const PROP_VARIANTS = 12

/** Every prop's id, `<kind>-<variant>`. */
export const PROP_IDS: readonly string[] = PROP_KINDS.flatMap(kind => Array.from({ length: PROP_VARIANTS }, (_, i) => `${kind}-${i + 1}`))

/** Edges that turn more stay sharp, radians. */
const CREASE = 0.7
/** Coordinates are kept to this many steps of the longest edge: a scene is written as text. */
const STEPS = 50_000

interface Made {
  readonly geometry: Parameters<typeof mesh>[0]
  readonly looks: readonly MaterialDraft[]
}

const made = new Map<string, Made>()

function kindOf(id: string): { kind: PropKind; variant: number } {
  const match = /^(.+)-(\d+)$/.exec(id)
  const kind = match && KINDS.get(match[1]!)
  const variant = match ? Number(match[2]) : 0
  if (!kind || variant < 1 || variant > PROP_VARIANTS) throw new RangeError(`there is no prop "${id}"; ${suggest(id, PROP_IDS)}`)
  return { kind, variant }
}

/** Longest edge 1, centre of mass at the origin, smooth normals; parts in the order given. */
function finished(solids: readonly { readonly name: string; readonly solid: Solid }[]): Made['geometry'] {
  const whole = union(...solids.map(s => s.solid))
  const b = bounds(whole.positions)
  const size = Math.max(...b.max.map((x, i) => x - b.min[i]!))
  const { centerOfMass } = massProperties(whole)
  const place = (p: readonly number[]) => p.map((x, i) => Math.round(((x - centerOfMass[i % 3]!) / size) * STEPS) / STEPS)
  const bare = {
    positions: Float32Array.from(place(whole.positions)),
    indices: Uint32Array.from(whole.indices),
    uvs: Float32Array.from(whole.uvs),
  }
  const shaded = computeNormals(bare, CREASE)
  const round = (a: ArrayLike<number>) => Array.from(a, x => Math.round(x * STEPS) / STEPS)
  return {
    positions: round(shaded.positions),
    indices: [...shaded.indices],
    normals: round(shaded.normals),
    uvs: round(shaded.uvs!),
    parts: solids.map(({ name, solid }) => ({ name, triangles: solid.indices.length / 3 })),
    hulls: whole.hulls.map(place),
  }
}

function make(id: string): Made {
  let prop = made.get(id)
  if (!prop) {
    const { kind, variant } = kindOf(id)
    const parts = kind.make(Key.fromSeed(0).fork('prop').fork(kind.name).fork(variant))
    prop = { geometry: finished(parts), looks: parts.map(p => p.look) }
    made.set(id, prop)
  }
  return prop
}

/**
 * A prop by id: longest edge 1 m until `.scaled()`, centre of mass at its origin, +Z up, materials of its own.
 *
 * @throws RangeError naming the nearest id
 */
export function prop(id: string, key?: Key): ObjectDraft {
  const { geometry, looks } = make(id)
  const { kind } = kindOf(id)
  return mesh(geometry, key).named(id).category(kind.name).material(looks).tagged({ asset_id: id })
}

/** Longest edge that such a thing has in the world, metres. */
export const propLength = (id: string): number => kindOf(id).kind.length
