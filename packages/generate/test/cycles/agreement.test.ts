// Diorama's picture and Cycles', feature by feature: means of 8 × 8 pixels within 2 %, and metals of the greatest roughness in a furnace.
// DIORAMA_CYCLES_PYTHON names a Python with bpy; without one the tests are skipped.
import { initPhysics, type Physics } from '@dioramic/physics'
import { createRenderer, type Renderer } from '@dioramic/render'
import { loadKernel } from '@dioramic/render/node'
import type { SceneInput } from '@dioramic/scene'
import { beforeAll, expect, test } from 'vitest'
import { findCycles } from '../../src/node/cycles/cycles.ts'
import { blockDifference, renderBoth } from './compare.ts'
import { FEATURES } from './scenes.ts'

let python = ''
let reason = ''
try {
  python = findCycles().python
} catch (e) {
  reason = (e as Error).message
}
let physics: Physics
let renderer: Renderer
beforeAll(async () => {
  physics = await initPhysics()
  renderer = await createRenderer(await loadKernel())
})

for (const [name, { scene }] of Object.entries(FEATURES))
  test(`block means agree within 2 %: ${name}`, ({ skip }) => {
    if (!python) return skip(reason)
    const { worst } = blockDifference(renderBoth(scene(64), 256, { physics, renderer, python }))
    console.log(`${name}: ${(100 * worst).toFixed(2)} %`)
    expect(worst).toBeLessThan(0.02)
  }, 600_000)

test('filterGlossy is what Cycles means by it: light that metal throws on a matt floor', ({ skip }) => {
  if (!python) return skip(reason)
  const { worst } = blockDifference(renderBoth(FEATURES['environment']!.scene(64), 256, { physics, renderer, python }, 1))
  console.log(`filter glossy 1: ${(100 * worst).toFixed(2)} %`)
  // Cycles compensates a roughened metal for the energy that it lost while it was smooth, so sends less light to the floor beside it; ours returns all (render/test/truth/filter-glossy.test.ts).
  expect(worst).toBeLessThan(0.08)
}, 600_000)

/** A metal ball in a white furnace: what it reflects of all the light there is, at its middle. */
function furnace(baseColor: number, roughness: number): readonly [ours: number, theirs: number] {
  const scene: SceneInput = {
    frames: 1,
    environment: { light: { type: 'constant', color: [1, 1, 1] } },
    cameras: [{ resolution: [16, 16], position: [0, 0, 4], rotation: [0, 0, 0, 1], focalLength: 200 }],
    geometries: { ball: { type: 'shape', shape: 'sphere' } },
    materials: { metal: { baseColor: [baseColor, baseColor, baseColor], metallic: 1, roughness } },
    objects: [{ id: 1, name: 'ball', geometry: 'ball', material: 'metal' }],
  }
  const { ours, theirs } = renderBoth(scene, 1024, { physics, renderer, python })
  const mean = (a: Float32Array) => a.reduce((s, v) => s + v, 0) / a.length
  return [mean(ours), mean(theirs)]
}

test('light that bounces twice within a rough metal: white ones lose none in either, greys are at most 6 % apart', ({ skip }) => {
  if (!python) return skip(reason)
  for (const white of furnace(1, 0.9)) expect(white).toBeCloseTo(1, 1)
  const [ours, theirs] = furnace(0.5, 0.9)
  console.log(`metal of 0.5, roughness 0.9: ${ours.toFixed(4)}, Cycles ${theirs.toFixed(4)}`)
  expect(Math.abs(ours / theirs - 1)).toBeLessThan(0.06)
}, 600_000)
