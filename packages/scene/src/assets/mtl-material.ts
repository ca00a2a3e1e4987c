import type { MtlMaterial } from '@dioramic/codec'
import type { Material, TextureRef } from '../schema/material.ts'
import { withPictures } from './principled.ts'

const clamp = (x: number, low: number, high: number) => Math.min(high, Math.max(low, x))
const clamp3 = (c: readonly [number, number, number]): [number, number, number] => [clamp(c[0], 0, 1), clamp(c[1], 0, 1), clamp(c[2], 0, 1)]

/**
 * A Wavefront material as a principled one. `picture` gives the texture name of a file it mentions, or null when that is missing.
 * Roughness comes from the Phong exponent by α² = 2 / (Ns + 2) (Walter et al. 2007) where the file has none.
 */
export function principledFromMtl(m: MtlMaterial, picture: (path: string) => string | null): Material {
  const ref = (path: string | undefined): TextureRef | undefined => {
    const texture = path === undefined ? null : picture(path)
    return texture === null ? undefined : { texture, channel: 'r' }
  }
  const alpha = m.shininess === undefined ? undefined : Math.sqrt(2 / (Math.max(0, m.shininess) + 2))
  const roughness = m.roughness ?? (alpha === undefined ? undefined : Math.sqrt(alpha))
  const values = {
    baseColor: m.diffuse && clamp3(m.diffuse),
    roughness: roughness && clamp(roughness, 0, 1),
    metallic: m.metallic && clamp(m.metallic, 0, 1),
    ior: m.ior === undefined || m.ior < 1 ? undefined : clamp(m.ior, 1, 4),
    // Ks 0.5 is what exporters write for an ordinary dielectric.
    specular: m.specular && clamp(((m.specular[0] + m.specular[1] + m.specular[2]) / 3) * 2, 0, 1),
    emission: m.emission?.map(x => Math.max(0, x)),
    opacity: m.opacity === undefined ? undefined : clamp(m.opacity, 0, 1),
  } as Partial<Material>
  return withPictures(values, {
    baseColor: ref(m.diffuseMap),
    roughness: ref(m.roughnessMap),
    metallic: ref(m.metallicMap),
    emission: ref(m.emissionMap),
    opacity: ref(m.opacityMap),
    normalMap: ref(m.normalMap),
  })
}
