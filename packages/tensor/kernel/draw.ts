// Fills: the value at index i depends on the key and on i alone, wherever a fill starts and ends. Domains keep the kinds of draw apart.
import { MINUS_2, ONE, scratch, UNIT_31 } from './constants'
import { cos4, log4, sin4, turn4 } from './maths'
import { group, w0, w1, w2, w3 } from './philox'
import { add, mul, splat } from './vec'

const BITS = 0
const UNIFORM = 1
const NORMAL = 2
const DROPOUT = 3
const BERNOULLI = 4

@inline function uniform4(w: v128): v128 { return mul(f32x4.convert_i32x4_s(i32x4.shr_u(w, 8)), splat(<f32>5.9604644775390625e-8)) }

/** Box–Muller: two vectors of words make two of normals, r cos θ and r sin θ. */
@inline function normal8(at: usize, u: v128, v: v128, k: usize): void {
  // (0, 1] by 31 bits: the tails reach 6.5 σ and the logarithm is finite.
  const x = mul(add(f32x4.convert_i32x4_s(i32x4.shr_u(u, 1)), v128.load(k, ONE)), v128.load(k, UNIT_31))
  const r = f32x4.sqrt(mul(log4(x, k), v128.load(k, MINUS_2)))
  turn4(v, k)
  v128.store(at, mul(r, cos4))
  v128.store(at, mul(r, sin4), 16)
}

/** 16-bit thresholds: a half word below it drops. Low halves first, then high. */
@inline function mask8(at: usize, w: v128, threshold: v128, kept: v128): void {
  v128.store(at, v128.and(i32x4.ge_s(v128.and(w, i32x4.splat(0xffff)), threshold), kept))
  v128.store(at, v128.and(i32x4.ge_s(i32x4.shr_u(w, 16), threshold), kept), 16)
}

@inline function fill(kind: i32, at: usize, n: u32, k0: u32, k1: u32, start: u32, a: v128, b: v128): void {
  const k = scratch
  const shift: u32 = kind == DROPOUT ? 5 : 4
  const size: u32 = 1 << shift
  const bytes: u32 = kind == BERNOULLI ? 0 : 2
  let i = start
  let left = n
  while (left > 0) {
    const offset = i & (size - 1)
    const whole = offset == 0 && left >= size
    const to = whole ? at : k
    group(k0, k1, i >> shift, kind, k)
    if (kind == BITS) {
      v128.store(to, w0)
      v128.store(to, w1, 16)
      v128.store(to, w2, 32)
      v128.store(to, w3, 48)
    } else if (kind == UNIFORM) {
      v128.store(to, uniform4(w0))
      v128.store(to, uniform4(w1), 16)
      v128.store(to, uniform4(w2), 32)
      v128.store(to, uniform4(w3), 48)
    } else if (kind == NORMAL) {
      const x = w2
      const y = w3
      normal8(to, w0, w1, k)
      normal8(to + 32, x, y, k)
    } else if (kind == DROPOUT) {
      mask8(to, w0, a, b)
      mask8(to + 32, w1, a, b)
      mask8(to + 64, w2, a, b)
      mask8(to + 96, w3, a, b)
    } else {
      const lo = i16x8.narrow_i32x4_s(i32x4.lt_u(w0, a), i32x4.lt_u(w1, a))
      const hi = i16x8.narrow_i32x4_s(i32x4.lt_u(w2, a), i32x4.lt_u(w3, a))
      v128.store(to, v128.and(i8x16.narrow_i16x8_s(lo, hi), i8x16.splat(1)))
    }
    const take = whole ? size : min<u32>(size - offset, left)
    if (!whole) memory.copy(at, k + (<usize>offset << bytes), take << bytes)
    at += take << bytes
    i += take
    left -= take
  }
}

/** u32 words. */
export function fillBits(at: usize, n: u32, k0: u32, k1: u32, start: u32): void {
  fill(BITS, at, n, k0, k1, start, i32x4.splat(0), i32x4.splat(0))
}
/** f32 in [0, 1), 24 bits. */
export function fillUniform(at: usize, n: u32, k0: u32, k1: u32, start: u32): void {
  fill(UNIFORM, at, n, k0, k1, start, i32x4.splat(0), i32x4.splat(0))
}
/** f32, standard normal. */
export function fillNormal(at: usize, n: u32, k0: u32, k1: u32, start: u32): void {
  fill(NORMAL, at, n, k0, k1, start, i32x4.splat(0), i32x4.splat(0))
}
/** f32: 0 where 16 random bits are below `threshold` (0 … 65536), else `kept`. */
export function fillDropout(at: usize, n: u32, k0: u32, k1: u32, start: u32, threshold: i32, kept: f32): void {
  fill(DROPOUT, at, n, k0, k1, start, i32x4.splat(threshold), splat(kept))
}
/** u8: 1 where 32 random bits are below `threshold`, else 0. */
export function fillBernoulli(at: usize, n: u32, k0: u32, k1: u32, start: u32, threshold: u32): void {
  fill(BERNOULLI, at, n, k0, k1, start, i32x4.splat(threshold), i32x4.splat(0))
}
