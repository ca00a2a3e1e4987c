/** Which part (material slot) of its object's mesh each pixel shows, and numbers for all parts and materials of a scene. */
import type { Mesh, ResolvedScene } from '@dioramic/scene'
import { type FrameContext, LabelError } from './label.ts'
import { memo } from './memo.ts'

export interface Part {
  /** Number of the part, from 1, over all objects of the scene in their order. */
  readonly id: number
  /** As the mesh names it, or `part-<index>`. */
  readonly name: string
  /** Number of its material, from 1. Equal materials of a scene share it. */
  readonly material: number
  /** A key of `scene.materials`, the asset's own name for it, or `default`. */
  readonly materialName: string
}

const tables = new WeakMap<ResolvedScene, readonly (readonly Part[])[]>()

/** The parts of every object, in the scene's order. Throws `LabelError` where 16 bits cannot number them. */
export function partsOf(resolved: ResolvedScene): readonly (readonly Part[])[] {
  const known = tables.get(resolved)
  if (known) return known
  const materials = new Map<string, number>()
  let count = 0
  const made = resolved.objects.map(({ mesh, index }) => {
    const object = resolved.scene.objects[index]
    const geometry = resolved.scene.geometries[object.geometry]
    const names = object.material === undefined ? null : [object.material].flat()
    return mesh.parts.map((part, i): Part => {
      const materialName = names ? names[names.length === 1 ? 0 : i] : (part.material ?? 'default')
      // Two assets may use one name for two materials.
      const key = `${names ? 'scene' : geometry.type === 'asset' ? geometry.asset : 'default'}/${materialName}`
      if (!materials.has(key)) materials.set(key, materials.size + 1)
      return { id: ++count, name: part.material ?? `part-${i}`, material: materials.get(key)!, materialName }
    })
  })
  if (count > 65535)
    throw new LabelError(`the scene has ${count} mesh parts, but part ids are stored up to 65535: join parts of its meshes.`)
  tables.set(resolved, made)
  return made
}

const slots = new WeakMap<Mesh, Uint16Array | null>()

/** Part of every triangle; null for a mesh of one part. */
export function partOfTriangle(mesh: Mesh): Uint16Array | null {
  const known = slots.get(mesh)
  if (known !== undefined) return known
  let made: Uint16Array | null = null
  if (mesh.parts.length > 1) {
    made = new Uint16Array(mesh.indices.length / 3)
    mesh.parts.forEach((part, i) => {
      made!.fill(i, part.firstTriangle, part.firstTriangle + part.triangles)
    })
  }
  slots.set(mesh, made)
  return made
}

/** Part index, within its object, of every pixel's surface; 0 at a miss. Computed once a frame. */
export const pixelParts = (context: FrameContext): Uint16Array =>
  memo(context, 'parts', () => {
    const { instance, primitive } = context.primary
    const of = context.resolved.objects.map(({ mesh }) => partOfTriangle(mesh))
    const out = new Uint16Array(instance.length)
    for (let p = 0; p < out.length; p++) {
      const k = instance[p]
      const parts = k < 0 ? null : of[k]
      if (parts) out[p] = parts[primitive[p]]
    }
    return out
  })
