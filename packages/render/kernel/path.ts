// Path tracing with next-event estimation and multiple importance sampling (power heuristic; Veach 1997), Russian roulette, and pixels.
import {
  CAMERA_TIME_ROW, CAMERA_TIME_SAMPLE, C_INVALID, INSTANCE_BYTES, INSTANCE_FLAGS, INSTANCE_MESH, INSTANCE_SCALE, MATERIAL_ABSORBS, MATERIAL_ABSORPTION, MATERIAL_CUT_OUT, MATERIAL_EMITS,
  MATERIAL_FLAGS, MATERIAL_THIN, P_BOUNCES, P_CAMERA, P_CLAMP, P_ENV_BACKGROUND, P_FILTER_GLOSSY, P_FLAGS, P_FOG_ALBEDO, P_FOOTPRINT, P_HEIGHT, P_INSTANCES, P_SEED0, P_SEED1, P_SPP, P_WIDTH, PIXEL_BYTES,
} from '../src/layout'
import { baseValue, bsdfAlbedo, bsdfPdf, bsdfValue, evaluate, sample, setSurface, transmissive } from './bsdf'
import { axis, axisOrigin, cameraRay, filterOffset, pixelSpread, pixelWidth, rayDirection, rayOrigin } from './camera'
import { emitterPoint } from './emitters'
import { backgroundAt } from './environment'
import { clearance, enterFog, fogClear, fogDistance, fogTakes, foggy, phase, samplePhase } from './fog'
import { ABOVE, AROUND, BOTH } from './light-tree'
import {
  emitterWeight, hitLights, lampDistance, lightDirection, lightDistance, lightIsDelta, lightIsSurface, lightPdf, lightRadiance, sampleLight, totalImportance, visibleLamp,
  weighLights,
} from './lights'
import { opacityAt } from './opacity'
import { draw, drawU, drawV, hashed, seedPixel, startSample } from './sampler'
import {
  BRIGHTEST, addSplitSample, dimSplitSample, split, splitLight, splitLobes, splitShadow, startSplit, startSplitPixel, startSplitSample, storeSplitPixel,
} from './split'
import { emission, evaluateSurface, findMaterial, geometric, lift, material, outside, position, roughen, shading } from './surface'
import { blocked, closest, hitInstance, hitPrimitive, hitT, hitU, hitV } from './trace'
import { X, Y, Z, add, basisX, basisY, dot, length, madd, makeBasis, maxComponent, mul, neg, normalize, scale, splat, sub, sum3, vec } from './vec'

/** P_FLAGS: some instance has cut-outs. */
const CUT_OUTS = 1
/** Surfaces of a cut-out that one ray may pass. */
const MAX_PASSES = 64

// Guides of the sample at hand.
let guideAlbedo: v128 = f32x4(0, 0, 0, 0)
let guideNormal: v128 = f32x4(0, 0, 0, 0)
let guideDepth: f32 = 0
let guideHit: bool = false

/** Whether the surface just hit is not there for this ray: crossed with probability 1 − opacity. */
function passes(salt: u32): bool {
  const instance: usize = load<usize>(P_INSTANCES) + hitInstance * INSTANCE_BYTES
  if ((load<u32>(instance, INSTANCE_FLAGS) & 1) == 0) return false
  findMaterial()
  if ((load<u32>(material, MATERIAL_FLAGS) & MATERIAL_CUT_OUT) == 0) return false
  const o = opacityAt(material, load<usize>(instance, INSTANCE_MESH), instance + INSTANCE_SCALE, hitPrimitive, hitU, hitV)
  return o < 1 && hashed(salt ^ (<u32>hitPrimitive * 0x9e3779b9)) >= o
}

/** Closest surface that is there. */
@inline function scatterHit(origin: v128, direction: v128, time: f32, salt: u32): bool {
  let tMin: f32 = 0
  for (let k = 0; k < MAX_PASSES; k++) {
    if (!closest(origin, direction, time, tMin, Infinity)) return false
    if ((load<u32>(P_FLAGS) & CUT_OUTS) == 0 || !passes(salt + k)) return true
    tMin = hitT * <f32>1.000001 + <f32>1e-7
  }
  return true
}

@inline function shadowed(origin: v128, direction: v128, time: f32, distance: f32, salt: u32): bool {
  const tMax: f32 = distance * <f32>0.99999
  if ((load<u32>(P_FLAGS) & CUT_OUTS) == 0) return blocked(origin, direction, time, 0, tMax)
  let tMin: f32 = 0
  for (let k = 0; k < MAX_PASSES; k++) {
    if (!closest(origin, direction, time, tMin, tMax)) return false
    if (!passes(salt + k)) return true
    tMin = hitT * <f32>1.000001 + <f32>1e-7
  }
  return true
}

/** Whether anything hides the point of a surface that was sampled as a light: both ends of the ray are lifted off. */
function hidden(start: v128, time: f32, bounce: i32): bool {
  const to = sub(emitterPoint, start)
  const distance = length(to)
  return distance > 0 && shadowed(start, scale(to, <f32>1 / distance), time, distance, bounce * 0x2545f491 + 77)
}

/** Limits one contribution of indirect light by the sum of its channels, as Cycles does. */
@inline function clamped(light: v128, bounce: i32, limit: f32): v128 {
  if (bounce < 1 || limit <= 0) return light
  const s = sum3(light)
  return s > limit ? scale(light, limit / s) : light
}

/** Beer and Lambert. */
function transmittance(absorption: v128, t: f32): v128 {
  return vec(Mathf.exp(-t * X(absorption)), Mathf.exp(-t * Y(absorption)), Mathf.exp(-t * Z(absorption)))
}

@inline function toWorld(v: v128, n: v128): v128 { return add(add(scale(basisX, X(v)), scale(basisY, Y(v))), scale(n, Z(v))) }

// Of the fog that the ray at hand goes through: where it scatters, and the sum of light importances there.
let fogPoint: v128 = f32x4(0, 0, 0, 0)
let fogTotal: f32 = 0
/** First pair of dimensions that fog draws: two a bounce. */
const FOG_PAIRS: u32 = 4096

/** Light of one source that fog, on the stretch last entered, scatters towards the origin of the ray; u places the point. */
function scatteredByFog(origin: v128, direction: v128, time: f32, u: f32, bounce: i32): v128 {
  const takes = fogTakes
  fogPoint = madd(origin, direction, fogDistance(u))
  weighLights(fogPoint, direction, AROUND)
  fogTotal = totalImportance
  draw(FOG_PAIRS + bounce * 2 + 1)
  sampleLight(fogPoint, direction, AROUND, time, drawU, drawV)
  if (!(lightPdf > 0)) return splat(0)
  const wi = lightDirection
  const pdf = phase(dot(direction, wi))
  const weight: f32 = lightIsDelta ? <f32>1 / lightPdf : lightPdf / (lightPdf * lightPdf + pdf * pdf)
  const light = scale(mul(lightRadiance, v128.load(P_FOG_ALBEDO)), takes * pdf * weight * clearance(fogPoint, wi, lightDistance))
  if (!(sum3(light) > 0)) return splat(0)
  const dark = lightIsSurface ? hidden(fogPoint, time, bounce) : shadowed(fogPoint, wi, time, lightDistance, bounce * 0x2545f491 + 99)
  return dark ? splat(0) : light
}

/** What `trace` is compiled for, so that pictures without it pay nothing: integer types split the light, and look for fog. */
type Split = i32
type Whole = f32
type Foggy = i32
type Clear = f32

/**
 * Radiance along the camera ray of camera.ts. Where a ray goes through fog, light is looked for at a point where fog scatters and at the surface behind, each
 * weighed by its share; the path goes on from one of the two, chosen by the same shares.
 */
function trace<T, F>(time: f32): v128 {
  const maxBounces = load<i32>(P_BOUNCES)
  const limit: f32 = load<f32>(P_CLAMP) * 3
  let origin = rayOrigin
  let direction = rayDirection
  let light = splat(0)
  let throughput = splat(1)
  // Of the last scattering: where, with what normal, density and sum of light importances.
  let fromNormal = splat(0)
  let fromPdf: f32 = 0
  let fromTotal: f32 = 0
  let fromSide = ABOVE
  // The least density of all scatterings of the path, and from where on down it blurs what follows.
  let leastPdf: f32 = Infinity
  const blurs = load<f32>(P_FILTER_GLOSSY)
  // Absorption a metre of the body that the ray is in, and of the one around that.
  let absorption = splat(0)
  let around = splat(0)
  // The cone that the ray stands for: its width, and what that grows by a metre.
  const share = load<f32>(P_FOOTPRINT)
  let width = share * pixelWidth
  let spread = share * pixelSpread
  guideHit = false
  guideAlbedo = splat(0)
  guideNormal = splat(0)
  guideDepth = 0
  for (let bounce = 0; ; bounce++) {
    const hit = scatterHit(origin, direction, time, bounce * 0x51ed270b)
    let t: f32 = hit ? hitT : Infinity
    // Whether there is no surface to scatter.
    let ends = !hit
    if (bounce == 0) {
      let seen = visibleLamp(origin, direction, t)
      if (lampDistance > 0) {
        ends = true
        t = lampDistance
        guideHit = true
        guideAlbedo = splat(1)
        guideNormal = neg(direction)
        guideDepth = dot(sub(madd(origin, direction, lampDistance), axisOrigin), axis)
      } else if (!hit) seen = load<usize>(P_ENV_BACKGROUND) != 0 ? backgroundAt(direction) : splat(0)
      if (ends) {
        if (isInteger<F>()) seen = scale(seen, clearance(origin, direction, t))
        if (isInteger<T>()) splitLight(seen, 0)
        if (!isInteger<F>()) return seen
        light = seen
      }
    } else {
      if (hit && maxComponent(absorption) > 0) throughput = mul(throughput, transmittance(absorption, t))
      const found = hitLights(origin, fromNormal, fromSide, fromTotal, direction, t, !hit, fromPdf)
      const arrived = clamped(mul(throughput, found), bounce - 1, limit)
      light = add(light, arrived)
      if (isInteger<T>()) splitLight(arrived, bounce)
      if (!isInteger<F>() && ends) return light
    }
    if (isInteger<F>()) {
      enterFog(origin, direction, t)
      if (ends && !(fogTakes > 0)) return light
    }
    let mat: usize = 0
    if (!isInteger<F>() || !ends) {
      findMaterial()
      const wo = neg(direction)
      evaluateSurface(wo, time, width + spread * t)
      if (leastPdf < blurs) roughen(<f32>0.5 * sqrt<f32>(<f32>1 - leastPdf / blurs))
      mat = material
      if (load<u32>(mat, MATERIAL_FLAGS) & MATERIAL_EMITS) {
        let glow = mul(throughput, emission)
        if (bounce > 0) glow = scale(glow, emitterWeight(origin, fromNormal, fromSide, fromTotal, direction, t, time, fromPdf))
        if (isInteger<F>()) glow = scale(glow, fogClear)
        glow = clamped(glow, bounce - 1, limit)
        light = add(light, glow)
        if (isInteger<T>()) splitLight(glow, bounce)
      }
      makeBasis(shading)
      setSurface(mat, vec(dot(wo, basisX), dot(wo, basisY), dot(wo, shading)), outside)
      if (bounce == 0) {
        guideHit = true
        guideAlbedo = bsdfAlbedo
        guideNormal = shading
        guideDepth = dot(sub(position, axisOrigin), axis)
        if (isInteger<F>() && fogTakes > 0) {
          // Light that fog scatters is divided by no surface's colour, and what fog hides is no edge: surfaces count as far as they are seen, depths no further than light goes on average.
          guideAlbedo = add(scale(guideAlbedo, fogClear), splat(fogTakes))
          guideNormal = scale(guideNormal, fogClear)
          guideDepth *= fogClear > 0 ? fogTakes / -Mathf.log(fogClear) : <f32>0
        }
      }
    }
    const n = shading
    const g = geometric
    const p = position
    const off = lift
    const entering = outside
    if (bounce >= maxBounces) return light
    const pair: u32 = 3 + bounce * 3
    const clear: f32 = isInteger<F>() ? fogClear : 1
    let inFog = false
    if (isInteger<F>() && fogTakes > 0) {
      draw(FOG_PAIRS + bounce * 2)
      inFog = drawV < fogTakes
      const arrived = clamped(mul(throughput, scatteredByFog(origin, direction, time, drawU, bounce)), bounce, limit)
      light = add(light, arrived)
      if (isInteger<T>()) {
        if (bounce == 0) splitLobes(splat(1), splat(1))
        splitLight(arrived, bounce + 1)
      }
    }
    const both = transmissive
    const side = both ? BOTH : ABOVE
    // Only glass has something to decide besides the pair.
    let lobe: f32 = 0
    let total: f32 = 0
    if (!isInteger<F>() || !ends) {
      if (both) {
        draw(pair)
        lobe = drawU
      }
      // Light sampling.
      weighLights(p, n, side)
      total = totalImportance
      if (total > 0) {
        draw(pair + 1)
        sampleLight(p, n, side, time, drawU, drawV)
        if (lightPdf > 0) {
          const wi = lightDirection
          makeBasis(n)
          const local = vec(dot(wi, basisX), dot(wi, basisY), dot(wi, n))
          const leaves = dot(wi, g)
          if (leaves * Z(local) > 0) {
            evaluate(local)
            let weight: f32 = lightIsDelta ? <f32>1 / lightPdf : lightPdf / (lightPdf * lightPdf + bsdfPdf * bsdfPdf)
            if (isInteger<F>()) weight *= clear * clearance(p, wi, lightDistance)
            let contribution = mul(mul(throughput, lightRadiance), scale(bsdfValue, weight))
            if (leaves > 0 && maxComponent(absorption) > 0) contribution = mul(contribution, transmittance(absorption, lightDistance))
            const counts = sum3(contribution) > 1e-7
            // A black surface has a shadow, too; that glowing surfaces cast is not in it.
            const shades = isInteger<T>() && bounce == 0 && Z(local) > 0 && !lightIsSurface
            if (counts || shades) {
              const start = madd(p, g, leaves > 0 ? off : -off)
              const irradiance = scale(lightRadiance, Z(local) / lightPdf)
              const free = !(lightIsSurface ? hidden(start, time, bounce) : shadowed(start, wi, time, lightDistance, bounce * 0x2545f491 + 77))
              if (shades) splitShadow(irradiance, free)
              if (free && counts) {
                const arrived = clamped(contribution, bounce, limit)
                light = add(light, arrived)
                if (isInteger<T>()) {
                  if (bounce == 0) splitLobes(baseValue(local), bsdfValue)
                  splitLight(arrived, bounce + 1)
                }
              }
            }
          }
        }
      }
    }
    // Scattering.
    if (isInteger<F>() && inFog) {
      if (isInteger<T>() && bounce == 0) splitLobes(splat(1), splat(1))
      draw(pair + 2)
      const turned = normalize(samplePhase(direction, drawU, drawV))
      fromPdf = phase(dot(direction, turned))
      direction = turned
      throughput = mul(throughput, v128.load(P_FOG_ALBEDO))
      width += spread * length(sub(fogPoint, origin))
      spread = min<f32>(1, spread + share / sqrt<f32>(fromPdf))
      origin = fogPoint
      fromTotal = fogTotal
      fromSide = AROUND
    } else {
      if (isInteger<F>() && ends) return light
      draw(pair + 2)
      const local = sample(drawU, drawV, lobe)
      if (Z(local) == 0) return light
      evaluate(local)
      if (!(bsdfPdf > 0)) return light
      if (isInteger<T>() && bounce == 0) splitLobes(baseValue(local), bsdfValue)
      makeBasis(n)
      direction = normalize(toWorld(local, n))
      const leaves = dot(direction, g)
      if (leaves * Z(local) <= 0) return light
      throughput = mul(throughput, scale(bsdfValue, <f32>1 / bsdfPdf))
      if (Z(local) < 0 && (load<u32>(mat, MATERIAL_FLAGS) & MATERIAL_THIN) == 0) {
        if (entering) {
          around = absorption
          absorption = load<u32>(mat, MATERIAL_FLAGS) & MATERIAL_ABSORBS ? v128.load(mat, MATERIAL_ABSORPTION) : splat(0)
        } else {
          absorption = around
          around = splat(0)
        }
      }
      width += spread * t
      spread = min<f32>(1, spread + share / sqrt<f32>(bsdfPdf))
      origin = madd(p, g, leaves > 0 ? off : -off)
      fromNormal = n
      fromPdf = bsdfPdf
      fromTotal = total
      fromSide = side
    }
    leastPdf = min<f32>(leastPdf, fromPdf)
    const most = maxComponent(throughput)
    if (!(most > 1e-6)) return light
    if (bounce >= 2 && most < 1) {
      const survive = sqrt<f32>(most)
      if (hashed(0x68bc21eb + bounce) >= survive) return light
      throughput = scale(throughput, <f32>1 / survive)
    }
  }
  return light
}

@inline function finite(v: v128): bool {
  const s = sum3(v)
  return s - s == 0
}

/** Renders rows [from, to) to `out`, PIXEL_BYTES a pixel, and to where P_SPLIT says, SPLIT_BYTES a pixel. */
export function render(from: i32, to: i32, out: usize): void {
  const width = load<i32>(P_WIDTH)
  const spp = load<i32>(P_SPP)
  const odd = spp >> 1
  const even = spp - odd
  const seed0 = load<u32>(P_SEED0)
  const seed1 = load<u32>(P_SEED1)
  let pixel = out
  startSplit()
  const fog = foggy()
  const exposure = load<f32>(P_CAMERA, CAMERA_TIME_SAMPLE)
  for (let y = from; y < to; y++) {
    const opens = load<f32>(P_CAMERA, CAMERA_TIME_ROW) * (<f32>y + <f32>0.5)
    for (let x = 0; x < width; x++) {
      seedPixel(seed0, seed1, x, y)
      let sum = splat(0)
      let half = splat(0)
      let square: f32 = 0
      let albedo = splat(0)
      let normal = splat(0)
      let depth: f32 = 0
      let hits: f32 = 0
      if (split) startSplitPixel()
      for (let s = 0; s < spp; s++) {
        // The two halves are consecutive stretches of the sequence, each well spread by itself.
        startSample((s & 1) == 0 ? s >> 1 : even + (s >> 1))
        draw(0)
        const px: f32 = <f32>x + <f32>0.5 + filterOffset(drawU)
        const py: f32 = <f32>y + <f32>0.5 + filterOffset(drawV)
        draw(2)
        const time = opens + drawU * exposure
        draw(1)
        cameraRay(px, py, drawU, drawV, time)
        if (split) startSplitSample()
        let radiance = fog ? (split ? trace<Split, Foggy>(time) : trace<Whole, Foggy>(time)) : split ? trace<Split, Clear>(time) : trace<Whole, Clear>(time)
        if (!finite(radiance)) {
          store<u32>(C_INVALID, load<u32>(C_INVALID) + 1)
          radiance = splat(0)
        } else {
          const most = maxComponent(radiance)
          if (most > BRIGHTEST) {
            radiance = scale(radiance, BRIGHTEST / most)
            if (split) dimSplitSample(BRIGHTEST / most)
          }
          if (split) addSplitSample()
        }
        // A surface too thin for its pose to be inverted in single precision has no normal.
        if (!finite(add(guideAlbedo, guideNormal)) || guideDepth - guideDepth != 0) {
          store<u32>(C_INVALID, load<u32>(C_INVALID) + 1)
          guideAlbedo = splat(0)
          guideNormal = splat(0)
          guideHit = false
        }
        sum = add(sum, radiance)
        if (s & 1) half = add(half, radiance)
        const light = sum3(radiance)
        square += light * light
        albedo = add(albedo, guideAlbedo)
        normal = add(normal, guideNormal)
        if (guideHit) {
          depth += guideDepth
          hits += 1
        }
      }
      const inv: f32 = <f32>1 / <f32>spp
      sum = scale(sum, inv)
      v128.store(pixel, f32x4.replace_lane(sum, 3, hits * inv))
      half = odd > 0 ? scale(half, <f32>1 / <f32>odd) : sum
      v128.store(pixel, f32x4.replace_lane(half, 3, square * inv), 16)
      v128.store(pixel, scale(albedo, inv), 32)
      v128.store(pixel, f32x4.replace_lane(scale(normal, inv), 3, hits > 0 ? depth / hits : 0), 48)
      if (split) storeSplitPixel((y - from) * width + x, inv)
      pixel += PIXEL_BYTES
    }
  }
}
