/**
 * The principled surface as docs/renderer.md defines it, in f64, sampled without visible normals and without tables: albedos are quadratures
 * of the lobes. Local frame, z is the shading normal on the viewer's side, x the tangent of anisotropy, wo above.
 */
import { type Alpha, distribution, fresnel, masking, sampleDistribution, sheen } from './microfacet.ts'
import type { Random } from './random.ts'
import { add, dot, frame, length, neg, reflect, scale, unit, type V } from './vector.ts'

export interface Surface {
  readonly base: V
  readonly metallic: number
  readonly roughness: number
  readonly ior: number
  readonly specular: number
  readonly transmission: number
  readonly anisotropy: number
  readonly tint: V
  readonly thin: boolean
  readonly sheen: V
  readonly sheenRoughness: number
  readonly clearcoat: number
  readonly clearcoatRoughness: number
  /** Unit, in the local frame. */
  readonly clearcoatNormal: V
  /** Whether the viewer is outside the body. */
  readonly outside: boolean
}

const squared = (roughness: number) => Math.max(0.001, roughness * roughness)
/** KHR_materials_anisotropy. */
function alphaOf(s: Pick<Surface, 'roughness' | 'anisotropy'>): Alpha {
  const a = squared(s.roughness)
  return [a + (1 - a) * s.anisotropy ** 2, a]
}
const outer = (s: Surface) => (s.outside || s.thin ? 1 : s.ior)
const inner = (s: Surface) => (s.outside || s.thin ? s.ior : 1)
/** From within a body that transmits, its skin is not seen. */
const showsLayers = (s: Surface) => s.outside || s.thin || s.transmission === 0

/** Walter's eq. 20: reflection, without Fresnel. */
function reflectionTerm(wo: V, wi: V, alpha: Alpha): number {
  const h = unit(add(wo, wi))
  return (distribution(h, alpha) * masking(wo, wi, alpha)) / (4 * wo[2] * wi[2])
}

/** The normal that refracts wo into wi (eq. 16), on the upper side. */
function refractionNormal(wo: V, wi: V, no: number, ni: number): V | null {
  const h = neg(add(scale(wo, no), scale(wi, ni)))
  if (length(h) < 1e-12) return null
  const n = unit(h)
  return n[2] < 0 ? neg(n) : n
}

/** Radiance that leaves along wo for radiance that comes from wi through the surface (eq. 21): it scales by the square of the indices. */
function refractionTerm(wo: V, wi: V, alpha: Alpha, no: number, ni: number): number {
  const h = refractionNormal(wo, wi, no, ni)
  if (!h) return 0
  const o = dot(wo, h)
  const i = dot(wi, h)
  if (o <= 0 || i >= 0) return 0
  const s = no * o + ni * i
  const jacobian = (no * no) / (s * s)
  const f = fresnel(o, no, ni)
  return (Math.abs(o * i) / Math.abs(wo[2] * wi[2])) * jacobian * (1 - f) * distribution(h, alpha) * masking(wo, wi, alpha)
}

export type Lobe = 'metal' | 'coat' | 'glass'
/** Directional albedo of a lobe by midpoint quadrature over microfacet normals of density D cos; in energy, so without the squared indices. */
function integrateAlbedo(lobe: Lobe, wo: V, alpha: Alpha, no: number, ni: number): number {
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
      const g = (wi: V) => (masking(wo, wi, alpha) * o) / (wo[2] * h[2])
      const r = reflect(wo, h)
      if (r[2] > 0) sum += w * f * g(r)
      if (lobe !== 'glass' || f >= 1) continue
      const t = refract(wo, h, no, ni)
      if (t && t[2] < 0) sum += w * (1 - f) * g(t)
    }
  }
  return sum / (N * N)
}

/** Directional albedo of white sheen, by midpoints over the hemisphere. */
function integrateSheen(cos: number, r: number): number {
  const N = 160
  const wo: V = [Math.sqrt(1 - cos * cos), 0, cos]
  let sum = 0
  for (let a = 0; a < N; a++) {
    for (let b = 0; b < N; b++) {
      const z = (a + 0.5) / N
      const angle = (Math.PI * (b + 0.5)) / N
      const s = Math.sqrt(1 - z * z)
      sum += sheen(wo, [s * Math.cos(angle), s * Math.sin(angle), z], r) * z
    }
  }
  return (2 * Math.PI * sum) / (N * N)
}

const tables = new Map<string, Float64Array>()
/** Values of `at` over x in 0 … 1, made once a key, linear between them. */
function tabled(nodes: number, x: number, at: (x: number) => number, ...key: readonly (string | number)[]): number {
  const name = key.join()
  let values = tables.get(name)
  if (!values) tables.set(name, (values = Float64Array.from({ length: nodes + 1 }, (_, i) => at(i / nodes))))
  return between(nodes, x, i => values[i]!)
}
/** At x in 0 … 1, linear between nodes. */
function between(nodes: number, x: number, at: (node: number) => number): number {
  const p = Math.min(1, Math.max(0, x)) * nodes
  const i = Math.min(nodes - 1, Math.floor(p))
  const low = at(i)
  return p === i ? low : low + (at(i + 1) - low) * (p - i)
}
/** Cosines are dense towards grazing. */
const cosine = (x: number) => Math.max(1e-4, x * x)

/** Albedo of an isotropic lobe, linear between 128 cosines. */
export const albedo = (lobe: Lobe, cos: number, roughness: number, no: number, ni: number): number =>
  tabled(
    128,
    Math.sqrt(Math.max(0, cos)),
    x => {
      const c = cosine(x)
      const a = squared(roughness)
      return integrateAlbedo(lobe, [Math.sqrt(1 - c * c), 0, c], [a, a], no, ni)
    },
    lobe,
    roughness,
    no,
    ni,
  )

/** Azimuths over a quarter turn and strengths at which the albedo of an anisotropic lobe is tabled: a picture may give any strength. */
const TURNS = 8
const STRENGTHS = 20
function lobeAlbedo(lobe: Lobe, s: Surface, wo: V, no: number, ni: number): number {
  if (s.anisotropy === 0) return albedo(lobe, wo[2], s.roughness, no, ni)
  const at = (turn: number, strength: number) => {
    const alpha = alphaOf({ roughness: s.roughness, anisotropy: strength / STRENGTHS })
    const angle = ((Math.PI / 2) * turn) / TURNS
    const value = (x: number) => {
      const c = cosine(x)
      const sin = Math.sqrt(1 - c * c)
      return integrateAlbedo(lobe, [sin * Math.cos(angle), sin * Math.sin(angle), c], alpha, no, ni)
    }
    return tabled(24, Math.sqrt(wo[2]), value, lobe, alpha[0], alpha[1], no, ni, turn)
  }
  const turn = Math.atan2(Math.abs(wo[1]), Math.abs(wo[0])) / (Math.PI / 2)
  return between(STRENGTHS, s.anisotropy, strength => between(TURNS, turn, k => at(k, strength)))
}
/** Roughnesses at which the albedo of sheen is tabled: a picture may give any. */
const ROUGHNESSES = 50
export const sheenAlbedo = (cos: number, roughness: number): number =>
  between(ROUGHNESSES, Math.max(0.07, roughness), node => {
    const r = Math.max(0.07, node / ROUGHNESSES) ** 2
    return tabled(48, Math.sqrt(Math.max(0, cos)), x => integrateSheen(cosine(x), r), 'sheen', r)
  })

/** Snell's law about h. */
function refract(wo: V, h: V, no: number, ni: number): V | null {
  const o = dot(wo, h)
  const r = no / ni
  const c2 = 1 - r * r * (1 - o * o)
  if (c2 <= 0) return null
  return add(scale(wo, -r), scale(h, r * o - Math.sqrt(c2)))
}

/** Clearcoat's value at wi, and the share of light that it leaves to what lies below. */
function clearcoatOf(s: Surface, wo: V, wi: V): { readonly value: number; readonly rest: number } {
  if (s.clearcoat === 0 || !showsLayers(s)) return { value: 0, rest: 1 }
  const [x, y] = frame(s.clearcoatNormal)
  const local = (w: V): V => [dot(w, x), dot(w, y), dot(w, s.clearcoatNormal)]
  const a = squared(s.clearcoatRoughness)
  const [o, i] = [local(wo), local(wi)]
  const rest = 1 - s.clearcoat * albedo('coat', o[2], s.clearcoatRoughness, 1, 1.5)
  if (i[2] <= 0) return { value: 0, rest }
  // Its own cosine, since its normal is what light falls on.
  const f = fresnel(dot(o, unit(add(o, i))), 1, 1.5)
  return { value: (s.clearcoat * f * reflectionTerm(o, i, [a, a]) * i[2]) / wi[2], rest }
}

/** Fresnel's rise from the tinted value at normal incidence to white. */
function tintedFresnel(s: Surface, f: number, c: number): number {
  const f0 = ((s.ior - 1) / (s.ior + 1)) ** 2
  return Math.min(1, s.specular * (Math.min(1, f0 * s.tint[c]!) + ((1 - Math.min(1, f0 * s.tint[c]!)) * (f - f0)) / (1 - f0)))
}
/** Albedo of the coat in each channel. */
function coatAlbedo(s: Surface, wo: V): V {
  const e = lobeAlbedo('coat', s, wo, 1, s.ior)
  const f0 = ((s.ior - 1) / (s.ior + 1)) ** 2
  const whole = s.tint.every(t => t === 1) ? 0 : lobeAlbedo('metal', s, wo, 1, 1)
  return s.tint.map(t => {
    if (whole === 0) return Math.min(1, s.specular * e)
    const rise = (e - f0 * whole) / (1 - f0)
    return Math.min(1, s.specular * (Math.min(1, f0 * t) * (whole - rise) + rise))
  }) as unknown as V
}

/** What sheen leaves to what lies below, and its value. */
function sheenOf(s: Surface, wo: V, wi: V): { readonly value: number; readonly rest: number } {
  const most = Math.max(...s.sheen)
  if (most === 0 || !showsLayers(s)) return { value: 0, rest: 1 }
  const e = sheenAlbedo(wo[2], s.sheenRoughness)
  return { value: sheen(wo, wi, Math.max(0.07, s.sheenRoughness) ** 2) / Math.max(1, e), rest: 1 - most * Math.min(1, e) }
}

/** f(wo, wi), radiance over irradiance. */
export function evaluate(s: Surface, wo: V, wi: V): V {
  const alpha = alphaOf(s)
  const body = 1 - s.metallic
  const out: [number, number, number] = [0, 0, 0]
  const no = outer(s)
  const ni = inner(s)
  const above = wi[2] > 0
  const clear = clearcoatOf(s, wo, above ? wi : [0, 0, 1])
  const fibres = sheenOf(s, wo, above ? wi : [0, 0, 1])
  if (above) {
    const h = unit(add(wo, wi))
    const d = dot(wo, h)
    const r = reflectionTerm(wo, wi, alpha)
    if (s.metallic > 0) {
      const e = lobeAlbedo('metal', s, wo, 1, 1)
      for (let c = 0; c < 3; c++) {
        const f0 = s.base[c]!
        out[c]! += (s.metallic * r * (f0 + (1 - f0) * (1 - d) ** 5)) / (1 - (f0 + (1 - f0) / 21) * (1 - e))
      }
    }
    const opaque = body * (1 - s.transmission)
    if (opaque > 0) {
      const e = Math.max(...coatAlbedo(s, wo))
      const f = fresnel(d, 1, s.ior)
      for (let c = 0; c < 3; c++) out[c]! += opaque * tintedFresnel(s, f, c) * r + (opaque * (1 - e) * s.base[c]!) / Math.PI
    }
    if (body * s.transmission > 0) {
      const glass = (body * s.transmission * r * fresnel(d, no, ni)) / glassAlbedo(s, wo)
      for (let c = 0; c < 3; c++) out[c]! += glass
    }
  } else if (body * s.transmission > 0 && s.thin) {
    const mirrored: V = [wi[0], wi[1], -wi[2]]
    const d = dot(wo, unit(add(wo, mirrored)))
    const pane = (body * s.transmission * reflectionTerm(wo, mirrored, alpha) * (1 - fresnel(d, 1, s.ior))) / glassAlbedo(s, wo)
    for (let c = 0; c < 3; c++) out[c]! += pane * s.base[c]!
  } else if (body * s.transmission > 0) {
    const glass = (body * s.transmission * refractionTerm(wo, wi, alpha, no, ni)) / glassAlbedo(s, wo)
    for (let c = 0; c < 3; c++) out[c]! += glass * Math.sqrt(s.base[c]!)
  }
  return out.map(
    (v, c) => v * clear.rest * fibres.rest + (above ? clear.value + clear.rest * fibres.value * s.sheen[c]! : 0),
  ) as unknown as V
}
const glassAlbedo = (s: Surface, wo: V) => lobeAlbedo(s.thin ? 'metal' : 'glass', s, wo, s.thin ? 1 : outer(s), s.thin ? 1 : inner(s))

/** The Lambertian base's part of `evaluate`: the same for all directions above. */
export function evaluateBase(s: Surface, wo: V, wi: V): V {
  const opaque = (1 - s.metallic) * (1 - s.transmission)
  if (wi[2] <= 0 || opaque === 0) return [0, 0, 0]
  const under = clearcoatOf(s, wo, wi).rest * sheenOf(s, wo, wi).rest
  return scale(s.base, (under * opaque * (1 - Math.max(...coatAlbedo(s, wo)))) / Math.PI)
}

/** Share of cosine sampling, and of mirroring by the clearcoat's normals; the rest goes by a microfacet normal. */
const cosineShare = (s: Surface) =>
  s.sheen.some(x => x > 0) ? 0.6 : (1 - s.metallic) * s.transmission === 1 ? 0.05 : s.metallic === 1 ? 0.1 : 0.6
const clearShare = (s: Surface) => (s.clearcoat > 0 && showsLayers(s) ? 0.2 : 0)
/** Of that rest, the share that mirrors about h rather than passes: more where the glass mirrors more, but never all or nothing. */
const mirrorShare = (s: Surface, o: number) => ((1 - s.metallic) * s.transmission > 0 ? 0.1 + 0.8 * fresnel(o, outer(s), inner(s)) : 1)

/** A direction of the mixture: cosine, and mirrored and passing directions about normals of density D cos. */
export function sample(s: Surface, wo: V, random: Random): V | null {
  if (random() < clearShare(s)) {
    const [x, y] = frame(s.clearcoatNormal)
    const a = squared(s.clearcoatRoughness)
    const l = sampleDistribution([a, a], random(), random())
    const h = add(add(scale(x, l[0]), scale(y, l[1])), scale(s.clearcoatNormal, l[2]))
    const r = reflect(wo, h)
    return dot(wo, h) > 0 && r[2] > 0 && dot(r, s.clearcoatNormal) > 0 ? r : null
  }
  if (random() < cosineShare(s)) {
    const r = Math.sqrt(random())
    const a = 2 * Math.PI * random()
    return [r * Math.cos(a), r * Math.sin(a), Math.sqrt(1 - r * r)]
  }
  const h = sampleDistribution(alphaOf(s), random(), random())
  const o = dot(wo, h)
  if (o <= 0) return null
  const r = reflect(wo, h)
  if (random() < mirrorShare(s, o)) return r[2] > 0 ? r : null
  if (s.thin) return r[2] > 0 ? [r[0], r[1], -r[2]] : null
  const t = refract(wo, h, outer(s), inner(s))
  return t && t[2] < 0 ? t : null
}

/** Density of `sample` over the sphere of directions (Walter eq. 14 and 17). */
export function density(s: Surface, wo: V, wi: V): number {
  const alpha = alphaOf(s)
  const clear = clearShare(s)
  const cosine = (1 - clear) * cosineShare(s)
  const facets = (1 - clear) * (1 - cosineShare(s))
  const mirrored: V = [wi[0], wi[1], Math.abs(wi[2])]
  if (wi[2] > 0 || s.thin) {
    const h = unit(add(wo, mirrored))
    const o = dot(wo, h)
    const facet = (facets * distribution(h, alpha) * h[2]) / (4 * o)
    if (wi[2] <= 0) return facet * (1 - mirrorShare(s, o))
    let q = (cosine * wi[2]) / Math.PI + facet * mirrorShare(s, o)
    if (clear > 0 && dot(wi, s.clearcoatNormal) > 0) {
      const c = dot(h, s.clearcoatNormal)
      const a = squared(s.clearcoatRoughness)
      // About z: the distribution has no direction.
      q += (clear * distribution([Math.sqrt(Math.max(0, 1 - c * c)), 0, c], [a, a]) * c) / (4 * o)
    }
    return q
  }
  const no = outer(s)
  const ni = inner(s)
  const h = refractionNormal(wo, wi, no, ni)
  if (!h) return 0
  const o = dot(wo, h)
  const sum = no * o + ni * dot(wi, h)
  return (facets * (1 - mirrorShare(s, o)) * distribution(h, alpha) * h[2] * ni * ni * Math.abs(dot(wi, h))) / (sum * sum)
}
