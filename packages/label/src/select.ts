/** What `--labels` says, as labels. */
import { suggest } from '@dioramic/scene'
import { type Label, LabelError } from './label.ts'
import { DEFAULT_LABELS, LABELS, PRESETS } from './registry.ts'

/**
 * Labels for a comma-separated list of labels and presets, such as `depth,flow,normal-camera` or `kubric`; each once, in the registry's order.
 * Throws `LabelError` for an empty list or an unknown name, with the nearest known one.
 */
export function selectLabels(names: string = DEFAULT_LABELS): readonly Label[] {
  const words = names.split(',').map(word => word.trim())
  const known = [...Object.keys(PRESETS), ...LABELS.keys()]
  const chosen = new Set<string>()
  for (const word of words) {
    if (word === '') throw new LabelError(`--labels "${names}" has an empty name: give labels or presets with commas between, or "none".`)
    if (Object.hasOwn(PRESETS, word)) for (const name of PRESETS[word]) chosen.add(name)
    else if (LABELS.has(word)) chosen.add(word)
    else throw new LabelError(`There is no label or preset "${word}"; ${suggest(word, known)}`)
  }
  return [...LABELS].filter(([name]) => chosen.has(name)).map(([, label]) => label)
}
