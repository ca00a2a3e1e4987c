/**
 * Semantic NeRF (Kubric's challenge 11, as NeSF uses it): a field of classes in space, learnt over many scenes, asked of new ones.
 *
 * Shows: KLEVR (`scene=klevr`), 4 to 12 CLEVR shapes on a grey floor, five classes with the floor; or toy boxes (`scene=toybox`), 4 to 12 objects of the
 * library on a floor in an HDR room. Views from a hemisphere with their cameras; `--labels semantic,depth --format folder,nerf` writes what is learnt from.
 *
 * Cost: 60 frames of 256 × 256.
 */
import type { Key, ShapeName, Vec3 } from '@dioramic/scene'
import { z } from 'zod'
import { ambient } from '../builder/environment.ts'
import { material } from '../builder/material.ts'
import { preset } from '../builder/preset.ts'
import { scene } from '../builder/scene.ts'
import { floor, shape } from '../builder/shapes.ts'
import { clevrColor } from '../toolkit/colors.ts'
import { ordered } from '../toolkit/fields.ts'
import { clevrLights } from '../toolkit/lights.ts'
import { litRoom } from '../toolkit/lit-rooms.ts'
import { region } from '../toolkit/region.ts'
import { SPLITS } from '../toolkit/splits.ts'
import { defineWorld } from '../world.ts'
import { subject, subjectCategories } from './subject.ts'
import { shareOut, sphereViews, VIEW_FPS, viewCamera } from './views.ts'

const KLEVR: readonly ShapeName[] = ['cube', 'cylinder', 'sphere', 'torus']
const ROOM = region([-2.2, -2.2, 0], [2.2, 2.2, 1.5])

function klevrObject(key: Key) {
  const kind = key.fork('material').choice(['metal', 'rubber'] as const)
  const { label, color } = clevrColor(key.fork('color'))
  const look = kind === 'metal' ? { metallic: 1, roughness: 0.2 } : { metallic: 0, roughness: 0.7 }
  return shape(key.fork('shape').choice(KLEVR), key)
    .scaled(key.fork('size').choice([0.5, 0.8]))
    .material(material({ ...look, baseColor: [...color] }, `${label}-${kind}`))
    .tagged({ material_label: kind, color_label: label })
}

export const semanticNerf = defineWorld({
  name: 'semantic-nerf',
  description: 'KLEVR shapes or toy boxes on a floor, many views with classes: semantic fields of new scenes',
  config: z
    .strictObject({
      scene: z.enum(['klevr', 'toybox']).default('klevr').describe('shapes on grey, or objects of the library in a room'),
      views: z.number().int().min(2).max(2000).default(60).describe('frames, each from another place'),
      minCount: z.number().int().min(1).max(40).default(4).describe('fewest objects'),
      maxCount: z.number().int().min(1).max(40).default(12).describe('most objects'),
      split: z.enum(SPLITS).default('all').describe('which objects of the library toy boxes hold'),
    })
    .check(ordered(['minCount', 'maxCount'])),
  build({ key, config, assets }) {
    const klevr = config.scene === 'klevr'
    const s = scene({ frames: config.views, fps: VIEW_FPS, categories: ['floor', ...(klevr ? KLEVR : subjectCategories(assets))] })
    if (klevr) s.add(ambient([0.15, 0.15, 0.15]), clevrLights(key.fork('lights'), 2), floor({ size: 60 }))
    else {
      s.add(
        litRoom(key).light,
        floor({ size: 16 }).material(preset(key.fork('floor').choice(['concrete', 'wood-planks', 'terrazzo', 'linen', 'felt']))),
      )
    }
    const count = key.fork('count').int(config.minCount, config.maxCount)
    for (const k of key.fork('objects').times(count)) {
      const thing = klevr ? klevrObject(k) : subject(k, assets, config.split).scaled(k.fork('size').uniform(0.5, 0.9))
      s.add(thing.standOn(ROOM).fixed())
    }
    const target: Vec3 = [0, 0, 0.3]
    s.add(viewCamera(sphereViews(key.fork('views'), config.views, 7, target, 0.25, 0.9), { focalLength: 40 }))
    const test = Math.max(1, Math.round(config.views / 5))
    return s.tag({ splits: shareOut(key.fork('splits'), config.views, { train: config.views - test, test: test }), scene: config.scene })
  },
})
