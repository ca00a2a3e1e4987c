import { regenerate } from '@dioramic/generate/node'
import { EXIT } from '../fail.ts'
import { readAssets } from '../frame-settings.ts'
import { progress } from '../progress.ts'

export async function regenerateCommand(sample: string, o: { assets: readonly string[]; world?: string }): Promise<number> {
  const { assets, hashes } = await readAssets(o.assets)
  const result = await regenerate(sample, { assets, assetHashes: hashes, ...(o.world === undefined ? {} : { worldFile: o.world }) })
  const same = result.different.length === 0
  progress().say(
    'regenerated',
    { ...result, same },
    same
      ? `sample ${result.index}: all ${result.files} files have the same bytes`
      : `sample ${result.index}: ${result.different.length} files differ:\n${result.different
          .slice(0, 20)
          .map(f => `  ${f}`)
          .join('\n')}`,
  )
  return same ? EXIT.ok : EXIT.found
}
