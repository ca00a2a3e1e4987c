// Owen-scrambled Sobol points, two dimensions at a time, padded: each pair of dimensions takes the same (0,2)-sequence in an order shuffled
// by a nested uniform permutation and scrambled afresh (Burley, "Practical hash-based Owen scrambling", JCGT 2020; hash by Vegdahl).

let pixelSeed: u32 = 0
let index: u32 = 0
/** The pair last drawn, [0, 1). */
export let drawU: f32 = 0
export let drawV: f32 = 0

/** A bijective mix of 32 bits (Wellons' lowbias32). */
@inline export function mix(x: u32): u32 {
  x ^= x >> 16
  x *= 0x7feb352d
  x ^= x >> 15
  x *= 0x846ca68b
  return x ^ (x >> 16)
}
@inline export function reverse(x: u32): u32 {
  x = ((x >> 1) & 0x55555555) | ((x & 0x55555555) << 1)
  x = ((x >> 2) & 0x33333333) | ((x & 0x33333333) << 2)
  x = ((x >> 4) & 0x0f0f0f0f) | ((x & 0x0f0f0f0f) << 4)
  x = ((x >> 8) & 0x00ff00ff) | ((x & 0x00ff00ff) << 8)
  return rotl<u32>(x, 16)
}
/** Laine–Karras style hash: each bit depends on the bits below it only, which on reversed numbers is Owen's scrambling. */
@inline function scramble(x: u32, seed: u32): u32 {
  x ^= x * 0x3d20adea
  x += seed
  x *= (seed >> 16) | 1
  x ^= x * 0x05526c56
  return x ^ (x * 0x53a22864)
}
/** The second Sobol dimension of i, bits reversed: the polynomial i(x + 1) over GF(2), Pascal's matrix by butterflies. */
@inline function pascal(i: u32): u32 {
  i ^= (i >> 16) & 0x0000ffff
  i ^= (i >> 8) & 0x00ff00ff
  i ^= (i >> 4) & 0x0f0f0f0f
  i ^= (i >> 2) & 0x33333333
  return i ^ ((i >> 1) & 0x55555555)
}

/** Seeds the sequence of a pixel. */
export function seedPixel(seed0: u32, seed1: u32, x: u32, y: u32): void {
  pixelSeed = mix(seed0 ^ mix(seed1 ^ mix(x ^ mix(y + 0x9e3779b9))))
}
/** Sample number within the pixel. */
export function startSample(i: u32): void { index = i }

/** Draws the pair of dimensions number `pair`, to drawU and drawV. */
export function draw(pair: u32): void {
  const seed = mix(pixelSeed + pair * 0x9e3779b9)
  const i = reverse(scramble(reverse(index), seed))
  drawU = <f32>(reverse(scramble(i, mix(seed ^ 0xa511e9b3))) >> 8) * <f32>5.9604644775390625e-8
  drawV = <f32>(reverse(scramble(pascal(i), mix(seed ^ 0x63d83595))) >> 8) * <f32>5.9604644775390625e-8
}
/** A hashed number in [0, 1) for rare decisions that need no stratification. */
export function hashed(salt: u32): f32 {
  return <f32>(mix(mix(pixelSeed ^ salt) + index * 0x9e3779b9) >> 8) * <f32>5.9604644775390625e-8
}
