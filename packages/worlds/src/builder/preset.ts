/** Named materials of the scene package, as drafts. */
import { type MaterialOptions, materialPreset } from '@dioramic/scene'
import type { MaterialDraft, MaterialInput } from './material.ts'

/**
 * A named material: `oak`, `porcelain`, `brushed-steel`, …; all names are in `MATERIAL_NAMES`.
 *
 * @param options colour (linear RGB), pattern seed, texture size and mapping
 * @throws MaterialError with the nearest known name
 */
export function preset(name: string, options: MaterialOptions = {}): MaterialDraft {
  const { material, textures } = materialPreset(name, options)
  return { name, material: material as MaterialInput, textures }
}
