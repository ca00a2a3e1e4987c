// Every world of the challenges makes three valid samples. What their tasks need is read by the tools that read it.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodePng } from '@dioramic/codec'
import { decodeCoco, openDataset, validateDataset } from '@dioramic/data'
import { FolderStore } from '@dioramic/data/node'
import { COCO_KEYPOINTS, WORLDS } from '@dioramic/worlds'
import { afterAll, describe, expect, test } from 'vitest'
import { type Case, threeClips as threeClipsOf } from './three-clips.ts'

// Views far apart are no film: carried over a quarter of a turn, surfaces meet others, and validation of neighbour frames takes that for a fault. Hence one frame of what is seen from all sides.
const VIEWS = ['segmentation', 'semantic', 'depth', 'box-2d', 'visible-pixels']

/** Config that keeps a world small, labels of its task, formats, frames. */
const CASES: Readonly<Record<string, Case>> = {
  'object-discovery': { config: { level: 1 }, labels: ['kubric'], frames: 2 },
  'optical-flow': { labels: ['flow', 'depth', 'segmentation', 'camera'], frames: 2 },
  'point-tracking': { labels: ['tracks', 'depth'], frames: 3 },
  'texture-structure': { config: { train: 2, val: 1, test: 1 }, labels: VIEWS, formats: ['folder', 'nerf'] },
  'pretraining-views': { config: { views: 3 }, labels: [...VIEWS, 'coverage', 'coverage-id'], formats: ['folder', 'nerf'], frames: 1 },
  'robust-nerf': { config: { views: 4 }, labels: VIEWS, formats: ['folder', 'nerf'] },
  'multi-view-matting': {
    config: { views: 3, difficulty: 'hard' },
    labels: [...VIEWS, 'coverage', 'coverage-id', 'mask-amodal'],
    formats: ['folder', 'nerf'],
  },
  'complex-brdfs': { config: { material: 'either' }, labels: VIEWS, frames: 1 },
  'single-view-reconstruction': { config: { views: 3 }, labels: VIEWS, frames: 1 },
  'video-reconstruction': { labels: ['flow', 'segmentation', 'pose', 'depth'], frames: 3 },
  'semantic-nerf': { config: { views: 3, scene: 'toybox' }, labels: VIEWS, formats: ['folder', 'nerf'], frames: 1 },
  'conditional-views': { config: { minCount: 3, maxCount: 4, given: 2, asked: 1 }, labels: VIEWS, frames: 1 },
  'controllable-nerf': { config: { train: 2, test: 2 }, labels: VIEWS, formats: ['folder', 'nerf'] },
  'human-pose': {
    config: { maxPeople: 1 },
    labels: ['segmentation', 'depth', 'bodies', 'box-3d', 'visible-pixels', 'box-2d', 'part', 'parts'],
    formats: ['folder', 'coco'],
    frames: 1,
  },
}

test('every challenge of the registry is here', () => {
  expect(Object.keys(CASES).filter(name => !WORLDS.has(name))).toEqual([])
})

const threeClips = (name: string) => threeClipsOf(name, CASES[name]!)

describe.each(Object.keys(CASES))('%s', name => {
  test('three samples are valid', async () => {
    const report = await validateDataset(await threeClips(name))
    expect(report.findings.map(f => JSON.stringify(f))).toEqual([])
  })
})

describe('what the tasks need', () => {
  const sampleOf = async (name: string, index = 0) => (await (await openDataset(await threeClips(name))).sample(index)).sample

  test('views for training, validation and test are told apart, and no frame is in two', async () => {
    for (const name of ['texture-structure', 'robust-nerf', 'semantic-nerf', 'controllable-nerf', 'conditional-views', 'complex-brdfs']) {
      const sample = await sampleOf(name)
      const splits = sample.metadata['splits'] as Record<string, number[]>
      const all = Object.values(splits).flat()
      expect(Object.keys(splits).length, name).toBeGreaterThan(1)
      expect(new Set(all).size, name).toBe(all.length)
      if (sample.frames === all.length)
        expect(
          all.sort((a, b) => a - b),
          name,
        ).toEqual(Array.from({ length: sample.frames }, (_, f) => f))
    }
  })

  test('robust-nerf: clean frames show no distractor, the others do, elsewhere each time', async () => {
    const sample = await sampleOf('robust-nerf')
    const distractors = sample.instances.filter(i => i.category === 'distractor')
    expect(distractors).toHaveLength(3)
    const { test } = sample.metadata['splits'] as { test: number[] }
    for (const d of distractors) {
      for (const f of test) expect(d.visiblePixels![f]).toBe(0)
      expect(new Set(d.positions.map(p => p.join())).size).toBe(sample.frames)
    }
    expect(Math.max(...distractors.flatMap(d => d.visiblePixels!))).toBeGreaterThan(5)
  })

  test('controllable-nerf: attributes are what the scene shows', async () => {
    const sample = await sampleOf('controllable-nerf')
    const { turn } = sample.metadata['attributes'] as { turn: number[] }
    const cone = sample.instances.find(i => i.category === 'cone')!
    expect(turn).toHaveLength(sample.frames)
    // Turned about +Y by 1.3 rad times the attribute.
    for (const [f, q] of cone.rotations.entries()) expect(2 * Math.atan2(q[1], q[3])).toBeCloseTo(1.3 * turn[f]!, 5)
  })

  test('texture-structure: the category is the band of the frequency', async () => {
    for (const { category, metadata } of (await sampleOf('texture-structure')).instances) {
      const band = Math.floor((6 * Math.log10(10 * (metadata['frequency'] as number))) / 3)
      expect(category).toBe(`band-${band}`)
    }
  })

  test('matting: pictures of the nerf format have the object’s share as alpha', async () => {
    const store = await threeClips('multi-view-matting')
    const png = decodePng(store.blobs.get('nerf/000000/images/00000.png')!)
    expect(png.channels).toBe(4)
    const clip = await (await openDataset(store)).sample(0)
    const foreground = new Set(clip.sample.instances.filter(i => !i.isBackground).map(i => i.id))
    const ids = (await clip.layer('segmentation', 0)).data
    let inside = 0
    for (let p = 0; p < ids.length; p++) {
      const alpha = png.data[4 * p + 3]!
      // Half of a pixel's filter at least is on the side of its centre, but for thin things.
      if (foreground.has(ids[p]!) && alpha > 250) inside++
    }
    const own = ids.filter((id: number) => foreground.has(id)).length
    expect(inside / own).toBeGreaterThan(0.7)
  })
})

describe('keypoints', () => {
  test('are COCO’s seventeen, in its order', async () => {
    const coco = decodeCoco((await threeClips('human-pose')).blobs.get('coco/instances.json')!)
    const category = coco.categories.find(c => c.name === 'person')!
    expect(category.keypoints).toEqual(COCO_KEYPOINTS.map(k => k.replaceAll('-', '_')))
    const people = coco.annotations.filter(a => a.category_id === category.id)
    expect(people.length).toBeGreaterThan(0)
    for (const a of people) {
      expect(a.keypoints).toHaveLength(51)
      expect(a.num_keypoints).toBe(a.keypoints!.filter((v, i) => i % 3 === 2 && v > 0).length)
      // What is seen of a body lies in its box, to the pixel that a joint may stand off its outline.
      const [x, y, w, h] = a.bbox
      for (let k = 0; k < 51; k += 3) {
        const [u, v, seen] = a.keypoints!.slice(k, k + 3) as [number, number, number]
        if (seen !== 2) continue
        expect(
          u >= x - 1.5 && u <= x + w + 1.5 && v >= y - 1.5 && v <= y + h + 1.5,
          `${COCO_KEYPOINTS[k / 3]} ${u}, ${v} of ${a.bbox}`,
        ).toBe(true)
      }
    }
  })

  const python = process.env['DIORAMA_PYTHON'] ?? 'python3'
  const folder = mkdtempSync(join(tmpdir(), 'diorama-pose-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  test('pycocotools takes the file: the truth scored against itself has an average precision of 1', async context => {
    if (spawnSync(python, ['-c', 'import pycocotools']).status !== 0)
      return context.skip(`${python} has no pycocotools: pip install pycocotools, or set DIORAMA_PYTHON`)
    const store = new FolderStore(folder)
    for (const [path, bytes] of (await threeClips('human-pose')).blobs) await store.put(path, bytes)
    const program = `
import contextlib, io, sys
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval
with contextlib.redirect_stdout(io.StringIO()):
    truth = COCO(sys.argv[1] + '/coco/instances.json')
    person = truth.getCatIds(['person'])
    anns = truth.loadAnns(truth.getAnnIds(catIds=person))
    def score(moved):
        guess = [dict(image_id=a['image_id'], category_id=a['category_id'], score=1.0,
                      keypoints=[k + (moved * a['bbox'][3] if i % 3 != 2 else 0) for i, k in enumerate(a['keypoints'])]) for a in anns]
        e = COCOeval(truth, truth.loadRes(guess), 'keypoints')
        e.params.catIds = person
        e.params.areaRng, e.params.areaRngLbl = [[0, 1e10]], ['all']
        e.evaluate(); e.accumulate()
        return e.eval['precision'].mean()
    exact, off = score(0), score(.5)
assert exact == 1 and off < .1, (exact, off)
print('ok', len(anns))`
    const run = spawnSync(python, ['-c', program, folder], { encoding: 'utf8', timeout: 300_000 })
    expect(run.stderr + run.stdout).toMatch(/^ok [1-9]/)
  })
})
