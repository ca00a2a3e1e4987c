/**
 * The pictures of docs/labels.md, from a sample of examples/every-label.ts:
 *
 *     npm run diorama -- generate ./examples/every-label.ts --count 1 --size 200x150 --frames 4 --labels all,depth-raw,depth-filled,disparity,disparity-mask --out out/labels
 *     node --conditions=@dioramic/source scripts/label-pictures.ts out/labels
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { drawingSize, labelDrawings, labelSheet, openDataset, pngOf } from '@dioramic/data'
import { FolderStore } from '@dioramic/data/node'

const FRAME = 2
const [set] = process.argv.slice(2)
if (!set) throw new Error('give the folder of the set: see the head of this file')
const clip = await (await openDataset(new FolderStore(set))).sample(0)
const folder = fileURLToPath(new URL('../docs/pictures/labels', import.meta.url))
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
writeFileSync(`${folder}.png`, await labelSheet(clip, FRAME))
for (const { title, draw } of labelDrawings(clip, FRAME)) writeFileSync(`${folder}/${title}.png`, pngOf(await draw(drawingSize(clip, 200))))
