// Stochastic gradient descent. g' = k·g + l2·p; without momentum p ← p − (shrink·p + lr·g'); with it b ← μ·b + (1 − τ)·g' (τ the dampening) and
// p ← p − (shrink·p + lr·d), where d = b, or g' + μ·b in Nesterov's form (Sutskever et al., ICML 2013, as PyTorch writes it).
import { add, mul, slot, splat, stage, sub, unstage } from './vec'

export function sgd(p: usize, g: usize, n: i32, k: f32, l2: f32, shrink: f32, lr: f32): void {
  const end = p + (<usize>(n & ~3) << 2)
  for (; p < end; p += 16, g += 16) plain(p, g, splat(k), splat(l2), splat(shrink), splat(lr))
  const rest = n & 3
  if (rest == 0) return
  stage(0, p, rest)
  stage(1, g, rest)
  plain(slot(0), slot(1), splat(k), splat(l2), splat(shrink), splat(lr))
  unstage(0, p, rest)
}
@inline function plain(p: usize, g: usize, k: v128, l2: v128, shrink: v128, lr: v128): void {
  const old = v128.load(p)
  const grad = add(mul(v128.load(g), k), mul(old, l2))
  v128.store(p, sub(old, add(mul(old, shrink), mul(grad, lr))))
}

export function sgdMomentum(p: usize, g: usize, b: usize, n: i32, k: f32, l2: f32, shrink: f32, lr: f32, momentum: f32, fresh: f32, nesterov: bool): void {
  const end = p + (<usize>(n & ~3) << 2)
  for (; p < end; p += 16, g += 16, b += 16) heavy(p, g, b, splat(k), splat(l2), splat(shrink), splat(lr), splat(momentum), splat(fresh), nesterov)
  const rest = n & 3
  if (rest == 0) return
  stage(0, p, rest)
  stage(1, g, rest)
  stage(2, b, rest)
  heavy(slot(0), slot(1), slot(2), splat(k), splat(l2), splat(shrink), splat(lr), splat(momentum), splat(fresh), nesterov)
  unstage(0, p, rest)
  unstage(2, b, rest)
}
@inline function heavy(p: usize, g: usize, b: usize, k: v128, l2: v128, shrink: v128, lr: v128, momentum: v128, fresh: v128, nesterov: bool): void {
  const old = v128.load(p)
  const grad = add(mul(v128.load(g), k), mul(old, l2))
  const buffer = add(mul(v128.load(b), momentum), mul(grad, fresh))
  v128.store(b, buffer)
  const d = nesterov ? add(grad, mul(buffer, momentum)) : buffer
  v128.store(p, sub(old, add(mul(old, shrink), mul(d, lr))))
}
