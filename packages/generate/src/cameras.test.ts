/** Several cameras a clip: every one is seen, labelled, stored, packed, listed and checked, and one camera alone is as it was. */
import {
  DatasetWriter,
  decodeCoco,
  decodeLayer,
  encodeLayer,
  jsonBytes,
  type Layer,
  layerFile,
  MemoryStore,
  openDataset,
  parseJson,
  type Report,
  reseal,
  type Sample,
  type SampleReader,
  validateDataset,
} from '@dioramic/data'
import { selectLabels } from '@dioramic/label'
import { createRenderer } from '@dioramic/render'
import { loadKernel } from '@dioramic/render/node'
import { cameraAt, NO_ASSETS, quat, type SceneInput } from '@dioramic/scene'
import { camera, stereoRig } from '@dioramic/worlds'
import { beforeAll, describe, expect, test } from 'vitest'
import { Collector } from './collect.ts'
import { runInline } from './inline.ts'
import { planRecipe } from './recipe.ts'
import { settingsSchema } from './settings.ts'
import { sceneSource } from './source.ts'

const settingsOf = (labels: string) =>
  settingsSchema.parse({ spp: 1, maxBounces: 2, labels: selectLabels(labels).map(l => ('name' in l ? l.name : l.spec.name)) })
const BASELINE = 0.12
const left = camera({ position: [0.1, -2.2, 1.1], lookAt: [0, 0, 0.3], resolution: [40, 30] })
/** Two things that fall over a floor; with a `height` they touch nothing. */
const scene = (cameras: SceneInput['cameras'], height = 0): SceneInput => ({
  frames: 2,
  cameras,
  environment: { light: { type: 'constant', color: [1, 1, 1] } },
  geometries: {
    plane: { type: 'shape', shape: 'plane' },
    cube: { type: 'shape', shape: 'cube' },
    ball: { type: 'shape', shape: 'sphere' },
  },
  materials: { white: { baseColor: [0.8, 0.8, 0.8] }, red: { baseColor: [0.7, 0.05, 0.05] }, black: { baseColor: [0.02, 0.02, 0.05] } },
  objects: [
    { id: 1, name: 'floor', geometry: 'plane', material: 'white', scale: [6, 6, 1], isBackground: true, body: { type: 'static' } },
    {
      id: 2,
      name: 'box',
      geometry: 'cube',
      material: 'red',
      scale: [0.5, 0.4, 0.5],
      position: [-0.2, 0, 0.4 + height],
      rotation: [...quat.fromAxisAngle([0, 0, 1], 0.5)],
      body: { type: 'dynamic', velocity: [1, 0, 0] },
    },
    {
      id: 3,
      name: 'ball',
      geometry: 'ball',
      material: 'black',
      scale: [0.4, 0.4, 0.4],
      position: [0.4 + height, -0.2, 0.25 + height],
      body: { type: 'dynamic' },
    },
  ],
})

async function made(
  cameras: SceneInput['cameras'],
  formats: readonly ('folder' | 'webdataset' | 'coco')[] = ['folder', 'coco'],
  chosen = 'kubric,tracks',
  height = 0,
) {
  const settings = settingsOf(chosen)
  const store = new MemoryStore()
  const source = sceneSource(scene(cameras, height))
  const labels = selectLabels(settings.labels.join(','))
  const writer = await DatasetWriter.begin(
    store,
    planRecipe({ source, seed: 1, count: 1, settings, labels, formats: [...formats], hashes: {} }),
  )
  const renderer = await createRenderer(await loadKernel())
  const collector = new Collector(writer)
  await runInline([0], collector, { renderer, source, seed: 1, settings, assets: NO_ASSETS, labels })
  await collector.idle()
  await writer.finish()
  return { store, clip: await (await openDataset(store)).sample(0) }
}

const column = (clip: SampleReader, id: number, name: string) => clip.sample.instances.find(i => i.id === id)![name] as unknown[]

test('a stereo rig: both cameras have every layer and column, disparity is fx·B/depth, and the set is valid', async () => {
  const rig = stereoRig(left, BASELINE)
  const { store, clip } = await made(rig, ['folder', 'coco'], 'kubric,tracks,disparity,disparity-mask')
  const right = clip.view('right')
  expect(clip.sample.cameras.map(c => c.name)).toEqual(['left', 'right'])
  expect(right.sample.cameras.map(c => c.name)).toEqual(['right', 'left'])
  expect(right.layers.map(l => l.name)).toEqual(clip.layers.map(l => l.name))
  expect(Object.keys(right.sample.files).length * 2).toBe(Object.keys(clip.sample.files).length)
  expect(Object.keys(clip.sample.files)).toContain('views/right/tracks.npz')
  const [depth, ids, there, idsThere] = [
    await clip.values('depth', 0),
    (await clip.layer('segmentation', 0)).data,
    await right.values('depth', 0),
    (await right.layer('segmentation', 0)).data,
  ]
  let [same, seen] = [0, 0]
  for (let p = 0; p < 1200; p++) {
    const u = (p % 40) + 0.5 - (left.resolution[0] * (35 / 32) * BASELINE) / depth[p]!
    const column = Math.floor(u)
    if (ids[p] !== 1 || column < 0 || !(Math.abs(u - column - 0.5) < 0.1)) continue
    seen++
    const q = Math.floor(p / 40) * 40 + column
    // Depth is the same in both pictures of a rig; what the box hides from one camera is not the floor.
    if (idsThere[q] === 1 && Math.abs(there[q]! / depth[p]! - 1) < 1e-5) same++
  }
  expect(seen).toBeGreaterThan(30)
  expect(same / seen).toBeGreaterThan(0.8)
  // Columns of the right camera are its own; poses are not written twice.
  const centre = (c: SampleReader) => (column(c, 2, 'projectedCentres') as number[][])[0]!
  const deep = (column(clip, 2, 'projectedDepths') as number[])[0]!
  expect(centre(clip)[0]! - centre(right)[0]!).toBeCloseTo((40 * (35 / 32) * BASELINE) / deep, 6)
  expect(centre(clip)[1]).toBeCloseTo(centre(right)[1]!, 9)
  expect(clip.sample.views![0]!.instances[1]).not.toHaveProperty('positions')
  expect(right.sample.instances[1]!.positions).toEqual(clip.sample.instances[1]!.positions)

  const report = await validateDataset(store)
  expect(report.findings).toEqual([])
  expect(report.checks.find(c => c.name === 'flow')!.judged).toBeGreaterThanOrEqual(4)

  const coco = decodeCoco(await store.get('coco/instances.json'))
  expect(coco.images.map(i => i.id)).toEqual([1, 2, 104_857_600_001, 104_857_600_002])
  expect(coco.images[2]!.file_name).toBe('samples/000000/views/right/rgb/00000.png')
})

const LENSES = ['plain', 'bent', 'wide', 'flat', 'whole', 'rolling'] as const

describe('every lens, zoomed and rolling', () => {
  let whole: Awaited<ReturnType<typeof made>>
  beforeAll(async () => {
    const place = { position: left.position, rotation: left.rotation, resolution: [40, 30] as [number, number] }
    const zoomed = {
      keys: [
        [-0.2, 24],
        [0.2, 36],
      ] as [number, number][],
      interpolation: 'linear' as const,
    }
    const labels =
      'kubric,tracks,geometry,keypoints,pose-camera,dynamics,stereo-to-plain,stereo-to-plain-mask,stereo-to-whole,stereo-to-whole-mask'
    whole = await made(
      [
        { ...place, name: 'plain', focalLength: zoomed },
        { ...place, name: 'bent', distortion: { k: [-0.25, 0.06], p: [1e-3, -2e-3], s: [1e-3, 0, 0, 0] } },
        { ...place, name: 'wide', type: 'fisheye', focalLength: 12, distortion: [-0.02, 0.004, -0.003, 5e-4] },
        { ...place, name: 'flat', type: 'orthographic', extent: 3 },
        { ...place, name: 'whole', type: 'equirectangular', position: [0.3, -1.9, 1.1] },
        { ...place, name: 'rolling', readout: 0.03, focalLength: zoomed },
      ],
      ['folder'],
      labels,
      0.3,
    )
  })

  const folder = (view: string) => (view === 'plain' ? 'samples/000000' : `samples/000000/views/${view}`)
  /** The report after a change of a layer through each camera, hashes made right again. */
  async function damaged(change: (store: MemoryStore) => Promise<void>) {
    const store = new MemoryStore()
    for (const [path, bytes] of whole.store.blobs) store.blobs.set(path, bytes.slice())
    await change(store)
    await reseal(store)
    return validateDataset(store)
  }
  const edit = (layer: string, change: (layer: Layer) => ArrayLike<number>) =>
    damaged(async store => {
      const spec = whole.clip.spec(layer)
      for (const view of LENSES) {
        const path = `${folder(view)}/${layerFile(layer, 0, spec.encoding)}`
        const old = decodeLayer(spec, await store.get(path))
        const data = old.data.slice()
        data.set(change(old) as never)
        await store.put(path, encodeLayer(spec, { ...old, data }).bytes)
      }
    })
  const files = (report: Report) => new Set(report.findings.map(f => f.file))
  const told = (report: Report, view: string, layer: string) =>
    report.findings.filter(f => f.file.startsWith(`${folder(view)}/${layer}/`)).map(f => f.message)

  test('makes a valid set, and everything is checked', async () => {
    expect(whole.clip.views.length).toBe(6)
    for (const view of whole.clip.views) expect((await view.layer('segmentation', 0)).data.some(x => x === 2)).toBe(true)
    const report = await validateDataset(whole.store)
    expect(report.findings).toEqual([])
    expect(report.notes.filter(n => n.check === 'presence')).toEqual([])
    for (const name of ['depth-distance', 'object-coordinates', 'normal-depth', 'records', 'scene-flow'])
      expect(report.checks.find(c => c.name === name)!.judged, name).toBeGreaterThanOrEqual(12)
    // Two flows and two stereo layers a frame and camera.
    expect(report.checks.find(c => c.name === 'flow')!.judged).toBeGreaterThanOrEqual(48)
  })

  test.each(['flow-forward', 'scene-flow-forward', 'stereo-to-whole'])('%s with its sign flipped', async layer => {
    const report = await edit(layer, l => l.data.map(x => -x))
    // Parallel rays and the camera’s own picture have no way to go.
    for (const view of LENSES)
      if (!(layer === 'stereo-to-whole' && view === 'whole'))
        expect(told(report, view, layer).join(), view).toMatch(layer.startsWith('scene') ? /disagree/ : /its sign is flipped/)
  })

  test.each(['depth', 'segmentation', 'object-coordinates', 'flow-forward'])('%s moved by half a pixel', async layer => {
    const halved = ({ data, width, channels, dtype }: Layer) =>
      Array.from(data, (x, i) => {
        const other = Math.floor(i / channels) % width < width - 1 ? data[i + channels]! : x
        return layer === 'segmentation' ? other : dtype === 'f32' ? (x + other) / 2 : Math.round((x + other) / 2)
      })
    const report = await edit(layer, halved)
    for (const view of LENSES) expect(told(report, view, layer).length, view).toBeGreaterThan(0)
  })

  test('ids exchanged', async () => {
    const report = await edit('segmentation', l => l.data.map(x => (x === 2 ? 3 : x === 3 ? 2 : x)))
    // The same in every camera: the record may be at fault as well.
    expect(LENSES.every(view => told(report, view, 'segmentation').length > 0) || files(report).has('samples/000000/sample.json')).toBe(
      true,
    )
    expect(report.findings.filter(f => /ids 2 and 3 are exchanged/.test(f.message)).length).toBeGreaterThanOrEqual(LENSES.length)
  })

  test('one pose off by 1 cm, one camera off by 1 cm', async () => {
    const record = 'samples/000000/sample.json'
    const shifted = (pick: (s: Sample) => { positions: [number, number, number][] }) =>
      damaged(async store => {
        const sample = parseJson(await store.get(record), record) as Sample
        pick(sample).positions[0]![0] += 0.01
        await store.put(record, jsonBytes(sample))
      })
    const posed = await shifted(s => s.instances[1]!)
    expect([...files(posed)]).toContain(record)
    expect(posed.findings.filter(f => /"box" \(id 2\) is seen 10.0 mm from where its pose says/.test(f.message)).length).toBeGreaterThan(4)
    for (const [k, view] of LENSES.entries()) {
      const report = await shifted(s => s.cameras[k]!)
      expect(
        report.findings.some(f => f.file === record),
        view,
      ).toBe(true)
    }
  })
})

test('damage to another camera’s picture is found and named', async () => {
  const { store, clip } = await made(stereoRig(left, BASELINE), ['folder'], 'kubric,disparity,disparity-mask')
  for (const folder of ['samples/000000', 'samples/000000/views/right']) {
    const path = `${folder}/disparity/00001.npz`
    const spec = clip.spec('disparity')
    const whole = await store.get(path)
    const layer = decodeLayer(spec, whole)
    await store.put(path, encodeLayer(spec, { ...layer, data: layer.data.map(x => -x) as Float32Array }).bytes)
    const named = (await validateDataset(store)).findings.filter(f => f.check === 'flow')
    expect(named.map(f => f.message)).toEqual([expect.stringMatching(new RegExp(`^${path}: .*its sign is flipped`))])
    await store.put(path, whole)
  }
  const [a, b] = ['samples/000000/views/right/depth/00000.npz', 'samples/000000/depth/00000.npz']
  await store.put(a, await store.get(b))
  const { findings } = await validateDataset(store)
  expect(findings.map(f => f.file)).toContain(a)
})

test('packed and unpacked sets hold the same clip through every camera', async () => {
  const rig = stereoRig(left, BASELINE)
  const [folder, packed] = [await made(rig, ['folder']), await made(rig, ['webdataset'])]
  for (const name of ['left', 'right']) {
    const [one, other] = [folder.clip.view(name), packed.clip.view(name)]
    expect(other.sample.instances).toEqual(one.sample.instances)
    for (const layer of ['rgb', 'depth', 'flow-forward'])
      expect((await other.layer(layer, 1)).data).toEqual((await one.layer(layer, 1)).data)
  }
  expect((await validateDataset(packed.store)).findings).toEqual([])
  expect(() => folder.clip.view('middle')).toThrow('sample 0 has no camera "middle"; it has: left, right')
})

test('the first camera’s files are the bytes it has alone', async () => {
  const [alone, both] = [await made([{ ...left, name: 'left' }], ['folder']), await made(stereoRig(left, BASELINE), ['folder'])]
  const files = Object.keys(alone.clip.sample.files)
  expect(files.every(f => !f.startsWith('views/'))).toBe(true)
  for (const file of files) expect(both.clip.sample.files[file], file).toEqual(alone.clip.sample.files[file])
  expect(both.clip.sample.instances).toEqual(alone.clip.sample.instances)
  expect(alone.clip.sample).not.toHaveProperty('views')
})

test('a rig that moves and turns keeps its baseline', () => {
  const moving = {
    ...left,
    position: {
      keys: [
        [0, [0, 0, 0]],
        [1, [1, 0, 0]],
      ] as [number, [number, number, number]][],
      interpolation: 'linear' as const,
    },
    rotation: {
      keys: [
        [0, [0, 0, 0, 1]],
        [1, [...quat.fromAxisAngle([0, 1, 0], 1)]],
      ] as [number, [number, number, number, number]][],
      interpolation: 'linear' as const,
    },
  }
  const [, right] = stereoRig(moving, BASELINE)
  for (let t = 0; t <= 1; t += 0.013) {
    const [a, b] = [cameraAt(moving, t), cameraAt(right, t)]
    const apart = quat.rotate(quat.conjugate(a.rotation), [0, 1, 2].map(i => b.position[i]! - a.position[i]!) as [number, number, number])
    expect(Math.hypot(apart[0] - BASELINE, apart[1], apart[2])).toBeLessThan(BASELINE / 2000)
    expect(b.rotation).toEqual(a.rotation)
  }
  expect(() => stereoRig(left, 0)).toThrow(/must be positive/)
})
