/**
 * Texture and structure in NeRF (Kubric's challenge 3): do radiance fields place fine texture as well as coarse?
 *
 * Shows: thirty cubes before white, each with noise of its own spatial frequency, log-uniform from 0.1 to 100 a metre; the category (`semantic`) is the
 * band of the frequency, six in all. Views from a hemisphere of 4 m, in blocks for training, validation and test. Two colours of random hue where the
 * original's ramp has five.
 *
 * Cost: 180 frames of 256 × 256; few and simple objects, the cheapest a frame.
 */
import { portable, type Vec3 } from '@dioramic/scene'
import { z } from 'zod'
import { ambient } from '../builder/environment.ts'
import { scene } from '../builder/scene.ts'
import { shape } from '../builder/shapes.ts'
import { uniformHue } from '../toolkit/colors.ts'
import { sun } from '../toolkit/lights.ts'
import { region } from '../toolkit/region.ts'
import { defineWorld } from '../world.ts'
import { blocks, sphereViews, VIEW_FPS, viewCamera } from './views.ts'

/** Cycles a metre, lowest and highest, and how many bands between. */
const [LOW, HIGH, BANDS] = [0.1, 100, 6]
/** Noise cells across a texture. */
const CELLS = 4

export const textureStructure = defineWorld({
  name: 'texture-structure',
  description: 'Thirty cubes with noise of frequencies from 0.1 to 100 a metre, many views: texture against structure in NeRF',
  config: z.strictObject({
    cubes: z.number().int().min(1).max(200).default(30).describe('how many cubes'),
    train: z.number().int().min(1).max(1000).default(60).describe('views for training'),
    val: z.number().int().min(0).max(1000).default(60).describe('views for validation'),
    test: z.number().int().min(0).max(1000).default(60).describe('views for the test'),
  }),
  build({ key, config }) {
    const views = config.train + config.val + config.test
    const categories = Array.from({ length: BANDS }, (_, i) => `band-${i}`)
    const s = scene({ frames: views, fps: VIEW_FPS, gravity: [0, 0, 0], categories })
    s.add(ambient([0.9, 0.9, 0.9]), sun({ position: [2, -3, 5], irradiance: 1.2, angle: 0.3 }))
    for (const k of key.fork('cubes').times(config.cubes)) {
      const u = k.fork('frequency').uniform()
      const frequency = LOW * portable.exp(u * portable.log(HIGH / LOW))
      const [a, b] = ['a', 'b'].map(n => [...uniformHue(k.fork(n))]) as [number[], number[]]
      const band = Math.min(BANDS - 1, Math.floor(u * BANDS))
      s.add(
        shape('cube', k)
          .scaled(k.fork('size').uniform(0.1, 0.2))
          .category(`band-${band}`)
          .material({
            name: 'noise',
            material: { baseColor: { texture: 'noise' }, roughness: 0.9, specular: 0, mapping: { type: 'box', size: CELLS / frequency } },
            textures: {
              noise: {
                type: 'procedural',
                generator: 'noise',
                seed: k.fork('pattern').int(0, 9999),
                size: 256,
                parameters: { scale: CELLS, octaves: 2, contrast: 2, a, b },
              },
            },
          })
          .dropFrom(region([-1, -1, 0], [1, 1, 1]))
          .fixed()
          .tagged({ frequency, band }),
      )
    }
    const target: Vec3 = [0, 0, 0.4]
    s.add(viewCamera(sphereViews(key.fork('views'), views, 4, target, 0.05, 0.98), { focalLength: 50 }))
    return s.tag({ splits: blocks({ train: config.train, val: config.val, test: config.test }) })
  },
})
