import { massProperties } from './mass-properties.ts'

/** A mesh that cannot be used; the message says which and why. */
export class MeshError extends Error {
  override name = 'MeshError'
}

interface Arrays {
  readonly positions: ArrayLike<number>
  readonly indices: ArrayLike<number>
  readonly normals?: ArrayLike<number> | null | undefined
  readonly uvs?: ArrayLike<number> | null | undefined
}

/** Throws `MeshError` unless the arrays fit each other, every number is finite, every index is in range and the surface has an area. */
export function checkMesh(what: string, mesh: Arrays): void {
  const { positions, indices, normals, uvs } = mesh
  if (positions.length === 0 || indices.length === 0) throw new MeshError(`${what} is empty: it needs at least one triangle`)
  if (positions.length % 3 !== 0) throw new MeshError(`${what}: positions are x, y, z triples, but there are ${positions.length} numbers`)
  if (indices.length % 3 !== 0) throw new MeshError(`${what}: indices come in threes, but there are ${indices.length}`)
  const vertices = positions.length / 3
  for (let i = 0; i < indices.length; i++) {
    if (!(indices[i]! < vertices)) {
      throw new MeshError(
        `${what}: triangle ${Math.floor(i / 3)} names vertex ${indices[i]}, but there are ${vertices} (0 to ${vertices - 1})`,
      )
    }
  }
  for (const [name, array, width] of [
    ['positions', positions, 3],
    ['normals', normals, 3],
    ['uvs', uvs, 2],
  ] as const) {
    if (!array) continue
    if (array.length !== vertices * width) {
      throw new MeshError(`${what}: ${vertices} vertices need ${vertices * width} numbers of ${name}, but there are ${array.length}`)
    }
    for (let i = 0; i < array.length; i++) {
      if (!Number.isFinite(array[i]))
        throw new MeshError(`${what}: ${name} of vertex ${Math.floor(i / width)} hold ${array[i]}; all must be finite`)
    }
  }
  if (!(massProperties(mesh).area > 0)) throw new MeshError(`${what} has no area: all its triangles are degenerate (points or lines)`)
}
