/**
 * Damage to a real set, with all hashes made right again: the numbers still fit their schema, so only what labels say of each other can tell. Each
 * must be caught, and the damaged file named.
 */
import {
  decodeLayer,
  encodeArrays,
  encodeLayer,
  jsonBytes,
  type Layer,
  labelPage,
  labelSheet,
  layerFile,
  MemoryStore,
  openDataset,
  parseJson,
  type Report,
  reseal,
  type Sample,
  validateDataset,
} from '@dioramic/data'
import { LABELS } from '@dioramic/label'
import { beforeAll, describe, expect, test } from 'vitest'
import { settingsSchema } from '../settings.ts'
import { generate } from './run.ts'

const FRAMES = 3
const WIDTH = 80
const HEIGHT = 60
let clean: MemoryStore

beforeAll(async () => {
  clean = new MemoryStore()
  await generate({
    source: { kind: 'builtin', name: 'movi-a', config: { minCount: 6, maxCount: 6 } },
    store: clean,
    seed: 5,
    count: 1,
    settings: settingsSchema.parse({
      size: [WIDTH, HEIGHT],
      frames: FRAMES,
      spp: 2,
      maxBounces: 2,
      labels: [...LABELS.keys(), 'flow-to-0', 'flow-to-0-mask'],
    }),
    workers: 0,
  })
})

async function damaged(change: (store: MemoryStore) => void | Promise<void>): Promise<Report> {
  const store = new MemoryStore()
  for (const [path, bytes] of clean.blobs) store.blobs.set(path, bytes.slice())
  await change(store)
  await reseal(store)
  const report = await validateDataset(store)
  for (const c of report.checks)
    if (['hash', 'schema', 'manifest', 'missing-file', 'extra-file'].includes(c.name)) expect(c.failed, c.name).toBe(0)
  return report
}

const RECORD = 'samples/000000/sample.json'
async function specs() {
  return new Map((await openDataset(clean)).dataset.layers.map(l => [l.name, l]))
}
const path = async (name: string, frame: number) => `samples/000000/${layerFile(name, frame, (await specs()).get(name)!.encoding)}`
/** Changes a layer's stored values in some frames. */
async function edit(
  store: MemoryStore,
  name: string,
  frames: readonly number[],
  change: (layer: Layer) => ArrayLike<number>,
): Promise<void> {
  const spec = (await specs()).get(name)!
  for (const frame of frames) {
    const at = await path(name, frame)
    const layer = decodeLayer(spec, store.blobs.get(at)!)
    const data = layer.data.slice()
    data.set(change(layer) as never)
    store.blobs.set(at, encodeLayer(spec, { ...layer, data }).bytes)
  }
}
function editRecord(store: MemoryStore, change: (sample: Sample & { instances: Record<string, never>[] }) => void): void {
  const sample = parseJson(store.blobs.get(RECORD)!, 'sample.json') as Sample & { instances: Record<string, never>[] }
  change(sample)
  store.blobs.set(RECORD, jsonBytes(sample))
}

/** Fails unless some finding of one of these checks names one of these files. */
function expectNamed(report: Report, files: readonly string[], checks?: readonly string[]): void {
  const told = report.findings.map(f => `${f.check}: ${f.file}`)
  expect(report.ok, 'the damage passed').toBe(false)
  const named = report.findings.filter(f => files.includes(f.file) && (checks?.includes(f.check) ?? true))
  expect(named.length, `found instead: ${[...new Set(told)].slice(0, 12).join(', ')}`).toBeGreaterThan(0)
}

/** Means of neighbouring columns: half a pixel. Integers take the neighbour's. */
const halfPixel = ({ width, channels, data, dtype, name }: Layer) =>
  Array.from(data, (x, i) => {
    const column = Math.floor(i / channels) % width
    const other = data[column + 1 < width ? i + channels : i]!
    const discrete = dtype === 'u8' || /segmentation|id$|part|material/.test(name)
    return discrete ? other : dtype === 'f32' ? (x + other) / 2 : Math.round((x + other) / 2)
  })
const ALL = [0, 1, 2]

test('the clean set passes', async () => {
  const report = await validateDataset(clean)
  expect(report.findings.map(f => f.message)).toEqual([])
  for (const name of [
    'light',
    'semantic',
    'support',
    'truncation',
    'contacts',
    'materials',
    'scene-flow',
    'amodal',
    'coverage',
    'parts',
    'behind',
    'records',
    'tracks',
    'language',
    'flow',
    'flow-masks',
  ])
    expect(report.checks.find(c => c.name === name)!.judged, name).toBeGreaterThan(0)
})

test('its page shows every layer and says what each label means, in the words of the recipe', async () => {
  const reader = await openDataset(clean)
  const { recipe } = reader
  const page = await labelPage(await reader.sample(0), 1, recipe, 'a <clip>')
  const told = [...recipe.layers.filter(l => l.name !== 'rgb-linear'), ...recipe.instanceLabels]
  for (const { name } of told) expect(page.match(new RegExp(`<(b|th)>${name}</`, 'g')), name).toHaveLength(1)
  expect(page.match(/<img /g)!.length).toBe(page.match(/<figure>/g)!.length)
  expect(page).toContain('<h1>a &lt;clip&gt;</h1>')
  expect(page).toContain('Distance to the first surface along the optical axis; +∞ at a miss.')
})

test('its sheet has a cell for every layer and record, the same bytes each time', async () => {
  const clip = await (await openDataset(clean)).sample(0)
  const sheet = await labelSheet(clip, 1, 80)
  expect(await labelSheet(clip, 1, 80)).toEqual(sheet)
  // All layers but rgb-linear, and boxes, amodal masks, keypoints, tracks, contacts: six a row.
  const cells = clip.layers.length - 1 + 4 + (clip.sample.events.collisions.length > 0 ? 1 : 0)
  const [width, height] = [16, 20].map(at => new DataView(sheet.buffer, sheet.byteOffset).getUint32(at))
  expect([width, height]).toEqual([6 + 6 * 86, 6 + Math.ceil(cells / 6) * (HEIGHT + 20)])
})

describe('light and categories', () => {
  // Which of two parts of one sum it is cannot be told.
  for (const names of [['light-emission'], ['light-diffuse', 'light-specular'], ['light-direct', 'light-indirect']])
    test(`${names[0]} a hundredth too bright`, async () => {
      const report = await damaged(s => edit(s, names[0]!, [1], l => l.data.map(x => 1.01 * x + 1e-4)))
      expectNamed(report, await Promise.all(names.map(name => path(name, 1))))
    })

  test('semantic of one pixel', async () => {
    expectNamed(await damaged(s => edit(s, 'semantic', [1], l => l.data.map((x, p) => (p === 40 ? x + 1 : x)))), [
      await path('semantic', 1),
    ])
  })
})

describe('pixels', () => {
  const flips = ['flow-forward', 'flow-backward', 'flow-to-0', 'scene-flow-forward', 'scene-flow-backward']
  for (const name of flips)
    test(`${name} with its sign flipped`, async () => {
      for (const frames of name === 'flow-backward' ? [[1], ALL] : [[1]])
        expectNamed(await damaged(s => edit(s, name, frames, l => l.data.map(x => -x))), await Promise.all(frames.map(f => path(name, f))))
    })

  for (const name of ['flow-forward', 'uv', 'object-coordinates', 'normal', 'scene-flow-forward'])
    test(`${name} with its first two axes swapped`, async () => {
      const swap = ({ channels, data }: Layer) =>
        Array.from(data, (x, i) => (i % channels === 0 ? data[i + 1]! : i % channels === 1 ? data[i - 1]! : x))
      expectNamed(await damaged(s => edit(s, name, [1], swap)), [await path(name, 1)])
    })

  for (const name of [
    'depth',
    'distance',
    'segmentation',
    'object-coordinates',
    'flow-forward',
    'flow-to-0',
    'scene-flow-forward',
    'coverage-id',
    'part',
    'material',
    'behind-depth',
    'behind-segmentation',
  ])
    test(`${name} moved by half a pixel`, async () => {
      // At an outline both neighbours have both ids: shares and ids then contradict each other, and either may be named.
      const pair = name === 'coverage-id' ? [name, 'coverage'] : [name]
      expectNamed(await damaged(s => edit(s, name, [1], halfPixel)), await Promise.all(pair.map(l => path(l, 1))))
    })

  for (const name of [
    'depth',
    'segmentation',
    'flow-forward',
    'flow-backward',
    'flow-to-0',
    'scene-flow-backward',
    'coverage',
    'coverage-id',
    'part',
    'behind-segmentation',
    'object-coordinates',
  ])
    test(`${name} of the wrong frame`, async () => {
      const report = await damaged(async s => {
        s.blobs.set(await path(name, 1), clean.blobs.get(await path(name, 2))!)
      })
      expectNamed(report, [await path(name, 1)])
    })

  for (const name of ['segmentation', 'behind-segmentation', 'coverage-id', 'part', 'material', 'semantic'])
    test(`${name} with two ids exchanged`, async () => {
      const report = await damaged(s =>
        edit(s, name, [1], ({ data }) => {
          const ids = [...new Set(data)].filter(x => x > 1).slice(0, 2)
          expect(ids.length).toBe(2)
          return data.map(x => (x === ids[0] ? ids[1]! : x === ids[1] ? ids[0]! : x))
        }),
      )
      expectNamed(report, [await path(name, 1)])
    })
})

describe('light', () => {
  test.each(['light-diffuse', 'light-specular', 'light-direct', 'light-indirect'])('%s a tenth too bright', async name => {
    expectNamed(await damaged(s => edit(s, name, [1], l => l.data.map(x => 1.1 * x))), [await path(name, 1)], ['light'])
  })
  test('emission, shadow', async () => {
    expectNamed(
      await damaged(s => edit(s, 'light-emission', [1], l => l.data.map(x => x + 0.01))),
      [await path('light-emission', 1)],
      ['light'],
    )
    expectNamed(await damaged(s => edit(s, 'shadow', [1], l => l.data.map(x => x + 0.5))), [await path('shadow', 1)], ['light'])
  })
})

describe('records', () => {
  type Change = (instance: Record<string, never[]>, sample: Sample) => void
  const cases: [string, readonly string[], Change][] = [
    [
      'one pose off by 1 cm in one frame',
      ['object-coordinates', 'flow', 'boxes', 'records', 'tracks', 'scene-flow'],
      o => ((o['positions']![1] as unknown as number[])[0]! += 0.01),
    ],
    [
      'boxes left over from another size',
      ['boxes'],
      o => (o['boxes2d'] = o['boxes2d']!.map((b: never) => (b as number[] | null)?.map(x => x / 2) ?? null) as never),
    ],
    ['an amodal mask of another frame', ['amodal'], o => o['masksAmodal']!.reverse()],
    ['a visible fraction', ['amodal'], o => ((o['visibleFractions'] as unknown as number[])[1]! -= 0.01)],
    ['what hides it', ['amodal'], o => (o['occludedBy'] as unknown as number[][][])[1]!.push([1, 9])],
    ['a camera-frame position', ['records'], o => ((o['cameraPositions']![1] as unknown as number[])[2]! += 0.01)],
    ['a camera-frame rotation with its axes exchanged', ['records'], o => (o['cameraRotations']![1] as unknown as number[]).reverse()],
    [
      'a keypoint moved by half a pixel',
      ['records'],
      o =>
        (o['keypoints']![1] as unknown as number[][]).forEach(k => {
          k[0]! += 0.5
        }),
    ],
    ['keypoints in another order', ['records'], o => (o['keypoints3d']![1] as unknown as number[][]).reverse()],
    ['energy', ['records'], o => ((o['kineticEnergies'] as unknown as number[])[1]! *= 1.001)],
    ['a force', ['dynamics', 'records'], o => (o['forces'] = o['forces']!.map((f: never) => (f as number[]).map(x => x + 1)) as never)],
    ['what it touches', ['support'], o => (o['touching'] as unknown as number[][])[1]!.push(1)],
    ['a truncated share', ['truncation'], o => ((o['truncatedFractions'] as unknown as number[])[1]! += 0.01)],
    ['a truncated share of area', ['truncation'], o => ((o['truncatedAreaFractions'] as unknown as number[])[1] = 1)],
    ['its category’s number', ['semantic'], o => ((o as never as { categoryId: number }).categoryId += 7)],
    ['contact force with gravity in it', ['records'], o => (o['contactForces'] = o['forces']!)],
  ]
  for (const [what, checks, change] of cases)
    test(what, async () => {
      const report = await damaged(s =>
        editRecord(s, sample => {
          // The object that most pixels show.
          const seen = sample.instances.filter(i => !(i as unknown as { isBackground: boolean }).isBackground)
          const most = seen.reduce((a, b) => (Number(a['visiblePixels']![1]) >= Number(b['visiblePixels']![1]) ? a : b))
          change(most as never, sample)
        }),
      )
      expectNamed(report, [RECORD], checks)
    })

  test('an answer, a program', async () => {
    const turned = (change: (q: { answer: unknown; program: { value?: string }[] }) => void) =>
      damaged(s => editRecord(s, sample => change((sample.language as never as { questions: never[] }).questions[0]!)))
    expectNamed(await turned(q => (q.answer = 'teapot')), [RECORD], ['language'])
    expectNamed(await turned(q => (q.program[q.program.length - 1] = { ...q.program.at(-1)!, ...{ op: 'exist' } })), [RECORD], ['language'])
  })
})

test('raw contacts moved, of other pairs, at other times', async () => {
  const file = 'samples/000000/contacts.npz'
  const contacts = (await (await (await openDataset(clean)).sample(0)).arrays('contacts'))!
  expect(contacts['time']!.data.length).toBeGreaterThan(0)
  for (const [name, change] of [
    ['image_position', (x: number) => x + 0.5],
    ['instances', (x: number, i: number) => (i % 2 === 1 ? x + 1 : x)],
    ['time', (x: number) => x + 0.2],
    ['normal', (x: number) => 1.1 * x],
  ] as const)
    expectNamed(
      await damaged(s => {
        const data = contacts[name]!.data.slice() as Float32Array
        data.set(data.map(change as never))
        s.blobs.set(file, encodeArrays({ ...(contacts as never as Record<string, never>), [name]: { shape: contacts[name]!.shape, data } }))
      }),
      [file],
      ['contacts'],
    )
})

describe('tracks', () => {
  const file = 'samples/000000/tracks.npz'
  for (const [what, name, change] of [
    ['moved by half a pixel', 'target_points', (x: number) => x + 0.5],
    ['with x and y exchanged', 'target_points', (_: number, i: number, a: ArrayLike<number>) => a[i ^ 1]!],
    ['with visibility turned round', 'flags', (x: number) => (x === 0 ? 1 : x === 1 ? 0 : x)],
    ['1 cm beside their objects', 'positions', (x: number, i: number) => (i % 12 === 0 ? x + 0.01 : x)],
    ['of another object', 'instance', (x: number) => (x > 1 ? (x === 2 ? 3 : 2) : x)],
  ] as const)
    test(what, async () => {
      const report = await damaged(async s => {
        const arrays = (await (await (await openDataset(s)).sample(0)).arrays('tracks'))!
        const data = arrays[name]!.data.slice() as Float32Array
        data.set(data.map(change as never))
        const occluded = arrays['flags']!
        const flags = name === 'flags' ? (data as unknown as Uint8Array) : (occluded.data as Uint8Array)
        s.blobs.set(
          file,
          encodeArrays({
            ...(arrays as never as Record<string, never>),
            [name]: { shape: arrays[name]!.shape, data },
            occluded: { shape: occluded.shape, data: flags.map(x => (x === 0 ? 0 : 1)), dtype: 'bool' },
          }),
        )
      })
      expectNamed(report, [file])
    })
})
