// MOVi's form: what is written is read back as it was and agrees with itself; damage and Kubric's known defects are told by name.
import { decodePng, decodeTiff, encodePng, encodeTiff } from '@dioramic/codec'
import { beforeAll, describe, expect, test } from 'vitest'
import { analyticClip, analyticDataset } from '../../../test/analytic.ts'
import { openDataset } from '../../layout/reader.ts'
import { MemoryStore } from '../../store/memory-store.ts'
import { validateDataset } from '../../validate/validate.ts'
import { findMovi, MOVI_BACKGROUND, openMovi } from './read.ts'
import { encodeMovi } from './write.ts'

const FRAMES = 4
let ours: MemoryStore
let movi: MemoryStore

beforeAll(async () => {
  const clips = [0, 1].map(index => analyticClip({ index, frames: FRAMES, width: 112, height: 80, moving: index === 1, spp: 2 }))
  ours = await analyticDataset(clips, undefined, ['folder', 'movi'])
  movi = new MemoryStore({ name: 'movi' })
  for (const [path, bytes] of ours.blobs) if (/^movi\/0/.test(path)) movi.blobs.set(path.slice(5), bytes)
})

test('a set with the form beside it is valid, and every file of it is hashed', async () => {
  expect((await validateDataset(ours)).findings).toEqual([])
  const broken = new MemoryStore()
  for (const [path, bytes] of ours.blobs) broken.blobs.set(path, bytes.slice())
  broken.blobs.get('movi/000001/depth_00002.tiff')![200]! ^= 1
  broken.blobs.set('movi/000002/notes.txt', new Uint8Array(1))
  expect((await validateDataset(broken, { geometry: false })).findings.map(f => `${f.check} ${f.file}`)).toEqual([
    'hash movi/000001/depth_00002.tiff',
    'extra-file movi/000002/notes.txt',
  ])
})

test('the form alone is valid, and its checks had something to judge', async () => {
  const report = await validateDataset(movi)
  expect(report.findings).toEqual([])
  expect([report.samples, report.frames]).toEqual([2, 2 * FRAMES])
  for (const name of [
    'kubric-defects',
    'presence',
    'object-coordinates',
    'flow',
    'flow-cycle',
    'boxes',
    'events',
    'velocity',
    'edges',
    'normal-depth',
  ])
    expect(report.checks.find(c => c.name === name)!.judged, name).toBeGreaterThan(0)
})

test('reading undoes writing: labels of ours, in our conventions', async () => {
  const source = await (await openDataset(ours)).sample(1)
  expect(await findMovi(movi)).toEqual(['000000', '000001'])
  const back = await openMovi(movi, '000001', 1)
  const [a, b] = [source.sample, back.sample]
  // Most pixels first: ids here are places there.
  const seen = a.instances.filter(i => !i.isBackground && i.visiblePixels!.some(n => n > 0))
  const total = (i: (typeof seen)[number]) => i.visiblePixels!.reduce((x, y) => x + y, 0)
  const order = [...seen].sort((x, y) => total(y) - total(x))
  order.forEach((object, k) => {
    const copy = b.instances[k]!
    expect([copy.id, copy.positions, copy.visiblePixels]).toEqual([k + 1, object.positions, object.visiblePixels])
    copy.rotations.flat().forEach((x, i) => {
      expect(x).toBeCloseTo(object.rotations.flat()[i]!, 12)
    })
    copy.boxes2d!.forEach((box, f) => {
      expect(box === null).toBe(object.boxes2d![f] === null)
      box?.forEach((x, i) => {
        expect(x).toBeCloseTo(object.boxes2d![f]![i]!, 9)
      })
    })
    copy.projectedCentres!.forEach((c, f) => {
      expect(c![0]).toBeCloseTo(object.projectedCentres![f]![0], 9)
    })
  })
  expect(b.cameras[0]!.fx[0]).toBeCloseTo(a.cameras[0]!.fx[0]!, 9)
  expect(b.events.collisions[0]!.begin).toBeCloseTo(a.events.collisions[0]!.begin, 12)
  const ids = new Map(order.map((o, k) => [o.id, k + 1]))
  for (const f of [0, FRAMES - 1]) {
    expect((await back.layer('rgb', f)).data).toEqual((await source.layer('rgb', f)).data)
    expect((await back.layer('distance', f)).data).toEqual((await source.layer('distance', f)).data)
    const seg = (await source.layer('segmentation', f)).data
    expect((await back.layer('segmentation', f)).data).toEqual(
      Uint16Array.from(seg, id => (id === 0 ? 0 : (ids.get(id) ?? MOVI_BACKGROUND))),
    )
    for (const [mine, theirs] of [
      ['flow-forward', 'flow-forward'],
      ['flow-backward', 'flow-backward'],
      ['normal', 'normal-shading'],
      ['object-coordinates', 'object-coordinates'],
    ] as const) {
      const [x, y] = [await source.values(mine, f), await back.values(theirs, f)]
      const limit = back.rounding(theirs) + 1e-4 * (mine === 'normal' ? 1 : 0) + 1e-6
      const channels = back.spec(theirs).channels
      x.forEach((v, i) => {
        if (seg[Math.floor(i / channels)] !== 0 && Math.abs(v - y[i]!) > limit) expect.fail(`${mine} ${i}: ${v} read as ${y[i]}`)
      })
    }
  }
})

test('what the form cannot hold is refused by name', async () => {
  const clip = await (await openDataset(ours)).sample(0)
  const all = async (change: (sample: typeof clip.sample) => void) => {
    const sample = structuredClone(clip.sample)
    change(sample)
    const files = encodeMovi(Object.assign(Object.create(Object.getPrototypeOf(clip)), clip, { sample }))
    return (await files.next()).done
  }
  await expect(all(s => (s.cameras[0]!['lens'] = { model: 'fisheye', k: [0, 0, 0, 0] }))).rejects.toThrow(/no centred pinhole/)
  await expect(all(s => (s.cameras[0]!.fx[1]! *= 1.1))).rejects.toThrow(/of one focal length/)
  await expect(all(s => (s.instances[0]!.positions[1] = [1, 0, 0]))).rejects.toThrow(/background "floor" moves/)
})

describe('damage is caught and told by name', () => {
  type Json = Record<string, never> & { instances: Record<string, number[][]>[] }
  async function damaged(
    change: (get: (file: string) => Uint8Array, put: (file: string, bytes: Uint8Array) => void) => void,
    clip = '000001',
  ) {
    const store = new MemoryStore({ name: 'movi' })
    for (const [path, bytes] of movi.blobs) if (path.startsWith(clip)) store.blobs.set(path.slice(7), bytes.slice())
    change(
      file => store.blobs.get(file)!,
      (file, bytes) => store.blobs.set(file, bytes),
    )
    const { findings } = await validateDataset(store)
    return findings.map(f => f.message)
  }
  const json = (file: string, change: (value: Json) => void, clip?: string) =>
    damaged((get, put) => {
      const value = JSON.parse(new TextDecoder().decode(get(file)))
      change(value)
      put(file, new TextEncoder().encode(JSON.stringify(value)))
    }, clip)
  const png = (file: string, change: (data: Uint16Array | Uint8Array, width: number) => ArrayLike<number>, palette = false) =>
    damaged((get, put) => {
      const image = decodePng(get(file), { indices: palette })
      const data = image.data.slice()
      data.set(change(image.data, image.width) as never)
      put(file, encodePng({ ...image, data }, palette ? { palette: new Uint8Array(768) } : {}))
    })

  test('backward flow of the usual sign', async () => {
    const found = await damaged((get, put) => {
      const ranges = JSON.parse(new TextDecoder().decode(get('data_ranges.json')))
      const { min, max } = ranges.backward_flow
      ranges.backward_flow = { min: -max, max: -min }
      put('data_ranges.json', new TextEncoder().encode(JSON.stringify(ranges)))
      for (let f = 0; f < FRAMES; f++) {
        const file = `backward_flow_0000${f}.png`
        const image = decodePng(get(file))
        put(file, encodePng({ ...image, data: (image.data as Uint16Array).map((x, i) => (i % 3 < 2 ? 65535 - x : 0)) }))
      }
    })
    expect(found).toContainEqual(expect.stringMatching(/^backward_flow_00001.png: .*its sign is flipped/))
  })
  test('flow as (right, down)', async () => {
    const found = await png('forward_flow_00001.png', data =>
      data.map((x, i) => (i % 3 === 0 ? data[i + 1]! : i % 3 === 1 ? data[i - 1]! : x)),
    )
    expect(found).toContainEqual(expect.stringMatching(/^forward_flow_00001.png: .*its axes are exchanged/))
  })
  test('flow and segmentation of another frame', async () => {
    for (const name of ['forward_flow', 'segmentation', 'object_coordinates', 'normal']) {
      const found = await damaged((get, put) => put(`${name}_00001.png`, get(`${name}_00002.png`)))
      expect(found, name).toContainEqual(expect.stringMatching(new RegExp(`^${name}_00001.png: `)))
      if (name === 'forward_flow' || name === 'object_coordinates') expect(found.join(), name).toMatch(/frame 2’s/)
    }
  })
  test('half a pixel', async () => {
    for (const name of ['object_coordinates', 'normal']) {
      const found = await png(`${name}_00001.png`, (data, width) =>
        data.map((x, i) => (Math.floor(i / 3) % width < width - 1 ? (x + data[i + 3]!) / 2 : x)),
      )
      expect(found, name).toContainEqual(expect.stringMatching(new RegExp(`^${name}_00001.png: `)))
      if (name === 'object_coordinates') expect(found.join()).toMatch(/sampled 0\.5\d* px right/)
    }
    const depth = await damaged((get, put) => {
      const image = decodeTiff(get('depth_00001.tiff'))
      put('depth_00001.tiff', encodeTiff({ ...image, data: image.data.map((x, i) => (x + (image.data[i + 1] ?? x)) / 2) }))
    })
    expect(depth).toContainEqual(expect.stringMatching(/^depth_00001.tiff: /))
  })
  test('labels sampled beside the pixel centres, as Kubric does', async () => {
    const store = await analyticDataset([analyticClip({ frames: 3, width: 112, height: 80, jitter: 0.5, spp: 1 })], undefined, [
      'folder',
      'movi',
    ])
    const alone = new MemoryStore({ name: 'movi' })
    for (const [path, bytes] of store.blobs) if (/^movi\/0/.test(path)) alone.blobs.set(path.slice(12), bytes)
    const found = (await validateDataset(alone)).findings.map(f => f.message)
    for (const f of [0, 1, 2])
      expect(found).toContainEqual(
        expect.stringMatching(new RegExp(`^object_coordinates_0000${f}.png: .*beside the pixel centres, each pixel elsewhere`)),
      )
  })
  test('two ids exchanged', async () => {
    const found = await png('segmentation_00001.png', data => data.map(x => (x === 1 ? 2 : x === 2 ? 1 : x)), true)
    expect(found).toContainEqual(expect.stringMatching(/^segmentation_00001.png: .*ids 1 and 2 are exchanged/))
  })
  test('one instance off by 1 cm', async () => {
    const found = await json('metadata.json', m => {
      m.instances[0]!['positions']![1]![0]! += 0.01
    })
    expect(found).toContainEqual(expect.stringMatching(/^metadata.json: .*\(id 1\) is seen 10.0 mm from where its pose says/))
  })
  test('counts and boxes left over from a picture twice as large', async () => {
    const found = await json('metadata.json', m => {
      for (const o of m.instances) o['visibility'] = o['visibility']!.map(n => 4 * (n as unknown as number)) as never
    })
    expect(found).toContainEqual(expect.stringMatching(/^metadata.json: .*left over from a picture 2.00 times as large/))
  })
  test('depth along the axis instead of the ray', async () => {
    const source = await (await openDataset(ours)).sample(1)
    const depth = await source.values('depth', 1)
    const found = await damaged((_, put) => put('depth_00001.tiff', encodeTiff({ width: 112, height: 80, data: depth })))
    expect(found).toContainEqual(expect.stringMatching(/^depth_00001.tiff: .*depth is along the optical axis/))
  })
  test('a lost frame', async () => {
    const found = await damaged((get, put) => put('normal_00002.png', get('normal_00002.png').subarray(0, 40)))
    expect(found).toContainEqual(expect.stringMatching(/^normal_00002.png/))
  })

  type Change = (value: never) => void
  const DEFECTS: readonly [name: string, file: string, change: Change][] = [
    ['field-of-view-in-degrees', 'metadata.json', (m: { camera: { field_of_view: number } }) => (m.camera.field_of_view *= 180 / Math.PI)],
    ['width-and-height-exchanged', 'metadata.json', (m: { camera: { K: number[][] } }) => (m.camera.K[1]![1]! *= (80 / 112) ** 2)],
    [
      'quaternions-not-normalised',
      'metadata.json',
      (m: { instances: { quaternions: number[][] }[] }) => (m.instances[0]!.quaternions[1]![0]! *= 1.1),
    ],
    ['num-instances', 'metadata.json', (m: { metadata: { num_instances: number } }) => m.metadata.num_instances++],
    ['order', 'metadata.json', (m: { instances: { visibility: number[] }[] }) => (m.instances[2]!.visibility[0]! += 9999)],
    ['flow-without-range', 'data_ranges.json', (r: Record<string, unknown>) => delete r['forward_flow']],
    ['flow-range-empty', 'data_ranges.json', (r: Record<string, unknown>) => (r['forward_flow'] = { min: 2, max: 2 })],
    ['collision-with-65535', 'events.json', (e: { collisions: { instances: number[] }[] }) => (e.collisions[0]!.instances[0] = 65535)],
  ]
  test.each(DEFECTS)('%s', async (name, file, change) => {
    expect(await json(file, change as never)).toContainEqual(expect.stringMatching(new RegExp(`^${file}: (.*; )?${name}: `)))
  })
  test('collision-image-position-of-the-last-camera', async () => {
    const source = (await (await openDataset(ours)).sample(1)).sample
    const [c, at] = [source.cameras[0]!, source.events.collisions[0]!.position]
    const k = FRAMES - 1
    const [x, y, z, w] = c.rotations[k]!
    const d = at.map((p, i) => p - c.positions[k]![i]!)
    const [a, b, e] = [-x, -y, -z]
    const t = [2 * (b * d[2]! - e * d[1]!), 2 * (e * d[0]! - a * d[2]!), 2 * (a * d[1]! - b * d[0]!)]
    const q = [
      d[0]! + w * t[0]! + b * t[2]! - e * t[1]!,
      d[1]! + w * t[1]! + e * t[0]! - a * t[2]!,
      d[2]! + w * t[2]! + a * t[1]! - b * t[0]!,
    ]
    const found = await json('events.json', v => {
      ;(v as never as { collisions: { image_position: number[] }[] }).collisions[0]!.image_position = [
        (c.cx[k]! + (c.fx[k]! * q[0]!) / -q[2]!) / 112,
        (c.cy[k]! - (c.fy[k]! * q[1]!) / -q[2]!) / 80,
      ]
    })
    expect(found).toContainEqual(expect.stringMatching(/^events.json: collision-image-position-of-the-last-camera: /))
  })
})
