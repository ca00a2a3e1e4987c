/** What Khronos' extensions add to materials: numbers, colours and pictures. */
import { CodecError } from '../error.ts'
import type { GltfJson, GltfJsonMaterial } from './container.ts'
import type { GltfLayers, GltfTexture } from './gltf.ts'

export const READ_EXTENSIONS = [
  'KHR_materials_anisotropy',
  'KHR_materials_clearcoat',
  'KHR_materials_emissive_strength',
  'KHR_materials_ior',
  'KHR_materials_sheen',
  'KHR_materials_specular',
  'KHR_materials_transmission',
  'KHR_materials_volume',
  'KHR_texture_transform',
] as const
type Extension = (typeof READ_EXTENSIONS)[number]

function refuse(extension: string, field: string, value: unknown): never {
  throw new CodecError('gltf.number', `${extension} has the ${field} ${JSON.stringify(value)}`, 'materials', 'Export it again')
}
const isNumber = (v: unknown): v is number => typeof v === 'number' && Number.isFinite(v)

const WRAPS: Record<number, GltfTexture['wrapS']> = { 33071: 'clamp', 33648: 'mirror', 10497: 'repeat' }
export const wrapOf = (mode: number | undefined): GltfTexture['wrapS'] => WRAPS[mode ?? 10497] ?? 'repeat'

/** Everything extensions say of a material, with what each is where left out. */
export function extensionsOf(json: GltfJsonMaterial, file: GltfJson, images: number): GltfLayers & { readonly emissiveStrength: number } {
  const value = (extension: Extension, field: string): unknown => json.extensions?.[extension]?.[field]
  /** A number ≥ `least`. */
  const number = (extension: Extension, field: string, absent: number, least = 0): number => {
    const v = value(extension, field) ?? absent
    return v === absent || (isNumber(v) && v >= least) ? (v as number) : refuse(extension, field, v)
  }
  const color = (extension: Extension, field: string, absent: number): readonly [number, number, number] => {
    const v = value(extension, field) ?? [absent, absent, absent]
    return Array.isArray(v) && v.length === 3 && v.every(x => isNumber(x) && x >= 0) ? [v[0], v[1], v[2]] : refuse(extension, field, v)
  }
  const texture = <K extends string>(key: K, extension: Extension, field: string): { [P in K]?: GltfTexture } => {
    const info = value(extension, field) as { index?: unknown; texCoord?: unknown } | undefined
    if (info === undefined) return {}
    const { source, sampler } = file.textures?.[info.index as number] ?? {}
    if (source === undefined || !(source >= 0 && source < images)) return refuse(extension, field, info)
    const { wrapS, wrapT } = file.samplers?.[sampler ?? -1] ?? {}
    return {
      [key]: {
        image: source,
        texCoord: isNumber(info.texCoord) ? info.texCoord : 0,
        wrapS: wrapOf(wrapS),
        wrapT: wrapOf(wrapT),
        ...transformOf(info),
      },
    } as { [P in K]?: GltfTexture }
  }
  const scale = (value('KHR_materials_clearcoat', 'clearcoatNormalTexture') as { scale?: unknown } | undefined)?.scale
  return {
    emissiveStrength: number('KHR_materials_emissive_strength', 'emissiveStrength', 1),
    ior: number('KHR_materials_ior', 'ior', 1.5),
    specular: number('KHR_materials_specular', 'specularFactor', 1),
    ...texture('specularTexture', 'KHR_materials_specular', 'specularTexture'),
    specularColor: color('KHR_materials_specular', 'specularColorFactor', 1),
    ...texture('specularColorTexture', 'KHR_materials_specular', 'specularColorTexture'),
    transmission: number('KHR_materials_transmission', 'transmissionFactor', 0),
    ...texture('transmissionTexture', 'KHR_materials_transmission', 'transmissionTexture'),
    thickness: number('KHR_materials_volume', 'thicknessFactor', 0),
    attenuationDistance: number('KHR_materials_volume', 'attenuationDistance', Number.POSITIVE_INFINITY),
    attenuationColor: color('KHR_materials_volume', 'attenuationColor', 1),
    clearcoat: number('KHR_materials_clearcoat', 'clearcoatFactor', 0),
    ...texture('clearcoatTexture', 'KHR_materials_clearcoat', 'clearcoatTexture'),
    clearcoatRoughness: number('KHR_materials_clearcoat', 'clearcoatRoughnessFactor', 0),
    ...texture('clearcoatRoughnessTexture', 'KHR_materials_clearcoat', 'clearcoatRoughnessTexture'),
    clearcoatNormalScale: isNumber(scale) ? scale : 1,
    ...texture('clearcoatNormalTexture', 'KHR_materials_clearcoat', 'clearcoatNormalTexture'),
    sheenColor: color('KHR_materials_sheen', 'sheenColorFactor', 0),
    ...texture('sheenColorTexture', 'KHR_materials_sheen', 'sheenColorTexture'),
    sheenRoughness: number('KHR_materials_sheen', 'sheenRoughnessFactor', 0),
    ...texture('sheenRoughnessTexture', 'KHR_materials_sheen', 'sheenRoughnessTexture'),
    anisotropy: number('KHR_materials_anisotropy', 'anisotropyStrength', 0),
    anisotropyRotation: number('KHR_materials_anisotropy', 'anisotropyRotation', 0, Number.NEGATIVE_INFINITY),
    ...texture('anisotropyTexture', 'KHR_materials_anisotropy', 'anisotropyTexture'),
  }
}

/** How a picture lies on its coordinates, where KHR_texture_transform says so. */
export function transformOf(info: unknown): Pick<GltfTexture, 'transform'> & { readonly texCoord?: number } {
  const t = (info as GltfJsonMaterial | undefined)?.extensions?.['KHR_texture_transform']
  if (!t) return {}
  const pair = (v: unknown, absent: number): readonly [number, number] =>
    Array.isArray(v) && v.length === 2 && v.every(isNumber) ? [v[0], v[1]] : [absent, absent]
  return {
    ...(isNumber(t['texCoord']) ? { texCoord: t['texCoord'] } : {}),
    transform: { offset: pair(t['offset'], 0), scale: pair(t['scale'], 1), rotation: isNumber(t['rotation']) ? t['rotation'] : 0 },
  }
}
