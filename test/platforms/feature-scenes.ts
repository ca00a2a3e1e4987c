/** Ten small scenes, a family of features each, for comparing platforms: everything that decides bytes is in one of them. */
import { quat, type SceneInput } from '@dioramic/scene'

type Camera = SceneInput['cameras'][number]

const eye = [1.4, -1.8, 1.2] as const
const pose = { position: [...eye], rotation: [...quat.lookAt(eye, [0, 0, 0.2])] } satisfies Partial<Camera>
const resolution: [number, number] = [20, 16]
const pinhole: Camera = { ...pose, resolution }

const sun = { type: 'sun', name: 'sun', rotation: [...quat.fromAxisAngle([1, 0, 0], 0.6)], irradiance: 3 } satisfies NonNullable<
  SceneInput['lights']
>[number]

/** A floor, a box and a ball, and what the feature changes. */
const scene = (changes: Partial<SceneInput>): SceneInput => ({
  frames: 1,
  cameras: [pinhole],
  lights: [sun],
  environment: { light: { type: 'constant', color: [0.4, 0.5, 0.6] } },
  geometries: {
    plane: { type: 'shape', shape: 'plane' },
    cube: { type: 'shape', shape: 'cube' },
    ball: { type: 'shape', shape: 'sphere' },
  },
  materials: {
    grey: { baseColor: [0.6, 0.6, 0.6] },
    a: { baseColor: [0.7, 0.1, 0.05], roughness: 0.3 },
    b: { metallic: 1, roughness: 0.2 },
  },
  objects: [
    { id: 1, name: 'floor', geometry: 'plane', material: 'grey', scale: [4, 4, 1], isBackground: true, body: { type: 'static' } },
    { id: 2, name: 'box', geometry: 'cube', material: 'a', scale: [0.5, 0.4, 0.5], position: [-0.3, 0.1, 0.25] },
    { id: 3, name: 'ball', geometry: 'ball', material: 'b', scale: [0.5, 0.5, 0.5], position: [0.4, -0.2, 0.25] },
  ],
  ...changes,
})

const turning = {
  keys: [
    [-1, [0, 0, 0, 1]],
    [0, [0, 0, 0.6, 0.8]],
    [1, [0, 0, 0.96, 0.28]],
  ],
} as unknown as { keys: [number, [number, number, number, number]][] }

export const FEATURE_SCENES: Readonly<Record<string, SceneInput>> = {
  physics: scene({
    frames: 2,
    objects: [
      { id: 1, name: 'floor', geometry: 'plane', material: 'grey', scale: [4, 4, 1], body: { type: 'static' } },
      { id: 2, name: 'box', geometry: 'cube', material: 'a', scale: [0.5, 0.4, 0.5], position: [0, 0, 0.3], body: { type: 'dynamic' } },
      {
        id: 3,
        name: 'ball',
        geometry: 'ball',
        material: 'b',
        scale: [0.4, 0.4, 0.4],
        position: [0.1, 0, 0.8],
        body: { type: 'dynamic', velocity: [0, 0, -4] },
      },
    ],
  }),
  lenses: scene({
    cameras: [
      { ...pinhole, name: 'bent', distortion: { k: [-0.05, 0.01, 0, 0, 0, 0], p: [0.001, -0.001] } },
      { ...pose, resolution, name: 'fish', type: 'fisheye', focalLength: 9, distortion: [0.01, 0, 0, 0] },
      { ...pose, resolution, name: 'flat', type: 'orthographic', extent: 2.5 },
      { ...pose, resolution, name: 'round', type: 'equirectangular' },
    ],
  }),
  shutter: scene({
    cameras: [
      { ...pinhole, name: 'blur', shutter: 0.8, aperture: 0.03, focusDistance: 2 },
      { ...pinhole, name: 'roll', readout: 0.06, shutter: 0.2 },
    ],
    objects: [{ id: 2, name: 'box', geometry: 'cube', material: 'a', rotation: turning }],
  }),
  textures: scene({
    textures: {
      wood: { type: 'procedural', generator: 'wood', size: 32, seed: 3 },
      brick: { type: 'procedural', generator: 'brick', size: 32 },
      noise: { type: 'procedural', generator: 'noise', size: 32 },
    },
    materials: {
      grey: { baseColor: { texture: 'brick' }, mapping: { type: 'box', size: 0.7 } },
      a: {
        baseColor: { texture: 'wood' },
        roughness: { texture: 'noise', channel: 'g' },
        normalMap: { texture: 'noise' },
        normalScale: 0.5,
      },
      b: { baseColor: { texture: 'noise' }, opacity: { texture: 'brick', channel: 'r' } },
    },
  }),
  glass: scene({
    materials: {
      grey: { baseColor: [0.6, 0.6, 0.6] },
      a: { transmission: 1, roughness: 0.2, ior: 1.3, baseColor: [0.8, 0.9, 1] },
      b: { transmission: 1, roughness: 0, ior: 1.5 },
    },
  }),
  lights: scene({
    environment: undefined,
    lights: [
      sun,
      { type: 'area', name: 'panel', position: [0, 0, 2], rotation: [0, 0, 0, 1], size: [1, 0.5], power: 20, visible: true },
      {
        type: 'area',
        name: 'disk',
        shape: 'disk',
        position: [1, 1, 1.5],
        rotation: [0, 0, 0, 1],
        size: [0.4, 0.4],
        power: 5,
        color: [1, 0.5, 0.2],
      },
      { type: 'point', name: 'ball', position: [-1, -1, 1], radius: 0.1, power: 10, visible: true },
      {
        type: 'point',
        name: 'point',
        position: [1, -1, 0.5],
        power: {
          keys: [
            [0, 3],
            [1, 9],
          ],
        },
      },
    ],
    materials: { grey: {}, a: { emission: [3, 1, 0.5] }, b: { metallic: 1, roughness: 0.05 } },
  }),
  sky: scene({
    environment: {
      light: { type: 'sky', elevation: 0.5, height: 32 },
      background: { type: 'studio', seed: 5, height: 32 },
      strength: 0.1,
      rotation: 0.7,
    },
  }),
  deforming: scene({
    geometries: {
      plane: { type: 'shape', shape: 'plane' },
      cube: {
        type: 'mesh',
        positions: [-0.5, -0.5, 0, 0.5, -0.5, 0, 0, 0.5, 0, 0, 0, 1],
        indices: [0, 2, 1, 0, 1, 3, 1, 2, 3, 2, 0, 3],
        skin: {
          joints: [{ name: 'root' }, { name: 'tip', parent: 'root', translation: [0, 0, 0.5] }],
          indices: [0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0],
          weights: [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0.2, 0.8, 0, 0],
        },
        morphs: [{ name: 'grow', positions: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.3] }],
      },
    },
    objects: [
      { id: 1, name: 'floor', geometry: 'plane', material: 'grey', scale: [4, 4, 1] },
      { id: 2, name: 'tip', geometry: 'cube', material: 'a', pose: { joints: { tip: { rotation: turning } }, morphs: { grow: 0.5 } } },
    ],
  }),
  shapes: scene({
    geometries: {
      torus: { type: 'shape', shape: 'torus' },
      gear: { type: 'shape', shape: 'gear' },
      knot: { type: 'shape', shape: 'torus-knot' },
    },
    objects: [
      { id: 1, name: 'torus', geometry: 'torus', material: 'grey', position: [0, 0, 0.5] },
      { id: 2, name: 'gear', geometry: 'gear', material: 'a', position: [0, 0, -0.3] },
      { id: 3, name: 'knot', geometry: 'knot', material: 'b', position: [0.6, 0.3, 0.2] },
    ],
  }),
  sensor: scene({
    cameras: [
      {
        ...pinhole,
        sensor: {
          exposure: 0.5,
          vignetting: 1,
          chromaticAberration: [0.01, -0.01],
          noise: { electrons: 200, read: 3, fullWell: 900 },
          jpeg: 70,
        },
      },
    ],
  }),
}
