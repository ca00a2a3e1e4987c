// Emissive triangles as lights: points on them, what they shine, and the density with which they are sampled.
import {
  INSTANCE_MESH, INSTANCE_SCALE, MATERIAL_CUT_OUT, MATERIAL_EMISSION, MATERIAL_EMISSION_TEXTURE, MATERIAL_FLAGS, MATERIAL_MAPPING, MATERIAL_STRENGTH, MATERIAL_TEXTURED, MESH_KNOTS,
  MESH_POSITIONS, MESH_VERTEX_STRIDE, VERTEX_BYTES,
} from '../src/layout'
import { opacityAt } from './opacity'
import { materialOf, movingVertex } from './surface'
import { colourAt, corners, i0, i1, i2, locate, locateWorld } from './texture'
import { findMoment, interval, matrix, poseAt } from './trace'
import { abs4, cross, dot, madd, maxComponent, scale, sub, transformPoint, transformVector } from './vec'

// A triangle in the world at some time: first corner, edges to the others, and what its coordinates were rounded from.
let first: v128 = f32x4(0, 0, 0, 0)
let edge1: v128 = f32x4(0, 0, 0, 0)
let edge2: v128 = f32x4(0, 0, 0, 0)
let size: f32 = 0

function place(instance: usize, primitive: i32, time: f32): void {
  const mesh = load<usize>(instance, INSTANCE_MESH)
  poseAt(instance, time)
  const m = matrix
  corners(mesh, primitive)
  let positions = load<usize>(mesh, MESH_POSITIONS)
  let a: v128, b: v128, c: v128
  if (load<i32>(mesh, MESH_KNOTS) > 1) {
    findMoment(mesh, time)
    const stride = load<usize>(mesh, MESH_VERTEX_STRIDE)
    positions += interval * stride
    a = movingVertex(positions, stride, i0)
    b = movingVertex(positions, stride, i1)
    c = movingVertex(positions, stride, i2)
  } else {
    a = v128.load(positions + i0 * VERTEX_BYTES)
    b = v128.load(positions + i1 * VERTEX_BYTES)
    c = v128.load(positions + i2 * VERTEX_BYTES)
  }
  first = transformPoint(m, a)
  edge1 = transformVector(m, sub(b, a))
  edge2 = transformVector(m, sub(c, a))
  size = maxComponent(abs4(transformVector(m, abs4(a))))
}

/** Point sampled, lifted off the triangle towards where it is seen from, and its radiance; density per solid angle, 0 for none. */
export let emitterPoint: v128 = f32x4(0, 0, 0, 0)
export let emitterDirection: v128 = f32x4(0, 0, 0, 0)
export let emitterDistance: f32 = 0
export let emitterRadiance: v128 = f32x4(0, 0, 0, 0)
export let emitterPdf: f32 = 0

/** Samples a triangle, evenly by area, as p sees it. */
export function sampleEmitter(instance: usize, primitive: i32, p: v128, time: f32, u: f32, v: f32): void {
  emitterPdf = 0
  place(instance, primitive, time)
  // Second and third barycentric coordinate (Turk, Graphics Gems 1990).
  const root = sqrt<f32>(u)
  const b = root * (<f32>1 - v)
  const c = root * v
  const q = madd(madd(first, edge1, b), edge2, c)
  const d = sub(q, p)
  const d2 = dot(d, d)
  if (!(d2 > 0)) return
  emitterDistance = sqrt<f32>(d2)
  emitterDirection = scale(d, <f32>1 / emitterDistance)
  const normal = cross(edge1, edge2)
  const facing = dot(emitterDirection, normal)
  const pdf = density(d2, facing)
  if (!(pdf < <f32>1e18)) return
  const lift = (maxComponent(abs4(q)) + size) * <f32>3e-6 + <f32>1e-7
  emitterPoint = madd(q, normal, (facing < 0 ? lift : -lift) / sqrt<f32>(dot(normal, normal)))
  emitterRadiance = shine(instance, primitive, b, c)
  emitterPdf = pdf
}

/** Density of `sampleEmitter`, per solid angle, for a ray along `direction` that meets the triangle at distance t. */
export function emitterDensity(instance: usize, primitive: i32, direction: v128, t: f32, time: f32): f32 {
  place(instance, primitive, time)
  return density(t * t, dot(direction, cross(edge1, edge2)))
}

/** Distance² over area times cosine; the product of the edges is twice the area. */
@inline function density(d2: f32, facing: f32): f32 { return <f32>2 * d2 / abs(facing) }

/** Radiance of a point of a triangle, times its opacity. */
function shine(instance: usize, primitive: i32, u: f32, v: f32): v128 {
  const material = materialOf(instance, primitive)
  const mesh = load<usize>(instance, INSTANCE_MESH)
  const flags = load<u32>(material, MATERIAL_FLAGS)
  const texture = load<i32>(material, MATERIAL_EMISSION_TEXTURE)
  let light = v128.load(material, MATERIAL_EMISSION)
  if ((flags & MATERIAL_TEXTURED) != 0 && texture >= 0) {
    locate(material, mesh, instance + INSTANCE_SCALE, u, v)
    if (load<i32>(material, MATERIAL_MAPPING) == 2) locateWorld(material, madd(madd(first, edge1, u), edge2, v), cross(edge1, edge2))
    light = scale(colourAt(texture), load<f32>(material, MATERIAL_STRENGTH))
  }
  return (flags & MATERIAL_CUT_OUT) != 0 ? scale(light, opacityAt(material, mesh, instance + INSTANCE_SCALE, primitive, u, v)) : light
}
