// Portable f32 functions by polynomials of our own fit (minimax by Lawson's iteration), additions, multiplications, divisions and square
// roots only, so the same bits on every machine and in src/random/normal.ts.
import { add, div, mul, splat, sub } from './vec'

@inline function horner(x: v128, p: v128, c: f32): v128 { return add(mul(p, x), splat(c)) }

/** ln u for normal u > 0; relative error 1.2e-7. */
@inline export function log4(u: v128): v128 {
  const e = i32x4.shr_s(i32x4.sub(u, i32x4.splat(0x3f3504f3)), 23)
  const x = sub(i32x4.sub(u, i32x4.shl(e, 23)), splat(1))
  const n = f32x4.convert_i32x4_s(e)
  const z = mul(x, x)
  let p = splat(<f32>-0.07634497433900833)
  p = horner(x, p, <f32>0.1276157796382904)
  p = horner(x, p, <f32>-0.13160182535648346)
  p = horner(x, p, <f32>0.14201757311820984)
  p = horner(x, p, <f32>-0.16623356938362122)
  p = horner(x, p, <f32>0.20001226663589478)
  p = horner(x, p, <f32>-0.2500081956386566)
  p = horner(x, p, <f32>0.3333333134651184)
  let y = mul(mul(x, z), p)
  // ln 2 in two parts: the first has 9 bits, so its multiples are exact.
  y = add(y, mul(n, splat(<f32>-0.00021219444170128554)))
  y = sub(y, mul(z, splat(0.5)))
  return add(add(x, y), mul(n, splat(0.693359375)))
}

export let cos4: v128 = f32x4(0, 0, 0, 0)
export let sin4: v128 = f32x4(0, 0, 0, 0)
/** Cosine and sine of w·2⁻³² turns, w four u32; absolute error 1e-7. */
@inline export function turn4(w: v128): void {
  // Quarter turns to the nearest; what remains, in quarter turns, is in [−½, ½).
  const q = i32x4.shr_u(i32x4.add(w, i32x4.splat(0x20000000)), 30)
  const t = mul(f32x4.convert_i32x4_s(i32x4.shl(w, 2)), splat(<f32>2.3283064365386963e-10))
  const s = mul(t, t)
  let p = splat(<f32>-0.004601659253239632)
  p = horner(s, p, <f32>0.07968003302812576)
  p = horner(s, p, <f32>-0.6459634900093079)
  p = horner(s, p, <f32>1.5707963705062866)
  const sn = mul(p, t)
  p = splat(<f32>0.0009037665440700948)
  p = horner(s, p, <f32>-0.02086016535758972)
  p = horner(s, p, <f32>0.25366923213005066)
  p = horner(s, p, <f32>-1.2337005138397217)
  const cs = add(mul(p, s), splat(1))
  const odd = i32x4.neg(v128.and(q, i32x4.splat(1)))
  const cosNegative = i32x4.shl(i32x4.shr_u(i32x4.add(q, i32x4.splat(1)), 1), 31)
  const sinNegative = i32x4.shl(i32x4.shr_u(q, 1), 31)
  cos4 = v128.xor(v128.bitselect(sn, cs, odd), cosNegative)
  sin4 = v128.xor(v128.bitselect(cs, sn, odd), sinNegative)
}

/** eˣ for x ≤ 88, 0 below −87; relative error 1.2e-7 near 0. */
@inline export function exp4(x: v128): v128 {
  const y = f32x4.max(x, splat(-87))
  const n = f32x4.nearest(mul(y, splat(<f32>1.4426950408889634)))
  const r = sub(sub(y, mul(n, splat(0.693359375))), mul(n, splat(<f32>-0.00021219444170128554)))
  let p = splat(<f32>0.0001984126984126984)
  p = horner(r, p, <f32>0.001388888888888889)
  p = horner(r, p, <f32>0.008333333333333333)
  p = horner(r, p, <f32>0.041666666666666664)
  p = horner(r, p, <f32>0.16666666666666666)
  p = horner(r, p, <f32>0.5)
  const e = add(add(mul(mul(r, r), p), r), splat(1))
  return v128.andnot(i32x4.add(e, i32x4.shl(i32x4.trunc_sat_f32x4_s(n), 23)), f32x4.lt(x, splat(-87)))
}

/** e^(z²) erfc z for z ≥ 0; relative error 1.5e-7. */
@inline export function erfcx4(z: v128): v128 {
  const t = div(splat(1), add(splat(1), mul(z, splat(0.35))))
  let p = splat(<f32>0.03760750591754913)
  p = horner(t, p, <f32>-0.15446794033050537)
  p = horner(t, p, <f32>0.17056742310523987)
  p = horner(t, p, <f32>-0.012556245550513268)
  p = horner(t, p, <f32>0.07382145524024963)
  p = horner(t, p, <f32>0.15349824726581573)
  p = horner(t, p, <f32>0.14845873415470123)
  p = horner(t, p, <f32>0.18852438032627106)
  p = horner(t, p, <f32>0.19705821573734283)
  p = horner(t, p, <f32>0.1974882185459137)
  return mul(p, t)
}
