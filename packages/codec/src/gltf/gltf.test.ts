import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CodecError } from '../error.ts'
import { encodePng } from '../png/encode.ts'
import { readGltf } from './read.ts'

const pad = (bytes: Uint8Array, fill: number) => Uint8Array.from([...bytes, ...new Array((4 - (bytes.length % 4)) % 4).fill(fill)])

function glb(json: object, binary: Uint8Array): Uint8Array {
  const [a, b] = [pad(new TextEncoder().encode(JSON.stringify(json)), 32), pad(binary, 0)]
  const out = new Uint8Array(28 + a.length + b.length)
  const view = new DataView(out.buffer)
  ;[0x46546c67, 2, out.length, a.length, 0x4e4f534a].forEach((x, i) => {
    view.setUint32(4 * i, x, true)
  })
  out.set(a, 20)
  view.setUint32(20 + a.length, b.length, true)
  view.setUint32(24 + a.length, 0x004e4942, true)
  out.set(b, 28 + a.length)
  return out
}

const png = encodePng({ width: 1, height: 1, channels: 3, bitDepth: 8, data: Uint8Array.of(9, 8, 7) })
const floats = Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0, /* normals */ 0, 0, 1, 0, 0, 1, 0, 0, 1, /* uvs */ 0, 0, 1, 0, 0, 0.25)
const binary = Uint8Array.from([...new Uint8Array(floats.buffer), ...new Uint8Array(Uint16Array.of(0, 1, 2, 0).buffer), ...png])

const triangle = () => ({
  asset: { version: '2.0' },
  scene: 0,
  scenes: [{ nodes: [0] }],
  nodes: [
    { children: [1], rotation: [0, 0, Math.SQRT1_2, Math.SQRT1_2], translation: [0, 0, 5] },
    { name: 'leaf', mesh: 0, scale: [-2, 1, 1] },
  ],
  meshes: [{ primitives: [{ attributes: { POSITION: 0, NORMAL: 1, TEXCOORD_0: 2 }, indices: 3, material: 0 }] }],
  materials: [
    {
      name: 'paint',
      pbrMetallicRoughness: { baseColorFactor: [0.5, 1, 1, 1], baseColorTexture: { index: 0 }, metallicFactor: 0, roughnessFactor: 0.25 },
      alphaMode: 'MASK',
      alphaCutoff: 0.3,
    },
  ],
  textures: [{ source: 0, sampler: 0 }],
  samplers: [{ wrapS: 33071 }],
  images: [{ bufferView: 2, mimeType: 'image/png' }] as object[],
  accessors: [
    { bufferView: 0, componentType: 5126, count: 3, type: 'VEC3' },
    { bufferView: 0, byteOffset: 36, componentType: 5126, count: 3, type: 'VEC3' },
    { bufferView: 0, byteOffset: 72, componentType: 5126, count: 3, type: 'VEC2' },
    { bufferView: 1, componentType: 5123, count: 3, type: 'SCALAR' },
  ],
  bufferViews: [
    { buffer: 0, byteLength: 96 },
    { buffer: 0, byteOffset: 96, byteLength: 6 },
    { buffer: 0, byteOffset: 104, byteLength: png.length },
  ],
  buffers: [{ byteLength: binary.length }] as object[],
})

test('transforms are baked, mirrored triangles turned, v points up, pictures decoded', async () => {
  const scene = await readGltf(glb(triangle(), binary))
  const p = scene.primitives[0]!
  // (x, y, z) → scale (−2x, y, z) → quarter turn about z (−y, −2x, z) → 5 up.
  const wanted = [0, 0, 5, 0, -2, 5, -1, 0, 5]
  for (let i = 0; i < 9; i++) expect(p.positions[i]).toBeCloseTo(wanted[i]!, 6)
  expect([...p.indices]).toEqual([0, 2, 1])
  for (let i = 0; i < 9; i++) expect(p.normals![i]).toBeCloseTo(i % 3 === 2 ? 1 : 0, 6)
  expect([...p.uvs!]).toEqual([0, 1, 1, 1, 0, 0.75])
  expect([scene.up, p.name, p.material, p.node, scene.nodes, scene.animations]).toEqual(['y', 'leaf', 0, 1, [], []])
  expect(scene.materials[0]).toMatchObject({
    name: 'paint',
    baseColor: [0.5, 1, 1, 1],
    baseColorTexture: { image: 0, texCoord: 0, wrapS: 'clamp', wrapT: 'repeat' },
    metallic: 0,
    roughness: 0.25,
    alphaMode: 'mask',
    alphaCutoff: 0.3,
  })
  expect(scene.images[0]).toEqual({ width: 1, height: 1, data: Uint8Array.of(9, 8, 7, 255) })
})

test('factors of Khronos’ material extensions, and where pictures lie', async () => {
  const json = triangle()
  const paint = json.materials[0] as unknown as Record<string, unknown>
  paint['extensions'] = {
    KHR_materials_emissive_strength: { emissiveStrength: 4 },
    KHR_materials_ior: { ior: 1.33 },
    KHR_materials_specular: { specularFactor: 0.5 },
    KHR_materials_transmission: { transmissionFactor: 0.75 },
  }
  paint['emissiveFactor'] = [0.5, 0.25, 0]
  const pbr = paint['pbrMetallicRoughness'] as { baseColorTexture: object }
  pbr.baseColorTexture = { index: 0, extensions: { KHR_texture_transform: { offset: [0.25, 0.5], scale: [2, 3] } } }
  const [m] = (await readGltf(glb(json, binary))).materials
  expect(m).toMatchObject({ emission: [2, 1, 0], ior: 1.33, specular: 0.5, transmission: 0.75 })
  expect(m!.baseColorTexture!.transform).toEqual({ offset: [0.25, 0.5], scale: [2, 3], rotation: 0 })
  paint['extensions'] = { KHR_materials_ior: { ior: 'glass' } }
  await expect(readGltf(glb(json, binary))).rejects.toThrow('KHR_materials_ior has the ior "glass"')
})

test('layers: numbers, pictures with sampler and placement, what each is where left out', async () => {
  const json = triangle()
  const paint = json.materials[0] as unknown as Record<string, unknown>
  const picture = { index: 0, texCoord: 0, extensions: { KHR_texture_transform: { rotation: 0.5, texCoord: 1 } } }
  paint['extensions'] = {
    KHR_materials_anisotropy: { anisotropyStrength: 0.6, anisotropyRotation: -1, anisotropyTexture: picture },
    KHR_materials_clearcoat: { clearcoatFactor: 1, clearcoatRoughnessFactor: 0.2, clearcoatNormalTexture: { index: 0, scale: 2 } },
    KHR_materials_sheen: { sheenColorFactor: [0.1, 0.2, 0.3], sheenRoughnessFactor: 0.4, sheenColorTexture: { index: 0 } },
    KHR_materials_specular: { specularColorFactor: [1, 2, 3], specularTexture: { index: 0 } },
    KHR_materials_volume: { thicknessFactor: 0.1, attenuationDistance: 2, attenuationColor: [1, 0.5, 0.25] },
  }
  const [m] = (await readGltf(glb(json, binary))).materials
  expect(m).toMatchObject({
    anisotropy: 0.6,
    anisotropyRotation: -1,
    anisotropyTexture: { image: 0, texCoord: 1, wrapS: 'clamp', transform: { rotation: 0.5, scale: [1, 1], offset: [0, 0] } },
    clearcoat: 1,
    clearcoatRoughness: 0.2,
    clearcoatNormalScale: 2,
    clearcoatNormalTexture: { image: 0 },
    sheenColor: [0.1, 0.2, 0.3],
    sheenRoughness: 0.4,
    sheenColorTexture: { image: 0, wrapS: 'clamp', wrapT: 'repeat' },
    specularColor: [1, 2, 3],
    specularTexture: { image: 0 },
    thickness: 0.1,
    attenuationDistance: 2,
    attenuationColor: [1, 0.5, 0.25],
  })
  delete paint['extensions']
  const [plain] = (await readGltf(glb(json, binary))).materials
  expect(plain).toMatchObject({
    anisotropy: 0,
    clearcoat: 0,
    sheenColor: [0, 0, 0],
    specularColor: [1, 1, 1],
    thickness: 0,
    attenuationDistance: Infinity,
  })
  paint['extensions'] = { KHR_materials_sheen: { sheenColorTexture: { index: 7 } } }
  await expect(readGltf(glb(json, binary))).rejects.toThrow('KHR_materials_sheen has the sheenColorTexture {"index":7}')
})

test('a .gltf with files beside it and data URIs', async () => {
  const json = triangle()
  json.buffers = [{ uri: 'a%20b.bin', byteLength: binary.length }]
  json.images = [{ uri: `data:image/png;base64,${Buffer.from(png).toString('base64')}` }]
  const bytes = new TextEncoder().encode(JSON.stringify(json))
  const asked: string[] = []
  const scene = await readGltf(bytes, uri => {
    asked.push(uri)
    return binary
  })
  expect(asked).toEqual(['a b.bin'])
  expect(scene.images[0]!.width).toBe(1)
  await expect(readGltf(bytes)).rejects.toThrow('the asset needs the file a%20b.bin')
})

test('what is not read is named', async () => {
  const draco = { ...triangle(), extensionsUsed: ['KHR_draco_mesh_compression'], extensionsRequired: ['KHR_draco_mesh_compression'] }
  await expect(readGltf(glb(draco, binary))).rejects.toThrow('the asset requires KHR_draco_mesh_compression, which is not read')
  await expect(readGltf(new TextEncoder().encode('{"asset":{"version":"1.0"}}'))).rejects.toThrow('glTF version 1.0 is not read')
  await expect(readGltf(new TextEncoder().encode('hello'))).rejects.toThrow('neither GLB nor glTF')
  const used = await readGltf(glb({ ...triangle(), extensionsUsed: ['KHR_materials_variants'] }, binary))
  expect(used.ignoredExtensions).toEqual(['KHR_materials_variants'])
})

test('no corruption escapes as another error', async () => {
  const good = glb(triangle(), binary)
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 })), { maxLength: 4 }),
      fc.nat(good.length),
      async (flips, cut) => {
        const bytes = good.slice()
        for (const [at, bits] of flips) bytes[at]! ^= bits
        try {
          await readGltf(flips.length > 0 ? bytes : bytes.subarray(0, cut))
        } catch (error) {
          if (!(error instanceof CodecError)) throw error
        }
      },
    ),
    { numRuns: 300 },
  )
})
