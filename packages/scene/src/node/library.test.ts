import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeHdr, encodePng, writeStl } from '@dioramic/codec'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { convexHull } from '../mesh/convex-hull.ts'
import { shapeGeometry } from '../shapes/shape-geometry.ts'
import { addAsset, inspectAsset, loadAssets } from './index.ts'

let folder: string
const OBJ = 'v 0 0 0\nv 10 0 0\nv 0 20 0\nv 0 0 30\nf 1 3 2\nf 1 2 4\nf 1 4 3\nf 2 3 4\n'
const PNG = encodePng({ width: 1, height: 1, channels: 3, bitDepth: 8, data: Uint8Array.of(1, 2, 3) })

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dioramic-assets-'))
  const { mesh } = shapeGeometry('cube')
  await mkdir(join(folder, 'things', 'mug'), { recursive: true })
  await mkdir(join(folder, 'broken'))
  const stl = writeStl({ positions: mesh.positions.map(x => x * 80), indices: mesh.indices, groups: [] })
  await writeFile(join(folder, 'things', 'block.stl'), stl)
  await writeFile(join(folder, 'things', 'mug', 'model.obj'), OBJ)
  await writeFile(join(folder, 'things', 'mug', 'collision.obj'), OBJ)
  await writeFile(join(folder, 'things', 'mug', 'wood.png'), PNG)
  await writeFile(join(folder, 'things', 'room.hdr'), encodeHdr({ width: 8, height: 4, data: new Float32Array(96).fill(0.5) }))
  await writeFile(join(folder, 'board.png'), PNG)
  await writeFile(join(folder, 'broken', 'bad.obj'), 'v 1 2\nf 1 1 1\n')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('loadAssets', () => {
  it('takes a folder with meshes, object folders and HDR pictures, and single files', async () => {
    const { assets, hashes, warnings } = await loadAssets([join(folder, 'things'), join(folder, 'board.png')], {
      cacheDir: join(folder, 'cache'),
    })
    expect([...assets.objects.keys()]).toEqual(['block', 'mug'])
    expect(assets.objects.get('mug')!.hulls).toHaveLength(1)
    expect([...assets.images.keys()].sort()).toEqual(['board', 'mug/wood.png'])
    expect(assets.hdris.get('room')!.data[5]).toBeCloseTo(0.5, 2)
    expect(Object.keys(hashes).sort()).toEqual(['hdris/room', 'images/board', 'objects/block', 'objects/mug'])
    expect(warnings).toEqual([])
    // The decomposition is on disk now, and a spoilt file is made again.
    const [file] = await readdir(join(folder, 'cache'))
    const kept = await readFile(join(folder, 'cache', file!))
    expect(file).toMatch(/^hulls-\d+-[0-9a-f]{64}$/)
    expect(kept.length).toBe(64 + 4 + 4 + 8 * 12)
    // Fresh, from another process's file, and without a cache: the same bits.
    const hulls = assets.objects.get('block')!.hulls
    vi.resetModules()
    const again = await import('./index.ts')
    expect(
      (await again.loadAssets(join(folder, 'things'), { cacheDir: join(folder, 'cache') })).assets.objects.get('block')!.hulls,
    ).toEqual(hulls)
    vi.resetModules()
    const without = await import('./index.ts')
    const nowhere = join(folder, 'board.png', 'cache')
    for (const cacheDir of [null, nowhere])
      expect((await without.loadAssets(join(folder, 'things'), { cacheDir })).assets.objects.get('block')!.hulls).toEqual(hulls)
  })

  it('names what is wrong and where', async () => {
    await expect(loadAssets(join(folder, 'nowhere'))).rejects.toThrow(/nowhere cannot be read: there is no such file or folder/)
    await expect(loadAssets(join(folder, 'broken'))).rejects.toThrow(/asset "bad" \(.*bad\.obj\).*line 1/)
    await expect(loadAssets([join(folder, 'board.png'), join(folder, 'board.png')])).rejects.toThrow(/two assets have the id "board"/)
    await writeFile(join(folder, 'm.json'), '{"objects":[{"id":"x"}]}')
    await expect(loadAssets(join(folder, 'm.json'))).rejects.toThrow(/not an asset manifest[\s\S]*visual/)
    await writeFile(join(folder, 'm.json'), '{"objects":[{"id":"x","visual":"gone.obj"}]}')
    await expect(loadAssets(join(folder, 'm.json'))).rejects.toThrow(/asset "x": .*gone\.obj does not exist/)
    await writeFile(join(folder, 'm.json'), '{')
    await expect(loadAssets(join(folder, 'm.json'))).rejects.toThrow(/m\.json cannot be read as a manifest/)
    await writeFile(join(folder, 'a.txt'), '')
    await expect(loadAssets(join(folder, 'a.txt'))).rejects.toThrow(/not a kind of asset/)
  })

  it('does not follow a mesh file out of its folder', async () => {
    await mkdir(join(folder, 'in'), { recursive: true })
    await writeFile(join(folder, 'out.mtl'), 'newmtl a\nKd 1 0 0\n')
    await writeFile(join(folder, 'in', 'a.obj'), `mtllib ../out.mtl\n${OBJ}`)
    expect((await loadAssets(join(folder, 'in'))).warnings).toEqual(['asset "a": its material file ../out.mtl is not there'])
  })
})

describe('inspectAsset and addAsset', () => {
  it('report scale, topology and mass', async () => {
    const [block] = await inspectAsset(join(folder, 'things', 'block.stl'), { units: 'mm' })
    expect(block).toMatchObject({
      id: 'block',
      watertight: true,
      components: 1,
      units: 'mm',
      suggestedUnits: 'cm',
    })
    expect(block!.size[0]).toBeCloseTo(0.08, 6)
    expect(block!.originInBounds[2]).toBeCloseTo(0.5, 4)
    expect(block!.massAtWater).toBeCloseTo(0.08 * 0.08 * 0.08 * 1000, 5)
    expect(block!.hulls).toBe(1)
  })

  it('write a manifest that loads again, replace by id, and write nothing for a bad mesh', async () => {
    const manifestPath = join(folder, 'mine.json')
    await expect(addAsset(join(folder, 'broken', 'bad.obj'), { manifestPath })).rejects.toThrow(/bad/)
    expect(existsSync(manifestPath)).toBe(false)
    await addAsset(join(folder, 'things', 'block.stl'), { manifestPath, units: 'mm', license: 'CC0-1.0' })
    await addAsset(join(folder, 'things', 'mug', 'model.obj'), { manifestPath, id: 'mug', units: 'cm' })
    const again = await addAsset(join(folder, 'things', 'block.stl'), { manifestPath, units: 'mm', license: 'CC-BY-4.0' })
    expect(again.replaced).toBe(true)
    expect(JSON.parse(await readFile(manifestPath, 'utf8')).objects).toEqual([
      { id: 'block', visual: 'things/block.stl', license: 'CC-BY-4.0', unit_scale: 0.001, up: 'z' },
      { id: 'mug', visual: 'things/mug/model.obj', license: 'unknown', unit_scale: 0.01, up: 'z' },
    ])
    const { assets } = await loadAssets(manifestPath)
    expect(assets.objects.get('block')!.license).toBe('CC-BY-4.0')
    expect((await readdir(folder)).filter(f => f.includes('.part'))).toEqual([])
  })
})

const SHARED = join(import.meta.dirname, '../../../../../shared/assets/manifest.json')

describe.skipIf(!existsSync(SHARED))('scanned objects', () => {
  it('load with textures and hulls; pan and ramekin stay hollow', async () => {
    const { assets, warnings } = await loadAssets(SHARED)
    // Their collision meshes stand 2.3 to 13 mm off what is seen, by the support functions alone.
    expect(warnings).toHaveLength(8)
    for (const w of warnings) expect(w).toMatch(/^asset "\w+": its collision mesh collision\.obj stands up to [\d.]+ mm off what is seen/)
    expect(assets.objects.size).toBe(8)
    expect(assets.images.size).toBe(8)
    // A ball on the floor of each touches no hull: its centre and six points of its skin are outside all.
    for (const [id, [x, y, z], r] of [
      ['chefmate_8_frypan', [0.005, 0, 0.034], 0.018],
      ['glazed_rim_porcelain_ramekin', [0, 0, 0.026], 0.015],
    ] as const) {
      const hulls = assets.objects.get(id)!.hulls.map(h => convexHull(h)!)
      expect(hulls.length).toBeGreaterThan(10)
      for (const d of [
        [0, 0, 0],
        [1, 0, 0],
        [-1, 0, 0],
        [0, 1, 0],
        [0, -1, 0],
        [0, 0, 1],
        [0, 0, -1],
      ] as const) {
        const q = [x + r * d[0], y + r * d[1], z + r * d[2]]
        const within = hulls.some(h => {
          const all = convexHull([...h.positions, ...q])!.positions
          return !Array.from({ length: all.length / 3 }, (_, i) => i).some(i => q.every((v, k) => all[3 * i + k] === Math.fround(v)))
        })
        expect(within, `${id} ${d}`).toBe(false)
      }
    }
  }, 300_000)
})
