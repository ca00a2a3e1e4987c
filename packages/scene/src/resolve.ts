/** A scene with every reference replaced by its value: meshes, pictures, environment maps. What physics, rendering and labels read. */
import type { Assets } from './assets.ts'
import { type Deformation, deformationOf } from './deformation/deformation.ts'
import { renderEnvironment } from './environments/render.ts'
import { bounds } from './mesh/bounds.ts'
import type { HdrImage, Image, Mesh } from './mesh.ts'
import { resolveGeometry } from './resolve-geometry.ts'
import { isTexture, type Material, materialSchema } from './schema/material.ts'
import type { SceneObject } from './schema/object.ts'
import type { Scene } from './schema/scene.ts'
import { suggest } from './suggest.ts'
import { generateTexture } from './textures/generate.ts'

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
  /** How the mesh moves by itself (`meshAt`); absent for a rigid object. `mesh` is then the mesh at rest. */
  readonly deformation?: Deformation
  /** Bounds of the unscaled mesh, at rest. */
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

/** A reference that leads nowhere, or a value that cannot be used; the message says where in the scene and what there is instead. */
export class ResolveError extends Error {
  override name = 'ResolveError'
}

/** Runs `make`; whatever it throws is told as happening at `where` in the scene. */
function at<T>(where: string, make: () => T): T {
  try {
    return make()
  } catch (error) {
    throw new ResolveError(`${where}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

const DEFAULT_MATERIAL = materialSchema.parse({})

/** One material a part: the object's own choice, else the asset's, else the default grey. */
function materialsOf(scene: Scene, object: SceneObject, mesh: Mesh, assets: Assets): Material[] {
  if (object.material !== undefined) {
    const names = [object.material].flat()
    if (names.length !== 1 && names.length !== mesh.parts.length) {
      const parts = mesh.parts.map(p => p.material ?? '(unnamed)').join(', ')
      throw new ResolveError(
        `it names ${names.length} materials, but its mesh has ${mesh.parts.length} parts (${parts}); name one, or one a part`,
      )
    }
    return mesh.parts.map((_, i) => scene.materials[names[names.length === 1 ? 0 : i]!]!)
  }
  const geometry = scene.geometries[object.geometry]!
  const own = geometry.type === 'asset' ? assets.objects.get(geometry.asset)!.materials : {}
  return mesh.parts.map(p => (p.material === null ? undefined : own[p.material]) ?? DEFAULT_MATERIAL)
}

/** Replaces every reference of a scene by its value. Throws `ResolveError`. Shapes and decompositions are made once a process. */
export function resolveScene(scene: Scene, assets: Assets): ResolvedScene {
  const collides = new Set(scene.objects.filter(o => o.body.type !== 'none').map(o => o.geometry))
  const geometries = new Map(
    [...new Set(scene.objects.map(o => o.geometry))].map(name => {
      const geometry = at(`geometries.${name}`, () => resolveGeometry(scene.geometries[name]!, assets, collides.has(name)))
      return [name, { ...geometry, bounds: bounds(geometry.mesh.positions) }] as const
    }),
  )
  // Equal geometries under two names, one of which collides, must still be one value.
  const shared = new Map<string, Mesh>()
  const images = new Map<string, Image>()
  for (const [name, texture] of Object.entries(scene.textures)) {
    images.set(
      name,
      at(`textures.${name}`, () => {
        if (texture.type === 'procedural') return generateTexture(texture)
        const image = assets.images.get(texture.asset)
        if (!image)
          throw new ResolveError(`there is no picture "${texture.asset}" among the assets; ${suggest(texture.asset, assets.images.keys())}`)
        return image
      }),
    )
  }
  const objects = scene.objects.map((object, index): ResolvedObject => {
    const { meshKey, mesh, hulls, bounds, rig } = geometries.get(object.geometry)!
    if (!shared.has(meshKey)) shared.set(meshKey, mesh)
    const materials = at(`objects.${index} "${object.name}"`, () => materialsOf(scene, object, mesh, assets))
    for (const material of object.material === undefined ? materials : []) {
      for (const value of Object.values(material)) {
        if (!isTexture(value)) continue
        const image = assets.images.get(value.texture)
        if (!image)
          throw new ResolveError(`objects.${index} "${object.name}": its asset's picture "${value.texture}" is not among the assets`)
        images.set(value.texture, image)
      }
    }
    const deforms = object.pose !== undefined || object.animation !== undefined
    const deformation = deforms ? at(`objects.${index} "${object.name}"`, () => deformationOf(object, rig)) : undefined
    if (deforms && object.body.type !== 'none')
      throw new ResolveError(
        `objects.${index} "${object.name}": it deforms and has a ${object.body.type} body, but what collides must keep its shape; set its body to { type: 'none' }, or leave its pose and animation out`,
      )
    return { index, meshKey, mesh: shared.get(meshKey)!, hulls, materials, bounds, ...(deformation ? { deformation } : {}) }
  })
  const environment = scene.environment
    ? at('environment', () => {
        const { light, background } = scene.environment!
        const lightPicture = renderEnvironment(light, assets)
        const same = background === undefined || JSON.stringify(background) === JSON.stringify(light)
        return { light: lightPicture, background: same ? lightPicture : renderEnvironment(background, assets) }
      })
    : null
  return { scene, objects, images, environment }
}
