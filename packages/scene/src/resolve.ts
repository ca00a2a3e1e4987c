/** A scene with every reference replaced by its value: meshes, pictures, environment maps. What physics, rendering and labels read. */
import type { HdrImage, Image, Mesh } from './mesh.ts'
import type { Material } from './schema/material.ts'
import type { Scene } from './schema/scene.ts'

export interface ResolvedObject {
  /** Index into `scene.objects`, and the renderer's instance number. */
  readonly index: number
  /** Key of the mesh: equal keys share one `Mesh` value (and one BVH). */
  readonly meshKey: string
  readonly mesh: Mesh
  /** Convex hulls for collision, unscaled object frame; empty for a plane. */
  readonly hulls: readonly Float32Array[]
  /** One a part of the mesh. */
  readonly materials: readonly Material[]
  /** Bounds of the unscaled mesh. */
  readonly bounds: { readonly min: readonly [number, number, number]; readonly max: readonly [number, number, number] }
}

export interface ResolvedScene {
  readonly scene: Scene
  readonly objects: readonly ResolvedObject[]
  /** Pictures by the name that materials use: a key of `scene.textures`, or `<object id>/<picture>` of an asset. */
  readonly images: ReadonlyMap<string, Image>
  /** Environment that lights, null without one; `background` is what camera rays see (the same value when there is only one). */
  readonly environment: { readonly light: HdrImage; readonly background: HdrImage } | null
}
