/** A data set of a body that bends: validated clean, and damage to what is said of its shape is caught and named, hashes redone. */
import {
  decodeLayer,
  encodeLayer,
  jsonBytes,
  layerFile,
  MemoryStore,
  openDataset,
  parseJson,
  type Report,
  reseal,
  type Sample,
  validateDataset,
} from '@dioramic/data'
import { sceneSchema } from '@dioramic/scene'
import { beforeAll, expect, test } from 'vitest'
import { settingsSchema } from '../settings.ts'
import { generate } from './run.ts'

type Turn = [number, number, number, number]
const about = (axis: 0 | 1 | 2, angle: number) =>
  [0, 1, 2, 3].map(k => (k === 3 ? Math.cos(angle / 2) : k === axis ? Math.sin(angle / 2) : 0)) as Turn
const swing = (rate: number) => ({
  keys: Array.from({ length: 9 }, (_, i): [number, Turn] => [(i - 2) / 12, about(1, (rate * (i - 2)) / 12)]),
})
const RINGS = 10
const SIDES = 12
/** A tube on three joints, standing at the origin. */
const ring = Array.from(
  { length: (RINGS + 1) * SIDES },
  (_, i) => [Math.floor(i / SIDES) / RINGS, (2 * Math.PI * (i % SIDES)) / SIDES] as const,
)
const scene = {
  frames: 3,
  fps: 12,
  cameras: [{ position: [0, -3, 0.6], rotation: about(0, Math.PI / 2), focalLength: 45 }],
  environment: { light: { type: 'constant', color: [1, 1, 1] } },
  geometries: {
    tube: {
      type: 'mesh',
      positions: ring.flatMap(([z, a]) => [0.15 * Math.cos(a), 0.15 * Math.sin(a), z]),
      uvs: ring.flatMap(([z, a]) => [a / 7, z]),
      indices: Array.from({ length: RINGS * SIDES }, (_, i) => [i, i - (i % SIDES) + ((i + 1) % SIDES)]).flatMap(([a, b]) => [
        a,
        b,
        b! + SIDES,
        a,
        b! + SIDES,
        a! + SIDES,
      ]),
      skin: {
        joints: [
          { name: 'base' },
          { name: 'middle', parent: 'base', translation: [0, 0, 0.4] },
          { name: 'end', parent: 'middle', translation: [0, 0, 0.4], scale: [1, 1.2, 1] },
        ],
        indices: ring.flatMap(([z]) => (z < 0.5 ? [0, 1, 0, 0] : [1, 2, 0, 0])),
        weights: ring.flatMap(([z]) => [1 - ((2 * z) % 1), (2 * z) % 1, 0, 0]),
      },
    },
    floor: { type: 'shape', shape: 'plane' },
  },
  objects: [
    { id: 1, name: 'floor', geometry: 'floor', scale: [6, 6, 1], isBackground: true },
    {
      id: 7,
      name: 'tube',
      geometry: 'tube',
      rotation: about(2, 0.4),
      pose: { joints: { middle: { rotation: swing(1.2) }, end: { rotation: swing(-2.5) } } },
    },
  ],
}
const labels = [
  'kubric',
  'tracks',
  'bodies',
  'keypoints',
  'mask-amodal',
  'occlusion',
  'scene-flow-forward',
  'scene-flow-backward',
  'normal-shading',
  'normal-camera',
  'part',
  'parts',
]
const make = async (names: readonly string[]) => {
  const store = new MemoryStore()
  await generate({
    source: { kind: 'scene', scene: sceneSchema.parse(scene) },
    store,
    seed: 1,
    count: 1,
    settings: settingsSchema.parse({ size: [80, 60], frames: 3, spp: 2, maxBounces: 2, labels: [...names] }),
    workers: 0,
  })
  return store
}
let clean: MemoryStore
beforeAll(async () => {
  clean = await make(labels)
})

async function damaged(change: (store: MemoryStore) => void | Promise<void>): Promise<Report> {
  const store = new MemoryStore()
  for (const [path, bytes] of clean.blobs) store.blobs.set(path, bytes.slice())
  await change(store)
  await reseal(store)
  return validateDataset(store)
}
const RECORD = 'samples/000000/sample.json'
const editTube = (change: (tube: Record<string, never[]>) => void) => (store: MemoryStore) => {
  const sample = parseJson(store.blobs.get(RECORD)!, 'sample.json') as Sample
  change(sample.instances.find(i => i.id === 7) as never)
  store.blobs.set(RECORD, jsonBytes(sample))
}

test('clean: nothing is found, what is left is said', async () => {
  const report = await validateDataset(clean)
  expect(report.findings.map(f => `${f.check}: ${f.message}`)).toEqual([])
  expect(report.notes.filter(n => n.check === 'deforming').map(n => n.message)).toEqual([
    'bodies that deform ("tube"): object coordinates are not checked against depth',
  ])
  for (const name of ['deforming', 'flow', 'flow-masks', 'tracks', 'amodal', 'boxes', 'warp'])
    expect(report.checks.find(c => c.name === name)!.judged, name).toBeGreaterThan(0)
})

test('without scene flow as well', async () => {
  const report = await validateDataset(await make(['kubric']))
  expect(report.findings.map(f => `${f.check}: ${f.message}`)).toEqual([])
  expect(report.notes.find(n => n.check === 'deforming')!.message).toMatch(/nor flow against it/)
})

const moved = (p: readonly number[]) => [p[0]! + 0.01, p[1], p[2]] as never
const cases: [string, string, (tube: Record<string, never[]>) => void][] = [
  [
    'a joint 1 cm off',
    'deforming',
    t => {
      ;(t['jointPositions']![1] as never[][])[2] = moved((t['jointPositions']![1] as never[][])[2]!)
    },
  ],
  [
    'poses of the wrong frame',
    'deforming',
    t => {
      t['joints']!.reverse()
    },
  ],
  [
    'keypoints of joints exchanged',
    'deforming',
    t => {
      ;(t['jointKeypoints']![1] as never[]).reverse()
    },
  ],
  [
    'a box that is too small',
    'deforming',
    t => {
      t['boxes3d']![1] = (t['boxes3d']![1] as number[][]).map(c => [c[0]!, c[1]!, c[2]! * 0.9]) as never
    },
  ],
  [
    'a box of another frame',
    'deforming',
    t => {
      t['boxes3d']![2] = t['boxes3d']![0]!
    },
  ],
]
test.each(cases)('%s is caught by %s', async (_name, check, change) => {
  const report = await damaged(editTube(change))
  expect(report.findings.filter(f => f.check === check && f.file === RECORD).length).toBeGreaterThan(0)
})

test.each(['flow-forward', 'scene-flow-forward'])('%s of the wrong sign is caught', async layer => {
  const spec = (await openDataset(clean)).dataset.layers.find(l => l.name === layer)!
  const file = `samples/000000/${layerFile(layer, 1, spec.encoding)}`
  const report = await damaged(store => {
    const found = decodeLayer(spec, store.blobs.get(file)!)
    store.blobs.set(file, encodeLayer(spec, { ...found, data: found.data.map(x => -x) as never }).bytes)
  })
  // Flow and scene flow contradict each other; which of the two is wrong, what else is there decides.
  const files = ['flow-forward', 'scene-flow-forward'].map(name => `samples/000000/${layerFile(name, 1, spec.encoding)}`)
  expect(report.findings.some(f => files.includes(f.file))).toBe(true)
})
