// Portable f32 functions by polynomials: additions, multiplications, divisions and square roots only, so the same bits on every machine
// and in src/random/normal.ts. `k` is `scratch`, read once: the constants lie behind it.
import { COS, GELU_END, GELU_P, GELU_Q, GELU_START, HALF, LN2_HIGH, LN2_LOW, LOG, LOG_SPLIT, ONE, SIN, TURN } from './constants'
import { add, div, mul, sub } from './vec'

@inline function horner(x: v128, p: v128, c: v128): v128 { return add(mul(p, x), c) }

/** ln u for normal u > 0; relative error 1.2e-7. */
@inline export function log4(u: v128, k: usize): v128 {
  const e = i32x4.shr_s(i32x4.sub(u, v128.load(k, LOG_SPLIT)), 23)
  const x = sub(i32x4.sub(u, i32x4.shl(e, 23)), v128.load(k, ONE))
  const n = f32x4.convert_i32x4_s(e)
  const z = mul(x, x)
  let p = v128.load(k, LOG)
  p = horner(x, p, v128.load(k, LOG + 16))
  p = horner(x, p, v128.load(k, LOG + 32))
  p = horner(x, p, v128.load(k, LOG + 48))
  p = horner(x, p, v128.load(k, LOG + 64))
  p = horner(x, p, v128.load(k, LOG + 80))
  p = horner(x, p, v128.load(k, LOG + 96))
  p = horner(x, p, v128.load(k, LOG + 112))
  let y = mul(mul(x, z), p)
  y = add(y, mul(n, v128.load(k, LN2_LOW)))
  y = sub(y, mul(z, v128.load(k, HALF)))
  return add(add(x, y), mul(n, v128.load(k, LN2_HIGH)))
}

export let cos4: v128 = f32x4(0, 0, 0, 0)
export let sin4: v128 = f32x4(0, 0, 0, 0)
/** Cosine and sine of w·2⁻³² turns, w four u32; absolute error 1e-7. */
@inline export function turn4(w: v128, k: usize): void {
  // Quarter turns to the nearest; what remains, in quarter turns, is in [−½, ½).
  const q = i32x4.shr_u(i32x4.add(w, i32x4.splat(0x20000000)), 30)
  const t = mul(f32x4.convert_i32x4_s(i32x4.shl(w, 2)), v128.load(k, TURN))
  const s = mul(t, t)
  let p = v128.load(k, SIN)
  p = horner(s, p, v128.load(k, SIN + 16))
  p = horner(s, p, v128.load(k, SIN + 32))
  p = horner(s, p, v128.load(k, SIN + 48))
  const sn = mul(p, t)
  p = v128.load(k, COS)
  p = horner(s, p, v128.load(k, COS + 16))
  p = horner(s, p, v128.load(k, COS + 32))
  p = horner(s, p, v128.load(k, COS + 48))
  const cs = add(mul(p, s), v128.load(k, ONE))
  // q odd: the two change places. Signs: cos is negative for q = 1, 2, sin for q = 2, 3.
  const odd = i32x4.shr_s(i32x4.shl(q, 31), 31)
  const sinSign = i32x4.shl(i32x4.shr_u(q, 1), 31)
  const cosSign = v128.xor(sinSign, i32x4.shl(q, 31))
  cos4 = v128.xor(v128.bitselect(sn, cs, odd), cosSign)
  sin4 = v128.xor(v128.bitselect(cs, sn, odd), sinSign)
}

/** Φ(x) + x·φ(x), the derivative of x·Φ(x); absolute error 3e-7. A rational function of our own fit, odd about ½, on |x| ≤ 5.9: beyond, it is 0 or 1 to 7e-8. */
@inline export function geluSlope4(t: v128, k: usize): v128 {
  // In this order of operands NaN stays NaN.
  const x = f32x4.pmax(f32x4.pmin(t, v128.load(k, GELU_END)), v128.load(k, GELU_START))
  const s = mul(x, x)
  let p = v128.load(k, GELU_P)
  p = horner(s, p, v128.load(k, GELU_P + 16))
  p = horner(s, p, v128.load(k, GELU_P + 32))
  p = horner(s, p, v128.load(k, GELU_P + 48))
  p = horner(s, p, v128.load(k, GELU_P + 64))
  p = horner(s, p, v128.load(k, GELU_P + 80))
  p = horner(s, p, v128.load(k, GELU_P + 96))
  let q = v128.load(k, GELU_Q)
  q = horner(s, q, v128.load(k, GELU_Q + 16))
  q = horner(s, q, v128.load(k, GELU_Q + 32))
  q = horner(s, q, v128.load(k, GELU_Q + 48))
  q = horner(s, q, v128.load(k, GELU_Q + 64))
  q = horner(s, q, v128.load(k, ONE))
  return add(div(mul(x, p), q), v128.load(k, HALF))
}
