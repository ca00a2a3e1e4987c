// BOP's folders: the model of every object, put where scene_gt.json says and seen by cam_K, is what masks, boxes and depth show; BOP's own toolkit reads them.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MemoryStore, validateDataset } from '@dioramic/data'
import { FolderStore } from '@dioramic/data/node'
import { labelName, selectLabels } from '@dioramic/label'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { generate, sourceRef } from '../../src/node/index.ts'
import { settingsSchema } from '../../src/settings.ts'

const python = process.env['DIORAMA_PYTHON'] ?? 'python3'
const here = dirname(fileURLToPath(import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'diorama-bop-'))
const store = new MemoryStore()
const settings = (labels: string) =>
  settingsSchema.parse({ size: [128, 96], frames: 1, spp: 1, maxBounces: 1, labels: selectLabels(labels).map(labelName) })

beforeAll(async () => {
  const source = sourceRef('bin-picking', { minCount: 5, maxCount: 7 })
  await generate({ source, store, seed: 2, count: 2, settings: settings('bop'), formats: ['folder', 'bop'], workers: 0 })
  const out = new FolderStore(folder)
  for (const [path, bytes] of store.blobs) await out.put(path, bytes)
}, 120_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const json = (path: string) => JSON.parse(new TextDecoder().decode(store.blobs.get(`bop/${path}`)!))

test('every file is hashed; the pair has its files by sensor, both models of a clip of like parts are one', async () => {
  const report = await validateDataset(store, { geometry: false })
  expect(report.findings).toEqual([])
  const scenes = ['000000', '000001'].map(scene => json(`train_pbr/${scene}/scene_gt_cam1.json`)['0'] as { obj_id: number }[])
  for (const [i, objects] of scenes.entries()) {
    // The bin and the parts; the bench is a background.
    expect(objects.length).toBeGreaterThanOrEqual(6)
    expect(new Set(objects.map(o => o.obj_id)).size, `scene ${i}`).toBe(2)
  }
  const ids = scenes.flat().map(o => o.obj_id)
  expect(Object.keys(json('models/models_info.json')).map(Number)).toEqual([...new Set(ids)].sort((a, b) => a - b))
  expect(json('camera_cam2.json')).toMatchObject({ width: 128, height: 96, depth_scale: 0.1 })
  for (const kind of ['rgb', 'depth', 'mask', 'mask_visib'])
    for (const sensor of ['cam1', 'cam2'])
      expect(
        [...store.blobs.keys()].some(p => p.startsWith(`bop/train_pbr/000000/${kind}_${sensor}/000000`)),
        kind,
      ).toBe(true)
  // The right camera is 0.1 m to the right of the left one.
  const [left, right] = ['cam1', 'cam2'].map(c => json(`train_pbr/000000/scene_gt_${c}.json`)['0'][0].cam_t_m2c as number[])
  expect(left!.map((x, i) => x - right![i]!)).toEqual([expect.closeTo(100, 6), expect.closeTo(0, 6), expect.closeTo(0, 6)])
})

test('a set without the labels is refused before a frame is made', async () => {
  const run = generate({
    source: sourceRef('bin-picking', {}),
    store: new MemoryStore(),
    seed: 1,
    count: 1,
    settings: settings('kubric'),
    formats: ['folder', 'bop'],
    workers: 0,
  })
  await expect(run).rejects.toThrow('--format bop needs the labels mask-amodal, truncation, meshes, too; add bop to --labels')
})

for (const [script, needs, packages] of [
  ['reprojection.py', 'cv2', 'opencv-python-headless'],
  ['toolkit.py', 'bop_toolkit_lib.inout', 'git+https://github.com/thodan/bop_toolkit'],
] as const)
  test(`${needs} reads it (${script})`, context => {
    if (spawnSync(python, ['-c', `import numpy, ${needs}`]).status !== 0)
      return context.skip(`${python} has no ${needs}: pip install numpy ${packages}, or set DIORAMA_PYTHON`)
    const run = spawnSync(python, [join(here, script), join(folder, 'bop')], { encoding: 'utf8', timeout: 300_000 })
    expect(run.stderr + run.stdout).toMatch(/^ok/m)
    expect(run.status).toBe(0)
  })
