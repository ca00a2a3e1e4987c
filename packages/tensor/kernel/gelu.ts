// dx = dy·(Φ(x) + x·φ(x)), the derivative of x·Φ(x) with Φ the exact normal distribution (Hendrycks & Gimpel 2016).
import { DENSITY, HALF, MINUS_HALF, ONE, scratch, SQRT_HALF } from './constants'
import { erfcx4, exp4 } from './maths'
import { add, mul, slot, splat, stage, sub, unstage } from './vec'

export function geluBackward(dx: usize, dy: usize, x: usize, n: i32): void {
  const k = scratch
  const end = dx + (<usize>(n & ~3) << 2)
  for (; dx < end; dx += 16, dy += 16, x += 16) step(dx, dy, x, k)
  const rest = n & 3
  if (rest == 0) return
  stage(1, dy, rest)
  stage(2, x, rest)
  step(slot(0), slot(1), slot(2), k)
  unstage(0, dx, rest)
}
@inline function step(dx: usize, dy: usize, x: usize, k: usize): void {
  const t = v128.load(x)
  const e = exp4(mul(mul(t, t), v128.load(k, MINUS_HALF)), k)
  // ½ erfc(|x|/√2) = Φ(−|x|)
  const tail = mul(mul(e, erfcx4(mul(f32x4.abs(t), v128.load(k, SQRT_HALF)), k)), v128.load(k, HALF))
  const phi = v128.bitselect(tail, sub(v128.load(k, ONE), tail), f32x4.lt(t, splat(0)))
  v128.store(dx, mul(v128.load(dy), add(phi, mul(mul(t, e), v128.load(k, DENSITY)))))
}
