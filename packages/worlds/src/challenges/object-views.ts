/**
 * Views of one object (Kubric's challenges 4 and 8): pre-training of visual representations, and reconstruction from a single view.
 *
 * `pretraining-views` shows an object from 25 places of a shell, 9 to 10 of its sizes away, view 0 for validation. `single-view-reconstruction` shows it
 * from 24 places of a sphere with the camera of each: train on `split=train`, test on `split=test`, whose objects training has not seen; the shape
 * itself comes by `diorama export`. With `--labels coverage,coverage-id --format folder,nerf` pictures have an alpha channel. Before white, nothing but the object.
 *
 * Cost: 24 or 25 frames of 256 × 256 of one object.
 */
import { z } from 'zod'
import { ambient } from '../builder/environment.ts'
import { scene } from '../builder/scene.ts'
import { splitField } from '../toolkit/fields.ts'
import { randomLights } from '../toolkit/lights.ts'
import { pointInHalfShell } from '../toolkit/region.ts'
import { defineWorld } from '../world.ts'
import { subject, subjectCategories } from './subject.ts'
import { blocks, sphereViews, VIEW_FPS, viewCamera } from './views.ts'

const fields = (views: number) => ({
  views: z.number().int().min(2).max(1000).default(views).describe('frames, each from another place'),
  ...splitField,
})

export const pretrainingViews = defineWorld({
  name: 'pretraining-views',
  description: 'One object from 25 places of a shell, before white: pre-training of visual representations',
  config: z.strictObject(fields(25)),
  build({ key, config, assets }) {
    const s = scene({ frames: config.views, fps: VIEW_FPS, categories: subjectCategories(assets) })
    s.add(
      ambient([0.6, 0.6, 0.6], { background: { type: 'constant', color: [1, 1, 1] } }),
      randomLights(key.fork('lights'), { count: [3, 3] }),
    )
    s.add(subject(key.fork('object'), assets, config.split).rotated(key.fork('turn').rotation()))
    const views = key
      .fork('views')
      .times(config.views)
      .map(k => ({ position: pointInHalfShell(k, 9, 10, 0.1), lookAt: [0, 0, 0] as [number, number, number] }))
    s.add(viewCamera(views, { focalLength: 165 }))
    return s.tag({ splits: blocks({ val: 1, train: config.views - 1 }), split: config.split })
  },
})

export const singleViewReconstruction = defineWorld({
  name: 'single-view-reconstruction',
  description: 'One object from 24 places of a sphere, objects held out for the test: shape from a single view',
  config: z.strictObject(fields(24)),
  build({ key, config, assets }) {
    const s = scene({ frames: config.views, fps: VIEW_FPS, categories: subjectCategories(assets) })
    s.add(
      ambient([0.7, 0.7, 0.7], { background: { type: 'constant', color: [1, 1, 1] } }),
      randomLights(key.fork('lights'), { count: [2, 2] }),
    )
    // Upright and in canonical pose, as reconstruction sets are.
    s.add(subject(key.fork('object'), assets, config.split))
    s.add(viewCamera(sphereViews(key.fork('views'), config.views, 2.732, [0, 0, 0], -0.2, 0.9), { focalLength: 60 }))
    return s.tag({ splits: { views: Array.from({ length: config.views }, (_, i) => i) }, split: config.split })
  },
})
