/** Pictures and labels show things in the same place: a glowing ball's centre of light against its rays, behind every lens, still, moving and rolling. */
import { createRenderer, type Renderer } from '@dioramic/render'
import { loadKernel } from '@dioramic/render/node'
import { beforeAll, describe, expect, test } from 'vitest'
import { frameContext } from '../../src/context.ts'
import { castRaster } from '../../src/raster.ts'
import { cameraInput, LENSES, type Rig } from '../kit/lenses.ts'
import { sphere, stage, turnQuat, unit, type V } from '../kit/oracle.ts'

let renderer: Renderer
beforeAll(async () => {
  renderer = await createRenderer(await loadKernel())
})

const WIDTH = 64
const HEIGHT = 48
/** Rays a pixel and axis. */
const FINE = 6
const axis = unit([0.3, -0.5, 0.8])
const place = (t: number): V => [0.25 + 2 * t, 0.2 - 1.5 * t, -1.8 + t]

/** Share of the ball's light and its centre, raster pixels, of a field of values. */
function centre(values: (i: number) => number, width: number, height: number, step: number): readonly [number, number, number] {
  let [mass, x, y] = [0, 0, 0]
  for (let i = 0; i < width * height; i++) {
    const m = values(i)
    mass += m
    x += m * ((i % width) + 0.5) * step
    y += m * (Math.floor(i / width) + 0.5) * step
  }
  return [mass * step * step, x / mass, y / mass]
}

for (const readout of [0, 0.05]) {
  describe.each(LENSES)(`$name, readout ${readout} s`, lens => {
    const rig: Rig = {
      from: [0.05, 0.02, 0],
      velocity: [0.3, -0.2, 0.1],
      axis: unit([0.1, 1, 0.3]),
      rate: 0.8,
      width: WIDTH,
      height: HEIGHT,
      readout,
    }
    const { mesh } = sphere(0.35, 24, 48)
    const s = stage({
      cameras: [cameraInput(lens, rig)],
      objects: [{ mesh, path: t => ({ position: place(t), rotation: turnQuat(axis, 4 * t) }) }],
      scene: {
        materials: { glow: { baseColor: [0, 0, 0], specular: 0, emission: [1, 1, 1] } },
        objects: [{ id: 10, name: 'ball', geometry: 'g0', material: 'glow', scale: [1.2, 0.8, 1] }],
      },
    })
    test('the centre and the area of the ball are those of its rays', () => {
      const loaded = renderer.load(s.resolved, s.motion)
      const { color } = loaded.radiance({ camera: 0, frame: 1, spp: 64, seed: [3, 5] })
      const context = frameContext({ resolved: s.resolved, motion: s.motion, rays: t => loaded.rays(t), frame: 1 })
      const [w, h] = [WIDTH * FINE, HEIGHT * FINE]
      const points = new Float64Array(2 * w * h)
      for (let i = 0; i < w * h; i++) points.set([((i % w) + 0.5) / FINE, (Math.floor(i / w) + 0.5) / FINE], 2 * i)
      const { instance } = castRaster(context, points)
      const [area, x, y] = centre(i => color[3 * i]!, WIDTH, HEIGHT, 1)
      const [trueArea, trueX, trueY] = centre(i => (instance[i]! < 0 ? 0 : 1), w, h, 1 / FINE)
      if (process.env['TRUTH_FIGURES']) console.log(lens.name, readout, trueArea, area / trueArea - 1, x - trueX, y - trueY)
      expect(trueArea).toBeGreaterThan(10)
      expect(Math.abs(area / trueArea - 1)).toBeLessThan(0.01)
      expect(Math.abs(x - trueX)).toBeLessThan(0.02)
      expect(Math.abs(y - trueY)).toBeLessThan(0.02)
    })
  })
}
