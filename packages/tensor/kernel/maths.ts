// Portable f32 functions by polynomials: additions, multiplications, divisions and square roots only, so the same bits on every machine
// and in src/random/normal.ts. `k` is `scratch`, read once: the constants lie behind it.
import { COS, ERFCX, ERFCX_SCALE, EXP, HALF, LN2_HIGH, LN2_LOW, LOG, LOG2E, LOG_SPLIT, MINUS_87, ONE, SIN, TURN } from './constants'
import { add, div, mul, splat, sub } from './vec'

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

/** eˣ for x ≤ 88, 0 below −87; relative error 1.2e-7 near 0. */
@inline export function exp4(x: v128, k: usize): v128 {
  const least = v128.load(k, MINUS_87)
  const y = f32x4.max(x, least)
  const n = f32x4.nearest(mul(y, v128.load(k, LOG2E)))
  const r = sub(sub(y, mul(n, v128.load(k, LN2_HIGH))), mul(n, v128.load(k, LN2_LOW)))
  let p = v128.load(k, EXP)
  p = horner(r, p, v128.load(k, EXP + 16))
  p = horner(r, p, v128.load(k, EXP + 32))
  p = horner(r, p, v128.load(k, EXP + 48))
  p = horner(r, p, v128.load(k, EXP + 64))
  p = horner(r, p, v128.load(k, EXP + 80))
  const e = add(add(mul(mul(r, r), p), r), v128.load(k, ONE))
  return v128.andnot(i32x4.add(e, i32x4.shl(toInt(n), 23)), f32x4.lt(x, least))
}
/** A whole f32 of less than 2²² as i32: its last bits after adding 1.5·2²³, for trunc_sat is slow. */
@inline function toInt(n: v128): v128 { return i32x4.sub(add(n, splat(12582912)), i32x4.splat(0x4b400000)) }

/** e^(z²) erfc z for z ≥ 0; relative error 1.5e-7. */
@inline export function erfcx4(z: v128, k: usize): v128 {
  const one = v128.load(k, ONE)
  const t = div(one, add(one, mul(z, v128.load(k, ERFCX_SCALE))))
  let p = v128.load(k, ERFCX)
  p = horner(t, p, v128.load(k, ERFCX + 16))
  p = horner(t, p, v128.load(k, ERFCX + 32))
  p = horner(t, p, v128.load(k, ERFCX + 48))
  p = horner(t, p, v128.load(k, ERFCX + 64))
  p = horner(t, p, v128.load(k, ERFCX + 80))
  p = horner(t, p, v128.load(k, ERFCX + 96))
  p = horner(t, p, v128.load(k, ERFCX + 112))
  p = horner(t, p, v128.load(k, ERFCX + 128))
  p = horner(t, p, v128.load(k, ERFCX + 144))
  return mul(p, t)
}
