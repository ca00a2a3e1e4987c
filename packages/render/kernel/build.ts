// Bounding volume hierarchy of four children a node, built top down with a binned surface area heuristic
// (Wald, "On fast construction of SAH-based bounding volume hierarchies", RT 2007; wide nodes: Wald et al., "Getting rid of packets", RT 2008).
import {
  BINS, BLOCK_BYTES, BLOCK_PRIMITIVE, BUILD_CHILDREN, BUILD_STACK, NODE_BYTES, NODE_CHILD, R_BLOCK_COUNT, R_NODE_COUNT, VERTEX_BYTES,
} from '../src/layout'
import { X, Y, Z } from './vec'

// A reference is a box: min (fourth lane: number as bits), max. 32 bytes.
const REF = 32
/** Numbers ride in a float lane; the tag keeps them normal floats, since denormals are slow to add. */
export const ID_TAG = 0x40000000
const ID_MASK = 0x3fffffff
const BIN_COUNT = 16
const BIN_BYTES = 48 // min, max, count
const AXIS_BYTES = BIN_COUNT * BIN_BYTES
const RIGHT = BINS + 3 * AXIS_BYTES // suffix areas
const INF: f32 = Infinity
/** Deeper than this the builder halves by number, so that traversal stacks are bounded. */
const DEPTH_LIMIT = 48

@inline function halfArea(lo: v128, hi: v128): f32 {
  const d = f32x4.sub(hi, lo)
  const x = X(d)
  const y = Y(d)
  const z = Z(d)
  return x < 0 ? <f32>0 : x * y + y * z + z * x
}
@inline function blocks(n: i32, leaf: i32): i32 { return (n + leaf - 1) / leaf }

// Children of the node at work: begin, end, min, max.
@inline function childAt(i: i32): usize { return BUILD_CHILDREN + i * 48 }

function boundsOf(refs: usize, begin: i32, end: i32, out: usize): void {
  let lo = f32x4.splat(INF)
  let hi = f32x4.splat(-INF)
  for (let p: usize = refs + begin * REF, e: usize = refs + end * REF; p < e; p += REF) {
    lo = f32x4.pmin(lo, v128.load(p))
    hi = f32x4.pmax(hi, v128.load(p, 16))
  }
  store<i32>(out, begin)
  store<i32>(out, end, 4)
  v128.store(out, lo, 16)
  v128.store(out, hi, 32)
}

@inline function swapRefs(a: usize, b: usize): void {
  const l = v128.load(a)
  const h = v128.load(a, 16)
  v128.store(a, v128.load(b))
  v128.store(a, v128.load(b, 16), 16)
  v128.store(b, l)
  v128.store(b, h, 16)
}

@inline function lane(v: v128, axis: i32): f32 { return axis == 0 ? X(v) : axis == 1 ? Y(v) : Z(v) }

/** Where to split [begin, end), after moving references so that the left ones come first. Always strictly inside. */
function split(refs: usize, begin: i32, end: i32, leaf: i32, median: bool): i32 {
  const first: usize = refs + begin * REF
  const last: usize = refs + end * REF
  const half = begin + ((end - begin) >> 1)
  if (median) return half
  // Twice the centroids.
  let lo = f32x4.splat(INF)
  let hi = f32x4.splat(-INF)
  for (let p = first; p < last; p += REF) {
    const c = f32x4.add(v128.load(p), v128.load(p, 16))
    lo = f32x4.pmin(lo, c)
    hi = f32x4.pmax(hi, c)
  }
  const size = f32x4.sub(hi, lo)
  // NaN and infinity cannot come here: the host checks positions. Scale so that the bin number stays below BIN_COUNT.
  const factor = f32x4.div(f32x4.splat(<f32>BIN_COUNT * <f32>0.9999), f32x4.pmax(size, f32x4.splat(1e-30)))
  for (let b: usize = BINS, e: usize = BINS + 3 * AXIS_BYTES; b < e; b += BIN_BYTES) {
    v128.store(b, f32x4.splat(INF))
    v128.store(b, f32x4.splat(-INF), 16)
    store<i32>(b, 0, 32)
  }
  for (let p = first; p < last; p += REF) {
    const l = v128.load(p)
    const h = v128.load(p, 16)
    const k = i32x4.trunc_sat_f32x4_s(f32x4.mul(f32x4.sub(f32x4.add(l, h), lo), factor))
    let b: usize = BINS + i32x4.extract_lane(k, 0) * BIN_BYTES
    v128.store(b, f32x4.pmin(v128.load(b), l))
    v128.store(b, f32x4.pmax(v128.load(b, 16), h), 16)
    store<i32>(b, load<i32>(b, 32) + 1, 32)
    b = BINS + AXIS_BYTES + i32x4.extract_lane(k, 1) * BIN_BYTES
    v128.store(b, f32x4.pmin(v128.load(b), l))
    v128.store(b, f32x4.pmax(v128.load(b, 16), h), 16)
    store<i32>(b, load<i32>(b, 32) + 1, 32)
    b = BINS + 2 * AXIS_BYTES + i32x4.extract_lane(k, 2) * BIN_BYTES
    v128.store(b, f32x4.pmin(v128.load(b), l))
    v128.store(b, f32x4.pmax(v128.load(b, 16), h), 16)
    store<i32>(b, load<i32>(b, 32) + 1, 32)
  }
  let best: f32 = INF
  let bestAxis = -1
  let bestBin = 0
  for (let axis = 0; axis < 3; axis++) {
    if (lane(size, axis) <= 0) continue
    const base: usize = BINS + axis * AXIS_BYTES
    let l = f32x4.splat(INF)
    let h = f32x4.splat(-INF)
    let n = 0
    for (let i = BIN_COUNT - 1; i > 0; i--) {
      const b = base + i * BIN_BYTES
      l = f32x4.pmin(l, v128.load(b))
      h = f32x4.pmax(h, v128.load(b, 16))
      n += load<i32>(b, 32)
      store<f32>(RIGHT + i * 4, n == 0 ? <f32>0 : halfArea(l, h) * <f32>blocks(n, leaf))
    }
    l = f32x4.splat(INF)
    h = f32x4.splat(-INF)
    n = 0
    for (let i = 0; i < BIN_COUNT - 1; i++) {
      const b = base + i * BIN_BYTES
      l = f32x4.pmin(l, v128.load(b))
      h = f32x4.pmax(h, v128.load(b, 16))
      n += load<i32>(b, 32)
      if (n == 0 || n == end - begin) continue
      const cost = halfArea(l, h) * <f32>blocks(n, leaf) + load<f32>(RIGHT + (i + 1) * 4)
      if (cost < best) {
        best = cost
        bestAxis = axis
        bestBin = i
      }
    }
  }
  if (bestAxis < 0) return half
  let a = first
  let b = last - REF
  const o = lane(lo, bestAxis)
  const f = lane(factor, bestAxis)
  while (true) {
    while (a <= b && i32(((load<f32>(a + bestAxis * 4) + load<f32>(a + bestAxis * 4, 16)) - o) * f) <= bestBin) a += REF
    while (a <= b && i32(((load<f32>(b + bestAxis * 4) + load<f32>(b + bestAxis * 4, 16)) - o) * f) > bestBin) b -= REF
    if (a >= b) break
    swapRefs(a, b)
    a += REF
    b -= REF
  }
  const at = begin + i32((a - first) / REF)
  return at > begin && at < end ? at : half
}

function ensure(top: usize): bool {
  const have: usize = memory.size() << 16
  if (top <= have) return true
  return memory.grow(i32((top - have + 65535) >> 16) + 64) >= 0
}

/**
 * Builds nodes over `count` references at `refs`, which are reordered; nodes go to `nodes` (grows the memory as needed).
 * Leaf children are ~(begin · 8 + number). Returns the number of nodes, −1 when memory ends.
 */
export function build(refs: usize, count: i32, nodes: usize, leaf: i32): i32 {
  let nodeCount = 1
  if (!ensure(nodes + 2 * NODE_BYTES)) return -1
  if (count == 0) {
    emptyNode(nodes)
    store<i32>(R_NODE_COUNT, 1)
    return 1
  }
  let sp: usize = BUILD_STACK
  // Entry: node, begin, end, depth.
  store<i32>(sp, 0)
  store<i32>(sp, 0, 4)
  store<i32>(sp, count, 8)
  store<i32>(sp, 0, 12)
  sp += 16
  while (sp > <usize>BUILD_STACK) {
    sp -= 16
    const node = load<i32>(sp)
    const depth = load<i32>(sp, 12)
    boundsOf(refs, load<i32>(sp, 4), load<i32>(sp, 8), childAt(0))
    let n = 1
    while (n < 4) {
      let pick = -1
      let area: f32 = -1
      for (let i = 0; i < n; i++) {
        const c = childAt(i)
        if (load<i32>(c, 4) - load<i32>(c) <= leaf) continue
        const a = halfArea(v128.load(c, 16), v128.load(c, 32))
        if (a > area) {
          area = a
          pick = i
        }
      }
      if (pick < 0) break
      const c = childAt(pick)
      const begin = load<i32>(c)
      const end = load<i32>(c, 4)
      const at = split(refs, begin, end, leaf, depth > DEPTH_LIMIT)
      boundsOf(refs, begin, at, c)
      boundsOf(refs, at, end, childAt(n))
      n++
    }
    const p: usize = nodes + node * NODE_BYTES
    emptyNode(p)
    if (!ensure(nodes + (nodeCount + 8) * NODE_BYTES)) return -1
    for (let i = 0; i < n; i++) {
      const c = childAt(i)
      const begin = load<i32>(c)
      const end = load<i32>(c, 4)
      const slot: usize = p + i * 4
      for (let k = 0; k < 6; k++) store<f32>(slot + k * 16, load<f32>(c + 16 + (k / 3) * 16 + (k % 3) * 4))
      if (end - begin <= leaf) {
        store<i32>(slot, ~((begin << 3) | (end - begin)), NODE_CHILD)
      } else {
        store<i32>(slot, nodeCount, NODE_CHILD)
        store<i32>(sp, nodeCount)
        store<i32>(sp, begin, 4)
        store<i32>(sp, end, 8)
        store<i32>(sp, depth + 1, 12)
        sp += 16
        nodeCount++
      }
    }
  }
  store<i32>(R_NODE_COUNT, nodeCount)
  return nodeCount
}

function emptyNode(p: usize): void {
  v128.store(p, f32x4.splat(INF))
  v128.store(p, f32x4.splat(INF), 16)
  v128.store(p, f32x4.splat(INF), 32)
  v128.store(p, f32x4.splat(-INF), 48)
  v128.store(p, f32x4.splat(-INF), 64)
  v128.store(p, f32x4.splat(-INF), 80)
  v128.store(p, i32x4.splat(0), 96)
}

/** References of triangles: boxes numbered by triangle. */
export function triangleRefs(positions: usize, indices: usize, count: i32, refs: usize): bool {
  if (!ensure(refs + count * REF)) return false
  for (let i = 0; i < count; i++) {
    const a = corner(positions, indices, i * 3)
    const b = corner(positions, indices, i * 3 + 1)
    const c = corner(positions, indices, i * 3 + 2)
    const p: usize = refs + i * REF
    v128.store(p, f32x4.min(f32x4.min(a, b), c))
    store<i32>(p, i | ID_TAG, 12)
    v128.store(p, f32x4.max(f32x4.max(a, b), c), 16)
  }
  return true
}

@inline function corner(positions: usize, indices: usize, i: i32): v128 {
  const p: usize = positions + load<u32>(indices + (i << 2)) * 12
  return f32x4(load<f32>(p), load<f32>(p, 4), load<f32>(p, 8), 0)
}

/** Turns the leaves of a freshly built BVH into blocks of four triangles at `out`. Returns their number, −1 when memory ends. */
export function emitBlocks(positions: usize, indices: usize, refs: usize, nodes: usize, nodeCount: i32, out: usize): i32 {
  let n = 0
  for (let i = 0; i < nodeCount; i++) {
    const node: usize = nodes + i * NODE_BYTES
    if (!ensure(out + (n + 4) * BLOCK_BYTES)) return -1
    for (let k = 0; k < 4; k++) {
      const slot: usize = node + k * 4
      const child = load<i32>(slot, NODE_CHILD)
      if (child >= 0) continue
      const begin = ~child >> 3
      const count = ~child & 7
      const block: usize = out + n * BLOCK_BYTES
      memory.fill(block, 0, BLOCK_PRIMITIVE)
      v128.store(block, i32x4.splat(-1), BLOCK_PRIMITIVE)
      for (let j = 0; j < count; j++) {
        const t = load<i32>(refs + (begin + j) * REF, 12) & ID_MASK
        for (let c = 0; c < 3; c++) {
          const p: usize = positions + load<u32>(indices + ((t * 3 + c) << 2)) * 12
          const q: usize = block + c * 48 + j * 4
          store<f32>(q, load<f32>(p))
          store<f32>(q, load<f32>(p, 4), 16)
          store<f32>(q, load<f32>(p, 8), 32)
        }
        store<i32>(block + BLOCK_PRIMITIVE + j * 4, t)
      }
      store<i32>(slot, ~n, NODE_CHILD)
      n++
    }
  }
  store<i32>(R_BLOCK_COUNT, n)
  return n
}

/** Turns the leaves of a BVH built with one reference a leaf into ~number. */
export function emitSingles(refs: usize, nodes: usize, nodeCount: i32): void {
  for (let i = 0; i < nodeCount; i++) {
    for (let k = 0; k < 4; k++) {
      const slot: usize = nodes + i * NODE_BYTES + k * 4
      const child = load<i32>(slot, NODE_CHILD)
      if (child < 0) store<i32>(slot, ~(load<i32>(refs + (~child >> 3) * REF, 12) & ID_MASK), NODE_CHILD)
    }
  }
}

/** Blocks of the same triangles elsewhere: `rest` with the corners that `vertices` has, to `out`. */
export function moveBlocks(rest: usize, count: i32, indices: usize, vertices: usize, out: usize): void {
  for (let n = 0; n < count; n++) {
    const block: usize = out + n * BLOCK_BYTES
    const numbers: usize = rest + n * BLOCK_BYTES + BLOCK_PRIMITIVE
    for (let j = 0; j < 4; j++) {
      const own = load<i32>(numbers + (j << 2))
      // Where there is no triangle, a point of the first one: it widens no box and is never hit.
      const t = own < 0 ? load<i32>(numbers) : own
      for (let c = 0; c < 3; c++) {
        const p: usize = vertices + load<u32>(indices + ((t * 3 + (own < 0 ? 0 : c)) << 2)) * VERTEX_BYTES
        const q: usize = block + c * 48 + j * 4
        store<f32>(q, load<f32>(p))
        store<f32>(q, load<f32>(p, 4), 16)
        store<f32>(q, load<f32>(p, 8), 32)
      }
      store<i32>(block + BLOCK_PRIMITIVE + j * 4, own)
    }
  }
}

@inline function least(v: v128): f32 { return min<f32>(min<f32>(X(v), Y(v)), min<f32>(Z(v), f32x4.extract_lane(v, 3))) }
@inline function most(v: v128): f32 { return max<f32>(max<f32>(X(v), Y(v)), max<f32>(Z(v), f32x4.extract_lane(v, 3))) }
/** Interpolated corners may round past both of their ends. */
const SLACK: f32 = 2e-7

/**
 * Bounds of the nodes anew, from the leaves up (children come after their parents), around all triangles of `from` and of `to`: what moves linearly from
 * one to the other stays inside. The tree keeps its shape.
 */
export function refit(nodes: usize, nodeCount: i32, from: usize, to: usize): void {
  const slack: f32 = from == to ? 0 : SLACK
  for (let i = nodeCount - 1; i >= 0; i--) {
    const node: usize = nodes + i * NODE_BYTES
    for (let k = 0; k < 4; k++) {
      const slot: usize = node + k * 4
      const child = load<i32>(slot, NODE_CHILD)
      // The root is nobody's child: no child at all.
      if (child == 0) continue
      for (let axis: usize = 0; axis < 48; axis += 16) {
        let lo: f32, hi: f32
        if (child > 0) {
          const p: usize = nodes + child * NODE_BYTES + axis
          lo = least(v128.load(p))
          hi = most(v128.load(p, 48))
        } else {
          const a: usize = from + ~child * BLOCK_BYTES + axis
          const b: usize = to + ~child * BLOCK_BYTES + axis
          lo = least(f32x4.pmin(f32x4.pmin(f32x4.pmin(v128.load(a), v128.load(a, 48)), v128.load(a, 96)), f32x4.pmin(f32x4.pmin(v128.load(b), v128.load(b, 48)), v128.load(b, 96))))
          hi = most(f32x4.pmax(f32x4.pmax(f32x4.pmax(v128.load(a), v128.load(a, 48)), v128.load(a, 96)), f32x4.pmax(f32x4.pmax(v128.load(b), v128.load(b, 48)), v128.load(b, 96))))
          lo -= abs(lo) * slack
          hi += abs(hi) * slack
        }
        store<f32>(slot + axis, lo)
        store<f32>(slot + axis, hi, 48)
      }
    }
  }
}
