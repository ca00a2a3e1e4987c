/**
 * A binary tree over lights for the kernel's light-tree.ts: bounds of place, power and direction, split by the surface area orientation heuristic
 * (Conty Estevez and Kulla 2018, eq. 1), with cheaper measures of a cone and of a box.
 */
import { portable, type Vec3, vec3 } from '@dioramic/scene'
import type { Kernel } from './kernel.ts'
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

/** Leaves of a tree, in the order of the lights; the numbers of their nodes. */
export interface LightTree {
  /** Address of the nodes. */
  readonly nodes: number
  readonly nodeOf: Int32Array
}

interface Node extends LightBounds {
  readonly children: readonly [Node, Node] | null
  readonly light: number
}

const BINS = 12

/** Builds a tree over at least one light in the arena; leaf i is light i. */
export function buildLightTree(kernel: Kernel, lights: readonly LightBounds[], what: string): LightTree {
  const root = build(lights, Int32Array.from(lights.keys()))
  const nodes = kernel.alloc(2 * lights.length * L.TREE_BYTES, what)
  const nodeOf = new Int32Array(lights.length)
  // The root is node 0; pairs of children begin at even numbers.
  let next = 2
  const put = (node: Node, number: number, parent: number): void => {
    const first = next
    if (node.children) next += 2
    else nodeOf[node.light] = number
    writeNode(kernel, nodes + number * L.TREE_BYTES, node, node.children ? first : ~node.light, parent)
    node.children?.forEach((child, i) => {
      put(child, first + i, number)
    })
  }
  put(root, 0, 0)
  return { nodes, nodeOf }
}

function writeNode(kernel: Kernel, at: number, { min, max, power, cone, both }: LightBounds, child: number, parent: number): void {
  const half = vec3.scale(vec3.sub(max, min), 0.5)
  const f32 = [...vec3.add(min, half), power, ...cone.axis, vec3.dot(half, half) * 1.00001]
  // A cone of everything has no reach beyond.
  const reach = Math.min(cone.reach, Math.PI)
  f32.push(portable.cos(cone.spread), portable.sin(cone.spread), portable.cos(reach))
  f32.forEach((x, i) => {
    kernel.setF32(at + i * 4, x)
  })
  kernel.setU32(at + L.TREE_BOTH, both ? 1 : 0)
  kernel.setU32(at + L.TREE_CHILD, child)
  kernel.setU32(at + L.TREE_PARENT, parent)
}

function build(lights: readonly LightBounds[], numbers: Int32Array): Node {
  if (numbers.length === 1) return { ...lights[numbers[0]!]!, children: null, light: numbers[0]! }
  const at = split(lights, numbers)
  const [a, b] = [build(lights, numbers.subarray(0, at)), build(lights, numbers.subarray(at))]
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

/** Sums over a run of lights, of which a cost is made. */
class Sums {
  min: [number, number, number] = [Infinity, Infinity, Infinity]
  max: [number, number, number] = [-Infinity, -Infinity, -Infinity]
  power = 0
  axis: [number, number, number] = [0, 0, 0]
  count = 0

  add({ min, max, power, axis, count }: { min: Vec3; max: Vec3; power: number; axis: Vec3; count: number }): void {
    for (let k = 0; k < 3; k++) {
      this.min[k] = Math.min(this.min[k]!, min[k]!)
      this.max[k] = Math.max(this.max[k]!, max[k]!)
      this.axis[k]! += axis[k]!
    }
    this.power += power
    this.count += count
  }

  /** Power × size² × solid angle that is lit: what the paper takes, but the diagonal's square stands for the area, which a row of lights has not. */
  cost(): number {
    const d = vec3.sub(this.max, this.min)
    const coherence = portable.hypot(...this.axis) / this.power
    // π for parallel normals to 4π for all, linear in the cosine of the cap over which normals with that mean are even.
    return this.power * vec3.dot(d, d) * (1 + 3 * (1 - coherence))
  }
}

/** The normal's weight in the mean of normals; the sign of a light with two sides does not matter, so its largest component counts as positive. */
function weightedAxis({ power, cone, both }: LightBounds): Vec3 {
  const { axis, spread } = cone
  const most = axis.reduce((m, x) => (Math.abs(x) > Math.abs(m) ? x : m), 0)
  return vec3.scale(axis, (both && most < 0 ? -power : power) * (0.5 + 0.5 * portable.cos(spread)))
}

/** Orders the numbers so that the first ones are one side of the best split; how many these are, neither none nor all. */
function split(lights: readonly LightBounds[], numbers: Int32Array): number {
  const low: [number, number, number] = [Infinity, Infinity, Infinity]
  const high: [number, number, number] = [-Infinity, -Infinity, -Infinity]
  const middle = (i: number, k: number) => lights[i]!.min[k]! + lights[i]!.max[k]!
  for (const i of numbers) {
    for (let k = 0; k < 3; k++) {
      low[k] = Math.min(low[k]!, middle(i, k))
      high[k] = Math.max(high[k]!, middle(i, k))
    }
  }
  const extent = vec3.sub(high, low)
  const longest = Math.max(...extent)
  const binOf = (i: number, k: number) => Math.min(BINS - 1, Math.floor((BINS * (middle(i, k) - low[k]!)) / extent[k]!))
  let best = { cost: Infinity, axis: -1, bin: 0 }
  for (let k = 0; k < 3; k++) {
    if (!(extent[k]! > 0)) continue
    const bins = Array.from({ length: BINS }, () => new Sums())
    for (const i of numbers) bins[binOf(i, k)]!.add({ ...lights[i]!, axis: weightedAxis(lights[i]!), count: 1 })
    const right: number[] = []
    const sums = new Sums()
    for (let b = BINS - 1; b > 0; b--) {
      sums.add(bins[b]!)
      right[b] = sums.count === 0 ? Infinity : sums.cost()
    }
    const left = new Sums()
    for (let b = 0; b + 1 < BINS; b++) {
      left.add(bins[b]!)
      if (left.count === 0) continue
      // Thin boxes are not cut across.
      const cost = (left.cost() + right[b + 1]!) * (longest / extent[k]!)
      if (cost < best.cost) best = { cost, axis: k, bin: b }
    }
  }
  const half = numbers.length >> 1
  if (best.axis < 0) return half
  const sides = [[], []] as [number[], number[]]
  for (const i of numbers) sides[binOf(i, best.axis) <= best.bin ? 0 : 1].push(i)
  numbers.set(sides[0])
  numbers.set(sides[1], sides[0].length)
  return sides[0].length
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
