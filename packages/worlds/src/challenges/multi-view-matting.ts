/**
 * Matting from many views (Kubric's challenge 6): cut one salient object out of all the pictures of it.
 *
 * Shows: an object on a table of coloured metal in an HDR room, ten views around it; hard clips have four other objects beside it. The salient one is
 * tagged `salient` and is named so: its share of every pixel is `coverage` where `coverage-id` is its id, and with `--labels coverage,coverage-id
 * --format folder,nerf` the pictures' alpha channel is the share of all objects that are no background.
 *
 * Cost: 10 frames of 128 × 128.
 */
import { z } from 'zod'
import { material } from '../builder/material.ts'
import { scene } from '../builder/scene.ts'
import { shape } from '../builder/shapes.ts'
import { uniformHue } from '../toolkit/colors.ts'
import { splitField } from '../toolkit/fields.ts'
import { litRoom } from '../toolkit/lit-rooms.ts'
import { region } from '../toolkit/region.ts'
import { defineWorld } from '../world.ts'
import { subject, subjectCategories } from './subject.ts'
import { blocks, sphereViews, VIEW_FPS, viewCamera } from './views.ts'

export const multiViewMatting = defineWorld({
  name: 'multi-view-matting',
  description: 'A salient object on a table of coloured metal, ten views: matting from many views',
  config: z.strictObject({
    views: z.number().int().min(1).max(1000).default(10).describe('frames, each from another place'),
    difficulty: z.enum(['easy', 'hard']).default('easy').describe('hard has four other objects on the table'),
    ...splitField,
  }),
  build({ key, config, assets }) {
    const s = scene({ frames: config.views, fps: VIEW_FPS, categories: ['table', ...subjectCategories(assets)] })
    const { room, light } = litRoom(key)
    s.add(light)
    const metal = material(
      { baseColor: [...uniformHue(key.fork('table'))], metallic: 1, roughness: key.fork('polish').uniform(0.15, 0.4) },
      'table',
    )
    s.add(shape('cylinder').named('table').category('table').asBackground().scaled([5, 5, 0.2]).at([0, 0, -0.1]).material(metal).fixed())
    const k = key.fork('object')
    s.add(
      subject(k, assets, config.split)
        .named('salient')
        .standOn(region([-0.6, -0.6, 0], [0.6, 0.6, 1.2]))
        .fixed()
        .tagged({ salient: true }),
    )
    if (config.difficulty === 'hard')
      for (const d of key.fork('others').times(4))
        s.add(
          subject(d, assets, config.split)
            .scaled(d.fork('size').uniform(0.4, 0.6))
            .standOn(region([-1.9, -1.9, 0], [1.9, 1.9, 1]))
            .fixed()
            .tagged({ salient: false }),
        )
    s.add(viewCamera(sphereViews(key.fork('views'), config.views, 4, [0, 0, 0.4], 0.25, 0.85), { resolution: [128, 128], focalLength: 42 }))
    return s.tag({ splits: blocks({ train: config.views }), difficulty: config.difficulty, environment: room })
  },
})
