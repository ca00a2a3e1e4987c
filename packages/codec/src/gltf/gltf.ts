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
  /** KHR_texture_transform: coordinates (v down) are turned by `rotation` radians, scaled, moved. */
  readonly transform?: { readonly offset: readonly [number, number]; readonly scale: readonly [number, number]; readonly rotation: number }
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
  /** KHR_materials_emissive_strength is in it. */
  readonly emission: readonly [number, number, number]
  readonly emissionTexture?: GltfTexture
  readonly normalScale: number
  readonly normalTexture?: GltfTexture
  readonly occlusionTexture?: GltfTexture
  readonly alphaMode: 'opaque' | 'mask' | 'blend'
  readonly alphaCutoff: number
  readonly doubleSided: boolean
  /** KHR_materials_ior; 1.5 without it. */
  readonly ior: number
  /** KHR_materials_specular: factor (picture: alpha) and tint; 1 and white without it. */
  readonly specular: number
  readonly specularTexture?: GltfTexture
  readonly specularColor: readonly [number, number, number]
  readonly specularColorTexture?: GltfTexture
  /** KHR_materials_transmission's factor (picture: red); 0 without it. */
  readonly transmission: number
  readonly transmissionTexture?: GltfTexture
  /** KHR_materials_volume; thickness 0 is a thin wall, as it is without the extension. Attenuation distance: metres, infinite without. */
  readonly thickness: number
  readonly attenuationDistance: number
  readonly attenuationColor: readonly [number, number, number]
  /** KHR_materials_clearcoat: factor (picture: red), roughness (green), normals; 0 without it. */
  readonly clearcoat: number
  readonly clearcoatTexture?: GltfTexture
  readonly clearcoatRoughness: number
  readonly clearcoatRoughnessTexture?: GltfTexture
  readonly clearcoatNormalScale: number
  readonly clearcoatNormalTexture?: GltfTexture
  /** KHR_materials_sheen: colour, roughness (picture: alpha); black without it. */
  readonly sheenColor: readonly [number, number, number]
  readonly sheenColorTexture?: GltfTexture
  readonly sheenRoughness: number
  readonly sheenRoughnessTexture?: GltfTexture
  /** KHR_materials_anisotropy: strength, turn in radians (picture: direction in red and green, strength in blue); 0 without it. */
  readonly anisotropy: number
  readonly anisotropyRotation: number
  readonly anisotropyTexture?: GltfTexture
}

/** Fields that Khronos' material extensions fill. */
export type GltfLayers = Omit<
  GltfMaterial,
  | 'name'
  | 'baseColor'
  | 'baseColorTexture'
  | 'metallic'
  | 'roughness'
  | 'metallicRoughnessTexture'
  | 'emission'
  | 'emissionTexture'
  | 'normalScale'
  | 'normalTexture'
  | 'occlusionTexture'
  | 'alphaMode'
  | 'alphaCutoff'
  | 'doubleSided'
>

/** A shape to mix in: what a weight of 1 adds to every vertex, scene frame. */
export interface GltfTarget {
  /** From the mesh's `extras.targetNames`, or `target-<n>`. */
  readonly name: string
  /** Weight that the file gives it at rest. */
  readonly weight: number
  readonly positions: Float32Array
  readonly normals?: Float32Array
}

/** Which nodes carry the vertices of a primitive: the joints of its skin, or its own node alone. */
export interface GltfBinding {
  /** Indices into `nodes`. */
  readonly nodes: readonly number[]
  /** Column-major 4×4 node-from-scene matrices of the pose in which `positions` are. */
  readonly inverses: readonly (readonly number[])[]
  /** Joints a vertex. */
  readonly influences: number
  /** Places in `nodes` of this binding, and weights as in the file; `influences` a vertex. */
  readonly joints: Uint32Array
  readonly weights: Float32Array
}

/**
 * Triangles of one node and material, in the scene's frame: moved by their node, or where a skin carries them by its first joint (whatever the node says).
 * Texture coordinates have v up, as all meshes here.
 */
export interface GltfPrimitive extends MeshData {
  /** Of the node, or else the mesh. */
  readonly name: string
  /** Index into `materials`, or null for the default material. */
  readonly material: number | null
  readonly uvs1?: Float32Array
  /** Index into `nodes`. */
  readonly node: number
  /** In files with skins, morph targets or animations. */
  readonly binding?: GltfBinding
  readonly targets: readonly GltfTarget[]
}

/** A node of a file that moves: its place at rest in its parent's frame. */
export interface GltfJoint {
  readonly name: string
  /** Index into `nodes`; −1 for a root. */
  readonly parent: number
  readonly translation: readonly [number, number, number]
  readonly rotation: readonly [number, number, number, number]
  readonly scale: readonly [number, number, number]
}

export interface GltfChannel {
  /** Index into `nodes`. */
  readonly node: number
  readonly path: 'translation' | 'rotation' | 'scale' | 'weights'
  readonly interpolation: 'linear' | 'step' | 'cubic'
  /** Seconds, increasing. */
  readonly times: Float32Array
  /** As many numbers a time as the path has; for `cubic` the slope before, the value and the slope after. */
  readonly values: Float32Array
}

export interface GltfAnimation {
  readonly name: string
  readonly channels: readonly GltfChannel[]
}

export interface GltfScene {
  /** glTF is +Y up, metres, right-handed; nothing is turned here. */
  readonly up: 'y'
  readonly primitives: readonly GltfPrimitive[]
  readonly materials: readonly GltfMaterial[]
  readonly images: readonly RgbaImage[]
  /** Every node, in files with skins, morph targets or animations; empty for others. */
  readonly nodes: readonly GltfJoint[]
  readonly animations: readonly GltfAnimation[]
  /** Extensions that the file uses and this reader passes over. */
  readonly ignoredExtensions: readonly string[]
}
