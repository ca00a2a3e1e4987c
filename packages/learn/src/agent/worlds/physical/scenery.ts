/** What the physical worlds look like: plain colours, soft light, a camera that looks down on the work. */
import { quat, type SceneInput, type Vec3 } from '@dioramic/scene'

type Items<K extends keyof SceneInput> = NonNullable<SceneInput[K]>
type Item = Items<'objects'>[number]

const matt = (r: number, g: number, b: number) => ({ baseColor: [r, g, b] as [number, number, number], roughness: 0.9 })
export const PAINTS = {
  floor: matt(0.45, 0.45, 0.42),
  white: matt(0.8, 0.8, 0.78),
  dark: matt(0.08, 0.08, 0.1),
  red: matt(0.8, 0.05, 0.04),
  blue: matt(0.03, 0.12, 0.75),
  green: matt(0.04, 0.55, 0.1),
  yellow: matt(0.85, 0.6, 0.03),
} satisfies Items<'materials'>
export type Paint = keyof typeof PAINTS

export const GEOMETRIES = {
  plane: { type: 'shape', shape: 'plane' },
  cube: { type: 'shape', shape: 'cube' },
  sphere: { type: 'shape', shape: 'sphere' },
  cylinder: { type: 'shape', shape: 'cylinder' },
} satisfies Items<'geometries'>

/** A thing of a task. */
export const thing = (
  id: number,
  name: string,
  geometry: keyof typeof GEOMETRIES,
  material: Paint,
  scale: Vec3,
  more: Partial<Item> = {},
): Item => ({ id, name, geometry, material, scale: [...scale] as [number, number, number], ...more })

/** The scene of a task around its things: a sky of even light and a sun, for shadows. */
export function scenery(
  objects: readonly Item[],
  eye: { readonly from: Vec3; readonly at: Vec3; readonly focalLength: number; readonly pixels?: number },
): SceneInput {
  const pixels = eye.pixels ?? 32
  return {
    // Half the rate of clips: nothing here is faster than 1 m/s.
    stepRate: 120,
    cameras: [
      {
        name: 'eye',
        resolution: [pixels, pixels],
        position: [...eye.from] as [number, number, number],
        rotation: [...quat.lookAt(eye.from, eye.at, [0, 1, 0])] as [number, number, number, number],
        focalLength: eye.focalLength,
      },
    ],
    lights: [
      {
        type: 'sun',
        name: 'sun',
        rotation: [...quat.lookAt([1, -0.6, 3], [0, 0, 0])] as [number, number, number, number],
        irradiance: 1.2,
        angle: 0.2,
      },
    ],
    environment: { light: { type: 'constant', color: [0.6, 0.6, 0.6] } },
    geometries: GEOMETRIES,
    materials: PAINTS,
    objects: [...objects],
  }
}
