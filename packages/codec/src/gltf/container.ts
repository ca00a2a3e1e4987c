import { CodecError } from '../error.ts'
import { Reader } from '../reader.ts'

export interface GltfNode {
  readonly name?: string
  readonly mesh?: number
  readonly skin?: number
  readonly children?: readonly number[]
  readonly matrix?: readonly number[]
  readonly translation?: readonly number[]
  readonly rotation?: readonly number[]
  readonly scale?: readonly number[]
}

interface Extended {
  readonly extensions?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

/** A material's extensions, its own and those on its pictures. */
export interface GltfJsonMaterial extends Extended {
  readonly pbrMetallicRoughness?: { readonly baseColorTexture?: Extended; readonly metallicRoughnessTexture?: Extended }
  readonly normalTexture?: Extended
  readonly occlusionTexture?: Extended
  readonly emissiveTexture?: Extended
}

/** The parts of glTF's JSON that are looked at here; gltf-transform reads the others. */
export interface GltfJson {
  readonly asset?: { readonly version?: string }
  readonly scene?: number
  readonly scenes?: readonly { readonly nodes?: readonly number[] }[]
  readonly nodes?: readonly GltfNode[]
  readonly buffers?: readonly { readonly uri?: string; readonly byteLength: number }[]
  readonly images?: readonly { readonly uri?: string }[]
  readonly textures?: readonly { readonly source?: number; readonly sampler?: number }[]
  readonly samplers?: readonly { readonly wrapS?: number; readonly wrapT?: number }[]
  readonly materials?: readonly GltfJsonMaterial[]
  readonly skins?: readonly unknown[]
  readonly animations?: readonly unknown[]
  readonly extensionsUsed?: readonly string[]
  extensionsRequired?: string[]
}

/** Splits a GLB, or takes a .gltf's JSON. Throws CodecError on what is neither. */
export function openContainer(bytes: Uint8Array): { json: GltfJson; binary?: Uint8Array } {
  const glb = bytes[0] === 0x67 && bytes[1] === 0x6c && bytes[2] === 0x54 && bytes[3] === 0x46
  if (!glb) return { json: parse(bytes) }
  const reader = new Reader(bytes, 'glb')
  reader.u32('the signature')
  const version = reader.u32('the version')
  if (version !== 2) throw new CodecError('glb.unsupported', `GLB version ${version} is not read`, 'byte 4', 'Export it as glTF 2.0')
  reader.u32('the length')
  let json: GltfJson | undefined
  let binary: Uint8Array | undefined
  while (reader.left >= 8) {
    const length = reader.u32('a chunk length')
    const type = reader.u32('a chunk type')
    const body = reader.slice(length, 'a chunk')
    if (type === 0x4e4f534a && !json) json = parse(body)
    else if (type === 0x004e4942 && !binary) binary = body.slice()
  }
  if (!json) throw new CodecError('glb.corrupt', 'the GLB has no JSON chunk', undefined, 'Fetch or export it again')
  return { json, ...(binary ? { binary } : {}) }
}

function parse(bytes: Uint8Array): GltfJson {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    throw new CodecError(
      'gltf.syntax',
      `neither GLB nor glTF: ${error instanceof Error ? error.message : error}`,
      undefined,
      'Check the file type',
      error,
    )
  }
  const version = (json as GltfJson | null)?.asset?.version
  if (typeof version !== 'string' || !version.startsWith('2.'))
    throw new CodecError('gltf.unsupported', `glTF version ${version ?? '(none)'} is not read`, 'asset.version', 'Export it as glTF 2.0')
  return json as GltfJson
}
