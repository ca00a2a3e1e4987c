/** `category` of the clip's instance record: the number that `semantic` stores. */
import { categoryIds } from '../categories.ts'
import type { ConstantLabel } from '../label.ts'

export const category: ConstantLabel = {
  kind: 'constants',
  name: 'category',
  definition:
    'categoryId: number of the object’s category (the record names it in category), as the layer semantic stores it: its place, from 1, in the categories that the world lists, the same in all clips; a world that lists none numbers those of each clip in alphabetical order. With parts, three levels of one hierarchy: category, object, part.',
  compute: resolved => Array.from(categoryIds(resolved), categoryId => ({ categoryId })),
}
