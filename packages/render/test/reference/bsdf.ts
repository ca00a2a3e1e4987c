/**
 * The principled surface as docs/renderer.md defines it, in f64, sampled without visible normals and without tables: albedos are quadratures
 * of the lobes. Local frame, z is the shading normal on the viewer's side, wo above.
 */
import { distribution, fresnel, masking, sampleDistribution } from './microfacet.ts'
import type { Random } from './random.ts'
import { add, dot, length, neg, reflect, scale, unit, type V } from './vector.ts'

export interface Surface {
  readonly base: V
  readonly metallic: number
  readonly roughness: number
  readonly ior: number
  readonly specular: number
  readonly transmission: number
  /** Whether the viewer is outside the body. */
  readonly outside: boolean
}

const alphaOf = (roughness: number) => Math.max(0.001, roughness * roughness)
const outer = (s: Surface) => (s.outside ? 1 : s.ior)
const inner = (s: Surface) => (s.outside ? s.ior : 1)

/** Walter's eq. 20: reflection, without Fresnel. */
function reflectionTerm(wo: V, wi: V, alpha: number): number {
  const h = unit(add(wo, wi))
  return (distribution(h, alpha) * masking(wo[2], wi[2], alpha)) / (4 * wo[2] * wi[2])
}

/** The normal that refracts wo into wi (eq. 16), on the upper side. */
function refractionNormal(wo: V, wi: V, no: number, ni: number): V | null {
  const h = neg(add(scale(wo, no), scale(wi, ni)))
  if (length(h) < 1e-12) return null
  const n = unit(h)
  return n[2] < 0 ? neg(n) : n
}

/** Radiance that leaves along wo for radiance that comes from wi through the surface (eq. 21): it scales by the square of the indices. */
function refractionTerm(wo: V, wi: V, alpha: number, no: number, ni: number): number {
  const h = refractionNormal(wo, wi, no, ni)
  if (!h) return 0
  const o = dot(wo, h)
  const i = dot(wi, h)
  if (o <= 0 || i >= 0) return 0
  const s = no * o + ni * i
  const jacobian = (no * no) / (s * s)
  const f = fresnel(o, no, ni)
  return (Math.abs(o * i) / Math.abs(wo[2] * wi[2])) * jacobian * (1 - f) * distribution(h, alpha) * masking(wo[2], wi[2], alpha)
}

export type Lobe = 'metal' | 'coat' | 'glass'
/** Directional albedo of a lobe by midpoint quadrature over microfacet normals of density D cos; in energy, so without the squared indices. */
function integrateAlbedo(lobe: Lobe, cos: number, alpha: number, no: number, ni: number): number {
  const wo: V = [Math.sqrt(1 - cos * cos), 0, cos]
  const N = 96
  let sum = 0
  for (let a = 0; a < N; a++) {
    for (let b = 0; b < N; b++) {
      // Squared spacing: the tail of D carries little.
      const x = (a + 0.5) / N
      const u = 1 - (1 - x) * (1 - x)
      const w = 2 * (1 - x)
      const h = sampleDistribution(alpha, u, (b + 0.5) / N)
      const o = dot(wo, h)
      if (o <= 0) continue
      const f = lobe === 'metal' ? 1 : fresnel(o, no, ni)
      const g = (z: number) => (masking(cos, z, alpha) * o) / (cos * h[2])
      const r = reflect(wo, h)
      if (r[2] > 0) sum += w * f * g(r[2])
      if (lobe !== 'glass' || f >= 1) continue
      const t = refract(wo, h, no, ni)
      if (t && t[2] < 0) sum += w * (1 - f) * g(t[2])
    }
  }
  return sum / (N * N)
}

const albedos = new Map<string, Float64Array>()
const ALBEDO_NODES = 128
/** The same, linear between 128 cosines (dense towards grazing). */
export function albedo(lobe: Lobe, cos: number, roughness: number, no: number, ni: number): number {
  const key = `${lobe} ${roughness} ${no} ${ni}`
  let table = albedos.get(key)
  if (!table) {
    table = Float64Array.from({ length: ALBEDO_NODES + 1 }, (_, i) =>
      integrateAlbedo(lobe, Math.max(1e-4, (i / ALBEDO_NODES) ** 2), alphaOf(roughness), no, ni),
    )
    albedos.set(key, table)
  }
  const x = Math.sqrt(Math.min(1, Math.max(0, cos))) * ALBEDO_NODES
  const i = Math.min(ALBEDO_NODES - 1, Math.floor(x))
  return table[i]! + (table[i + 1]! - table[i]!) * (x - i)
}

/** Snell's law about h. */
function refract(wo: V, h: V, no: number, ni: number): V | null {
  const o = dot(wo, h)
  const r = no / ni
  const c2 = 1 - r * r * (1 - o * o)
  if (c2 <= 0) return null
  return add(scale(wo, -r), scale(h, r * o - Math.sqrt(c2)))
}

/** f(wo, wi), radiance over irradiance. */
export function evaluate(s: Surface, wo: V, wi: V): V {
  const alpha = alphaOf(s.roughness)
  const body = 1 - s.metallic
  const out: [number, number, number] = [0, 0, 0]
  const no = outer(s)
  const ni = inner(s)
  if (wi[2] > 0) {
    const h = unit(add(wo, wi))
    const d = dot(wo, h)
    const r = reflectionTerm(wo, wi, alpha)
    if (s.metallic > 0) {
      const e = albedo('metal', wo[2], s.roughness, 1, 1)
      for (let c = 0; c < 3; c++) {
        const f0 = s.base[c]!
        out[c]! += s.metallic * r * (f0 + (1 - f0) * (1 - d) ** 5) * (1 + f0 * (1 / e - 1))
      }
    }
    const opaque = body * (1 - s.transmission)
    if (opaque > 0) {
      const e = Math.min(1, s.specular * albedo('coat', wo[2], s.roughness, 1, s.ior))
      const coat = opaque * Math.min(1, s.specular * fresnel(d, 1, s.ior)) * r
      for (let c = 0; c < 3; c++) out[c]! += coat + (opaque * (1 - e) * s.base[c]!) / Math.PI
    }
    if (body * s.transmission > 0) {
      const glass = (body * s.transmission * r * fresnel(d, no, ni)) / albedo('glass', wo[2], s.roughness, no, ni)
      for (let c = 0; c < 3; c++) out[c]! += glass
    }
  } else if (body * s.transmission > 0) {
    const glass = (body * s.transmission * refractionTerm(wo, wi, alpha, no, ni)) / albedo('glass', wo[2], s.roughness, no, ni)
    for (let c = 0; c < 3; c++) out[c]! += glass * Math.sqrt(s.base[c]!)
  }
  return out
}

/** The Lambertian base's part of `evaluate`: the same for all directions above. */
export function evaluateBase(s: Surface, wo: V, wi: V): V {
  const opaque = (1 - s.metallic) * (1 - s.transmission)
  if (wi[2] <= 0 || opaque === 0) return [0, 0, 0]
  const e = Math.min(1, s.specular * albedo('coat', wo[2], s.roughness, 1, s.ior))
  return scale(s.base, (opaque * (1 - e)) / Math.PI)
}

/** Share of cosine sampling; the rest goes by a microfacet normal. */
const cosineShare = (s: Surface) => ((1 - s.metallic) * s.transmission === 1 ? 0.05 : s.metallic === 1 ? 0.1 : 0.6)
/** Of that rest, the share that mirrors about h rather than refracts: more where the glass mirrors more, but never all or nothing. */
const mirrorShare = (s: Surface, o: number) => ((1 - s.metallic) * s.transmission > 0 ? 0.1 + 0.8 * fresnel(o, outer(s), inner(s)) : 1)

/** A direction of the mixture: cosine, and mirrored and refracted directions about normals of density D cos. */
export function sample(s: Surface, wo: V, random: Random): V | null {
  if (random() < cosineShare(s)) {
    const r = Math.sqrt(random())
    const a = 2 * Math.PI * random()
    return [r * Math.cos(a), r * Math.sin(a), Math.sqrt(1 - r * r)]
  }
  const h = sampleDistribution(alphaOf(s.roughness), random(), random())
  const o = dot(wo, h)
  if (o <= 0) return null
  if (random() < mirrorShare(s, o)) {
    const r = reflect(wo, h)
    return r[2] > 0 ? r : null
  }
  const t = refract(wo, h, outer(s), inner(s))
  return t && t[2] < 0 ? t : null
}

/** Density of `sample` over the sphere of directions (Walter eq. 14 and 17). */
export function density(s: Surface, wo: V, wi: V): number {
  const cosine = cosineShare(s)
  const alpha = alphaOf(s.roughness)
  if (wi[2] > 0) {
    const h = unit(add(wo, wi))
    const o = dot(wo, h)
    return (cosine * wi[2]) / Math.PI + ((1 - cosine) * mirrorShare(s, o) * distribution(h, alpha) * h[2]) / (4 * o)
  }
  const no = outer(s)
  const ni = inner(s)
  const h = refractionNormal(wo, wi, no, ni)
  if (!h) return 0
  const o = dot(wo, h)
  const sum = no * o + ni * dot(wi, h)
  return ((1 - cosine) * (1 - mirrorShare(s, o)) * distribution(h, alpha) * h[2] * ni * ni * Math.abs(dot(wi, h))) / (sum * sum)
}
