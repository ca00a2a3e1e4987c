/** What Khronos' extensions add to materials; each is a few numbers. */
import { CodecError } from '../error.ts'
import type { GltfJsonMaterial } from './container.ts'
import type { GltfMaterial, GltfTexture } from './gltf.ts'

export const READ_EXTENSIONS = [
  'KHR_materials_emissive_strength',
  'KHR_materials_ior',
  'KHR_materials_specular',
  'KHR_materials_transmission',
  'KHR_texture_transform',
] as const

/** A number of an extension, or what it is where left out. */
function number(json: GltfJsonMaterial, extension: string, field: string, absent: number): number {
  const value = json.extensions?.[extension]?.[field] ?? absent
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0)
    throw new CodecError('gltf.number', `${extension} has the ${field} ${JSON.stringify(value)}`, 'materials', 'Export it again')
  return value
}

/** Factors only: pictures of these extensions are passed over. */
export function extensionsOf(
  json: GltfJsonMaterial,
): Pick<GltfMaterial, 'ior' | 'specular' | 'transmission'> & { emissiveStrength: number } {
  return {
    emissiveStrength: number(json, 'KHR_materials_emissive_strength', 'emissiveStrength', 1),
    ior: number(json, 'KHR_materials_ior', 'ior', 1.5),
    specular: number(json, 'KHR_materials_specular', 'specularFactor', 1),
    transmission: number(json, 'KHR_materials_transmission', 'transmissionFactor', 0),
  }
}

/** How a picture lies on its coordinates, where KHR_texture_transform says so. */
export function transformOf(info: unknown): Pick<GltfTexture, 'transform'> {
  const t = (info as GltfJsonMaterial | undefined)?.extensions?.['KHR_texture_transform']
  if (!t) return {}
  const pair = (v: unknown, absent: number): readonly [number, number] =>
    Array.isArray(v) && v.length === 2 && v.every(x => Number.isFinite(x)) ? [v[0], v[1]] : [absent, absent]
  const rotation = typeof t['rotation'] === 'number' ? t['rotation'] : 0
  return { transform: { offset: pair(t['offset'], 0), scale: pair(t['scale'], 1), rotation } }
}
