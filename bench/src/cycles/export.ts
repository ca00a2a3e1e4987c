/** Writes a resolved scene as a folder that render.py hands to Cycles: arrays as .npz, pictures as .png, the rest as JSON. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { encodeNpy, encodeNpz, encodePng } from '@dioramic/codec'
import type { Motion } from '@dioramic/physics'
import { type Material, materialSchema, numberAt, quatAt, type ResolvedScene, vec3At } from '@dioramic/scene'

/** What the picture of Cycles can be given of a material. */
const HANDED_OVER = new Set(['baseColor', 'metallic', 'roughness', 'ior', 'transmission', 'emission', 'emissionStrength', 'mapping'])
const PLAIN = materialSchema.parse({})

/**
 * Exports the scene at time `t`, to be filtered over `filterWidth` pixels. Materials: principled constants and uv-mapped textures
 * (what both renderers define alike).
 */
export function exportForCycles(resolved: ResolvedScene, motion: Motion, t: number, filterWidth: number, folder: string): void {
  mkdirSync(folder, { recursive: true })
  const { scene } = resolved
  const pictures = new Set<string>()
  const file = (name: string) => `${name.replaceAll('/', '--')}.png`
  const value = (v: unknown) => {
    if (typeof v === 'object' && v !== null && 'texture' in v) {
      const { texture, channel } = v as { texture: string; channel: string }
      pictures.add(texture)
      return { file: file(texture), channel }
    }
    return Array.isArray(v) ? vec3At(v as never, t) : numberAt(v as number, t)
  }
  const describe = (m: Material) => {
    const unsaid = (Object.keys(m) as (keyof Material)[]).filter(
      f => !HANDED_OVER.has(f) && JSON.stringify(m[f]) !== JSON.stringify(PLAIN[f as keyof typeof PLAIN]),
    )
    if (unsaid.length > 0) throw new Error(`the Cycles benchmark does not hand over ${unsaid.join(', ')}: use materials without`)
    if (m.mapping.type !== 'uv') throw new Error('the Cycles benchmark needs uv mapping; box mapping differs between renderers')
    return {
      baseColor: value(m.baseColor),
      metallic: value(m.metallic),
      roughness: value(m.roughness),
      ior: numberAt(m.ior, t),
      transmission: value(m.transmission),
      emission: value(m.emission),
      emissionStrength: numberAt(m.emissionStrength, t),
      uvScale: m.mapping.scale,
    }
  }
  const materials: Record<string, unknown> = {}
  const meshes = new Set<string>()
  const objects = resolved.objects.map(o => {
    const object = scene.objects[o.index]!
    const mesh = `mesh-${[...o.meshKey]
      .map(c => (/[A-Za-z0-9-]/.test(c) ? c : '_'))
      .join('')
      .slice(0, 80)}`
    if (!meshes.has(mesh)) {
      meshes.add(mesh)
      const arrays: Record<string, { shape: number[]; data: Float32Array | Uint32Array }> = {
        positions: { shape: [o.mesh.positions.length], data: o.mesh.positions },
        indices: { shape: [o.mesh.indices.length], data: o.mesh.indices },
      }
      if (o.mesh.normals) arrays['normals'] = { shape: [o.mesh.normals.length], data: o.mesh.normals }
      if (o.mesh.uvs) arrays['uvs'] = { shape: [o.mesh.uvs.length], data: o.mesh.uvs }
      writeFileSync(join(folder, `${mesh}.npz`), encodeNpz(arrays))
    }
    const material = `material-${o.index}`
    materials[material] = describe(o.materials[0]!)
    const pose = motion.pose(object.id, t)
    return { name: object.name, mesh, material, position: pose.position, rotation: pose.rotation, scale: object.scale }
  })
  for (const name of pictures) {
    const image = resolved.images.get(name)!
    writeFileSync(
      join(folder, file(name)),
      encodePng({ width: image.width, height: image.height, channels: 4, bitDepth: 8, data: image.data }),
    )
  }
  const lights = scene.lights.map(l => ({
    ...l,
    color: vec3At(l.color, t),
    ...('power' in l ? { power: numberAt(l.power, t) } : { irradiance: numberAt(l.irradiance, t) }),
    ...('rotation' in l ? { rotation: quatAt(l.rotation, t) } : {}),
    ...('position' in l ? { position: vec3At(l.position, t) } : {}),
  }))
  if (resolved.environment) {
    const { width, height, data } = resolved.environment.light
    writeFileSync(join(folder, 'environment.npy'), encodeNpy({ shape: [height, width, 3], data }))
  }
  const camera = scene.cameras[0]!
  if (camera.type !== 'pinhole') throw new Error(`the camera is ${camera.type}; Cycles gets pinholes only`)
  writeFileSync(
    join(folder, 'scene.json'),
    JSON.stringify({
      camera: {
        resolution: camera.resolution,
        position: vec3At(camera.position, t),
        rotation: quatAt(camera.rotation, t),
        focalLength: numberAt(camera.focalLength, t),
        sensorWidth: camera.sensorWidth,
      },
      filterWidth,
      environment: scene.environment ? { strength: numberAt(scene.environment.strength, t) } : null,
      lights,
      materials,
      objects,
    }),
  )
}
