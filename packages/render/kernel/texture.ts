// Pictures: 8-bit RGBA, bilinear, repeated; row 0 is at v = 1. Colours are decoded from sRGB by a table before filtering.
import {
  MATERIAL_MAPPING, MATERIAL_OFFSET_U, MATERIAL_OFFSET_V, MATERIAL_SCALE_U, MATERIAL_SCALE_V, MESH_INDICES, MESH_NORMALS, MESH_REST, MESH_UVS, P_SRGB,
  P_TEXTURES, TEXTURE_BYTES, VERTEX_BYTES,
} from '../src/layout'
import { X, Y, Z, abs4, add, cross, load3, mul, normalize, scale, sub, vec } from './vec'

// Texture coordinates of the point at hand: one pair (uv mapping), or a point and three weights (box mapping).
let box = false
let coordU: f32 = 0
let coordV: f32 = 0
let boxPoint: v128 = f32x4(0, 0, 0, 0)
let boxWeight: v128 = f32x4(0, 0, 0, 0)

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

/** Finds the texture coordinates at (u, v) of a triangle, whose corners are loaded. `size` points to the object's scale (3 f32). */
export function locate(material: usize, mesh: usize, size: usize, u: f32, v: f32): void {
  const w: f32 = <f32>1 - u - v
  box = load<i32>(material, MATERIAL_MAPPING) == 1
  if (box) {
    // At rest: what is painted on a body goes with it.
    const positions = load<usize>(mesh, MESH_REST)
    const s = load3(size)
    boxPoint = scale(mul(mix3(positions, u, v), s), load<f32>(material, MATERIAL_SCALE_U))
    const normals: usize = load<usize>(mesh, MESH_NORMALS) == 0 ? 0 : positions + 12
    let n: v128
    if (normals != 0) n = f32x4.div(mix3(normals, u, v), f32x4.replace_lane(s, 3, 1))
    else {
      const a = v128.load(positions + i0 * VERTEX_BYTES)
      n = cross(mul(sub(v128.load(positions + i1 * VERTEX_BYTES), a), s), mul(sub(v128.load(positions + i2 * VERTEX_BYTES), a), s))
    }
    n = abs4(normalize(n))
    // Fourth powers: faces keep one projection, edges blend over a few degrees.
    n = mul(n, n)
    n = mul(n, n)
    boxWeight = scale(n, <f32>1 / max<f32>(X(n) + Y(n) + Z(n), 1e-20))
    return
  }
  const uvs = load<usize>(mesh, MESH_UVS)
  if (uvs == 0) {
    coordU = 0
    coordV = 0
    return
  }
  const a: usize = uvs + i0 * VERTEX_BYTES, b: usize = uvs + i1 * VERTEX_BYTES, c: usize = uvs + i2 * VERTEX_BYTES
  coordU = (w * load<f32>(a) + u * load<f32>(b) + v * load<f32>(c)) * load<f32>(material, MATERIAL_SCALE_U) + load<f32>(material, MATERIAL_OFFSET_U)
  coordV = (w * load<f32>(a, 4) + u * load<f32>(b, 4) + v * load<f32>(c, 4)) * load<f32>(material, MATERIAL_SCALE_V) + load<f32>(material, MATERIAL_OFFSET_V)
}

@inline function linear(p: usize): v128 {
  return f32x4.mul(f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(p)))), f32x4.splat(<f32>1 / 255))
}
@inline function decoded(p: usize, table: usize): v128 {
  return f32x4(load<f32>(table + (<u32>load<u8>(p) << 2)), load<f32>(table + (<u32>load<u8>(p, 1) << 2)), load<f32>(table + (<u32>load<u8>(p, 2) << 2)), 1)
}

/** Bilinear look-up at (u, v). */
export function texel(texture: i32, u: f32, v: f32, colour: bool): v128 {
  const t: usize = load<usize>(P_TEXTURES) + texture * TEXTURE_BYTES
  const data = load<usize>(t)
  const w = load<i32>(t, 4)
  const h = load<i32>(t, 8)
  let x = (u - floor(u)) * <f32>w - <f32>0.5
  let y = (<f32>1 - (v - floor(v))) * <f32>h - <f32>0.5
  const fx = floor(x)
  const fy = floor(y)
  x -= fx
  y -= fy
  // From here −1 … w − 1.
  let x0 = i32(fx)
  let y0 = i32(fy)
  let x1 = x0 + 1
  let y1 = y0 + 1
  if (x0 < 0) x0 = w - 1
  if (y0 < 0) y0 = h - 1
  if (x1 >= w) x1 = 0
  if (y1 >= h) y1 = 0
  const r0: usize = data + ((y0 * w) << 2)
  const r1: usize = data + ((y1 * w) << 2)
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

function sample(texture: i32, colour: bool): v128 {
  if (!box) return texel(texture, coordU, coordV, colour)
  let out = vec(0, 0, 0)
  const x = X(boxPoint), y = Y(boxPoint), z = Z(boxPoint)
  // A projection below a hundredth does not show; its share goes to the others.
  let total: f32 = 0
  if (X(boxWeight) > 0.01) {
    out = scale(texel(texture, y, z, colour), X(boxWeight))
    total = X(boxWeight)
  }
  if (Y(boxWeight) > 0.01) {
    out = add(out, scale(texel(texture, x, z, colour), Y(boxWeight)))
    total += Y(boxWeight)
  }
  if (Z(boxWeight) > 0.01) {
    out = add(out, scale(texel(texture, x, y, colour), Z(boxWeight)))
    total += Z(boxWeight)
  }
  return scale(out, <f32>1 / total)
}

/** Linear colour at the located point. */
export function colourAt(texture: i32): v128 { return sample(texture, true) }
/** Linear value at the located point: all four channels. */
export function dataAt(texture: i32): v128 { return sample(texture, false) }
export function channelAt(texture: i32, channel: i32): f32 {
  const v = sample(texture, false)
  return channel == 0 ? X(v) : channel == 1 ? Y(v) : channel == 2 ? Z(v) : f32x4.extract_lane(v, 3)
}
