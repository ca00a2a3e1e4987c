/** What a scene leaves in the kernel's memory for as long as it is loaded: meshes with their BVHs, textures. */
import type { Mesh, ResolvedScene } from '@dioramic/scene'
import type { Blas, BlasCache } from './blas.ts'
import { RenderError } from './errors.ts'
import type { Kernel } from './kernel.ts'
import * as L from './layout.ts'
import { instanceFlags } from './materials.ts'
import { type TextureNumbers, uploadTextures } from './textures.ts'

/** One object, uploaded. */
export interface Uploaded {
  /** Address of the mesh record. */
  readonly mesh: number
  readonly blas: Blas
  /** Number of its first material record. */
  readonly material: number
  readonly flags: number
}

export interface SceneMemory {
  readonly objects: readonly Uploaded[]
  readonly textureOf: TextureNumbers
  readonly textures: number
  readonly materialCount: number
}

export function uploadScene(kernel: Kernel, cache: BlasCache, resolved: ResolvedScene): SceneMemory {
  const { textureOf, textures } = uploadTextures(kernel, resolved)
  const meshes = new Map<string, { readonly mesh: number; readonly blas: Blas }>()
  const objects: Uploaded[] = []
  let materialCount = 0
  for (const object of resolved.objects) {
    const where = `object "${resolved.scene.objects[object.index]!.name}"`
    let entry = meshes.get(object.meshKey)
    if (!entry) {
      const blas = cache.get(kernel, object.meshKey, object.mesh, where)
      entry = { mesh: uploadMesh(kernel, blas, object.mesh, where), blas }
      meshes.set(object.meshKey, entry)
    }
    const slots = Math.max(1, object.mesh.parts.length)
    if (object.materials.length < slots) {
      throw new RenderError(`${where} has ${object.materials.length} materials for ${slots} parts. Give one material a part.`)
    }
    objects.push({ ...entry, material: materialCount, flags: instanceFlags(object.materials) })
    materialCount += object.materials.length
  }
  return { objects, textureOf, textures, materialCount }
}

function uploadMesh(kernel: Kernel, blas: Blas, mesh: Mesh, where: string): number {
  const what = `the mesh of ${where}`
  const record = kernel.alloc(L.MESH_BYTES, what)
  // Sixteen bytes more: the kernel reads vectors of four.
  const vertices = kernel.alloc((mesh.positions.length / 3) * L.VERTEX_BYTES + 16, what)
  writeVertices(kernel, vertices, mesh)
  const pointers = [
    kernel.put(blas.nodes, what),
    kernel.put(blas.blocks, what),
    kernel.put(mesh.indices, what),
    vertices,
    mesh.normals ? vertices + 12 : 0,
    mesh.uvs ? vertices + 24 : 0,
    blas.slots ? kernel.put(blas.slots, what) : 0,
    vertices,
    1,
  ]
  pointers.forEach((p, i) => {
    kernel.setU32(record + i * 4, p)
  })
  return record
}

/** Positions, normals and uvs side by side, as the kernel reads them. */
export function writeVertices(kernel: Kernel, at: number, { positions, normals, uvs }: Mesh): void {
  for (let i = 0, p = at >>> 2; i < positions.length / 3; i++, p += L.VERTEX_BYTES / 4) {
    for (let c = 0; c < 3; c++) {
      kernel.f32[p + c] = positions[i * 3 + c]!
      kernel.f32[p + 3 + c] = normals ? normals[i * 3 + c]! : 0
      if (c < 2) kernel.f32[p + 6 + c] = uvs ? uvs[i * 2 + c]! : 0
    }
  }
}
