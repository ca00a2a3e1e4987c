/** One scene a feature that Diorama and Cycles both have. Their pictures beside each other are docs/gallery.md; `agreement.test.ts` compares block means. */
import { quat, type SceneInput } from '@dioramic/scene'

type ObjectInput = NonNullable<SceneInput['objects']>[number]
type MaterialInput = NonNullable<SceneInput['materials']>[string]
type Point = readonly [number, number, number]
interface Thing extends Omit<Partial<ObjectInput>, 'material'> {
  readonly shape: 'sphere' | 'cube' | 'torus' | 'teapot' | 'monkey' | 'cylinder'
  readonly at: Point
  readonly material?: MaterialInput
}

export interface Feature {
  /** What it shows, for the gallery. */
  readonly title: string
  readonly scene: (size: number) => SceneInput
}

const look = (from: Point, to: Point) => [...quat.lookAt(from, to)] as [number, number, number, number]
const ground: MaterialInput = { baseColor: [0.6, 0.6, 0.6], specular: 0 }

/** Things on a floor, seen from a man's height, under a studio's soft boxes unless lights are given. */
function stage(
  size: number,
  things: readonly Thing[],
  rest: Partial<SceneInput> & { readonly floor?: MaterialInput; readonly eye?: Point } = {},
): SceneInput {
  const { floor = ground, eye = [0, -4.2, 2.2], cameras, ...scene } = rest
  return {
    frames: 1,
    environment: { light: { type: 'studio', seed: 3, height: 128 } },
    ...scene,
    cameras: [
      {
        resolution: [size, size],
        position: [...eye],
        rotation: look(eye, [0, 0, 0.35]),
        focalLength: 40,
        ...cameras?.[0],
      } as SceneInput['cameras'][number],
    ],
    geometries: {
      floor: { type: 'shape', shape: 'plane' },
      ...Object.fromEntries(things.map(t => [t.shape, { type: 'shape' as const, shape: t.shape }])),
    },
    materials: { floor, ...Object.fromEntries(things.map((t, i) => [`thing-${i}`, t.material ?? {}])) },
    objects: [
      { id: 1, name: 'floor', isBackground: true, geometry: 'floor', material: 'floor', scale: [14, 14, 1] },
      ...things.map(({ shape, at, material: _, ...own }, i) => ({
        id: i + 2,
        name: `thing-${i}`,
        geometry: shape,
        material: `thing-${i}`,
        position: [...at] as [number, number, number],
        ...own,
      })),
    ],
  }
}

const row = (materials: readonly MaterialInput[], shape: Thing['shape'] = 'sphere'): Thing[] =>
  materials.map((material, i) => ({ shape, at: [(i - (materials.length - 1) / 2) * 0.95, 0, 0.4], scale: [0.8, 0.8, 0.8], material }))

/** Three in a row, each `behind` metres behind the one to its left. */
const monkeys = (behind: number): Thing[] =>
  [-1, 0, 1].map(i => ({ shape: 'monkey', at: [i * 1.1, i * behind, 0.338], material: { baseColor: [0.8, 0.5, 0.2], specular: 0 } }))

export const FEATURES: Readonly<Record<string, Feature>> = {
  diffuse: {
    title: 'Matt surfaces that light each other',
    scene: size =>
      stage(
        size,
        [
          { shape: 'cube', at: [-1.3, 0.4, 0.9], scale: [0.1, 2.6, 1.8], material: { baseColor: [0.7, 0.1, 0.08], specular: 0 } },
          { shape: 'cube', at: [1.3, 0.4, 0.9], scale: [0.1, 2.6, 1.8], material: { baseColor: [0.1, 0.5, 0.12], specular: 0 } },
          { shape: 'cube', at: [0, 1.5, 0.9], scale: [2.6, 0.1, 1.8], material: { baseColor: [0.7, 0.7, 0.7], specular: 0 } },
          { shape: 'monkey', at: [0, 0.2, 0.338], material: { baseColor: [0.8, 0.75, 0.6], specular: 0 } },
        ],
        {
          lights: [
            { type: 'area', name: 'lamp', position: [0, 0, 2.6], rotation: look([0, 0, 2.6], [0, 0.01, 0]), size: [1, 1], power: 120 },
          ],
          environment: { light: { type: 'constant', color: [0.05, 0.05, 0.06] } },
        },
      ),
  },
  metal: {
    title: 'Metal, roughness 0.15 to 0.6',
    scene: size => stage(size, row([0.15, 0.3, 0.45, 0.6].map(roughness => ({ baseColor: [0.95, 0.75, 0.4], metallic: 1, roughness })))),
  },
  plastic: {
    title: 'Plastic, roughness 0.1 to 0.7',
    scene: size => stage(size, row([0.1, 0.3, 0.5, 0.7].map(roughness => ({ baseColor: [0.1, 0.25, 0.7], roughness, ior: 1.5 })))),
  },
  glass: {
    title: 'Glass: clear, frosted, and a tinted cube',
    scene: size =>
      stage(size, [
        {
          shape: 'sphere',
          at: [-1, 0, 0.42],
          scale: [0.84, 0.84, 0.84],
          material: { baseColor: [1, 1, 1], transmission: 1, roughness: 0, ior: 1.5 },
        },
        {
          shape: 'sphere',
          at: [0, 0, 0.42],
          scale: [0.84, 0.84, 0.84],
          material: { baseColor: [1, 1, 1], transmission: 1, roughness: 0.3, ior: 1.5 },
        },
        {
          shape: 'cube',
          at: [1, 0, 0.36],
          scale: [0.7, 0.7, 0.7],
          rotation: [...quat.fromAxisAngle([0, 0, 1], 0.5)] as [number, number, number, number],
          material: { baseColor: [0.4, 0.9, 0.6], transmission: 1, roughness: 0.1, ior: 1.4 },
        },
      ]),
  },
  clearcoat: {
    title: 'Clearcoat over rough metal and over paint',
    scene: size =>
      stage(
        size,
        row([
          { baseColor: [0.6, 0.05, 0.05], metallic: 1, roughness: 0.6, clearcoat: 1, clearcoatRoughness: 0.1 },
          { baseColor: [0.05, 0.2, 0.5], roughness: 0.7, clearcoat: 1, clearcoatRoughness: 0.2 },
          { baseColor: [0.05, 0.2, 0.5], roughness: 0.7, clearcoat: 0.5, clearcoatRoughness: 0.4 },
        ]),
      ),
  },
  textures: {
    title: 'Pictures: colours, roughness, projected from three sides',
    scene: size =>
      stage(
        size,
        [
          {
            shape: 'cube',
            at: [-1, 0, 0.4],
            scale: [0.8, 0.8, 0.8],
            rotation: [...quat.fromAxisAngle([0, 0, 1], 0.6)] as [number, number, number, number],
            material: { baseColor: { texture: 'brick' }, roughness: 0.6 },
          },
          {
            shape: 'sphere',
            at: [0, 0, 0.42],
            scale: [0.84, 0.84, 0.84],
            material: { baseColor: [0.3, 0.3, 0.3], metallic: 1, roughness: { texture: 'checker' } },
          },
          {
            shape: 'teapot',
            at: [1, 0, 0.193],
            material: { baseColor: { texture: 'marble' }, roughness: 0.4, mapping: { type: 'box', size: 0.6 } },
          },
        ],
        {
          floor: { baseColor: { texture: 'wood' }, roughness: 0.5, mapping: { type: 'uv', scale: [6, 6] } },
          textures: Object.fromEntries(
            ['brick', 'checker', 'marble', 'wood'].map((t, i) => [t, { type: 'procedural' as const, generator: t, seed: i, size: 256 }]),
          ),
        },
      ),
  },
  environment: {
    title: 'Sky: turned, with another picture behind',
    scene: size =>
      stage(
        size,
        row([
          { baseColor: [0.9, 0.9, 0.9], metallic: 1, roughness: 0.2 },
          { baseColor: [0.7, 0.3, 0.2], specular: 0 },
        ]),
        {
          eye: [0, -4, 1],
          environment: {
            light: { type: 'sky', elevation: 0.5, azimuth: 0.4, turbidity: 3, ground: [0.3, 0.28, 0.25], sunDisk: false, height: 128 },
            background: { type: 'studio', seed: 1, height: 128 },
            rotation: 0.9,
          },
        },
      ),
  },
  lamps: {
    title: 'Lamps: rectangle, disk, sphere, spot and sun',
    scene: size =>
      stage(
        size,
        row(
          [
            { baseColor: [0.8, 0.8, 0.8], specular: 0 },
            { baseColor: [0.8, 0.8, 0.8], specular: 0 },
            { baseColor: [0.8, 0.8, 0.8], specular: 0 },
          ],
          'cylinder',
        ),
        {
          environment: { light: { type: 'constant', color: [0.02, 0.02, 0.02] } },
          lights: [
            {
              type: 'area',
              name: 'rectangle',
              position: [-2, -1, 2],
              rotation: look([-2, -1, 2], [-0.5, 0, 0]),
              size: [1, 0.3],
              power: 40,
              color: [1, 0.7, 0.5],
            },
            {
              type: 'area',
              name: 'disk',
              shape: 'disk',
              position: [2, -1, 2],
              rotation: look([2, -1, 2], [0.5, 0, 0]),
              size: [0.6, 0.6],
              power: 40,
              color: [0.5, 0.7, 1],
            },
            { type: 'point', name: 'sphere', position: [0, 1.4, 0.8], radius: 0.1, power: 25 },
            {
              type: 'spot',
              name: 'spot',
              position: [0.4, -2, 2],
              rotation: look([0.4, -2, 2], [0.4, -0.6, 0]),
              radius: 0.05,
              innerAngle: 0.15,
              outerAngle: 0.3,
              power: 120,
              color: [0.6, 1, 0.6],
            },
            { type: 'sun', name: 'sun', rotation: look([1, 1.2, 2], [0, 0, 0]), irradiance: 0.7, angle: 0.05 },
          ],
        },
      ),
  },
  'depth-of-field': {
    title: 'Depth of field',
    scene: size => stage(size, monkeys(1.3), { cameras: [{ aperture: 0.25, focusDistance: 4.5 } as SceneInput['cameras'][number]] }),
  },
  'motion-blur': {
    title: 'Motion blur: things that pass and turn',
    scene: size =>
      stage(
        size,
        [
          {
            shape: 'sphere',
            at: [-0.7, 0, 0.5],
            material: { baseColor: [0.8, 0.2, 0.2], specular: 0 },
            position: {
              keys: [
                [-1, [-1.7, 0, 0.5]],
                [1, [0.3, 0, 0.5]],
              ],
            },
          },
          {
            shape: 'torus',
            at: [0.9, 0, 0.5],
            material: { baseColor: [0.2, 0.4, 0.8], specular: 0 },
            rotation: {
              keys: [
                [-1, [0, 0, 0, 1]],
                [1, [...quat.fromAxisAngle([0, 1, 0], 1)] as [number, number, number, number]],
              ],
            },
          },
        ],
        { fps: 1, cameras: [{ shutter: 0.6 } as SceneInput['cameras'][number]] },
      ),
  },
  fog: {
    title: 'Fog around things, lit by a spot',
    scene: size =>
      stage(
        size,
        row([
          { baseColor: [0.7, 0.3, 0.2], specular: 0 },
          { baseColor: [0.2, 0.5, 0.3], specular: 0 },
          { baseColor: [0.2, 0.3, 0.7], specular: 0 },
        ]),
        {
          environment: { light: { type: 'constant', color: [0.3, 0.33, 0.4] } },
          fog: { density: 0.2, albedo: [0.9, 0.85, 0.7], anisotropy: 0.4, box: { min: [-2.5, -5, -0.5], max: [2.5, 2, 2] } },
          lights: [
            {
              type: 'spot',
              name: 'spot',
              position: [-1.6, 0.5, 2.5],
              rotation: look([-1.6, 0.5, 2.5], [0.2, 0, 0.4]),
              radius: 0.1,
              innerAngle: 0.25,
              outerAngle: 0.4,
              power: 400,
            },
          ],
        },
      ),
  },
  bumps: {
    title: 'Bumps and cut-outs, read from pictures',
    scene: size =>
      stage(
        size,
        [
          {
            shape: 'sphere',
            at: [-1, 0, 0.42],
            scale: [0.84, 0.84, 0.84],
            material: { baseColor: [0.6, 0.3, 0.15], roughness: 0.5, bumpMap: { texture: 'noise' }, bumpHeight: 0.05 },
          },
          {
            shape: 'cube',
            at: [0, 0, 0.4],
            scale: [0.8, 0.8, 0.8],
            rotation: [...quat.fromAxisAngle([0, 0, 1], 0.6)] as [number, number, number, number],
            material: { baseColor: [0.2, 0.4, 0.5], roughness: 0.4, bumpMap: { texture: 'noise', channel: 'g' }, bumpHeight: -0.04 },
          },
          {
            shape: 'cylinder',
            at: [1, 0, 0.45],
            scale: [0.7, 0.7, 0.8],
            material: { baseColor: [0.2, 0.5, 0.2], specular: 0, opacity: { texture: 'dots' } },
          },
        ],
        {
          textures: {
            noise: { type: 'procedural', generator: 'noise', seed: 1, size: 256 },
            dots: { type: 'procedural', generator: 'dots', seed: 2, size: 256 },
          },
        },
      ),
  },
  anisotropy: {
    title: 'Brushed metal, turned by 0, 45 and 90°',
    scene: size =>
      stage(
        size,
        row(
          [0, Math.PI / 4, Math.PI / 2].map(anisotropyRotation => ({
            baseColor: [0.8, 0.8, 0.85],
            metallic: 1,
            roughness: 0.15,
            anisotropy: 0.3,
            anisotropyRotation,
          })),
          'cylinder',
        ),
      ),
  },
  tint: {
    title: 'Reflections tinted where the surface is seen from above',
    scene: size =>
      stage(
        size,
        row([
          { baseColor: [0.05, 0.05, 0.05], roughness: 0.15, specularTint: [1, 0.4, 0.1] },
          { baseColor: [0.05, 0.05, 0.05], roughness: 0.4, specularTint: [0.2, 0.5, 1] },
          { baseColor: [0.6, 0.6, 0.6], roughness: 0.25, specularTint: [0.1, 1, 0.3] },
        ]),
      ),
  },
  fisheye: {
    title: 'A fisheye',
    scene: size =>
      stage(size, monkeys(0.2), {
        eye: [0, -1.6, 0.9],
        cameras: [{ type: 'fisheye', focalLength: 13, distortion: [-0.03, 0.004, 0, 0] } as never],
      }),
  },
}
