// Sums of rows by index, duplicates added in the order of the indices: deterministic, and the same whatever range of columns (or of
// destinations) an instance takes.
import { add, high64, low64 } from './vec'

/** out[index[i]] += rows[i] for columns [from, to), in f32, i ascending. Rows of `out` and `rows` have d elements. Indices are i64, checked by the host. */
export function scatterAddRows(out: usize, rows: usize, index: usize, n: i32, d: i32, from: i32, to: i32): void {
  const whole = from + ((to - from) & ~3)
  for (let i = 0; i < n; i++) {
    const k = <usize>load<i64>(index + (<usize>i << 3))
    let a = out + ((k * <usize>d + <usize>from) << 2)
    let b = rows + ((<usize>i * <usize>d + <usize>from) << 2)
    let j = from
    for (; j < whole; j += 4, a += 16, b += 16) v128.store(a, add(v128.load(a), v128.load(b)))
    for (; j < to; j++, a += 4, b += 4) store<f32>(a, load<f32>(a) + load<f32>(b))
  }
}

/**
 * The same with f64 sums, rounded once: `order` (i32) lists the rows of `rows` sorted by destination, stably; destination k has
 * order[starts[k] … starts[k + 1]). Destinations [from, to).
 */
export function addSegments(out: usize, rows: usize, order: usize, starts: usize, d: i32, from: i32, to: i32): void {
  for (let k = from; k < to; k++) {
    const first = load<i32>(starts + (<usize>k << 2))
    const last = load<i32>(starts + (<usize>k << 2), 4)
    if (first == last) continue
    const a = out + (<usize>k * <usize>d << 2)
    let j = 0
    for (; j + 4 <= d; j += 4) segment(a + (<usize>j << 2), rows + (<usize>j << 2), order, first, last, d)
    for (; j < d; j++) {
      const at = a + (<usize>j << 2)
      let sum = <f64>load<f32>(at)
      for (let i = first; i < last; i++) sum += <f64>load<f32>(rows + ((<usize>load<i32>(order + (<usize>i << 2)) * <usize>d + <usize>j) << 2))
      store<f32>(at, <f32>sum)
    }
  }
}
@inline function segment(at: usize, rows: usize, order: usize, first: i32, last: i32, d: i32): void {
  const old = v128.load(at)
  let l = low64(old)
  let h = high64(old)
  for (let i = first; i < last; i++) {
    const x = v128.load(rows + (<usize>load<i32>(order + (<usize>i << 2)) * <usize>d << 2))
    l = f64x2.add(l, low64(x))
    h = f64x2.add(h, high64(x))
  }
  const a = f32x4.demote_f64x2_zero(l)
  const b = f32x4.demote_f64x2_zero(h)
  v128.store(at, v128.shuffle<i32>(a, b, 0, 1, 4, 5))
}
