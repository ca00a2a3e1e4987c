/** What `--labels` says, as labels. */
import { suggest } from '@dioramic/scene'
import { type Label, LabelError } from './label.ts'
import { DEFAULT_LABELS, findLabel, LABELS, PRESETS } from './registry.ts'

/**
 * Labels for a comma-separated list of labels and presets, such as `depth,flow,normal-camera` or `kubric`; each once, in the registry's order
 * (then families such as `flow-to-<frame>`), with those that they need to be read.
 * Throws `LabelError` for an empty list or an unknown name, with the nearest known one.
 */
export function selectLabels(names: string = DEFAULT_LABELS): readonly Label[] {
  const words = names.split(',').map(word => word.trim())
  const known = [...Object.keys(PRESETS), ...LABELS.keys()]
  const chosen = new Map<string, Label>()
  const choose = (name: string): boolean => {
    const label = chosen.get(name) ?? findLabel(name)
    if (!label || chosen.has(name)) return label !== undefined
    chosen.set(name, label)
    if ('with' in label) for (const other of label.with ?? []) choose(other)
    return true
  }
  for (const word of words) {
    if (word === '') throw new LabelError(`--labels "${names}" has an empty name: give labels or presets with commas between, or "none".`)
    if (Object.hasOwn(PRESETS, word)) for (const name of PRESETS[word]) choose(name)
    else if (!choose(word))
      throw new LabelError(
        `There is no label or preset "${word}"; ${suggest(word, [...known, 'flow-to-0', 'tracks-256', 'stereo-to-right', 'disparity'])}`,
      )
  }
  const order = [...LABELS.keys()]
  const place = (name: string) => (LABELS.has(name) ? order.indexOf(name) : order.length)
  return [...chosen].sort(([a], [b]) => place(a) - place(b) || (a < b ? -1 : 1)).map(([, label]) => label)
}
