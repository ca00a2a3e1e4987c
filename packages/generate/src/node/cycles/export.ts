/** Writes one frame of a resolved scene as a folder that render.py hands to Cycles: arrays as .npz, pictures as .png, the rest as JSON. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { encodeNpy, encodeNpz, encodePng } from '@dioramic/codec'
import type { Motion } from '@dioramic/physics'
import {
  type Camera,
  type HdrImage,
  type Image,
  isTexture,
  type Light,
  type Material,
  materialSchema,
  meshAt,
  numberAt,
  quatAt,
  type ResolvedScene,
  vec3At,
} from '@dioramic/scene'
import { GenerateError } from '../../error.ts'

const cannot = (where: string, what: string) =>
  new GenerateError(`${where}: Cycles is not handed ${what}; render it with Diorama's own renderer, or leave it out`)

const nameOf = (text: string) => [...text].map(c => (/[A-Za-z0-9-]/.test(c) ? c : '_')).join('')

interface Shot {
  readonly resolved: ResolvedScene
  readonly motion: Motion
  /** Index into `scene.cameras`. */
  readonly camera: number
  /** Seconds: the middle of the exposure. */
  readonly time: number
  /** Full width of the pixel filter, pixels. */
  readonly filterWidth: number
  readonly folder: string
}

/** Exports a shot. Throws `GenerateError` for what the two renderers do not define alike. */
export function exportForCycles({ resolved, motion, camera, time: t, filterWidth, folder }: Shot): void {
  mkdirSync(folder, { recursive: true })
  const { scene } = resolved
  if (scene.fog) throw cannot('fog', 'fog')
  const pictures = new Set<string>()
  const materials: Record<string, unknown> = {}
  const meshes = new Set<string>()
  const { shutter } = scene.cameras[camera]!
  // Opening, middle and closing: Cycles moves things linearly between.
  const times = shutter > 0 ? [t - shutter / scene.fps / 2, t, t + shutter / scene.fps / 2] : [t]
  const objects = resolved.objects.map(o => {
    const object = scene.objects[o.index]!
    const mesh = nameOf(`mesh-${o.meshKey}${o.deformation ? `-${o.index}` : ''}`).slice(0, 120)
    if (!meshes.has(mesh)) {
      meshes.add(mesh)
      const { positions, indices, normals, uvs } = o.deformation ? meshAt(o, t) : o.mesh
      const slots = new Uint32Array(indices.length / 3)
      o.mesh.parts.forEach((p, k) => {
        slots.fill(k, p.firstTriangle, p.firstTriangle + p.triangles)
      })
      const arrays = { positions, indices, slots, ...(normals ? { normals } : {}), ...(uvs ? { uvs } : {}) }
      writeFileSync(
        join(folder, `${mesh}.npz`),
        encodeNpz(Object.fromEntries(Object.entries(arrays).map(([k, data]) => [k, { shape: [data.length], data }]))),
      )
    }
    const names = o.materials.map((m, k) => {
      const name = `material-${o.index}-${k}`
      materials[name] = material(`object "${object.name}"`, m, t, object.scale, pictures)
      return name
    })
    return { name: object.name, mesh, materials: names, poses: times.map(s => motion.pose(object.id, s)), scale: object.scale }
  })
  for (const name of pictures) {
    writeFileSync(join(folder, pictureFile(name)), pngOf(resolved.images.get(name)!))
  }
  writeFileSync(
    join(folder, 'scene.json'),
    JSON.stringify({
      camera: cameraOf(scene.cameras[camera]!, t, times),
      filterWidth,
      environment: environmentOf(resolved, t, folder),
      lights: scene.lights.map(l => lightOf(l, t)),
      materials,
      objects,
    }),
  )
}

/** Textures as PNG: packing those of a table of scans takes longer than Cycles does, and the next frame has the same. */
const packed = new WeakMap<Image, Uint8Array>()
function pngOf(image: Image): Uint8Array {
  const { width, height, data } = image
  const png = packed.get(image) ?? encodePng({ width, height, channels: 4, bitDepth: 8, data })
  packed.set(image, png)
  return png
}

const pictureFile = (name: string) => `${nameOf(name)}.png`

/** What is handed over of a material; anything else must be as it is by default. */
const HANDED = new Set(
  (
    'baseColor metallic roughness ior specular transmission attenuationDistance attenuationColor clearcoat clearcoatRoughness emission emissionStrength ' +
    'opacity normalMap normalScale mapping'
  ).split(' '),
)
const DEFAULTS: Readonly<Record<string, unknown>> = materialSchema.parse({})

function material(where: string, m: Material, t: number, scale: readonly number[], pictures: Set<string>) {
  const value = (v: unknown): unknown => {
    if (isTexture(v)) {
      const { texture, channel, transform, wrap: [u, v1] = ['repeat', 'repeat'] } = v
      if (transform && m.mapping.type === 'box') throw cannot(where, `the placing of one use of the box-mapped texture "${texture}"`)
      if (u !== v1) throw cannot(where, `the texture "${texture}", which goes on in different ways along u and v`)
      pictures.add(texture)
      return { file: pictureFile(texture), channel, transform: transform ?? null, wrap: u }
    }
    return Array.isArray(v)
      ? v
      : typeof v === 'object' && Array.isArray((v as { keys: [number, unknown][] }).keys[0]![1])
        ? vec3At(v as never, t)
        : numberAt(v as never, t)
  }
  const unsaid = Object.entries(m).filter(([k, v]) => !HANDED.has(k) && JSON.stringify(v) !== JSON.stringify(DEFAULTS[k]))
  if (unsaid.length > 0) throw cannot(where, `the material's ${unsaid.map(([k]) => k).join(', ')}`)
  if (isTexture(m.emission) && m.mapping.type === 'box') throw cannot(where, 'box-mapped emission')
  if ('space' in m.mapping && m.mapping.space === 'world') throw cannot(where, 'textures projected along the axes of the world')
  return {
    baseColor: value(m.baseColor),
    metallic: value(m.metallic),
    roughness: value(m.roughness),
    ior: value(m.ior),
    specular: value(m.specular),
    transmission: value(m.transmission),
    attenuation: m.attenuationDistance === undefined ? null : { distance: m.attenuationDistance, color: m.attenuationColor },
    clearcoat: value(m.clearcoat),
    clearcoatRoughness: value(m.clearcoatRoughness),
    emission: value(m.emission),
    emissionStrength: value(m.emissionStrength),
    opacity: value(m.opacity),
    normalMap: m.normalMap ? value(m.normalMap) : null,
    normalScale: m.normalScale,
    mapping: m.mapping.type === 'uv' ? m.mapping : { ...m.mapping, scale },
  }
}

function lightOf(l: Light, t: number) {
  return {
    ...l,
    color: vec3At(l.color, t),
    ...('power' in l ? { power: numberAt(l.power, t) } : { irradiance: numberAt(l.irradiance, t) }),
    ...('rotation' in l ? { rotation: quatAt(l.rotation, t) } : {}),
    ...('position' in l ? { position: vec3At(l.position, t) } : {}),
  }
}

function environmentOf({ environment, scene }: ResolvedScene, t: number, folder: string) {
  if (!environment || !scene.environment) return null
  const write = (name: string, { width, height, data }: HdrImage) =>
    writeFileSync(join(folder, `${name}.npy`), encodeNpy({ shape: [height, width, 3], data }))
  write('environment', environment.light)
  const apart = environment.background !== environment.light
  if (apart) write('background', environment.background)
  return { strength: numberAt(scene.environment.strength, t), rotation: numberAt(scene.environment.rotation, t), background: apart }
}

function cameraOf(camera: Camera, t: number, times: readonly number[]) {
  const where = `camera "${camera.name}"`
  if (camera.type === 'fisheye') throw cannot(where, 'fisheye lenses')
  if (camera.readout > 0) throw cannot(where, 'rolling shutters')
  const { type, resolution, shutter } = camera
  const poses = times.map(s => ({ position: vec3At(camera.position, s), rotation: quatAt(camera.rotation, s) }))
  const common = { type, resolution, shutter, poses }
  if (camera.type === 'equirectangular') return common
  const { pixelAspect, principalOffset } = camera
  if (camera.type === 'orthographic') return { ...common, pixelAspect, principalOffset, extent: numberAt(camera.extent, t) }
  if (camera.distortion) throw cannot(where, 'distorted lenses')
  return {
    ...common,
    pixelAspect,
    principalOffset,
    focalLength: numberAt(camera.focalLength, t),
    sensorWidth: camera.sensorWidth,
    aperture: numberAt(camera.aperture, t),
    focusDistance: numberAt(camera.focusDistance, t),
  }
}
