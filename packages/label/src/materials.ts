/** Material values at the frame's surface points: constants, keyframes and textures, in f64 (the light is made from f32). */
import {
  type Animated,
  type Image,
  isTexture,
  linearFromSrgbByte,
  numberAt,
  type Placement,
  placementOf,
  type Vec3,
  vec3At,
} from '@dioramic/scene'
import type { FrameContext } from './label.ts'
import { memo } from './memo.ts'
import { eachSurface, shadingNormals } from './normals.ts'
import { partsOf, pixelParts } from './parts.ts'
import { restPoints, surfacePoints } from './surface.ts'

const LINEAR = Float64Array.from({ length: 256 }, (_, i) => i / 255)
const SRGB = Float64Array.from({ length: 256 }, (_, i) => linearFromSrgbByte(i))
const CHANNELS = ['r', 'g', 'b', 'a']

type Field = 'baseColor' | 'roughness' | 'metallic' | 'emission'

type Wrap = 'repeat' | 'clamp' | 'mirror'
/** Texel number along one axis of n texels. */
function wrapped(i: number, n: number, wrap: Wrap): number {
  if (wrap === 'clamp') return Math.min(n - 1, Math.max(0, i))
  const period = wrap === 'mirror' ? 2 * n : n
  const k = ((i % period) + period) % period
  return k < n ? k : 2 * n - 1 - k
}

/** A picture as one field uses it. */
interface Use {
  readonly image: Image
  readonly placement: Placement
  readonly wrap: readonly [Wrap, Wrap]
}

/** Adds `weight` times the bilinear value at (u, v) of the mapping to `out`, channels 0 … 3; row 0 is at v = 1. */
function addTexel({ image, placement, wrap }: Use, u: number, v: number, table: Float64Array, weight: number, out: Float64Array): void {
  const { width, height, data } = image
  const x = (placement[0] * u + placement[1] * v + placement[2]) * width - 0.5
  const y = (1 - (placement[3] * u + placement[4] * v + placement[5])) * height - 0.5
  const fx = Math.floor(x)
  const fy = Math.floor(y)
  const ax = x - fx
  const ay = y - fy
  const x0 = wrapped(fx, width, wrap[0])
  const x1 = wrapped(fx + 1, width, wrap[0])
  const y0 = wrapped(fy, height, wrap[1])
  const y1 = wrapped(fy + 1, height, wrap[1])
  const a = 4 * (y0 * width + x0)
  const b = 4 * (y0 * width + x1)
  const c = 4 * (y1 * width + x0)
  const d = 4 * (y1 * width + x1)
  for (let i = 0; i < 4; i++) {
    // Alpha is never encoded.
    const t = i === 3 ? LINEAR : table
    const top = t[data[a + i]] + (t[data[b + i]] - t[data[a + i]]) * ax
    const bottom = t[data[c + i]] + (t[data[d + i]] - t[data[c + i]]) * ax
    out[i] += weight * (top + (bottom - top) * ay)
  }
}

/** Where a pixel reads its pictures: up to three places with weights that sum to 1. */
interface Places {
  readonly u: Float64Array
  readonly v: Float64Array
  readonly weight: Float64Array
}

/** Projections below this share are left to the others, as the light does. */
const LEAST = 0.01

/** Places and shading normals of the frame's surface points in the world, 3 a pixel. */
const inWorld = (context: FrameContext) =>
  memo(context, 'surface in the world', () => {
    const local = surfacePoints(context)
    const points = new Float64Array(local.length)
    eachSurface(context, (p, { world }) => {
      const m = 12 * context.primary.instance[p]
      const [x, y, z] = local.subarray(3 * p, 3 * p + 3)
      for (let i = 0; i < 3; i++)
        points[3 * p + i] = world[m + 4 * i] * x + world[m + 4 * i + 1] * y + world[m + 4 * i + 2] * z + world[m + 4 * i + 3]
    })
    return { points, normals: shadingNormals(context) }
  })

/** Blended projections along the world's axes: fourth powers of the normal. */
function worldPlaces(context: FrameContext, p: number, size: number, places: Places): void {
  const { points, normals } = inWorld(context)
  project(
    [0, 1, 2].map(i => points[3 * p + i] / size),
    [0, 1, 2].map(i => normals[3 * p + i]),
    places,
  )
}

/** The same along the object's axes, of the mesh at rest. */
function boxPlaces(context: FrameContext, p: number, size: number, places: Places): void {
  const k = context.primary.instance[p]
  const { mesh } = context.resolved.objects[k]
  const { scale } = context.resolved.scene.objects[k]
  const { positions, indices, normals } = mesh
  const f = 3 * context.primary.primitive[p]
  const point = restPoints(context)
  const at = [0, 1, 2].map(i => (point[3 * p + i] * scale[i]) / size)
  const corner = (source: ArrayLike<number>, c: number, i: number) => source[3 * indices[f + c] + i]
  let n: number[]
  if (normals) {
    const u = context.primary.u[p]
    const v = context.primary.v[p]
    n = [0, 1, 2].map(i => ((1 - u - v) * corner(normals, 0, i) + u * corner(normals, 1, i) + v * corner(normals, 2, i)) / scale[i])
  } else {
    const [a, b] = [1, 2].map(c => [0, 1, 2].map(i => (corner(positions, c, i) - corner(positions, 0, i)) * scale[i]))
    n = [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
  }
  project(at, n, places)
}

function project(at: readonly number[], n: readonly number[], places: Places): void {
  const length = n[0] * n[0] + n[1] * n[1] + n[2] * n[2]
  const fourth = n.map(x => ((x * x) / length) * ((x * x) / length))
  const sum = Math.max(fourth[0] + fourth[1] + fourth[2], 1e-20)
  let total = 0
  for (let i = 0; i < 3; i++) {
    const w = fourth[i] / sum
    places.weight[i] = w > LEAST ? w : 0
    total += places.weight[i]
    places.u[i] = i === 0 ? at[1] : at[0]
    places.v[i] = i === 2 ? at[1] : at[2]
  }
  for (let i = 0; i < 3; i++) places.weight[i] /= total
}

function uvPlaces(context: FrameContext, p: number, places: Places): void {
  const { primary } = context
  const { uvs, indices } = context.resolved.objects[primary.instance[p]].mesh
  places.weight.fill(0)
  places.weight[0] = 1
  places.u[0] = 0
  places.v[0] = 0
  if (!uvs) return
  const f = 3 * primary.primitive[p]
  const [a, b, c] = [2 * indices[f], 2 * indices[f + 1], 2 * indices[f + 2]]
  const u = primary.u[p]
  const v = primary.v[p]
  places.u[0] = (1 - u - v) * uvs[a] + u * uvs[b] + v * uvs[c]
  places.v[0] = (1 - u - v) * uvs[a + 1] + u * uvs[b + 1] + v * uvs[c + 1]
}

const constantOf = (value: Animated<number> | Animated<Vec3>, t: number, channels: number): readonly number[] =>
  channels === 1 ? [numberAt(value as Animated<number>, t)] : vec3At(value as Animated<Vec3>, t)

/** Values of one field, `channels` a pixel (1 or 3), linear; zeros at a miss. */
function evaluate(context: FrameContext, field: Field, channels: 1 | 3): Float64Array {
  const { instance } = context.primary
  const { objects, images } = context.resolved
  const parts = pixelParts(context)
  const out = new Float64Array(channels * instance.length)
  const slots = objects.map(({ materials }) =>
    materials.map(material => {
      const value = material[field]
      const factor = field === 'emission' ? numberAt(material.emissionStrength, context.time) : 1
      if (!isTexture(value)) return { constant: constantOf(value, context.time, channels).map(x => x * factor), factor }
      const use: Use = {
        image: images.get(value.texture)!,
        placement: placementOf(value, material.mapping),
        wrap: value.wrap ?? ['repeat', 'repeat'],
      }
      return { material, use, channel: CHANNELS.indexOf(value.channel), factor }
    }),
  )
  const places: Places = { u: new Float64Array(3), v: new Float64Array(3), weight: new Float64Array(3) }
  const texel = new Float64Array(4)
  for (let p = 0; p < instance.length; p++) {
    const k = instance[p]
    if (k < 0) continue
    const slot = slots[k][parts[p]]
    if (slot.constant) {
      for (let i = 0; i < channels; i++) out[channels * p + i] = slot.constant[i]
      continue
    }
    const { mapping } = slot.material
    if (mapping.type === 'uv') uvPlaces(context, p, places)
    else if (mapping.space === 'world') worldPlaces(context, p, mapping.size, places)
    else boxPlaces(context, p, mapping.size, places)
    texel.fill(0)
    for (let i = 0; i < 3; i++)
      if (places.weight[i] > 0) addTexel(slot.use, places.u[i], places.v[i], channels === 3 ? SRGB : LINEAR, places.weight[i], texel)
    for (let i = 0; i < channels; i++) out[channels * p + i] = slot.factor * texel[channels === 1 ? slot.channel : i]
  }
  return out
}

/** Base colour, linear Rec. 709, 3 a pixel. */
export const albedoValues = (context: FrameContext): Float64Array => evaluate(context, 'baseColor', 3)
export const roughnessValues = (context: FrameContext): Float64Array => evaluate(context, 'roughness', 1)
export const metallicValues = (context: FrameContext): Float64Array => evaluate(context, 'metallic', 1)
/** Radiance emitted, W/(m² sr), 3 a pixel. */
export const emissionValues = (context: FrameContext): Float64Array => evaluate(context, 'emission', 3)

/** 0 … 1 as 0 … 65535. */
export function quantizeUnit(values: Float64Array): Uint16Array {
  const out = new Uint16Array(values.length)
  for (let i = 0; i < out.length; i++) out[i] = Math.round(65535 * Math.min(1, Math.max(0, values[i])))
  return out
}

/** Numbers of `pick` of every pixel's part; 0 at a miss. */
export function partNumbers(context: FrameContext, pick: 'id' | 'material'): Uint16Array {
  const { instance } = context.primary
  const table = partsOf(context.resolved)
  const parts = pixelParts(context)
  const out = new Uint16Array(instance.length)
  for (let p = 0; p < out.length; p++) if (instance[p] >= 0) out[p] = table[instance[p]][parts[p]][pick]
  return out
}
