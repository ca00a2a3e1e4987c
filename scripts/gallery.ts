/**
 * The pictures and the table of docs/gallery.md: every feature that Diorama and Cycles share, by both.
 *
 *     DIORAMA_CYCLES_PYTHON=blender/bin/python node --conditions=@dioramic/source scripts/gallery.ts
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { encodeJpeg } from '@dioramic/codec'
import { findCycles } from '@dioramic/generate/node'
import { initPhysics } from '@dioramic/physics'
import { createRenderer, toDisplay } from '@dioramic/render'
import { loadKernel } from '@dioramic/render/node'
import { blockDifference, renderBoth } from '../packages/generate/test/cycles/compare.ts'
import { FEATURES } from '../packages/generate/test/cycles/scenes.ts'
import { writeSection } from './section.ts'

const SIZE = 256
const SPP = 256
/** Black pixels between the two. */
const GAP = 4

const docs = fileURLToPath(new URL('../docs/', import.meta.url))
const { python, version } = findCycles()
const physics = await initPhysics()
const renderer = await createRenderer(await loadKernel())
mkdirSync(`${docs}pictures/gallery`, { recursive: true })
const rows: string[] = []
for (const [name, { title, scene }] of Object.entries(FEATURES)) {
  const pair = renderBoth(scene(SIZE), SPP, { physics, renderer, python })
  const width = 2 * SIZE + GAP
  const both = new Float32Array(width * SIZE * 3)
  for (let y = 0; y < SIZE; y++) {
    both.set(pair.ours.subarray(y * SIZE * 3, (y + 1) * SIZE * 3), y * width * 3)
    both.set(pair.theirs.subarray(y * SIZE * 3, (y + 1) * SIZE * 3), (y * width + SIZE + GAP) * 3)
  }
  const data = toDisplay(both, width, SIZE, 'filmic', 0)
  writeFileSync(`${docs}pictures/gallery/${name}.jpg`, encodeJpeg({ width, height: SIZE, data }, 92))
  const { relative } = blockDifference(pair)
  const sorted = relative.map(Math.abs).sort()
  const percent = (x: number) => (100 * x).toFixed(1)
  rows.push(
    `### ${title}\n\n![${title}: by Diorama, by Cycles](pictures/gallery/${name}.jpg)\n\nBlocks of 8 × 8 pixels: median difference ${percent(sorted[sorted.length >> 1]!)} %, 95th percentile ${percent(sorted[Math.floor(sorted.length * 0.95)]!)} %.\n`,
  )
  console.log(rows.at(-1))
}
const made = `Left Diorama, right Cycles ${version}; ${SIZE} × ${SIZE} pixels, ${SPP} samples each, no denoiser.`
writeSection(`${docs}gallery.md`, 'pictures', `${made}\n\n${rows.join('\n')}`)
process.exit(0)
