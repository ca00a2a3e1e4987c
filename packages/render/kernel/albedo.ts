// Tables of directional albedo, for energy compensation (Kulla and Conty, SIGGRAPH 2017 course; Turquin 2019) and for layering.
// Rows: perceptual roughness 0–1; columns: √cos 0–1, dense where Fresnel changes fast.
import { ALBEDO_SIZE } from '../src/layout'
import { MIN_ALPHA, albedoIntegral } from './microfacet'

/** Samples an entry: RMS error of the entries 0.1 %, at most 0.3 %; 0.2 and 0.6 % for glass seen from inside. */
const SAMPLES = 512

/** Fills one table. */
export function fillAlbedo(table: usize, kind: i32, eta: f32): void {
  for (let r = 0; r < ALBEDO_SIZE; r++) {
    const rough = <f32>r / <f32>(ALBEDO_SIZE - 1)
    const alpha = max<f32>(MIN_ALPHA, rough * rough)
    for (let c = 0; c < ALBEDO_SIZE; c++) {
      const x = <f32>c / <f32>(ALBEDO_SIZE - 1)
      store<f32>(table + ((r * ALBEDO_SIZE + c) << 2), albedoIntegral(kind, max<f32>(x * x, 1e-4), alpha, eta, SAMPLES))
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
