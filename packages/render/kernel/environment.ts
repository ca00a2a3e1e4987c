// Light from infinity: a lat-long picture, row 0 at the zenith (+Z), u = ½ along +X and growing towards −Y. Sampled by its cumulative
// luminance above the mean (MIS compensation: Karlík et al., "MIS compensation", SIGGRAPH Asia 2019; the table is the host's).
import {
  ENV_COLUMNS, ENV_HEIGHT, ENV_PIXELS, ENV_ROWS, ENV_SCALE, ENV_TABLE_HEIGHT, ENV_TABLE_WIDTH, ENV_WIDTH, P_ENV_BACKGROUND, P_ENV_COS, P_ENV_LIGHT, P_ENV_SIN,
} from '../src/layout'
import { cosTurn, safeSqrt, sinTurn, turn, turnsOf } from './maths'
import { X, Y, Z, add, scale, sub, vec } from './vec'

let mapU: f32 = 0
let mapV: f32 = 0

/** World direction to the picture's (u, v). */
function uvOf(direction: v128): void {
  const c = load<f32>(P_ENV_COS)
  const s = load<f32>(P_ENV_SIN)
  const x = c * X(direction) + s * Y(direction)
  const y = c * Y(direction) - s * X(direction)
  const u: f32 = <f32>0.5 - turnsOf(y, x)
  mapU = u - floor(u)
  mapV = <f32>2 * turnsOf(safeSqrt(x * x + y * y), Z(direction))
}

@inline function pixel(data: usize, i: i32): v128 {
  const p = load<u32>(data + (i << 2))
  // RGB9E5: mantissas times 2^(exponent − 24).
  return scale(f32x4.convert_i32x4_u(i32x4(p & 511, (p >> 9) & 511, (p >> 18) & 511, 0)), reinterpret<f32>(((p >> 27) + 103) << 23))
}

function lookUp(env: usize, u: f32, v: f32): v128 {
  const w = load<i32>(env, ENV_WIDTH)
  const h = load<i32>(env, ENV_HEIGHT)
  const data = load<usize>(env, ENV_PIXELS)
  let x: f32 = u * <f32>w - <f32>0.5
  let y: f32 = v * <f32>h - <f32>0.5
  const fx = floor(x)
  const fy = floor(y)
  x -= fx
  y -= fy
  let x0 = i32(fx)
  let x1 = x0 + 1
  if (x0 < 0) x0 += w
  if (x0 >= w) x0 -= w
  if (x1 >= w) x1 -= w
  const y0 = max<i32>(0, min<i32>(h - 1, i32(fy)))
  const y1 = max<i32>(0, min<i32>(h - 1, i32(fy) + 1))
  const a = pixel(data, y0 * w + x0)
  const b = pixel(data, y0 * w + x1)
  const c = pixel(data, y1 * w + x0)
  const d = pixel(data, y1 * w + x1)
  const top = add(a, scale(sub(b, a), x))
  return scale(add(top, scale(sub(add(c, scale(sub(d, c), x)), top), y)), load<f32>(env, ENV_SCALE))
}

/** Density of `sampleEnvironment`, per solid angle, at the direction last mapped. */
function densityHere(env: usize, sinTheta: f32): f32 {
  const tw = load<i32>(env, ENV_TABLE_WIDTH)
  const th = load<i32>(env, ENV_TABLE_HEIGHT)
  const i = min<i32>(i32(mapU * <f32>tw), tw - 1)
  const j = min<i32>(i32(mapV * <f32>th), th - 1)
  const rows = load<usize>(env, ENV_ROWS) + (j << 2)
  const columns = load<usize>(env, ENV_COLUMNS) + ((j * (tw + 1) + i) << 2)
  const mass = (load<f32>(rows, 4) - load<f32>(rows)) * (load<f32>(columns, 4) - load<f32>(columns))
  return mass * <f32>tw * <f32>th / (<f32>19.7392088 * max<f32>(sinTheta, 1e-6))
}

/** Radiance and density of the lighting environment towards a direction. */
export let envPdf: f32 = 0
export function environmentAt(direction: v128): v128 {
  const env = load<usize>(P_ENV_LIGHT)
  uvOf(direction)
  envPdf = densityHere(env, safeSqrt(X(direction) * X(direction) + Y(direction) * Y(direction)))
  return lookUp(env, mapU, mapV)
}
/** What camera rays see. */
export function backgroundAt(direction: v128): v128 {
  uvOf(direction)
  return lookUp(load<usize>(P_ENV_BACKGROUND), mapU, mapV)
}

/** Largest i with table[i] ≤ x, in [0, n − 1], over an increasing table of n + 1. */
function find(table: usize, n: i32, x: f32): i32 {
  let low = 0
  let high = n
  while (high - low > 1) {
    const mid = (low + high) >> 1
    if (load<f32>(table + (mid << 2)) <= x) low = mid
    else high = mid
  }
  return low
}

/** Radiance of the direction sampled, set by `sampleEnvironment`. */
export let envRadiance: v128 = f32x4(0, 0, 0, 0)
/** A direction by the pair (a, b); its density in envPdf. */
export function sampleEnvironment(a: f32, b: f32): v128 {
  const env = load<usize>(P_ENV_LIGHT)
  const tw = load<i32>(env, ENV_TABLE_WIDTH)
  const th = load<i32>(env, ENV_TABLE_HEIGHT)
  const rows = load<usize>(env, ENV_ROWS)
  const j = find(rows, th, b)
  const r0 = load<f32>(rows + (j << 2))
  const rm = load<f32>(rows + (j << 2), 4) - r0
  const columns = load<usize>(env, ENV_COLUMNS) + ((j * (tw + 1)) << 2)
  const i = find(columns, tw, a)
  const c0 = load<f32>(columns + (i << 2))
  const cm = load<f32>(columns + (i << 2), 4) - c0
  if (!(rm > 0) || !(cm > 0)) {
    envPdf = 0
    return vec(0, 0, 1)
  }
  const u = (<f32>i + min<f32>((a - c0) / cm, 0.99999)) / <f32>tw
  const v = (<f32>j + min<f32>((b - r0) / rm, 0.99999)) / <f32>th
  turn(v * 0.5)
  const z = cosTurn
  const s = sinTurn
  turn(u)
  // Azimuth is ½ turn − u: its cosine is −cos, its sine is sin.
  const x = -s * cosTurn
  const y = s * sinTurn
  envRadiance = lookUp(env, u, v)
  envPdf = rm * cm * <f32>tw * <f32>th / (<f32>19.7392088 * max<f32>(s, 1e-6))
  const c = load<f32>(P_ENV_COS)
  const n = load<f32>(P_ENV_SIN)
  return vec(c * x - n * y, n * x + c * y, z)
}
