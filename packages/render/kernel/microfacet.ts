// GGX in the frame of the shading normal (z), isotropic. Directions point away from the surface.
import { X, Y, Z, dot, normalize, vec, add } from './vec'
import { cosTurn, safeSqrt, sinTurn, turn } from './maths'

export const MIN_ALPHA: f32 = 0.001

/** Density of normals at h (Walter et al. 2007), written so that it stays exact near h = z. */
@inline export function ggxD(h: v128, alpha: f32): f32 {
  const z = Z(h)
  const s = (X(h) * X(h) + Y(h) * Y(h)) / (alpha * alpha) + z * z
  return <f32>1 / (<f32>3.14159265358979 * alpha * alpha * s * s)
}
/** Smith's Λ. */
@inline export function lambda(cos: f32, alpha: f32): f32 {
  const c = cos * cos
  return <f32>0.5 * (sqrt<f32>(<f32>1 + alpha * alpha * max<f32>(0, <f32>1 - c) / max<f32>(c, 1e-20)) - <f32>1)
}
/** A visible normal from wo (z > 0): spherical caps, Dupuy and Benyoub, HPG 2023. */
export function sampleNormal(wo: v128, alpha: f32, u: f32, v: f32): v128 {
  const o = normalize(vec(X(wo) * alpha, Y(wo) * alpha, Z(wo)))
  turn(u)
  const z = (<f32>1 - v) * (<f32>1 + Z(o)) - Z(o)
  const s = safeSqrt(<f32>1 - z * z)
  const h = add(vec(s * cosTurn, s * sinTurn, z), o)
  return normalize(vec(X(h) * alpha, Y(h) * alpha, max<f32>(Z(h), 1e-7)))
}
/** Unpolarised Fresnel reflectance; eta is transmitted over incident index. 1 at total internal reflection. */
@inline export function fresnel(cos: f32, eta: f32): f32 {
  const g = eta * eta - <f32>1 + cos * cos
  if (g <= 0) return 1
  const r = sqrt<f32>(g)
  // r = eta · cos of the transmitted ray.
  const s = (cos - r) / (cos + r)
  const p = (eta * eta * cos - r) / (eta * eta * cos + r)
  return <f32>0.5 * (s * s + p * p)
}
@inline export function schlickWeight(cos: f32): f32 {
  const m = max<f32>(0, <f32>1 - cos)
  const s = m * m
  return s * s * m
}

/**
 * Directional albedo of a lobe over `count` VNDF samples of a golden lattice, whose projections hold as many values as points: at normal incidence
 * all edges lie across one axis. Kind 0: reflection with F = 1; 1: dielectric reflection; 2: reflection and refraction.
 */
export function albedoIntegral(kind: i32, cos: f32, alpha: f32, eta: f32, count: i32): f32 {
  const wo = vec(safeSqrt(<f32>1 - cos * cos), 0, cos)
  const lo = lambda(cos, alpha)
  let sum: f64 = 0
  for (let i = 0; i < count; i++) {
    const k = <f64>i + 0.5
    const golden = k * 0.6180339887498949
    const h = sampleNormal(wo, alpha, <f32>(k / <f64>count), <f32>(golden - Math.floor(golden)))
    const d = dot(wo, h)
    if (d <= 0) continue
    const f = kind == 0 ? <f32>1 : fresnel(d, eta)
    const rz = <f32>2 * d * Z(h) - cos
    if (rz > 0) sum += <f64>(f * (<f32>1 + lo) / (<f32>1 + lo + lambda(rz, alpha)))
    if (kind == 2 && f < 1) {
      const ct = sqrt<f32>(<f32>1 - (<f32>1 - d * d) / (eta * eta))
      const tz = (d / eta - ct) * Z(h) - cos / eta
      if (tz < 0) sum += <f64>((<f32>1 - f) * (<f32>1 + lo) / (<f32>1 + lo + lambda(-tz, alpha)))
    }
  }
  return <f32>(sum / <f64>count)
}
