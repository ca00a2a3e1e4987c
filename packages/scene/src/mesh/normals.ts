import { acos, cos } from '../maths/portable.ts'
import { weld } from './weld.ts'

export interface ShadedVertices {
  readonly positions: Float32Array
  readonly indices: Uint32Array
  readonly normals: Float32Array
  readonly uvs: Float32Array | null
  /** The given vertex that each vertex is. */
  readonly from: Uint32Array
}

/**
 * Unit vertex normals: at each corner the mean of the faces around its place, weighted by their angle there, but only of faces that
 * turn from the corner's own by at most `creaseAngle` radians. Vertices are
 * split where corners disagree (hard edges) and joined where place, normal and uv are equal.
 * `apart` keeps different given vertices apart even so: what else they have may differ.
 * Zero-area triangles take no part and get the normals of their neighbours, or +Z.
 */
export function computeNormals(
  mesh: { readonly positions: Float32Array; readonly indices: Uint32Array; readonly uvs: Float32Array | null },
  creaseAngle: number,
  apart = false,
): ShadedVertices {
  const { positions: p, indices, uvs } = mesh
  const triangles = indices.length / 3
  const face = new Float64Array(triangles * 3)
  const angle = new Float64Array(triangles * 3)
  for (let t = 0; t < triangles; t++) {
    const v = [3 * indices[3 * t]!, 3 * indices[3 * t + 1]!, 3 * indices[3 * t + 2]!]
    const e = [0, 1, 2].map(k => {
      const a = v[k]!
      const b = v[(k + 1) % 3]!
      const d = [p[b]! - p[a]!, p[b + 1]! - p[a + 1]!, p[b + 2]! - p[a + 2]!]
      const l = Math.sqrt(d[0]! * d[0]! + d[1]! * d[1]! + d[2]! * d[2]!)
      return l > 0 ? [d[0]! / l, d[1]! / l, d[2]! / l] : [0, 0, 0]
    }) as [number[], number[], number[]]
    const [ab, , ca] = e
    const n = [ca[1]! * ab[2]! - ca[2]! * ab[1]!, ca[2]! * ab[0]! - ca[0]! * ab[2]!, ca[0]! * ab[1]! - ca[1]! * ab[0]!]
    const l = Math.sqrt(n[0]! * n[0]! + n[1]! * n[1]! + n[2]! * n[2]!)
    if (l < 1e-12) continue
    for (let k = 0; k < 3; k++) {
      face[3 * t + k] = n[k]! / l
      const a = e[k]!
      const b = e[(k + 2) % 3]!
      angle[3 * t + k] = acos(Math.min(1, Math.max(-1, -(a[0]! * b[0]! + a[1]! * b[1]! + a[2]! * b[2]!))))
    }
  }
  // Corners around each place, in order of triangle.
  const { place, count } = weld(p)
  const start = new Uint32Array(count + 1)
  for (const i of indices) start[place[i]! + 1]!++
  for (let i = 0; i < count; i++) start[i + 1]! += start[i]!
  const next = start.slice()
  const corners = new Uint32Array(indices.length)
  for (let c = 0; c < indices.length; c++) corners[next[place[indices[c]!]!]!++] = c

  const limit = cos(creaseAngle) - 1e-9
  const outPositions: number[] = []
  const outNormals: number[] = []
  const outUvs: number[] = []
  const from: number[] = []
  const outIndices = new Uint32Array(indices.length)
  const copies: number[][] = Array.from({ length: count }, () => [])
  const half = new Float32Array(3)
  for (let c = 0; c < indices.length; c++) {
    const t = Math.floor(c / 3)
    const i = indices[c]!
    const at = place[i]!
    const flat = face[3 * t]! === 0 && face[3 * t + 1]! === 0 && face[3 * t + 2]! === 0
    let x = 0
    let y = 0
    let z = 0
    for (let s = start[at]!; s < start[at + 1]!; s++) {
      const d = corners[s]!
      const u = 3 * Math.floor(d / 3)
      const agree = face[3 * t]! * face[u]! + face[3 * t + 1]! * face[u + 1]! + face[3 * t + 2]! * face[u + 2]!
      if (!flat && agree < limit) continue
      x += face[u]! * angle[d]!
      y += face[u + 1]! * angle[d]!
      z += face[u + 2]! * angle[d]!
    }
    const l = Math.sqrt(x * x + y * y + z * z)
    half.set(l > 1e-12 ? [x / l, y / l, z / l] : flat ? [0, 0, 1] : [face[3 * t]!, face[3 * t + 1]!, face[3 * t + 2]!])
    let found = copies[at]!.find(
      j =>
        (!apart || from[j] === i) &&
        outNormals[3 * j] === half[0] &&
        outNormals[3 * j + 1] === half[1] &&
        outNormals[3 * j + 2] === half[2] &&
        (!uvs || (outUvs[2 * j] === uvs[2 * i] && outUvs[2 * j + 1] === uvs[2 * i + 1])),
    )
    if (found === undefined) {
      found = outPositions.length / 3
      outPositions.push(p[3 * i]!, p[3 * i + 1]!, p[3 * i + 2]!)
      outNormals.push(half[0]!, half[1]!, half[2]!)
      if (uvs) outUvs.push(uvs[2 * i]!, uvs[2 * i + 1]!)
      from.push(i)
      copies[at]!.push(found)
    }
    outIndices[c] = found
  }
  return {
    positions: new Float32Array(outPositions),
    indices: outIndices,
    normals: new Float32Array(outNormals),
    uvs: uvs && new Float32Array(outUvs),
    from: Uint32Array.from(from),
  }
}
