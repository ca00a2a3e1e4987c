// The lights: choice among them, sampling, and what a ray sees of them. A light never blocks another.
import {
  LIGHT_A, LIGHT_AREA, LIGHT_B, LIGHT_BYTES, LIGHT_DISK, LIGHT_ENVIRONMENT, LIGHT_POINT, LIGHT_POSITION, LIGHT_POWER, LIGHT_RADIANCE, LIGHT_RECTANGLE, LIGHT_SPHERE,
  LIGHT_SUN, LIGHT_TYPE, LIGHT_VISIBLE, LIGHT_X, LIGHT_Y, LIGHT_Z, P_ENV_IRRADIANCE, P_LIGHT_COUNT, P_LIGHTS,
} from '../src/layout'
import { envPdf, envRadiance, environmentAt, sampleEnvironment } from './environment'
import { cosTurn, safeSqrt, sinTurn, turn } from './maths'
import { X, Y, Z, add, basisX, basisY, dot, madd, makeBasis, scale, splat, sub } from './vec'

/** Direction, distance, radiance and density (per solid angle, choice included; 0 for none) of the light sampled. A point has density = choice. */
export let lightDirection: v128 = f32x4(0, 0, 0, 0)
export let lightDistance: f32 = 0
export let lightRadiance: v128 = f32x4(0, 0, 0, 0)
export let lightPdf: f32 = 0
/** Whether only light sampling can find it, so that its MIS weight is 1. */
export let lightIsDelta: bool = false

/** About the irradiance that a light could bring to p, whose normal is n; 0 only where it can bring none. `both`: light from behind counts. */
function importance(light: usize, p: v128, n: v128, both: bool): f32 {
  const type = load<i32>(light, LIGHT_TYPE)
  if (type == LIGHT_ENVIRONMENT) return load<f32>(P_ENV_IRRADIANCE)
  const power = load<f32>(light, LIGHT_POWER)
  if (type == LIGHT_SUN) {
    const c = dot(n, v128.load(light, LIGHT_POSITION))
    const sine = safeSqrt(<f32>1 - load<f32>(light, LIGHT_A) * load<f32>(light, LIGHT_A))
    return both || c + sine > -0.001 ? power * (<f32>0.1 + <f32>0.9 * abs(c)) : 0
  }
  const d = sub(p, v128.load(light, LIGHT_POSITION))
  const d2 = dot(d, d)
  if (type == LIGHT_SPHERE || type == LIGHT_POINT) return power * <f32>0.25 / (d2 + load<f32>(light, LIGHT_A) * load<f32>(light, LIGHT_A) + <f32>1e-9)
  const c = dot(d, v128.load(light, LIGHT_Z))
  if (c <= 0) return 0
  // Never below a tenth of the frontal value: near a large light the centre's cosine misleads.
  return power * (<f32>0.1 + <f32>0.9 * c / sqrt<f32>(d2)) / (d2 + load<f32>(light, LIGHT_AREA))
}

/** Sum of importances at a point; keep it for `hitLights`. */
export let totalImportance: f32 = 0
@inline export function weighLights(p: v128, n: v128, both: bool): void {
  const count = load<i32>(P_LIGHT_COUNT)
  let light = load<usize>(P_LIGHTS)
  let total: f32 = 0
  for (let i = 0; i < count; i++) {
    total += importance(light, p, n, both)
    light += LIGHT_BYTES
  }
  totalImportance = total
}

/**
 * Samples one light for p (after `weighLights`). u chooses it and, stretched, places the point with v: so what one light gets of a
 * well-spread sequence is well spread itself, which a subset picked by another number would not be.
 */
@inline export function sampleLight(p: v128, n: v128, both: bool, u: f32, v: f32): void {
  lightPdf = 0
  if (totalImportance <= 0) return
  const count = load<i32>(P_LIGHT_COUNT)
  let light = load<usize>(P_LIGHTS)
  let target = u * totalImportance
  let chosen: usize = 0
  let weight: f32 = 0
  for (let i = 0; i < count; i++) {
    const w = importance(light, p, n, both)
    if (w > 0) {
      chosen = light
      weight = w
      if (target < w) break
      target -= w
    }
    light += LIGHT_BYTES
  }
  if (chosen == 0) return
  sampleOne(chosen, p, min<f32>(0.99999994, max<f32>(0, target / weight)), v)
  lightPdf *= weight / totalImportance
}

/** Samples a given light; lightPdf leaves out the choice. */
export function sampleOne(light: usize, p: v128, u: f32, v: f32): void {
  const type = load<i32>(light, LIGHT_TYPE)
  lightIsDelta = false
  lightRadiance = v128.load(light, LIGHT_RADIANCE)
  if (type == LIGHT_ENVIRONMENT) {
    lightDirection = sampleEnvironment(u, v)
    lightRadiance = envRadiance
    lightPdf = envPdf
    lightDistance = Infinity
    return
  }
  const position = v128.load(light, LIGHT_POSITION)
  const a = load<f32>(light, LIGHT_A)
  if (type == LIGHT_SUN) {
    lightDirection = cone(position, a, u, v)
    lightPdf = <f32>1 / load<f32>(light, LIGHT_B)
    lightDistance = Infinity
    return
  }
  if (type == LIGHT_POINT) {
    const d = sub(position, p)
    const d2 = max<f32>(dot(d, d), 1e-12)
    const l = sqrt<f32>(d2)
    lightDirection = scale(d, <f32>1 / l)
    lightDistance = l
    lightRadiance = scale(lightRadiance, <f32>1 / d2)
    lightPdf = 1
    lightIsDelta = true
    return
  }
  if (type == LIGHT_SPHERE) {
    const d = sub(position, p)
    const d2 = dot(d, d)
    if (d2 <= a * a * <f32>1.00001) {
      lightPdf = 0
      return
    }
    const l = sqrt<f32>(d2)
    const s2 = a * a / d2
    const cosMax = sqrt<f32>(<f32>1 - s2)
    lightDirection = cone(scale(d, <f32>1 / l), cosMax, u, v)
    const along = dot(lightDirection, d)
    lightDistance = along - safeSqrt(a * a - (d2 - along * along))
    // 1 − cosMax without cancellation.
    lightPdf = <f32>1 / (<f32>6.28318531 * s2 / (<f32>1 + cosMax))
    return
  }
  let x: f32 = 0
  let y: f32 = 0
  if (type == LIGHT_RECTANGLE) {
    x = <f32>2 * u - <f32>1
    y = <f32>2 * v - <f32>1
  } else {
    turn(u)
    const r = sqrt<f32>(v)
    x = r * cosTurn
    y = r * sinTurn
  }
  const q = madd(madd(position, v128.load(light, LIGHT_X), x * a), v128.load(light, LIGHT_Y), y * load<f32>(light, LIGHT_B))
  const d = sub(q, p)
  const d2 = dot(d, d)
  const l = sqrt<f32>(d2)
  lightDirection = scale(d, <f32>1 / max<f32>(l, 1e-20))
  lightDistance = l
  const c = -dot(lightDirection, v128.load(light, LIGHT_Z))
  lightPdf = c > 1e-6 ? d2 / (c * load<f32>(light, LIGHT_AREA)) : 0
}

/** A direction uniform in the cone of cosine `cosMax` about `axis`. */
@inline function cone(axis: v128, cosMax: f32, u: f32, v: f32): v128 {
  turn(u)
  // 1 − cos, kept apart: small cones would cancel.
  const m = v * (<f32>1 - cosMax)
  const s = safeSqrt(m * (<f32>2 - m))
  makeBasis(axis)
  return add(add(scale(basisX, s * cosTurn), scale(basisY, s * sinTurn)), scale(axis, <f32>1 - m))
}

/** Distance to an area or sphere light along a ray, or 0. */
let seenPdf: f32 = 0
function seen(light: usize, type: i32, origin: v128, direction: v128): f32 {
  const d = sub(v128.load(light, LIGHT_POSITION), origin)
  const a = load<f32>(light, LIGHT_A)
  if (type == LIGHT_SPHERE) {
    const along = dot(d, direction)
    const d2 = dot(d, d)
    const perp = sub(d, scale(direction, along))
    const h = a * a - dot(perp, perp)
    if (h <= 0 || along <= 0 || d2 <= a * a * <f32>1.00001) return 0
    const s2 = a * a / d2
    seenPdf = (<f32>1 + sqrt<f32>(<f32>1 - s2)) / (<f32>6.28318531 * s2)
    return along - sqrt<f32>(h)
  }
  const z = v128.load(light, LIGHT_Z)
  const c = -dot(direction, z)
  if (c <= 1e-6) return 0
  const t = -dot(d, z) / c
  if (t <= 0) return 0
  const q = sub(scale(direction, t), d)
  const x = dot(q, v128.load(light, LIGHT_X)) / a
  const y = dot(q, v128.load(light, LIGHT_Y)) / load<f32>(light, LIGHT_B)
  if (type == LIGHT_RECTANGLE ? abs(x) > 1 || abs(y) > 1 : x * x + y * y > 1) return 0
  seenPdf = t * t / (c * load<f32>(light, LIGHT_AREA))
  return t
}

@inline function misWeight(a: f32, b: f32): f32 {
  const a2 = a * a
  const b2 = b * b
  return a2 + b2 > 0 ? a2 / (a2 + b2) : 0
}

/**
 * Light that a scattered ray finds: lamps nearer than `tMax`, and suns and the environment when it escapes. Weighted against light sampling at its
 * origin p (normal n, `both`, importance total) with the density `pdf` it was scattered with.
 */
@inline export function hitLights(p: v128, n: v128, both: bool, total: f32, direction: v128, tMax: f32, escaped: bool, pdf: f32): v128 {
  const count = load<i32>(P_LIGHT_COUNT)
  let light = load<usize>(P_LIGHTS)
  let sum = splat(0)
  for (let i = 0; i < count; i++, light += LIGHT_BYTES) {
    const type = load<i32>(light, LIGHT_TYPE)
    let radiance = v128.load(light, LIGHT_RADIANCE)
    let density: f32 = 0
    if (type == LIGHT_POINT) continue
    if (type == LIGHT_ENVIRONMENT) {
      if (!escaped) continue
      radiance = environmentAt(direction)
      density = envPdf
    } else if (type == LIGHT_SUN) {
      if (!escaped || dot(direction, v128.load(light, LIGHT_POSITION)) < load<f32>(light, LIGHT_A)) continue
      density = <f32>1 / load<f32>(light, LIGHT_B)
    } else {
      const t = seen(light, type, p, direction)
      if (t <= 0 || t >= tMax) continue
      density = seenPdf
    }
    density *= total > 0 ? importance(light, p, n, both) / total : 0
    sum = add(sum, scale(radiance, misWeight(pdf, density)))
  }
  return sum
}

/** The nearest visible lamp before tMax that a camera ray meets, as radiance; its distance in lampDistance (0: none). */
export let lampDistance: f32 = 0
@inline export function visibleLamp(origin: v128, direction: v128, tMax: f32): v128 {
  const count = load<i32>(P_LIGHT_COUNT)
  let light = load<usize>(P_LIGHTS)
  let nearest = tMax
  let radiance = splat(0)
  lampDistance = 0
  for (let i = 0; i < count; i++, light += LIGHT_BYTES) {
    if (load<i32>(light, LIGHT_VISIBLE) == 0) continue
    const t = seen(light, load<i32>(light, LIGHT_TYPE), origin, direction)
    if (t > 0 && t < nearest) {
      nearest = t
      radiance = v128.load(light, LIGHT_RADIANCE)
      lampDistance = t
    }
  }
  return radiance
}
