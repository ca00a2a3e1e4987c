import { resolve } from 'node:path'
import { merge } from '@dioramic/data'
import { FolderStore } from '@dioramic/data/node'
import { EXIT } from '../fail.ts'
import { lockFolder } from '../lock.ts'
import { progress } from '../progress.ts'
import { bytes } from '../units.ts'

export async function mergeCommand(shards: readonly string[], o: { out: string }): Promise<number> {
  const out = resolve(o.out)
  const unlock = await lockFolder(out)
  const dataset = await merge(
    shards.map(s => new FolderStore(s)),
    new FolderStore(out),
  ).finally(unlock)
  const { totals, missing, quarantined } = dataset
  const lack = missing.length > 0 ? `, ${missing.length} of ${dataset.recipe.count} clips still missing` : ''
  progress().say(
    'done',
    { out, samples: totals.samples, bytes: totals.bytes, missing: missing.length, quarantined: quarantined.length },
    `${totals.samples} clips, ${bytes(totals.bytes)} in ${out}${lack}`,
  )
  return missing.length > 0 || quarantined.length > 0 ? EXIT.found : EXIT.ok
}
