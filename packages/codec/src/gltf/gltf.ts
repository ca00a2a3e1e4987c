import type { RgbaImage } from '../jpeg.ts'
import type { MeshData } from '../mesh/mesh.ts'

/** A picture on a material. */
export interface GltfTexture {
  /** Index into `images`. */
  readonly image: number
  /** Which of the primitive's texture coordinates: 0 `uvs`, 1 `uvs1`. */
  readonly texCoord: number
  readonly wrapS: 'repeat' | 'clamp' | 'mirror'
  readonly wrapT: 'repeat' | 'clamp' | 'mirror'
}

/** glTF 2.0's metallic-roughness material; factors are linear, pictures as glTF defines them. */
export interface GltfMaterial {
  readonly name: string
  readonly baseColor: readonly [number, number, number, number]
  readonly baseColorTexture?: GltfTexture
  readonly metallic: number
  readonly roughness: number
  /** Roughness in green, metallic in blue. */
  readonly metallicRoughnessTexture?: GltfTexture
  readonly emission: readonly [number, number, number]
  readonly emissionTexture?: GltfTexture
  readonly normalScale: number
  readonly normalTexture?: GltfTexture
  readonly occlusionTexture?: GltfTexture
  readonly alphaMode: 'opaque' | 'mask' | 'blend'
  readonly alphaCutoff: number
  readonly doubleSided: boolean
}

/** Triangles of one node and material, in the scene's frame. Texture coordinates have v up, as all meshes here. */
export interface GltfPrimitive extends MeshData {
  /** Of the node, or else the mesh. */
  readonly name: string
  /** Index into `materials`, or null for the default material. */
  readonly material: number | null
  readonly uvs1?: Float32Array
}

export interface GltfScene {
  /** glTF is +Y up, metres, right-handed; nothing is turned here. */
  readonly up: 'y'
  readonly primitives: readonly GltfPrimitive[]
  readonly materials: readonly GltfMaterial[]
  readonly images: readonly RgbaImage[]
  /** How many of these the file has; they are not applied. */
  readonly skins: number
  readonly animations: number
  readonly morphTargets: number
  /** Extensions that the file uses and this reader passes over. */
  readonly ignoredExtensions: readonly string[]
}
