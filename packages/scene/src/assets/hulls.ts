/** Convex decompositions, made once: kept in memory by the mesh's bytes and, where a store is given, beyond the process. */
import { sha256 } from '@dioramic/codec'
import { convexDecomposition } from '../mesh/convex-decomposition.ts'

/** Changes when `convexDecomposition` gives other hulls for the same mesh. */
const VERSION = 'hulls-6'
const MEMORY = 256

interface Triangles {
  readonly positions: Float32Array
  readonly indices: Uint32Array
}

/** Where decompositions may be kept: bytes by name. A store that loses or spoils them costs only time. */
export interface HullStore {
  read(name: string): Promise<Uint8Array | null>
  write(name: string, bytes: Uint8Array): Promise<void>
}

const memory = new Map<string, readonly Float32Array[]>()

const bytesOf = (a: Float32Array | Uint32Array) => new Uint8Array(a.buffer, a.byteOffset, a.byteLength)

/** Name of a mesh's decomposition: hash of its positions and triangles. */
function nameOf(mesh: Triangles): string {
  return `${VERSION}-${sha256(new TextEncoder().encode(`${sha256(bytesOf(mesh.positions))} ${sha256(bytesOf(mesh.indices))}`))}`
}

function remember(name: string, hulls: readonly Float32Array[]): readonly Float32Array[] {
  memory.delete(name)
  memory.set(name, hulls)
  if (memory.size > MEMORY) memory.delete(memory.keys().next().value!)
  return hulls
}

/** Convex hulls of a mesh, from memory where it was decomposed before. */
export function hullsOf(mesh: Triangles): readonly Float32Array[] {
  const name = nameOf(mesh)
  return memory.get(name) ?? remember(name, convexDecomposition(mesh))
}

/** As `hullsOf`, through a store. */
export async function storedHullsOf(mesh: Triangles, store?: HullStore): Promise<readonly Float32Array[]> {
  const name = nameOf(mesh)
  const known = memory.get(name)
  if (known || !store) return known ?? hullsOf(mesh)
  const kept = decodeHulls(await store.read(name))
  if (kept) return remember(name, kept)
  const hulls = remember(name, convexDecomposition(mesh))
  await store.write(name, encodeHulls(hulls))
  return hulls
}

const HEX = 64

/** Hash of the rest, count, then each hull's number of vertices and coordinates, little-endian. */
function encodeHulls(hulls: readonly Float32Array[]): Uint8Array {
  const body = new ArrayBuffer(4 + hulls.reduce((n, h) => n + 4 + 4 * h.length, 0))
  const view = new DataView(body)
  let at = 4
  view.setUint32(0, hulls.length, true)
  for (const h of hulls) {
    view.setUint32(at, h.length, true)
    at += 4
    for (const x of h) {
      view.setFloat32(at, x, true)
      at += 4
    }
  }
  const out = new Uint8Array(HEX + body.byteLength)
  out.set(new TextEncoder().encode(sha256(new Uint8Array(body))))
  out.set(new Uint8Array(body), HEX)
  return out
}

function decodeHulls(bytes: Uint8Array | null): Float32Array[] | null {
  if (!bytes || bytes.length < HEX + 4) return null
  const body = bytes.slice(HEX)
  if (sha256(body) !== new TextDecoder().decode(bytes.subarray(0, HEX))) return null
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
  let at = 4
  return Array.from({ length: view.getUint32(0, true) }, () => {
    const n = view.getUint32(at, true)
    const hull = Float32Array.from({ length: n }, (_, i) => view.getFloat32(at + 4 + 4 * i, true))
    at += 4 + 4 * n
    return hull
  })
}
