/**
 * Counts pixels that no picture should have in every frame of finished data sets: isolated bright ones, black ones among lit ones, values that are no
 * numbers. Exit code 1 where there are any. A true highlight of a pixel's size, as polished balls have, counts as bright: the set does not say how many
 * samples made it.
 *
 *   node_modules/.bin/node --conditions=@dioramic/source scripts/specks.ts out/movi-a-7 out/tabletop-7
 */
import { openDataset } from '@dioramic/data'
import { FolderStore } from '@dioramic/data/node'
import { specks } from '../packages/render/test/support/specks.ts'

const folders = process.argv.slice(2)
if (folders.length === 0) {
  console.error('usage: scripts/specks.ts <data set> …')
  process.exit(2)
}
let found = 0
for (const folder of folders) {
  const total = { frames: 0, bright: 0, black: 0, invalid: 0 }
  const reader = await openDataset(new FolderStore(folder))
  for await (const sample of reader.samples()) {
    const { frames, resolution } = sample.sample
    for (let frame = 0; frame < frames; frame++) {
      const counts = specks(await sample.values('rgb-linear', frame), ...resolution)
      if (counts.bright + counts.black + counts.invalid > 0)
        console.log(
          `${folder}: sample ${sample.index}, frame ${frame}: ${counts.bright} bright, ${counts.black} black, ${counts.invalid} invalid`,
        )
      total.frames++
      total.bright += counts.bright
      total.black += counts.black
      total.invalid += counts.invalid
    }
  }
  console.log(`${folder}: ${total.frames} frames: ${total.bright} bright, ${total.black} black, ${total.invalid} invalid`)
  found += total.bright + total.black + total.invalid
}
process.exitCode = found > 0 ? 1 : 0
