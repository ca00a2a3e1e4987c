// Camera rays: symmetric pixel filter by importance sampling, models of projection, thin lens, shutter.
import {
  CAMERA_CX, CAMERA_CY, CAMERA_KNOTS, CAMERA_LENS, CAMERA_MATRIX, CAMERA_STRIDE, CAMERA_TABLE, CAMERA_TABLE_SCALE_X, CAMERA_TABLE_SCALE_Y, CAMERA_TABLE_X,
  CAMERA_TABLE_Y, LENS_CELLS, LENS_PINHOLE, LENS_POINTS, LENS_TABLE, P_CAMERA, P_FILTER,
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
/** Width of a pixel at the origin, metres, and what it grows by a metre. */
export let pixelWidth: f32 = 0
export let pixelSpread: f32 = 0
/** Optical axis at the ray's time. */
export let axis: v128 = f32x4(0, 0, 0, 0)
export let axisOrigin: v128 = f32x4(0, 0, 0, 0)

/** Catmull–Rom's cubic through b (at 0) and c (at 1). */
@inline function cubic(a: v128, b: v128, c: v128, d: v128, t: f32): v128 {
  const s = t * t
  const r = s * t
  return add(add(scale(a, <f32>-0.5 * r + s - <f32>0.5 * t), scale(b, <f32>1.5 * r - <f32>2.5 * s + <f32>1)), add(scale(c, <f32>-1.5 * r + s + s + <f32>0.5 * t), scale(d, <f32>0.5 * r - <f32>0.5 * s)))
}

/** Direction through a place of the image plane (right, up), from the table that the host made of the lens's exact model. */
function tabled(x: f32, y: f32): v128 {
  const gx = (x - load<f32>(P_CAMERA, CAMERA_TABLE_X)) * load<f32>(P_CAMERA, CAMERA_TABLE_SCALE_X)
  const gy = (y - load<f32>(P_CAMERA, CAMERA_TABLE_Y)) * load<f32>(P_CAMERA, CAMERA_TABLE_SCALE_Y)
  const i = min<i32>(max<i32>(i32(gx), 0), LENS_CELLS - 1)
  const j = min<i32>(max<i32>(i32(gy), 0), LENS_CELLS - 1)
  const tx = gx - <f32>i
  const p: usize = load<usize>(P_CAMERA, CAMERA_TABLE) + ((j * LENS_POINTS + i) << 4)
  return cubic(along(p, tx), along(p + LENS_POINTS * 16, tx), along(p + LENS_POINTS * 32, tx), along(p + LENS_POINTS * 48, tx), gy - <f32>j)
}
@inline function along(p: usize, t: f32): v128 { return cubic(v128.load(p), v128.load(p, 16), v128.load(p, 32), v128.load(p, 48), t) }

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
  const planeX = (x - load<f32>(P_CAMERA, CAMERA_CX)) / Z(lens)
  const planeY = (load<f32>(P_CAMERA, CAMERA_CY) - y) / W(lens)
  pixelSpread = <f32>1 / max<f32>(Z(lens), W(lens))
  pixelWidth = 0
  let d = vec(planeX, planeY, -1)
  let o = vec(0, 0, 0)
  const model = load<i32>(P_CAMERA, CAMERA_LENS)
  if (model != LENS_PINHOLE) {
    if (model == LENS_TABLE) {
      d = tabled(planeX, planeY)
    } else {
      o = vec(planeX, planeY, 0)
      d = vec(0, 0, -1)
      pixelWidth = pixelSpread
      pixelSpread = 0
    }
  }
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
