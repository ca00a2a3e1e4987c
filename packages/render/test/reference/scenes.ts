/** The scenes of the comparison: small, each for one thing the kernel must get right. */
import type { Motion } from '@dioramic/physics'
import { type HdrImage, type Image, quat, type ResolvedScene, type SceneInput } from '@dioramic/scene'
import { constantEnvironment, cube, icosphere, keyframeMotion, resolveByHand, square } from '../support/scenes.ts'

export interface Case {
  readonly resolved: ResolvedScene
  readonly motion: Motion
  readonly frame: number
  readonly bounces: number
  /** Of the reference, a pixel. */
  readonly samples: number
  /** Relative; see `compare`. */
  readonly tolerance: number
}

const SIZE = 20
type Input = Omit<SceneInput, 'cameras' | 'objects'> & {
  objects: Omit<NonNullable<SceneInput['objects']>[number], 'id' | 'name'>[]
  eye: [number, number, number]
  at: [number, number, number]
  focalLength?: number
  camera?: Partial<NonNullable<SceneInput['cameras']>[number]>
}
const meshes = { square: square(), cube: cube(), sphere: icosphere(3), facets: icosphere(2, false) }
type Turn = [number, number, number, number]
const turn = (axis: [number, number, number], degrees: number) => [...quat.fromAxisAngle(axis, (degrees * Math.PI) / 180)] as Turn
const look = (eye: [number, number, number], at: [number, number, number]) => [...quat.lookAt(eye, at)] as Turn

function make(
  input: Input,
  options: Partial<Omit<Case, 'resolved' | 'motion'>> = {},
  sky: HdrImage | null = null,
  images: ReadonlyMap<string, Image> = new Map(),
): Case {
  const { objects, eye, at, focalLength = 40, camera = {}, ...rest } = input
  const scene: SceneInput = {
    frames: 2,
    ...rest,
    cameras: [{ resolution: [SIZE, SIZE], position: eye, rotation: look(eye, at), focalLength, ...camera } as never],
    objects: objects.map((o, i) => ({ id: i + 1, name: `o${i}`, ...o })),
  }
  if (sky && !scene.environment) scene.environment = { light: { type: 'constant', color: [1, 1, 1] } }
  const resolved = resolveByHand(scene, meshes, sky && { light: sky, background: sky }, images)
  return { resolved, motion: keyframeMotion(resolved), frame: 0, bounces: 8, samples: 256, tolerance: 0.004, ...options }
}

const lambert = (r: number, g: number, b: number) => ({ baseColor: [r, g, b] as [number, number, number], specular: 0 })

/** A sky with structure: a gradient, a warm window and a cool one; values that the kernel's shared-exponent pixels hold exactly. */
function windows(strength = 6): HdrImage {
  const width = 32
  const height = 16
  const data = new Float32Array(width * height * 3)
  for (let j = 0; j < height; j++) {
    for (let i = 0; i < width; i++) {
      const warm = i >= 4 && i < 10 && j >= 3 && j < 8
      const cool = i >= 18 && i < 28 && j >= 2 && j < 6
      const grey = 0.25 + (height - j) / 64
      const rgb = warm ? [strength, strength * 0.75, strength / 2] : cool ? [strength / 4, strength / 2, strength / 2] : [grey, grey, grey]
      data.set(rgb, (j * width + i) * 3)
    }
  }
  return { width, height, data }
}

function cornell(lamp: 'light' | 'geometry' | 'sky'): Case {
  const white = 'white'
  const input: Input = {
    eye: [0, -3.4, 1],
    at: [0, 0, 1],
    focalLength: 38,
    materials: {
      white: lambert(0.75, 0.75, 0.75),
      red: lambert(0.65, 0.06, 0.05),
      green: lambert(0.12, 0.5, 0.1),
      lamp: { ...lambert(0, 0, 0), emission: [6, 5, 4] },
      satin: { baseColor: [0.7, 0.5, 0.2], roughness: 0.4, ior: 1.8 },
    },
    lights:
      lamp === 'light'
        ? [
            {
              type: 'area',
              name: 'lamp',
              position: [0, 0, 1.99],
              rotation: [0, 0, 0, 1],
              size: [1.2, 1],
              power: 22,
              color: [1, 0.85, 0.7],
              visible: true,
            },
          ]
        : [],
    objects: [
      { geometry: 'square', material: white, scale: [2, 2, 1] },
      { geometry: 'square', material: white, position: [0, 0, 2], rotation: turn([1, 0, 0], 180), scale: [2, 2, 1] },
      { geometry: 'square', material: white, position: [0, 1, 1], rotation: turn([1, 0, 0], 90), scale: [2, 2, 1] },
      { geometry: 'square', material: 'red', position: [-1, 0, 1], rotation: turn([0, 1, 0], 90), scale: [2, 2, 1] },
      { geometry: 'square', material: 'green', position: [1, 0, 1], rotation: turn([0, 1, 0], -90), scale: [2, 2, 1] },
      { geometry: 'cube', material: white, position: [-0.35, 0.3, 0.6], rotation: turn([0, 0, 1], 20), scale: [0.6, 0.6, 1.2] },
      {
        geometry: 'cube',
        material: lamp === 'sky' ? 'satin' : white,
        position: [0.4, -0.3, 0.3],
        rotation: turn([0, 0, 1], -17),
        scale: [0.6, 0.6, 0.6],
      },
      ...(lamp === 'geometry'
        ? [
            {
              geometry: 'square',
              material: 'lamp',
              position: [0, 0, 1.99] as [number, number, number],
              rotation: turn([1, 0, 0], 180),
              scale: [1.2, 1, 1] as [number, number, number],
            },
          ]
        : []),
    ],
  }
  return make(input, {}, lamp === 'sky' ? windows() : null)
}

/** Of the layered families: a smaller picture and fewer samples, since each costs more. */
const LAYERED = { resolution: [21, 10] as [number, number], samples: 192 }

const three = (
  materials: NonNullable<SceneInput['materials']>,
  geometry: 'sphere' | 'facets' | 'cube',
  sky: HdrImage,
  { resolution = [30, 14], ...options }: Partial<Case> & { readonly resolution?: [number, number] } = {},
) =>
  make(
    {
      eye: [0, -5, 1.3],
      at: [0, 0, 0.12],
      focalLength: 43,
      camera: { resolution },
      materials: { floor: lambert(0.5, 0.45, 0.4), ...materials },
      objects: [
        { geometry: 'square', material: 'floor', position: [0, 0, -0.5], scale: [7, 7, 1] },
        ...Object.keys(materials).map((material, i) => ({
          geometry,
          material,
          position: [(i - 1) * 1.25, 0, 0.05] as [number, number, number],
          rotation: turn([0.3, 0.2, 0.9], 40 * i + 10),
          scale: (geometry === 'cube' ? [0.85, 0.85, 0.85] : [0.58, 0.58, 0.58]) as [number, number, number],
        })),
      ],
      environment: { light: { type: 'constant', color: [1, 1, 1] }, rotation: 0.7, strength: 1.25 },
    },
    options,
    sky,
  )

/** A picture of smooth random-looking blobs, from a formula. */
function picture(size: number, f: (x: number, y: number) => readonly [number, number, number]): Image {
  const data = new Uint8Array(size * size * 4)
  for (let j = 0; j < size; j++) {
    for (let i = 0; i < size; i++)
      data.set(
        [...f(i, j), 255].map(v => Math.round(Math.min(255, Math.max(0, v)))),
        (j * size + i) * 4,
      )
  }
  return { width: size, height: size, data }
}

export const CASES: Readonly<Record<string, () => Case>> = {
  'Cornell box, area light': () => cornell('light'),
  'Cornell box, emissive geometry': () => cornell('geometry'),
  'Cornell box, open to the sky': () => cornell('sky'),
  'metal, smooth to rough': () =>
    three(
      {
        smooth: { baseColor: [0.95, 0.7, 0.4], metallic: 1, roughness: 0.1 },
        middle: { baseColor: [0.6, 0.7, 0.9], metallic: 1, roughness: 0.4 },
        rough: { baseColor: [0.9, 0.5, 0.5], metallic: 1, roughness: 0.95 },
      },
      'sphere',
      windows(),
    ),
  'dielectric coat': () =>
    three(
      {
        gloss: { baseColor: [0.1, 0.3, 0.6], roughness: 0.12, ior: 1.5 },
        satin: { baseColor: [0.7, 0.2, 0.1], roughness: 0.5, ior: 1.8, specular: 0.5 },
        blend: { baseColor: [0.4, 0.6, 0.3], roughness: 0.3, metallic: 0.4 },
      },
      'facets',
      windows(),
    ),
  'rough glass': () =>
    three(
      {
        frost: { baseColor: [0.9, 0.95, 1], roughness: 0.45, transmission: 1, ior: 1.5 },
        tinted: { baseColor: [0.9, 0.5, 0.3], roughness: 0.25, transmission: 1, ior: 1.33 },
        half: { baseColor: [0.3, 0.8, 0.5], roughness: 0.6, transmission: 0.5, ior: 1.7 },
      },
      'cube',
      windows(3),
      { bounces: 12, samples: 384 },
    ),
  'anisotropic metal and coat': () =>
    three(
      {
        along: { baseColor: [0.95, 0.7, 0.4], metallic: 1, roughness: 0.35, anisotropy: 0.6 },
        turned: { baseColor: [0.6, 0.7, 0.9], metallic: 1, roughness: 0.5, anisotropy: 0.9, anisotropyRotation: 1 },
        coat: { baseColor: [0.3, 0.2, 0.2], roughness: 0.4, anisotropy: 0.7, ior: 2 },
      },
      'sphere',
      windows(),
      LAYERED,
    ),
  'clearcoat, sheen, tint': () =>
    three(
      {
        paint: { baseColor: [0.5, 0.1, 0.1], metallic: 0.5, roughness: 0.5, clearcoat: 1, clearcoatRoughness: 0.15 },
        cloth: { baseColor: [0.2, 0.2, 0.4], roughness: 0.9, specular: 0.2, sheenColor: [0.9, 0.8, 0.7], sheenRoughness: 0.5 },
        tinted: { baseColor: [0.1, 0.1, 0.1], roughness: 0.3, ior: 2, specularTint: [1, 0.5, 0.1] },
      },
      'sphere',
      windows(),
      LAYERED,
    ),
  'panes, and glass that absorbs': () =>
    three(
      {
        pane: { baseColor: [0.9, 0.7, 0.5], roughness: 0.4, transmission: 1, thinWalled: true, ior: 1.5 },
        deep: {
          baseColor: [1, 1, 1],
          roughness: 0.3,
          transmission: 1,
          ior: 1.4,
          attenuationColor: [0.7, 0.4, 0.1],
          attenuationDistance: 0.5,
        },
        coated: { baseColor: [0.8, 0.9, 1], roughness: 0.5, transmission: 0.8, clearcoat: 0.6, clearcoatRoughness: 0.4, anisotropy: 0.4 },
      },
      'cube',
      windows(3),
      { ...LAYERED, bounces: 12 },
    ),
  'pictures of layers, bumps, clearcoat normals': () => {
    const n = 16
    const images = new Map([
      ['waves', picture(n, (x, y) => [128 + 100 * Math.sin((x * Math.PI) / 4) * Math.cos((y * Math.PI) / 8), 60 + 8 * x, 255 - 10 * y])],
      ['normal', picture(n, (x, y) => [128 + 40 * Math.sin(x / 1.27), 128 + 40 * Math.cos(y / 1.27), 225])],
      ['turns', picture(n, (x, y) => [255 - 12 * y, 40 + 14 * y, 100 + 9 * x])],
    ])
    return make(
      {
        eye: [0.4, -2.2, 2],
        at: [0, 0, 0],
        focalLength: 48,
        camera: { resolution: [14, 14] },
        materials: {
          bumped: {
            baseColor: { texture: 'turns', transform: { scale: [1.5, 0.8], rotation: 0.6, offset: [0.2, 0.1] }, wrap: ['clamp', 'mirror'] },
            roughness: 0.6,
            metallic: 1,
            anisotropy: 0.8,
            anisotropyMap: { texture: 'turns' },
            bumpMap: { texture: 'waves' },
            bumpHeight: 0.08,
            clearcoat: { texture: 'waves', channel: 'g' },
            clearcoatRoughness: 0.3,
            clearcoatNormalMap: { texture: 'normal' },
            mapping: { type: 'uv', scale: [2, 1.5], offset: [0.3, -0.2] },
          },
          cloth: {
            baseColor: [0.1, 0.1, 0.2],
            sheenColor: { texture: 'turns', wrap: ['mirror', 'repeat'], transform: { scale: [3, 2] } },
            sheenRoughness: { texture: 'waves', channel: 'b' },
            specular: { texture: 'waves', channel: 'g' },
            specularTint: { texture: 'turns' },
            normalMap: { texture: 'normal' },
            roughness: 0.4,
          },
        },
        lights: [{ type: 'sun', name: 'sun', rotation: look([2, -1, 3], [0, 0, 0]), irradiance: 2, angle: 0.7, color: [1, 0.9, 0.8] }],
        objects: [
          { geometry: 'square', material: 'bumped', scale: [2.4, 2.4, 1], rotation: turn([0, 0, 1], 25) },
          { geometry: 'cube', material: 'cloth', position: [0.2, 0.3, 0.35], rotation: turn([0, 0, 1], 50), scale: [0.6, 0.6, 0.6] },
        ],
      },
      { samples: 384 },
      constantEnvironment([0.25, 0.25, 0.375]),
      images,
    )
  },
  'textures, normal map, sun': () => {
    const n = 16
    const images = new Map([
      ['colour', picture(n, (x, y) => [40 + 12 * x, 200 - 9 * y, ((x * 5 + y * 3) % n) * 15])],
      ['normal', picture(n, (x, y) => [128 + 60 * Math.sin(x / 2), 128 + 50 * Math.cos(y / 1.5 + x / 5), 225])],
      ['surface', picture(n, (x, y) => [255 * Math.min(1, (x + y) / 24), 60 + 10 * y, x < 8 ? 0 : 230])],
    ])
    return make(
      {
        eye: [0.4, -2.2, 2],
        at: [0, 0, 0],
        focalLength: 48,
        materials: {
          mapped: {
            baseColor: { texture: 'colour' },
            roughness: 0.5,
            normalMap: { texture: 'normal' },
            normalScale: 0.8,
            mapping: { type: 'uv', scale: [2, 1.5], offset: [0.3, -0.2] },
          },
          plain: { baseColor: { texture: 'colour' }, metallic: { texture: 'surface', channel: 'b' }, roughness: 0.4 },
        },
        lights: [{ type: 'sun', name: 'sun', rotation: look([2, -1, 3], [0, 0, 0]), irradiance: 2, angle: 0.7, color: [1, 0.9, 0.8] }],
        objects: [
          { geometry: 'square', material: 'mapped', scale: [2.4, 2.4, 1], rotation: turn([0, 0, 1], 25) },
          { geometry: 'cube', material: 'plain', position: [0.2, 0.3, 0.35], rotation: turn([0, 0, 1], 50), scale: [0.6, 0.6, 0.6] },
        ],
      },
      { samples: 384 },
      constantEnvironment([0.25, 0.25, 0.375]),
      images,
    )
  },
  'sphere, disk and point lights': () =>
    make(
      {
        eye: [0, -4, 1.6],
        at: [0, 0, 0.5],
        focalLength: 35,
        materials: {
          floor: { baseColor: [0.6, 0.6, 0.6], roughness: 0.4 },
          ball: { baseColor: [0.2, 0.5, 0.7], roughness: 0.35 },
        },
        lights: [
          { type: 'point', name: 'bulb', position: [-0.9, 0.2, 1.1], radius: 0.35, power: 30, color: [1, 0.6, 0.3], visible: true },
          {
            type: 'area',
            name: 'disk',
            shape: 'disk',
            position: [1.3, -0.4, 1.6],
            rotation: look([1.3, -0.4, 1.6], [0.2, 0, 0]),
            size: [1.1, 0.7],
            power: 14,
          },
          { type: 'point', name: 'spark', position: [0.3, -1.2, 1.4], power: 9, color: [0.4, 0.6, 1] },
        ],
        objects: [
          { geometry: 'square', material: 'floor', scale: [5, 5, 1] },
          { geometry: 'sphere', material: 'ball', position: [0.2, 0.4, 0.5], scale: [0.5, 0.5, 0.5] },
        ],
      },
      { samples: 512 },
    ),
  'many lamps, spots, glowing things': () => {
    const glow = (r: number, g: number, b: number) => ({ ...lambert(0.2, 0.2, 0.2), emission: [r, g, b] as [number, number, number] })
    const n = 8
    const screen = picture(n, (x, y) => (x > 4 && y > 2 ? [250, 180, 90] : [20, 30, 60]))
    // More than are weighed one by one: balls, ellipses and spots in a ring.
    const ring = Array.from({ length: 16 }, (_, i) => {
      const angle = (2 * Math.PI * i) / 16
      const position: [number, number, number] = [2.2 * Math.cos(angle), 2.2 * Math.sin(angle), 1.1 + 0.3 * (i % 3)]
      const rotation = look(position, [0, 0, 0.2 * (i % 4)])
      const common = { name: `l${i}`, position, power: 3 + 2 * (i % 5), color: [1, 0.5 + 0.1 * (i % 5), 0.6] as [number, number, number] }
      if (i % 3 === 0) return { ...common, type: 'point' as const, radius: 0.3 }
      if (i % 3 === 1) return { ...common, type: 'area' as const, shape: 'disk' as const, rotation, size: [0.6, 0.4] as [number, number] }
      return { ...common, type: 'spot' as const, rotation, radius: 0.3, innerAngle: 0.3, outerAngle: 0.9, visible: true }
    })
    return make(
      {
        fps: 10,
        eye: [0, -4, 1.6],
        at: [0, 0, 0.4],
        focalLength: 30,
        camera: { shutter: 0.9 },
        materials: {
          floor: { baseColor: [0.6, 0.6, 0.6], roughness: 0.4 },
          frost: { baseColor: [0.9, 0.95, 1], roughness: 0.5, transmission: 1 },
          ball: glow(2, 1.2, 0.5),
          screen: { ...lambert(0, 0, 0), emission: { texture: 'screen' }, emissionStrength: 6 },
          bar: { ...glow(1, 2, 4), opacity: 0.5 },
        },
        lights: [
          ...ring,
          {
            type: 'spot',
            name: 'beam',
            position: [0.4, -1.4, 2],
            rotation: look([0.4, -1.4, 2], [0, 0, 0]),
            power: 30,
            innerAngle: 0.1,
            outerAngle: 0.3,
          },
        ],
        objects: [
          { geometry: 'square', material: 'floor', scale: [6, 6, 1] },
          { geometry: 'facets', material: 'ball', position: [-0.9, 0.4, 0.6], rotation: turn([1, 0, 0], 30), scale: [0.5, 0.3, 0.4] },
          { geometry: 'square', material: 'screen', position: [0, 1.4, 0.8], rotation: turn([1, 0, 0], 80), scale: [1.6, 1, 1] },
          {
            geometry: 'cube',
            material: 'bar',
            position: {
              keys: [
                [-0.1, [0.4, -0.4, 0.9]],
                [0.1, [1.2, 0.4, 0.6]],
              ],
              interpolation: 'linear',
            },
            rotation: {
              keys: [
                [-0.1, [0, 0, 0, 1]],
                [0.1, turn([0.2, 0.9, 0.3], 120)],
              ],
              interpolation: 'linear',
            },
            scale: [0.9, 0.25, 0.2],
          } as never,
          { geometry: 'cube', material: 'frost', position: [0.1, -0.5, 0.3], rotation: turn([0, 0, 1], 25), scale: [0.4, 0.4, 0.6] },
        ],
      },
      { samples: 192, bounces: 4 },
      null,
      new Map([['screen', screen]]),
    )
  },
  fog: () =>
    make(
      {
        eye: [0, -4, 1.3],
        at: [0, 0, 0.7],
        focalLength: 30,
        materials: {
          floor: lambert(0.6, 0.5, 0.4),
          ball: { baseColor: [0.2, 0.5, 0.7], roughness: 0.4 },
          lamp: { ...lambert(0, 0, 0), emission: [5, 4, 3] },
        },
        // Neither the camera nor the lamp behind is in the fog.
        fog: { density: 0.45, albedo: [0.95, 0.85, 0.7], anisotropy: 0.4, box: { min: [-2, -1.5, -0.5], max: [2, 1.4, 2.2] } },
        lights: [
          { type: 'point', name: 'bulb', position: [-0.8, 0.2, 1.2], radius: 0.3, power: 30, color: [1, 0.6, 0.3], visible: true },
          {
            type: 'spot',
            name: 'beam',
            position: [1.2, -0.6, 2],
            rotation: look([1.2, -0.6, 2], [0.2, 0.2, 0]),
            power: 60,
            innerAngle: 0.2,
            outerAngle: 0.4,
          },
        ],
        objects: [
          { geometry: 'square', material: 'floor', scale: [5, 5, 1] },
          { geometry: 'sphere', material: 'ball', position: [0.5, 0.4, 0.5], scale: [0.5, 0.5, 0.5] },
          { geometry: 'square', material: 'lamp', position: [0, 1.7, 1.2], rotation: turn([1, 0, 0], 90), scale: [1.8, 1, 1] },
        ],
      },
      { samples: 320, bounces: 6 },
      constantEnvironment([0.375, 0.5, 0.625]),
    ),
  'motion blur, lens, cut-out': () =>
    make(
      {
        fps: 10,
        eye: [0, -4, 1],
        at: [0, 0, 0.4],
        camera: { aperture: 0.25, focusDistance: 3.2, shutter: 0.9 },
        materials: {
          floor: lambert(0.5, 0.5, 0.5),
          fan: lambert(0.8, 0.3, 0.1),
          veil: { ...lambert(0.2, 0.4, 0.9), opacity: 0.4 },
          lamp: { ...lambert(0, 0, 0), emission: [3, 3, 3] },
        },
        objects: [
          { geometry: 'square', material: 'floor', scale: [6, 6, 1] },
          {
            geometry: 'cube',
            material: 'fan',
            position: {
              keys: [
                [-0.1, [-0.9, 0, 0.6]],
                [0.1, [-0.1, 0.3, 0.9]],
              ],
              interpolation: 'linear',
            },
            rotation: {
              keys: [
                [-0.1, [0, 0, 0, 1]],
                [0.1, turn([0.2, 0.9, 0.3], 150)],
              ],
              interpolation: 'linear',
            },
            scale: [1, 0.3, 0.25],
          } as never,
          { geometry: 'square', material: 'veil', position: [0.5, -0.8, 0.6], rotation: turn([1, 0, 0], 80), scale: [1, 1, 1] },
          { geometry: 'square', material: 'lamp', position: [0, 1.5, 1.2], rotation: turn([1, 0, 0], 90), scale: [2.5, 1.4, 1] },
        ],
      },
      { samples: 512 },
      constantEnvironment([0.5, 0.5, 0.5]),
    ),
}
