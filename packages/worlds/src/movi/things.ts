/** What MOVi-C to F throw: scanned objects of `--assets`, or props where there are none. */
import { type AssetObject, type Assets, bounds, type Key } from '@dioramic/scene'
import type { ObjectDraft } from '../builder/object.ts'
import { asset } from '../builder/shapes.ts'
import { PROP_IDS, PROP_KINDS, prop } from '../props/prop.ts'
import { type Split, splitIds } from '../toolkit/splits.ts'

/** kg/m³; all alike, so that mass goes with size (Kubric kept the mass of the unscaled scan). */
const DENSITY = 500

/** Longest edge of the bounds of an object of `--assets`, metres. */
function longest(assets: Assets, id: string): number {
  const { min, max } = bounds(assets.objects.get(id)!.mesh.positions)
  return Math.max(max[0] - min[0], max[1] - min[1], max[2] - min[2])
}

/** The class that its manifest gives, else its own id. */
const categoryOf = (object: AssetObject): string => object.category ?? object.id

export interface Things {
  /** What a sample says of where its things are from: `movi-c`, or `movi-c (procedural)`. */
  readonly origin: string
  readonly categories: readonly string[]
  /** One of them, its longest edge U(0.75, 3) m, moved by forces. */
  draw(key: Key, surface: { readonly friction: number; readonly restitution: number }): ObjectDraft
}

export function thingsOf(world: string, assets: Assets, split: Split): Things {
  const scanned = assets.objects.size > 0
  const ids = splitIds(scanned ? assets.objects.keys() : PROP_IDS, split)
  if (ids.length === 0)
    throw new RangeError(`${world}: the split "${split}" of ${assets.objects.size} assets is empty; use --config split=all`)
  return {
    origin: scanned ? world : `${world} (procedural)`,
    categories: ['floor', ...(scanned ? [...new Set([...assets.objects.values()].map(categoryOf))].sort() : PROP_KINDS)],
    draw(key, surface) {
      const id = key.fork('asset').choice(ids)
      const edge = key.fork('size').uniform(0.75, 3)
      const scale = scanned ? edge / longest(assets, id) : edge
      const base = scanned
        ? asset(id, key)
            .category(categoryOf(assets.objects.get(id)!))
            .tagged({ asset_id: id, license: assets.objects.get(id)!.license })
        : prop(id, key).tagged({ license: 'Apache-2.0' })
      return base
        .scaled(scale)
        .dynamic({ density: DENSITY, ...surface })
        .tagged({ scale, size: edge })
    },
  }
}
