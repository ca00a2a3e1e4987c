/** Triangles by brute force within a box per object, in f64, at the exact pose of any time. */
import type { Motion } from '@dioramic/physics'
import type { ResolvedScene } from '@dioramic/scene'
import { add, cross, dot, mul, rotate, scale, sub, unit, unrotate, type V } from './vector.ts'

export interface Hit {
  /** Index into `resolved.objects`. */
  readonly object: number
  readonly triangle: number
  readonly t: number
  readonly u: number
  readonly v: number
}

interface Body {
  readonly corners: readonly V[]
  readonly normals: readonly V[] | null
  readonly uvs: readonly (readonly [number, number])[] | null
  /** Nodes of a median-split tree. */
  readonly root: Node
}
interface Node {
  readonly min: V
  readonly max: V
  readonly children: readonly [Node, Node] | null
  readonly triangles: readonly number[]
}

const LEAF = 4

function tree(corners: readonly V[], triangles: number[]): Node {
  const points = triangles.flatMap(t => [corners[t * 3]!, corners[t * 3 + 1]!, corners[t * 3 + 2]!])
  const min = [0, 1, 2].map(k => Math.min(...points.map(p => p[k]!))) as unknown as V
  const max = [0, 1, 2].map(k => Math.max(...points.map(p => p[k]!))) as unknown as V
  if (triangles.length <= LEAF) return { min, max, children: null, triangles }
  const size = sub(max, min)
  const k = size[0] > size[1] && size[0] > size[2] ? 0 : size[1] > size[2] ? 1 : 2
  const middle = (t: number) => corners[t * 3]![k]! + corners[t * 3 + 1]![k]! + corners[t * 3 + 2]![k]!
  const sorted = [...triangles].sort((a, b) => middle(a) - middle(b))
  const half = sorted.length >> 1
  return { min, max, children: [tree(corners, sorted.slice(0, half)), tree(corners, sorted.slice(half))], triangles: [] }
}

function meets(node: Node, o: V, d: V, tMax: number): boolean {
  let low = 0
  let high = tMax
  for (let k = 0; k < 3; k++) {
    const a = (node.min[k]! - o[k]!) / d[k]!
    const b = (node.max[k]! - o[k]!) / d[k]!
    // 0/0, a ray within a face's plane, decides nothing.
    if (Number.isNaN(a) || Number.isNaN(b)) continue
    low = Math.max(low, Math.min(a, b))
    high = Math.min(high, Math.max(a, b))
  }
  return low <= high * (1 + 1e-12) + 1e-12
}

export class Geometry {
  private readonly resolved: ResolvedScene
  private readonly motion: Motion
  private readonly bodies: readonly Body[]

  constructor(resolved: ResolvedScene, motion: Motion) {
    this.resolved = resolved
    this.motion = motion
    this.bodies = resolved.objects.map(({ mesh }) => {
      const at = (data: Float32Array, i: number): V => [data[i * 3]!, data[i * 3 + 1]!, data[i * 3 + 2]!]
      const order = [...mesh.indices]
      const corners = order.map(i => at(mesh.positions, i))
      return {
        corners,
        normals: mesh.normals ? order.map(i => at(mesh.normals!, i)) : null,
        uvs: mesh.uvs ? order.map(i => [mesh.uvs![i * 2]!, mesh.uvs![i * 2 + 1]!] as const) : null,
        root: tree(corners, [...Array(order.length / 3).keys()]),
      }
    })
  }

  private pose(object: number, time: number) {
    const o = this.resolved.scene.objects[this.resolved.objects[object]!.index]!
    return { ...this.motion.pose(o.id, time), scale: o.scale as V }
  }

  /** Closest triangle with t in (tMin, ∞); Möller and Trumbore (1997). */
  closest(origin: V, direction: V, time: number, tMin: number): Hit | null {
    let best: Hit | null = null
    this.bodies.forEach((body, object) => {
      const { position, rotation, scale: s } = this.pose(object, time)
      const inverse: V = [1 / s[0], 1 / s[1], 1 / s[2]]
      const o = mul(unrotate(rotation, sub(origin, position)), inverse)
      const d = mul(unrotate(rotation, direction), inverse)
      const stack = [body.root]
      for (let node = stack.pop(); node; node = stack.pop()) {
        if (!meets(node, o, d, best?.t ?? Infinity)) continue
        if (node.children) stack.push(...node.children)
        for (const triangle of node.triangles) {
          const p = body.corners[triangle * 3]!
          const e1 = sub(body.corners[triangle * 3 + 1]!, p)
          const e2 = sub(body.corners[triangle * 3 + 2]!, p)
          const n = cross(d, e2)
          const det = dot(e1, n)
          if (det === 0) continue
          const r = sub(o, p)
          const u = dot(r, n) / det
          if (u < 0 || u > 1) continue
          const q = cross(r, e1)
          const v = dot(d, q) / det
          if (v < 0 || u + v > 1) continue
          const t = dot(e2, q) / det
          if (t > tMin && t < (best?.t ?? Infinity)) best = { object, triangle, t, u, v }
        }
      }
    })
    return best
  }

  /** World-frame unit normals (face, and interpolated where the mesh has any) and uv of a hit; the face's by counter-clockwise corners. */
  surface(
    hit: Hit,
    time: number,
  ): {
    readonly face: V
    readonly smooth: V
    readonly uv: readonly [number, number]
    readonly tangents: readonly [V, V] | null
    /** Of the object, its z. */
    readonly axis: V
  } {
    const body = this.bodies[hit.object]!
    const { rotation, scale: s } = this.pose(hit.object, time)
    const i = hit.triangle * 3
    const weights = [1 - hit.u - hit.v, hit.u, hit.v]
    // Edges in the world; normals go by the inverse transpose.
    const world = (v: V) => rotate(rotation, mul(v, s))
    const e1 = world(sub(body.corners[i + 1]!, body.corners[i]!))
    const e2 = world(sub(body.corners[i + 2]!, body.corners[i]!))
    const face = unit(cross(e1, e2))
    let smooth = face
    if (body.normals) {
      const n = [0, 1, 2].reduce<V>((sum, k) => add(sum, scale(body.normals![i + k]!, weights[k]!)), [0, 0, 0])
      smooth = unit(rotate(rotation, mul(n, [1 / s[0], 1 / s[1], 1 / s[2]])))
    }
    const axis = rotate(rotation, [0, 0, 1])
    if (!body.uvs) return { face, smooth, uv: [0, 0], tangents: null, axis }
    const [a, b, c] = [body.uvs[i]!, body.uvs[i + 1]!, body.uvs[i + 2]!]
    const uv = [0, 1].map(k => weights[0]! * a[k]! + weights[1]! * b[k]! + weights[2]! * c[k]!) as unknown as readonly [number, number]
    // Solve e = T du + B dv.
    const [u1, v1, u2, v2] = [b[0] - a[0], b[1] - a[1], c[0] - a[0], c[1] - a[1]]
    const det = u1 * v2 - u2 * v1
    const tangents =
      det === 0 ? null : ([scale(sub(scale(e1, v2), scale(e2, v1)), 1 / det), scale(sub(scale(e2, u1), scale(e1, u2)), 1 / det)] as const)
    return { face, smooth, uv, tangents, axis }
  }
}
