// The surface at a hit: position, normals, material values.
import {
  INSTANCE_BYTES, INSTANCE_MATERIAL, INSTANCE_MESH, INSTANCE_SCALE, MATERIAL_BASE, MATERIAL_BASE_TEXTURE, MATERIAL_BYTES, MATERIAL_EMISSION, MATERIAL_EMISSION_TEXTURE,
  MATERIAL_EMITS, MATERIAL_FLAGS, MATERIAL_METALLIC, MATERIAL_METALLIC_CHANNEL, MATERIAL_METALLIC_TEXTURE, MATERIAL_NORMAL_SCALE, MATERIAL_NORMAL_TEXTURE,
  MATERIAL_ROUGHNESS, MATERIAL_ROUGHNESS_CHANNEL, MATERIAL_ROUGHNESS_TEXTURE, MATERIAL_STRENGTH, MATERIAL_TEXTURED, MESH_KNOTS, MESH_NORMALS, MESH_POSITIONS, MESH_SLOTS,
  MESH_UVS, MESH_VERTEX_STRIDE, P_INSTANCES, P_MATERIALS, VERTEX_BYTES,
} from '../src/layout'
import { channelAt, colourAt, corners, dataAt, i0, i1, i2, locate, mix3 } from './texture'
import { between, findMoment, hitInstance, hitPrimitive, hitU, hitV, interval, matrix, poseAt } from './trace'
import { X, Y, Z, abs4, add, cross, dot, lerp, madd, maxComponent, mul, neg, normalize, scale, sub, transformPoint, transformTransposed, transformVector } from './vec'

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

/** Evaluates the hit for a viewer towards `wo`, after `findMaterial`. */
export function evaluateSurface(wo: v128, time: f32): void {
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
  const mat = material
  const flags = load<u32>(mat, MATERIAL_FLAGS)
  colour = v128.load(mat, MATERIAL_BASE)
  metallic = load<f32>(mat, MATERIAL_METALLIC)
  roughness = load<f32>(mat, MATERIAL_ROUGHNESS)
  emission = v128.load(mat, MATERIAL_EMISSION)
  if (flags & MATERIAL_TEXTURED) {
    locate(mat, mesh, instance + INSTANCE_SCALE, hitU, hitV)
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
    t = load<i32>(mat, MATERIAL_NORMAL_TEXTURE)
    const uvs = load<usize>(mesh, MESH_UVS)
    if (t >= 0 && uvs != 0) n = bump(mat, t, m, uvs, e1, e2, n)
  }
  // A shading normal that faces away from the viewer would show the inside: bend it back to just above the horizon.
  const c = dot(n, wo)
  if (c < 0.01) n = normalize(madd(n, wo, <f32>0.01 - c))
  shading = n
}

/** Tangent-space normal map (glTF: +Y up), tangents from the uv of the triangle. */
function bump(mat: usize, texture: i32, m: usize, uvs: usize, e1: v128, e2: v128, n: v128): v128 {
  const a: usize = uvs + i0 * VERTEX_BYTES, b: usize = uvs + i1 * VERTEX_BYTES, c: usize = uvs + i2 * VERTEX_BYTES
  const u1 = load<f32>(b) - load<f32>(a), v1 = load<f32>(b, 4) - load<f32>(a, 4)
  const u2 = load<f32>(c) - load<f32>(a), v2 = load<f32>(c, 4) - load<f32>(a, 4)
  const det = u1 * v2 - u2 * v1
  if (det == 0) return n
  let tangent = transformVector(m, scale(sub(scale(e1, v2), scale(e2, v1)), <f32>1 / det))
  let bitangent = transformVector(m, scale(sub(scale(e2, u1), scale(e1, u2)), <f32>1 / det))
  tangent = normalize(sub(tangent, scale(n, dot(tangent, n))))
  const right = cross(n, tangent)
  bitangent = dot(right, bitangent) < 0 ? neg(right) : right
  const t = dataAt(texture)
  const s = load<f32>(mat, MATERIAL_NORMAL_SCALE)
  const x = (X(t) * <f32>2 - <f32>1) * s
  const y = (Y(t) * <f32>2 - <f32>1) * s
  const z = max<f32>(Z(t) * <f32>2 - <f32>1, 0.02)
  const r = normalize(add(add(scale(tangent, x), scale(bitangent, y)), scale(n, z)))
  return dot(r, geometric) > 0 ? r : n
}
