/** From what was asked to a recipe: everything that the bytes depend on, hashed. */
import { makeRecipe, type Recipe } from '@dioramic/data'
import { type Label, LabelError, labelDefinition, labelName } from '@dioramic/label'
import { bytesEpoch } from './epoch.ts'
import { layerSpecs } from './frame.ts'
import type { Settings } from './settings.ts'
import type { Source } from './source.ts'

export type Format = 'folder' | 'webdataset' | 'coco' | 'movi' | 'nerf' | 'bop'

/** Labels without which a format cannot be written. The preset of the format's name has them all. */
const NEEDS: Partial<Record<Format, readonly string[]>> = {
  bop: ['segmentation', 'depth', 'mask-amodal', 'box-amodal', 'truncation', 'meshes'],
}

/** Throws `LabelError` before a frame is made that could not be written in the end. */
function requireLabels(formats: readonly Format[], labels: readonly Label[]): void {
  const chosen = new Set(labels.map(labelName))
  for (const format of formats) {
    const missing = (NEEDS[format] ?? []).filter(name => !chosen.has(name))
    if (missing.length > 0)
      throw new LabelError(
        `--format ${format} needs the labels ${missing.join(', ')}, too; add ${format} to --labels, which has all of them`,
      )
  }
}

export interface PlanInput {
  readonly source: Source
  readonly seed: number
  readonly count: number
  readonly settings: Settings
  readonly labels: readonly Label[]
  readonly formats: readonly Format[]
  /** Of kernel, physics, codecs and assets. */
  readonly hashes: Readonly<Record<string, string>>
}

export function planRecipe(plan: PlanInput): Recipe {
  const { source, labels } = plan
  requireLabels(plan.formats, labels)
  return makeRecipe({
    world: source.name,
    config: source.config as never,
    seed: plan.seed,
    count: plan.count,
    settings: plan.settings as never,
    bytesEpoch,
    hashes: { ...plan.hashes, ...source.hashes },
    layers: layerSpecs(labels),
    instanceLabels: labels.filter(l => l.kind !== 'pixels').map(l => ({ name: labelName(l), definition: labelDefinition(l) })),
    formats: [...plan.formats],
  })
}
