/** Layers of a principled material as Khronos' extensions say them; only those that the material has. */
import { isTexture, type Material, numberAt, type TextureRef, vec3At } from '@dioramic/scene'
import type { Document, Material as GltfMaterial, Texture, TextureInfo } from '@gltf-transform/core'
import {
  KHRMaterialsAnisotropy,
  KHRMaterialsClearcoat,
  KHRMaterialsSheen,
  KHRMaterialsSpecular,
  KHRMaterialsTransmission,
  KHRMaterialsVolume,
} from '@gltf-transform/extensions'

export interface Pictures {
  /** The picture of a use: whole, or with its channel put where glTF looks for it. */
  readonly texture: (ref: TextureRef, channel: TextureRef['channel'] | 'all') => Texture
  readonly place: (info: TextureInfo | null, ref: TextureRef) => void
  readonly note: (text: string) => void
}

type Rgb = [number, number, number]
/** A constant as it is at frame 0; a picture's factor is 1. */
const number = (v: Material['specular']) => (isTexture(v) ? 1 : numberAt(v, 0))
const color = (v: Material['specularTint']): Rgb => (isTexture(v) ? [1, 1, 1] : ([...vec3At(v, 0)] as Rgb))

export function writeLayers(document: Document, m: Material, out: GltfMaterial, { texture, place, note }: Pictures): void {
  /** Sets the picture of a field that has one, then its placement, which exists once the picture does. */
  const put = (value: unknown, channel: TextureRef['channel'] | 'all', set: (t: Texture) => unknown, info: () => TextureInfo | null) => {
    if (!isTexture(value)) return
    set(texture(value, channel))
    place(info(), value)
  }

  const [specular, tint] = [number(m.specular), color(m.specularTint)]
  if (specular !== 1 || tint.some(x => x !== 1) || isTexture(m.specular) || isTexture(m.specularTint)) {
    if (specular > 1) note('a specular factor above 1 is cut to 1, the most of glTF')
    const e = document.createExtension(KHRMaterialsSpecular).createSpecular()
    e.setSpecularFactor(Math.min(1, specular)).setSpecularColorFactor(tint)
    put(
      m.specular,
      'a',
      t => e.setSpecularTexture(t),
      () => e.getSpecularTextureInfo(),
    )
    put(
      m.specularTint,
      'all',
      t => e.setSpecularColorTexture(t),
      () => e.getSpecularColorTextureInfo(),
    )
    out.setExtension('KHR_materials_specular', e)
  }

  const transmission = number(m.transmission)
  if (transmission > 0) {
    const e = document.createExtension(KHRMaterialsTransmission).createTransmission().setTransmissionFactor(transmission)
    put(
      m.transmission,
      'r',
      t => e.setTransmissionTexture(t),
      () => e.getTransmissionTextureInfo(),
    )
    out.setExtension('KHR_materials_transmission', e)
    if (!m.thinWalled) {
      // Any thickness above 0 says that the body is solid; readers that trace rays take its extent from the mesh.
      const volume = document.createExtension(KHRMaterialsVolume).createVolume().setThicknessFactor(1)
      if (m.attenuationDistance !== undefined)
        volume.setAttenuationDistance(m.attenuationDistance).setAttenuationColor([...m.attenuationColor])
      out.setExtension('KHR_materials_volume', volume)
    }
  }

  const clearcoat = number(m.clearcoat)
  if (clearcoat > 0) {
    const e = document.createExtension(KHRMaterialsClearcoat).createClearcoat()
    e.setClearcoatFactor(clearcoat)
      .setClearcoatRoughnessFactor(number(m.clearcoatRoughness))
      .setClearcoatNormalScale(m.clearcoatNormalScale)
    put(
      m.clearcoat,
      'r',
      t => e.setClearcoatTexture(t),
      () => e.getClearcoatTextureInfo(),
    )
    put(
      m.clearcoatRoughness,
      'g',
      t => e.setClearcoatRoughnessTexture(t),
      () => e.getClearcoatRoughnessTextureInfo(),
    )
    put(
      m.clearcoatNormalMap,
      'all',
      t => e.setClearcoatNormalTexture(t),
      () => e.getClearcoatNormalTextureInfo(),
    )
    out.setExtension('KHR_materials_clearcoat', e)
  }

  const sheen = color(m.sheenColor)
  if (sheen.some(x => x > 0)) {
    const e = document.createExtension(KHRMaterialsSheen).createSheen()
    e.setSheenColorFactor(sheen).setSheenRoughnessFactor(number(m.sheenRoughness))
    put(
      m.sheenColor,
      'all',
      t => e.setSheenColorTexture(t),
      () => e.getSheenColorTextureInfo(),
    )
    put(
      m.sheenRoughness,
      'a',
      t => e.setSheenRoughnessTexture(t),
      () => e.getSheenRoughnessTextureInfo(),
    )
    out.setExtension('KHR_materials_sheen', e)
  }

  const anisotropy = number(m.anisotropy)
  if (anisotropy > 0) {
    const e = document.createExtension(KHRMaterialsAnisotropy).createAnisotropy()
    e.setAnisotropyStrength(anisotropy).setAnisotropyRotation(number(m.anisotropyRotation))
    put(
      m.anisotropyMap,
      'all',
      t => e.setAnisotropyTexture(t),
      () => e.getAnisotropyTextureInfo(),
    )
    out.setExtension('KHR_materials_anisotropy', e)
  }
}
