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
import { type GltfJson, type GltfJsonMaterial, openContainer } from './container.ts'
import { extensionsOf, READ_EXTENSIONS, transformOf, wrapOf } from './extensions.ts'
import type { GltfBinding, GltfMaterial, GltfPrimitive, GltfScene, GltfTarget, GltfTexture } from './gltf.ts'
import { determinant, localMatrix, type Matrix, meshNodes, moveNormals, movePoints, moveVectors, multiply } from './nodes.ts'
import { animations, bindingOf, joints, moves } from './skin.ts'

/** Extensions that are read, and one that needs nothing of a reader that already takes every component type. */
const TRANSPARENT = new Set(['KHR_mesh_quantization', ...READ_EXTENSIONS])

/**
 * Reads a GLB or glTF 2.0: the triangles of the default scene with their node's transform applied, materials and decoded pictures.
 * `resolve` gives the bytes of files the asset names. Skins, morph targets and animations come beside the triangles, which are as at rest. Extensions that the
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
  const moving = moves(json, meshes)
  const nodes = moving ? joints(json) : []
  const rest = restMatrices(json, nodes)
  const primitives = meshNodes(json).flatMap(({ node, index, mesh, sceneFromNode }) => {
    const source = meshes[mesh]
    if (!source) throw new CodecError('gltf.corrupt', `mesh ${mesh} does not exist`, `meshes[${mesh}]`, 'Export it again')
    const skin = node.skin === undefined ? null : root.listSkins()[node.skin]
    if (skin === undefined)
      throw new CodecError('gltf.corrupt', `skin ${node.skin} does not exist`, `skins[${node.skin}]`, 'Export it again')
    const name = node.name || source.getName()
    const targets = targetsOf(source, root.listNodes()[index]?.getWeights() ?? [])
    return source.listPrimitives().flatMap(p => {
      if (!p.getAttribute('POSITION') || p.getMode() < 4) return []
      const { sceneFromMesh, binding } = moving
        ? bindingOf(document, p, name, skin, index, { sceneFromNode, rest })
        : { sceneFromMesh: sceneFromNode, binding: undefined }
      return readPrimitive(p, name, sceneFromMesh, materials, { node: index, binding, targets }) ?? []
    })
  })
  if (primitives.length === 0) throw new CodecError('gltf.empty', 'the scene has no triangle', undefined, 'Export a scene with meshes')
  return {
    up: 'y',
    primitives,
    materials: materials.map((m, i) => readMaterial(m, json, json.materials?.[i] ?? {}, images)),
    images: images.map(readPicture),
    nodes,
    animations: animations(document),
    ignoredExtensions: (json.extensionsUsed ?? []).filter(e => !TRANSPARENT.has(e)),
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

/** Scene-from-node matrices of all nodes at rest. */
function restMatrices(json: GltfJson, nodes: GltfScene['nodes']): Matrix[] {
  const known: (Matrix | undefined)[] = []
  const at = (i: number, depth = 0): Matrix => {
    if (depth > nodes.length) throw new CodecError('gltf.corrupt', `node ${i} is its own parent`, `nodes[${i}]`, 'Export it again')
    const local = localMatrix(json.nodes![i]!, i)
    const { parent } = nodes[i]!
    known[i] ??= parent < 0 ? local : multiply(at(parent, depth + 1), local)
    return known[i]
  }
  return nodes.map((_, i) => at(i))
}

/** Names of a mesh's morph targets, and their weights at rest. */
function targetsOf(mesh: Mesh, nodeWeights: readonly number[]): { name: string; weight: number }[] {
  const names = (mesh.getExtras() as { targetNames?: unknown }).targetNames
  const count = Math.max(0, ...mesh.listPrimitives().map(p => p.listTargets().length))
  const weights = nodeWeights.length > 0 ? nodeWeights : mesh.getWeights()
  return Array.from({ length: count }, (_, i) => {
    const name = Array.isArray(names) ? names[i] : undefined
    return { name: typeof name === 'string' && name !== '' ? name : `target-${i}`, weight: weights[i] ?? 0 }
  })
}

function readTargets(
  p: Primitive,
  name: string,
  count: number,
  sceneFromMesh: Matrix,
  targets: readonly { name: string; weight: number }[],
): GltfTarget[] {
  const own = p.getAttribute('NORMAL')
  const rest = own && values(own, 3, count, name)
  return p.listTargets().map((t, i) => {
    const [positions, normals] = [t.getAttribute('POSITION'), t.getAttribute('NORMAL')]
    const change = rest && normals && values(normals, 3, count, name)
    const before = change && moveNormals(sceneFromMesh, rest)
    const after =
      change &&
      moveNormals(
        sceneFromMesh,
        change.map((x, k) => x + rest[k]!),
      )
    return {
      ...targets[i]!,
      positions: positions ? moveVectors(sceneFromMesh, values(positions, 3, count, name)) : new Float32Array(3 * count),
      ...(before && after ? { normals: after.map((x, k) => x - before[k]!) } : {}),
    }
  })
}

function readPrimitive(
  p: Primitive,
  name: string,
  sceneFromNode: Matrix,
  materials: readonly Material[],
  moving: { node: number; binding: GltfBinding | undefined; targets: readonly { name: string; weight: number }[] },
): GltfPrimitive | undefined {
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
    node: moving.node,
    ...(moving.binding ? { binding: moving.binding } : {}),
    targets: readTargets(p, name, count, sceneFromNode, moving.targets),
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

function readMaterial(m: Material, file: GltfJson, json: GltfJsonMaterial, images: readonly Texture[]): GltfMaterial {
  const { emissiveStrength, ...surface } = extensionsOf(json, file, images.length)
  const pbr = json.pbrMetallicRoughness
  const texture = <K extends string>(key: K, picture: Texture | null, info: TextureInfo | null, at: unknown) =>
    (picture && info
      ? {
          [key]: {
            image: images.indexOf(picture),
            texCoord: info.getTexCoord(),
            wrapS: wrapOf(info.getWrapS()),
            wrapT: wrapOf(info.getWrapT()),
            ...transformOf(at),
          },
        }
      : {}) as { [P in K]?: GltfTexture }
  return {
    name: m.getName(),
    baseColor: m.getBaseColorFactor() as [number, number, number, number],
    ...texture('baseColorTexture', m.getBaseColorTexture(), m.getBaseColorTextureInfo(), pbr?.baseColorTexture),
    metallic: m.getMetallicFactor(),
    roughness: m.getRoughnessFactor(),
    ...texture(
      'metallicRoughnessTexture',
      m.getMetallicRoughnessTexture(),
      m.getMetallicRoughnessTextureInfo(),
      pbr?.metallicRoughnessTexture,
    ),
    emission: m.getEmissiveFactor().map(e => e * emissiveStrength) as [number, number, number],
    ...texture('emissionTexture', m.getEmissiveTexture(), m.getEmissiveTextureInfo(), json.emissiveTexture),
    normalScale: m.getNormalScale(),
    ...texture('normalTexture', m.getNormalTexture(), m.getNormalTextureInfo(), json.normalTexture),
    ...texture('occlusionTexture', m.getOcclusionTexture(), m.getOcclusionTextureInfo(), json.occlusionTexture),
    alphaMode: m.getAlphaMode().toLowerCase() as GltfMaterial['alphaMode'],
    alphaCutoff: m.getAlphaCutoff(),
    doubleSided: m.getDoubleSided(),
    ...surface,
  }
}

function readPicture(texture: Texture, index: number): RgbaImage {
  const bytes = texture.getImage()
  if (!bytes) throw new CodecError('gltf.missing', `picture ${index} has no bytes`, `images[${index}]`, 'Export it again')
  return decodeImage(bytes)
}
