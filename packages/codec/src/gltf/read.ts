import {
  type Accessor,
  GLB_BUFFER,
  Logger,
  type Material,
  type Mesh,
  type Primitive,
  type Texture,
  type TextureInfo,
  WebIO,
} from '@gltf-transform/core'
import { CodecError, guardedAsync } from '../error.ts'
import type { RgbaImage } from '../jpeg.ts'
import { decodeImage } from '../rgba.ts'
import { type GltfJson, openContainer } from './container.ts'
import type { GltfMaterial, GltfPrimitive, GltfScene, GltfTexture } from './gltf.ts'
import { determinant, type Matrix, meshNodes, moveNormals, movePoints } from './nodes.ts'

/** Extensions that need nothing of a reader that already takes every component type. */
const TRANSPARENT = new Set(['KHR_mesh_quantization'])

/**
 * Reads a GLB or glTF 2.0: the triangles of the default scene with their node's transform applied, materials and decoded pictures.
 * `resolve` gives the bytes of files the asset names. Skins, animations and morph targets are counted, not applied. Extensions that the
 * file requires and this reader lacks (Draco, meshopt, …) are an error. Throws CodecError.
 */
export function readGltf(bytes: Uint8Array, resolve?: (uri: string) => Uint8Array): Promise<GltfScene> {
  return guardedAsync('gltf', () => read(bytes, resolve))
}

async function read(bytes: Uint8Array, resolve?: (uri: string) => Uint8Array): Promise<GltfScene> {
  const { json, binary } = openContainer(bytes)
  const missing = (json.extensionsRequired ?? []).filter(e => !TRANSPARENT.has(e))
  if (missing.length > 0)
    throw new CodecError(
      'gltf.unsupported',
      `the asset requires ${missing.join(', ')}, which is not read`,
      'extensionsRequired',
      'Export it without compression and required extensions',
    )
  delete json.extensionsRequired
  const resources: Record<string, Uint8Array<ArrayBuffer>> = {}
  if (binary) resources[GLB_BUFFER] = Uint8Array.from(binary)
  for (const { uri } of [...(json.buffers ?? []), ...(json.images ?? [])])
    if (uri && !uri.startsWith('data:')) resources[uri] = fetchFile(uri, resolve)
  const io = new WebIO().setLogger(new Logger(Logger.Verbosity.SILENT))
  const document = await io.readJSON({ json: json as never, resources })
  const root = document.getRoot()
  const meshes = root.listMeshes()
  const images = root.listTextures()
  const materials = root.listMaterials()
  const primitives = meshNodes(json).flatMap(({ node, mesh, sceneFromNode }) => {
    const source = meshes[mesh]
    if (!source) throw new CodecError('gltf.corrupt', `mesh ${mesh} does not exist`, `meshes[${mesh}]`, 'Export it again')
    return source.listPrimitives().flatMap(p => readPrimitive(p, node.name || source.getName(), sceneFromNode, materials) ?? [])
  })
  if (primitives.length === 0) throw new CodecError('gltf.empty', 'the scene has no triangle', undefined, 'Export a scene with meshes')
  return {
    up: 'y',
    primitives,
    materials: materials.map(m => readMaterial(m, images)),
    images: images.map(readPicture),
    ...counts(json, meshes),
  }
}

function fetchFile(uri: string, resolve?: (uri: string) => Uint8Array): Uint8Array<ArrayBuffer> {
  try {
    if (resolve) return Uint8Array.from(resolve(decodeURIComponent(uri)))
  } catch (error) {
    throw new CodecError(
      'gltf.missing',
      `the file ${uri} cannot be read: ${error instanceof Error ? error.message : error}`,
      uri,
      'Put it beside the asset',
      error,
    )
  }
  throw new CodecError('gltf.missing', `the asset needs the file ${uri}`, uri, 'Give a resolver of files, or a GLB with everything inside')
}

function counts(json: GltfJson, meshes: readonly Mesh[]): Pick<GltfScene, 'skins' | 'animations' | 'morphTargets' | 'ignoredExtensions'> {
  let morphTargets = 0
  for (const mesh of meshes) for (const p of mesh.listPrimitives()) morphTargets += p.listTargets().length
  return {
    skins: json.skins?.length ?? 0,
    animations: json.animations?.length ?? 0,
    morphTargets,
    ignoredExtensions: (json.extensionsUsed ?? []).filter(e => !TRANSPARENT.has(e)),
  }
}

function readPrimitive(p: Primitive, name: string, sceneFromNode: Matrix, materials: readonly Material[]): GltfPrimitive | undefined {
  const place = p.getAttribute('POSITION')
  if (!place || p.getMode() < 4) return undefined
  const count = place.getCount()
  const corners = triangles(p, count, name)
  if (corners.length === 0) return undefined
  if (determinant(sceneFromNode) < 0)
    for (let i = 0; i < corners.length; i += 3) [corners[i + 1], corners[i + 2]] = [corners[i + 2]!, corners[i + 1]!]
  const normals = p.getAttribute('NORMAL')
  const material = p.getMaterial()
  const colors = p.getAttribute('COLOR_0')
  const uvs = upright(p.getAttribute('TEXCOORD_0'), count, name)
  const uvs1 = upright(p.getAttribute('TEXCOORD_1'), count, name)
  return {
    name,
    material: material ? materials.indexOf(material) : null,
    positions: movePoints(sceneFromNode, values(place, 3, count, name)),
    indices: corners,
    ...(normals ? { normals: moveNormals(sceneFromNode, values(normals, 3, count, name)) } : {}),
    ...(uvs ? { uvs } : {}),
    ...(uvs1 ? { uvs1 } : {}),
    ...(colors ? { colors: colourBytes(colors, count) } : {}),
    groups: [{ name, material: material?.getName() || null, firstTriangle: 0, triangles: corners.length / 3 }],
  }
}

/** Lists, strips (every second triangle turned) and fans, as a list. */
function triangles(p: Primitive, count: number, name: string): Uint32Array {
  const accessor = p.getIndices()
  const order = accessor ? Uint32Array.from(accessor.getArray() ?? []) : Uint32Array.from({ length: count }, (_, i) => i)
  for (const i of order)
    if (i >= count) throw new CodecError('gltf.index', `${name} names vertex ${i} of ${count}`, undefined, 'Export it again')
  if (p.getMode() === 4) return order.slice(0, order.length - (order.length % 3))
  const out: number[] = []
  for (let i = 2; i < order.length; i++)
    if (p.getMode() === 6) out.push(order[0]!, order[i - 1]!, order[i]!)
    else out.push(order[i - 2]!, order[i - 1 + (i & 1)]!, order[i - (i & 1)]!)
  return Uint32Array.from(out)
}

/** An attribute as floats; normalised integers become 0–1. */
function values(accessor: Accessor, size: number, count: number, name: string): Float32Array {
  const out = new Float32Array(count * size)
  if (accessor.getCount() !== count || accessor.getElementSize() < size)
    throw new CodecError('gltf.corrupt', `${name} has attributes of different lengths`, undefined, 'Export it again')
  const element: number[] = []
  for (let i = 0; i < count; i++) {
    accessor.getElement(i, element)
    for (let k = 0; k < size; k++) {
      if (!Number.isFinite(element[k]))
        throw new CodecError('gltf.number', `vertex ${i} of ${name} has the value ${element[k]}`, undefined, 'Export it again')
      out[i * size + k] = element[k]!
    }
  }
  return out
}

/** glTF counts v from the top. */
function upright(accessor: Accessor | null, count: number, name: string): Float32Array | undefined {
  if (!accessor) return undefined
  const out = values(accessor, 2, count, name)
  for (let i = 1; i < out.length; i += 2) out[i] = 1 - out[i]!
  return out
}

function colourBytes(accessor: Accessor, count: number): Uint8Array {
  const size = accessor.getElementSize()
  const source = values(accessor, size, count, 'COLOR_0')
  const out = new Uint8Array(4 * count).fill(255)
  for (let i = 0; i < count; i++)
    for (let k = 0; k < size; k++) out[4 * i + k] = Math.round(Math.min(1, Math.max(0, source[i * size + k]!)) * 255)
  return out
}

const WRAPS: Record<number, GltfTexture['wrapS']> = { 33071: 'clamp', 33648: 'mirror', 10497: 'repeat' }

function readMaterial(m: Material, images: readonly Texture[]): GltfMaterial {
  const texture = <K extends string>(key: K, picture: Texture | null, info: TextureInfo | null) =>
    (picture && info
      ? {
          [key]: {
            image: images.indexOf(picture),
            texCoord: info.getTexCoord(),
            wrapS: WRAPS[info.getWrapS()] ?? 'repeat',
            wrapT: WRAPS[info.getWrapT()] ?? 'repeat',
          },
        }
      : {}) as { [P in K]?: GltfTexture }
  return {
    name: m.getName(),
    baseColor: m.getBaseColorFactor() as [number, number, number, number],
    ...texture('baseColorTexture', m.getBaseColorTexture(), m.getBaseColorTextureInfo()),
    metallic: m.getMetallicFactor(),
    roughness: m.getRoughnessFactor(),
    ...texture('metallicRoughnessTexture', m.getMetallicRoughnessTexture(), m.getMetallicRoughnessTextureInfo()),
    emission: m.getEmissiveFactor() as [number, number, number],
    ...texture('emissionTexture', m.getEmissiveTexture(), m.getEmissiveTextureInfo()),
    normalScale: m.getNormalScale(),
    ...texture('normalTexture', m.getNormalTexture(), m.getNormalTextureInfo()),
    ...texture('occlusionTexture', m.getOcclusionTexture(), m.getOcclusionTextureInfo()),
    alphaMode: m.getAlphaMode().toLowerCase() as GltfMaterial['alphaMode'],
    alphaCutoff: m.getAlphaCutoff(),
    doubleSided: m.getDoubleSided(),
  }
}

function readPicture(texture: Texture, index: number): RgbaImage {
  const bytes = texture.getImage()
  if (!bytes) throw new CodecError('gltf.missing', `picture ${index} has no bytes`, `images[${index}]`, 'Export it again')
  return decodeImage(bytes)
}
