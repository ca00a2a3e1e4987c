// Light scattered back by fibres: the inverted-cone ("Charlie") distribution and its fitted masking, Estevez and Kulla, "Production friendly
// microfacet sheen BRDF" (SIGGRAPH 2017), as KHR_materials_sheen has them, without softening of the terminator: reciprocal.
import { safeSqrt } from './maths'
import { X, Y, Z, add, normalize, vec } from './vec'
import { cosTurn, sinTurn, turn } from './maths'

/** Least perceptual roughness: the distribution is a spike at the horizon below. */
const MIN_ROUGHNESS: f32 = 0.07

// Of the roughness at hand.
let inverse: f32 = 0
let a: f32 = 0
let b: f32 = 0
let c: f32 = 0
let d: f32 = 0
let e: f32 = 0
let half: f32 = 0

/** Prepares what follows for a perceptual roughness. */
export function setSheen(roughness: f32): void {
  const r = max<f32>(MIN_ROUGHNESS, roughness)
  const alpha = r * r
  inverse = <f32>1 / alpha
  const t: f32 = (<f32>1 - alpha) * (<f32>1 - alpha)
  a = <f32>21.5473 + (<f32>25.3245 - <f32>21.5473) * t
  b = <f32>3.82987 + (<f32>3.32435 - <f32>3.82987) * t
  c = <f32>0.19823 + (<f32>0.16801 - <f32>0.19823) * t
  d = <f32>-1.97760 + (<f32>-1.27393 + <f32>1.97760) * t
  e = <f32>-4.32054 + (<f32>-4.85967 + <f32>4.32054) * t
  half = fitted(0.5)
}
function fitted(x: f32): f32 { return a / (<f32>1 + b * Mathf.pow(x, c)) + d * x + e }

/** Λ at a cosine. */
export function sheenLambda(cos: f32): f32 {
  const x = min<f32>(1, max<f32>(0, cos))
  return Mathf.exp(x < 0.5 ? fitted(x) : <f32>2 * half - fitted(<f32>1 - x))
}
/** Density of fibre normals whose squared sine is `s`. */
export function sheenD(s: f32): f32 {
  return (<f32>2 + inverse) * <f32>0.159154943 * Mathf.pow(max<f32>(s, 1e-12), <f32>0.5 * inverse)
}
/** Value times |cos| of a white sheen for two directions above; `lambdaO` is Λ of wo. */
export function sheenValue(wo: v128, wi: v128, lambdaO: f32): f32 {
  const h = normalize(add(wo, wi))
  return sheenD(X(h) * X(h) + Y(h) * Y(h)) / (<f32>4 * Z(wo) * (<f32>1 + lambdaO + sheenLambda(Z(wi))))
}

/** Directional albedo over `count` directions of a golden lattice, uniform in solid angle. */
export function sheenAlbedo(cos: f32, count: i32): f32 {
  const wo = vec(safeSqrt(<f32>1 - cos * cos), 0, cos)
  const lo = sheenLambda(cos)
  let sum: f64 = 0
  for (let i = 0; i < count; i++) {
    const k = <f64>i + 0.5
    const golden = k * 0.6180339887498949
    turn(<f32>(golden - Math.floor(golden)))
    const z = <f32>(k / <f64>count)
    const r = safeSqrt(<f32>1 - z * z)
    sum += <f64>sheenValue(wo, vec(r * cosTurn, r * sinTurn, z), lo)
  }
  return <f32>(sum / <f64>count * 6.283185307179586)
}
