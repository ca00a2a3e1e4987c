/** A mesh file of any kind as triangles in the file's own unit and axes, its materials principled, its pictures decoded. */
import { decodeImage, type GltfScene, type MeshData, parseMtl, parseObj, parsePly, parseStl, readGltf } from '@dioramic/codec'
import type { Image } from '../mesh.ts'
import type { Material } from '../schema/material.ts'
import { AssetError } from './error.ts'
import { baseName, extensionOf, type Files, fileOf, MESH_EXTENSIONS, relativeTo } from './files.ts'
import { principledFromGltf } from './gltf-material.ts'
import { gltfRig, type SourceRig } from './gltf-rig.ts'
import { principledFromMtl } from './mtl-material.ts'

export interface SourceMesh extends MeshData {
  /** By the names in `groups`. */
  readonly materials: Readonly<Record<string, Material>>
  /** By texture name, `<object id>/<picture>`. */
  readonly images: ReadonlyMap<string, Image>
  /** What moves it; absent where nothing does. */
  readonly rig?: SourceRig
  /** What the format itself says; null where it says nothing. */
  readonly up: 'y' | null
  readonly unit: 1 | null
  /** Files that were read. */
  readonly used: readonly string[]
}

/** Reads the mesh file `main`. Pictures that cannot be found are warned about; broken files throw. */
export async function readMesh(files: Files, main: string, id: string, warnings: string[]): Promise<SourceMesh> {
  const bytes = fileOf(files, main)
  const plain = (mesh: MeshData): SourceMesh => ({ ...mesh, materials: {}, images: new Map(), up: null, unit: null, used: [main] })
  switch (extensionOf(main)) {
    case 'obj':
      return readObj(files, main, id, warnings)
    case 'ply':
      return plain(parsePly(bytes))
    case 'stl':
      return plain(parseStl(bytes))
    case 'gltf':
    case 'glb':
      return readGltfFile(files, main, id, warnings)
    default:
      throw new AssetError(`${main} is not a mesh file that can be read; use one of ${MESH_EXTENSIONS.map(e => `.${e}`).join(', ')}`)
  }
}

function readObj(files: Files, main: string, id: string, warnings: string[]): SourceMesh {
  const mesh = parseObj(new TextDecoder().decode(fileOf(files, main)))
  const materials: Record<string, Material> = {}
  const images = new Map<string, Image>()
  const used = [main]
  for (const library of mesh.materialLibraries) {
    const path = relativeTo(main, library)
    const bytes = files.get(path)
    if (!bytes) {
      warnings.push(`its material file ${library} is not there`)
      continue
    }
    used.push(path)
    const picture = (name: string): string | null => {
      const at = relativeTo(path, name)
      const data = files.get(at)
      if (!data) {
        warnings.push(`its picture ${name} is not there`)
        return null
      }
      const texture = `${id}/${baseName(at)}`
      if (!images.has(texture)) images.set(texture, decodeImage(data))
      if (!used.includes(at)) used.push(at)
      return texture
    }
    for (const [name, material] of parseMtl(new TextDecoder().decode(bytes))) materials[name] = principledFromMtl(material, picture)
  }
  return { ...mesh, materials, images, up: null, unit: null, used }
}

async function readGltfFile(files: Files, main: string, id: string, warnings: string[]): Promise<SourceMesh> {
  const used = [main]
  const scene = await readGltf(fileOf(files, main), uri => {
    const path = relativeTo(main, uri)
    if (!used.includes(path)) used.push(path)
    return fileOf(files, path)
  })
  if (scene.ignoredExtensions.length > 0) warnings.push(`it uses ${scene.ignoredExtensions.join(', ')}, which is not read`)
  const images = new Map<string, Image>()
  const put = (name: string, image: Image) => {
    images.set(`${id}/${name}`, image)
    return `${id}/${name}`
  }
  // Two materials may have one name, or none.
  const names = scene.materials.map((m, i) =>
    m.name && scene.materials.findIndex(o => o.name === m.name) === i ? m.name : `material-${i}`,
  )
  const materials = Object.fromEntries(scene.materials.map((m, i) => [names[i]!, principledFromGltf(m, scene, put, warnings)]))
  const rig = gltfRig(scene)
  return { ...joined(scene, names), materials, images, ...(rig ? { rig } : {}), up: 'y', unit: 1, used }
}

/** All primitives as one mesh, a group each. Attributes that only some have are filled: normals from faces later, uvs with zeros. */
function joined(scene: GltfScene, names: readonly string[]): MeshData {
  const list = scene.primitives
  const vertices = list.reduce((n, p) => n + p.positions.length / 3, 0)
  const positions = new Float32Array(vertices * 3)
  const indices = new Uint32Array(list.reduce((n, p) => n + p.indices.length, 0))
  const normals = list.every(p => p.normals) ? new Float32Array(vertices * 3) : undefined
  const uvs = list.some(p => p.uvs) ? new Float32Array(vertices * 2) : undefined
  let vertex = 0
  let index = 0
  const groups = list.map(p => {
    positions.set(p.positions, 3 * vertex)
    normals?.set(p.normals!, 3 * vertex)
    if (p.uvs) uvs?.set(p.uvs, 2 * vertex)
    for (let i = 0; i < p.indices.length; i++) indices[index + i] = p.indices[i]! + vertex
    const group = {
      name: p.name,
      material: p.material === null ? null : names[p.material]!,
      firstTriangle: index / 3,
      triangles: p.indices.length / 3,
    }
    vertex += p.positions.length / 3
    index += p.indices.length
    return group
  })
  return { positions, indices, groups, ...(normals ? { normals } : {}), ...(uvs ? { uvs } : {}) }
}
