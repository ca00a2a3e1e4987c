// Principled surface: metal, or a dielectric whose share `transmission` is rough glass and whose rest is a coat over a Lambertian base.
// - Metal: GGX with Schlick's F0 = base colour, times 1 + F0 (1/E − 1) for light scattered several times (Turquin 2019).
// - Coat: GGX with the dielectric's Fresnel times `specular`; the base below gets what the coat does not reflect, 1 − E(wo) (albedo scaling).
// - Glass: Walter et al. 2007, over its own albedo E(wo); light is tinted by √base at each crossing, so a solid tints by its base colour.
//   Radiance is carried as L/n², which is what camera and lights in air see.
// All in the local frame with z = shading normal and wo above; GGX albedos come from the tables of albedo.ts.
import { MATERIAL_ALBEDO, P_METAL_ALBEDO, ALBEDO_TABLE_BYTES } from '../src/layout'
import { albedoAt } from './albedo'
import { INV_PI, cosTurn, safeSqrt, saturate, sinTurn, turn } from './maths'
import { MIN_ALPHA, fresnel, ggxD, lambda, sampleNormal, schlickWeight } from './microfacet'
import { X, Y, Z, add, dot, lerp, luminance, mul, neg, normalize, scale, splat, sub, vec } from './vec'

// The surface at hand.
let wo: v128 = f32x4(0, 0, 0, 0)
let alpha: f32 = 0
let base: v128 = f32x4(0, 0, 0, 0)
let ior: f32 = 0
/** Transmitted over incident index, as seen from wo. */
let eta: f32 = 0
let specular: f32 = 0
let weightMetal: f32 = 0
let weightCoat: f32 = 0
let weightGlass: f32 = 0
let metalGain: v128 = f32x4(0, 0, 0, 0)
let diffuse: v128 = f32x4(0, 0, 0, 0)
let tint: v128 = f32x4(0, 0, 0, 0)
let glassGain: f32 = 0
let lambdaO: f32 = 0
/** Share of samples of each lobe; the rest goes to the diffuse base. */
let pickMetal: f32 = 0
let pickCoat: f32 = 0
let pickGlass: f32 = 0
let pickDiffuse: f32 = 0

/** Result of `evaluate`: f · |cos| and the density of `sample`, per solid angle. */
export let bsdfValue: v128 = f32x4(0, 0, 0, 0)
export let bsdfPdf: f32 = 0
/** What denoising divides by: about the share of light sent back. */
export let bsdfAlbedo: v128 = f32x4(0, 0, 0, 0)
export let transmissive: bool = false

export function setSurface(material: usize, direction: v128, colour: v128, metallic: f32, roughness: f32, index: f32, spec: f32, transmission: f32, entering: bool): void {
  wo = direction
  const cos = Z(direction)
  alpha = max<f32>(MIN_ALPHA, roughness * roughness)
  base = colour
  ior = index
  eta = entering ? index : <f32>1 / index
  specular = spec
  lambdaO = lambda(cos, alpha)
  const body = <f32>1 - metallic
  weightMetal = metallic
  weightGlass = body * transmission
  weightCoat = body * (<f32>1 - transmission)
  transmissive = weightGlass > 0
  const table = load<usize>(material, MATERIAL_ALBEDO)
  let albedo = splat(0)
  let coatAlbedo: f32 = 0
  if (weightCoat > 0) {
    coatAlbedo = min<f32>(1, spec * albedoAt(table, cos, roughness))
    diffuse = scale(colour, (<f32>1 - coatAlbedo) * weightCoat * INV_PI)
    albedo = add(scale(diffuse, <f32>3.14159265), splat(coatAlbedo * weightCoat))
  } else diffuse = splat(0)
  if (weightMetal > 0) {
    const e = max<f32>(albedoAt(load<usize>(P_METAL_ALBEDO), cos, roughness), 0.05)
    metalGain = scale(add(splat(1), scale(colour, <f32>1 / e - <f32>1)), weightMetal)
    albedo = add(albedo, scale(colour, weightMetal))
  }
  if (weightGlass > 0) {
    glassGain = weightGlass / max<f32>(albedoAt(table + <usize>(entering ? ALBEDO_TABLE_BYTES : 2 * ALBEDO_TABLE_BYTES), cos, roughness), 0.05)
    tint = f32x4.sqrt(f32x4.max(colour, splat(0)))
    albedo = add(albedo, scale(tint, weightGlass))
  }
  bsdfAlbedo = albedo
  // Sampling weights by the albedo of each lobe towards wo.
  pickMetal = weightMetal * (luminance(colour) + (<f32>1 - luminance(colour)) * schlickWeight(cos))
  pickCoat = coatAlbedo * weightCoat
  pickDiffuse = luminance(diffuse) * <f32>3.14159265
  pickGlass = weightGlass
  const total = pickMetal + pickCoat + pickDiffuse + pickGlass
  if (total > 1e-12) {
    const inv = <f32>1 / total
    pickMetal *= inv
    pickCoat *= inv
    pickDiffuse *= inv
    pickGlass *= inv
  } else {
    pickDiffuse = 1
    pickMetal = 0
    pickCoat = 0
    pickGlass = 0
  }
}

/** Value and density for wi, to bsdfValue and bsdfPdf. */
export function evaluate(wi: v128): void {
  const oz = Z(wo)
  const iz = Z(wi)
  bsdfValue = splat(0)
  bsdfPdf = 0
  if (iz > 0) {
    let value = scale(diffuse, iz)
    let pdf = pickDiffuse * iz * INV_PI
    if (pickMetal + pickCoat + pickGlass > 0) {
      const h = normalize(add(wo, wi))
      const d = max<f32>(0, dot(wo, h))
      const common = ggxD(h, alpha) / (<f32>4 * oz)
      const g2 = common / (<f32>1 + lambdaO + lambda(iz, alpha))
      const visible = common / (<f32>1 + lambdaO)
      pdf += (pickMetal + pickCoat) * visible
      if (weightMetal > 0) {
        const f = lerp(base, splat(1), schlickWeight(d))
        value = add(value, scale(mul(f, metalGain), g2))
      }
      if (weightCoat > 0) value = add(value, splat(weightCoat * min<f32>(1, specular * fresnel(d, ior)) * g2))
      if (weightGlass > 0) {
        const f = fresnel(d, eta)
        value = add(value, splat(glassGain * f * g2))
        pdf += pickGlass * f * visible
      }
    }
    bsdfValue = value
    bsdfPdf = pdf
  } else if (iz < 0 && weightGlass > 0) {
    let h = add(wo, scale(wi, eta))
    h = normalize(h)
    if (Z(h) < 0) h = neg(h)
    const o = dot(wo, h)
    const i = dot(wi, h)
    if (o <= 0 || i >= 0) return
    const f = fresnel(o, eta)
    const s = i + o / eta
    const common = (<f32>1 - f) * ggxD(h, alpha) * o * -i / (oz * max<f32>(s * s, 1e-12))
    bsdfValue = scale(tint, glassGain * common / (<f32>1 + lambdaO + lambda(-iz, alpha)))
    bsdfPdf = pickGlass * common / (<f32>1 + lambdaO)
  }
}

/** The part of `bsdfValue` that is the Lambertian base's. */
export function baseValue(wi: v128): v128 {
  return Z(wi) > 0 ? scale(diffuse, Z(wi)) : splat(0)
}

/**
 * A direction for the pair (u, v); the caller evaluates it. z = 0 means none. u chooses between the base and the microfacets and is stretched, so
 * that each gets well-spread pairs; `lobe` chooses between mirrors and glass, and between the two sides of glass.
 */
export function sample(u: f32, v: f32, lobe: f32): v128 {
  if (u < pickDiffuse) {
    turn(u / pickDiffuse)
    const r = sqrt<f32>(v)
    return vec(r * cosTurn, r * sinTurn, safeSqrt(<f32>1 - v))
  }
  const rest = <f32>1 - pickDiffuse
  const h = sampleNormal(wo, alpha, min<f32>(0.99999994, (u - pickDiffuse) / rest), v)
  const d = dot(wo, h)
  if (d <= 0) return splat(0)
  const glassStart = (pickMetal + pickCoat) / rest
  if (lobe >= glassStart && pickGlass > 0) {
    const f = fresnel(d, eta)
    // What is left of the lobe's number, stretched to [0, 1).
    if (saturate((lobe - glassStart) / (<f32>1 - glassStart)) >= f) {
      const ct = safeSqrt(<f32>1 - (<f32>1 - d * d) / (eta * eta))
      const t = sub(scale(h, d / eta - ct), scale(wo, <f32>1 / eta))
      return Z(t) < 0 ? t : splat(0)
    }
  }
  const r = sub(scale(h, <f32>2 * d), wo)
  return Z(r) > 0 ? r : splat(0)
}
