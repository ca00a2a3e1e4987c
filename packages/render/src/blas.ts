/** Bottom-level BVHs: one a mesh, built in the kernel, kept by the host across scenes. */
import type { Mesh } from '@dioramic/scene'
import { RenderError } from './errors.ts'
import type { Kernel } from './kernel.ts'
import { BLOCK_BYTES, NODE_BYTES } from './layout.ts'

/** A built BVH, position independent. */
export interface Blas {
  readonly mesh: Mesh
  readonly nodes: Uint8Array
  readonly blocks: Uint8Array
  readonly bounds: { readonly min: readonly [number, number, number]; readonly max: readonly [number, number, number] }
  /** Material slot (part) of every triangle, null when there is one part. */
  readonly slots: Uint16Array | null
}

/** Checks a mesh and its bounds; throws `RenderError` naming `where`. */
export function checkedBounds(mesh: Mesh, where: string): Blas['bounds'] {
  const { positions, indices } = mesh
  const vertices = positions.length / 3
  if (indices.length === 0) throw new RenderError(`${where} has no triangles. Remove the object or give it a mesh.`)
  const min: [number, number, number] = [Infinity, Infinity, Infinity]
  const max: [number, number, number] = [-Infinity, -Infinity, -Infinity]
  for (let i = 0; i < indices.length; i++) {
    const v = indices[i]!
    if (v >= vertices)
      throw new RenderError(`${where}: triangle ${Math.floor(i / 3)} uses vertex ${v}, but there are ${vertices}. Mend the mesh.`)
  }
  for (let i = 0; i < positions.length; i++) {
    const x = positions[i]!
    const axis = i % 3
    if (!Number.isFinite(x) || Math.abs(x) > 1e15) {
      throw new RenderError(
        `${where}: vertex ${Math.floor(i / 3)} has the coordinate ${x}. Coordinates must be finite and below 1e15 metres.`,
      )
    }
    if (x < min[axis]!) min[axis] = x
    if (x > max[axis]!) max[axis] = x
  }
  return { min, max }
}

export function buildBlas(kernel: Kernel, mesh: Mesh, where: string): Blas {
  const bounds = checkedBounds(mesh, where)
  const triangles = mesh.indices.length / 3
  const mark = kernel.mark()
  const positions = kernel.put(mesh.positions, `the mesh of ${where}`)
  const indices = kernel.put(mesh.indices, `the mesh of ${where}`)
  const refs = kernel.alloc(triangles * 32, `the BVH of ${where}`)
  const nodes = kernel.mark()
  const full = () =>
    new RenderError(
      `the machine has no memory to build the BVH of ${where} (${triangles} triangles). Simplify the mesh or use fewer workers.`,
    )
  if (!kernel.call.triangleRefs(positions, indices, triangles, refs)) throw full()
  const nodeCount = kernel.call.build(refs, triangles, nodes, 4)
  if (nodeCount < 0) throw full()
  const out = nodes + nodeCount * NODE_BYTES
  const blockCount = kernel.call.emitBlocks(positions, indices, refs, nodes, nodeCount, out)
  if (blockCount < 0) throw full()
  kernel.refresh()
  const blas = {
    mesh,
    bounds,
    nodes: kernel.u8.slice(nodes, out),
    blocks: kernel.u8.slice(out, out + blockCount * BLOCK_BYTES),
    slots: slotsOf(mesh),
  }
  kernel.release(mark)
  return blas
}

function slotsOf(mesh: Mesh): Uint16Array | null {
  if (mesh.parts.length <= 1) return null
  const slots = new Uint16Array(mesh.indices.length / 3)
  mesh.parts.forEach((p, i) => {
    slots.fill(i, p.firstTriangle, p.firstTriangle + p.triangles)
  })
  return slots
}

const sameArray = (a: ArrayLike<number> | null, b: ArrayLike<number> | null): boolean => {
  if (a === b) return true
  if (a === null || b === null || a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
const sameMesh = (a: Mesh, b: Mesh): boolean =>
  a === b ||
  (sameArray(a.positions, b.positions) &&
    sameArray(a.indices, b.indices) &&
    a.parts.length === b.parts.length &&
    a.parts.every((p, i) => p.firstTriangle === b.parts[i]!.firstTriangle && p.triangles === b.parts[i]!.triangles))

/** Keeps the most recently used BVHs up to a number of bytes. A key whose mesh changed is built again. */
export class BlasCache {
  private readonly entries = new Map<string, Blas>()
  private readonly limit: number
  private bytes = 0

  constructor(limit: number) {
    this.limit = limit
  }

  get(kernel: Kernel, key: string, mesh: Mesh, where: string): Blas {
    let found = this.entries.get(key)
    if (found !== undefined) {
      this.entries.delete(key)
      this.bytes -= size(found)
      if (!sameMesh(found.mesh, mesh)) found = undefined
    }
    const blas = found ?? buildBlas(kernel, mesh, where)
    this.entries.set(key, blas)
    this.bytes += size(blas)
    for (const [old, entry] of this.entries) {
      if (this.bytes <= this.limit || old === key) break
      this.entries.delete(old)
      this.bytes -= size(entry)
    }
    return blas
  }
}

const size = (b: Blas) => b.nodes.length + b.blocks.length + b.mesh.positions.byteLength * 3 + b.mesh.indices.byteLength
