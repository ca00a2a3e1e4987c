import type { GltfMaterial, GltfScene, GltfTexture } from '@dioramic/codec'
import type { Image } from '../mesh.ts'
import type { Material, TextureRef } from '../schema/material.ts'
import { decodeByte, encode } from '../textures/srgb.ts'
import { withPictures } from './principled.ts'

type Factor = readonly [number, number, number, number]

/** A picture with each channel multiplied: colour channels in linear light when `srgb`, else as stored. */
function multiplied(image: Image, factor: Factor, srgb: boolean): Image {
  const tables = factor.map((f, channel) =>
    Uint8Array.from({ length: 256 }, (_, b) => {
      const value = srgb && channel < 3 ? encode(Math.min(1, decodeByte(b) * f)) : Math.min(1, (b / 255) * f)
      return Math.round(value * 255)
    }),
  )
  return { ...image, data: image.data.map((b, i) => tables[i & 3]![b]!) }
}

/** A picture whose alpha is 255 where it reaches the cut-off and 0 elsewhere. */
const cutOut = (image: Image, cutoff: number): Image => ({
  ...image,
  data: image.data.map((b, i) => ((i & 3) === 3 ? (b >= cutoff * 255 ? 255 : 0) : b)),
})

/** One place for all pictures of a material: v runs down in glTF and up here. */
function mappingOf(textures: readonly (GltfTexture | undefined)[], name: string, warnings: string[]): Material['mapping'] {
  const used = textures.filter(t => t !== undefined)
  const { offset, scale, rotation } = used[0]?.transform ?? { offset: [0, 0], scale: [1, 1], rotation: 0 }
  if (used.some(t => JSON.stringify(t.transform) !== JSON.stringify(used[0]!.transform)))
    warnings.push(`material "${name}" places its pictures differently; all are placed as the first`)
  if (rotation !== 0) warnings.push(`material "${name}" turns its pictures; they are not turned`)
  return { type: 'uv', scale: [scale[0], scale[1]], offset: [offset[0], 1 - scale[1] - offset[1]] }
}

/**
 * A glTF material as a principled one. Factors on pictures are baked into copies, since a material here has a number or a picture.
 * `put` keeps a picture under a name and gives the texture name.
 */
export function principledFromGltf(
  m: GltfMaterial,
  scene: Pick<GltfScene, 'images'>,
  put: (name: string, image: Image) => string,
  warnings: string[],
): Material {
  const source = (t: GltfTexture) => scene.images[t.image]!
  const check = (t: GltfTexture | undefined) => {
    if (t && t.texCoord !== 0) warnings.push(`material "${m.name}" uses texture coordinates ${t.texCoord}; the first set is used`)
    return t
  }
  const base = check(m.baseColorTexture)
  const rough = check(m.metallicRoughnessTexture)
  const glow = check(m.emissionTexture)
  const bump = check(m.normalTexture)
  const one = (f: readonly number[]) => f.every(x => x === 1)
  const named = (t: GltfTexture, kind: string, make: ((image: Image) => Image) | null) =>
    put(make ? `${t.image}-${kind}-${m.name || 'material'}` : `${t.image}`, make ? make(source(t)) : source(t))

  const mask = m.alphaMode === 'mask' && base !== undefined
  const baseFactor: Factor = m.alphaMode === 'opaque' ? [m.baseColor[0], m.baseColor[1], m.baseColor[2], 1] : m.baseColor
  const needsBase = !one(baseFactor) || (mask && m.alphaCutoff !== 0.5)
  const baseName =
    base &&
    named(
      base,
      'color',
      needsBase ? i => (mask ? cutOut(multiplied(i, baseFactor, true), m.alphaCutoff) : multiplied(i, baseFactor, true)) : null,
    )
  const roughFactor: Factor = [1, m.roughness, m.metallic, 1]
  const roughName = rough && named(rough, 'rough', one(roughFactor) ? null : i => multiplied(i, roughFactor, false))
  const brightest = Math.max(...m.emission)
  const glowFactor: Factor =
    brightest > 0 ? [m.emission[0] / brightest, m.emission[1] / brightest, m.emission[2] / brightest, 1] : [0, 0, 0, 1]
  const glowName = glow && brightest > 0 ? named(glow, 'glow', one(glowFactor) ? null : i => multiplied(i, glowFactor, true)) : undefined
  const alpha = m.alphaMode === 'mask' ? (m.baseColor[3] >= m.alphaCutoff ? 1 : 0) : m.baseColor[3]
  const ref = (texture: string | undefined, channel: TextureRef['channel'] = 'r') =>
    texture === undefined ? undefined : { texture, channel }
  const clamp = (x: number) => Math.min(1, Math.max(0, x))
  const values = {
    baseColor: [clamp(m.baseColor[0]), clamp(m.baseColor[1]), clamp(m.baseColor[2])],
    roughness: clamp(m.roughness),
    metallic: clamp(m.metallic),
    ior: Math.min(4, Math.max(1, m.ior)),
    specular: Math.min(2, m.specular),
    transmission: clamp(m.transmission),
    mapping: mappingOf([base, rough, glow, bump], m.name, warnings),
    emission: m.emission.map(x => Math.max(0, x)),
    emissionStrength: glowName ? brightest : 1,
    opacity: m.alphaMode === 'opaque' ? 1 : clamp(alpha),
    normalScale: Math.max(0, m.normalScale),
  } as Partial<Material>
  return withPictures(values, {
    baseColor: ref(baseName),
    roughness: ref(roughName, 'g'),
    metallic: ref(roughName, 'b'),
    emission: ref(glowName),
    opacity: m.alphaMode === 'opaque' ? undefined : ref(baseName, 'a'),
    normalMap: bump && ref(named(bump, 'normal', null)),
  })
}
