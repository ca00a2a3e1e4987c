import { encodePng } from '@dioramic/codec'
import { describe, expect, it } from 'vitest'
import { bounds } from '../mesh/bounds.ts'
import { massProperties } from '../mesh/mass-properties.ts'
import { watertightness } from '../mesh/watertightness.ts'
import { type ImportOptions, importMesh } from './import.ts'

const text = (s: string) => new TextEncoder().encode(s)
const png = (r: number, g: number, b: number, a = 255) =>
  encodePng({ width: 1, height: 1, channels: 4, bitDepth: 8, data: Uint8Array.of(r, g, b, a) })
const FACES = 'f 1 3 2\nf 1 2 4\nf 1 4 3\nf 2 3 4\n'
const CORNERS = 'v 0 0 0\nv 10 0 0\nv 0 20 0\nv 0 0 30\n'
const run = (files: Record<string, Uint8Array | string>, options?: ImportOptions) =>
  importMesh(new Map(Object.entries(files).map(([k, v]) => [k, typeof v === 'string' ? text(v) : v])), Object.keys(files)[0]!, options)

describe('importMesh', () => {
  it('turns units and axes into metres and +Z up', async () => {
    const z = await run({ 'a.obj': CORNERS + FACES }, { units: 'mm' })
    expect(bounds(z.object.mesh.positions).max.map(x => Math.round(x * 1e6))).toEqual([10000, 20000, 30000])
    const y = await run({ 'a.obj': CORNERS + FACES }, { units: 'cm', up: 'y' })
    const b = bounds(y.object.mesh.positions)
    expect([...b.min, ...b.max].map(x => Math.round(x * 100))).toEqual([0, -30, 0, 10, 0, 20])
    expect(massProperties(y.object.mesh).volume).toBeCloseTo((0.1 * 0.2 * 0.3) / 6, 8)
    expect(watertightness(y.object.mesh).watertight).toBe(true)
    expect(y.object.hulls).toHaveLength(1)
    expect(y.object.sha256).not.toBe(z.object.sha256)
    await expect(run({ 'a.obj': CORNERS + FACES }, { units: -1 })).rejects.toThrow(/unit -1 is not known/)
  })

  it('makes parts of materials and reads MTL with pictures', async () => {
    const obj = `mtllib m.mtl\n${CORNERS}usemtl a\nf 1 3 2\nusemtl b\nf 1 2 4\nusemtl a\nf 1 4 3\nf 2 3 4\n`
    const mtl = 'newmtl a\nKd 0.5 0.25 1\nNs 98\nNi 1.5\nnewmtl b\nmap_Kd sub\\t.png\nPr 0.3\n'
    const { object, images, warnings } = await run({ 'x/a.obj': obj, 'x/m.mtl': mtl, 'x/sub/t.png': png(9, 8, 7) })
    expect(object.mesh.parts).toEqual([
      { firstTriangle: 0, triangles: 3, material: 'a' },
      { firstTriangle: 3, triangles: 1, material: 'b' },
    ])
    expect(object.materials['a']).toMatchObject({ baseColor: [0.5, 0.25, 1], ior: 1.5 })
    expect(object.materials['a']!.roughness).toBeCloseTo(0.02 ** 0.25, 12)
    expect(object.materials['b']).toMatchObject({ baseColor: { texture: 'a/t.png' }, roughness: 0.3 })
    expect([...images.get('a/t.png')!.data]).toEqual([9, 8, 7, 255])
    expect(warnings).toEqual([])
  })

  it('tolerates an absent material file, silently when a texture is given', async () => {
    const obj = `mtllib gone.mtl\n${CORNERS}usemtl skin\n${FACES}`
    expect((await run({ 'a.obj': obj })).warnings).toEqual(['asset "a": its material file gone.mtl is not there'])
    const given = await run({ 'a.obj': obj, 't.png': png(1, 2, 3) }, { texture: 't.png' })
    expect(given.warnings).toEqual([])
    expect(given.object.materials['skin']!.baseColor).toEqual({ texture: 'a/t.png', channel: 'r' })
    await expect(run({ 'a.obj': obj }, { texture: 't.png' })).rejects.toThrow(/asset "a".*no file t.png/)
  })

  it('drops degenerate triangles with a count, and refuses what cannot be used', async () => {
    const dropped = await run({ 'a.obj': `${CORNERS}${FACES}f 1 1 2\nv 20 0 0\nf 1 2 5\n` })
    expect(dropped.object.mesh.indices.length).toBe(12)
    expect(dropped.warnings[0]).toBe('asset "a": 2 degenerate triangles (of 6) were dropped')
    await expect(run({ 'a.obj': 'v 0 0 0\nv 1 0 0\nv 2 0 0\nf 1 2 3\n' })).rejects.toThrow(/no area/)
    await expect(run({ 'a.obj': 'v 0 0 nan\n' })).rejects.toThrow(/asset "a" \(a\.obj\)/)
    await expect(run({ 'a.obj': '' })).rejects.toThrow(/asset "a"/)
    await expect(run({ 'a.fbx': 'x' })).rejects.toThrow(/not a mesh file that can be read; use one of \.obj, \.ply/)
    await expect(run({ 'a.stl': 'garbage' })).rejects.toThrow(/asset "a"/)
  })

  it('asks about units when the size is odd', async () => {
    expect((await run({ 'a.obj': CORNERS.replaceAll('0 ', '00 ').replace('30', '300') + FACES })).warnings[0]).toMatch(
      /units\? In (cm|mm) it would/,
    )
    expect((await run({ 'a.obj': CORNERS + FACES }, { units: 1e-5 })).warnings[0]).toMatch(/0\.000300 m, read in 0\.00001 m: units\?/)
    expect((await run({ 'a.obj': CORNERS + FACES })).warnings).toEqual([])
  })

  it('takes one hull a group of a collision mesh, and keeps a hollow one hollow', async () => {
    const box = (x: number, first: number) =>
      `o box${first}\n${Array.from({ length: 8 }, (_, i) => `v ${x + (i & 1)} ${(i >> 1) & 1} ${i >> 2}`).join('\n')}\n${[
        [1, 3, 4, 2],
        [5, 6, 8, 7],
        [1, 2, 6, 5],
        [3, 7, 8, 4],
        [1, 5, 7, 3],
        [2, 4, 8, 6],
      ]
        .map(f => `f ${f.map(i => i + first).join(' ')}`)
        .join('\n')}\n`
    const two = await run({ 'a.obj': box(0, 0) + box(5, 8), 'c.obj': box(0, 0) + box(5, 8) }, { collision: 'c.obj', units: 'cm' })
    expect(two.object.hulls.map(h => h.length / 3)).toEqual([8, 8])
    expect(Math.max(...two.object.hulls[1]!)).toBeCloseTo(0.06, 6)
    // A square frame: corners outside and inside, below and above, and the quads between them.
    const corners = [-1, 1].flatMap(z =>
      [1, 0.6].flatMap(r =>
        [
          [-r, -r],
          [r, -r],
          [r, r],
          [-r, r],
        ].map(([x, y]) => `v ${x} ${y} ${0.2 * z}`),
      ),
    )
    const quads = [0, 1, 2, 3].flatMap(i => {
      const j = (i + 1) % 4
      return [
        [i, j, j + 8, i + 8],
        [j + 4, i + 4, i + 12, j + 12],
        [j, i, i + 4, j + 4],
        [i + 8, j + 8, j + 12, i + 12],
      ]
    })
    const frame = `g frame\n${corners.join('\n')}\n${quads.map(q => `f ${q.map(i => i + 1).join(' ')}`).join('\n')}\n`
    const hollow = await run({ 'a.obj': frame, 'frame.obj': frame }, { collision: 'frame.obj' })
    expect(hollow.object.hulls.length).toBeLessThanOrEqual(6)
    expect(hollow.warnings).toHaveLength(1)
    expect(hollow.warnings[0]).toMatch(/group "frame" is not convex; it was decomposed into [456] hulls/)
    expect(two.warnings).toEqual([])
    // A collision mesh that stands off what is seen, on its outside or in its hollow, is not used.
    const off = await run({ 'a.obj': box(0, 0) + box(5, 8), 'c.obj': box(0, 0) + box(5.2, 8) }, { collision: 'c.obj', units: 'cm' })
    expect(off.warnings).toEqual([
      'asset "a": its collision mesh c.obj stands up to 2 mm off what is seen (more than 1 mm); hulls of the visual mesh are used instead',
    ])
    expect(Math.max(...off.object.hulls.flatMap(h => [...h]))).toBeCloseTo(0.06, 6)
    const filled = await run({ 'a.obj': frame, 'c.obj': box(0, 0) }, { collision: 'c.obj' })
    expect(filled.warnings[0]).toMatch(/stands up to .* off what is seen/)
    expect(filled.object.hulls.length).toBe(hollow.object.hulls.length)
  })

  it('reads glTF: +Y up, metres, factors baked into pictures, cut-outs', async () => {
    const positions = Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1)
    const indices = Uint16Array.of(0, 2, 1, 0, 1, 3, 0, 3, 2, 1, 2, 3)
    const bytes = new Uint8Array(72)
    bytes.set(new Uint8Array(positions.buffer))
    bytes.set(new Uint8Array(indices.buffer), 48)
    const gltf = {
      asset: { version: '2.0' },
      scene: 0,
      scenes: [{ nodes: [0] }],
      nodes: [{ mesh: 0 }],
      meshes: [{ primitives: [{ attributes: { POSITION: 0 }, indices: 1, material: 0 }] }],
      accessors: [
        { bufferView: 0, componentType: 5126, count: 4, type: 'VEC3', min: [0, 0, 0], max: [1, 1, 1] },
        { bufferView: 1, componentType: 5123, count: 12, type: 'SCALAR' },
      ],
      bufferViews: [
        { buffer: 0, byteLength: 48 },
        { buffer: 0, byteOffset: 48, byteLength: 24 },
      ],
      buffers: [{ uri: 'a.bin', byteLength: 72 }],
      images: [{ uri: 'p.png' }],
      textures: [{ source: 0 }],
      materials: [
        {
          name: 'leaf',
          alphaMode: 'MASK',
          alphaCutoff: 0.25,
          pbrMetallicRoughness: {
            baseColorTexture: { index: 0 },
            baseColorFactor: [0, 1, 1, 1],
            metallicFactor: 0.5,
            roughnessFactor: 0.25,
          },
        },
      ],
    }
    const { object, images } = await run({ 'a.gltf': JSON.stringify(gltf), 'a.bin': bytes, 'p.png': png(200, 100, 50, 80) })
    expect(bounds(object.mesh.positions)).toEqual({ min: [0, -1, 0], max: [1, 0, 1] })
    const leaf = object.materials['leaf']!
    expect(leaf).toMatchObject({ metallic: 0.5, roughness: 0.25, opacity: { channel: 'a' } })
    const { texture } = leaf.baseColor as { texture: string }
    expect([...images.get(texture)!.data]).toEqual([0, 100, 50, 255])
  })
})
