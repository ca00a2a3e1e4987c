import { sha256 } from '@dioramic/codec'
import { hullsOf } from './assets/hulls.ts'
import type { Assets } from './assets.ts'
import { inlineRig } from './deformation/inline-rig.ts'
import type { Rig } from './deformation/rig.ts'
import { checkMesh, MeshError } from './mesh/check.ts'
import type { Mesh } from './mesh.ts'
import type { Geometry } from './schema/geometry.ts'
import { shapeGeometry } from './shapes/shape-geometry.ts'
import { suggest } from './suggest.ts'

export interface ResolvedGeometry {
  readonly meshKey: string
  readonly mesh: Mesh
  readonly hulls: readonly Float32Array[]
  /** What can deform the mesh; null when nothing can. */
  readonly rig: Rig | null
}

/** Mesh and hulls of a geometry. Hulls of inline triangles are worked out only when something can touch them. */
export function resolveGeometry(geometry: Geometry, assets: Assets, collides: boolean): ResolvedGeometry {
  switch (geometry.type) {
    case 'shape':
      return { meshKey: `shape:${geometry.shape}`, ...shapeGeometry(geometry.shape), rig: null }
    case 'asset': {
      const object = assets.objects.get(geometry.asset)
      if (!object) throw new MeshError(`there is no asset "${geometry.asset}"; ${suggest(geometry.asset, assets.objects.keys())}`)
      if (geometry.sha256 !== undefined && geometry.sha256 !== object.sha256) {
        throw new MeshError(
          `asset "${geometry.asset}" is not the one the scene was made with: sha256 ${object.sha256}, expected ${geometry.sha256}`,
        )
      }
      checkMesh(`asset "${geometry.asset}"`, object.mesh)
      const hulls = geometry.hulls === 'visual' && collides ? hullsOf(object.mesh) : object.hulls
      return { meshKey: `asset:${geometry.asset}:${object.sha256}`, mesh: object.mesh, hulls, rig: object.rig ?? null }
    }
    case 'mesh':
      return inlineMesh(geometry, collides)
  }
}

/** Big-endian-proof bytes of a typed array: all supported engines are little-endian. */
const bytesOf = (a: Float32Array | Uint32Array) => new Uint8Array(a.buffer, a.byteOffset, a.byteLength)

function inlineMesh(geometry: Extract<Geometry, { type: 'mesh' }>, collides: boolean): ResolvedGeometry {
  checkMesh('the mesh', geometry)
  const positions = Float32Array.from(geometry.positions)
  const indices = Uint32Array.from(geometry.indices)
  const normals = geometry.normals ? Float32Array.from(geometry.normals) : null
  const uvs = geometry.uvs ? Float32Array.from(geometry.uvs) : null
  const digests = [positions, indices, normals, uvs].map(a => (a ? sha256(bytesOf(a)) : '-')).join()
  const parts = partsOf(geometry, indices.length / 3)
  const mesh: Mesh = { positions, indices, normals, uvs, parts }
  const shape = sha256(new TextEncoder().encode(digests))
  const meshKey = `mesh:${geometry.parts ? sha256(new TextEncoder().encode(`${shape} ${JSON.stringify(geometry.parts)}`)) : shape}`
  geometry.hulls?.forEach((h, i) => {
    if (h.length % 3 !== 0) throw new MeshError(`the mesh: hull ${i} has ${h.length} numbers; they are x, y, z triples`)
  })
  const hulls = geometry.hulls?.map(h => Float32Array.from(h)) ?? (collides ? hullsOf({ positions, indices }) : [])
  return { meshKey, mesh, hulls, rig: inlineRig('the mesh', geometry, mesh) }
}

function partsOf({ parts }: Extract<Geometry, { type: 'mesh' }>, triangles: number): Mesh['parts'] {
  if (!parts) return [{ firstTriangle: 0, triangles, material: null }]
  let next = 0
  const made = parts.map(part => {
    const firstTriangle = next
    next += part.triangles
    return { firstTriangle, triangles: part.triangles, material: part.name }
  })
  if (next !== triangles)
    throw new MeshError(`the mesh has ${triangles} triangles, but its parts (${parts.map(p => p.name).join(', ')}) count ${next}`)
  return made
}
