/** What the challenges look at: objects of `--assets`, or embedded solids in library materials where there are none. */
import { type Assets, bounds, type Key, type ShapeName } from '@dioramic/scene'
import type { ObjectDraft } from '../builder/object.ts'
import { preset } from '../builder/preset.ts'
import { asset, SOLIDS, shape } from '../builder/shapes.ts'
import { randomColor } from '../toolkit/colors.ts'
import { type Split, splitIds } from '../toolkit/splits.ts'

/** Materials that embedded solids may have; those marked take a random colour. */
const LOOKS = [
  { name: 'porcelain', tint: true },
  { name: 'ceramic-glaze', tint: true },
  { name: 'plastic-glossy', tint: true },
  { name: 'plastic-matte', tint: true },
  { name: 'car-paint', tint: true },
  { name: 'leather', tint: true },
  { name: 'felt', tint: true },
  { name: 'terracotta', tint: false },
  { name: 'brass', tint: false },
  { name: 'brushed-steel', tint: false },
  { name: 'cork', tint: false },
  { name: 'granite', tint: false },
  { name: 'oak', tint: false },
  { name: 'marble', tint: false },
] as const

/** The share of objects that is held out for tests: a tenth of `--assets`, a quarter of the few solids. */
const share = (assets: Assets) => (assets.objects.size > 0 ? 0.1 : 0.25)

/** Every category that a clip may hold. */
export const subjectCategories = (assets: Assets): string[] => [...(assets.objects.size > 0 ? [...assets.objects.keys()].sort() : SOLIDS)]

/** One object of a split, its longest edge 1 m before `.scaled()`. Throws `RangeError` where the split is empty. */
export function subject(key: Key, assets: Assets, split: Split = 'all'): ObjectDraft {
  const ids = splitIds(subjectCategories(assets), split, share(assets))
  if (ids.length === 0) throw new RangeError(`the split "${split}" of ${assets.objects.size} assets is empty; use --config split=all`)
  const id = key.fork('subject').choice(ids)
  const found = assets.objects.get(id)
  if (!found) {
    const look = key.fork('look').choice(LOOKS)
    return shape(id as ShapeName, key)
      .material(
        preset(look.name, {
          size: 256,
          seed: key.fork('pattern').int(0, 99),
          ...(look.tint ? { color: randomColor(key.fork('color')) } : {}),
        }),
      )
      .tagged({ material_label: look.name })
  }
  const { min, max } = bounds(found.mesh.positions)
  return asset(id, key)
    .scaled(1 / Math.max(max[0] - min[0], max[1] - min[1], max[2] - min[2]))
    .tagged({ asset_id: id, license: found.license })
}
