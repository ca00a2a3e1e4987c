import { CodecError } from '../error.ts'
import type { GltfJson, GltfNode } from './container.ts'

/** Column-major 4×4. */
export type Matrix = readonly number[]

const IDENTITY: Matrix = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]

/** The nodes with a mesh that the default scene (or else every root) reaches, and their scene-from-node matrices. */
export function meshNodes(json: GltfJson): { node: GltfNode; index: number; mesh: number; sceneFromNode: Matrix }[] {
  const nodes = json.nodes ?? []
  const out: { node: GltfNode; index: number; mesh: number; sceneFromNode: Matrix }[] = []
  const seen = new Set<number>()
  const visit = (index: number, sceneFromParent: Matrix) => {
    const node = nodes[index]
    if (!node || seen.has(index))
      throw new CodecError(
        'gltf.corrupt',
        node ? `node ${index} is reached twice` : `node ${index} does not exist`,
        `nodes[${index}]`,
        'Export it again',
      )
    seen.add(index)
    const sceneFromNode = multiply(sceneFromParent, localMatrix(node, index))
    if (node.mesh !== undefined) out.push({ node, index, mesh: node.mesh, sceneFromNode })
    for (const child of node.children ?? []) visit(child, sceneFromNode)
  }
  const children = new Set(nodes.flatMap(n => n.children ?? []))
  const scene = json.scenes?.[json.scene ?? 0]
  const roots = scene ? (scene.nodes ?? []) : nodes.flatMap((_, i) => (children.has(i) ? [] : [i]))
  for (const root of roots) visit(root, IDENTITY)
  return out
}

export function localMatrix(node: GltfNode, index: number): Matrix {
  const matrix = node.matrix ?? compose(node.translation ?? [0, 0, 0], node.rotation ?? [0, 0, 0, 1], node.scale ?? [1, 1, 1])
  if (matrix.length !== 16 || !matrix.every(Number.isFinite))
    throw new CodecError('gltf.corrupt', `node ${index} has no finite transform`, `nodes[${index}]`, 'Export it again')
  return matrix
}

function compose(t: readonly number[], q: readonly number[], s: readonly number[]): Matrix {
  const [x, y, z, w] = q as [number, number, number, number]
  const [a, b, c] = s as [number, number, number]
  return [
    (1 - 2 * (y * y + z * z)) * a, 2 * (x * y + z * w) * a, 2 * (x * z - y * w) * a, 0,
    2 * (x * y - z * w) * b, (1 - 2 * (x * x + z * z)) * b, 2 * (y * z + x * w) * b, 0,
    2 * (x * z + y * w) * c, 2 * (y * z - x * w) * c, (1 - 2 * (x * x + y * y)) * c, 0,
    t[0]!, t[1]!, t[2]!, 1,
  ] // biome-ignore format: columns of a matrix
}

export function multiply(a: Matrix, b: Matrix): Matrix {
  return Array.from({ length: 16 }, (_, i) => {
    const [column, row] = [i >> 2, i & 3]
    return (
      a[row]! * b[4 * column]! + a[4 + row]! * b[4 * column + 1]! + a[8 + row]! * b[4 * column + 2]! + a[12 + row]! * b[4 * column + 3]!
    )
  })
}

/** Points moved by the matrix. */
export function movePoints(m: Matrix, points: Float32Array): Float32Array {
  const out = new Float32Array(points.length)
  for (let i = 0; i < points.length; i += 3)
    for (let k = 0; k < 3; k++) out[i + k] = m[k]! * points[i]! + m[4 + k]! * points[i + 1]! + m[8 + k]! * points[i + 2]! + m[12 + k]!
  return out
}

/** Determinant of the linear part: negative where the matrix mirrors. */
export function determinant(m: Matrix): number {
  return m[0]! * cofactor(m, 0, 0) + m[4]! * cofactor(m, 0, 1) + m[8]! * cofactor(m, 0, 2)
}

export function cofactor(m: Matrix, row: number, column: number): number {
  const [r1, r2, c1, c2] = [(row + 1) % 3, (row + 2) % 3, (column + 1) % 3, (column + 2) % 3] as [number, number, number, number]
  return m[4 * c1 + r1]! * m[4 * c2 + r2]! - m[4 * c2 + r1]! * m[4 * c1 + r2]!
}

/** Normals moved by the cofactors (the inverse transpose up to scale, kept outward by the determinant's sign), of unit length. */
export function moveNormals(m: Matrix, normals: Float32Array): Float32Array {
  const sign = determinant(m) < 0 ? -1 : 1
  const out = new Float32Array(normals.length)
  for (let i = 0; i < normals.length; i += 3) {
    const n = [0, 1, 2].map(
      r => sign * (cofactor(m, r, 0) * normals[i]! + cofactor(m, r, 1) * normals[i + 1]! + cofactor(m, r, 2) * normals[i + 2]!),
    ) as [number, number, number]
    const length = Math.sqrt(n[0] * n[0] + n[1] * n[1] + n[2] * n[2])
    for (let k = 0; k < 3; k++) out[i + k] = length > 0 ? n[k]! / length : normals[i + k]!
  }
  return out
}

/** Inverse of an affine matrix; undefined where there is none. */
export function inverse(m: Matrix): Matrix | undefined {
  const det = determinant(m)
  const out = new Array<number>(16).fill(0)
  out[15] = 1
  for (let r = 0; r < 3; r++) for (let c = 0; c < 3; c++) out[4 * c + r] = cofactor(m, c, r) / det
  for (let r = 0; r < 3; r++) out[12 + r] = -(out[r]! * m[12]! + out[4 + r]! * m[13]! + out[8 + r]! * m[14]!)
  return det !== 0 && out.every(Number.isFinite) ? out : undefined
}

/** Vectors turned and stretched by the matrix, not moved. */
export function moveVectors(m: Matrix, vectors: Float32Array): Float32Array {
  return movePoints([...m.slice(0, 12), 0, 0, 0, 1], vectors)
}
