// Three-vectors and colours in the first three lanes of a v128. The fourth lane is noise unless said otherwise.

@inline export function vec(x: f32, y: f32, z: f32): v128 { return f32x4(x, y, z, 0) }
@inline export function splat(x: f32): v128 { return f32x4.splat(x) }
@inline export function X(v: v128): f32 { return f32x4.extract_lane(v, 0) }
@inline export function Y(v: v128): f32 { return f32x4.extract_lane(v, 1) }
@inline export function Z(v: v128): f32 { return f32x4.extract_lane(v, 2) }
@inline export function W(v: v128): f32 { return f32x4.extract_lane(v, 3) }
@inline export function add(a: v128, b: v128): v128 { return f32x4.add(a, b) }
@inline export function sub(a: v128, b: v128): v128 { return f32x4.sub(a, b) }
@inline export function mul(a: v128, b: v128): v128 { return f32x4.mul(a, b) }
@inline export function scale(a: v128, s: f32): v128 { return f32x4.mul(a, f32x4.splat(s)) }
/** a + b·s */
@inline export function madd(a: v128, b: v128, s: f32): v128 { return f32x4.add(a, f32x4.mul(b, f32x4.splat(s))) }
@inline export function neg(a: v128): v128 { return f32x4.neg(a) }
@inline export function dot(a: v128, b: v128): f32 {
  const m = f32x4.mul(a, b)
  return X(m) + Y(m) + Z(m)
}
@inline export function cross(a: v128, b: v128): v128 {
  const a1 = v128.shuffle<i32>(a, a, 1, 2, 0, 3)
  const b1 = v128.shuffle<i32>(b, b, 1, 2, 0, 3)
  const c = f32x4.sub(f32x4.mul(a, b1), f32x4.mul(a1, b))
  return v128.shuffle<i32>(c, c, 1, 2, 0, 3)
}
@inline export function length(a: v128): f32 { return sqrt<f32>(dot(a, a)) }
@inline export function normalize(a: v128): v128 {
  const l = dot(a, a)
  return scale(a, l > 1e-36 ? <f32>1 / sqrt<f32>(l) : <f32>0)
}
@inline export function maxComponent(a: v128): f32 { return max<f32>(X(a), max<f32>(Y(a), Z(a))) }
@inline export function sum3(a: v128): f32 { return X(a) + Y(a) + Z(a) }
/** Rec. 709 luminance of a linear colour. */
@inline export function luminance(a: v128): f32 { return <f32>0.2126 * X(a) + <f32>0.7152 * Y(a) + <f32>0.0722 * Z(a) }
@inline export function lerp(a: v128, b: v128, t: f32): v128 { return f32x4.add(a, f32x4.mul(f32x4.sub(b, a), f32x4.splat(t))) }

/** Rows of a 3×4 matrix at `m` times the point (x, y, z, 1). */
@inline export function transformPoint(m: usize, p: v128): v128 {
  const q = f32x4.replace_lane(p, 3, 1)
  return vec(dot4(v128.load(m), q), dot4(v128.load(m, 16), q), dot4(v128.load(m, 32), q))
}
@inline export function transformVector(m: usize, p: v128): v128 {
  return vec(dot(v128.load(m), p), dot(v128.load(m, 16), p), dot(v128.load(m, 32), p))
}
/** Transposed 3×3 part of the matrix at `m` times a vector. */
@inline export function transformTransposed(m: usize, p: v128): v128 {
  return add(add(scale(v128.load(m), X(p)), scale(v128.load(m, 16), Y(p))), scale(v128.load(m, 32), Z(p)))
}
@inline function dot4(a: v128, b: v128): f32 {
  const m = f32x4.mul(a, b)
  return X(m) + Y(m) + Z(m) + W(m)
}
@inline export function load3(p: usize): v128 { return f32x4(load<f32>(p), load<f32>(p, 4), load<f32>(p, 8), 0) }

// An orthonormal basis around a unit vector (Duff et al., "Building an orthonormal basis, revisited", JCGT 2017).
export let basisX: v128 = f32x4(0, 0, 0, 0)
export let basisY: v128 = f32x4(0, 0, 0, 0)
@inline export function makeBasis(n: v128): void {
  const x = X(n)
  const y = Y(n)
  const z = Z(n)
  const s: f32 = z >= 0 ? 1 : -1
  const a = <f32>-1 / (s + z)
  const b = x * y * a
  basisX = vec(<f32>1 + s * x * x * a, s * b, -s * x)
  basisY = vec(b, s + y * y * a, -y)
}
@inline export function abs4(a: v128): v128 { return f32x4.abs(a) }
