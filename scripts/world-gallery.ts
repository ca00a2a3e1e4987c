/**
 * A picture of every built-in world, and the gallery of docs/worlds.md that shows them:
 *
 *     node --conditions=@dioramic/source scripts/world-gallery.ts [names]
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { decodePng, encodeJpeg } from '@dioramic/codec'
import { WORLDS } from '@dioramic/worlds'
import { writeSection } from './section.ts'

/** Clips whose first frame shows little with seed 1: a bus before the car, a dark hall. */
const OTHER_SEEDS: Readonly<Record<string, number>> = { synthia: 3, 'human-pose': 4 }
/** Pictures in a row. */
const COLUMNS = 4

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = join(root, 'docs/pictures/worlds')
mkdirSync(folder, { recursive: true })
const scratch = mkdtempSync(join(tmpdir(), 'diorama-gallery-'))
const asked = process.argv.slice(2)
for (const name of [...WORLDS.keys()].filter(n => asked.length === 0 || asked.includes(n))) {
  const file = join(scratch, 'frame.png')
  const wide = name === 'virtual-kitti'
  execFileSync(
    process.execPath,
    [
      ...[
        '--conditions=@dioramic/source',
        '--disable-warning=ExperimentalWarning',
        'packages/cli/src/main.ts',
        'render',
        name,
        '--out',
        file,
      ],
      ...['--seed', String(OTHER_SEEDS[name] ?? 1), '--size', wide ? '320x160' : '256x192', '--frame', '0'],
    ],
    { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
  )
  const { width, height, channels, data } = decodePng(readFileSync(file))
  const rgb = new Uint8Array(width * height * 3)
  for (let p = 0; p < width * height; p++) for (let c = 0; c < 3; c++) rgb[3 * p + c] = data[channels * p + c]!
  writeFileSync(join(folder, `${name}.jpg`), encodeJpeg({ width, height, data: rgb }, 90))
  console.log(name)
}
rmSync(scratch, { recursive: true })

const cells = [...WORLDS.keys()].map(name => `![${name}](pictures/worlds/${name}.jpg)<br>\`${name}\``)
const rows = Array.from({ length: Math.ceil(cells.length / COLUMNS) }, (_, i) => {
  const row = cells.slice(i * COLUMNS, (i + 1) * COLUMNS)
  return `| ${[...row, ...Array<string>(COLUMNS - row.length).fill('')].join(' | ')} |`
})
const table = [`|${'   |'.repeat(COLUMNS)}`, `|${' - |'.repeat(COLUMNS)}`, ...rows].join('\n')
writeSection(join(root, 'docs/worlds.md'), 'worlds', `${table}\n`)
