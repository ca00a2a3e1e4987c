// Exact ray casts for labels: boxes in f32, grown so that they stay conservative; rays, transforms and triangles in f64. The watertight
// test of trace.ts in scalar form. Surfaces below half opacity are not there.
import {
  BLOCK_BYTES, BLOCK_PRIMITIVE, MATERIAL_CUT_OUT, MATERIAL_FLAGS, MATERIAL_BYTES, MESH_BLOCKS, MESH_NODES, MESH_SLOTS, NODE_BYTES, NODE_CHILD, P_QUERY_INSTANCES,
  P_MATERIALS, P_QUERY_TLAS, QUERY_BYTES, QUERY_FLAGS, QUERY_MATERIAL, QUERY_MESH, QUERY_SCALE, STACK_BOTTOM, STACK_TOP,
} from '../src/layout'
import { GROW, reciprocal } from './trace'
import { opacityAt } from './opacity'

let bestT: f64 = 0
let bestU: f64 = 0
let bestV: f64 = 0
let bestPrimitive: i32 = 0
let bestInstance: i32 = -1

/** Six near/far tests against the four boxes of a node; `e` is the absolute slack of the origin's rounding to f32. */
let tNear: v128 = f32x4(0, 0, 0, 0)
@inline function boxes(node: usize, ox: f32, oy: f32, oz: f32, ix: f32, iy: f32, iz: f32, e: f32, tMin: f32, tMax: f32): i32 {
  const nx: usize = ix < 0 ? 48 : 0, ny: usize = iy < 0 ? 64 : 16, nz: usize = iz < 0 ? 80 : 32
  const fx: usize = 48 - nx, fy: usize = 80 - ny, fz: usize = 112 - nz
  const ax = f32x4.splat(e * abs(ix)), ay = f32x4.splat(e * abs(iy)), az = f32x4.splat(e * abs(iz))
  const x = f32x4.splat(ox), y = f32x4.splat(oy), z = f32x4.splat(oz)
  const vx = f32x4.splat(ix), vy = f32x4.splat(iy), vz = f32x4.splat(iz)
  const tn = f32x4.pmax(f32x4.pmax(f32x4.sub(f32x4.mul(f32x4.sub(v128.load(node + nx), x), vx), ax), f32x4.sub(f32x4.mul(f32x4.sub(v128.load(node + ny), y), vy), ay)),
    f32x4.pmax(f32x4.sub(f32x4.mul(f32x4.sub(v128.load(node + nz), z), vz), az), f32x4.splat(tMin)))
  const tf = f32x4.pmin(f32x4.pmin(f32x4.add(f32x4.mul(f32x4.sub(v128.load(node + fx), x), vx), ax), f32x4.add(f32x4.mul(f32x4.sub(v128.load(node + fy), y), vy), ay)),
    f32x4.pmin(f32x4.add(f32x4.mul(f32x4.sub(v128.load(node + fz), z), vz), az), f32x4.splat(tMax)))
  tNear = tn
  // Distances may be negative (tMin may be); growing adds to |t|.
  return i32x4.bitmask(f32x4.le(tn, f32x4.add(tf, f32x4.mul(f32x4.abs(tf), f32x4.splat(GROW - 1)))))
}

const KEYS: usize = 1904

@inline function push(node: usize, mask: i32, sp: usize): usize {
  v128.store(KEYS, tNear)
  const base = sp
  for (let m = mask; m != 0; m &= m - 1) {
    const k = ctz(m)
    const near = load<f32>(KEYS + (k << 2))
    let p = sp
    while (p > base && load<f32>(p - 8, 4) < near) {
      store<u64>(p, load<u64>(p - 8))
      p -= 8
    }
    store<f32>(p, near, 4)
    store<i32>(p, load<i32>(node + (k << 2), NODE_CHILD))
    sp += 8
  }
  return sp
}
/** An f32 that is not above x, and one not below. */
@inline function under(x: f64): f32 { return <f32>(x - abs(x) * 2e-6) }
@inline function over(x: f64): f32 { return <f32>(x + abs(x) * 2e-6) }

/** Closest (or any) surface with opacity ≥ ½ along the ray in (tMin, tMax). */
export function cast(ox: f64, oy: f64, oz: f64, dx: f64, dy: f64, dz: f64, tMin: f64, tMax: f64, any: bool): bool {
  bestT = tMax
  bestInstance = -1
  const tlas = load<usize>(P_QUERY_TLAS)
  const instances = load<usize>(P_QUERY_INSTANCES)
  const fx = <f32>ox, fy = <f32>oy, fz = <f32>oz
  const ix = reciprocal(<f32>dx), iy = reciprocal(<f32>dy), iz = reciprocal(<f32>dz)
  const e: f32 = max(max(abs(fx), abs(fy)), abs(fz)) * 4e-7
  const lowest = under(tMin)
  let sp: usize = STACK_TOP
  let child = 0
  while (true) {
    if (child < 0) {
      const index = ~child
      const m: usize = instances + index * QUERY_BYTES
      if (castMesh(m, 
        load<f64>(m) * ox + load<f64>(m, 8) * oy + load<f64>(m, 16) * oz + load<f64>(m, 24),
        load<f64>(m, 32) * ox + load<f64>(m, 40) * oy + load<f64>(m, 48) * oz + load<f64>(m, 56),
        load<f64>(m, 64) * ox + load<f64>(m, 72) * oy + load<f64>(m, 80) * oz + load<f64>(m, 88),
        load<f64>(m) * dx + load<f64>(m, 8) * dy + load<f64>(m, 16) * dz,
        load<f64>(m, 32) * dx + load<f64>(m, 40) * dy + load<f64>(m, 48) * dz,
        load<f64>(m, 64) * dx + load<f64>(m, 72) * dy + load<f64>(m, 80) * dz, tMin, any)) {
        bestInstance = index
        if (any) return true
      }
    } else {
      const node: usize = tlas + child * NODE_BYTES
      const mask = boxes(node, fx, fy, fz, ix, iy, iz, e, lowest, over(bestT))
      if (mask != 0) sp = push(node, mask, sp)
    }
    do {
      if (sp == <usize>STACK_TOP) return bestInstance >= 0
      sp -= 8
    } while (load<f32>(sp, 4) > over(bestT))
    child = load<i32>(sp)
  }
}

function castMesh(instance: usize, ox: f64, oy: f64, oz: f64, dx: f64, dy: f64, dz: f64, tMin: f64, any: bool): bool {
  const mesh = load<usize>(instance, QUERY_MESH)
  const nodes = load<usize>(mesh, MESH_NODES)
  const blocks = load<usize>(mesh, MESH_BLOCKS)
  const cutOut = (load<u32>(instance, QUERY_FLAGS) & 1) != 0
  const fx = <f32>ox, fy = <f32>oy, fz = <f32>oz
  const ix = reciprocal(<f32>dx), iy = reciprocal(<f32>dy), iz = reciprocal(<f32>dz)
  const e: f32 = max(max(abs(fx), abs(fy)), abs(fz)) * 4e-7
  const lowest = under(tMin)
  // Axes of the watertight test, as offsets into a block, and the origin in that order.
  let kz: usize = 0, kx: usize = 16, ky: usize = 32
  let sz = dx, sx = dy, sy = dz
  let oa = oy, ob = oz, oc = ox
  if (abs(dy) > abs(dx)) {
    if (abs(dz) > abs(dy)) { kz = 32; kx = 0; ky = 16; sz = dz; sx = dx; sy = dy; oa = ox; ob = oy; oc = oz }
    else { kz = 16; kx = 32; ky = 0; sz = dy; sx = dz; sy = dx; oa = oz; ob = ox; oc = oy }
  } else if (abs(dz) > abs(dx)) { kz = 32; kx = 0; ky = 16; sz = dz; sx = dx; sy = dy; oa = ox; ob = oy; oc = oz }
  sz = 1 / sz
  sx *= sz
  sy *= sz
  let found = false
  let sp: usize = STACK_BOTTOM
  let child = 0
  while (true) {
    if (child >= 0) {
      const node: usize = nodes + child * NODE_BYTES
      const mask = boxes(node, fx, fy, fz, ix, iy, iz, e, lowest, over(bestT))
      if (mask != 0) sp = push(node, mask, sp)
    } else {
      const block: usize = blocks + ~child * BLOCK_BYTES
      for (let k = 0; k < 4; k++) {
        const b: usize = block + (k << 2)
        const az = <f64>load<f32>(b + kz) - oc
        const ax = <f64>load<f32>(b + kx) - oa - sx * az
        const ay = <f64>load<f32>(b + ky) - ob - sy * az
        const bz = <f64>load<f32>(b + kz, 48) - oc
        const bx = <f64>load<f32>(b + kx, 48) - oa - sx * bz
        const by = <f64>load<f32>(b + ky, 48) - ob - sy * bz
        const cz = <f64>load<f32>(b + kz, 96) - oc
        const cx = <f64>load<f32>(b + kx, 96) - oa - sx * cz
        const cy = <f64>load<f32>(b + ky, 96) - ob - sy * cz
        const u = cx * by - cy * bx
        const v = ax * cy - ay * cx
        const w = bx * ay - by * ax
        if ((u < 0 || v < 0 || w < 0) && (u > 0 || v > 0 || w > 0)) continue
        const det = u + v + w
        if (det == 0) continue
        const t = ((u * az + v * bz + w * cz) * sz) / det
        if (!(t > tMin && t < bestT)) continue
        const primitive = load<i32>(b, BLOCK_PRIMITIVE)
        if (cutOut && !solid(instance, mesh, primitive, <f32>(v / det), <f32>(w / det))) continue
        bestT = t
        bestU = v / det
        bestV = w / det
        bestPrimitive = primitive
        found = true
        if (any) return true
      }
    }
    do {
      if (sp == <usize>STACK_BOTTOM) return found
      sp -= 8
    } while (load<f32>(sp, 4) > over(bestT))
    child = load<i32>(sp)
  }
}

function solid(instance: usize, mesh: usize, primitive: i32, u: f32, v: f32): bool {
  const slots = load<usize>(mesh, MESH_SLOTS)
  const slot: i32 = slots == 0 ? 0 : load<u16>(slots + (primitive << 1))
  const material: usize = load<usize>(P_MATERIALS) + (load<i32>(instance, QUERY_MATERIAL) + slot) * MATERIAL_BYTES
  if ((load<u32>(material, MATERIAL_FLAGS) & MATERIAL_CUT_OUT) == 0) return true
  return opacityAt(material, mesh, instance + QUERY_SCALE, primitive, u, v) >= 0.5
}

/**
 * `count` rays at `input`, 8 f64 each: origin, direction, tMin, tMax. Results at `output`, 32 bytes each: t, u, v (f64), instance, primitive (i32).
 * With `any`, only a hit's instance (or −1) is meaningful.
 */
export function castRays(input: usize, count: i32, output: usize, any: bool): void {
  for (let i = 0; i < count; i++) {
    const p: usize = input + (i << 6)
    const hit = cast(load<f64>(p), load<f64>(p, 8), load<f64>(p, 16), load<f64>(p, 24), load<f64>(p, 32), load<f64>(p, 40), load<f64>(p, 48), load<f64>(p, 56), any)
    const o: usize = output + (i << 5)
    store<f64>(o, hit ? bestT : Infinity)
    store<f64>(o, hit ? bestU : 0, 8)
    store<f64>(o, hit ? bestV : 0, 16)
    store<i32>(o, bestInstance, 24)
    store<i32>(o, hit ? bestPrimitive : 0, 28)
  }
}
