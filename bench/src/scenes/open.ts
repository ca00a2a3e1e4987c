/** Scene 3 of the renderer benchmark: twelve plain things of metal and rubber in the open, under a sun and three area lights, as CLEVR and MOVi-A light theirs. */
import { type Assets, Key, NO_ASSETS, quat, type Scene, type SceneInput, sceneSchema } from '@dioramic/scene'

const SHAPES = ['cube', 'sphere', 'cylinder'] as const
const look = (from: readonly [number, number, number]) => [...quat.lookAt(from, [0, 0, 0])] as [number, number, number, number]

export function open(size: number): { scene: Scene; assets: Assets } {
  const key = Key.fromSeed(2)
  const lamp = (name: string, position: [number, number, number], power: number) => ({
    type: 'area' as const,
    name,
    position,
    rotation: look(position),
    size: [1, 1] as [number, number],
    power,
  })
  const input: SceneInput = {
    frames: 1,
    cameras: [{ resolution: [size, size], position: [7, -6, 5], rotation: [...quat.lookAt([7, -6, 5], [0, 0, 0.3])], focalLength: 35 }],
    lights: [
      { type: 'sun', name: 'sun', rotation: look([11.6608, -6.62799, 25.8232]), irradiance: 1.35, angle: 0.02 },
      lamp('key', [6.44671, -2.90517, 4.2584], 250),
      lamp('fill', [-4.67112, -4.0136, 3.01122], 120),
      lamp('back', [-1.1685, 2.64602, 5.81574], 120),
    ],
    environment: { light: { type: 'constant', color: [0.05, 0.05, 0.05] } },
    geometries: Object.fromEntries([...SHAPES, 'plane' as const].map(s => [s, { type: 'shape', shape: s }])),
    materials: {
      floor: { baseColor: [0.4, 0.4, 0.42], roughness: 0.7 },
      ...Object.fromEntries(
        Array.from({ length: 12 }, (_, i) => {
          const k = key.fork(i)
          const baseColor: [number, number, number] = [k.uniform(0.1, 0.9), k.uniform(0.1, 0.9), k.uniform(0.1, 0.9)]
          return [`thing-${i}`, i % 2 === 0 ? { baseColor, metallic: 1, roughness: 0.2 } : { baseColor, roughness: 0.7, ior: 1.25 }]
        }),
      ),
    },
    objects: [
      { id: 1, name: 'floor', isBackground: true, geometry: 'plane', material: 'floor', scale: [60, 60, 1] },
      ...Array.from({ length: 12 }, (_, i) => {
        const s = i % 3 === 0 ? 1.4 : 0.7
        return {
          id: i + 2,
          name: `thing-${i}`,
          geometry: SHAPES[i % SHAPES.length]!,
          material: `thing-${i}`,
          position: [((i % 4) - 1.5) * 1.7, (Math.floor(i / 4) - 1) * 1.9, s / 2] as [number, number, number],
          rotation: [...quat.fromAxisAngle([0, 0, 1], 0.7 * i)] as [number, number, number, number],
          scale: [s, s, s] as [number, number, number],
        }
      }),
    ],
  }
  return { scene: sceneSchema.parse(input), assets: NO_ASSETS }
}
