/**
 * Robust NeRF (Kubric's challenge 5): a scene that will not stay still. Radiance fields are to be learnt of what stays, from pictures in which
 * other things come and go.
 *
 * Shows: five still objects on a floor, and three distractors that are somewhere else in every frame (`motion=teleport`) or tremble about one place
 * (`motion=jitter`, σ 0.1 m), but for every thirtieth frame, which is clean of them. The camera goes round in four rings of other heights. Seven tenths
 * of the frames with distractors are for training, the rest are for validation; the clean ones are the test. Distractors are of the category
 * `distractor`, so `semantic` and `segmentation` mask them.
 *
 * Cost: 301 frames of 256 × 256.
 */
import { type Key, portable, type SceneInput, type Vec3, vec3 } from '@dioramic/scene'
import { z } from 'zod'
import { preset } from '../builder/preset.ts'
import { scene } from '../builder/scene.ts'
import { floor, shape } from '../builder/shapes.ts'
import { randomColor } from '../toolkit/colors.ts'
import { litRoom } from '../toolkit/lit-rooms.ts'
import { region } from '../toolkit/region.ts'
import { defineWorld } from '../world.ts'
import { subject, subjectCategories } from './subject.ts'
import { type StillView, shareOut, VIEW_FPS, viewCamera } from './views.ts'

/** Where distractors are in clean frames: under the floor, out of all sight. */
const AWAY = -20
const EVERY = 30

/** Positions of a distractor, frame by frame, held from frame to frame. */
function hops(key: Key, frames: number, home: Vec3, motion: 'teleport' | 'jitter', size: number) {
  const keys = Array.from({ length: frames }, (_, f): [number, [number, number, number]] => {
    if (f % EVERY === 0) return [f / VIEW_FPS, [home[0], home[1], AWAY]]
    const k = key.fork(f)
    const p: Vec3 =
      motion === 'teleport'
        ? [k.fork('x').uniform(-1.6, 1.6), k.fork('y').uniform(-1.6, 1.6), k.fork('z').uniform(0.6 * size, 1.4)]
        : vec3.add(home, [0.1 * k.fork('x').normal(), 0.1 * k.fork('y').normal(), Math.abs(0.1 * k.fork('z').normal())])
    return [f / VIEW_FPS, [...p]]
  })
  return { keys, interpolation: 'step' as const }
}

export const robustNerf = defineWorld({
  name: 'robust-nerf',
  description: 'Still objects, and distractors that are elsewhere in every frame: NeRF of what stays, clean frames for the test',
  config: z.strictObject({
    views: z.number().int().min(4).max(2000).default(301).describe('frames; every 30th is clean'),
    motion: z.enum(['teleport', 'jitter']).default('teleport').describe('what distractors do'),
    objects: z.number().int().min(1).max(20).default(5).describe('still objects'),
    distractors: z.number().int().min(0).max(20).default(3).describe('things that come and go'),
  }),
  async build({ key, config, assets }): Promise<SceneInput> {
    const s = scene({ frames: config.views, fps: VIEW_FPS, categories: ['floor', 'distractor', ...subjectCategories(assets)] })
    const { room, light } = litRoom(key)
    s.add(light)
    s.add(floor({ size: 14 }).material(preset(key.fork('floor').choice(['wood-planks', 'concrete', 'terrazzo', 'linen']))))
    for (const k of key.fork('objects').times(config.objects))
      s.add(
        subject(k, assets)
          .scaled(k.fork('size').uniform(0.4, 0.7))
          .standOn(region([-1.3, -1.3, 0], [1.3, 1.3, 1]))
          .fixed(),
      )
    const moving = key
      .fork('distractors')
      .times(config.distractors)
      .map(k => {
        const size = k.fork('size').uniform(0.35, 0.55)
        const a = k.fork('place').uniform(0, 2 * Math.PI)
        const home: Vec3 = [1.1 * portable.cos(a), 1.1 * portable.sin(a), 0.75]
        s.add(
          shape('monkey', k)
            .category('distractor')
            .named('distractor')
            .scaled(size)
            .material(preset('plastic-glossy', { color: randomColor(k.fork('color')) }))
            .rotated(k.fork('rotation').rotation())
            .at(home)
            .tagged({ transient: true }),
        )
        return hops(k.fork('hops'), config.views, home, config.motion, size)
      })
    // Rings one above another, a turn each.
    const rings = [0.5, 1.1, 1.7, 2.3]
    const views = Array.from({ length: config.views }, (_, f): StillView => {
      const a = (2 * Math.PI * f * rings.length) / config.views
      const z = rings[Math.min(rings.length - 1, Math.floor((f * rings.length) / config.views))]!
      const r = Math.sqrt(16 - z * z)
      return { position: [r * portable.cos(a), r * portable.sin(a), z], lookAt: [0, 0, 0.3] }
    })
    s.add(viewCamera(views, { focalLength: 40 }))
    const all = Array.from({ length: config.views }, (_, f) => f)
    const seen = all.filter(f => f % EVERY !== 0)
    const shares = shareOut(key.fork('splits'), seen.length, { train: Math.round(0.7 * seen.length), val: 0 })
    const splits = {
      train: shares['train']!.map(i => seen[i]!),
      val: shares['val']!.map(i => seen[i]!),
      test: all.filter(f => f % EVERY === 0),
    }
    s.tag({ splits, motion: config.motion, environment: room })
    const made = await s.finish(assets)
    let next = 0
    const objects = made.objects!.map(o => (o.category === 'distractor' ? { ...o, position: moving[next++]! } : o))
    return { ...made, objects }
  },
})
