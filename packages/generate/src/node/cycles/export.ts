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
import { lensShader } from './lens.ts'

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
  const pictures = new Set<string>()
  const materials: Record<string, unknown> = {}
  const meshes = new Set<string>()
  const times = knotsOf(scene.cameras[camera]!, t, scene.fps)
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
      materials[name] = { ...material(`object "${object.name}"`, m, t, object.scale, pictures), uvs: o.mesh.uvs !== undefined }
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
      camera: cameraOf(scene.cameras[camera]!, t, times, scene.fps, folder),
      filterWidth,
      environment: environmentOf(resolved, t, folder),
      fog: scene.fog ? { ...scene.fog, density: numberAt(scene.fog.density, t), albedo: vec3At(scene.fog.albedo, t) } : null,
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
    'baseColor metallic roughness anisotropy anisotropyRotation ior specular specularTint transmission attenuationDistance attenuationColor clearcoat ' +
    'clearcoatRoughness clearcoatNormalMap clearcoatNormalScale emission emissionStrength opacity normalMap normalScale bumpMap bumpHeight mapping'
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
  const tint = value(m.specularTint)
  if (JSON.stringify(tint) !== '[1,1,1]' && m.metallic !== 0) throw cannot(where, 'specularTint of a metal')
  return {
    baseColor: value(m.baseColor),
    metallic: value(m.metallic),
    ...stretched(where, value(m.roughness), numberAt(m.anisotropy, t)),
    anisotropyRotation: numberAt(m.anisotropyRotation, t),
    ior: value(m.ior),
    specular: value(m.specular),
    specularTint: tint,
    transmission: value(m.transmission),
    attenuation: m.attenuationDistance === undefined ? null : { distance: m.attenuationDistance, color: m.attenuationColor },
    clearcoat: value(m.clearcoat),
    clearcoatRoughness: value(m.clearcoatRoughness),
    emission: value(m.emission),
    emissionStrength: value(m.emissionStrength),
    opacity: value(m.opacity),
    normalMap: m.normalMap ? value(m.normalMap) : null,
    normalScale: m.normalScale,
    clearcoatNormalMap: m.clearcoatNormalMap ? value(m.clearcoatNormalMap) : null,
    clearcoatNormalScale: m.clearcoatNormalScale,
    bumpMap: m.bumpMap ? value(m.bumpMap) : null,
    bumpHeight: m.bumpHeight,
    mapping: m.mapping.type === 'uv' ? m.mapping : { ...m.mapping, scale },
  }
}

/**
 * Roughness and anisotropy as Cycles means them, α divided and multiplied by √(1 − 0.9 · anisotropic) along and across the tangent, for ours: α + (1 − α) · anisotropy² along it, α across.
 */
function stretched(where: string, roughness: unknown, anisotropy: number) {
  if (anisotropy === 0) return { roughness, anisotropic: 0 }
  if (typeof roughness !== 'number') throw cannot(where, 'anisotropy where roughness is a picture')
  const across = Math.max(roughness ** 2, 1e-6)
  const along = across + (1 - across) * anisotropy ** 2
  const anisotropic = (1 - across / along) / 0.9
  if (anisotropic > 1)
    throw cannot(
      where,
      `anisotropy ${anisotropy} at roughness ${roughness}: Cycles stretches reflections tenfold at most, this is ${(along / across).toFixed(1)}`,
    )
  return { roughness: (across * along) ** 0.25, anisotropic }
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

/** Times between which Cycles moves things along lines: opening, middle and closing of the shutter; eight steps from the first row's opening to the last one's closing where rows are read one after the other. */
function knotsOf({ shutter, readout }: Camera, t: number, fps: number): number[] {
  const open = shutter / fps + readout
  if (open === 0) return [t]
  const steps = readout > 0 ? 8 : 2
  return Array.from({ length: steps + 1 }, (_, i) => t + (i / steps - 0.5) * open)
}

function cameraOf(camera: Camera, t: number, times: readonly number[], fps: number, folder: string) {
  const { type, resolution, shutter, readout } = camera
  const poses = times.map(s => ({ position: vec3At(camera.position, s), rotation: quatAt(camera.rotation, s) }))
  const lens = lensShader(camera, t)
  if (lens) writeFileSync(join(folder, 'lens.osl'), lens)
  const common = {
    type,
    resolution,
    poses,
    /** What a row is exposed of the whole. */
    rolling: readout > 0 ? shutter / fps / (shutter / fps + readout) : null,
    /** Is there a lens.osl? */
    lens: lens !== undefined,
  }
  if (camera.type === 'equirectangular') return common
  const { pixelAspect, principalOffset } = camera
  if (camera.type === 'orthographic') return { ...common, pixelAspect, principalOffset, extent: numberAt(camera.extent, t) }
  const film = { ...common, pixelAspect, principalOffset, focalLength: numberAt(camera.focalLength, t), sensorWidth: camera.sensorWidth }
  if (camera.type === 'fisheye') return { ...film, aperture: 0 }
  return { ...film, aperture: numberAt(camera.aperture, t), focusDistance: numberAt(camera.focusDistance, t) }
}
