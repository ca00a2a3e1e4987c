/** Numbers of semantic classes. */
import type { ResolvedScene } from '@dioramic/scene'
import { LabelError } from './label.ts'

/** The number of every object's category, from 1, in the scene's order of objects. Throws `LabelError` where 16 bits cannot number them. */
export function categoryIds({ scene }: ResolvedScene): Uint16Array {
  const names = scene.categories ?? [...new Set(scene.objects.map(o => o.category))].sort()
  if (names.length > 65535)
    throw new LabelError(`the scene lists ${names.length} categories, but semantic stores numbers up to 65535: list fewer.`)
  const numbers = new Map(names.map((name, i) => [name, i + 1]))
  return Uint16Array.from(scene.objects, o => numbers.get(o.category)!)
}
