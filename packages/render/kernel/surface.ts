// The surface at a hit: position, normals, material values.
import {
  INSTANCE_BYTES, INSTANCE_MATERIAL, INSTANCE_MESH, INSTANCE_SCALE, MATERIAL_ANISOTROPIC, MATERIAL_ANISOTROPY, MATERIAL_ANISOTROPY_COS, MATERIAL_ANISOTROPY_SIN,
  MATERIAL_ANISOTROPY_TEXTURE, MATERIAL_BASE, MATERIAL_BASE_TEXTURE, MATERIAL_BUMPED, MATERIAL_BUMP_HEIGHT, MATERIAL_BUMP_TEXTURE, MATERIAL_BYTES, MATERIAL_CLEARCOAT,
  MATERIAL_CLEARCOAT_NORMAL_SCALE, MATERIAL_CLEARCOAT_NORMAL_TEXTURE, MATERIAL_CLEARCOAT_ROUGHNESS, MATERIAL_CLEARCOAT_ROUGHNESS_TEXTURE, MATERIAL_CLEARCOAT_TEXTURE,
  MATERIAL_EMISSION, MATERIAL_EMISSION_TEXTURE, MATERIAL_EMITS, MATERIAL_FLAGS, MATERIAL_LAYERED, MATERIAL_MAPPING, MATERIAL_METALLIC, MATERIAL_METALLIC_CHANNEL,
  MATERIAL_METALLIC_TEXTURE, MATERIAL_NORMAL_SCALE, MATERIAL_NORMAL_TEXTURE, MATERIAL_ROUGHNESS, MATERIAL_ROUGHNESS_CHANNEL, MATERIAL_ROUGHNESS_TEXTURE, MATERIAL_SHEEN,
  MATERIAL_SHEEN_ROUGHNESS, MATERIAL_SHEEN_ROUGHNESS_TEXTURE, MATERIAL_SHEEN_TEXTURE, MATERIAL_SPECULAR, MATERIAL_SPECULAR_TEXTURE, MATERIAL_STRENGTH,
  MATERIAL_TEXTURED, MATERIAL_TINT, MATERIAL_TINT_TEXTURE, MATERIAL_TRANSMISSION, MATERIAL_TRANSMISSION_TEXTURE, MESH_KNOTS, MESH_NORMALS, MESH_POSITIONS, MESH_SLOTS,
  MESH_UVS, MESH_VERTEX_STRIDE, P_INSTANCES, P_MATERIALS, VERTEX_BYTES,
} from '../src/layout'
import { channelAt, colourAt, corners, dataAt, i0, i1, i2, locate, locateWorld, mix3, slopeAt, widen } from './texture'
import { between, findMoment, hitInstance, hitPrimitive, hitU, hitV, interval, matrix, poseAt } from './trace'
import { X, Y, Z, abs4, add, cross, dot, lerp, madd, maxComponent, mul, neg, normalize, scale, sub, transformPoint, transformTransposed, transformVector, vec } from './vec'

/** Address of the material record of the hit. */
export let material: usize = 0
/** World position, and unit geometric normal turned to the viewer. */
export let position: v128 = f32x4(0, 0, 0, 0)
export let geometric: v128 = f32x4(0, 0, 0, 0)
/** Unit shading normal, on the viewer's side. */
export let shading: v128 = f32x4(0, 0, 0, 0)
/** Whether the viewer is on the outer side (counter-clockwise). */
export let outside: bool = true
/** How far to lift rays off the surface, metres. */
export let lift: f32 = 0
export let colour: v128 = f32x4(0, 0, 0, 0)
export let emission: v128 = f32x4(0, 0, 0, 0)
export let metallic: f32 = 0
export let roughness: f32 = 0
export let specular: f32 = 1
export let transmission: f32 = 0
// Of layered materials alone.
export let specularTint: v128 = f32x4(1, 1, 1, 0)
export let sheen: v128 = f32x4(0, 0, 0, 0)
export let sheenRoughness: f32 = 0
export let clearcoat: f32 = 0
export let clearcoatRoughness: f32 = 0
export let anisotropy: f32 = 0
/** Unit, across the shading normal, for anisotropic materials. */
export let tangent: v128 = f32x4(1, 0, 0, 0)
/** Unit normal of the clearcoat, for layered materials. */
export let coatNormal: v128 = f32x4(0, 0, 1, 0)

/** Address of the material record of a triangle. */
@inline export function materialOf(instance: usize, primitive: i32): usize {
  const slots = load<usize>(load<usize>(instance, INSTANCE_MESH), MESH_SLOTS)
  const slot: i32 = slots == 0 ? 0 : load<u16>(slots + (primitive << 1))
  return load<usize>(P_MATERIALS) + (load<i32>(instance, INSTANCE_MATERIAL) + slot) * MATERIAL_BYTES
}

/** Finds the material of the hit in trace.ts. */
export function findMaterial(): void {
  material = materialOf(load<usize>(P_INSTANCES) + hitInstance * INSTANCE_BYTES, hitPrimitive)
}

/** Vertex i between two shapes `stride` bytes apart, at the moment last found. */
@inline export function movingVertex(base: usize, stride: usize, i: u32): v128 {
  const p: usize = base + i * VERTEX_BYTES
  return lerp(v128.load(p), v128.load(p + stride), between)
}

/** Evaluates the hit for a viewer towards `wo`, after `findMaterial`; pictures are averaged over `width` metres. */
export function evaluateSurface(wo: v128, time: f32, width: f32): void {
  const instance: usize = load<usize>(P_INSTANCES) + hitInstance * INSTANCE_BYTES
  const mesh = load<usize>(instance, INSTANCE_MESH)
  poseAt(instance, time)
  const m = matrix
  corners(mesh, hitPrimitive)
  let positions = load<usize>(mesh, MESH_POSITIONS)
  let normals = load<usize>(mesh, MESH_NORMALS)
  const moves = load<i32>(mesh, MESH_KNOTS) > 1
  let stride: usize = 0
  let p0: v128, e1: v128, e2: v128
  if (moves) {
    findMoment(mesh, time)
    stride = load<usize>(mesh, MESH_VERTEX_STRIDE)
    positions += interval * stride
    if (normals != 0) normals += interval * stride
    p0 = movingVertex(positions, stride, i0)
    e1 = sub(movingVertex(positions, stride, i1), p0)
    e2 = sub(movingVertex(positions, stride, i2), p0)
  } else {
    p0 = v128.load(positions + i0 * VERTEX_BYTES)
    e1 = sub(v128.load(positions + i1 * VERTEX_BYTES), p0)
    e2 = sub(v128.load(positions + i2 * VERTEX_BYTES), p0)
  }
  const local = madd(madd(p0, e1, hitU), e2, hitV)
  position = transformPoint(m, local)
  // Rounding of the transforms there and back, relative to everything that was added up.
  const far = add(abs4(position), abs4(transformVector(m, abs4(local))))
  lift = maxComponent(far) * <f32>3e-6 + <f32>1e-7
  let g = normalize(transformTransposed(m + 48, cross(e1, e2)))
  outside = dot(g, wo) >= 0
  if (!outside) g = neg(g)
  geometric = g
  let n = g
  if (normals != 0) {
    let local = mix3(normals, hitU, hitV)
    if (moves) local = lerp(local, mix3(normals + stride, hitU, hitV), between)
    n = normalize(transformTransposed(m + 48, local))
    if (dot(n, g) < 0) n = neg(n)
  }
  const smooth = n
  const mat = material
  const flags = load<u32>(mat, MATERIAL_FLAGS)
  loadValues(mat)
  const shaped = (flags & (MATERIAL_TEXTURED | MATERIAL_ANISOTROPIC)) != 0
  if (shaped) {
    const uvs = load<usize>(mesh, MESH_UVS)
    const framed = uvs != 0 && findTangents(m, uvs, e1, e2)
    if (flags & MATERIAL_TEXTURED) {
      locate(mat, mesh, instance + INSTANCE_SCALE, hitU, hitV)
      if (load<i32>(mat, MATERIAL_MAPPING) == 2) locateWorld(mat, position, smooth)
      if (width > 0) widen(mat, mesh, transformVector(m, e1), transformVector(m, e2), width)
      readPictures(mat, flags)
      const t = load<i32>(mat, MATERIAL_NORMAL_TEXTURE)
      if (t >= 0 && framed) n = mapped(t, load<f32>(mat, MATERIAL_NORMAL_SCALE), n)
      if (flags & MATERIAL_BUMPED) n = bumped(mat, instance, m, n, framed)
    }
    if (flags & MATERIAL_LAYERED) {
      const t = load<i32>(mat, MATERIAL_CLEARCOAT_NORMAL_TEXTURE)
      const c = t >= 0 && framed ? mapped(t >> 2, load<f32>(mat, MATERIAL_CLEARCOAT_NORMAL_SCALE), smooth) : smooth
      faceTo(wo, n, c)
      if (flags & MATERIAL_ANISOTROPIC) turnTangent(mat, m, framed)
      return
    }
  }
  faceTo(wo, n, smooth)
}

/** A normal that faces away from the viewer would show the inside: it is bent back to just above the horizon. */
@inline function facing(n: v128, wo: v128): v128 {
  const c = dot(n, wo)
  return c < 0.01 ? normalize(madd(n, wo, <f32>0.01 - c)) : n
}

/** Sets the normals of the surface and of its clearcoat for a viewer towards `wo`. */
export function faceTo(wo: v128, n: v128, coat: v128): void {
  shading = facing(n, wo)
  coatNormal = facing(coat, wo)
}

/** Loads the values of a material record, as they are without pictures. */
export function loadValues(mat: usize): void {
  colour = v128.load(mat, MATERIAL_BASE)
  metallic = load<f32>(mat, MATERIAL_METALLIC)
  roughness = load<f32>(mat, MATERIAL_ROUGHNESS)
  emission = v128.load(mat, MATERIAL_EMISSION)
  specular = load<f32>(mat, MATERIAL_SPECULAR)
  transmission = load<f32>(mat, MATERIAL_TRANSMISSION)
  if (load<u32>(mat, MATERIAL_FLAGS) & MATERIAL_LAYERED) {
    specularTint = v128.load(mat, MATERIAL_TINT)
    sheen = v128.load(mat, MATERIAL_SHEEN)
    sheenRoughness = load<f32>(mat, MATERIAL_SHEEN_ROUGHNESS)
    clearcoat = load<f32>(mat, MATERIAL_CLEARCOAT)
    clearcoatRoughness = load<f32>(mat, MATERIAL_CLEARCOAT_ROUGHNESS)
    anisotropy = load<f32>(mat, MATERIAL_ANISOTROPY)
  }
}

/** Makes the evaluated surface no smoother than α. */
export function roughen(alpha: f32): void {
  const least = sqrt<f32>(alpha)
  roughness = max<f32>(roughness, least)
  clearcoatRoughness = max<f32>(clearcoatRoughness, least)
}

/** A channel of the picture that a packed slot of the record names, or `absent` where it names none. */
@inline function packed(mat: usize, slot: usize, absent: f32): f32 {
  const t = load<i32>(mat + slot)
  return t >= 0 ? channelAt(t >> 2, t & 3) : absent
}

/** Puts what pictures say in the place of constants, at the place that `locate` found. */
function readPictures(mat: usize, flags: u32): void {
  let t = load<i32>(mat, MATERIAL_BASE_TEXTURE)
  if (t >= 0) colour = colourAt(t)
  t = load<i32>(mat, MATERIAL_METALLIC_TEXTURE)
  if (t >= 0) metallic = channelAt(t, load<i32>(mat, MATERIAL_METALLIC_CHANNEL))
  t = load<i32>(mat, MATERIAL_ROUGHNESS_TEXTURE)
  if (t >= 0) roughness = channelAt(t, load<i32>(mat, MATERIAL_ROUGHNESS_CHANNEL))
  if (flags & MATERIAL_EMITS) {
    t = load<i32>(mat, MATERIAL_EMISSION_TEXTURE)
    if (t >= 0) emission = scale(colourAt(t), load<f32>(mat, MATERIAL_STRENGTH))
  }
  if ((flags & MATERIAL_LAYERED) == 0) return
  specular = packed(mat, MATERIAL_SPECULAR_TEXTURE, specular)
  transmission = packed(mat, MATERIAL_TRANSMISSION_TEXTURE, transmission)
  t = load<i32>(mat, MATERIAL_TINT_TEXTURE)
  if (t >= 0) specularTint = colourAt(t >> 2)
  t = load<i32>(mat, MATERIAL_SHEEN_TEXTURE)
  if (t >= 0) sheen = colourAt(t >> 2)
  sheenRoughness = packed(mat, MATERIAL_SHEEN_ROUGHNESS_TEXTURE, sheenRoughness)
  clearcoat = packed(mat, MATERIAL_CLEARCOAT_TEXTURE, clearcoat)
  clearcoatRoughness = packed(mat, MATERIAL_CLEARCOAT_ROUGHNESS_TEXTURE, clearcoatRoughness)
}

// Derivatives of the position by the texture coordinates, world.
let dpdu: v128 = f32x4(0, 0, 0, 0)
let dpdv: v128 = f32x4(0, 0, 0, 0)

/** Finds them for the triangle at hand; false where its uv span no area. */
function findTangents(m: usize, uvs: usize, e1: v128, e2: v128): bool {
  const a: usize = uvs + i0 * VERTEX_BYTES, b: usize = uvs + i1 * VERTEX_BYTES, c: usize = uvs + i2 * VERTEX_BYTES
  const u1 = load<f32>(b) - load<f32>(a), v1 = load<f32>(b, 4) - load<f32>(a, 4)
  const u2 = load<f32>(c) - load<f32>(a), v2 = load<f32>(c, 4) - load<f32>(a, 4)
  const det = u1 * v2 - u2 * v1
  if (det == 0) return false
  dpdu = transformVector(m, scale(sub(scale(e1, v2), scale(e2, v1)), <f32>1 / det))
  dpdv = transformVector(m, scale(sub(scale(e2, u1), scale(e1, u2)), <f32>1 / det))
  return true
}

/** Tangent-space normal map (glTF: +Y up), tangents from the uv of the triangle. */
function mapped(texture: i32, strength: f32, n: v128): v128 {
  const x = normalize(sub(dpdu, scale(n, dot(dpdu, n))))
  const right = cross(n, x)
  const y = dot(right, dpdv) < 0 ? neg(right) : right
  const t = dataAt(texture)
  const z = max<f32>(Z(t) * <f32>2 - <f32>1, 0.02)
  const r = normalize(add(add(scale(x, (X(t) * <f32>2 - <f32>1) * strength), scale(y, (Y(t) * <f32>2 - <f32>1) * strength)), scale(n, z)))
  return dot(r, geometric) > 0 ? r : n
}

/** Bends a normal against the surface gradient of a height (Mikkelsen, "Bump mapping unparametrized surfaces on the GPU", 2010). */
function bumped(mat: usize, instance: usize, m: usize, n: v128, framed: bool): v128 {
  const t = load<i32>(mat, MATERIAL_BUMP_TEXTURE)
  const slope = slopeAt(mat, t >> 2, t & 3)
  let gradient: v128
  if (load<i32>(mat, MATERIAL_MAPPING) == 0) {
    if (!framed) return n
    // By u and v: the reciprocal basis of ∂p/∂u and ∂p/∂v in the tangent plane.
    const det = dot(n, cross(dpdu, dpdv))
    if (det == 0) return n
    gradient = scale(add(scale(cross(dpdv, n), X(slope)), scale(cross(n, dpdu), Y(slope))), <f32>1 / det)
  } else if (load<i32>(mat, MATERIAL_MAPPING) == 2) gradient = slope
  else {
    // By the scaled object's coordinates: only the rotation is left to do.
    gradient = transformVector(m, f32x4.div(slope, f32x4(load<f32>(instance, INSTANCE_SCALE), load<f32>(instance, INSTANCE_SCALE + 4), load<f32>(instance, INSTANCE_SCALE + 8), 1)))
  }
  gradient = sub(gradient, scale(n, dot(gradient, n)))
  const r = normalize(sub(n, scale(gradient, load<f32>(mat, MATERIAL_BUMP_HEIGHT))))
  return dot(r, geometric) > 0 ? r : n
}

/** The tangent of anisotropy: along u, or without uv around the object's z axis; turned by picture and angle. */
function turnTangent(mat: usize, m: usize, framed: bool): void {
  const n = shading
  const along = framed ? dpdu : cross(vec(load<f32>(m, 8), load<f32>(m, 24), load<f32>(m, 40)), n)
  let x = sub(along, scale(n, dot(along, n)))
  if (!(dot(x, x) > 1e-20)) x = cross(n, abs(X(n)) < 0.7 ? vec(1, 0, 0) : vec(0, 1, 0))
  x = normalize(x)
  const right = cross(n, x)
  const y = framed && dot(right, dpdv) < 0 ? neg(right) : right
  let c = load<f32>(mat, MATERIAL_ANISOTROPY_COS)
  let s = load<f32>(mat, MATERIAL_ANISOTROPY_SIN)
  const t = load<i32>(mat, MATERIAL_ANISOTROPY_TEXTURE)
  if (t >= 0) {
    const d = dataAt(t >> 2)
    anisotropy *= Z(d)
    const dx = X(d) * <f32>2 - <f32>1
    const dy = Y(d) * <f32>2 - <f32>1
    const l = sqrt<f32>(dx * dx + dy * dy)
    if (l > 1e-3) {
      const cos = c
      c = (cos * dx - s * dy) / l
      s = (s * dx + cos * dy) / l
    }
  }
  tangent = add(scale(x, c), scale(y, s))
}
