/** GGX and Fresnel in f64, from Walter, Marschner, Li and Torrance, "Microfacet models for refraction" (EGSR 2007) and Heitz (JCGT 2014). */
import type { V } from './vector.ts'

/** Density of microfacet normals about z (Walter eq. 33). */
export function distribution(h: V, alpha: number): number {
  if (h[2] <= 0) return 0
  const c2 = h[2] * h[2]
  const t2 = (h[0] * h[0] + h[1] * h[1]) / c2
  const a2 = alpha * alpha
  return a2 / (Math.PI * c2 * c2 * (a2 + t2) * (a2 + t2))
}

/** Smith's Λ (Heitz eq. 72), from the tangent. */
export function lambda(cos: number, alpha: number): number {
  const c2 = cos * cos
  return (Math.sqrt(1 + (alpha * alpha * (1 - c2)) / c2) - 1) / 2
}
/** Height-correlated masking and shadowing (Heitz eq. 99). */
export const masking = (cosO: number, cosI: number, alpha: number): number =>
  1 / (1 + lambda(Math.abs(cosO), alpha) + lambda(Math.abs(cosI), alpha))

/** A microfacet normal with density D(h) cos h (Walter eq. 35, 36). */
export function sampleDistribution(alpha: number, u: number, v: number): V {
  const tan = alpha * Math.sqrt(u / (1 - u))
  const cos = 1 / Math.sqrt(1 + tan * tan)
  const sin = tan * cos
  return [sin * Math.cos(2 * Math.PI * v), sin * Math.sin(2 * Math.PI * v), cos]
}

/** Unpolarised reflectance by Snell's law and the two amplitude ratios; from index `ni` to `nt`, cosine of incidence ≥ 0. */
export function fresnel(cosI: number, ni: number, nt: number): number {
  const sinT = (ni / nt) * Math.sqrt(Math.max(0, 1 - cosI * cosI))
  if (sinT >= 1) return 1
  const cosT = Math.sqrt(1 - sinT * sinT)
  const s = (ni * cosI - nt * cosT) / (ni * cosI + nt * cosT)
  const p = (nt * cosI - ni * cosT) / (nt * cosI + ni * cosT)
  return (s * s + p * p) / 2
}
