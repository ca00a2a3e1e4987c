/** `meshes`: the surface of every object, `meshes.npz` beside `sample.json`. */
import type { ClipArray } from '@dioramic/data'
import { type Mesh, type Vec3, vec3 } from '@dioramic/scene'
import type { ArrayLabel, ClipContext } from '../label.ts'

const join = (parts: readonly Float32Array[]): Float32Array => {
  const out = new Float32Array(parts.reduce((n, p) => n + p.length, 0))
  let at = 0
  for (const p of parts) {
    out.set(p, at)
    at += p.length
  }
  return out
}
/** Where each begins, and the end of the last. */
const starts = (lengths: readonly number[]): Uint32Array => {
  const out = new Uint32Array(lengths.length + 1)
  lengths.forEach((n, i) => {
    out[i + 1] = out[i] + n
  })
  return out
}

/** Unit normals of the vertices of a mesh without any: of their triangles, weighted by area. */
function faceNormals({ positions: p, indices }: Mesh): Float32Array {
  const out = new Float32Array(p.length)
  const at = (i: number): Vec3 => [p[3 * i], p[3 * i + 1], p[3 * i + 2]]
  for (let t = 0; t < indices.length; t += 3) {
    const [a, b, c] = [at(indices[t]), at(indices[t + 1]), at(indices[t + 2])]
    const n = vec3.cross(vec3.sub(b, a), vec3.sub(c, a))
    for (let k = 0; k < 3; k++) for (let i = 0; i < 3; i++) out[3 * indices[t + k] + i] += n[i]
  }
  for (let i = 0; i < out.length; i += 3) {
    const length = Math.sqrt(out[i] * out[i] + out[i + 1] * out[i + 1] + out[i + 2] * out[i + 2])
    if (length > 0) for (let a = 0; a < 3; a++) out[i + a] /= length
  }
  return out
}

function surfaces({ resolved }: ClipContext): Readonly<Record<string, ClipArray>> {
  const numbers = new Map<string, number>()
  const owners = resolved.objects.filter(({ meshKey }) => {
    if (numbers.has(meshKey)) return false
    numbers.set(meshKey, numbers.size)
    return true
  })
  const all = owners.map(o => o.mesh)
  const positions = join(all.map(m => Float32Array.from(m.positions)))
  const triangles = new Uint32Array(all.reduce((n, m) => n + m.indices.length, 0))
  let at = 0
  for (const m of all) {
    triangles.set(m.indices, at)
    at += m.indices.length
  }
  return {
    positions: { shape: [positions.length / 3, 3], data: positions },
    normals: { shape: [positions.length / 3, 3], data: join(all.map(m => m.normals ?? faceNormals(m))) },
    triangles: { shape: [triangles.length / 3, 3], data: triangles },
    position_start: { shape: [all.length + 1], data: starts(all.map(m => m.positions.length / 3)) },
    triangle_start: { shape: [all.length + 1], data: starts(all.map(m => m.indices.length / 3)) },
    instance: { shape: [resolved.objects.length], data: Uint32Array.from(resolved.scene.objects, o => o.id) },
    mesh: { shape: [resolved.objects.length], data: Uint32Array.from(resolved.objects, o => numbers.get(o.meshKey)!) },
  }
}

export const meshes: ArrayLabel = {
  kind: 'arrays',
  name: 'meshes',
  shared: true,
  definition:
    'meshes.npz: the surface of every object, each different one once. positions [V, 3]: metres, in the object’s frame before scale; normals [V, 3]: of the vertices, unit; triangles [T, 3]: three vertices each, counted within their mesh, counter-clockwise from outside. Mesh m has the vertices position_start[m] to position_start[m + 1] and the triangles triangle_start[m] to triangle_start[m + 1]. mesh [N] says which one the object instance [N] (its id) has. Bodies that deform: at rest. Scale and poses are in the record.',
  compute: surfaces,
}
