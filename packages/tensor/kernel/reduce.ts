// Sums of squares in f64 over a fixed cut of the slice, so that the result is one whoever adds which part.
import { high64, low64, sumLanes64 } from './vec'

/** The slice [0, n) is cut into this many chunks of equal size, rounded up to 64 elements. */
const CHUNKS: u32 = 16

/** Writes the sums of squares of the chunks [from, to) as f64 to `out`, one each. */
export function sumOfSquaresChunks(x: usize, n: u32, from: u32, to: u32, out: usize): void {
  const size = ((n / CHUNKS) & ~63) + 64
  for (let c = from; c < to; c++) {
    const start = min<u64>(<u64>c * size, n)
    const end = min<u64>(start + size, n)
    store<f64>(out + (<usize>c << 3), sumOfSquares(x + (<usize>start << 2), <u32>(end - start)))
  }
}

function sumOfSquares(x: usize, n: u32): f64 {
  let a = f64x2.splat(0)
  let b = f64x2.splat(0)
  let c = f64x2.splat(0)
  let d = f64x2.splat(0)
  const end = x + (<usize>(n & ~7) << 2)
  for (; x < end; x += 32) {
    const u = v128.load(x)
    const v = v128.load(x, 16)
    const ul = low64(u)
    const uh = high64(u)
    const vl = low64(v)
    const vh = high64(v)
    a = f64x2.add(a, f64x2.mul(ul, ul))
    b = f64x2.add(b, f64x2.mul(uh, uh))
    c = f64x2.add(c, f64x2.mul(vl, vl))
    d = f64x2.add(d, f64x2.mul(vh, vh))
  }
  for (let i = n & 7; i > 0; i--, x += 4) {
    const e = <f64>load<f32>(x)
    a = f64x2.add(a, f64x2(e * e, 0))
  }
  return sumLanes64(f64x2.add(f64x2.add(a, b), f64x2.add(c, d)))
}

/** Index of the first element that is NaN or infinite; n if there is none. */
export function firstNonFinite(x: usize, n: u32): u32 {
  const exponent = i32x4.splat(0x7f800000)
  let i: u32 = 0
  for (; i + 16 <= n; i += 16) {
    const at = x + (<usize>i << 2)
    const a = i32x4.eq(v128.and(v128.load(at), exponent), exponent)
    const b = i32x4.eq(v128.and(v128.load(at, 16), exponent), exponent)
    const c = i32x4.eq(v128.and(v128.load(at, 32), exponent), exponent)
    const d = i32x4.eq(v128.and(v128.load(at, 48), exponent), exponent)
    if (v128.any_true(v128.or(v128.or(a, b), v128.or(c, d)))) break
  }
  for (; i < n; i++) if ((load<u32>(x + (<usize>i << 2)) & 0x7f800000) == 0x7f800000) return i
  return n
}
