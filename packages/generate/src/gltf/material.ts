import { encodePng } from '@dioramic/codec'
import { type Image, type Material, numberAt, type TextureRef, vec3At } from '@dioramic/scene'
import type { Document, Material as GltfMaterial, Texture, TextureInfo } from '@gltf-transform/core'
import {
  KHRMaterialsEmissiveStrength,
  KHRMaterialsIOR,
  KHRMaterialsSpecular,
  KHRMaterialsTransmission,
  KHRTextureTransform,
} from '@gltf-transform/extensions'
import { packed, withAlpha } from './pictures.ts'

const isRef = (v: unknown): v is TextureRef => typeof v === 'object' && v !== null && 'texture' in v

/** Principled materials as glTF's metallic-roughness ones; equal materials and pictures are written once. Animated values keep those of frame 0. */
export class MaterialWriter {
  private readonly document: Document
  private readonly images: ReadonlyMap<string, Image>
  private readonly note: (text: string) => void
  private readonly made = new Map<Material, { material: GltfMaterial; index: number }>()
  private readonly textures = new Map<string, Texture>()

  constructor(document: Document, images: ReadonlyMap<string, Image>, note: (text: string) => void) {
    this.document = document
    this.images = images
    this.note = note
  }

  /** `mapped`: whether its mesh has texture coordinates. */
  of(m: Material, mapped: boolean): { readonly material: GltfMaterial; readonly index: number } {
    const known = this.made.get(m)
    if (known) return known
    const index = this.made.size
    const material = this.document.createMaterial(`material-${index}`).setDoubleSided(true)
    const entry = { material, index }
    this.made.set(m, entry)
    this.surface(m, material)
    this.extensions(m, material)
    if (m.mapping.type === 'box')
      this.note('materials mapped by box projection have no texture coordinates in glTF; readers use those of the mesh')
    else if (!mapped && Object.values(m).some(isRef)) this.note('a textured material is on a mesh without texture coordinates')
    return entry
  }

  private surface(m: Material, out: GltfMaterial): void {
    const color = m.baseColor
    const opacity = m.opacity
    if (isRef(color)) {
      const alpha = isRef(opacity) ? opacity : undefined
      const key = alpha ? `${color.texture} · ${alpha.texture}.${alpha.channel}` : `${color.texture} ·`
      out.setBaseColorTexture(
        this.texture(key, () => withAlpha(this.image(color), alpha && { image: this.image(alpha), channel: alpha.channel })),
      )
      this.place(out.getBaseColorTextureInfo(), m)
    }
    const [r, g, b] = isRef(color) ? [1, 1, 1] : vec3At(color, 0)
    out.setBaseColorFactor([r, g, b, isRef(opacity) ? 1 : opacity])
    if (isRef(opacity)) {
      out.setAlphaMode('MASK').setAlphaCutoff(0.5)
      if (!isRef(color)) this.note('a cut-out picture on a plain colour is left out: glTF keeps opacity in the colour picture')
    } else if (opacity < 1) out.setAlphaMode('BLEND')

    const { metallic, roughness } = m
    if (isRef(metallic) || isRef(roughness)) {
      const part = (v: Material['metallic']) => (isRef(v) ? { image: this.image(v), channel: v.channel } : { value: numberAt(v, 0) })
      const name = (v: Material['metallic']) => (isRef(v) ? `${v.texture}.${v.channel}` : `${numberAt(v, 0)}`)
      out.setMetallicRoughnessTexture(
        this.texture(`rough ${name(roughness)} metal ${name(metallic)}`, () => packed(part(roughness), part(metallic))),
      )
      this.place(out.getMetallicRoughnessTextureInfo(), m)
      out.setMetallicFactor(1).setRoughnessFactor(1)
    } else out.setMetallicFactor(numberAt(metallic, 0)).setRoughnessFactor(numberAt(roughness, 0))

    if (m.normalMap) {
      out
        .setNormalTexture(this.texture(`${m.normalMap.texture} ·`, () => withAlpha(this.image(m.normalMap!))))
        .setNormalScale(m.normalScale)
      this.place(out.getNormalTextureInfo(), m)
    }
  }

  private extensions(m: Material, out: GltfMaterial): void {
    const strength = numberAt(m.emissionStrength, 0)
    const emission = isRef(m.emission) ? [1, 1, 1] : vec3At(m.emission, 0)
    const glow = Math.max(...emission) * strength
    if (glow > 0) {
      if (isRef(m.emission)) {
        const { emission: picture } = m
        out.setEmissiveTexture(this.texture(`${picture.texture} ·`, () => withAlpha(this.image(picture as TextureRef))))
        this.place(out.getEmissiveTextureInfo(), m)
      }
      const most = Math.max(...emission)
      out.setEmissiveFactor(emission.map(e => e / most) as [number, number, number])
      if (most * strength !== 1)
        out.setExtension(
          'KHR_materials_emissive_strength',
          this.document
            .createExtension(KHRMaterialsEmissiveStrength)
            .createEmissiveStrength()
            .setEmissiveStrength(most * strength),
        )
    }
    const ior = numberAt(m.ior, 0)
    if (ior !== 1.5) out.setExtension('KHR_materials_ior', this.document.createExtension(KHRMaterialsIOR).createIOR().setIOR(ior))
    const specular = numberAt(m.specular, 0)
    if (specular !== 1) {
      if (specular > 1) this.note('a specular factor above 1 is cut to 1, the most of glTF')
      out.setExtension(
        'KHR_materials_specular',
        this.document.createExtension(KHRMaterialsSpecular).createSpecular().setSpecularFactor(Math.min(1, specular)),
      )
    }
    const transmission = numberAt(m.transmission, 0)
    if (transmission > 0)
      out.setExtension(
        'KHR_materials_transmission',
        this.document.createExtension(KHRMaterialsTransmission).createTransmission().setTransmissionFactor(transmission),
      )
  }

  private image(ref: TextureRef): Image {
    return this.images.get(ref.texture)!
  }

  private texture(key: string, make: () => Image): Texture {
    let texture = this.textures.get(key)
    if (!texture) {
      const { width, height, data } = make()
      const png = encodePng({ width, height, channels: 4, bitDepth: 8, data })
      texture = this.document.createTexture(key.replace(/ ·$/, '')).setMimeType('image/png').setImage(Uint8Array.from(png))
      this.textures.set(key, texture)
    }
    return texture
  }

  /** Scale and offset of the texture coordinates; v runs down in glTF. */
  private place(info: TextureInfo | null, { mapping }: Material): void {
    if (!info || mapping.type !== 'uv') return
    const { scale, offset } = mapping
    if (scale[0] === 1 && scale[1] === 1 && offset[0] === 0 && offset[1] === 0) return
    const transform = this.document.createExtension(KHRTextureTransform).createTransform()
    info.setExtension('KHR_texture_transform', transform.setScale([...scale]).setOffset([offset[0], 1 - scale[1] - offset[1]]))
  }
}
