/** What a morph target does to normals when its file does not say: the change of the vertex normals that the faces make. */
import type { Mesh } from '../mesh.ts'

/** Change of every unit normal at a weight of 1. Vertices at one place with one normal are one, so seams of uv stay closed and creases open. */
export function morphNormals({ positions, indices, normals }: Mesh, morph: ArrayLike<number>): Float64Array {
  const ids = new Map<string, number>()
  const group = Uint32Array.from({ length: positions.length / 3 }, (_, i) => {
    const key = [0, 1, 2].flatMap(a => [positions[3 * i + a]! + morph[3 * i + a]!, positions[3 * i + a], normals![3 * i + a]]).join()
    const id = ids.get(key) ?? ids.size
    ids.set(key, id)
    return id
  })
  const at = (weight: number) => {
    const sums = new Float64Array(3 * ids.size)
    for (let f = 0; f < indices.length; f += 3) {
      const p = [0, 1, 2].map(c => [0, 1, 2].map(a => positions[3 * indices[f + c]! + a]! + weight * morph[3 * indices[f + c]! + a]!))
      const [u, v] = [1, 2].map(c => p[c]!.map((x, a) => x - p[0]![a]!)) as [number[], number[]]
      // Twice the area along the normal: large faces count for more.
      const n = [u[1]! * v[2]! - u[2]! * v[1]!, u[2]! * v[0]! - u[0]! * v[2]!, u[0]! * v[1]! - u[1]! * v[0]!]
      for (let c = 0; c < 3; c++) for (let a = 0; a < 3; a++) sums[3 * group[indices[f + c]!]! + a]! += n[a]!
    }
    return sums
  }
  const [before, after] = [at(0), at(1)]
  const unit = (sums: Float64Array, g: number) => {
    const [x, y, z] = [sums[3 * g]!, sums[3 * g + 1]!, sums[3 * g + 2]!]
    const length = Math.sqrt(x * x + y * y + z * z)
    return length > 0 ? [x / length, y / length, z / length] : [0, 0, 0]
  }
  return Float64Array.from({ length: positions.length }, (_, i) => {
    const g = group[Math.floor(i / 3)]!
    return unit(after, g)[i % 3]! - unit(before, g)[i % 3]!
  })
}
