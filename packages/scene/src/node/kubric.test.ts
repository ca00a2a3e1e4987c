import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeHdr, encodeTar, gzip, sha256 } from '@dioramic/codec'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadAssets } from './library.ts'

const text = (s: string) => new TextEncoder().encode(s)
/** A box of 1 × 2 × 3 m, as an OBJ. */
const BOX = [
  ...[0, 1].flatMap(z => [0, 1].flatMap(y => [0, 1].map(x => `v ${x} ${2 * y} ${3 * z}`))),
  ...['1 3 4 2', '5 6 8 7', '1 2 6 5', '3 7 8 4', '1 5 7 3', '2 4 8 6'].map(f => `f ${f}`),
].join('\n')

const archive = (folder = '') =>
  gzip(
    encodeTar([
      { name: `${folder}visual_geometry.obj`, bytes: text(BOX) },
      { name: `${folder}collision_geometry.obj`, bytes: text(BOX) },
      { name: `${folder}data.json`, bytes: text('{}') },
    ]),
  )

describe('manifests as Kubric writes them', () => {
  let server: Server
  let url: string
  const files = new Map<string, Uint8Array>()
  const asked: string[] = []
  const cache = mkdtempSync(join(tmpdir(), 'diorama-kubric-'))
  const before = process.env['DIORAMA_CACHE']

  beforeAll(async () => {
    process.env['DIORAMA_CACHE'] = cache
    server = createServer((request, response) => {
      const path = decodeURIComponent(request.url!)
      asked.push(path)
      const bytes = files.get(path)
      response.statusCode = bytes ? 200 : 404
      response.end(bytes)
    })
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
    url = `http://127.0.0.1:${(server.address() as { port: number }).port}`
    const box = archive()
    const sky = encodeHdr({ width: 4, height: 2, data: Float32Array.from({ length: 24 }, (_, i) => 0.1 * (i + 1)) })
    files.set('/gso/Box_A.tar.gz', box)
    files.set('/gso/Box B.tar.gz', archive('Box B/'))
    files.set('/gso/sky.hdr', sky)
    const manifest = {
      name: 'GSO',
      data_dir: 'gs://a-bucket-that-answers-no-more/GSO',
      version: '1.0',
      assets: {
        Box_A: {
          asset_type: 'FileBasedObject',
          license: 'CC BY 4.0',
          sha256: sha256(box),
          kwargs: {
            render_filename: '{asset_dir}/visual_geometry.obj',
            mass: 6,
            bounds: [
              [0, 0, 0],
              [1, 2, 3],
            ],
          },
          metadata: { category: 'Toys' },
        },
        'Box B': { asset_type: 'FileBasedObject', path: '', license: 'CC0', kwargs: {}, metadata: {} },
        sky: { asset_type: 'Texture', path: 'sky.hdr', license: 'CC0' },
      },
    }
    files.set('/gso/GSO.json', text(JSON.stringify(manifest)))
    files.set('/gso/bad.json', text(JSON.stringify({ assets: { Box_A: { ...manifest.assets.Box_A, sha256: '0'.repeat(64) } } })))
    files.set('/gso/out.json', text(JSON.stringify({ assets: { x: { asset_type: 'Texture', path: '../../etc/passwd' } } })))
  })
  afterAll(() => {
    if (before === undefined) delete process.env['DIORAMA_CACHE']
    else process.env['DIORAMA_CACHE'] = before
    server.close()
    rmSync(cache, { recursive: true, force: true })
  })

  test('a mirror: objects, categories, licences, HDR pictures; the second time nothing is fetched', async () => {
    const first = await loadAssets(`${url}/gso/GSO.json`)
    expect([...first.assets.objects.keys()]).toEqual(['Box B', 'Box_A'])
    const box = first.assets.objects.get('Box_A')!
    expect([box.license, box.category, first.assets.objects.get('Box B')!.license]).toEqual(['CC BY 4.0', 'Toys', 'CC0'])
    const z = [...box.mesh.positions].filter((_, i) => i % 3 === 2)
    expect(Math.max(...z) - Math.min(...z)).toBe(3)
    expect(first.assets.hdris.get('sky')!.width).toBe(4)
    expect(asked.filter(p => p.endsWith('.gz'))).toHaveLength(2)
    const again = await loadAssets(`${url}/gso/GSO.json`)
    expect(again.hashes).toEqual(first.hashes)
    expect(asked).toHaveLength(4)
  })

  test('a selection takes some of it', async () => {
    const ids = async (selection: string) => [...(await loadAssets(`${url}/gso/GSO.json#${selection}`)).assets.objects.keys()]
    expect(await ids('Box_A')).toEqual(['Box_A'])
    const two = await loadAssets(`${url}/gso/GSO.json#2`)
    expect(two.assets.objects.size + two.assets.hdris.size).toBe(2)
    await expect(loadAssets(`${url}/gso/GSO.json#Box_C`)).rejects.toThrow(/has no asset "Box_C"; did you mean "Box_A"/)
  })

  test('a file with another hash, one that is not there, a way out and plain http are refused', async () => {
    await expect(loadAssets(`${url}/gso/bad.json`)).rejects.toThrow(/Box_A\.tar\.gz has the sha256 [0-9a-f]{64}, not 0{64}/)
    await expect(loadAssets(`${url}/gso/none.json`)).rejects.toThrow(/none\.json cannot be fetched: the server answers 404/)
    await expect(loadAssets(`${url}/gso/out.json`)).rejects.toThrow(/asset "x": its path .* leads out of its folder/)
    await expect(loadAssets('http://example.org/GSO.json')).rejects.toThrow(
      /fetched over https only; write https:\/\/example\.org\/GSO\.json/,
    )
  })

  test('a damaged file of the cache is fetched again', async () => {
    const { readdirSync } = await import('node:fs')
    const folder = join(cache, 'assets')
    const kept = readdirSync(folder).filter(f => /^[0-9a-f]{64}$/.test(f))
    expect(kept.length).toBeGreaterThanOrEqual(4)
    for (const f of kept) writeFileSync(join(folder, f), Buffer.concat([readFileSync(join(folder, f)), Buffer.from([0])]))
    const n = asked.length
    expect((await loadAssets(`${url}/gso/GSO.json`)).assets.objects.size).toBe(2)
    expect(asked.length - n).toBe(4)
  })

  test('a folder: archives, or what is unpacked already, beside the manifest', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'diorama-gso-'))
    try {
      writeFileSync(join(folder, 'GSO.json'), files.get('/gso/GSO.json')!)
      writeFileSync(join(folder, 'Box_A.tar.gz'), files.get('/gso/Box_A.tar.gz')!)
      writeFileSync(join(folder, 'sky.hdr'), files.get('/gso/sky.hdr')!)
      await expect(loadAssets(join(folder, 'GSO.json'))).rejects.toThrow(/Box B\.tar\.gz does not exist/)
      const { mkdirSync } = await import('node:fs')
      mkdirSync(join(folder, 'Box B'))
      writeFileSync(join(folder, 'Box B', 'visual_geometry.obj'), BOX)
      const { assets } = await loadAssets(join(folder, 'GSO.json'))
      expect([assets.objects.size, assets.hdris.size]).toEqual([2, 1])
      expect(existsSync(join(folder, 'Box_A'))).toBe(false)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
