// Camera rays: symmetric pixel filter by importance sampling, thin lens, shutter.
import {
  CAMERA_CX, CAMERA_CY, CAMERA_KNOTS, CAMERA_MATRIX, CAMERA_STRIDE, P_CAMERA, P_FILTER,
} from '../src/layout'
import { cosTurn, sinTurn, turn } from './maths'
import { add, lerp, normalize, scale, sub, transformPoint, transformVector, vec, W, X, Y, Z } from './vec'

export const FILTER_SIZE = 1024
/** Offset from the pixel's centre, pixels: the filter's inverse distribution by a table of FILTER_SIZE + 1. */
export function filterOffset(u: f32): f32 {
  const table = load<usize>(P_FILTER)
  const x = u * <f32>FILTER_SIZE
  const i = min<i32>(i32(x), FILTER_SIZE - 1)
  const a = load<f32>(table + (i << 2))
  return a + (load<f32>(table + (i << 2), 4) - a) * (x - <f32>i)
}

export let rayOrigin: v128 = f32x4(0, 0, 0, 0)
export let rayDirection: v128 = f32x4(0, 0, 0, 0)
/** Optical axis at the ray's time. */
export let axis: v128 = f32x4(0, 0, 0, 0)
export let axisOrigin: v128 = f32x4(0, 0, 0, 0)

const M: usize = 1856 // interpolated rows: 48 bytes

/** The ray through raster (x, y) from lens point (u, v) at `time` (0–1 across the shutter). */
export function cameraRay(x: f32, y: f32, u: f32, v: f32, time: f32): void {
  const knots = load<i32>(P_CAMERA, CAMERA_KNOTS)
  const base = load<usize>(P_CAMERA, CAMERA_MATRIX)
  let m = base
  let lens = v128.load(base, 48)
  if (knots > 1) {
    const at = time * <f32>(knots - 1)
    const i = min<i32>(i32(at), knots - 2)
    const w = at - <f32>i
    const a: usize = base + i * CAMERA_STRIDE
    const b = a + CAMERA_STRIDE
    v128.store(M, lerp(v128.load(a), v128.load(b), w))
    v128.store(M, lerp(v128.load(a, 16), v128.load(b, 16), w), 16)
    v128.store(M, lerp(v128.load(a, 32), v128.load(b, 32), w), 32)
    lens = lerp(v128.load(a, 48), v128.load(b, 48), w)
    m = M
  }
  let d = vec((x - load<f32>(P_CAMERA, CAMERA_CX)) / Z(lens), (load<f32>(P_CAMERA, CAMERA_CY) - y) / W(lens), -1)
  let o = vec(0, 0, 0)
  if (X(lens) > 0) {
    turn(u)
    const r = X(lens) * sqrt<f32>(v)
    o = vec(r * cosTurn, r * sinTurn, 0)
    d = sub(scale(d, Y(lens)), o)
  }
  axisOrigin = vec(load<f32>(m, 12), load<f32>(m, 28), load<f32>(m, 44))
  axis = vec(-load<f32>(m, 8), -load<f32>(m, 24), -load<f32>(m, 40))
  rayOrigin = transformPoint(m, o)
  rayDirection = normalize(transformVector(m, d))
}
