/** `parts` of the clip's instance record: the numbers that `part` and `material` store, with their names. Hierarchy: category, object, part. */
import type { ConstantLabel } from '../label.ts'
import { partsOf } from '../parts.ts'

export const parts: ConstantLabel = {
  kind: 'constants',
  name: 'parts',
  definition:
    "parts: one record a part of the object's mesh: id (its number in the layer part, unique in the clip), name, material (its number in the layer material, shared by parts of one material) and materialName. An object of one part has one record.",
  compute: resolved => partsOf(resolved).map(list => ({ parts: list })),
}
