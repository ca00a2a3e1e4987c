// The formats' real consumers read what we write: NumPy, pycocotools, webdataset. Skipped, with the reason, where they are not installed.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FolderStore } from '../../src/node/index.ts'
import { analyticClip, analyticDataset } from '../analytic.ts'

const python = process.env['DIORAMA_PYTHON'] ?? 'python3'
const here = dirname(fileURLToPath(import.meta.url))
let root: string

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'diorama-python-'))
  const clips = [analyticClip({ frames: 2 }), analyticClip({ frames: 2, index: 1, moving: true })]
  for (const [name, formats] of [
    ['folder', ['folder', 'coco', 'movi']],
    ['packed', ['webdataset']],
  ] as const) {
    const store = new FolderStore(join(root, name))
    for (const [path, bytes] of (await analyticDataset(clips, undefined, [...formats])).blobs) await store.put(path, bytes)
  }
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

for (const [script, needs, packages = needs] of [
  ['layout.py', 'numpy'],
  ['coco.py', 'pycocotools'],
  ['shards.py', 'webdataset'],
  ['movi.py', 'cv2, PIL', 'opencv-python-headless pillow'],
] as const) {
  test(`${needs} reads it (${script})`, context => {
    const found = spawnSync(python, ['-c', `import numpy, ${needs}`], { encoding: 'utf8' })
    if (found.status !== 0) return context.skip(`${python} has no ${needs}: pip install numpy ${packages}, or set DIORAMA_PYTHON`)
    const run = spawnSync(python, [join(here, script), root], { encoding: 'utf8', timeout: 300_000 })
    expect(run.stderr + run.stdout).toMatch(/^ok/m)
    expect(run.status).toBe(0)
  })
}
