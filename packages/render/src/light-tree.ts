/**
 * A binary tree over lights for the kernel's light-tree.ts: bounds of place, power and direction, split by the surface area orientation heuristic
 * (Conty Estevez and Kulla 2018, eq. 1), with cheaper measures of a cone and of a box.
 */
import { portable, type Vec3, vec3 } from '@dioramic/scene'
import * as L from './layout.ts'

/** Where a light is, how strong it is, and where it shines to. */
export interface LightBounds {
  readonly min: Vec3
  readonly max: Vec3
  /** Radiant intensity straight ahead, luminance; > 0. */
  readonly power: number
  readonly cone: Cone
  /** It shines as much to the other side. */
  readonly both: boolean
}

/** Normals are within `spread` of the axis, and light leaves within `reach` of a normal, radians. */
export interface Cone {
  readonly axis: Vec3
  readonly spread: number
  readonly reach: number
}

export interface LightTree {
  /** Nodes as the kernel reads them, the root first; leaf i is light i. */
  readonly nodes: Uint8Array
  /** Number of the node of every light. */
  readonly nodeOf: Int32Array
}

interface Node extends LightBounds {
  readonly children: readonly [Node, Node] | null
  readonly light: number
}

const BINS = 12
/** Lights that are not worth a search for the best split. */
const SMALL = 4

/** Builds trees, and gives the last one again for equal lights: most do not move from frame to frame. */
export function rememberTree(): (lights: readonly LightBounds[]) => LightTree {
  let last: { readonly lights: readonly LightBounds[]; readonly tree: LightTree } | null = null
  return lights => {
    if (!last || lights.length !== last.lights.length || !lights.every((l, i) => sameBounds(l, last!.lights[i]!))) {
      last = { lights, tree: buildLightTree(lights) }
    }
    return last.tree
  }
}

const sameVector = (a: Vec3, b: Vec3) => a[0] === b[0] && a[1] === b[1] && a[2] === b[2]
const sameBounds = (a: LightBounds, b: LightBounds) =>
  sameVector(a.min, b.min) &&
  sameVector(a.max, b.max) &&
  sameVector(a.cone.axis, b.cone.axis) &&
  a.cone.spread === b.cone.spread &&
  a.cone.reach === b.cone.reach &&
  a.power === b.power &&
  a.both === b.both

/** Builds a tree over at least one light. */
export function buildLightTree(lights: readonly LightBounds[]): LightTree {
  const root = build(lights, columnsOf(lights), Int32Array.from(lights.keys()))
  const view = new DataView(new ArrayBuffer(2 * lights.length * L.TREE_BYTES))
  const nodeOf = new Int32Array(lights.length)
  // The root is node 0; pairs of children begin at even numbers.
  let next = 2
  const put = (node: Node, number: number, parent: number): void => {
    const first = next
    if (node.children) next += 2
    else nodeOf[node.light] = number
    writeNode(view, number * L.TREE_BYTES, node, node.children ? first : ~node.light, parent)
    node.children?.forEach((child, i) => {
      put(child, first + i, number)
    })
  }
  put(root, 0, 0)
  return { nodes: new Uint8Array(view.buffer), nodeOf }
}

function writeNode(view: DataView, at: number, { min, max, power, cone, both }: LightBounds, child: number, parent: number): void {
  const half = vec3.scale(vec3.sub(max, min), 0.5)
  const f32 = [...vec3.add(min, half), power, ...cone.axis, vec3.dot(half, half) * 1.00001]
  // A cone of everything has no reach beyond.
  const reach = Math.min(cone.reach, Math.PI)
  f32.push(portable.cos(cone.spread), portable.sin(cone.spread), portable.cos(reach))
  f32.forEach((x, i) => {
    view.setFloat32(at + i * 4, x, true)
  })
  view.setInt32(at + L.TREE_BOTH, both ? 1 : 0, true)
  view.setInt32(at + L.TREE_CHILD, child, true)
  view.setInt32(at + L.TREE_PARENT, parent, true)
}

/** Numbers of the lights side by side, for the split: min, max, twice the middle, weighted axis (x, y, z each), power. */
function columnsOf(lights: readonly LightBounds[]): Float64Array {
  const data = new Float64Array(lights.length * COLUMNS)
  lights.forEach((light, i) => {
    const { min, max, power } = light
    data.set([...min, ...max, ...vec3.add(min, max), ...weightedAxis(light), power], i * COLUMNS)
  })
  return data
}
const COLUMNS = 13
const MIDDLE = 6
const AXIS = 9
const POWER = 12

/** The normal's weight in the mean of normals; the sign of a light with two sides does not matter, so its largest component counts as positive. */
function weightedAxis({ power, cone, both }: LightBounds): Vec3 {
  const { axis, spread } = cone
  const most = axis.reduce((m, x) => (Math.abs(x) > Math.abs(m) ? x : m), 0)
  return vec3.scale(axis, (both && most < 0 ? -power : power) * (0.5 + 0.5 * portable.cos(spread)))
}

function build(lights: readonly LightBounds[], columns: Float64Array, numbers: Int32Array): Node {
  if (numbers.length === 1) return { ...lights[numbers[0]!]!, children: null, light: numbers[0]! }
  const at = split(columns, numbers)
  const [a, b] = [build(lights, columns, numbers.subarray(0, at)), build(lights, columns, numbers.subarray(at))]
  return {
    min: lesser(a.min, b.min),
    max: greater(a.max, b.max),
    power: a.power + b.power,
    both: a.both || b.both,
    cone: union(a.cone, b.cone, a.both && b.both),
    children: [a, b],
    light: -1,
  }
}

// Sums over a run of lights, of which a cost is made: min, max, weighted axis (x, y, z each), power, number.
const SUMS = 11
const SUM_AXIS = 6
const SUM_POWER = 9
const SUM_COUNT = 10
const EMPTY = [Infinity, Infinity, Infinity, -Infinity, -Infinity, -Infinity, 0, 0, 0, 0, 0]

/** Adds `SUMS` numbers of `from` at b to those of `to` at a. */
function addSums(to: Float64Array, a: number, from: Float64Array, b: number): void {
  for (let k = 0; k < 3; k++) {
    to[a + k] = Math.min(to[a + k]!, from[b + k]!)
    to[a + 3 + k] = Math.max(to[a + 3 + k]!, from[b + 3 + k]!)
  }
  for (let k = SUM_AXIS; k < SUMS; k++) to[a + k]! += from[b + k]!
}

/** Power × size² × solid angle that is lit: what the paper takes, but the diagonal's square stands for the area, which a row of lights has not. */
function costOf(s: Float64Array): number {
  const [x, y, z] = [s[3]! - s[0]!, s[4]! - s[1]!, s[5]! - s[2]!]
  const power = s[SUM_POWER]!
  const coherence = portable.hypot(s[SUM_AXIS]!, s[SUM_AXIS + 1]!, s[SUM_AXIS + 2]!) / power
  // π for parallel normals to 4π for all, linear in the cosine of the cap over which normals with that mean are even.
  return power * (x * x + y * y + z * z) * (1 + 3 * (1 - coherence))
}

const bins = new Float64Array(BINS * SUMS)
const run = new Float64Array(SUMS)
const right = new Float64Array(BINS)

/** Orders the numbers so that the first ones are one side of the best split; how many these are, neither none nor all. */
function split(data: Float64Array, numbers: Int32Array): number {
  const low = [Infinity, Infinity, Infinity]
  const high = [-Infinity, -Infinity, -Infinity]
  for (const i of numbers) {
    for (let k = 0; k < 3; k++) {
      const middle = data[i * COLUMNS + MIDDLE + k]!
      low[k] = Math.min(low[k]!, middle)
      high[k] = Math.max(high[k]!, middle)
    }
  }
  const extent = [high[0]! - low[0]!, high[1]! - low[1]!, high[2]! - low[2]!]
  const longest = Math.max(...extent)
  const binOf = (i: number, k: number) => Math.min(BINS - 1, Math.floor((BINS * (data[i * COLUMNS + MIDDLE + k]! - low[k]!)) / extent[k]!))
  let best = { cost: Infinity, axis: -1, bin: 0 }
  // So few are halved in space.
  if (numbers.length <= SMALL && longest > 0) best = { cost: 0, axis: extent.indexOf(longest), bin: BINS / 2 - 1 }
  for (let k = 0; k < 3; k++) {
    if (!(extent[k]! > 0) || best.cost === 0) continue
    for (let b = 0; b < BINS; b++) bins.set(EMPTY, b * SUMS)
    for (const i of numbers) {
      const a = binOf(i, k) * SUMS
      const b = i * COLUMNS
      for (let c = 0; c < 3; c++) {
        bins[a + c] = Math.min(bins[a + c]!, data[b + c]!)
        bins[a + 3 + c] = Math.max(bins[a + 3 + c]!, data[b + 3 + c]!)
        bins[a + SUM_AXIS + c]! += data[b + AXIS + c]!
      }
      bins[a + SUM_POWER]! += data[b + POWER]!
      bins[a + SUM_COUNT]! += 1
    }
    run.set(EMPTY)
    for (let b = BINS - 1; b > 0; b--) {
      addSums(run, 0, bins, b * SUMS)
      right[b] = run[SUM_COUNT] === 0 ? Infinity : costOf(run)
    }
    run.set(EMPTY)
    for (let b = 0; b + 1 < BINS; b++) {
      addSums(run, 0, bins, b * SUMS)
      if (run[SUM_COUNT] === 0) continue
      // Thin boxes are not cut across.
      const cost = (costOf(run) + right[b + 1]!) * (longest / extent[k]!)
      if (cost < best.cost) best = { cost, axis: k, bin: b }
    }
  }
  const half = numbers.length >> 1
  if (best.axis < 0) return half
  let at = 0
  const others: number[] = []
  for (const i of numbers) {
    if (binOf(i, best.axis) <= best.bin) numbers[at++] = i
    else others.push(i)
  }
  numbers.set(others, at)
  return at
}

const lesser = (a: Vec3, b: Vec3): Vec3 => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.min(a[2], b[2])]
const greater = (a: Vec3, b: Vec3): Vec3 => [Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.max(a[2], b[2])]

/** The least cone around two; `both`: their axes may be turned about. */
export function union(a: Cone, b: Cone, both: boolean): Cone {
  const reach = Math.max(a.reach, b.reach)
  const [wide, other] = a.spread >= b.spread ? [a, b] : [b, a]
  let narrow = other.axis
  if (both && vec3.dot(wide.axis, narrow) < 0) narrow = vec3.scale(narrow, -1)
  const apart = portable.acos(Math.min(1, Math.max(-1, vec3.dot(wide.axis, narrow))))
  if (Math.min(Math.PI, apart + other.spread) <= wide.spread) return { ...wide, reach }
  const spread = (wide.spread + apart + other.spread) / 2
  const sine = portable.sin(apart)
  if (spread >= Math.PI || sine < 1e-6) return { axis: wide.axis, spread: sine < 1e-6 && apart < 1 ? wide.spread + apart : Math.PI, reach }
  // From the wider one's axis towards the other's.
  const turn = spread - wide.spread
  const axis = vec3.add(vec3.scale(wide.axis, portable.sin(apart - turn) / sine), vec3.scale(narrow, portable.sin(turn) / sine))
  return { axis, spread, reach }
}
