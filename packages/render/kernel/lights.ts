// The lights: choice among them, sampling, and what a ray sees of them. A lamp never blocks another. A few are weighed one by one; many lamps, and all
// emissive triangles, stand in the list as one light each, a tree.
import {
  INSTANCE_BYTES, INSTANCE_EMITTERS, LEAF_BYTES, LEAF_OF, LEAF_PRIMITIVE, LIGHT_A, LIGHT_AREA, LIGHT_B, LIGHT_BYTES, LIGHT_CONE_COS, LIGHT_CONE_SCALE, LIGHT_DISK,
  LIGHT_EMITTERS, LIGHT_ENVIRONMENT, LIGHT_LAMPS, LIGHT_LEAVES, LIGHT_NODES, LIGHT_POINT, LIGHT_POSITION, LIGHT_POWER, LIGHT_RADIANCE, LIGHT_RECTANGLE, LIGHT_SPHERE,
  LIGHT_SPOT, LIGHT_SPOT_SPHERE, LIGHT_SUN, LIGHT_TYPE, LIGHT_VISIBLE, LIGHT_X, LIGHT_Y, LIGHT_Z, P_EMITTERS, P_ENV_IRRADIANCE, P_INSTANCES, P_LIGHT_COUNT, P_LIGHTS,
  STACK_BOTTOM, TREE_BYTES, TREE_CHILD,
} from '../src/layout'
import { emitterDensity, emitterDirection, emitterDistance, emitterPdf, emitterPoint, emitterRadiance, sampleEmitter } from './emitters'
import { envPdf, envRadiance, environmentAt, sampleEnvironment } from './environment'
import { clearance, foggy } from './fog'
import { AROUND, BOTH, chooseLeaf, leafProbability, meetsNode, nodeImportance, treeProbability, treeRest } from './light-tree'
import { cosTurn, safeSqrt, sinTurn, turn } from './maths'
import { hitInstance, hitPrimitive } from './trace'
import { X, Y, Z, add, basisX, basisY, dot, madd, makeBasis, scale, splat, sub } from './vec'

/** Direction, distance, radiance and density (per solid angle, choice included; 0 for none) of the light sampled. A point has density = choice. */
export let lightDirection: v128 = f32x4(0, 0, 0, 0)
export let lightDistance: f32 = 0
export let lightRadiance: v128 = f32x4(0, 0, 0, 0)
export let lightPdf: f32 = 0
/** Whether only light sampling can find it, so that its MIS weight is 1. */
export let lightIsDelta: bool = false
/** Whether it is a point of a surface, `emitterPoint`: a ray to it must end before that surface. */
export let lightIsSurface: bool = false

/** Share of its light that a spot sends along `direction` (unit): 1 in the inner cone, 0 outside the outer one, 3x² − 2x³ of the cosine between. */
@inline function inCone(light: usize, direction: v128): f32 {
  const x = (dot(direction, v128.load(light, LIGHT_Z)) - load<f32>(light, LIGHT_CONE_COS)) * load<f32>(light, LIGHT_CONE_SCALE)
  if (x <= 0) return 0
  return x >= 1 ? 1 : x * x * (<f32>3 - <f32>2 * x)
}

/** About the irradiance that a light could bring to p, whose normal is n; 0 only where it can bring none, or where scattering finds it. */
function importance(light: usize, p: v128, n: v128, side: i32): f32 {
  const type = load<i32>(light, LIGHT_TYPE)
  // In fog light counts from all around, and by no cosine.
  if (type == LIGHT_ENVIRONMENT) return side == AROUND ? <f32>4 * load<f32>(P_ENV_IRRADIANCE) : load<f32>(P_ENV_IRRADIANCE)
  if (type >= LIGHT_LAMPS) return nodeImportance(load<usize>(light, LIGHT_NODES), p, n, side)
  const power = load<f32>(light, LIGHT_POWER)
  if (type == LIGHT_SUN) {
    const c = dot(n, v128.load(light, LIGHT_POSITION))
    const sine = safeSqrt(<f32>1 - load<f32>(light, LIGHT_A) * load<f32>(light, LIGHT_A))
    if (side == AROUND) return power
    return side == BOTH || c + sine > -0.001 ? power * (<f32>0.1 + <f32>0.9 * abs(c)) : 0
  }
  const d = sub(p, v128.load(light, LIGHT_POSITION))
  const d2 = dot(d, d)
  if (type != LIGHT_RECTANGLE && type != LIGHT_DISK) {
    let w = power * <f32>0.25 / (d2 + load<f32>(light, LIGHT_A) * load<f32>(light, LIGHT_A) + <f32>1e-9)
    if (type == LIGHT_SPOT) {
      const share = inCone(light, scale(d, <f32>1 / sqrt<f32>(max<f32>(d2, 1e-12))))
      if (share <= 0) return 0
      w *= <f32>0.1 + <f32>0.9 * share
    }
    return w
  }
  const c = dot(d, v128.load(light, LIGHT_Z))
  if (c <= 0) return 0
  // Never below a tenth of the frontal value: near a large light the centre's cosine misleads.
  return power * (<f32>0.1 + <f32>0.9 * c / sqrt<f32>(d2)) / (d2 + load<f32>(light, LIGHT_AREA))
}

/** Sum of importances at a point; keep it for `hitLights`. */
export let totalImportance: f32 = 0
@inline export function weighLights(p: v128, n: v128, side: i32): void {
  const count = load<i32>(P_LIGHT_COUNT)
  let light = load<usize>(P_LIGHTS)
  let total: f32 = 0
  for (let i = 0; i < count; i++) {
    total += importance(light, p, n, side)
    light += LIGHT_BYTES
  }
  totalImportance = total
}

/**
 * Samples one light for p at `time` (after `weighLights`). u chooses it and, stretched, places the point with v: so what one light gets of a
 * well-spread sequence is well spread itself, which a subset picked by another number would not be.
 */
@inline export function sampleLight(p: v128, n: v128, side: i32, time: f32, u: f32, v: f32): void {
  lightPdf = 0
  if (totalImportance <= 0) return
  const count = load<i32>(P_LIGHT_COUNT)
  let light = load<usize>(P_LIGHTS)
  let target = u * totalImportance
  let chosen: usize = 0
  let weight: f32 = 0
  for (let i = 0; i < count; i++) {
    const w = importance(light, p, n, side)
    if (w > 0) {
      chosen = light
      weight = w
      if (target < w) break
      target -= w
    }
    light += LIGHT_BYTES
  }
  if (chosen == 0) return
  const rest = min<f32>(0.99999994, max<f32>(0, target / weight))
  if (load<i32>(chosen, LIGHT_TYPE) >= LIGHT_LAMPS) sampleTree(chosen, p, n, side, time, rest, v)
  else sampleOne(chosen, p, rest, v)
  lightPdf *= weight / totalImportance
}

/** Samples a leaf of a tree; lightPdf has the choice of it. */
function sampleTree(tree: usize, p: v128, n: v128, side: i32, time: f32, u: f32, v: f32): void {
  const leaf = chooseLeaf(tree, p, n, side, u)
  if (leaf == 0) return
  const probability = treeProbability
  const source = load<usize>(leaf, LEAF_OF)
  const primitive = load<i32>(leaf, LEAF_PRIMITIVE)
  if (primitive < 0) sampleOne(source, p, treeRest, v)
  else {
    sampleEmitter(source, primitive, p, time, treeRest, v)
    lightDirection = emitterDirection
    lightDistance = emitterDistance
    lightRadiance = emitterRadiance
    lightPdf = emitterPdf
    lightIsDelta = false
    lightIsSurface = true
  }
  lightPdf *= probability
}

/** Samples a given lamp, sun or the environment; lightPdf leaves out the choice. */
function sampleOne(light: usize, p: v128, u: f32, v: f32): void {
  const type = load<i32>(light, LIGHT_TYPE)
  lightIsDelta = false
  lightIsSurface = false
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
  if (type == LIGHT_POINT || type == LIGHT_SPOT) {
    const d = sub(position, p)
    const d2 = max<f32>(dot(d, d), 1e-12)
    const l = sqrt<f32>(d2)
    lightDirection = scale(d, <f32>1 / l)
    lightDistance = l
    lightRadiance = scale(lightRadiance, <f32>1 / d2)
    lightPdf = 1
    lightIsDelta = true
    if (type == LIGHT_SPOT) lightRadiance = scale(lightRadiance, inCone(light, scale(lightDirection, -1)))
    return
  }
  if (type == LIGHT_SPHERE || type == LIGHT_SPOT_SPHERE) {
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
    if (type == LIGHT_SPOT_SPHERE) lightRadiance = scale(lightRadiance, inCone(light, scale(lightDirection, -1)))
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

/** Distance to an area or sphere light along a ray, or 0; its density there, and the share of its light that comes this way. */
let seenPdf: f32 = 0
let seenShare: f32 = 1
function seen(light: usize, type: i32, origin: v128, direction: v128): f32 {
  seenShare = 1
  if (type == LIGHT_SPOT_SPHERE) {
    seenShare = inCone(light, scale(direction, -1))
    if (seenShare <= 0) return 0
  }
  const d = sub(v128.load(light, LIGHT_POSITION), origin)
  const a = load<f32>(light, LIGHT_A)
  if (type == LIGHT_SPHERE || type == LIGHT_SPOT_SPHERE) {
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
 * origin p (normal n, side, importance total) with the density `pdf` it was scattered with.
 */
@inline export function hitLights(p: v128, n: v128, side: i32, total: f32, direction: v128, tMax: f32, escaped: bool, pdf: f32): v128 {
  const count = load<i32>(P_LIGHT_COUNT)
  let light = load<usize>(P_LIGHTS)
  let sum = splat(0)
  for (let i = 0; i < count; i++, light += LIGHT_BYTES) {
    const type = load<i32>(light, LIGHT_TYPE)
    let radiance = v128.load(light, LIGHT_RADIANCE)
    let density: f32 = 0
    let reach: f32 = Infinity
    if (type == LIGHT_POINT || type == LIGHT_SPOT) continue
    if (type >= LIGHT_LAMPS) {
      if (type == LIGHT_LAMPS) sum = add(sum, hitLamps(light, p, n, side, total, direction, tMax, pdf))
      continue
    }
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
      reach = t
      if (type == LIGHT_SPOT_SPHERE) radiance = scale(radiance, seenShare)
    }
    if (foggy()) radiance = scale(radiance, clearance(p, direction, reach))
    density *= total > 0 ? importance(light, p, n, side) / total : 0
    sum = add(sum, scale(radiance, misWeight(pdf, density)))
  }
  return sum
}

/** The same of the lamps of a tree. */
function hitLamps(tree: usize, p: v128, n: v128, side: i32, total: f32, direction: v128, tMax: f32, pdf: f32): v128 {
  const share: f32 = total > 0 ? importance(tree, p, n, side) / total : 0
  let sum = splat(0)
  startLamps()
  for (let node = nextLamp(tree, p, direction); node >= 0; node = nextLamp(tree, p, direction)) {
    if (lampAt >= tMax) continue
    const arrives: f32 = foggy() ? seenShare * clearance(p, direction, lampAt) : seenShare
    const radiance = scale(v128.load(lamp, LIGHT_RADIANCE), arrives)
    sum = add(sum, scale(radiance, misWeight(pdf, share * leafProbability(tree, node, p, n, side) * seenPdf)))
  }
  return sum
}

// A walk over the lamps of a tree that a ray meets, by a stack of node numbers; traversals never run while it does.
let walk: usize = 0
let lamp: usize = 0
let lampAt: f32 = 0
@inline function startLamps(): void {
  store<i32>(STACK_BOTTOM, 0)
  walk = STACK_BOTTOM + 4
}
/** Number of the node of the next lamp met, −1 at the end; the lamp and its distance in `lamp` and `lampAt`. */
function nextLamp(tree: usize, origin: v128, direction: v128): i32 {
  const nodes = load<usize>(tree, LIGHT_NODES)
  while (walk > <usize>STACK_BOTTOM) {
    walk -= 4
    const number = load<i32>(walk)
    const node = nodes + <usize>number * TREE_BYTES
    if (!meetsNode(node, origin, direction)) continue
    const child = load<i32>(node, TREE_CHILD)
    if (child >= 0) {
      store<i32>(walk, child)
      store<i32>(walk, child + 1, 4)
      walk += 8
      continue
    }
    lamp = load<usize>(load<usize>(tree, LIGHT_LEAVES) + <usize>~child * LEAF_BYTES, LEAF_OF)
    const type = load<i32>(lamp, LIGHT_TYPE)
    if (type == LIGHT_POINT || type == LIGHT_SPOT) continue
    lampAt = seen(lamp, type, origin, direction)
    if (lampAt > 0) return number
  }
  return -1
}

/**
 * Weight of the emission of the surface that a scattered ray has just met (trace.ts) at distance t, against light sampling at its origin p (normal n, side,
 * importance total) with the density `pdf` it was scattered with.
 */
export function emitterWeight(p: v128, n: v128, side: i32, total: f32, direction: v128, t: f32, time: f32, pdf: f32): f32 {
  const instance: usize = load<usize>(P_INSTANCES) + hitInstance * INSTANCE_BYTES
  const numbers = load<usize>(instance, INSTANCE_EMITTERS)
  if (numbers == 0 || !(total > 0)) return 1
  const node = load<i32>(numbers + (<usize>hitPrimitive << 2))
  if (node < 0) return 1
  const tree = load<usize>(P_EMITTERS)
  const choice = importance(tree, p, n, side) / total * leafProbability(tree, node, p, n, side)
  return choice > 0 ? misWeight(pdf, choice * emitterDensity(instance, hitPrimitive, direction, t, time)) : 1
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
    // Of a tree: whether any of its lamps is.
    if (load<i32>(light, LIGHT_VISIBLE) == 0) continue
    const type = load<i32>(light, LIGHT_TYPE)
    if (type == LIGHT_LAMPS) {
      startLamps()
      while (nextLamp(light, origin, direction) >= 0) {
        if (load<i32>(lamp, LIGHT_VISIBLE) == 0 || lampAt >= nearest) continue
        nearest = lampAt
        radiance = scale(v128.load(lamp, LIGHT_RADIANCE), seenShare)
        lampDistance = lampAt
      }
      continue
    }
    const t = seen(light, type, origin, direction)
    if (t > 0 && t < nearest) {
      nearest = t
      radiance = scale(v128.load(light, LIGHT_RADIANCE), seenShare)
      lampDistance = t
    }
  }
  return radiance
}
