import { decodePng } from '@dioramic/codec'
import { expect, test } from 'vitest'
import { analyticClip, analyticDataset } from '../../test/analytic.ts'
import { parseJson } from '../schema/json.ts'
import { MemoryStore } from '../store/memory-store.ts'

interface Transforms {
  w: number
  h: number
  fl_x: number
  fl_y: number
  cx: number
  cy: number
  camera_angle_x: number
  frames: { file_path: string; transform_matrix: number[][] }[]
  train_filenames: string[]
  test_filenames?: string[]
}

test('nerf: points of depth go through the written matrices to where the other frames see them', async () => {
  const clip = analyticClip({ frames: 3, width: 48, height: 36, moving: true })
  const body = { ...clip.body, metadata: { ...clip.body.metadata, splits: { train: [0, 2], test: [1, 9] } } }
  const store = await analyticDataset([{ ...clip, body }], new MemoryStore(), ['folder', 'nerf'])
  const t = parseJson(store.blobs.get('nerf/000000/transforms.json')!, 'transforms') as Transforms
  expect([t.w, t.h, t.frames.length]).toEqual([48, 36, 3])
  expect(Math.tan(t.camera_angle_x / 2) * t.fl_x).toBeCloseTo(24, 9)
  // Frames that were not made are left out of the splits.
  expect(t.train_filenames).toEqual([t.frames[0]!.file_path, t.frames[2]!.file_path])
  expect(t.test_filenames).toEqual([t.frames[1]!.file_path])
  const test = parseJson(store.blobs.get('nerf/000000/transforms_test.json')!, 'test') as Transforms
  expect(test.frames).toEqual([{ file_path: './images/00001', transform_matrix: t.frames[1]!.transform_matrix }])
  for (const f of t.frames) {
    const png = decodePng(store.blobs.get(`nerf/000000/${f.file_path}`)!)
    expect([png.width, png.height]).toEqual([48, 36])
  }

  // OpenGL's camera: a pixel's ray is ((u − cx)/fx, −(v − cy)/fy, −1). What is still must come from and go to where flow says.
  const [first, second] = [clip.frames[0]!, clip.frames[1]!]
  const depth = first.get('depth')!.data
  const flow = first.get('flow-forward')!.data
  const ids = first.get('segmentation')!.data
  const still = new Set(body.instances.filter(i => i.isBackground).map(i => i.id))
  const [m0, m1] = [t.frames[0]!.transform_matrix, t.frames[1]!.transform_matrix]
  let checked = 0
  for (let p = 0; p < 48 * 36; p += 7) {
    const d = depth[p]!
    if (!still.has(ids[p]!) || !Number.isFinite(d)) continue
    const [u, v] = [(p % 48) + 0.5, Math.floor(p / 48) + 0.5]
    const ray = [((u - t.cx) / t.fl_x) * d, (-(v - t.cy) / t.fl_y) * d, -d]
    const world = [0, 1, 2].map(r => m0[r]![0]! * ray[0]! + m0[r]![1]! * ray[1]! + m0[r]![2]! * ray[2]! + m0[r]![3]!)
    const q = [0, 1, 2].map(c => [0, 1, 2].reduce((s, r) => s + m1[r]![c]! * (world[r]! - m1[r]![3]!), 0))
    const image = [t.cx - (t.fl_x * q[0]!) / q[2]!, t.cy + (t.fl_y * q[1]!) / q[2]!]
    expect(Math.abs(image[0]! - u - flow[2 * p]!)).toBeLessThan(1e-3)
    expect(Math.abs(image[1]! - v - flow[2 * p + 1]!)).toBeLessThan(1e-3)
    checked++
  }
  expect(second.size).toBeGreaterThan(0)
  expect(checked).toBeGreaterThan(50)
})

test('nerf: pictures with coverage have an alpha channel that says what is no background', async () => {
  const clip = analyticClip({ frames: 1, width: 48, height: 36 })
  const store = await analyticDataset([clip], new MemoryStore(), ['folder', 'nerf'])
  const png = decodePng(store.blobs.get('nerf/000000/images/00000.png')!)
  const has = clip.frames[0]!.has('coverage')
  expect(png.channels).toBe(has ? 4 : 3)
})
