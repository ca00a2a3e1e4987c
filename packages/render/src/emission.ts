/** About how much light the triangles of a mesh emit, to choose among them by; what the kernel then reads is exact. */
import {
  type Image,
  isTexture,
  type Material,
  type Mesh,
  numberAt,
  placementOf,
  type ResolvedObject,
  type ResolvedScene,
  type TextureRef,
  vec3At,
} from '@dioramic/scene'
import { luminance } from './lights.ts'
import { srgbDecode } from './tables.ts'

/** Share of a textured triangle's estimate that is the picture's mean: what the look-ups miss is still chosen at times. */
const EVEN = 0.1
/** Where a triangle is looked up: the middles of its 16 quarters' quarters, as weights of its second and third corner. */
const PLACES = Array.from({ length: 4 }, (_, i) =>
  Array.from({ length: 4 - i }, (_, j) => [[i + 1 / 3, j + 1 / 3] as const, ...(i + j < 3 ? [[i + 2 / 3, j + 2 / 3] as const] : [])]),
)
  .flat(2)
  .map(([u, v]) => [u / 4, v / 4] as const)

/** Luminance that triangle `i` of an object emits at time t, about. */
export type EmissionOf = (object: ResolvedObject, t: number) => (triangle: number) => number

/** Looks pictures up once a scene. */
export function emissionOf({ images }: ResolvedScene): EmissionOf {
  const pictures = new Map<string, Luminances>()
  const looked = new Map<string, Float32Array>()
  const textured = (object: ResolvedObject, part: number, mapping: Material['mapping'], ref: TextureRef): Float32Array => {
    const key = `${object.index} ${part}`
    let found = looked.get(key)
    if (!found) {
      let picture = pictures.get(ref.texture)
      if (!picture) {
        picture = luminancesOf(images.get(ref.texture)!)
        pictures.set(ref.texture, picture)
      }
      found = lookUp(object.mesh, part, mapping, ref, picture)
      looked.set(key, found)
    }
    return found
  }
  return (object, t) => {
    const parts = object.mesh.parts.map((part, i) => {
      const m = object.materials[i]!
      const strength = numberAt(m.emissionStrength, t) * (isTexture(m.opacity) ? 1 : m.opacity)
      const values = isTexture(m.emission) ? textured(object, i, m.mapping, m.emission) : null
      const even = isTexture(m.emission) ? 0 : strength * luminance(vec3At(m.emission, t))
      return { end: part.firstTriangle + part.triangles, first: part.firstTriangle, strength, values, even }
    })
    return triangle => {
      const part = parts.find(p => triangle < p.end)
      if (!part) return 0
      return part.values ? part.strength * part.values[triangle - part.first]! : part.even
    }
  }
}

interface Luminances {
  readonly width: number
  readonly height: number
  readonly values: Float32Array
  readonly mean: number
}

function luminancesOf({ width, height, data }: Image): Luminances {
  const linear = Float64Array.from({ length: 256 }, (_, i) => srgbDecode(i))
  const values = Float32Array.from({ length: width * height }, (_, i) =>
    luminance([linear[data[i * 4]!]!, linear[data[i * 4 + 1]!]!, linear[data[i * 4 + 2]!]!]),
  )
  return { width, height, values, mean: values.reduce((s, x) => s + x, 0) / values.length }
}

/** Mean of a few texels of every triangle of a part. */
function lookUp(
  { uvs, indices, parts }: Mesh,
  part: number,
  mapping: Material['mapping'],
  ref: TextureRef,
  picture: Luminances,
): Float32Array {
  const { firstTriangle, triangles } = parts[part]!
  const out = new Float32Array(triangles)
  if (mapping.type !== 'uv' || !uvs) return out.fill(picture.mean)
  const { width, height, values, mean } = picture
  const m = placementOf(ref, mapping)
  const wrapped = (x: number, n: number) => Math.min(n - 1, Math.floor((x - Math.floor(x)) * n))
  for (let i = 0; i < triangles; i++) {
    const [a, b, c] = [0, 1, 2].map(k => 2 * indices[(firstTriangle + i) * 3 + k]!) as [number, number, number]
    let sum = 0
    for (const [v, w] of PLACES) {
      const at = (k: number) => (1 - v - w) * uvs[a + k]! + v * uvs[b + k]! + w * uvs[c + k]!
      const [x, y] = [m[0] * at(0) + m[1] * at(1) + m[2], m[3] * at(0) + m[4] * at(1) + m[5]]
      sum += values[wrapped(1 - y, height) * width + wrapped(x, width)]!
    }
    out[i] = (1 - EVEN) * (sum / PLACES.length) + EVEN * mean
  }
  return out
}
