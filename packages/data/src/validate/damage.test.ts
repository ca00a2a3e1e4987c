// Damage after which all hashes are made right again: only geometry can tell. The truth is analytic (test/analytic.ts).
import { beforeAll, describe, expect, test } from 'vitest'
import { type AnalyticClip, analyticClip, analyticDataset, SPECS } from '../../test/analytic.ts'
import { decodeLayer, encodeLayer } from '../layer/encode.ts'
import type { Layer } from '../layer.ts'
import { layerFile } from '../layout/paths.ts'
import { reseal } from '../layout/reseal.ts'
import { jsonBytes, parseJson } from '../schema/json.ts'
import type { Sample } from '../schema/sample.ts'
import { MemoryStore } from '../store/memory-store.ts'
import type { Report } from './report.ts'
import { validateDataset } from './validate.ts'

/** The first, the last, and two that have both neighbours. */
const FRAMES = 4
const KINDS = ['a resting camera', 'a flying camera'] as const
let sets: Record<(typeof KINDS)[number], MemoryStore>

beforeAll(async () => {
  const make = (moving: boolean): AnalyticClip => analyticClip({ frames: FRAMES, width: 128, height: 96, moving })
  sets = { 'a resting camera': await analyticDataset([make(false)]), 'a flying camera': await analyticDataset([make(true)]) }
})

const spec = (name: string) => SPECS.find(s => s.name === name)!
const path = (name: string, frame: number) => `samples/000000/${layerFile(name, frame, spec(name).encoding)}`
const copy = (store: MemoryStore) => {
  const out = new MemoryStore()
  for (const [p, b] of store.blobs) out.blobs.set(p, b.slice())
  return out
}
const edit = (store: MemoryStore, name: string, frame: number, change: (layer: Layer) => Layer) =>
  store.blobs.set(path(name, frame), encodeLayer(spec(name), change(decodeLayer(spec(name), store.blobs.get(path(name, frame))!))).bytes)
function editRecord(store: MemoryStore, change: (sample: Sample) => void): void {
  const sample = parseJson(store.blobs.get('samples/000000/sample.json')!, 'sample.json') as Sample
  change(sample)
  store.blobs.set('samples/000000/sample.json', jsonBytes(sample))
}

async function judge(kind: (typeof KINDS)[number], damage: (store: MemoryStore) => void): Promise<Report> {
  const store = copy(sets[kind])
  damage(store)
  await reseal(store)
  const report = await validateDataset(store)
  expect(
    report.checks.filter(c => ['hash', 'schema', 'manifest', 'missing-file', 'extra-file'].includes(c.name)).every(c => c.failed === 0),
  ).toBe(true)
  return report
}

/** Fails, and names a damaged file with a check. */
function expectCaught(report: Report, files: readonly string[]): void {
  expect(report.ok, 'the damage passed').toBe(false)
  const named = report.findings.filter(f => files.includes(f.file))
  expect(named.length, `named instead: ${[...new Set(report.findings.map(f => `${f.file} (${f.check})`))].join(', ')}`).toBeGreaterThan(0)
  expect(named[0]!.message).toContain(named[0]!.file)
}

/** Content moved by half a pixel: means of neighbours, or the value found there for what cannot be averaged. */
function halfShift(layer: Layer, dx: number, dy: number): Layer {
  const { width, height, channels, data } = layer
  const out = data.slice()
  const discrete = layer.name === 'segmentation' || layer.name.endsWith('-mask')
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < channels; c++) {
        const at = (y * width + x) * channels + c
        const other = (Math.min(Math.max(y + dy, 0), height - 1) * width + Math.min(Math.max(x + dx, 0), width - 1)) * channels + c
        out[at] = discrete
          ? data[other]!
          : layer.dtype === 'f32'
            ? (data[at]! + data[other]!) / 2
            : Math.round((data[at]! + data[other]!) / 2)
      }
  return { ...layer, data: out }
}

for (const kind of KINDS) {
  describe(kind, () => {
    test('the clean set passes, and every check had something to judge', async () => {
      const report = await validateDataset(sets[kind])
      expect(report.findings).toEqual([])
      expect(report.ok).toBe(true)
      // Labels that this world does not have; generate/src/node/damage.test.ts damages those of a real set.
      const absent = [
        'deforming',
        'truncation',
        'semantic',
        'light',
        'dynamics',
        'support',
        'contacts',
        'scene-flow',
        'amodal',
        'coverage',
        'parts',
        'behind',
        'records',
        'tracks',
        'language',
      ]
      for (const c of report.checks) if (!absent.includes(c.name)) expect(c.judged, c.name).toBeGreaterThan(0)
    })

    for (const { name } of SPECS) {
      test(`swapped neighbour frames of ${name}`, async () => {
        for (const f of kind === KINDS[0] ? [0] : [2]) {
          const report = await judge(kind, store => {
            const [a, b] = [store.blobs.get(path(name, f))!, store.blobs.get(path(name, f + 1))!]
            store.blobs.set(path(name, f), b)
            store.blobs.set(path(name, f + 1), a)
          })
          expectCaught(report, [path(name, f), path(name, f + 1)])
        }
      })

      test(`${name} of one frame moved by half a pixel`, async () => {
        for (const [dx, dy] of kind === KINDS[0] ? [[1, 0] as const] : [[0, -1] as const])
          expectCaught(await judge(kind, store => edit(store, name, 2, layer => halfShift(layer, dx, dy))), [path(name, 2)])
      })

      test(`${name} of all frames moved by half a pixel`, async () => {
        const report = await judge(kind, store => {
          for (let f = 0; f < FRAMES; f++) edit(store, name, f, layer => halfShift(layer, 1, 0))
        })
        expectCaught(
          report,
          Array.from({ length: FRAMES }, (_, f) => path(name, f)),
        )
      })
    }

    for (const name of ['flow-forward', 'flow-backward']) {
      test(`${name} with its sign flipped`, async () => {
        for (const f of [0, 2, FRAMES - 1])
          expectCaught(await judge(kind, s => edit(s, name, f, layer => ({ ...layer, data: layer.data.map(x => -x) }))), [path(name, f)])
      })
    }

    test('swapped instance ids: in segmentation of one frame, and in the record', async () => {
      const report = await judge(kind, s =>
        edit(s, 'segmentation', 1, layer => ({ ...layer, data: layer.data.map(id => (id === 2 ? 7 : id === 7 ? 2 : id)) })),
      )
      expectCaught(report, [path('segmentation', 1)])
      const record = await judge(kind, s =>
        editRecord(s, sample => {
          const [a, b] = [sample.instances[1]!, sample.instances[2]!]
          ;[a.id, b.id] = [b.id, a.id]
        }),
      )
      expectCaught(record, ['samples/000000/sample.json'])
    })

    test('a wrong camera: intrinsics, position, a neighbour’s pose', async () => {
      const record = ['samples/000000/sample.json']
      expectCaught(await judge(kind, s => editRecord(s, x => (x.cameras[0]!.cx = x.cameras[0]!.cx.map(v => v + 0.5)))), record)
      expectCaught(await judge(kind, s => editRecord(s, x => (x.cameras[0]!.fx = x.cameras[0]!.fx.map(v => v * 1.001)))), record)
      expectCaught(await judge(kind, s => editRecord(s, x => (x.cameras[0]!.positions[2]![0] += 1e-3))), record)
    })

    test('wrong poses, boxes, counts, velocities and events', async () => {
      const record = ['samples/000000/sample.json']
      const damages: ((s: Sample) => void)[] = [
        s => (s.instances[1]!.positions[1]![0] += 1e-3),
        s => (s.instances[3]!.boxes3d![2]![4]![1] += 1e-3),
        s => (s.instances[1]!.boxes2d![2]![2] += 1),
        s => (s.instances[1]!.boxes2dAmodal![2]![2] -= 3),
        s => (s.instances[2]!.visiblePixels![0]! += 1),
        s => (s.instances[3]!.velocities![1]![2] *= -1),
        s => (s.instances[1]!.projectedCentres![3]![0] += 0.01),
        s => (s.events.collisions[0]!.position[2] += 1),
        s => (s.events.collisions[0]!.imagePosition![0] += 5),
        s => (s.events.collisions[0]!.instances = [1, 9]),
        s => s.instances[1]!.rotations.reverse(),
      ]
      for (const change of damages)
        expectCaught(await judge(kind, s => editRecord(s, change)), [...record, path('segmentation', 0), path('segmentation', 2)])
    })
  })
}

describe('pictures exchanged between clips', () => {
  let pair: MemoryStore
  const rgb = (clip: number, frame: number) => `samples/${String(clip).padStart(6, '0')}/${layerFile('rgb', frame, 'png')}`
  const exchange = async (frames: readonly number[]) => {
    const store = copy(pair)
    for (const f of frames) {
      const [a, b] = [store.blobs.get(rgb(0, f))!, store.blobs.get(rgb(1, f))!]
      store.blobs.set(rgb(0, f), b)
      store.blobs.set(rgb(1, f), a)
    }
    await reseal(store)
    return validateDataset(store)
  }

  beforeAll(async () => {
    const clips = [0, 1].map(index => analyticClip({ index, frames: FRAMES, width: 128, height: 96 }))
    pair = await analyticDataset(clips)
  })

  test('the clean set passes, without notes', async () => {
    const report = await validateDataset(pair)
    expect([report.findings, report.notes]).toEqual([[], []])
  })

  test('all frames, and one: the clip and the frame are named', async () => {
    const whole = await exchange([0, 1, 2, 3])
    for (const clip of [0, 1])
      expect(whole.findings.filter(f => f.check === 'correspondence' && f.sample === clip).map(f => f.message)).toEqual([
        expect.stringMatching(/rgb is not a picture of what the labels show/),
      ])
    const one = await exchange([2])
    expect(one.findings.map(f => f.file)).toEqual(expect.arrayContaining([rgb(0, 2), rgb(1, 2)]))
  })

  test('noise alone is said to tell nothing', async () => {
    const store = copy(pair)
    let x = 1
    const noise = () => {
      x = (Math.imul(x, 1664525) + 1013904223) >>> 0
      return x >>> 24
    }
    for (let f = 0; f < FRAMES; f++) edit(store, 'rgb', f, layer => ({ ...layer, data: layer.data.map(noise) }))
    await reseal(store)
    expect((await validateDataset(store)).notes).toEqual(
      expect.arrayContaining([
        { check: 'correspondence', sample: 0, message: expect.stringMatching(/too noisy, or its objects stand out too little/) },
        { check: 'edges', sample: 0, message: expect.stringMatching(/too noisy, or its outlines are too few/) },
      ]),
    )
  })
})
