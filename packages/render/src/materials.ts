/** Materials as the kernel reads them: one record a material slot of every object. */
import {
  type Animated,
  isKeyframes,
  isTexture,
  type Material,
  numberAt,
  portable,
  type TextureRef,
  type Vec3,
  vec3At,
} from '@dioramic/scene'
import type { Kernel } from './kernel.ts'
import * as L from './layout.ts'
import { type TextureNumbers, textureUses } from './textures.ts'

const CHANNELS = ['r', 'g', 'b', 'a']
/** Least index of refraction: at 1 the half vector of a straight passage vanishes, and glass of index 1 would be black instead of not there. */
const MIN_IOR = 1.001
type Number_ = Animated<number> | TextureRef

function emits(m: Material): boolean {
  return some(m.emission) && (isKeyframes(m.emissionStrength) || m.emissionStrength > 0)
}
export const isCutOut = (m: Material) => isTexture(m.opacity) || m.opacity < 1

/** Bit 0: cut out; bit 1: emits. */
export const instanceFlags = (materials: readonly Material[]): number =>
  (materials.some(isCutOut) ? 1 : 0) | (materials.some(emits) ? 2 : 0)

const some = (value: Animated<Vec3> | TextureRef) => isTexture(value) || isKeyframes(value) || value.some(x => x > 0)
const positive = (value: Number_) => isTexture(value) || isKeyframes(value) || value > 0
const isAnisotropic = (m: Material) => positive(m.anisotropy)
const isTinted = (m: Material) => isTexture(m.specularTint) || isKeyframes(m.specularTint) || m.specularTint.some(x => x !== 1)

/** Whether the surface has more than the plain lobes, or pictures that only layered surfaces may have. */
const isLayered = (m: Material) =>
  isAnisotropic(m) ||
  isTinted(m) ||
  positive(m.clearcoat) ||
  some(m.sheenColor) ||
  m.thinWalled ||
  isTexture(m.specular) ||
  isTexture(m.transmission)

/** Addresses of tables that materials read; asking for one makes it. */
export interface MaterialTables {
  albedo(ior: number, glass: boolean): number
  albedo2(ior: number, metal: boolean, coat: boolean, glass: boolean): number
  layers(clearcoat: boolean, sheen: boolean): void
}

/** Writes the record at `at` for time `t`. */
export function writeMaterial(kernel: Kernel, at: number, m: Material, t: number, textureOf: TextureNumbers, tables: MaterialTables): void {
  const f32 = (offset: number, value: number) => kernel.setF32(at + offset, value)
  const i32 = (offset: number, value: number) => kernel.setU32(at + offset, value)
  const number = (offset: number, texture: number, channel: number | null, value: Number_) => {
    f32(offset, isTexture(value) ? 1 : numberAt(value, t))
    i32(texture, isTexture(value) ? textureOf(value, m.mapping, false) : -1)
    if (channel !== null) i32(channel, isTexture(value) ? CHANNELS.indexOf(value.channel) : 0)
  }
  const color = (offset: number, texture: number, value: Animated<Vec3> | TextureRef, factor: number) => {
    const c = isTexture(value) ? ([1, 1, 1] as const) : vec3At(value, t)
    for (let i = 0; i < 3; i++) f32(offset + i * 4, c[i]! * factor)
    f32(offset + 12, 0)
    i32(texture, isTexture(value) ? textureOf(value, m.mapping, true) : -1)
  }
  const strength = numberAt(m.emissionStrength, t)
  const ior = Math.max(MIN_IOR, numberAt(m.ior, t))
  color(L.MATERIAL_BASE, L.MATERIAL_BASE_TEXTURE, m.baseColor, 1)
  color(L.MATERIAL_EMISSION, L.MATERIAL_EMISSION_TEXTURE, m.emission, strength)
  number(L.MATERIAL_METALLIC, L.MATERIAL_METALLIC_TEXTURE, L.MATERIAL_METALLIC_CHANNEL, m.metallic)
  number(L.MATERIAL_ROUGHNESS, L.MATERIAL_ROUGHNESS_TEXTURE, L.MATERIAL_ROUGHNESS_CHANNEL, m.roughness)
  number(L.MATERIAL_OPACITY, L.MATERIAL_OPACITY_TEXTURE, L.MATERIAL_OPACITY_CHANNEL, m.opacity)
  f32(L.MATERIAL_IOR, ior)
  f32(L.MATERIAL_SPECULAR, isTexture(m.specular) ? 1 : numberAt(m.specular, t))
  f32(L.MATERIAL_TRANSMISSION, isTexture(m.transmission) ? 1 : numberAt(m.transmission, t))
  f32(L.MATERIAL_NORMAL_SCALE, m.normalScale)
  i32(L.MATERIAL_NORMAL_TEXTURE, m.normalMap && m.mapping.type === 'uv' ? textureOf(m.normalMap, m.mapping, false) : -1)
  i32(L.MATERIAL_MAPPING, m.mapping.type === 'uv' ? 0 : m.mapping.space === 'object' ? 1 : 2)
  f32(L.MATERIAL_BOX_SCALE, m.mapping.type === 'box' ? 1 / m.mapping.size : 1)
  f32(L.MATERIAL_STRENGTH, strength)
  const glass = positive(m.transmission)
  i32(L.MATERIAL_ALBEDO, tables.albedo(ior, glass))
  const layered = isLayered(m)
  const absorbs = m.attenuationDistance !== undefined && glass && !m.thinWalled
  const bumped = m.bumpMap !== undefined && m.bumpHeight !== 0
  const flags =
    (emits(m) ? L.MATERIAL_EMITS : 0) |
    (isCutOut(m) ? L.MATERIAL_CUT_OUT : 0) |
    (textureUses(m).length > 0 ? L.MATERIAL_TEXTURED : 0) |
    (layered ? L.MATERIAL_LAYERED : 0) |
    (isAnisotropic(m) ? L.MATERIAL_ANISOTROPIC : 0) |
    (m.thinWalled ? L.MATERIAL_THIN : 0) |
    (absorbs ? L.MATERIAL_ABSORBS : 0) |
    (bumped ? L.MATERIAL_BUMPED : 0)
  i32(L.MATERIAL_FLAGS, flags)
  if (layered || absorbs || bumped) writeLayers()

  function writeLayers(): void {
    /** A texture and its channel in one slot. */
    const slot = (offset: number, value: unknown, colour = false) => {
      i32(offset, isTexture(value) ? textureOf(value, m.mapping, colour) * 4 + CHANNELS.indexOf(value.channel) : -1)
    }
    const packed = (offset: number, texture: number, value: Number_) => {
      f32(offset, isTexture(value) ? 1 : numberAt(value, t))
      slot(texture, value)
    }
    const packedColor = (offset: number, texture: number, value: Animated<Vec3> | TextureRef) => {
      color(offset, texture, value, 1)
      slot(texture, value, true)
    }
    packedColor(L.MATERIAL_TINT, L.MATERIAL_TINT_TEXTURE, m.specularTint)
    packedColor(L.MATERIAL_SHEEN, L.MATERIAL_SHEEN_TEXTURE, m.sheenColor)
    packed(L.MATERIAL_SHEEN_ROUGHNESS, L.MATERIAL_SHEEN_ROUGHNESS_TEXTURE, m.sheenRoughness)
    packed(L.MATERIAL_CLEARCOAT, L.MATERIAL_CLEARCOAT_TEXTURE, m.clearcoat)
    packed(L.MATERIAL_CLEARCOAT_ROUGHNESS, L.MATERIAL_CLEARCOAT_ROUGHNESS_TEXTURE, m.clearcoatRoughness)
    f32(L.MATERIAL_CLEARCOAT_NORMAL_SCALE, m.clearcoatNormalScale)
    const uv = m.mapping.type === 'uv'
    slot(L.MATERIAL_CLEARCOAT_NORMAL_TEXTURE, uv ? m.clearcoatNormalMap : undefined)
    f32(L.MATERIAL_ANISOTROPY, numberAt(m.anisotropy, t))
    const turn = numberAt(m.anisotropyRotation, t)
    f32(L.MATERIAL_ANISOTROPY_COS, portable.cos(turn))
    f32(L.MATERIAL_ANISOTROPY_SIN, portable.sin(turn))
    slot(L.MATERIAL_ANISOTROPY_TEXTURE, uv ? m.anisotropyMap : undefined)
    f32(L.MATERIAL_BUMP_HEIGHT, m.bumpHeight)
    slot(L.MATERIAL_BUMP_TEXTURE, m.bumpMap)
    slot(L.MATERIAL_SPECULAR_TEXTURE, m.specular)
    slot(L.MATERIAL_TRANSMISSION_TEXTURE, m.transmission)
    for (let c = 0; c < 3; c++)
      f32(L.MATERIAL_ABSORPTION + 4 * c, absorbs ? absorptionOf(m.attenuationColor[c]!, m.attenuationDistance!) : 0)
    i32(
      L.MATERIAL_ALBEDO_2,
      isAnisotropic(m) ? tables.albedo2(ior, positive(m.metallic) || m.thinWalled || isTinted(m), m.metallic !== 1, glass) : 0,
    )
    tables.layers(positive(m.clearcoat), some(m.sheenColor))
  }
}

/** Absorption a metre that leaves `share` of light after `distance` metres; black after it is 1e-6. */
const absorptionOf = (share: number, distance: number) => -portable.log(Math.max(1e-6, share)) / distance
