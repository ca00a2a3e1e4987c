// Backward passes over rows of d elements, rows [from, to). Sums in f32, four lanes, in a fixed order.
import { add, mul, splat, sub, sumLanes } from './vec'

/** Softmax: dx = y·(dy − Σ y·dy). */
export function softmaxBackward(dx: usize, dy: usize, y: usize, d: i32, from: i32, to: i32): void {
  const whole = <usize>(d & ~3) << 2
  const stride = <usize>d << 2
  const skip = <usize>from * stride
  dx += skip
  dy += skip
  y += skip
  for (let i = from; i < to; i++, dx += stride, dy += stride, y += stride) {
    let s = splat(0)
    for (let j: usize = 0; j < whole; j += 16) s = add(s, mul(v128.load(y + j), v128.load(dy + j)))
    let sum = sumLanes(s)
    for (let j = whole; j < stride; j += 4) sum += load<f32>(y + j) * load<f32>(dy + j)
    const t = splat(sum)
    for (let j: usize = 0; j < whole; j += 16) v128.store(dx + j, mul(v128.load(y + j), sub(v128.load(dy + j), t)))
    for (let j = whole; j < stride; j += 4) store<f32>(dx + j, load<f32>(y + j) * (load<f32>(dy + j) - sum))
  }
}

/**
 * Layer normalisation y = x̂·γ + β with x̂ = (x − mean)·inv: dx = inv·(g − mean_j g − x̂·mean_j(g·x̂)), g = dy·γ;
 * dγ += Σ_i dy·x̂ and dβ += Σ_i dy, rows in order, unless their addresses are 0. γ may be absent (0): ones.
 */
export function layerNormBackward(dx: usize, dy: usize, x: usize, mean: usize, inv: usize, gamma: usize, dGamma: usize, dBeta: usize, d: i32, from: i32, to: i32): void {
  const whole = <usize>(d & ~3) << 2
  const stride = <usize>d << 2
  const skip = <usize>from * stride
  dx += skip
  dy += skip
  x += skip
  const per = <f32>1 / <f32>d
  for (let i = from; i < to; i++, dx += stride, dy += stride, x += stride) {
    const mu = load<f32>(mean + (<usize>i << 2))
    const r = load<f32>(inv + (<usize>i << 2))
    const mu4 = splat(mu)
    const r4 = splat(r)
    let s = splat(0)
    let t = splat(0)
    for (let j: usize = 0; j < whole; j += 16) {
      const h = mul(sub(v128.load(x + j), mu4), r4)
      const y = v128.load(dy + j)
      const g = gamma ? mul(y, v128.load(gamma + j)) : y
      s = add(s, g)
      t = add(t, mul(g, h))
      if (dGamma) v128.store(dGamma + j, add(v128.load(dGamma + j), mul(y, h)))
      if (dBeta) v128.store(dBeta + j, add(v128.load(dBeta + j), y))
    }
    let a = sumLanes(s)
    let b = sumLanes(t)
    for (let j = whole; j < stride; j += 4) {
      const h = (load<f32>(x + j) - mu) * r
      const y = load<f32>(dy + j)
      const g = gamma ? y * load<f32>(gamma + j) : y
      a += g
      b += g * h
      if (dGamma) store<f32>(dGamma + j, load<f32>(dGamma + j) + y * h)
      if (dBeta) store<f32>(dBeta + j, load<f32>(dBeta + j) + y)
    }
    a *= per
    b *= per
    const a4 = splat(a)
    const b4 = splat(b)
    for (let j: usize = 0; j < whole; j += 16) {
      const h = mul(sub(v128.load(x + j), mu4), r4)
      const y = v128.load(dy + j)
      const g = gamma ? mul(y, v128.load(gamma + j)) : y
      v128.store(dx + j, mul(r4, sub(sub(g, a4), mul(h, b4))))
    }
    for (let j = whole; j < stride; j += 4) {
      const h = (load<f32>(x + j) - mu) * r
      const y = load<f32>(dy + j)
      const g = gamma ? y * load<f32>(gamma + j) : y
      store<f32>(dx + j, r * (g - a - h * b))
    }
  }
}
