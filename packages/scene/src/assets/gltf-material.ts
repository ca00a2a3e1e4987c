import type { GltfMaterial, GltfScene, GltfTexture } from '@dioramic/codec'
import { cos, sin } from '../maths/portable.ts'
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

/** What stands for a use of a picture: v runs down in glTF and up here, so a turn stays one and the offset moves. */
function refOf(t: GltfTexture, texture: string, channel: TextureRef['channel']): TextureRef {
  const { scale, rotation, offset } = t.transform ?? { scale: [1, 1], rotation: 0, offset: [0, 0] }
  const [c, s] = rotation === 0 ? [1, 0] : [cos(rotation), sin(rotation)]
  const moved = [offset[0] + s * scale[1], 1 - c * scale[1] - offset[1]] as const
  const placed = scale[0] !== 1 || scale[1] !== 1 || rotation !== 0 || moved[0] !== 0 || moved[1] !== 0
  return {
    texture,
    channel,
    ...(placed ? { transform: { scale: [scale[0], scale[1]], rotation, offset: [moved[0], moved[1]] } } : {}),
    ...(t.wrapS !== 'repeat' || t.wrapT !== 'repeat' ? { wrap: [t.wrapS, t.wrapT] } : {}),
  }
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
  const clamp = (x: number) => Math.min(1, Math.max(0, x))
  const ref = (t: GltfTexture | undefined, texture: string | undefined, channel: TextureRef['channel'] = 'r') =>
    t === undefined || texture === undefined ? undefined : refOf(t, texture, channel)
  const rgb = (c: readonly [number, number, number]): Material['attenuationColor'] => [clamp(c[0]), clamp(c[1]), clamp(c[2])]
  /** A number's picture, its factor baked in. */
  const scaled = (t: GltfTexture | undefined, kind: string, factor: number, channel: TextureRef['channel']) => {
    if (!check(t) || factor <= 0) return undefined
    const all = clamp(factor)
    return ref(t, named(t!, kind, all === 1 ? null : i => multiplied(i, [all, all, all, all], false)), channel)
  }
  /** A colour's. */
  const tinted = (t: GltfTexture | undefined, kind: string, c: readonly [number, number, number]) => {
    if (!check(t) || c.every(x => x <= 0)) return undefined
    return ref(t, named(t!, kind, one(c) ? null : i => multiplied(i, [c[0], c[1], c[2], 1], true)))
  }
  const volume = m.transmission > 0 && m.thickness > 0
  const values = {
    baseColor: rgb([m.baseColor[0], m.baseColor[1], m.baseColor[2]]),
    roughness: clamp(m.roughness),
    metallic: clamp(m.metallic),
    anisotropy: clamp(m.anisotropy),
    anisotropyRotation: m.anisotropyRotation,
    ior: Math.min(4, Math.max(1, m.ior)),
    specular: Math.min(2, m.specular),
    specularTint: [...m.specularColor],
    transmission: clamp(m.transmission),
    // Without a volume, what transmits is a thin wall.
    thinWalled: m.transmission > 0 && m.thickness === 0,
    attenuationDistance: volume && Number.isFinite(m.attenuationDistance) && m.attenuationDistance > 0 ? m.attenuationDistance : undefined,
    attenuationColor: rgb(m.attenuationColor),
    clearcoat: clamp(m.clearcoat),
    clearcoatRoughness: clamp(m.clearcoatRoughness),
    clearcoatNormalScale: Math.max(0, m.clearcoatNormalScale),
    sheenColor: rgb(m.sheenColor),
    sheenRoughness: m.sheenColor.some(x => x > 0) ? clamp(m.sheenRoughness) : undefined,
    emission: m.emission.map(x => Math.max(0, x)),
    emissionStrength: glowName ? brightest : 1,
    opacity: m.alphaMode === 'opaque' ? 1 : clamp(alpha),
    normalScale: Math.max(0, m.normalScale),
  } as Partial<Material>
  return withPictures(values, {
    baseColor: ref(base, baseName),
    roughness: ref(rough, roughName, 'g'),
    metallic: ref(rough, roughName, 'b'),
    emission: ref(glow, glowName),
    opacity: m.alphaMode === 'opaque' ? undefined : ref(base, baseName, 'a'),
    normalMap: bump && ref(bump, named(bump, 'normal', null)),
    specular: scaled(m.specularTexture, 'specular', m.specular, 'a'),
    specularTint: tinted(m.specularColorTexture, 'tint', m.specularColor),
    transmission: scaled(m.transmissionTexture, 'transmission', m.transmission, 'r'),
    clearcoat: scaled(m.clearcoatTexture, 'clearcoat', m.clearcoat, 'r'),
    clearcoatRoughness: scaled(m.clearcoatRoughnessTexture, 'clearcoat-roughness', m.clearcoatRoughness, 'g'),
    clearcoatNormalMap:
      check(m.clearcoatNormalTexture) && ref(m.clearcoatNormalTexture, named(m.clearcoatNormalTexture!, 'coat-normal', null)),
    sheenColor: tinted(m.sheenColorTexture, 'sheen', m.sheenColor),
    sheenRoughness: scaled(m.sheenRoughnessTexture, 'sheen-roughness', m.sheenRoughness, 'a'),
    anisotropyMap: check(m.anisotropyTexture) && ref(m.anisotropyTexture, named(m.anisotropyTexture!, 'anisotropy', null)),
  })
}
