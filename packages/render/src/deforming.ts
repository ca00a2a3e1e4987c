/** Deforming meshes in the kernel: the shapes they have, over BVHs that keep the tree of the mesh at rest and get new bounds. */
import { type Mesh, meshAt, type ResolvedObject } from '@dioramic/scene'
import { checkedBounds } from './blas.ts'
import type { Kernel } from './kernel.ts'
import * as L from './layout.ts'
import type { Shutter } from './shutter.ts'
import { type Uploaded, writeVertices } from './upload.ts'

/** Most shapes across a shutter. */
const MOST = 129

/**
 * The shapes of an object across the shutter: one when it keeps its shape, else at equidistant times, as many as it takes for vertices that go straight from
 * one to the next to stray from their paths as little as rigid things do.
 */
export function shapesOf(object: ResolvedObject, { open, close, fineness }: Shutter): readonly Mesh[] {
  const at = (i: number, n: number) => meshAt(object, n === 1 ? (open + close) / 2 : open + ((close - open) * i) / (n - 1))
  if (close <= open || object.deformation?.still !== false) return [at(0, 1)]
  const { min, max } = object.bounds
  const size = Math.max(max[0] - min[0], max[1] - min[1], max[2] - min[2])
  const stray = ((fineness.turn * fineness.turn) / 8) * size
  let shapes = Array.from({ length: fineness.fewest }, (_, i) => at(i, fineness.fewest))
  for (;;) {
    if (shapes.every(s => s.positions.every((x, i) => x === shapes[0]!.positions[i]))) return [shapes[0]!]
    // Every second shape beside the middle of its neighbours; halved steps stray a quarter of that.
    if (shapes.length >= MOST || bend(shapes) <= 4 * stray) return shapes
    const n = 2 * shapes.length - 1
    shapes = Array.from({ length: n }, (_, i) => (i % 2 === 0 ? shapes[i / 2]! : at(i, n)))
  }
}

/** Largest distance, by coordinate, of a vertex of a shape from the middle between the shapes before and after. */
function bend(shapes: readonly Mesh[]): number {
  let most = 0
  for (let k = 1; k + 1 < shapes.length; k += 2) {
    const [a, b, c] = [shapes[k - 1]!.positions, shapes[k]!.positions, shapes[k + 1]!.positions]
    for (let i = 0; i < b.length; i++) most = Math.max(most, Math.abs(b[i]! - (a[i]! + c[i]!) / 2))
  }
  return most
}

/** Where shapes of one object lie in the arena. */
export interface Room {
  /** Address of their mesh record. */
  readonly record: number
  readonly vertices: number
  readonly blocks: number
  readonly nodes: number
}

/** Allocates room for `knots` shapes of an uploaded mesh and writes their mesh record. */
export function makeRoom(kernel: Kernel, { mesh, blas }: Uploaded, knots: number, where: string): Room {
  const what = `the shapes of ${where}`
  const record = kernel.alloc(L.MESH_BYTES, what)
  const stride = vertexStride(blas.mesh)
  // Sixteen bytes more: the kernel reads vectors of four.
  const vertices = kernel.alloc(knots * stride + 16, what)
  const blocks = kernel.alloc(knots * blas.blocks.length, what)
  const nodes = kernel.alloc(Math.max(1, knots - 1) * blas.nodes.length, what)
  // Triangles, texture coordinates and parts are those at rest.
  kernel.u8.copyWithin(record, mesh, mesh + L.MESH_BYTES)
  for (const [field, value] of [
    [L.MESH_NODES, nodes],
    [L.MESH_BLOCKS, blocks],
    [L.MESH_POSITIONS, vertices],
    [L.MESH_NORMALS, kernel.u32[(mesh + L.MESH_NORMALS) >>> 2] === 0 ? 0 : vertices + 12],
    [L.MESH_KNOTS, knots],
    [L.MESH_NODE_STRIDE, blas.nodes.length],
    [L.MESH_BLOCK_STRIDE, blas.blocks.length],
    [L.MESH_VERTEX_STRIDE, stride],
  ] as const)
    kernel.setU32(record + field, value)
  return { record, vertices, blocks, nodes }
}

const vertexStride = ({ positions }: Mesh) => (positions.length / 3) * L.VERTEX_BYTES

/** Writes as many shapes as the room is for, and bounds around each, or around each and the next. */
export function fillRoom(kernel: Kernel, { mesh, blas }: Uploaded, room: Room, shapes: readonly Mesh[]): void {
  const [nodeBytes, blockBytes] = [blas.nodes.length, blas.blocks.length]
  const [rest, indices] = [L.MESH_BLOCKS, L.MESH_INDICES].map(field => kernel.u32[(mesh + field) >>> 2]!) as [number, number]
  shapes.forEach((shape, k) => {
    const vertices = room.vertices + k * vertexStride(blas.mesh)
    writeVertices(kernel, vertices, shape)
    kernel.call.moveBlocks(rest, blockBytes / L.BLOCK_BYTES, indices, vertices, room.blocks + k * blockBytes)
  })
  for (let i = 0; i === 0 || i + 1 < shapes.length; i++) {
    const [nodes, from] = [room.nodes + i * nodeBytes, room.blocks + i * blockBytes]
    kernel.u8.set(blas.nodes, nodes)
    kernel.call.refit(nodes, nodeBytes / L.NODE_BYTES, from, shapes.length === 1 ? from : from + blockBytes)
  }
}

/** Bounds around all shapes. Throws `RenderError` for a vertex that is not finite. */
export const boundsOf = (shapes: readonly Mesh[], where: string): Bounds => shapes.map(s => checkedBounds(s, where)).reduce(around)

type Bounds = Uploaded['blas']['bounds']
const around = (a: Bounds, b: Bounds): Bounds => ({
  min: [Math.min(a.min[0], b.min[0]), Math.min(a.min[1], b.min[1]), Math.min(a.min[2], b.min[2])],
  max: [Math.max(a.max[0], b.max[0]), Math.max(a.max[1], b.max[1]), Math.max(a.max[2], b.max[2])],
})
