// Philox-4x32 with 10 rounds (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011), four blocks at a time: word j of
// blocks 4g … 4g + 3 lies in the four lanes of vector j, and in that order the 16 words number 16g … 16g + 15 of the stream.

import { PHILOX_M0, PHILOX_M1, PHILOX_W0, PHILOX_W1 } from './constants'

export let w0: v128 = i32x4(0, 0, 0, 0)
export let w1: v128 = i32x4(0, 0, 0, 0)
export let w2: v128 = i32x4(0, 0, 0, 0)
export let w3: v128 = i32x4(0, 0, 0, 0)

@inline function high(a: v128, b: v128): v128 { return v128.shuffle<i32>(a, b, 1, 3, 5, 7) }

/** Words of the group g under the key (k0, k1): counters (4g + lane, 0, domain, 0). */
@inline export function group(k0: u32, k1: u32, g: u32, domain: u32, k: usize): void {
  let c0 = i32x4.add(i32x4.splat(g << 2), i32x4(0, 1, 2, 3))
  let c1 = i32x4.splat(0)
  let c2 = i32x4.splat(domain)
  let c3 = i32x4.splat(0)
  let a = i32x4.splat(k0)
  let b = i32x4.splat(k1)
  const m0 = v128.load(k, PHILOX_M0)
  const m1 = v128.load(k, PHILOX_M1)
  const s0 = v128.load(k, PHILOX_W0)
  const s1 = v128.load(k, PHILOX_W1)
  for (let r = 0; r < 10; r++) {
    // High halves by 32×32 → 64-bit products; low halves by a product of their own, cheaper than picking them out with shuffles.
    const p = high(i64x2.extmul_low_i32x4_u(c0, m0), i64x2.extmul_high_i32x4_u(c0, m0))
    const q = high(i64x2.extmul_low_i32x4_u(c2, m1), i64x2.extmul_high_i32x4_u(c2, m1))
    const t = i32x4.mul(c0, m0)
    c0 = v128.xor(v128.xor(q, c1), a)
    c1 = i32x4.mul(c2, m1)
    c2 = v128.xor(v128.xor(p, c3), b)
    c3 = t
    a = i32x4.add(a, s0)
    b = i32x4.add(b, s1)
  }
  w0 = c0
  w1 = c1
  w2 = c2
  w3 = c3
}
