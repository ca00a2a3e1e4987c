/** Materials as the kernel reads them: one record a material slot of every object. */
import { type Animated, isKeyframes, type Material, numberAt, type TextureRef, type Vec3, vec3At } from '@dioramic/scene'
import type { Kernel } from './kernel.ts'
import * as L from './layout.ts'

const CHANNELS = ['r', 'g', 'b', 'a']
/** Least index of refraction: at 1 the half vector of a straight passage vanishes, and glass of index 1 would be black instead of not there. */
const MIN_IOR = 1.001
type Number_ = Animated<number> | TextureRef

const isTexture = (value: unknown): value is TextureRef => typeof value === 'object' && value !== null && 'texture' in value

/** Pictures a material reads. */
export function texturesOf(material: Material): string[] {
  const fields = [material.baseColor, material.metallic, material.roughness, material.emission, material.opacity, material.normalMap]
  return fields.filter(isTexture).map(f => f.texture)
}

function emits(m: Material): boolean {
  const some = isTexture(m.emission) || isKeyframes(m.emission) || m.emission.some(x => x > 0)
  return some && (isKeyframes(m.emissionStrength) || m.emissionStrength > 0)
}
export const isCutOut = (m: Material) => isTexture(m.opacity) || m.opacity < 1

/** Bit 0: cut out; bit 1: emits. */
export const instanceFlags = (materials: readonly Material[]): number =>
  (materials.some(isCutOut) ? 1 : 0) | (materials.some(emits) ? 2 : 0)

/** Writes the record at `at` for time `t`. `albedoOf` gives the address of the tables for an index of refraction. */
export function writeMaterial(
  kernel: Kernel,
  at: number,
  m: Material,
  t: number,
  textureIndex: ReadonlyMap<string, number>,
  albedoOf: (ior: number, glass: boolean) => number,
): void {
  const f32 = (offset: number, value: number) => kernel.setF32(at + offset, value)
  const i32 = (offset: number, value: number) => kernel.setU32(at + offset, value)
  const number = (offset: number, texture: number, channel: number | null, value: Number_) => {
    f32(offset, isTexture(value) ? 1 : numberAt(value, t))
    i32(texture, isTexture(value) ? (textureIndex.get(value.texture) ?? -1) : -1)
    if (channel !== null) i32(channel, isTexture(value) ? CHANNELS.indexOf(value.channel) : 0)
  }
  const color = (offset: number, texture: number, value: Animated<Vec3> | TextureRef, factor: number) => {
    const c = isTexture(value) ? ([1, 1, 1] as const) : vec3At(value, t)
    for (let i = 0; i < 3; i++) f32(offset + i * 4, c[i]! * factor)
    f32(offset + 12, 0)
    i32(texture, isTexture(value) ? (textureIndex.get(value.texture) ?? -1) : -1)
  }
  const strength = numberAt(m.emissionStrength, t)
  const ior = Math.max(MIN_IOR, numberAt(m.ior, t))
  color(L.MATERIAL_BASE, L.MATERIAL_BASE_TEXTURE, m.baseColor, 1)
  color(L.MATERIAL_EMISSION, L.MATERIAL_EMISSION_TEXTURE, m.emission, strength)
  number(L.MATERIAL_METALLIC, L.MATERIAL_METALLIC_TEXTURE, L.MATERIAL_METALLIC_CHANNEL, m.metallic)
  number(L.MATERIAL_ROUGHNESS, L.MATERIAL_ROUGHNESS_TEXTURE, L.MATERIAL_ROUGHNESS_CHANNEL, m.roughness)
  number(L.MATERIAL_OPACITY, L.MATERIAL_OPACITY_TEXTURE, L.MATERIAL_OPACITY_CHANNEL, m.opacity)
  f32(L.MATERIAL_IOR, ior)
  f32(L.MATERIAL_SPECULAR, numberAt(m.specular, t))
  f32(L.MATERIAL_TRANSMISSION, numberAt(m.transmission, t))
  f32(L.MATERIAL_NORMAL_SCALE, m.normalScale)
  i32(L.MATERIAL_NORMAL_TEXTURE, m.normalMap && m.mapping.type === 'uv' ? (textureIndex.get(m.normalMap.texture) ?? -1) : -1)
  const box = m.mapping.type === 'box'
  i32(L.MATERIAL_MAPPING, box ? 1 : 0)
  const scale = m.mapping.type === 'box' ? ([1 / m.mapping.size, 1 / m.mapping.size] as const) : m.mapping.scale
  const offset = m.mapping.type === 'box' ? ([0, 0] as const) : m.mapping.offset
  f32(L.MATERIAL_SCALE_U, scale[0])
  f32(L.MATERIAL_SCALE_V, scale[1])
  f32(L.MATERIAL_OFFSET_U, offset[0])
  f32(L.MATERIAL_OFFSET_V, offset[1])
  f32(L.MATERIAL_STRENGTH, strength)
  i32(L.MATERIAL_ALBEDO, albedoOf(ior, isKeyframes(m.transmission) || m.transmission > 0))
  const textured = texturesOf(m).length > 0
  i32(L.MATERIAL_FLAGS, (emits(m) ? L.MATERIAL_EMITS : 0) | (isCutOut(m) ? L.MATERIAL_CUT_OUT : 0) | (textured ? L.MATERIAL_TEXTURED : 0))
}
