import type { ResolvedObject } from '@dioramic/scene'
import type { Accessor, Document, Mesh as GltfMesh } from '@gltf-transform/core'
import type { MaterialWriter } from './material.ts'

/** Meshes of a document; objects with one mesh and the same materials share one. */
export class MeshWriter {
  private readonly document: Document
  private readonly materials: MaterialWriter
  private readonly made = new Map<string, GltfMesh>()

  constructor(document: Document, materials: MaterialWriter) {
    this.document = document
    this.materials = materials
  }

  accessor(
    type: 'SCALAR' | 'VEC2' | 'VEC3' | 'VEC4' | 'MAT4',
    array: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Uint16Array<ArrayBuffer>,
  ): Accessor {
    return this.document.createAccessor().setType(type).setArray(array).setBuffer(this.document.getRoot().listBuffers()[0]!)
  }

  /** The mesh of an object at rest, one primitive a part. Without normals its faces are flat, in glTF as here. */
  of(object: ResolvedObject): GltfMesh {
    const key = `${object.meshKey} ${object.materials.map(m => this.materials.of(m, object.mesh.uvs !== null).index).join()}${object.deformation ? ` ${object.index}` : ''}`
    const known = this.made.get(key)
    if (known) return known
    const { positions, normals, uvs, indices, parts } = object.mesh
    const mesh = this.document.createMesh(object.meshKey)
    const place = this.accessor('VEC3', Float32Array.from(positions))
    const direction = normals && this.accessor('VEC3', Float32Array.from(normals))
    // glTF counts v from the top.
    const uv =
      uvs &&
      this.accessor(
        'VEC2',
        Float32Array.from(uvs, (x, i) => (i % 2 === 1 ? 1 - x : x)),
      )
    parts.forEach((part, i) => {
      const corners = Uint32Array.from(indices.subarray(3 * part.firstTriangle, 3 * (part.firstTriangle + part.triangles)))
      const primitive = this.document
        .createPrimitive()
        .setAttribute('POSITION', place)
        .setIndices(this.accessor('SCALAR', corners))
        .setMaterial(this.materials.of(object.materials[i]!, uvs !== null).material)
      if (direction) primitive.setAttribute('NORMAL', direction)
      if (uv) primitive.setAttribute('TEXCOORD_0', uv)
      mesh.addPrimitive(primitive)
    })
    this.made.set(key, mesh)
    return mesh
  }
}
