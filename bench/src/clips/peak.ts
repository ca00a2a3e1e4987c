/** Child process: makes one clip of movi-a of so many frames into a folder and prints the most memory the process ever held. */
import { FolderStore } from '@dioramic/data/node'
import { settingsSchema } from '@dioramic/generate'
import { generate } from '@dioramic/generate/node'
import { labelName, selectLabels } from '@dioramic/label'

const [frames, folder] = [Number(process.argv[2]), process.argv[3]!]
await generate({
  source: { kind: 'builtin', name: 'movi-a', config: {} },
  store: new FolderStore(folder),
  seed: 5,
  count: 1,
  workers: 0,
  settings: settingsSchema.parse({ size: [128, 128], frames, spp: 1, maxBounces: 3, labels: selectLabels('kubric').map(labelName) }),
})
console.log(JSON.stringify({ peak: process.resourceUsage().maxRSS * 1024 }))
