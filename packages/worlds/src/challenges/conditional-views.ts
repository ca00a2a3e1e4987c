/**
 * New views of new scenes (Kubric's challenge 12, MultiShapeNet of the scene representation transformer): heaps of objects, few views of each.
 *
 * Shows: 16 to 32 objects that fell onto a floor in an HDR room and came to rest (what still rolls after four seconds is stopped), eight views from a
 * shell or a circle: five to see the scene by, three to be drawn. Objects of `split=test` are never seen in training.
 *
 * Cost: 8 frames of 256 × 256 of many objects, and four seconds of physics.
 */
import type { Vec3 } from '@dioramic/scene'
import { z } from 'zod'
import { preset } from '../builder/preset.ts'
import { scene } from '../builder/scene.ts'
import { floor } from '../builder/shapes.ts'
import { ordered, splitField } from '../toolkit/fields.ts'
import { litRoom } from '../toolkit/lit-rooms.ts'
import { pointInHalfShell, region } from '../toolkit/region.ts'
import { defineWorld } from '../world.ts'
import { subject, subjectCategories } from './subject.ts'
import { blocks, circleViews, VIEW_FPS, viewCamera } from './views.ts'

export const conditionalViews = defineWorld({
  name: 'conditional-views',
  description: 'Heaps of 16 to 32 objects at rest, five views given and three asked for: new views of new scenes',
  config: z
    .strictObject({
      minCount: z.number().int().min(1).max(60).default(16).describe('fewest objects'),
      maxCount: z.number().int().min(1).max(60).default(32).describe('most objects'),
      given: z.number().int().min(1).max(100).default(5).describe('views that are given'),
      asked: z.number().int().min(1).max(100).default(3).describe('views that are asked for'),
      cameras: z.enum(['shell', 'circle']).default('shell').describe('where views are from'),
      ...splitField,
    })
    .check(ordered(['minCount', 'maxCount'])),
  build({ key, config, assets }) {
    const views = config.given + config.asked
    const s = scene({ frames: views, fps: VIEW_FPS, gravity: [0, 0, -10], categories: ['floor', ...subjectCategories(assets)] })
    const { room, light } = litRoom(key)
    s.add(light)
    s.add(floor({ size: 60, friction: 0.8 }).material(preset(key.fork('floor').choice(['concrete', 'terrazzo', 'asphalt', 'wood-planks']))))
    const count = key.fork('count').int(config.minCount, config.maxCount)
    for (const k of key.fork('objects').times(count))
      s.add(
        subject(k, assets, config.split)
          .scaled(k.fork('size').uniform(0.8, 1.8))
          .dynamic({ density: 500, friction: 0.8, restitution: 0.1 })
          // Large things may leave no room for the last ones: these go above.
          .dropFrom(region([-3.5, -3.5, 0.5], [3.5, 3.5, 5 + 0.15 * count]), { elsewhere: [region([-3.5, -3.5, 5], [3.5, 3.5, 12])] }),
      )
    s.settle({ seconds: 4, unrest: 'stop' })
    const target: Vec3 = [0, 0, 0.5]
    const from =
      config.cameras === 'circle'
        ? circleViews(views, 11, target, 0.5, key.fork('start').uniform(0, 2 * Math.PI))
        : key
            .fork('views')
            .times(views)
            .map(k => ({ position: pointInHalfShell(k, 9, 12, 2), lookAt: target }))
    s.add(viewCamera(from, { focalLength: 35 }))
    return s.tag({ splits: blocks({ given: config.given, asked: config.asked }), environment: room, split: config.split })
  },
})
