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

/** e^x for x ≤ 0; relative error 2e-7 (Cephes' expf). */
export function expOf(x: f32): f32 {
  if (x < -87) return 0
  const k = nearest<f32>(x * <f32>1.44269504)
  const r = x - k * <f32>0.693359375 - k * <f32>-2.12194440e-4
  const p: f32 = <f32>0.5 + r * (<f32>0.16666665459 + r * (<f32>0.041665795894 + r * (<f32>0.0083334519073 + r * (<f32>0.0013981999507 + r * <f32>1.98756915e-4))))
  return (<f32>1 + r + r * r * p) * reinterpret<f32>((i32(k) + 127) << 23)
}

/** Natural logarithm of a positive normal number; 2e-7 (Cephes' logf). */
export function logOf(x: f32): f32 {
  const bits = reinterpret<i32>(x)
  let e = <f32>((bits >> 23) - 126)
  let m = reinterpret<f32>((bits & 0x7fffff) | 0x3f000000)
  if (m < <f32>0.70710678) {
    e -= 1
    m += m
  }
  m -= 1
  const s = m * m
  const odd: f32 = <f32>-0.12420140846 + m * (<f32>0.1167699874 + m * (<f32>-0.1151461031 + m * <f32>0.070376836292))
  const y: f32 = <f32>0.33333331174 + m * (<f32>-0.24999993993 + m * (<f32>0.20000714765 + m * (<f32>-0.16668057665 + m * (<f32>0.14249322787 + m * odd))))
  return m + (m * s * y - <f32>2.1219444e-4 * e - <f32>0.5 * s) + <f32>0.693359375 * e
}

@inline export function saturate(x: f32): f32 { return min<f32>(1, max<f32>(0, x)) }
@inline export function safeSqrt(x: f32): f32 { return sqrt<f32>(max<f32>(0, x)) }
