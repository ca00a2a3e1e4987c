/** How fast a small soft-lit scene converges: the slope of its error in log–log, against a picture of many samples. */
import { quat, type SceneInput } from '@dioramic/scene'
import { expect, test } from 'vitest'
import { loadKernel } from '../../src/node/index.ts'
import { createRenderer } from '../../src/renderer.ts'
import { constantEnvironment, icosphere, keyframeMotion, resolveByHand, square } from '../support/scenes.ts'

test('RMS error of a soft-lit scene from 4 to 256 samples a pixel: slope ≤ −0.55', async () => {
  const renderer = await createRenderer(await loadKernel())
  const scene: SceneInput = {
    cameras: [
      { resolution: [12, 12], position: [0, -4, 2], rotation: [...quat.lookAt([0, -4, 2], [0, 0, 0.3])] as never, focalLength: 45 },
    ],
    environment: { light: { type: 'constant', color: [1, 1, 1] } },
    materials: { floor: { baseColor: [0.6, 0.5, 0.4], roughness: 0.8 }, ball: { baseColor: [0.2, 0.4, 0.7], roughness: 0.5 } },
    objects: [
      { id: 1, name: 'floor', geometry: 'square', material: 'floor', scale: [8, 8, 1] },
      { id: 2, name: 'ball', geometry: 'ball', material: 'ball', position: [0, 0, 0.6], scale: [0.6, 0.6, 0.6] },
    ],
    lights: [
      {
        type: 'area',
        name: 'panel',
        position: [1, -1, 3],
        rotation: [...quat.fromAxisAngle([0, 1, 0], 0.3)] as never,
        size: [2, 2],
        power: 60,
      },
    ],
  }
  const sky = constantEnvironment([0.2, 0.25, 0.3])
  const resolved = resolveByHand(scene, { ball: icosphere(3), square: square() }, { light: sky, background: sky })
  const loaded = renderer.load(resolved, keyframeMotion(resolved))
  const truth = loaded.radiance({ camera: 0, frame: 0, spp: 8192, seed: [99, 99] }).color
  const points: [number, number][] = []
  for (let m = 2; m <= 8; m += 2) {
    let square = 0
    const runs = m < 6 ? 8 : 4
    for (let k = 0; k < runs; k++) {
      loaded.radiance({ camera: 0, frame: 0, spp: 1 << m, seed: [k, m] }).color.forEach((x, i) => {
        square += (x - truth[i]!) ** 2
      })
    }
    points.push([m, 0.5 * Math.log2(square / runs / truth.length)])
  }
  const mx = points.reduce((s, [m]) => s + m, 0) / points.length
  const my = points.reduce((s, [, e]) => s + e, 0) / points.length
  const slope = points.reduce((s, [m, e]) => s + (m - mx) * (e - my), 0) / points.reduce((s, [m]) => s + (m - mx) ** 2, 0)
  if (process.env['TRUTH_FIGURES']) console.log('slope', slope, points)
  expect(slope).toBeLessThan(-0.55)
})
