// dx = dy·(Φ(x) + x·φ(x)), the derivative of x·Φ(x) with Φ the exact normal distribution (Hendrycks & Gimpel 2016).
import { erfcx4, exp4 } from './maths'
import { add, mul, slot, splat, stage, sub, unstage } from './vec'

export function geluBackward(dx: usize, dy: usize, x: usize, n: i32): void {
  const end = dx + (<usize>(n & ~3) << 2)
  for (; dx < end; dx += 16, dy += 16, x += 16) step(dx, dy, x)
  const rest = n & 3
  if (rest == 0) return
  stage(1, dy, rest)
  stage(2, x, rest)
  step(slot(0), slot(1), slot(2))
  unstage(0, dx, rest)
}
@inline function step(dx: usize, dy: usize, x: usize): void {
  const t = v128.load(x)
  const e = exp4(mul(mul(t, t), splat(-0.5)))
  // ½ erfc(|x|/√2) = Φ(−|x|)
  const tail = mul(mul(e, erfcx4(mul(f32x4.abs(t), splat(<f32>0.7071067811865476)))), splat(0.5))
  const phi = v128.bitselect(tail, sub(splat(1), tail), f32x4.lt(t, splat(0)))
  v128.store(dx, mul(v128.load(dy), add(phi, mul(mul(t, e), splat(<f32>0.3989422804014327)))))
}
