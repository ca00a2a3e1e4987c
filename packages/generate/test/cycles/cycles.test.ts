// Cycles sees what our labels say: glowing balls in its picture stand where segmentation has them, behind every lens that it is handed.
// DIORAMA_CYCLES_PYTHON names a Python with bpy; without one the tests are skipped.
import { decodeLayer } from '@dioramic/data'
import { LAYER_SPECS, labelName, selectLabels } from '@dioramic/label'
import { createRenderer } from '@dioramic/render'
import { loadKernel } from '@dioramic/render/node'
import { NO_ASSETS, quat, type SceneInput } from '@dioramic/scene'
import { expect, test } from 'vitest'
import { makeClip } from '../../src/clip.ts'
import { type Beauty, makeFrame } from '../../src/frame.ts'
import { type Cycles, cyclesBeauty, findCycles } from '../../src/node/cycles/cycles.ts'
import { settingsSchema } from '../../src/settings.ts'
import { sceneSource } from '../../src/source.ts'

type CameraInput = SceneInput['cameras'][number]

let cycles: Cycles | null = null
let reason = ''
try {
  cycles = findCycles()
} catch (e) {
  reason = (e as Error).message
}

const SIZE = 96
const labels = selectLabels('segmentation')
const eye = [2.6, -3.1, 1.9] as const
const pose = { position: [...eye], rotation: [...quat.lookAt(eye, [0, 0, 0])] } satisfies Partial<CameraInput>
const places = [
  [-0.9, -0.7, 0.2],
  [0.8, -0.6, -0.3],
  [-0.5, 0.9, 0.4],
  [0.7, 0.7, 0.1],
] as const

function scene(camera: Partial<CameraInput>, speed = 0): SceneInput {
  return {
    frames: 2,
    fps: 10,
    cameras: [{ ...pose, resolution: [SIZE, SIZE], ...camera } as CameraInput],
    geometries: { ball: { type: 'shape', shape: 'sphere' } },
    materials: { glow: { baseColor: [0, 0, 0], specular: 0, emission: [1, 1, 1] } },
    objects: places.map(([x, y, z], i) => ({
      id: i + 1,
      name: `ball-${i}`,
      geometry: 'ball',
      material: 'glow',
      scale: [0.5, 0.5, 0.5],
      position: {
        keys: [
          [-1, [x - 1.1 * speed, y, z]],
          [1, [x + 0.9 * speed, y, z]],
        ],
      },
    })),
  }
}

/** Pixels of segmentation along a pixel of the picture: centroids of the pixels of discs so small are off by a tenth of a pixel. */
const FINE = 8

/** Centroid of what `weight` says of the pixels of a square picture, in sides of it. */
function centroid(n: number, weight: (p: number) => number): readonly [number, number] {
  let [x, y, w] = [0, 0, 0]
  for (let p = 0; p < n * n; p++) {
    const v = weight(p)
    x += v * ((p % n) + 0.5)
    y += v * (Math.floor(p / n) + 0.5)
    w += v
  }
  expect(w).toBeGreaterThan(20)
  return [x / w / n, y / w / n]
}

/** Distances, in pixels, between the balls' centroids in Cycles' picture and in our segmentation. */
async function gaps(camera: Partial<CameraInput>, speed: number): Promise<number[]> {
  const renderer = await createRenderer(await loadKernel())
  const layerOf = async (name: 'segmentation' | 'rgb-linear', size: number, beauty: Beauty) => {
    const settings = settingsSchema.parse({ spp: 64, denoise: false, size: [size, size], labels: labels.map(labelName) })
    const clip = await makeClip({ source: sceneSource(scene(camera, speed)), seed: 0, index: 0, settings, assets: NO_ASSETS })
    const { files } = makeFrame(clip, renderer.load(clip.resolved, clip.motion), 1, labels, { beauty })
    return decodeLayer(LAYER_SPECS[name], files.find(f => f.layer === name)!.bytes).data
  }
  const fine = SIZE * FINE
  const ids = await layerOf('segmentation', fine, () => new Float32Array(3 * fine * fine))
  const light = await layerOf('rgb-linear', SIZE, cyclesBeauty(cycles!))
  renderer.dispose()
  const ours = places.map((_, i) => centroid(fine, p => (ids[p] === i + 1 ? 1 : 0)))
  const nearest = (p: number) => {
    const d = ours.map(([x, y]) => (((p % SIZE) + 0.5) / SIZE - x) ** 2 + ((Math.floor(p / SIZE) + 0.5) / SIZE - y) ** 2)
    return d.indexOf(Math.min(...d))
  }
  return ours.map(([x, y], i) => {
    const [u, v] = centroid(SIZE, p => (nearest(p) === i ? light[3 * p]! : 0))
    return SIZE * Math.hypot(u - x, v - y)
  })
}

for (const [name, camera, speed] of [
  ['a pinhole', {}, 0],
  ['a principal point off the middle, pixels that are not square', { principalOffset: [0.07, -0.05], pixelAspect: 1.25 }, 0],
  ['parallel rays', { type: 'orthographic', extent: 3.4, principalOffset: [-0.04, 0.06] }, 0],
  ['a whole sphere', { type: 'equirectangular', position: [0, 0, 0], rotation: [...quat.lookAt([0, 0, 0], [0.3, 1, 0.2])] }, 0],
  ['motion blur', { shutter: 0.5 }, 2],
  ['an equidistant fisheye', { type: 'fisheye', focalLength: 12, position: [0.9, -1, 0.8], pixelAspect: 0.9 }, 0],
  [
    "Kannala and Brandt's fisheye",
    { type: 'fisheye', focalLength: 26, distortion: [-0.04, 0.01, -0.003, 0.0005], principalOffset: [0.03, 0.05] },
    0,
  ],
  [
    'a distorted lens',
    { focalLength: 30, distortion: { k: [-0.28, 0.09, -0.01, 0.02], p: [0.01, -0.006], s: [0.004, 0, -0.003, 0.001] }, pixelAspect: 1.1 },
    0,
  ],
  ['a rolling shutter', { readout: 0.06 }, 2],
  ['a rolling shutter whose rows blur', { readout: 0.04, shutter: 0.3 }, 2],
] as const satisfies readonly (readonly [string, Partial<CameraInput>, number])[])
  test(`registration behind ${name} is within 0.1 pixels`, async ({ skip }) => {
    if (!cycles) return skip(reason)
    const found = await gaps(camera, speed)
    console.log(`${name}: ${found.map(x => x.toFixed(3)).join(' ')} px`)
    expect(Math.max(...found)).toBeLessThan(0.1)
  }, 600_000)

test('a Python without bpy is told how to get it', () => {
  expect(() => findCycles('/nowhere/python')).toThrow(
    /--renderer cycles needs a Python with Blender's module bpy, and \/nowhere\/python has none.*pip install bpy/,
  )
})
