/** How much each joint carries each vertex: nearest bones, made smooth along the surface; and what lies on the body takes after it. */
import type { Vec3 } from '@dioramic/scene'
import { FINGERS, type RestJoint, SIDES } from './skeleton.ts'
import type { Surface } from './surface.ts'

export const INFLUENCES = 4

/** Four joints and weights a vertex. */
export interface Weights {
  readonly joints: number[]
  readonly weights: number[]
}

/** A bone: what a joint carries, from its place to another, and how thick the body is around it. */
interface Bone {
  readonly joint: number
  readonly from: Vec3
  readonly to: Vec3
  readonly radius: number
}

function bonesOf(joints: readonly RestJoint[]): Bone[] {
  const number = (name: string) => joints.findIndex(j => j.name === name)
  const at = (name: string) => joints[number(name)]!.at
  const bones: Bone[] = []
  const add = (joint: string, to: Vec3 | string, radius: number, from: Vec3 = at(joint)) =>
    bones.push({ joint: number(joint), from, to: typeof to === 'string' ? at(to) : to, radius })
  add('pelvis', 'spine', 0.075)
  add('spine', 'chest', 0.08)
  add('chest', [-0.02, 0, 0.765], 0.075)
  add('neck', 'head', 0.04)
  add('head', [-0.006, 0, 0.955], 0.05, [-0.006, 0, 0.925])
  add('head', [0.03, 0, 0.895], 0.034, [0.012, 0, 0.9])
  for (const side of SIDES) {
    const of = (name: string) => `${side}-${name}`
    const hip = at(of('hip'))
    add('pelvis', [hip[0] - 0.02, hip[1] * 0.7, hip[2] + 0.015], 0.06)
    add('chest', [-0.015, hip[1] * 0.9, 0.745], 0.055, [-0.015, hip[1] * 0.9, 0.7])
    add(of('collar'), of('shoulder'), 0.03)
    add(of('shoulder'), of('elbow'), 0.032)
    add(of('elbow'), of('wrist'), 0.021)
    for (const finger of FINGERS) {
      add(of('wrist'), of(`${finger}-1`), 0.0095)
      add(of(`${finger}-1`), of(`${finger}-2`), 0.005)
      const [a, b] = [at(of(`${finger}-1`)), at(of(`${finger}-2`))]
      add(of(`${finger}-2`), [2 * b[0] - a[0], 2 * b[1] - a[1], 2 * b[2] - a[2]], 0.0045)
    }
    for (const i of [1, 2]) add(of(`thumb-${i}`), of(`thumb-${i + 1}`), i === 1 ? 0.008 : 0.0065)
    const [a, b] = [at(of('thumb-2')), at(of('thumb-3'))]
    add(of('thumb-3'), [2 * b[0] - a[0], 2 * b[1] - a[1], 2 * b[2] - a[2]], 0.0055)
    add(of('hip'), of('knee'), 0.046)
    add(of('knee'), of('ankle'), 0.03)
    const [ankle, toes] = [at(of('ankle')), at(of('toes'))]
    add(of('ankle'), of('toes'), 0.018)
    add(of('ankle'), [ankle[0] - 0.012, ankle[1], 0.018], 0.02)
    add(of('toes'), [toes[0] + 0.035, toes[1] + 0.004, 0.01], 0.012)
  }
  return bones
}

function distanceTo({ from: a, to: b }: Bone, x: number, y: number, z: number): number {
  const d = [b[0] - a[0], b[1] - a[1], b[2] - a[2]] as const
  const l2 = d[0] * d[0] + d[1] * d[1] + d[2] * d[2]
  const t = Math.max(0, Math.min(1, ((x - a[0]) * d[0] + (y - a[1]) * d[1] + (z - a[2]) * d[2]) / l2))
  const [p, q, r] = [x - a[0] - t * d[0], y - a[1] - t * d[1], z - a[2] - t * d[2]]
  return Math.sqrt(p * p + q * q + r * r)
}

/** Joints at the end that carry what lies around them on the face: how far, and how much. */
const FACE = [
  { name: 'nose', reach: 0.013, share: 0.5 },
  { name: 'left-eye', reach: 0.0115, share: 0.15 },
  { name: 'right-eye', reach: 0.0115, share: 0.15 },
  { name: 'left-ear', reach: 0.021, share: 0.5 },
  { name: 'right-ear', reach: 0.021, share: 0.5 },
] as const

const ROUNDS = 18

/**
 * Weights of the skin: each vertex begins with the bone whose thickness it lies least outside of, of its own side; then the weights spread
 * over the mesh, by half of the way to the mean of the neighbours eighteen times: about three edges far, so joints of fingers are sharper than knees.
 */
export function skinWeights({ positions: p, indices }: Surface, joints: readonly RestJoint[]): Weights {
  const n = p.length / 3
  const count = joints.length
  const bones = bonesOf(joints)
  const sideOf = joints.map(j => (j.name.startsWith('left-') ? 1 : j.name.startsWith('right-') ? -1 : 0))
  let now = new Float32Array(n * count)
  for (let v = 0; v < n; v++) {
    const [x, y, z] = [p[3 * v]!, p[3 * v + 1]!, p[3 * v + 2]!]
    let [best, least] = [0, Infinity]
    for (const bone of bones) {
      if (sideOf[bone.joint]! * y < 0) continue
      const d = distanceTo(bone, x, y, z) - bone.radius
      if (d < least) [best, least] = [bone.joint, d]
    }
    now[v * count + best] = 1
  }
  const { start, list } = neighbours(indices, n)
  let next = new Float32Array(n * count)
  for (let round = 0; round < ROUNDS; round++) {
    for (let v = 0; v < n; v++) {
      const [s, e] = [start[v]!, start[v + 1]!]
      const share = 0.5 / (e - s)
      for (let j = 0; j < count; j++) next[v * count + j] = 0.5 * now[v * count + j]!
      for (let i = s; i < e; i++) {
        const o = list[i]! * count
        for (let j = 0; j < count; j++) next[v * count + j]! += share * now[o + j]!
      }
    }
    ;[now, next] = [next, now]
  }
  for (const { name, reach, share } of FACE) {
    const j = joints.findIndex(k => k.name === name)
    const c = joints[j]!.at
    for (let v = 0; v < n; v++) {
      const [x, y, z] = [p[3 * v]! - c[0], p[3 * v + 1]! - c[1], p[3 * v + 2]! - c[2]]
      const t = 1 - Math.sqrt(x * x + y * y + z * z) / reach
      if (t <= 0) continue
      const w = share * Math.min(1, 2 * t)
      for (let k = 0; k < count; k++) now[v * count + k]! *= 1 - w
      now[v * count + j]! += w
    }
  }
  return heaviest(now, n, count)
}

/** Vertices that share an edge, as one list with starts. */
function neighbours(indices: readonly number[], n: number): { start: Uint32Array; list: Uint32Array } {
  // Every edge of a closed surface is in two triangles, once in each direction: taking it as a → b alone counts it once for each end.
  const start = new Uint32Array(n + 1)
  for (const i of indices) start[i + 1]!++
  for (let v = 0; v < n; v++) start[v + 1]! += start[v]!
  const fill = start.slice(0, n)
  const list = new Uint32Array(indices.length)
  for (let t = 0; t < indices.length; t += 3) for (let k = 0; k < 3; k++) list[fill[indices[t + k]!]!++] = indices[t + ((k + 1) % 3)]!
  return { start, list }
}

/** The four heaviest of each row, summing to 1. */
function heaviest(rows: Float32Array, n: number, count: number): Weights {
  const out: Weights = { joints: [], weights: [] }
  for (let v = 0; v < n; v++) {
    const top: number[] = []
    for (let j = 0; j < count; j++) {
      const w = rows[v * count + j]!
      if (w < 0.004) continue
      let at = top.length
      while (at > 0 && rows[v * count + top[at - 1]!]! < w) at--
      top.splice(at, 0, j)
    }
    top.length = Math.min(top.length, INFLUENCES)
    const sum = top.reduce((s, j) => s + rows[v * count + j]!, 0)
    for (let k = 0; k < INFLUENCES; k++) {
      out.joints.push(top[k] ?? 0)
      out.weights.push(k < top.length ? rows[v * count + top[k]!]! / sum : 0)
    }
  }
  return out
}

/** For points on or near a surface: its nearest vertices and how much each counts. */
export interface Binding {
  readonly vertices: Uint32Array
  readonly shares: Float64Array
  readonly each: number
}

/** Binds points to the nearest vertices of the skin, by inverse square distance. */
export function bind(points: readonly number[], skin: readonly number[], each = 6): Binding {
  const CELL = 0.02
  /** Shells of cells: 32 cm. */
  const REACH = 17
  const cells = new Map<number, number[]>()
  const keyOf = (i: number, j: number, k: number) => (i + 512) * 1048576 + (j + 512) * 1024 + (k + 512)
  for (let v = 0; v < skin.length / 3; v++) {
    const key = keyOf(Math.floor(skin[3 * v]! / CELL), Math.floor(skin[3 * v + 1]! / CELL), Math.floor(skin[3 * v + 2]! / CELL))
    const cell = cells.get(key)
    if (cell) cell.push(v)
    else cells.set(key, [v])
  }
  const n = points.length / 3
  const vertices = new Uint32Array(n * each)
  const shares = new Float64Array(n * each)
  // The nearest so far, nearest first, of equals the first vertex.
  const near = new Float64Array(each)
  const whose = new Uint32Array(each)
  for (let i = 0; i < n; i++) {
    const [x, y, z] = [points[3 * i]!, points[3 * i + 1]!, points[3 * i + 2]!]
    const [ci, cj, ck] = [Math.floor(x / CELL), Math.floor(y / CELL), Math.floor(z / CELL)]
    let found = 0
    const look = (cell: readonly number[]) => {
      for (const v of cell) {
        const [dx, dy, dz] = [skin[3 * v]! - x, skin[3 * v + 1]! - y, skin[3 * v + 2]! - z]
        const d2 = dx * dx + dy * dy + dz * dz
        const before = (k: number) => d2 < near[k]! || (d2 === near[k]! && v < whose[k]!)
        if (found === each && !before(each - 1)) continue
        let at = found < each ? found++ : each - 1
        for (; at > 0 && before(at - 1); at--) {
          near[at] = near[at - 1]!
          whose[at] = whose[at - 1]!
        }
        near[at] = d2
        whose[at] = v
      }
    }
    // Shell by shell of cells. What is nearer than the cells looked at reach is complete.
    for (let reach = 0; reach < REACH; reach++) {
      for (let a = -reach; a <= reach; a++)
        for (let b = -reach; b <= reach; b++) {
          const step = Math.abs(a) === reach || Math.abs(b) === reach ? 1 : 2 * reach
          for (let c = -reach; c <= reach; c += step) {
            const cell = cells.get(keyOf(ci + a, cj + b, ck + c))
            if (cell) look(cell)
          }
        }
      if (found === each && near[each - 1]! <= reach * CELL * reach * CELL) break
    }
    if (found < each)
      throw new Error(
        `a point at ${x}, ${y}, ${z} has ${found} vertices of the skin within ${(REACH - 1) * CELL} m, not ${each}. What is worn lies on the body.`,
      )
    let sum = 0
    for (let k = 0; k < each; k++) {
      vertices[i * each + k] = whose[k]!
      shares[i * each + k] = 1 / (near[k]! + 1e-6)
      sum += shares[i * each + k]!
    }
    for (let k = 0; k < each; k++) shares[i * each + k]! /= sum
  }
  return { vertices, shares, each }
}

/** Weights of bound points: the mean of those of their vertices. */
export function boundWeights({ vertices, shares, each }: Binding, skin: Weights, count: number): Weights {
  const n = vertices.length / each
  const rows = new Float32Array(n * count)
  for (let i = 0; i < n * each; i++) {
    const [row, v] = [Math.floor(i / each) * count, vertices[i]!]
    for (let k = 0; k < INFLUENCES; k++) rows[row + skin.joints[INFLUENCES * v + k]!]! += shares[i]! * skin.weights[INFLUENCES * v + k]!
  }
  return heaviest(rows, n, count)
}
