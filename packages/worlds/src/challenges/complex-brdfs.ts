/**
 * Complex BRDFs (Kubric's challenge 7): new views of shiny things from few pictures, where what is seen changes with the view.
 *
 * Shows: one object in a random colour, either specular (metal, roughness 0.2) or Lambertian, from the 24 views of the neural mesh renderer's sets (radius
 * 2.732, elevation 30°, 15° apart). Every third view is for the test. Objects of `split=test` are never seen in training.
 *
 * Cost: 24 frames of 256 × 256; paths of up to 12 bounces with `--quality high`.
 */
import { z } from 'zod'
import { material } from '../builder/material.ts'
import { scene } from '../builder/scene.ts'
import { splitField } from '../toolkit/fields.ts'
import { litRoom } from '../toolkit/lit-rooms.ts'
import { defineWorld } from '../world.ts'
import { subject, subjectCategories } from './subject.ts'
import { circleViews, VIEW_FPS, viewCamera } from './views.ts'

const VIEWS = 24

export const complexBrdfs = defineWorld({
  name: 'complex-brdfs',
  description: 'One object, specular or Lambertian, from 24 views around it: new views of what shines',
  config: z.strictObject({
    material: z.enum(['specular', 'lambertian', 'either']).default('specular').describe('what the object is made of'),
    ...splitField,
  }),
  build({ key, config, assets }) {
    const s = scene({ frames: VIEWS, fps: VIEW_FPS, categories: subjectCategories(assets) })
    const { room, light } = litRoom(key, { background: { type: 'constant', color: [1, 1, 1] } })
    s.add(light)
    const kind = config.material === 'either' ? key.fork('material').choice(['specular', 'lambertian'] as const) : config.material
    const color = key.fork('color').uniforms(3) as [number, number, number]
    const look =
      kind === 'specular'
        ? material({ baseColor: color, metallic: 1, roughness: 0.2 }, kind)
        : material({ baseColor: color, roughness: 1, specular: 0 }, kind)
    s.add(subject(key.fork('object'), assets, config.split).material(look).tagged({ material_label: kind, color }))
    s.add(viewCamera(circleViews(VIEWS, 2.732, [0, 0, 0], Math.PI / 6), { focalLength: 55 }))
    const frames = Array.from({ length: VIEWS }, (_, i) => i)
    return s.tag({ splits: { train: frames.filter(f => f % 3 !== 2), test: frames.filter(f => f % 3 === 2) }, environment: room })
  },
})
