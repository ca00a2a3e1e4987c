// A homogeneous medium in a box: what gets through it, where it scatters, and how (Henyey and Greenstein 1941).
import { P_FOG_ANISOTROPY, P_FOG_DENSITY, P_FOG_MAX, P_FOG_MIN } from '../src/layout'
import { cosTurn, expOf, logOf, safeSqrt, sinTurn, turn } from './maths'
import { reciprocal } from './trace'
import { X, Y, Z, add, basisX, basisY, makeBasis, scale, sub, vec } from './vec'

const INV_4PI: f32 = 0.0795774715459477

export function foggy(): bool { return load<f32>(P_FOG_DENSITY) > 0 }

// The stretch of a ray that is in fog: where it begins, and how long it is.
let from: f32 = 0
let length: f32 = 0
function stretch(origin: v128, direction: v128, t: f32): void {
  const inv = vec(reciprocal(X(direction)), reciprocal(Y(direction)), reciprocal(Z(direction)))
  const a = f32x4.mul(sub(v128.load(P_FOG_MIN), origin), inv)
  const b = f32x4.mul(sub(v128.load(P_FOG_MAX), origin), inv)
  const near = f32x4.pmin(a, b)
  const far = f32x4.pmax(a, b)
  from = max<f32>(0, max<f32>(X(near), max<f32>(Y(near), Z(near))))
  length = max<f32>(0, min<f32>(t, min<f32>(X(far), min<f32>(Y(far), Z(far)))) - from)
}

/** Share of light that fog lets through over the first t of a ray. */
export function clearance(origin: v128, direction: v128, t: f32): f32 {
  stretch(origin, direction, t)
  return expOf(-load<f32>(P_FOG_DENSITY) * length)
}

/** Of the stretch at hand: the share of light that fog lets through, and the rest, which it takes. */
export let fogClear: f32 = 1
export let fogTakes: f32 = 0
export function enterFog(origin: v128, direction: v128, t: f32): void {
  stretch(origin, direction, t)
  const depth = load<f32>(P_FOG_DENSITY) * length
  fogClear = expOf(-depth)
  // Without cancellation where fog is thin.
  fogTakes = depth < 0.03 ? depth * (<f32>1 - depth * <f32>0.5 * (<f32>1 - depth * <f32>0.33333333 * (<f32>1 - depth * <f32>0.25))) : <f32>1 - fogClear
}

/** Distance along the ray at which light of the stretch at hand is taken, by u: exponential, within the stretch. */
@inline export function fogDistance(u: f32): f32 {
  return from + min<f32>(length, -logOf(<f32>1 - u * fogTakes) / load<f32>(P_FOG_DENSITY))
}

/** Density per solid angle of light turned by the angle of this cosine: the share that goes there, too. */
export function phase(cos: f32): f32 {
  const g = load<f32>(P_FOG_ANISOTROPY)
  const d = max<f32>(<f32>1 + g * g - <f32>2 * g * cos, 1e-6)
  return INV_4PI * (<f32>1 - g * g) / (d * sqrt<f32>(d))
}

/** A direction by `phase` about the one that light travels in. */
export function samplePhase(direction: v128, u: f32, v: f32): v128 {
  const g = load<f32>(P_FOG_ANISOTROPY)
  let cos = <f32>1 - <f32>2 * u
  if (abs(g) > 1e-3) {
    const s = (<f32>1 - g * g) / (<f32>1 + g * cos)
    cos = min<f32>(1, max<f32>(-1, (<f32>1 + g * g - s * s) / (<f32>2 * g)))
  }
  const sin = safeSqrt(<f32>1 - cos * cos)
  turn(v)
  makeBasis(direction)
  return add(add(scale(basisX, sin * cosTurn), scale(basisY, sin * sinTurn)), scale(direction, cos))
}
