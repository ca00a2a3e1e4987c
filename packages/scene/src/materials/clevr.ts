/**
 * The two materials of CLEVR (Johnson et al. 2017) with the parameters that Kubric gives them, said in our terms.
 *
 * Kubric sets Blender 2.93's Principled BSDF: metal has metallic 1, roughness 0.2, ior 2.5; rubber metallic 0, roughness 0.7, specular 0.33,
 * ior 1.25. There the dielectric reflectance is F0 = 0.08 · specular, and ior only bends transmitted light, of which there is none; with metallic 1 the
 * reflectance is the colour alone. We have F0 = specular · ((ior − 1)/(ior + 1))². So rubber's F0 = 0.0264 is `specular` 1 and `ior` =
 * (1 + √F0)/(1 − √F0) = 1.388, and metal keeps 2.5, which has no effect. Both roughnesses mean α = roughness², as ours.
 */
import type { MaterialInput } from './preset.ts'

export const clevrRubber: MaterialInput = { metallic: 0, roughness: 0.7, ior: 1.388, specular: 1 }
export const clevrMetal: MaterialInput = { metallic: 1, roughness: 0.2, ior: 2.5 }
