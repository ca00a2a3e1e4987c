// What Cycles is not handed is refused by name before anything runs; no Python is needed to see it.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { initPhysics } from '@dioramic/physics'
import { NO_ASSETS, resolveScene, type SceneInput, sceneSchema } from '@dioramic/scene'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { exportForCycles } from '../../src/node/cycles/export.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'diorama-refusals-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const physics = await initPhysics()

function exportOf(material: NonNullable<SceneInput['materials']>[string], camera: Record<string, unknown> = {}) {
  const scene = sceneSchema.parse({
    frames: 1,
    fps: 10,
    cameras: [{ position: [0, 0, 4], rotation: [0, 0, 0, 1], resolution: [8, 6], ...camera }],
    geometries: { ball: { type: 'shape', shape: 'sphere' } },
    textures: { noise: { type: 'procedural', generator: 'noise', size: 16 } },
    materials: { skin: material },
    objects: [{ id: 1, name: 'ball', geometry: 'ball', material: 'skin' }],
  } as SceneInput)
  const resolved = resolveScene(scene, NO_ASSETS)
  exportForCycles({ resolved, motion: physics.simulate(resolved), camera: 0, time: 1, filterWidth: 3, folder })
  return JSON.parse(readFileSync(join(folder, 'scene.json'), 'utf8'))
}

test.each([
  [{ sheenColor: [1, 1, 1], thinWalled: true }, /object "ball": Cycles is not handed the material's thinWalled, sheenColor/],
  [{ metallic: 1, specularTint: [1, 0, 0] }, /specularTint of a metal/],
  [{ anisotropy: 0.9, roughness: 0.2 }, /anisotropy 0\.9 at roughness 0\.2: Cycles stretches reflections tenfold at most, this is 20\.4/],
  [{ anisotropy: 0.4, roughness: { texture: 'noise' } }, /anisotropy where roughness is a picture/],
] as const)('%o', (material, message) => {
  expect(() => exportOf(material as never)).toThrow(message)
})

test('α along and across the tangent are what Cycles makes of roughness and anisotropic', () => {
  const [made] = Object.values(exportOf({ anisotropy: 0.3, roughness: 0.3 }).materials) as { roughness: number; anisotropic: number }[]
  const aspect = Math.sqrt(1 - 0.9 * made!.anisotropic)
  expect(made!.roughness ** 2 * aspect).toBeCloseTo(0.09, 12)
  expect(made!.roughness ** 2 / aspect).toBeCloseTo(0.09 + 0.91 * 0.09, 12)
})

test('the shutter’s knots go from the first row’s opening to the last one’s closing', () => {
  const poses = (camera: Record<string, unknown>) => {
    const { poses, rolling } = exportOf(
      {},
      {
        position: {
          keys: [
            [0, [0, 0, 0]],
            [2, [2, 0, 0]],
          ],
        },
        ...camera,
      },
    ).camera // prettier-ignore
    return { x: poses.map((p: { position: number[] }) => p.position[0]), rolling }
  }
  expect(poses({})).toEqual({ x: [1], rolling: null })
  expect(poses({ shutter: 0.5 })).toEqual({ x: [0.975, 1, 1.025], rolling: null })
  const { x, rolling } = poses({ shutter: 0.5, readout: 0.15 })
  expect([x.length, x[0], x[4]]).toEqual([9, 0.9, 1])
  expect(x[8]).toBeCloseTo(1.1, 12)
  expect(rolling).toBeCloseTo(0.25, 12)
})
