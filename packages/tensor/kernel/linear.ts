// y ← s·y, acc ← acc + s·x, y ← y + t·(x − y), y ← min(max(y, −b), b).
import { add, mul, slot, splat, stage, sub, unstage } from './vec'

export function scale(y: usize, n: i32, s: f32): void {
  const k = splat(s)
  const end = y + (<usize>(n & ~3) << 2)
  for (; y < end; y += 16) v128.store(y, mul(v128.load(y), k))
  for (let i = n & 3; i > 0; i--, y += 4) store<f32>(y, load<f32>(y) * s)
}

export function axpy(acc: usize, x: usize, n: i32, s: f32): void {
  const k = splat(s)
  const end = acc + (<usize>(n & ~3) << 2)
  for (; acc < end; acc += 16, x += 16) v128.store(acc, add(v128.load(acc), mul(v128.load(x), k)))
  for (let i = n & 3; i > 0; i--, acc += 4, x += 4) store<f32>(acc, load<f32>(acc) + load<f32>(x) * s)
}

export function lerp(y: usize, x: usize, n: i32, t: f32): void {
  const k = splat(t)
  const end = y + (<usize>(n & ~3) << 2)
  for (; y < end; y += 16, x += 16) step(y, x, k)
  const rest = n & 3
  if (rest == 0) return
  stage(0, y, rest)
  stage(1, x, rest)
  step(slot(0), slot(1), k)
  unstage(0, y, rest)
}
@inline function step(y: usize, x: usize, t: v128): void {
  const old = v128.load(y)
  v128.store(y, add(old, mul(sub(v128.load(x), old), t)))
}

/** NaN stays NaN. */
export function clamp(y: usize, n: i32, bound: f32): void {
  const high = splat(bound)
  const low = splat(-bound)
  const end = y + (<usize>(n & ~3) << 2)
  for (; y < end; y += 16) v128.store(y, f32x4.pmax(f32x4.pmin(v128.load(y), high), low))
  for (let i = n & 3; i > 0; i--, y += 4) {
    const x = load<f32>(y)
    store<f32>(y, x > bound ? bound : x < -bound ? -bound : x)
  }
}
