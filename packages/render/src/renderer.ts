/** A renderer: one kernel, one scene at a time. */
import type { Motion } from '@dioramic/physics'
import type { Mesh, ResolvedScene } from '@dioramic/scene'
import { BlasCache } from './blas.ts'
import { fillRoom, makeRoom } from './deforming.ts'
import { denoiseFrame } from './denoise.ts'
import { emissionOf } from './emission.ts'
import { uploadEnvironment } from './environment.ts'
import { RenderError } from './errors.ts'
import { type LoadedEnvironment, renderFrame } from './frame.ts'
import { Kernel } from './kernel.ts'
import * as L from './layout.ts'
import { rememberTree } from './light-tree.ts'
import { writeMaterial } from './materials.ts'
import { buildQueryScene, queryBytes } from './query-scene.ts'
import { allocateQueryRoom, createRayQuery } from './ray-query.ts'
import { createTables } from './tables.ts'
import type { LoadedScene, RayQuery, Renderer } from './types.ts'
import { uploadScene } from './upload.ts'

/** BVHs kept across scenes, bytes. */
const CACHE_BYTES = 128 * 1048576
/** Queries that are kept: labels ask for a frame's time, and those of its neighbours, again and again. */
const KEPT_QUERIES = 4

/** Instantiates the kernel: one renderer a thread. */
export async function createRenderer(module: WebAssembly.Module): Promise<Renderer> {
  const kernel = await Kernel.instantiate(module)
  const cache = new BlasCache(CACHE_BYTES)
  const tables = createTables(kernel)
  const start = kernel.mark()
  let generation = 0

  const load = (resolved: ResolvedScene, motion: Motion): LoadedScene => {
    kernel.release(start)
    const mine = ++generation
    const check = () => {
      if (mine !== generation)
        throw new RenderError('this scene is no longer loaded: another was loaded or the renderer was disposed of. Load it again.')
    }
    const memory = uploadScene(kernel, cache, resolved)
    const materials = kernel.alloc(Math.max(1, memory.materialCount) * L.MATERIAL_BYTES, 'materials')
    const writeMaterials = (t: number) => {
      resolved.objects.forEach((object, i) => {
        object.materials.forEach((m, k) => {
          writeMaterial(kernel, materials + (memory.objects[i]!.material + k) * L.MATERIAL_BYTES, m, t, memory.textureOf, tables)
        })
      })
    }
    tables.reset()
    writeMaterials(0)
    kernel.setU32(L.P_MATERIALS, materials)
    kernel.setU32(L.P_TEXTURES, memory.textures)
    const room = allocateQueryRoom(kernel)
    const bytes = queryBytes(memory.objects.length)
    const queryNodes = kernel.alloc(bytes.nodes, 'ray queries')
    const queryInstances = kernel.alloc(bytes.instances, 'ray queries')
    kernel.setU32(L.P_QUERY_TLAS, queryNodes)
    kernel.setU32(L.P_QUERY_INSTANCES, queryInstances)
    const rooms = new Map(
      resolved.objects.flatMap(({ deformation, index }, i) =>
        deformation ? [[i, makeRoom(kernel, memory.objects[i]!, 1, `object "${resolved.scene.objects[index]!.name}"`)]] : [],
      ),
    )
    const shown = new Map<number, Mesh>()
    const environment = uploadEnvironments(kernel, resolved)
    const context = {
      kernel,
      resolved,
      motion,
      memory,
      environment,
      emission: emissionOf(resolved),
      lampTree: rememberTree(),
      emitterTree: rememberTree(),
      writeMaterials,
    }
    let active: object | null = null
    const asked = new Map<number, RayQuery>()
    return {
      resolved,
      rays(t) {
        check()
        const known = asked.get(t)
        if (known) return known
        const scene = buildQueryScene(kernel, memory, rooms, resolved, motion, t)
        const query = createRayQuery(kernel, room, t, () => {
          check()
          if (active === scene) return
          kernel.u8.set(scene.nodes, queryNodes)
          kernel.u8.set(scene.instances, queryInstances)
          for (const [i, shape] of scene.shapes) {
            if (shown.get(i) === shape) continue
            fillRoom(kernel, memory.objects[i]!, rooms.get(i)!, [shape])
            shown.set(i, shape)
          }
          active = scene
        })
        for (const [first] of asked) if (asked.size >= KEPT_QUERIES) asked.delete(first)
        asked.set(t, query)
        return query
      },
      radiance(request) {
        check()
        return renderFrame(context, request)
      },
      denoise(frame, beside) {
        return denoiseFrame(kernel, frame, beside)
      },
    }
  }
  return {
    load,
    memoryBytes: () => kernel.call.memory.buffer.byteLength,
    dispose() {
      generation++
    },
  }
}

function uploadEnvironments(kernel: Kernel, resolved: ResolvedScene): LoadedEnvironment | null {
  if (!resolved.environment) return null
  const { light, background } = resolved.environment
  const lit = uploadEnvironment(kernel, light, 'environment.light', true)
  return { light: lit, background: background === light ? lit : uploadEnvironment(kernel, background, 'environment.background', false) }
}
