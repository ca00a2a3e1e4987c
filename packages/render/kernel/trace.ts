// Closest-hit and any-hit traversal of the two-level BVH in f32: four boxes or four triangles a step. Triangles by the watertight
// test of Woop, Benthin and Wald (JCGT 2013), whose edge functions of two neighbours are exact negatives; boxes are grown as in
// Ize, "Robust BVH ray traversal" (JCGT 2013), so that no ray slips through a seam.
import {
  BLOCK_BYTES, BLOCK_PRIMITIVE, C_CLOSEST, C_SHADOW, INSTANCE_BYTES, INSTANCE_KNOTS, INSTANCE_MATRIX, INSTANCE_MESH, KNOT_BYTES, MESH_BLOCKS,
  MESH_BLOCK_STRIDE, MESH_KNOTS, MESH_NODES, MESH_NODE_STRIDE, NODE_BYTES, NODE_CHILD, P_INSTANCES, P_TLAS, STACK_BOTTOM, STACK_TOP,
} from '../src/layout'
import { X, Y, Z, lerp, transformPoint, transformVector } from './vec'

/** The closest hit so far: distance in units of the direction, weights of the second and third corner. */
export let hitT: f32 = 0
export let hitU: f32 = 0
export let hitV: f32 = 0
export let hitPrimitive: i32 = 0
export let hitInstance: i32 = -1

/** The matrices of the instance last asked for: world-from-object at `matrix`, object-from-world 48 bytes on. */
export let matrix: usize = 0
/** Room for an interpolated pair of matrices. */
export const MATRIX_SCRATCH: usize = 1792

/** Sets `matrix` to the pose of an instance at `time` (0–1 across the shutter): linear between knots, then inverted exactly. */
export function poseAt(instance: usize, time: f32): void {
  const knots = load<i32>(instance, INSTANCE_KNOTS)
  const base = load<usize>(instance, INSTANCE_MATRIX)
  if (knots == 1) {
    matrix = base
    return
  }
  const at = time * <f32>(knots - 1)
  const i = min<i32>(i32(at), knots - 2)
  const w = at - <f32>i
  const a: usize = base + i * KNOT_BYTES
  const r0 = lerp(v128.load(a), v128.load(a, KNOT_BYTES), w)
  const r1 = lerp(v128.load(a, 16), v128.load(a, KNOT_BYTES + 16), w)
  const r2 = lerp(v128.load(a, 32), v128.load(a, KNOT_BYTES + 32), w)
  matrix = MATRIX_SCRATCH
  v128.store(MATRIX_SCRATCH, r0)
  v128.store(MATRIX_SCRATCH, r1, 16)
  v128.store(MATRIX_SCRATCH, r2, 32)
  invert(MATRIX_SCRATCH, MATRIX_SCRATCH + 48)
}

/** Where a moment lies among the shapes of a deforming mesh: after which one, and how far to the next, 0–1. */
export let interval: usize = 0
export let between: f32 = 0

/** Finds `interval` and `between` for `time` (0–1 across the shutter). */
export function findMoment(mesh: usize, time: f32): void {
  const knots = load<i32>(mesh, MESH_KNOTS)
  const at = time * <f32>(knots - 1)
  const i = min<i32>(i32(at), knots - 2)
  interval = i
  between = at - <f32>i
}

/** Inverse of the affine 3×4 matrix at `m`, to `out`. */
export function invert(m: usize, out: usize): void {
  const a = load<f32>(m), b = load<f32>(m, 4), c = load<f32>(m, 8), x = load<f32>(m, 12)
  const d = load<f32>(m, 16), e = load<f32>(m, 20), f = load<f32>(m, 24), y = load<f32>(m, 28)
  const g = load<f32>(m, 32), h = load<f32>(m, 36), i = load<f32>(m, 40), z = load<f32>(m, 44)
  const A = e * i - f * h
  const B = f * g - d * i
  const C = d * h - e * g
  const s: f32 = <f32>1 / (a * A + b * B + c * C)
  row(out, A * s, (c * h - b * i) * s, (b * f - c * e) * s, x, y, z)
  row(out + 16, B * s, (a * i - c * g) * s, (c * d - a * f) * s, x, y, z)
  row(out + 32, C * s, (b * g - a * h) * s, (a * e - b * d) * s, x, y, z)
}
@inline function row(out: usize, a: f32, b: f32, c: f32, x: f32, y: f32, z: f32): void {
  store<f32>(out, a)
  store<f32>(out, b, 4)
  store<f32>(out, c, 8)
  store<f32>(out, -(a * x + b * y + c * z), 12)
}

/** Keeps reciprocals finite, so that 0 · ∞ cannot arise. */
@inline export function reciprocal(d: f32): f32 {
  const s: f32 = abs(d) < 1e-20 ? copysign<f32>(1e-20, d) : d
  return <f32>1 / s
}
/** Growth of a box test: 1 + 2 γ(3) with room for the subtraction. */
export const GROW: f32 = 1.0000008

/** Whether anything, in (tMin, hitT), was found; keeps the closest. With `any`, stops at the first. */
export function traverse(origin: v128, direction: v128, time: f32, tMin: f32, any: bool): bool {
  const tlas = load<usize>(P_TLAS)
  const instances = load<usize>(P_INSTANCES)
  const ox = f32x4.splat(X(origin)), oy = f32x4.splat(Y(origin)), oz = f32x4.splat(Z(origin))
  const ix = reciprocal(X(direction)), iy = reciprocal(Y(direction)), iz = reciprocal(Z(direction))
  const vix = f32x4.splat(ix), viy = f32x4.splat(iy), viz = f32x4.splat(iz)
  const nx: usize = ix < 0 ? 48 : 0, ny: usize = iy < 0 ? 64 : 16, nz: usize = iz < 0 ? 80 : 32
  const fx: usize = 48 - nx, fy: usize = 80 - ny, fz: usize = 112 - nz
  const grow = f32x4.splat(GROW)
  const vMin = f32x4.splat(tMin)
  let found = false
  let sp: usize = STACK_TOP
  let child: i32 = 0
  while (true) {
    if (child < 0) {
      const index = ~child
      const instance: usize = instances + index * INSTANCE_BYTES
      poseAt(instance, time)
      const o = transformPoint(matrix + 48, origin)
      const d = transformVector(matrix + 48, direction)
      const mesh = load<usize>(instance, INSTANCE_MESH)
      let met = false
      if (load<i32>(mesh, MESH_KNOTS) > 1) {
        findMoment(mesh, time)
        met = traverseMesh<f32>(mesh, o, d, tMin, any)
      } else met = traverseMesh<i32>(mesh, o, d, tMin, any)
      if (met) {
        hitInstance = index
        found = true
        if (any) return true
      }
    } else {
      const node: usize = tlas + child * NODE_BYTES
      const tn = f32x4.pmax(f32x4.pmax(f32x4.mul(f32x4.sub(v128.load(node + nx), ox), vix), f32x4.mul(f32x4.sub(v128.load(node + ny), oy), viy)),
        f32x4.pmax(f32x4.mul(f32x4.sub(v128.load(node + nz), oz), viz), vMin))
      const tf = f32x4.mul(f32x4.pmin(f32x4.pmin(f32x4.mul(f32x4.sub(v128.load(node + fx), ox), vix), f32x4.mul(f32x4.sub(v128.load(node + fy), oy), viy)),
        f32x4.pmin(f32x4.mul(f32x4.sub(v128.load(node + fz), oz), viz), f32x4.splat(hitT))), grow)
      sp = pushChildren(node, tn, i32x4.bitmask(f32x4.le(tn, tf)), sp)
    }
    // Next entry nearer than the hit.
    let entry: u64 = 0
    do {
      if (sp == <usize>STACK_TOP) return found
      sp -= 8
      entry = load<u64>(sp)
    } while (reinterpret<f32>(u32(entry >> 32)) > hitT)
    child = i32(entry)
  }
}

/** Pushes the children of `node` in `mask`, the nearest last. Entries are distance bits (they order as integers) over child. */
@inline function pushChildren(node: usize, tn: v128, mask: i32, sp: usize): usize {
  if (mask == 0) return sp
  const base = sp
  let m = mask
  v128.store(KEYS, tn)
  do {
    const k = ctz(m)
    m &= m - 1
    const key = (<u64>load<u32>(KEYS + (k << 2)) << 32) | <u64>load<u32>(node + (k << 2), NODE_CHILD)
    // Insertion sort, farthest first.
    let p = sp
    while (p > base && load<u64>(p - 8) < key) {
      store<u64>(p, load<u64>(p - 8))
      p -= 8
    }
    store<u64>(p, key)
    sp += 8
  } while (m != 0)
  return sp
}
/** Scratch of one vector. */
const KEYS: usize = 1904

// One coordinate of the first, second and third corners of a block: as stored, or with T a float between two shapes `stride` bytes apart.
@inline function first<T>(p: usize, stride: usize): v128 { return isFloat<T>() ? lerp(v128.load(p), v128.load(p + stride), between) : v128.load(p) }
@inline function second<T>(p: usize, stride: usize): v128 { return isFloat<T>() ? lerp(v128.load(p, 48), v128.load(p + stride, 48), between) : v128.load(p, 48) }
@inline function third<T>(p: usize, stride: usize): v128 { return isFloat<T>() ? lerp(v128.load(p, 96), v128.load(p + stride, 96), between) : v128.load(p, 96) }

/** One mesh, ray in its own frame. Compiled twice: for T an integer it is still, for a float it is at the moment last found. */
function traverseMesh<T>(mesh: usize, origin: v128, direction: v128, tMin: f32, any: bool): bool {
  let nodes = load<usize>(mesh, MESH_NODES)
  let blocks = load<usize>(mesh, MESH_BLOCKS)
  let stride: usize = 0
  if (isFloat<T>()) {
    stride = load<usize>(mesh, MESH_BLOCK_STRIDE)
    nodes += interval * load<usize>(mesh, MESH_NODE_STRIDE)
    blocks += interval * stride
  }
  const dx = X(direction), dy = Y(direction), dz = Z(direction)
  const ox = f32x4.splat(X(origin)), oy = f32x4.splat(Y(origin)), oz = f32x4.splat(Z(origin))
  const ix = reciprocal(dx), iy = reciprocal(dy), iz = reciprocal(dz)
  const vix = f32x4.splat(ix), viy = f32x4.splat(iy), viz = f32x4.splat(iz)
  const nx: usize = ix < 0 ? 48 : 0, ny: usize = iy < 0 ? 64 : 16, nz: usize = iz < 0 ? 80 : 32
  const fx: usize = 48 - nx, fy: usize = 80 - ny, fz: usize = 112 - nz
  const grow = f32x4.splat(GROW)
  const vMin = f32x4.splat(tMin)
  // The watertight test's axes: z is the direction's largest component; planes of a block are picked by offset.
  let kz: usize = 0, kx: usize = 16, ky: usize = 32
  let sz = dx, sx = dy, sy = dz
  let oa = oy, ob = oz, oc = ox
  if (abs(dy) > abs(dx)) {
    if (abs(dz) > abs(dy)) { kz = 32; kx = 0; ky = 16; sz = dz; sx = dx; sy = dy; oa = ox; ob = oy; oc = oz }
    else { kz = 16; kx = 32; ky = 0; sz = dy; sx = dz; sy = dx; oa = oz; ob = ox; oc = oy }
  } else if (abs(dz) > abs(dx)) { kz = 32; kx = 0; ky = 16; sz = dz; sx = dx; sy = dy; oa = ox; ob = oy; oc = oz }
  sz = <f32>1 / sz
  const shx = f32x4.splat(sx * sz), shy = f32x4.splat(sy * sz), shz = f32x4.splat(sz)
  let vMax = f32x4.splat(hitT)
  let found = false
  let sp: usize = STACK_BOTTOM
  let child: i32 = 0
  while (true) {
    if (child >= 0) {
      const node: usize = nodes + child * NODE_BYTES
      const tn = f32x4.pmax(f32x4.pmax(f32x4.mul(f32x4.sub(v128.load(node + nx), ox), vix), f32x4.mul(f32x4.sub(v128.load(node + ny), oy), viy)),
        f32x4.pmax(f32x4.mul(f32x4.sub(v128.load(node + nz), oz), viz), vMin))
      const tf = f32x4.mul(f32x4.pmin(f32x4.pmin(f32x4.mul(f32x4.sub(v128.load(node + fx), ox), vix), f32x4.mul(f32x4.sub(v128.load(node + fy), oy), viy)),
        f32x4.pmin(f32x4.mul(f32x4.sub(v128.load(node + fz), oz), viz), vMax)), grow)
      const mask = i32x4.bitmask(f32x4.le(tn, tf))
      if (mask != 0) {
        if ((mask & (mask - 1)) == 0) {
          child = load<i32>(node + (ctz(mask) << 2), NODE_CHILD)
          continue
        }
        const rest = mask & (mask - 1)
        if ((rest & (rest - 1)) == 0) {
          // Two: the nearer next, the farther on the stack.
          v128.store(KEYS, tn)
          const i = ctz(mask)
          const j = ctz(rest)
          const a = load<u32>(KEYS + (i << 2))
          const b = load<u32>(KEYS + (j << 2))
          const swap = b < a
          const far = swap ? i : j
          store<u64>(sp, (<u64>(swap ? a : b) << 32) | <u64>load<u32>(node + (far << 2), NODE_CHILD))
          sp += 8
          child = load<i32>(node + ((swap ? j : i) << 2), NODE_CHILD)
          continue
        }
        sp = pushChildren(node, tn, mask, sp) - 8
        child = load<i32>(sp)
        continue
      }
    } else {
      const b: usize = blocks + ~child * BLOCK_BYTES
      const az = f32x4.sub(first<T>(b + kz, stride), oc)
      const ax = f32x4.sub(f32x4.sub(first<T>(b + kx, stride), oa), f32x4.mul(shx, az))
      const ay = f32x4.sub(f32x4.sub(first<T>(b + ky, stride), ob), f32x4.mul(shy, az))
      const bz = f32x4.sub(second<T>(b + kz, stride), oc)
      const bx = f32x4.sub(f32x4.sub(second<T>(b + kx, stride), oa), f32x4.mul(shx, bz))
      const by = f32x4.sub(f32x4.sub(second<T>(b + ky, stride), ob), f32x4.mul(shy, bz))
      const cz = f32x4.sub(third<T>(b + kz, stride), oc)
      const cx = f32x4.sub(f32x4.sub(third<T>(b + kx, stride), oa), f32x4.mul(shx, cz))
      const cy = f32x4.sub(f32x4.sub(third<T>(b + ky, stride), ob), f32x4.mul(shy, cz))
      const u = f32x4.sub(f32x4.mul(cx, by), f32x4.mul(cy, bx))
      const v = f32x4.sub(f32x4.mul(ax, cy), f32x4.mul(ay, cx))
      const w = f32x4.sub(f32x4.mul(bx, ay), f32x4.mul(by, ax))
      const zero = f32x4.splat(0)
      const outside = v128.and(f32x4.lt(f32x4.pmin(f32x4.pmin(u, v), w), zero), f32x4.gt(f32x4.pmax(f32x4.pmax(u, v), w), zero))
      const det = f32x4.add(f32x4.add(u, v), w)
      let mask = i32x4.bitmask(v128.andnot(f32x4.ne(det, zero), outside))
      if (mask != 0) {
        const inv = f32x4.div(f32x4.splat(1), det)
        const t = f32x4.mul(f32x4.mul(f32x4.add(f32x4.add(f32x4.mul(u, az), f32x4.mul(v, bz)), f32x4.mul(w, cz)), shz), inv)
        mask &= i32x4.bitmask(v128.and(f32x4.gt(t, vMin), f32x4.lt(t, vMax)))
        if (mask != 0) {
          if (any) return true
          v128.store(KEYS, t)
          let k = ctz(mask)
          let best = load<f32>(KEYS + (k << 2))
          for (mask &= mask - 1; mask != 0; mask &= mask - 1) {
            const j = ctz(mask)
            const s = load<f32>(KEYS + (j << 2))
            if (s < best) {
              best = s
              k = j
            }
          }
          v128.store(KEYS, f32x4.mul(v, inv))
          hitU = load<f32>(KEYS + (k << 2))
          v128.store(KEYS, f32x4.mul(w, inv))
          hitV = load<f32>(KEYS + (k << 2))
          hitT = best
          vMax = f32x4.splat(best)
          hitPrimitive = load<i32>(b + BLOCK_PRIMITIVE + (k << 2))
          found = true
        }
      }
    }
    let entry: u64 = 0
    do {
      if (sp == <usize>STACK_BOTTOM) return found
      sp -= 8
      entry = load<u64>(sp)
    } while (reinterpret<f32>(u32(entry >> 32)) > hitT)
    child = i32(entry)
  }
}

/** First surface along the ray in (tMin, tMax). */
export function closest(origin: v128, direction: v128, time: f32, tMin: f32, tMax: f32): bool {
  store<u32>(C_CLOSEST, load<u32>(C_CLOSEST) + 1)
  hitT = tMax
  hitInstance = -1
  return traverse(origin, direction, time, tMin, false)
}

/** Whether any surface lies in (tMin, tMax), cut-outs counted as solid. */
export function blocked(origin: v128, direction: v128, time: f32, tMin: f32, tMax: f32): bool {
  store<u32>(C_SHADOW, load<u32>(C_SHADOW) + 1)
  hitT = tMax
  return traverse(origin, direction, time, tMin, true)
}
