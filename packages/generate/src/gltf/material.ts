import { encodePng } from '@dioramic/codec'
import { type Image, isTexture, type Material, numberAt, placementOf, portable, type TextureRef, vec3At } from '@dioramic/scene'
import type { Document, Material as GltfMaterial, Texture, TextureInfo } from '@gltf-transform/core'
import { KHRMaterialsEmissiveStrength, KHRMaterialsIOR, KHRTextureTransform } from '@gltf-transform/extensions'
import { writeLayers } from './layers.ts'
import { packed, spread, withAlpha } from './pictures.ts'

/** glTF's numbers of them. */
const WRAPS = { repeat: 10497, clamp: 33071, mirror: 33648 } as const

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
    else if (!mapped && Object.values(m).some(isTexture)) this.note('a textured material is on a mesh without texture coordinates')
    return entry
  }

  private surface(m: Material, out: GltfMaterial): void {
    const color = m.baseColor
    const opacity = m.opacity
    if (isTexture(color)) {
      const alpha = isTexture(opacity) ? opacity : undefined
      const key = alpha ? `${color.texture} · ${alpha.texture}.${alpha.channel}` : `${color.texture} ·`
      out.setBaseColorTexture(
        this.texture(key, () => withAlpha(this.image(color), alpha && { image: this.image(alpha), channel: alpha.channel })),
      )
      this.place(out.getBaseColorTextureInfo(), color, m)
    }
    const [r, g, b] = isTexture(color) ? [1, 1, 1] : vec3At(color, 0)
    out.setBaseColorFactor([r, g, b, isTexture(opacity) ? 1 : opacity])
    if (isTexture(opacity)) {
      out.setAlphaMode('MASK').setAlphaCutoff(0.5)
      if (!isTexture(color)) this.note('a cut-out picture on a plain colour is left out: glTF keeps opacity in the colour picture')
    } else if (opacity < 1) out.setAlphaMode('BLEND')

    const { metallic, roughness } = m
    if (isTexture(metallic) || isTexture(roughness)) {
      const part = (v: Material['metallic']) => (isTexture(v) ? { image: this.image(v), channel: v.channel } : { value: numberAt(v, 0) })
      const name = (v: Material['metallic']) => (isTexture(v) ? `${v.texture}.${v.channel}` : `${numberAt(v, 0)}`)
      out.setMetallicRoughnessTexture(
        this.texture(`rough ${name(roughness)} metal ${name(metallic)}`, () => packed(part(roughness), part(metallic))),
      )
      this.place(out.getMetallicRoughnessTextureInfo(), (isTexture(roughness) ? roughness : metallic) as TextureRef, m)
      out.setMetallicFactor(1).setRoughnessFactor(1)
    } else out.setMetallicFactor(numberAt(metallic, 0)).setRoughnessFactor(numberAt(roughness, 0))

    if (m.normalMap) {
      out
        .setNormalTexture(this.texture(`${m.normalMap.texture} ·`, () => withAlpha(this.image(m.normalMap!))))
        .setNormalScale(m.normalScale)
      this.place(out.getNormalTextureInfo(), m.normalMap, m)
    }
  }

  private extensions(m: Material, out: GltfMaterial): void {
    const strength = numberAt(m.emissionStrength, 0)
    const emission = isTexture(m.emission) ? [1, 1, 1] : vec3At(m.emission, 0)
    const glow = Math.max(...emission) * strength
    if (glow > 0) {
      if (isTexture(m.emission)) {
        const { emission: picture } = m
        out.setEmissiveTexture(this.texture(`${picture.texture} ·`, () => withAlpha(this.image(picture as TextureRef))))
        this.place(out.getEmissiveTextureInfo(), picture as TextureRef, m)
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
    writeLayers(this.document, m, out, {
      texture: (ref, channel) =>
        channel === 'all'
          ? this.texture(`${ref.texture} ·`, () => withAlpha(this.image(ref)))
          : this.texture(`${ref.texture}.${ref.channel} as ${channel}`, () =>
              spread({ image: this.image(ref), channel: ref.channel }, channel),
            ),
      place: (info, ref) => {
        this.place(info, ref, m)
      },
      note: this.note,
    })
    if (m.bumpMap) this.note('bump maps are left out: glTF has normal maps only')
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

  /** Placement and edges of a use of a picture; v runs down in glTF, so a turn stays one and the offset moves. */
  private place(info: TextureInfo | null, ref: TextureRef, { mapping }: Material): void {
    if (!info) return
    const [u, v] = ref.wrap ?? ['repeat', 'repeat']
    info.setWrapS(WRAPS[u]).setWrapT(WRAPS[v])
    if (mapping.type !== 'uv') return
    const rotation = ref.transform?.rotation ?? 0
    const own = ref.transform?.scale ?? [1, 1]
    const scale: [number, number] = [mapping.scale[0] * own[0], mapping.scale[1] * own[1]]
    const m = placementOf(ref, mapping)
    // The columns of the matrix are the turned axes, scaled.
    const [c, s] = rotation === 0 ? [1, 0] : [portable.cos(rotation), portable.sin(rotation)]
    const offset: [number, number] = [m[2] - s * scale[1], 1 - c * scale[1] - m[5]]
    if (scale[0] === 1 && scale[1] === 1 && rotation === 0 && offset[0] === 0 && offset[1] === 0) return
    const transform = this.document.createExtension(KHRTextureTransform).createTransform()
    info.setExtension('KHR_texture_transform', transform.setScale(scale).setRotation(rotation).setOffset(offset))
  }
}
