// Four f32 at a time. What is left of a slice after its last whole vector goes through `scratch` and the same vector code, so that an
// element's result does not depend on where it lies.
import { scratch } from './constants'

@inline export function splat(x: f32): v128 { return f32x4.splat(x) }
@inline export function add(a: v128, b: v128): v128 { return f32x4.add(a, b) }
@inline export function sub(a: v128, b: v128): v128 { return f32x4.sub(a, b) }
@inline export function mul(a: v128, b: v128): v128 { return f32x4.mul(a, b) }
@inline export function div(a: v128, b: v128): v128 { return f32x4.div(a, b) }
/** ((l0 + l1) + l2) + l3 */
@inline export function sumLanes(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3)
}
@inline export function sumLanes64(v: v128): f64 { return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1) }
@inline export function low64(v: v128): v128 { return f64x2.promote_low_f32x4(v) }
@inline export function high64(v: v128): v128 { return f64x2.promote_low_f32x4(v128.shuffle<i32>(v, v, 2, 3, 2, 3)) }

/** Address of the scratch vector `slot`. */
@inline export function slot(i: i32): usize { return scratch + (<usize>i << 4) }
/** Puts `rest` (1 to 3) elements into a slot; the other lanes become 0. */
@inline export function stage(i: i32, from: usize, rest: i32): void {
  v128.store(slot(i), i32x4.splat(0))
  for (let k = 0; k < rest; k++) store<u32>(slot(i) + (<usize>k << 2), load<u32>(from + (<usize>k << 2)))
}
@inline export function unstage(i: i32, to: usize, rest: i32): void {
  for (let k = 0; k < rest; k++) store<u32>(to + (<usize>k << 2), load<u32>(slot(i) + (<usize>k << 2)))
}
