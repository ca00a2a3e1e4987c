// Tables of directional albedo, for energy compensation (Kulla and Conty, SIGGRAPH 2017 course; Turquin 2019) and for layering.
// Rows: perceptual roughness 0–1; columns: √cos 0–1, dense where Fresnel changes fast.
import { ALBEDO_2_SIZE, ALBEDO_2_TURNS, ALBEDO_SIZE } from '../src/layout'
import { safeSqrt } from './maths'
import { MIN_ALPHA, albedoIntegral } from './microfacet'
import { setSheen, sheenAlbedo } from './sheen'
import { X, Y, Z, vec } from './vec'

/** Samples an entry: RMS error of the entries 0.1 %, at most 0.3 %; 0.2 and 0.6 % for glass seen from inside. */
const SAMPLES = 512
/** The same for two roughnesses, whose grid is coarser anyway, and for sheen, which takes them uniformly. */
const SAMPLES_2 = 256
const SAMPLES_SHEEN = 1024

@inline function alphaOf(node: i32, nodes: i32): f32 {
  const rough = <f32>node / <f32>(nodes - 1)
  return max<f32>(MIN_ALPHA, rough * rough)
}
@inline function cosOf(node: i32, nodes: i32): f32 {
  const x = <f32>node / <f32>(nodes - 1)
  return max<f32>(x * x, 1e-4)
}

/** Fills one table; kind as in `albedoIntegral`. */
export function fillAlbedo(table: usize, kind: i32, eta: f32): void {
  for (let r = 0; r < ALBEDO_SIZE; r++) {
    const alpha = alphaOf(r, ALBEDO_SIZE)
    for (let c = 0; c < ALBEDO_SIZE; c++) {
      const cos = cosOf(c, ALBEDO_SIZE)
      store<f32>(table + ((r * ALBEDO_SIZE + c) << 2), albedoIntegral(kind, vec(safeSqrt(<f32>1 - cos * cos), 0, cos), alpha, alpha, eta, SAMPLES))
    }
  }
}

/** Fills the table of sheen. */
export function fillSheenAlbedo(table: usize): void {
  for (let r = 0; r < ALBEDO_SIZE; r++) {
    setSheen(<f32>r / <f32>(ALBEDO_SIZE - 1))
    for (let c = 0; c < ALBEDO_SIZE; c++) store<f32>(table + ((r * ALBEDO_SIZE + c) << 2), sheenAlbedo(cosOf(c, ALBEDO_SIZE), SAMPLES_SHEEN))
  }
}

/** Fills a table of two roughnesses: along x, across it (never more), |cos| of the azimuth, √cos. */
export function fillAlbedo2(table: usize, kind: i32, eta: f32): void {
  let p = table
  for (let x = 0; x < ALBEDO_2_SIZE; x++) {
    const alphaX = alphaOf(x, ALBEDO_2_SIZE)
    for (let y = 0; y < ALBEDO_2_SIZE; y++) {
      const alphaY = alphaOf(y, ALBEDO_2_SIZE)
      for (let t = 0; t < ALBEDO_2_TURNS; t++) {
        const along = <f32>t / <f32>(ALBEDO_2_TURNS - 1)
        for (let c = 0; c < ALBEDO_2_SIZE; c++) {
          const cos = cosOf(c, ALBEDO_2_SIZE)
          const sin = safeSqrt(<f32>1 - cos * cos)
          const wo = vec(sin * along, sin * safeSqrt(<f32>1 - along * along), cos)
          store<f32>(p, y > x + 1 ? <f32>0 : albedoIntegral(kind, wo, alphaX, alphaY, eta, SAMPLES_2))
          p += 4
        }
      }
    }
  }
}

/** Bilinear look-up. */
export function albedoAt(table: usize, cos: f32, roughness: f32): f32 {
  const n: f32 = <f32>(ALBEDO_SIZE - 1)
  const x = sqrt<f32>(min<f32>(1, max<f32>(0, cos))) * n
  const y = min<f32>(1, max<f32>(0, roughness)) * n
  const c = min<i32>(i32(x), ALBEDO_SIZE - 2)
  const r = min<i32>(i32(y), ALBEDO_SIZE - 2)
  const p: usize = table + ((r * ALBEDO_SIZE + c) << 2)
  const fx = x - <f32>c
  const fy = y - <f32>r
  const a = load<f32>(p) + (load<f32>(p, 4) - load<f32>(p)) * fx
  const q = p + (ALBEDO_SIZE << 2)
  const b = load<f32>(q) + (load<f32>(q, 4) - load<f32>(q)) * fx
  return a + (b - a) * fy
}

// Strides of the table of two roughnesses, bytes.
const TURN: usize = ALBEDO_2_SIZE * 4
const ACROSS: usize = ALBEDO_2_TURNS * TURN
const ALONG: usize = ALBEDO_2_SIZE * ACROSS

@inline function lerp2(p: usize, fc: f32, ft: f32): f32 {
  const a = load<f32>(p) + (load<f32>(p, 4) - load<f32>(p)) * fc
  const b = load<f32>(p + TURN) + (load<f32>(p + TURN, 4) - load<f32>(p + TURN)) * fc
  return a + (b - a) * ft
}

/** Look-up in a table of two roughnesses, linear in all four; `wo` has x along the rougher axis. */
export function albedo2At(table: usize, wo: v128, alphaX: f32, alphaY: f32): f32 {
  const n: f32 = <f32>(ALBEDO_2_SIZE - 1)
  const x = min<f32>(1, sqrt<f32>(alphaX)) * n
  const y = min<f32>(1, sqrt<f32>(alphaY)) * n
  const c = sqrt<f32>(min<f32>(1, max<f32>(0, Z(wo)))) * n
  const flat = X(wo) * X(wo) + Y(wo) * Y(wo)
  const t: f32 = flat > 1e-12 ? min<f32>(1, abs(X(wo)) / sqrt<f32>(flat)) * <f32>(ALBEDO_2_TURNS - 1) : <f32>0
  const ix = min<i32>(i32(x), ALBEDO_2_SIZE - 2)
  const iy = min<i32>(min<i32>(i32(y), ALBEDO_2_SIZE - 2), ix)
  const ic = min<i32>(i32(c), ALBEDO_2_SIZE - 2)
  const it = min<i32>(i32(t), ALBEDO_2_TURNS - 2)
  const p: usize = table + ix * ALONG + iy * ACROSS + it * TURN + (ic << 2)
  const fc = c - <f32>ic
  const ft = t - <f32>it
  const fy = y - <f32>iy
  const a = lerp2(p, fc, ft) + (lerp2(p + ACROSS, fc, ft) - lerp2(p, fc, ft)) * fy
  const q = p + ALONG
  const b = lerp2(q, fc, ft) + (lerp2(q + ACROSS, fc, ft) - lerp2(q, fc, ft)) * fy
  return a + (b - a) * (x - <f32>ix)
}
