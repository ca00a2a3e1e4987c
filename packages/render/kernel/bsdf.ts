// Principled surface, from the outside in:
// - Clearcoat: GGX with the Fresnel of index 1.5, about its own normal; what lies below gets 1 − its albedo (albedo scaling).
// - Sheen: fibres (sheen.ts); what lies below gets 1 − its albedo.
// - A mix of metal, and a dielectric whose share `transmission` is rough glass and whose rest is a coat over a Lambertian base:
//   - Metal: GGX with Schlick's F0 = base colour, over 1 − F (1 − E): of what does not leave, Schlick's mean F = F0 + (1 − F0)/21 is mirrored again, and so on
//     (Kulla and Conty 2017, with E towards the viewer for its mean).
//   - Coat: GGX with the dielectric's Fresnel times `specular`, tinted towards normal incidence; the base gets what the coat does not reflect, 1 − E(wo).
//   - Glass: Walter et al. 2007, over its own albedo E(wo); light is tinted by √base at each crossing, so a solid tints by its base colour.
//     Radiance is carried as L/n², which is what camera and lights in air see. Thin walls let straight through what they do not reflect, tinted by
//     base and roughened as the reflection is.
// All in the local frame with z = shading normal and wo above; GGX albedos come from the tables of albedo.ts. With anisotropy a second, aligned
// frame has x along the tangent: directions are turned on the way in and out.
import {
  ALBEDO_2_TABLE_BYTES, ALBEDO_TABLE_BYTES, MATERIAL_ALBEDO, MATERIAL_ALBEDO_2, MATERIAL_ANISOTROPIC, MATERIAL_FLAGS, MATERIAL_IOR, MATERIAL_LAYERED, MATERIAL_THIN,
  P_CLEARCOAT_ALBEDO, P_METAL_ALBEDO, P_METAL_ALBEDO_2, P_SHEEN_ALBEDO,
} from '../src/layout'
import { albedo2At, albedoAt } from './albedo'
import { INV_PI, cosTurn, safeSqrt, saturate, sinTurn, turn } from './maths'
import { MIN_ALPHA, fresnel, ggxD, lambda, sampleNormal, schlickWeight } from './microfacet'
import { setSheen, sheenLambda, sheenValue } from './sheen'
import {
  anisotropy, clearcoat, clearcoatRoughness, coatNormal, colour, metallic, roughness, shading, sheen, sheenRoughness, specular, specularTint, tangent, transmission,
} from './surface'
import { X, Y, Z, add, basisX, basisY, cross, dot, lerp, luminance, maxComponent, mul, neg, normalize, scale, splat, sub, vec } from './vec'

const CLEARCOAT_IOR: f32 = 1.5

// The surface at hand.
let wo: v128 = f32x4(0, 0, 0, 0)
let alphaX: f32 = 0
let alphaY: f32 = 0
let base: v128 = f32x4(0, 0, 0, 0)
let ior: f32 = 0
/** Transmitted over incident index, as seen from wo. */
let eta: f32 = 0
let weightMetal: f32 = 0
let weightCoat: f32 = 0
let weightGlass: f32 = 0
let metalGain: v128 = f32x4(0, 0, 0, 0)
let diffuse: v128 = f32x4(0, 0, 0, 0)
let tint: v128 = f32x4(0, 0, 0, 0)
let glassGain: f32 = 0
let lambdaO: f32 = 0
let specularFactor: f32 = 0
// Layers, which most surfaces lack.
let tinted: bool = false
/** Tinted reflectance at normal incidence, and 1 / (1 − F0) of the untinted one. */
let tintedF0: v128 = f32x4(0, 0, 0, 0)
let f0: f32 = 0
let restF0: f32 = 0
let thin: bool = false
let turned: bool = false
let turnCos: f32 = 1
let turnSin: f32 = 0
/** Weight of the clearcoat, its α, its frame in the local one, and wo in that. */
let weightClear: f32 = 0
let clearAlpha: f32 = 0
let clearTurned: bool = false
let clearX: v128 = f32x4(1, 0, 0, 0)
let clearY: v128 = f32x4(0, 1, 0, 0)
let clearZ: v128 = f32x4(0, 0, 1, 0)
let clearO: v128 = f32x4(0, 0, 0, 0)
let clearLambdaO: f32 = 0
/** Colour of the sheen with everything that scales it; black without. */
let sheenGain: v128 = f32x4(0, 0, 0, 0)
let sheenLambdaO: f32 = 0
/** Share of samples of each lobe; the rest goes to the diffuse base. */
let pickMetal: f32 = 0
let pickCoat: f32 = 0
let pickGlass: f32 = 0
let pickDiffuse: f32 = 0
let pickSheen: f32 = 0
let pickClear: f32 = 0

/** Result of `evaluate`: f · |cos| and the density of `sample`, per solid angle. */
export let bsdfValue: v128 = f32x4(0, 0, 0, 0)
export let bsdfPdf: f32 = 0
/** What denoising divides by: about the share of light sent back. */
export let bsdfAlbedo: v128 = f32x4(0, 0, 0, 0)
export let transmissive: bool = false

@inline function toAligned(w: v128): v128 { return vec(X(w) * turnCos + Y(w) * turnSin, Y(w) * turnCos - X(w) * turnSin, Z(w)) }
@inline function fromAligned(w: v128): v128 { return vec(X(w) * turnCos - Y(w) * turnSin, X(w) * turnSin + Y(w) * turnCos, Z(w)) }
@inline function toClear(w: v128): v128 { return clearTurned ? vec(dot(w, clearX), dot(w, clearY), dot(w, clearZ)) : w }
@inline function fromClear(w: v128): v128 { return clearTurned ? add(add(scale(clearX, X(w)), scale(clearY, Y(w))), scale(clearZ, Z(w))) : w }

/** Albedo of a GGX lobe towards the viewer: of the metal's table, or of table `number` of the material's index. */
@inline function metalAlbedo(cos: f32): f32 {
  return turned ? albedo2At(load<usize>(P_METAL_ALBEDO_2), wo, alphaX, alphaY) : albedoAt(load<usize>(P_METAL_ALBEDO), cos, roughness)
}
@inline function dielectricAlbedo(material: usize, number: usize, cos: f32): f32 {
  return turned
    ? albedo2At(load<usize>(material, MATERIAL_ALBEDO_2) + number * ALBEDO_2_TABLE_BYTES, wo, alphaX, alphaY)
    : albedoAt(load<usize>(material, MATERIAL_ALBEDO) + number * ALBEDO_TABLE_BYTES, cos, roughness)
}

/** Fresnel of the coat with its factor and tint: Fresnel's own course from the tinted value at normal incidence to white. */
@inline function coatFresnel(d: f32): v128 {
  const f = fresnel(d, ior)
  if (!tinted) return splat(min<f32>(1, specularFactor * f))
  return f32x4.min(splat(1), scale(lerp(tintedF0, splat(1), (f - f0) * restF0), specularFactor))
}

/** Takes clearcoat and sheen on; returns the share that passes both. */
function setLayers(cos: f32, local: v128): f32 {
  let under: f32 = 1
  if (clearcoat > 0) {
    weightClear = clearcoat
    clearAlpha = max<f32>(MIN_ALPHA, clearcoatRoughness * clearcoatRoughness)
    const n = coatNormal
    clearZ = vec(dot(n, basisX), dot(n, basisY), dot(n, shading))
    clearTurned = Z(clearZ) < 0.999999
    clearO = local
    if (clearTurned) {
      clearX = normalize(cross(abs(X(clearZ)) < 0.7 ? vec(1, 0, 0) : vec(0, 1, 0), clearZ))
      clearY = cross(clearZ, clearX)
      clearO = toClear(local)
      // As the shading normal is, in surface.ts: never turned away from the viewer.
      if (Z(clearO) < 0.001) clearO = normalize(vec(X(clearO), Y(clearO), 0.001))
    }
    clearLambdaO = lambda(clearO, clearAlpha, clearAlpha)
    pickClear = clearcoat * albedoAt(load<usize>(P_CLEARCOAT_ALBEDO), Z(clearO), clearcoatRoughness)
    under -= pickClear
  }
  const most = maxComponent(sheen)
  if (most > 0) {
    setSheen(sheenRoughness)
    sheenLambdaO = sheenLambda(cos)
    const e = albedoAt(load<usize>(P_SHEEN_ALBEDO), cos, sheenRoughness)
    sheenGain = scale(sheen, under / max<f32>(1, e))
    pickSheen = under * min<f32>(1, e) * luminance(sheen)
    bsdfAlbedo = scale(sheen, under * min<f32>(1, e))
    under *= <f32>1 - most * min<f32>(1, e)
  }
  bsdfAlbedo = add(bsdfAlbedo, splat(pickClear))
  return under
}

/** Makes the surface of surface.ts the one at hand, for a viewer towards `direction` in the local frame of vec.ts's basis. */
export function setSurface(material: usize, direction: v128, entering: bool): void {
  const flags = load<u32>(material, MATERIAL_FLAGS)
  const cos = Z(direction)
  wo = direction
  alphaX = max<f32>(MIN_ALPHA, roughness * roughness)
  alphaY = alphaX
  base = colour
  ior = load<f32>(material, MATERIAL_IOR)
  eta = entering ? ior : <f32>1 / ior
  specularFactor = specular
  turned = false
  tinted = false
  thin = false
  weightClear = 0
  pickClear = 0
  pickSheen = 0
  bsdfAlbedo = splat(0)
  let under: f32 = 1
  if (flags & MATERIAL_LAYERED) {
    thin = (flags & MATERIAL_THIN) != 0
    if (thin) eta = ior
    sheenGain = splat(0)
    // From within a body that transmits, its skin is not seen.
    if (entering || thin || transmission == 0) under = setLayers(cos, direction)
    if ((flags & MATERIAL_ANISOTROPIC) && anisotropy > 0) {
      turned = true
      turnCos = dot(tangent, basisX)
      turnSin = dot(tangent, basisY)
      const l = sqrt<f32>(turnCos * turnCos + turnSin * turnSin)
      turnCos = l > 1e-6 ? turnCos / l : <f32>1
      turnSin = l > 1e-6 ? turnSin / l : <f32>0
      alphaX += (<f32>1 - alphaX) * anisotropy * anisotropy
      wo = toAligned(direction)
    }
    tinted = X(specularTint) != 1 || Y(specularTint) != 1 || Z(specularTint) != 1
    if (tinted) {
      const r = (ior - <f32>1) / (ior + <f32>1)
      f0 = r * r
      restF0 = <f32>1 / (<f32>1 - f0)
      tintedF0 = f32x4.min(scale(specularTint, f0), splat(1))
    }
  }
  lambdaO = lambda(wo, alphaX, alphaY)
  const body = (<f32>1 - metallic) * under
  weightMetal = metallic * under
  weightGlass = body * transmission
  weightCoat = body * (<f32>1 - transmission)
  transmissive = weightGlass > 0
  let albedo = bsdfAlbedo
  pickCoat = 0
  if (weightCoat > 0) {
    const e = dielectricAlbedo(material, 0, cos)
    let reflected: v128
    if (tinted) {
      // The part of the albedo that Fresnel's rise above F0 makes; the tint weighs the rest.
      const e1 = metalAlbedo(cos)
      const rise = (e - f0 * e1) * restF0
      reflected = f32x4.min(splat(1), scale(add(scale(tintedF0, e1 - rise), splat(rise)), specular))
    } else reflected = splat(min<f32>(1, specular * e))
    // By the channel that reflects most: the base does not take the complement of the tint.
    diffuse = scale(colour, (<f32>1 - maxComponent(reflected)) * weightCoat * INV_PI)
    albedo = add(albedo, add(scale(diffuse, <f32>3.14159265), scale(reflected, weightCoat)))
    pickCoat = luminance(reflected) * weightCoat
  } else diffuse = splat(0)
  if (weightMetal > 0) {
    const e = max<f32>(metalAlbedo(cos), 0.05)
    const again = add(splat(<f32>1 / 21), scale(colour, <f32>20 / 21))
    metalGain = f32x4.div(splat(weightMetal), sub(splat(1), scale(again, <f32>1 - e)))
    albedo = add(albedo, scale(colour, weightMetal))
  }
  if (weightGlass > 0) {
    if (thin) {
      glassGain = weightGlass / max<f32>(metalAlbedo(cos), 0.05)
      tint = colour
    } else {
      glassGain = weightGlass / max<f32>(dielectricAlbedo(material, entering ? 1 : 2, cos), 0.05)
      tint = f32x4.sqrt(f32x4.max(colour, splat(0)))
    }
    albedo = add(albedo, scale(tint, weightGlass))
  }
  bsdfAlbedo = albedo
  // Sampling weights by the albedo of each lobe towards wo.
  pickMetal = weightMetal * (luminance(colour) + (<f32>1 - luminance(colour)) * schlickWeight(cos))
  pickDiffuse = luminance(diffuse) * <f32>3.14159265
  pickGlass = weightGlass
  const total = pickMetal + pickCoat + pickDiffuse + pickGlass + pickSheen + pickClear
  if (total > 1e-12) {
    const inv = <f32>1 / total
    pickMetal *= inv
    pickCoat *= inv
    pickDiffuse *= inv
    pickGlass *= inv
    pickSheen *= inv
    pickClear *= inv
  } else {
    pickDiffuse = 1
    pickMetal = 0
    pickCoat = 0
    pickGlass = 0
    pickSheen = 0
    pickClear = 0
  }
}

/** Adds clearcoat and sheen to bsdfValue and bsdfPdf, for wi above. */
function evaluateLayers(wi: v128): void {
  if (weightClear > 0) {
    const w = toClear(wi)
    if (Z(w) > 0) {
      const h = normalize(add(clearO, w))
      const common = ggxD(h, clearAlpha, clearAlpha) / (<f32>4 * Z(clearO))
      const f = weightClear * fresnel(max<f32>(0, dot(clearO, h)), CLEARCOAT_IOR)
      bsdfValue = add(bsdfValue, splat(f * common / (<f32>1 + clearLambdaO + lambda(w, clearAlpha, clearAlpha))))
      bsdfPdf += pickClear * common / (<f32>1 + clearLambdaO)
    }
  }
  if (pickSheen > 0) {
    bsdfValue = add(bsdfValue, scale(sheenGain, sheenValue(wo, toFrame(wi), sheenLambdaO)))
    bsdfPdf += pickSheen * <f32>0.159154943
  }
}
@inline function toFrame(w: v128): v128 { return turned ? toAligned(w) : w }

/** Value and density for wi, to bsdfValue and bsdfPdf. */
export function evaluate(direction: v128): void {
  const wi = toFrame(direction)
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
      const common = ggxD(h, alphaX, alphaY) / (<f32>4 * oz)
      const g2 = common / (<f32>1 + lambdaO + lambda(wi, alphaX, alphaY))
      const visible = common / (<f32>1 + lambdaO)
      pdf += (pickMetal + pickCoat) * visible
      if (weightMetal > 0) {
        const f = lerp(base, splat(1), schlickWeight(d))
        value = add(value, scale(mul(f, metalGain), g2))
      }
      if (weightCoat > 0) value = add(value, scale(coatFresnel(d), weightCoat * g2))
      if (weightGlass > 0) {
        const f = fresnel(d, eta)
        value = add(value, splat(glassGain * f * g2))
        pdf += pickGlass * f * visible
      }
    }
    bsdfValue = value
    bsdfPdf = pdf
    if (weightClear + pickSheen > 0) evaluateLayers(direction)
  } else if (iz < 0 && weightGlass > 0) {
    if (thin) {
      // The reflection of the mirrored direction, with what Fresnel leaves.
      const w = vec(X(wi), Y(wi), -iz)
      const h = normalize(add(wo, w))
      const common = (<f32>1 - fresnel(max<f32>(0, dot(wo, h)), eta)) * ggxD(h, alphaX, alphaY) / (<f32>4 * oz)
      bsdfValue = scale(tint, glassGain * common / (<f32>1 + lambdaO + lambda(w, alphaX, alphaY)))
      bsdfPdf = pickGlass * common / (<f32>1 + lambdaO)
      return
    }
    let h = add(wo, scale(wi, eta))
    h = normalize(h)
    if (Z(h) < 0) h = neg(h)
    const o = dot(wo, h)
    const i = dot(wi, h)
    if (o <= 0 || i >= 0) return
    const f = fresnel(o, eta)
    const s = i + o / eta
    const common = (<f32>1 - f) * ggxD(h, alphaX, alphaY) * o * -i / (oz * max<f32>(s * s, 1e-12))
    bsdfValue = scale(tint, glassGain * common / (<f32>1 + lambdaO + lambda(wi, alphaX, alphaY)))
    bsdfPdf = pickGlass * common / (<f32>1 + lambdaO)
  }
}

/** The part of `bsdfValue` that is the Lambertian base's. */
export function baseValue(wi: v128): v128 {
  return Z(wi) > 0 ? scale(diffuse, Z(wi)) : splat(0)
}

/** A direction of the clearcoat or the sheen, from what is left of u, 0 … pickSheen + pickClear. */
function sampleLayers(u: f32, v: f32): v128 {
  if (u < pickSheen) {
    turn(u / pickSheen)
    const r = safeSqrt(<f32>1 - v * v)
    return vec(r * cosTurn, r * sinTurn, v)
  }
  const h = sampleNormal(clearO, clearAlpha, clearAlpha, min<f32>(0.99999994, (u - pickSheen) / pickClear), v)
  const r = sub(scale(h, <f32>2 * dot(clearO, h)), clearO)
  if (Z(r) <= 0) return splat(0)
  const w = fromClear(r)
  return Z(w) > 0 ? w : splat(0)
}

/**
 * A direction for the pair (u, v); the caller evaluates it. z = 0 means none. u chooses between base, layers and microfacets and is stretched, so
 * that each gets well-spread pairs; `lobe` chooses between mirrors and glass, and between the two sides of glass.
 */
export function sample(u: f32, v: f32, lobe: f32): v128 {
  if (u < pickDiffuse) {
    turn(u / pickDiffuse)
    const r = sqrt<f32>(v)
    return vec(r * cosTurn, r * sinTurn, safeSqrt(<f32>1 - v))
  }
  const layers = pickDiffuse + pickSheen + pickClear
  if (u < layers) return sampleLayers(u - pickDiffuse, v)
  const w = sampleFacets(min<f32>(0.99999994, (u - layers) / (<f32>1 - layers)), v, lobe, (pickMetal + pickCoat) / (<f32>1 - layers))
  return turned ? fromAligned(w) : w
}

@inline function sampleFacets(u: f32, v: f32, lobe: f32, glassStart: f32): v128 {
  const h = sampleNormal(wo, alphaX, alphaY, u, v)
  const d = dot(wo, h)
  if (d <= 0) return splat(0)
  const r = sub(scale(h, <f32>2 * d), wo)
  if (lobe >= glassStart && pickGlass > 0) {
    const f = fresnel(d, eta)
    // What is left of the lobe's number, stretched to [0, 1).
    if (saturate((lobe - glassStart) / (<f32>1 - glassStart)) >= f) {
      if (thin) return Z(r) > 0 ? vec(X(r), Y(r), -Z(r)) : splat(0)
      const ct = safeSqrt(<f32>1 - (<f32>1 - d * d) / (eta * eta))
      const t = sub(scale(h, d / eta - ct), scale(wo, <f32>1 / eta))
      return Z(t) < 0 ? t : splat(0)
    }
  }
  return Z(r) > 0 ? r : splat(0)
}
