// Adafactor (Shazeer & Stern, ICML 2018) on a slice of r rows and c columns. With g' = k·g:
//   R_i ← β·R_i + (1 − β)·mean_j(g'² + ε1),  C_j ← β·C_j + (1 − β)·mean_i(g'² + ε1),  V_ij = R_i·C_j / mean(R),  u = g' / √V,
//   p ← p − (shrink·p + a·u), where the host gives a = α / max(1, RMS(u) / d).
// Means are summed in f64. A vector keeps its whole second moment v instead.
import { add, div, high64, low64, mul, slot, splat, stage, sub, sumLanes64, unstage } from './vec'

/** Updates R and C. `sums` is scratch: c f64. */
export function factoredMoments(g: usize, rows: i32, columns: i32, rowMoment: usize, columnMoment: usize, sums: usize, k: f32, beta: f64, epsilon: f64): void {
  memory.fill(sums, 0, <usize>columns << 3)
  const whole = columns & ~3
  for (let i = 0; i < rows; i++) {
    let a = f64x2.splat(0)
    let b = f64x2.splat(0)
    let at = sums
    for (let j = 0; j < whole; j += 4, g += 16, at += 32) {
      const x = mul(v128.load(g), splat(k))
      let l = low64(x)
      let h = high64(x)
      l = f64x2.add(f64x2.mul(l, l), f64x2.splat(epsilon))
      h = f64x2.add(f64x2.mul(h, h), f64x2.splat(epsilon))
      a = f64x2.add(a, l)
      b = f64x2.add(b, h)
      v128.store(at, f64x2.add(v128.load(at), l))
      v128.store(at, f64x2.add(v128.load(at, 16), h), 16)
    }
    let row = sumLanes64(f64x2.add(a, b))
    for (let j = whole; j < columns; j++, g += 4, at += 8) {
      const x = <f64>(load<f32>(g) * k)
      const y = x * x + epsilon
      row += y
      store<f64>(at, load<f64>(at) + y)
    }
    const r = rowMoment + (<usize>i << 2)
    store<f32>(r, <f32>(beta * <f64>load<f32>(r) + (1 - beta) * (row / <f64>columns)))
  }
  for (let j = 0; j < columns; j++) {
    const c = columnMoment + (<usize>j << 2)
    store<f32>(c, <f32>(beta * <f64>load<f32>(c) + (1 - beta) * (load<f64>(sums + (<usize>j << 3)) / <f64>rows)))
  }
}

/** 1/√(R_i / mean R) to rowScale and 1/√C_j to columnScale, so that u_ij = g'_ij · rowScale_i · columnScale_j. */
export function factoredScales(rowMoment: usize, rows: i32, columnMoment: usize, columns: i32, rowScale: usize, columnScale: usize): void {
  let mean: f64 = 0
  for (let i = 0; i < rows; i++) mean += <f64>load<f32>(rowMoment + (<usize>i << 2))
  mean /= <f64>rows
  for (let i = 0; i < rows; i++) store<f32>(rowScale + (<usize>i << 2), <f32>(sqrt(mean / <f64>load<f32>(rowMoment + (<usize>i << 2)))))
  for (let j = 0; j < columns; j++) store<f32>(columnScale + (<usize>j << 2), <f32>(1 / sqrt(<f64>load<f32>(columnMoment + (<usize>j << 2)))))
}

/** Σ u². */
export function factoredSumOfSquares(g: usize, rows: i32, columns: i32, rowScale: usize, columnScale: usize, k: f32): f64 {
  const whole = columns & ~3
  let sum: f64 = 0
  for (let i = 0; i < rows; i++) {
    const s = load<f32>(rowScale + (<usize>i << 2)) * k
    let a = f64x2.splat(0)
    let b = f64x2.splat(0)
    let at = columnScale
    for (let j = 0; j < whole; j += 4, g += 16, at += 16) {
      const u = mul(mul(v128.load(g), splat(s)), v128.load(at))
      const l = low64(u)
      const h = high64(u)
      a = f64x2.add(a, f64x2.mul(l, l))
      b = f64x2.add(b, f64x2.mul(h, h))
    }
    let row = sumLanes64(f64x2.add(a, b))
    for (let j = whole; j < columns; j++, g += 4, at += 4) {
      const u = <f64>(load<f32>(g) * s * load<f32>(at))
      row += u * u
    }
    sum += row
  }
  return sum
}

export function factoredUpdate(p: usize, g: usize, rows: i32, columns: i32, rowScale: usize, columnScale: usize, k: f32, shrink: f32, a: f32): void {
  const whole = columns & ~3
  for (let i = 0; i < rows; i++) {
    const s = load<f32>(rowScale + (<usize>i << 2)) * k
    let at = columnScale
    for (let j = 0; j < whole; j += 4, p += 16, g += 16, at += 16) {
      const u = mul(mul(v128.load(g), splat(s)), v128.load(at))
      const old = v128.load(p)
      v128.store(p, sub(old, add(mul(old, splat(shrink)), mul(u, splat(a)))))
    }
    for (let j = whole; j < columns; j++, p += 4, g += 4, at += 4) {
      const u = load<f32>(g) * s * load<f32>(at)
      const old = load<f32>(p)
      store<f32>(p, old - (old * shrink + u * a))
    }
  }
}

/** v ← β·v + (1 − β)·(g'² + ε1) */
export function unfactoredMoments(g: usize, v: usize, n: i32, k: f32, beta: f32, oneMinusBeta: f32, epsilon: f32): void {
  const end = g + (<usize>(n & ~3) << 2)
  for (; g < end; g += 16, v += 16) moment(g, v, splat(k), splat(beta), splat(oneMinusBeta), splat(epsilon))
  const rest = n & 3
  if (rest == 0) return
  stage(0, g, rest)
  stage(1, v, rest)
  moment(slot(0), slot(1), splat(k), splat(beta), splat(oneMinusBeta), splat(epsilon))
  unstage(1, v, rest)
}
@inline function moment(g: usize, v: usize, k: v128, beta: v128, rest: v128, epsilon: v128): void {
  const x = mul(v128.load(g), k)
  v128.store(v, add(mul(v128.load(v), beta), mul(add(mul(x, x), epsilon), rest)))
}

/** Σ g'² / v */
export function unfactoredSumOfSquares(g: usize, v: usize, n: i32, k: f32): f64 {
  let sum: f64 = 0
  for (let i = 0; i < n; i++, g += 4, v += 4) {
    const x = <f64>(load<f32>(g) * k)
    sum += x * x / <f64>load<f32>(v)
  }
  return sum
}

/** p ← p − (shrink·p + a·g' / √v) */
export function unfactoredUpdate(p: usize, g: usize, v: usize, n: i32, k: f32, shrink: f32, a: f32): void {
  const end = p + (<usize>(n & ~3) << 2)
  for (; p < end; p += 16, g += 16, v += 16) whole(p, g, v, splat(k), splat(shrink), splat(a))
  const rest = n & 3
  if (rest == 0) return
  stage(0, p, rest)
  stage(1, g, rest)
  stage(2, v, rest)
  whole(slot(0), slot(1), slot(2), splat(k), splat(shrink), splat(a))
  unstage(0, p, rest)
}
@inline function whole(p: usize, g: usize, v: usize, k: v128, shrink: v128, a: v128): void {
  const u = div(mul(v128.load(g), k), f32x4.sqrt(v128.load(v)))
  const old = v128.load(p)
  v128.store(p, sub(old, add(mul(old, shrink), mul(u, a))))
}
