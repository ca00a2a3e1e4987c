// Pictures: 8-bit RGBA with their reductions (mip.ts), bilinear between texels, linear between reductions; row 0 is at v = 1. Colours are decoded from
// sRGB by a table before filtering.
import {
  LEVEL_BYTES, MATERIAL_MAPPING, MATERIAL_BOX_SCALE, MESH_INDICES, MESH_NORMALS, MESH_REST, MESH_UVS, P_SRGB, P_TEXTURES, TEXTURE_BYTES, TEXTURE_LEVELS,
  TEXTURE_LEVEL_COUNT, TEXTURE_MATRIX, TEXTURE_TEXELS, TEXTURE_WRAP, VERTEX_BYTES,
} from '../src/layout'
import { W, X, Y, Z, abs4, add, cross, length, load3, madd, mul, normalize, scale, sub, vec } from './vec'

// Texture coordinates of the point at hand: one pair (uv mapping), or a point and three weights (box mapping).
let box = false
let coordU: f32 = 0
let coordV: f32 = 0
let boxPoint: v128 = f32x4(0, 0, 0, 0)
let boxWeight: v128 = f32x4(0, 0, 0, 0)
/** Width of the ray there in the same coordinates; 0 reads the pictures themselves. */
let footprint: f32 = 0

// The corners of a triangle, as found by `corners`.
export let i0: u32 = 0
export let i1: u32 = 0
export let i2: u32 = 0
@inline export function corners(mesh: usize, primitive: i32): void {
  const p = load<usize>(mesh, MESH_INDICES) + <usize>primitive * 12
  i0 = load<u32>(p)
  i1 = load<u32>(p, 4)
  i2 = load<u32>(p, 8)
}
@inline export function mix3(base: usize, u: f32, v: f32): v128 {
  return add(add(scale(v128.load(base + i0 * VERTEX_BYTES), <f32>1 - u - v), scale(v128.load(base + i1 * VERTEX_BYTES), u)), scale(v128.load(base + i2 * VERTEX_BYTES), v))
}

/** Weights of the three projections along a normal: fourth powers, so faces keep one projection and edges blend over a few degrees. */
@inline function project(normal: v128): void {
  let n = abs4(normalize(normal))
  n = mul(n, n)
  n = mul(n, n)
  const sum = X(n) + Y(n) + Z(n)
  // A mesh may have normals of no length.
  boxWeight = sum > 1e-20 ? scale(n, <f32>1 / sum) : vec(0, 0, 1)
}

/** Takes a place of the world for box mapping in the world's axes, after `locate`. */
export function locateWorld(material: usize, position: v128, normal: v128): void {
  boxPoint = scale(position, load<f32>(material, MATERIAL_BOX_SCALE))
  project(normal)
}

/** Finds the texture coordinates at (u, v) of a triangle, whose corners are loaded, for a ray of no width. `size` points to the object's scale (3 f32). */
export function locate(material: usize, mesh: usize, size: usize, u: f32, v: f32): void {
  const w: f32 = <f32>1 - u - v
  footprint = 0
  box = load<i32>(material, MATERIAL_MAPPING) != 0
  if (box) {
    // At rest: what is painted on a body goes with it.
    const positions = load<usize>(mesh, MESH_REST)
    const s = load3(size)
    boxPoint = scale(mul(mix3(positions, u, v), s), load<f32>(material, MATERIAL_BOX_SCALE))
    const normals: usize = load<usize>(mesh, MESH_NORMALS) == 0 ? 0 : positions + 12
    if (normals != 0) project(f32x4.div(mix3(normals, u, v), f32x4.replace_lane(s, 3, 1)))
    else {
      const a = v128.load(positions + i0 * VERTEX_BYTES)
      project(cross(mul(sub(v128.load(positions + i1 * VERTEX_BYTES), a), s), mul(sub(v128.load(positions + i2 * VERTEX_BYTES), a), s)))
    }
    return
  }
  const uvs = load<usize>(mesh, MESH_UVS)
  if (uvs == 0) {
    coordU = 0
    coordV = 0
    return
  }
  const a: usize = uvs + i0 * VERTEX_BYTES, b: usize = uvs + i1 * VERTEX_BYTES, c: usize = uvs + i2 * VERTEX_BYTES
  coordU = w * load<f32>(a) + u * load<f32>(b) + v * load<f32>(c)
  coordV = w * load<f32>(a, 4) + u * load<f32>(b, 4) + v * load<f32>(c, 4)
}

/** Gives the ray at hand a width, metres, on the located triangle, whose edges are given in the world. */
export function widen(material: usize, mesh: usize, e1: v128, e2: v128, width: f32): void {
  if (box) {
    footprint = width * load<f32>(material, MATERIAL_BOX_SCALE)
    return
  }
  const uvs = load<usize>(mesh, MESH_UVS)
  if (uvs == 0) return
  const a: usize = uvs + i0 * VERTEX_BYTES, b: usize = uvs + i1 * VERTEX_BYTES, c: usize = uvs + i2 * VERTEX_BYTES
  const area = abs((load<f32>(b) - load<f32>(a)) * (load<f32>(c, 4) - load<f32>(a, 4)) - (load<f32>(c) - load<f32>(a)) * (load<f32>(b, 4) - load<f32>(a, 4)))
  // Akenine-Möller et al., "Improved shader and texture level of detail using ray cones" (JCGT 2021): texels a metre from the two areas.
  const metres = length(cross(e1, e2))
  footprint = metres > 1e-30 ? width * sqrt<f32>(area / metres) : <f32>0
}

@inline function linear(p: usize): v128 {
  return f32x4.mul(f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(p)))), f32x4.splat(<f32>1 / 255))
}
@inline function decoded(p: usize, table: usize): v128 {
  return f32x4(load<f32>(table + (<u32>load<u8>(p) << 2)), load<f32>(table + (<u32>load<u8>(p, 1) << 2)), load<f32>(table + (<u32>load<u8>(p, 2) << 2)), <f32>load<u8>(p, 3) * <f32>(1.0 / 255))
}

/** Texel number along one axis of n texels: repeated, held at the ends, or mirrored there. */
@inline function wrapped(i: i32, n: i32, mode: u32): i32 {
  if (mode == 1) return max<i32>(0, min<i32>(n - 1, i))
  // By `texel` within one period but for the neighbours.
  if (mode == 2) {
    if (i < 0) i = -1 - i
    return i < n ? i : max<i32>(0, 2 * n - 1 - i)
  }
  return i < 0 ? i + n : i >= n ? i - n : i
}
/** Coordinate within one period of its axis, in periods of [0, 1), or for mirrored ones of [0, 2). */
@inline function period(x: f32, mode: u32): f32 {
  if (mode == 0) return x - floor(x)
  if (mode == 1) return max<f32>(0, min<f32>(1, x))
  return x - <f32>2 * floor(x * <f32>0.5)
}

/** Bilinear look-up in one level of a texture at (u, v) of its own coordinates. */
function bilinear(t: usize, level: i32, u: f32, v: f32, colour: bool): v128 {
  const record: usize = load<usize>(t, TEXTURE_LEVELS) + level * LEVEL_BYTES
  const data = load<usize>(record)
  const w = load<i32>(record, 4)
  const h = load<i32>(record, 8)
  const wrap = load<u32>(t, TEXTURE_WRAP)
  let x = period(u, wrap & 3) * <f32>w - <f32>0.5
  let y = period(<f32>1 - v, wrap >> 2) * <f32>h - <f32>0.5
  const fx = floor(x)
  const fy = floor(y)
  x -= fx
  y -= fy
  const i = i32(fx)
  const j = i32(fy)
  const x0 = wrapped(i, w, wrap & 3)
  const x1 = wrapped(i + 1, w, wrap & 3)
  const r0: usize = data + ((wrapped(j, h, wrap >> 2) * w) << 2)
  const r1: usize = data + ((wrapped(j + 1, h, wrap >> 2) * w) << 2)
  let a: v128, b: v128, c: v128, d: v128
  if (colour) {
    const table = load<usize>(P_SRGB)
    a = decoded(r0 + (x0 << 2), table)
    b = decoded(r0 + (x1 << 2), table)
    c = decoded(r1 + (x0 << 2), table)
    d = decoded(r1 + (x1 << 2), table)
  } else {
    a = linear(r0 + (x0 << 2))
    b = linear(r0 + (x1 << 2))
    c = linear(r1 + (x0 << 2))
    d = linear(r1 + (x1 << 2))
  }
  const top = add(a, scale(sub(b, a), x))
  return add(top, scale(sub(add(c, scale(sub(d, c), x)), top), y))
}

/** log₂, linear between powers of two: off by at most 0.09. */
@inline function roughLog2(x: f32): f32 {
  const bits = reinterpret<i32>(x)
  return <f32>((bits >> 23) - 127) + <f32>(bits & 0x7fffff) * <f32>(1.0 / 8388608)
}

@inline function recordOf(texture: i32): usize { return load<usize>(P_TEXTURES) + texture * TEXTURE_BYTES }

/** Look-up at coordinates of the mapping, over the footprint where `wide`. */
function texel(t: usize, u: f32, v: f32, colour: bool, wide: bool): v128 {
  const m: usize = t + TEXTURE_MATRIX
  const x = load<f32>(m) * u + load<f32>(m, 4) * v + load<f32>(m, 8)
  const y = load<f32>(m, 12) * u + load<f32>(m, 16) * v + load<f32>(m, 20)
  const texels: f32 = wide ? footprint * load<f32>(t, TEXTURE_TEXELS) : <f32>0
  if (!(texels > 1)) return bilinear(t, 0, x, y, colour)
  const level = roughLog2(texels)
  const last = load<i32>(t, TEXTURE_LEVEL_COUNT) - 1
  const i = min<i32>(i32(level), last)
  const low = bilinear(t, i, x, y, colour)
  const f = level - <f32>i
  if (i == last || f < 0.01) return low
  return add(low, scale(sub(bilinear(t, i + 1, x, y, colour), low), f))
}

/** A projection below this share does not show; its share goes to the others. */
const LEAST: f32 = 0.01

function sample(texture: i32, colour: bool, wide: bool): v128 {
  const t = recordOf(texture)
  if (!box) return texel(t, coordU, coordV, colour, wide)
  let out = vec(0, 0, 0)
  const x = X(boxPoint), y = Y(boxPoint), z = Z(boxPoint)
  let total: f32 = 0
  if (X(boxWeight) > LEAST) {
    out = scale(texel(t, y, z, colour, wide), X(boxWeight))
    total = X(boxWeight)
  }
  if (Y(boxWeight) > LEAST) {
    out = madd(out, texel(t, x, z, colour, wide), Y(boxWeight))
    total += Y(boxWeight)
  }
  if (Z(boxWeight) > LEAST) {
    out = madd(out, texel(t, x, y, colour, wide), Z(boxWeight))
    total += Z(boxWeight)
  }
  return scale(out, <f32>1 / total)
}

@inline function lane(v: v128, channel: i32): f32 {
  return channel == 0 ? X(v) : channel == 1 ? Y(v) : channel == 2 ? Z(v) : W(v)
}

/** Slope of a channel along one of the picture's axes at coordinates of the mapping: a difference over one texel, so that it changes steadily. */
@inline function slope(t: usize, x: f32, y: f32, dx: f32, dy: f32, channel: i32): f32 {
  return (lane(bilinear(t, 0, x + <f32>0.5 * dx, y + <f32>0.5 * dy, false), channel) - lane(bilinear(t, 0, x - <f32>0.5 * dx, y - <f32>0.5 * dy, false), channel)) / (dx + dy)
}
let slopeU: f32 = 0
let slopeV: f32 = 0
/** Slopes of a channel by the coordinates of the mapping. */
function slopes(t: usize, u: f32, v: f32, channel: i32): void {
  const m: usize = t + TEXTURE_MATRIX
  const x = load<f32>(m) * u + load<f32>(m, 4) * v + load<f32>(m, 8)
  const y = load<f32>(m, 12) * u + load<f32>(m, 16) * v + load<f32>(m, 20)
  const level = load<usize>(t, TEXTURE_LEVELS)
  const sx = slope(t, x, y, <f32>1 / <f32>load<i32>(level, 4), 0, channel)
  const sy = slope(t, x, y, 0, <f32>1 / <f32>load<i32>(level, 8), channel)
  slopeU = load<f32>(m) * sx + load<f32>(m, 12) * sy
  slopeV = load<f32>(m, 4) * sx + load<f32>(m, 16) * sy
}

/** Slope of a channel at the located point: by u and v of the mesh (uv mapping), or by the three coordinates of the box in metres. */
export function slopeAt(material: usize, texture: i32, channel: i32): v128 {
  const t = recordOf(texture)
  if (!box) {
    slopes(t, coordU, coordV, channel)
    return vec(slopeU, slopeV, 0)
  }
  let out = vec(0, 0, 0)
  const x = X(boxPoint), y = Y(boxPoint), z = Z(boxPoint)
  if (X(boxWeight) > LEAST) {
    slopes(t, y, z, channel)
    out = scale(vec(0, slopeU, slopeV), X(boxWeight))
  }
  if (Y(boxWeight) > LEAST) {
    slopes(t, x, z, channel)
    out = madd(out, vec(slopeU, 0, slopeV), Y(boxWeight))
  }
  if (Z(boxWeight) > LEAST) {
    slopes(t, x, y, channel)
    out = madd(out, vec(slopeU, slopeV, 0), Z(boxWeight))
  }
  return scale(out, load<f32>(material, MATERIAL_BOX_SCALE))
}

/** Linear colour at the located point, over the footprint. */
export function colourAt(texture: i32): v128 { return sample(texture, true, true) }
/** Linear value at the located point: all four channels of the picture itself, for what must not be averaged (normals, directions, cut-outs). */
export function dataAt(texture: i32): v128 { return sample(texture, false, false) }
/** One channel, over the footprint. */
export function channelAt(texture: i32, channel: i32): f32 { return lane(sample(texture, false, true), channel) }
