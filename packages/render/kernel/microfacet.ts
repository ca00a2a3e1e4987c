// GGX in the frame of the shading normal (z), of roughness alphaX along x and alphaY along y. Directions point away from the surface.
import { X, Y, Z, dot, normalize, vec, add } from './vec'
import { cosTurn, safeSqrt, sinTurn, turn } from './maths'

export const MIN_ALPHA: f32 = 0.001

/** Density of normals at h (Walter et al. 2007; Heitz 2014, eq. 85), written so that it stays exact near h = z. */
@inline export function ggxD(h: v128, alphaX: f32, alphaY: f32): f32 {
  const x = X(h) / alphaX
  const y = Y(h) / alphaY
  const z = Z(h)
  const s = x * x + y * y + z * z
  return <f32>1 / (<f32>3.14159265358979 * alphaX * alphaY * s * s)
}
/** Smith's Λ of a direction (Heitz 2014, eq. 86). */
@inline export function lambda(w: v128, alphaX: f32, alphaY: f32): f32 {
  const x = X(w) * alphaX
  const y = Y(w) * alphaY
  const z = Z(w)
  return <f32>0.5 * (sqrt<f32>(<f32>1 + (x * x + y * y) / max<f32>(z * z, 1e-20)) - <f32>1)
}
/** A visible normal from wo (z > 0): spherical caps, Dupuy and Benyoub, HPG 2023. */
export function sampleNormal(wo: v128, alphaX: f32, alphaY: f32, u: f32, v: f32): v128 {
  const o = normalize(vec(X(wo) * alphaX, Y(wo) * alphaY, Z(wo)))
  turn(u)
  const z = (<f32>1 - v) * (<f32>1 + Z(o)) - Z(o)
  const s = safeSqrt(<f32>1 - z * z)
  const h = add(vec(s * cosTurn, s * sinTurn, z), o)
  return normalize(vec(X(h) * alphaX, Y(h) * alphaY, max<f32>(Z(h), 1e-7)))
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
export function albedoIntegral(kind: i32, wo: v128, alphaX: f32, alphaY: f32, eta: f32, count: i32): f32 {
  const lo = lambda(wo, alphaX, alphaY)
  let sum: f64 = 0
  for (let i = 0; i < count; i++) {
    const k = <f64>i + 0.5
    const golden = k * 0.6180339887498949
    const h = sampleNormal(wo, alphaX, alphaY, <f32>(k / <f64>count), <f32>(golden - Math.floor(golden)))
    const d = dot(wo, h)
    if (d <= 0) continue
    const f = kind == 0 ? <f32>1 : fresnel(d, eta)
    const r = vec(<f32>2 * d * X(h) - X(wo), <f32>2 * d * Y(h) - Y(wo), <f32>2 * d * Z(h) - Z(wo))
    if (Z(r) > 0) sum += <f64>(f * (<f32>1 + lo) / (<f32>1 + lo + lambda(r, alphaX, alphaY)))
    if (kind == 2 && f < 1) {
      const c = d / eta - sqrt<f32>(<f32>1 - (<f32>1 - d * d) / (eta * eta))
      const t = vec(c * X(h) - X(wo) / eta, c * Y(h) - Y(wo) / eta, c * Z(h) - Z(wo) / eta)
      if (Z(t) < 0) sum += <f64>((<f32>1 - f) * (<f32>1 + lo) / (<f32>1 + lo + lambda(t, alphaX, alphaY)))
    }
  }
  return <f32>(sum / <f64>count)
}
