/**
 * GGX and Fresnel in f64, from Walter, Marschner, Li and Torrance, "Microfacet models for refraction" (EGSR 2007) and Heitz (JCGT 2014, §5.4 for
 * two roughnesses); sheen from Estevez and Kulla (SIGGRAPH 2017).
 */
import type { V } from './vector.ts'

/** Roughness α along x and along y. */
export type Alpha = readonly [number, number]

/** Cosine and sine of the azimuth. */
function azimuth(w: V): readonly [number, number] {
  const l = Math.hypot(w[0], w[1])
  return l > 0 ? [w[0] / l, w[1] / l] : [1, 0]
}

/** Density of microfacet normals about z (Walter eq. 33, Heitz eq. 85). */
export function distribution(h: V, [ax, ay]: Alpha): number {
  if (h[2] <= 0) return 0
  const c2 = h[2] * h[2]
  const tan2 = (h[0] * h[0] + h[1] * h[1]) / c2
  const [c, s] = azimuth(h)
  const q = 1 + tan2 * ((c * c) / (ax * ax) + (s * s) / (ay * ay))
  return 1 / (Math.PI * ax * ay * c2 * c2 * q * q)
}

/** Smith's Λ (Heitz eq. 72 and 80), from the tangent and the roughness that the direction sees. */
export function lambda(w: V, [ax, ay]: Alpha): number {
  const c2 = w[2] * w[2]
  const [c, s] = azimuth(w)
  const a2 = c * c * ax * ax + s * s * ay * ay
  return (Math.sqrt(1 + (a2 * (1 - c2)) / c2) - 1) / 2
}
/** Height-correlated masking and shadowing (Heitz eq. 99). */
export const masking = (wo: V, wi: V, alpha: Alpha): number => 1 / (1 + lambda(wo, alpha) + lambda(wi, alpha))

/** A microfacet normal with density D(h) cos h (Walter eq. 35, 36; Heitz' figure of the stretched case). */
export function sampleDistribution([ax, ay]: Alpha, u: number, v: number): V {
  const r = Math.sqrt(u / (1 - u))
  // Slopes of the isotropic unit surface, stretched.
  const x = r * ax * Math.cos(2 * Math.PI * v)
  const y = r * ay * Math.sin(2 * Math.PI * v)
  const l = Math.sqrt(1 + x * x + y * y)
  return [x / l, y / l, 1 / l]
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

/** Table 1 of Estevez and Kulla: a … e for roughness 0 and 1, mixed by (1 − r)². */
const FIT: readonly (readonly [number, number])[] = [
  [25.3245, 21.5473],
  [3.32435, 3.82987],
  [0.16801, 0.19823],
  [-1.27393, -1.9776],
  [-4.85967, -4.32054],
]
function sheenLambda(cos: number, r: number): number {
  const w = (1 - r) ** 2
  const [a, b, c, d, e] = FIT.map(([zero, one]) => w * zero + (1 - w) * one) as [number, number, number, number, number]
  const L = (x: number) => a / (1 + b * x ** c) + d * x + e
  return cos < 0.5 ? Math.exp(L(cos)) : Math.exp(2 * L(0.5) - L(1 - cos))
}
/** Their BRDF of white fibres, without the softened terminator; r is the squared perceptual roughness. */
export function sheen(wo: V, wi: V, r: number): number {
  const h: V = [wo[0] + wi[0], wo[1] + wi[1], wo[2] + wi[2]]
  const cos = h[2] / Math.hypot(...h)
  const d = ((2 + 1 / r) * Math.sqrt(Math.max(0, 1 - cos * cos)) ** (1 / r)) / (2 * Math.PI)
  return d / (4 * wo[2] * wi[2] * (1 + sheenLambda(wo[2], r) + sheenLambda(wi[2], r)))
}
