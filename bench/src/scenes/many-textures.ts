/** 23 things (as many as MOVi's fullest clips have), each with a picture of 4096² of its own: what scans of one high resolution picture each take. */
import { type Assets, NO_ASSETS, quat, type Scene, sceneSchema } from '@dioramic/scene'

const THINGS = 23
const TEXELS = 4096

export function manyTextures(size: number): { scene: Scene; assets: Assets } {
  const numbers = Array.from({ length: THINGS }, (_, i) => i)
  return {
    scene: sceneSchema.parse({
      frames: 1,
      cameras: [{ resolution: [size, size], position: [7, -6, 5], rotation: [...quat.lookAt([7, -6, 5], [0, 0, 0.3])], focalLength: 35 }],
      lights: [{ type: 'sun', name: 'sun', rotation: [...quat.lookAt([2, 1, 4], [0, 0, 0])], irradiance: 3 }],
      geometries: { thing: { type: 'shape', shape: 'torus-knot' } },
      textures: Object.fromEntries(
        numbers.map(i => [`${i}`, { type: 'procedural', generator: 'checker', seed: i, size: TEXELS, parameters: {} }]),
      ),
      materials: Object.fromEntries(numbers.map(i => [`${i}`, { baseColor: { texture: `${i}` } }])),
      objects: numbers.map(i => ({
        id: i + 1,
        name: `thing-${i}`,
        geometry: 'thing',
        material: `${i}`,
        position: [((i % 6) - 2.5) * 1.2, (Math.floor(i / 6) - 1.5) * 1.2, 0.5],
      })),
    }),
    assets: NO_ASSETS,
  }
}
