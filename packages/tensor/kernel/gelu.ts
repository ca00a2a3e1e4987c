// dx = dy·(Φ(x) + x·φ(x)), the derivative of x·Φ(x) with Φ the exact normal distribution (Hendrycks & Gimpel 2016).
import { scratch } from './constants'
import { geluSlope4 } from './maths'
import { mul, slot, stage, unstage } from './vec'

export function geluBackward(dx: usize, dy: usize, x: usize, n: i32): void {
  const k = scratch
  const end = dx + (<usize>(n & ~3) << 2)
  for (; dx < end; dx += 16, dy += 16, x += 16) v128.store(dx, mul(v128.load(dy), geluSlope4(v128.load(x), k)))
  const rest = n & 3
  if (rest == 0) return
  stage(1, dy, rest)
  stage(2, x, rest)
  v128.store(slot(0), mul(v128.load(slot(1)), geluSlope4(v128.load(slot(2)), k)))
  unstage(0, dx, rest)
}
