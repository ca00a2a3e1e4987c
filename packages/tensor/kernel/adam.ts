// Adam and AdamW (Kingma & Ba, ICLR 2015; Loshchilov & Hutter, ICLR 2019) as one pass:
//   g' = k·g + l2·p,  m ← m + (1 − β1)(g' − m),  v ← β2·v + (1 − β2)·g'²,  p ← p − (shrink·p + step·m / (√v·root + ε))
// where the host gives step = lr / (1 − β1ᵗ) and root = 1 / √(1 − β2ᵗ). Adam: l2 = λ, shrink = 0. AdamW: l2 = 0, shrink = lr·λ
// (not a factor 1 − lr·λ: in f32 that has but three digits of lr·λ).
import { add, div, mul, slot, splat, stage, sub, unstage } from './vec'

export function adam(
  p: usize, g: usize, m: usize, v: usize, n: i32,
  k: f32, l2: f32, shrink: f32, oneMinusBeta1: f32, beta2: f32, oneMinusBeta2: f32, step: f32, root: f32, epsilon: f32,
): void {
  const end = p + (<usize>(n & ~3) << 2)
  for (; p < end; p += 16, g += 16, m += 16, v += 16) {
    one(p, g, m, v, splat(k), splat(l2), splat(shrink), splat(oneMinusBeta1), splat(beta2), splat(oneMinusBeta2), splat(step), splat(root), splat(epsilon))
  }
  const rest = n & 3
  if (rest == 0) return
  stage(0, p, rest)
  stage(1, g, rest)
  stage(2, m, rest)
  stage(3, v, rest)
  one(slot(0), slot(1), slot(2), slot(3), splat(k), splat(l2), splat(shrink), splat(oneMinusBeta1), splat(beta2), splat(oneMinusBeta2), splat(step), splat(root), splat(epsilon))
  unstage(0, p, rest)
  unstage(2, m, rest)
  unstage(3, v, rest)
}

@inline function one(
  p: usize, g: usize, m: usize, v: usize,
  k: v128, l2: v128, shrink: v128, c1: v128, b2: v128, c2: v128, step: v128, root: v128, epsilon: v128,
): void {
  const old = v128.load(p)
  const grad = add(mul(v128.load(g), k), mul(old, l2))
  const first = v128.load(m)
  const mean = add(first, mul(sub(grad, first), c1))
  const square = add(mul(v128.load(v), b2), mul(mul(grad, grad), c2))
  v128.store(m, mean)
  v128.store(v, square)
  const scale = add(mul(f32x4.sqrt(square), root), epsilon)
  v128.store(p, sub(old, add(mul(old, shrink), div(mul(mean, step), scale))))
}
