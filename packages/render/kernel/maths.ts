// Portable f32 functions by polynomials: multiplications and additions only, so the same bits everywhere. Cheaper than libm's, and
// exact enough for directions (errors below are absolute, over the whole domain).

export const PI: f32 = 3.14159265358979
export const INV_PI: f32 = 0.318309886183791

/** cos 2πx and sin 2πx, for x in [0, 1]; 3e-7. */
export let cosTurn: f32 = 0
export let sinTurn: f32 = 0
@inline export function turn(x: f32): void {
  // To the nearest quarter turn, then Taylor–minimax on ±π/4.
  const q = floor(x * 4 + 0.5)
  const a = (x - q * 0.25) * <f32>6.28318530717959
  const s = a * a
  const sn = a * (<f32>1 + s * (<f32>-0.16666667 + s * (<f32>0.0083333310 + s * (<f32>-0.000198408 + s * <f32>2.7526e-6))))
  const cs = <f32>1 + s * (<f32>-0.5 + s * (<f32>0.041666664 + s * (<f32>-0.0013888397 + s * <f32>2.47609e-5)))
  const k = i32(q) & 3
  cosTurn = k == 0 ? cs : k == 1 ? -sn : k == 2 ? -cs : sn
  sinTurn = k == 0 ? sn : k == 1 ? cs : k == 2 ? -sn : -cs
}

/** Angle of (x, y) in turns, (−½, ½]; 3e-7 turns. */
export function turnsOf(y: f32, x: f32): f32 {
  const ax = abs(x)
  const ay = abs(y)
  const hi = max<f32>(ax, ay)
  if (hi == 0) return 0
  const z = min<f32>(ax, ay) / hi
  // atan on [0, 1] (Abramowitz and Stegun 4.4.49 class, refitted): odd polynomial.
  const s = z * z
  let a = z * (<f32>0.99999934 + s * (<f32>-0.33329856 + s * (<f32>0.19946536 + s * (<f32>-0.13908534 + s * (<f32>0.096420044 + s * (<f32>-0.055909887 + s * (<f32>0.021861229 + s * <f32>-0.0040540580)))))))
  a *= <f32>0.159154943091895
  if (ay > ax) a = <f32>0.25 - a
  if (x < 0) a = <f32>0.5 - a
  return y < 0 ? -a : a
}

@inline export function saturate(x: f32): f32 { return min<f32>(1, max<f32>(0, x)) }
@inline export function safeSqrt(x: f32): f32 { return sqrt<f32>(max<f32>(0, x)) }
