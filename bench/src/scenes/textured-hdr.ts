/** Scene 1 of the renderer benchmark: textured objects on a table under an HDR studio with a sun and an area light. About 100,000 triangles. */
import { type Assets, Key, NO_ASSETS, quat, type Scene, type SceneInput, sceneSchema } from '@dioramic/scene'

const SHAPES = ['torus-knot', 'monkey', 'teapot', 'sphere', 'gear', 'quadruped', 'torus', 'cylinder', 'sponge', 'cube'] as const
const TEXTURES = ['wood', 'marble', 'brick', 'checker', 'concrete', 'cork'] as const

export function texturedHdr(size: number): { scene: Scene; assets: Assets } {
  const key = Key.fromSeed(1)
  const input: SceneInput = {
    frames: 1,
    cameras: [
      { resolution: [size, size], position: [3.2, -3.6, 2.4], rotation: [...quat.lookAt([3.2, -3.6, 2.4], [0, 0, 0.25])], focalLength: 45 },
    ],
    lights: [
      { type: 'sun', name: 'sun', rotation: [...quat.lookAt([2, 1, 4], [0, 0, 0])], irradiance: 1.5, angle: 0.05 },
      { type: 'area', name: 'key', position: [-2, -2, 3], rotation: [...quat.lookAt([-2, -2, 3], [0, 0, 0])], size: [1, 1], power: 60 },
    ],
    environment: { light: { type: 'studio', seed: 3, height: 512 }, strength: 1 },
    geometries: Object.fromEntries([...SHAPES, 'plane' as const].map(s => [s, { type: 'shape', shape: s }])),
    textures: Object.fromEntries(TEXTURES.map((t, i) => [t, { type: 'procedural', generator: t, seed: i, size: 512 }])),
    materials: {
      floor: { baseColor: { texture: 'wood' }, roughness: 0.45, mapping: { type: 'uv', scale: [4, 4] } },
      metal: { baseColor: [0.9, 0.75, 0.5], metallic: 1, roughness: 0.22 },
      ...Object.fromEntries(
        TEXTURES.map((t, i) => [t, { baseColor: { texture: t }, roughness: 0.2 + 0.1 * i, mapping: { type: 'uv', scale: [2, 2] } }]),
      ),
    },
    objects: [
      { id: 1, name: 'floor', isBackground: true, geometry: 'plane', material: 'floor', scale: [12, 12, 1] },
      ...SHAPES.map((shape, i) => {
        const a = key.fork(shape)
        return {
          id: i + 2,
          name: shape,
          geometry: shape,
          material: i % 4 === 3 ? 'metal' : TEXTURES[i % TEXTURES.length]!,
          position: [((i % 4) - 1.5) * 0.85, (Math.floor(i / 4) - 1) * 0.95, 0.36] as [number, number, number],
          rotation: [...a.rotation()] as [number, number, number, number],
          scale: [0.7, 0.7, 0.7] as [number, number, number],
        }
      }),
    ],
  }
  return { scene: sceneSchema.parse(input), assets: NO_ASSETS }
}
