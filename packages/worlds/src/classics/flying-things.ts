/**
 * FlyingThings3D (Mayer et al., "A large dataset to train convolutional networks for disparity, optical flow, and scene flow estimation", 2016): things of all
 * kinds fly on straight and turning paths before a still backdrop, seen by a moving stereo pair. Nothing collides and nothing falls.
 *
 * Shows: disparity and its change, optical flow both ways, scene flow, motion boundaries by segmentation.
 * Cost: 15–30 objects, 10 frames of 960 × 540 from two cameras.
 * Command: `diorama generate flying-things --count 2 --size 480x270 --labels flow,scene-flow,disparity,segmentation,depth --out out/flying`.
 */
import { type Key, type Quat, quat, type Vec3, vec3 } from '@dioramic/scene'
import { z } from 'zod'
import { hdri } from '../builder/environment.ts'
import type { ObjectDraft } from '../builder/object.ts'
import { preset } from '../builder/preset.ts'
import { scene } from '../builder/scene.ts'
import { asset, SOLIDS, shape } from '../builder/shapes.ts'
import { movingCamera, stereoRig } from '../toolkit/cameras.ts'
import { randomColor } from '../toolkit/colors.ts'
import { defineWorld } from '../world.ts'

const FRAMES = 10
const FPS = 24
/** FlyingThings3D's rig: 35 mm on a 32 mm sensor, one unit apart; here a metre is a unit, and disparities run to about 100 px at 960. */
const BASELINE = 0.35

const LOOKS = [
  'brick',
  'marble',
  'terrazzo',
  'denim',
  'granite',
  'cobblestone',
  'oak',
  'walnut',
  'rust',
  'checker',
  'cork',
  'ceramic-tiles',
  'leather',
  'carbon-fibre',
  'plastic-glossy',
  'brushed-steel',
] as const

const look = (key: Key) =>
  preset(key.fork('look').choice(LOOKS), {
    size: 256,
    seed: key.fork('pattern').int(0, 9),
    ...(key.fork('tint').uniform() < 0.5 ? { color: randomColor(key.fork('colour')) } : {}),
  })

/** One that flies: place, way and turn over the clip. */
function flyer(key: Key, ids: readonly string[], [start, end]: readonly [number, number]): ObjectDraft {
  const draft =
    ids.length > 0
      ? asset(key.fork('asset').choice(ids), key)
      : shape(key.fork('shape').choice(SOLIDS), key).material(look(key)).scaled(key.fork('size').uniform(0.25, 1))
  const middle: Vec3 = [key.fork('x').uniform(-3, 3), key.fork('y').uniform(3.2, 11), key.fork('z').uniform(-1.8, 1.8)]
  const way = vec3.scale(key.fork('way').direction(), key.fork('speed').uniform(0.3, 3) * (end - start))
  const first = key.fork('turn').rotation()
  const spin = key.fork('spin').direction()
  const angle = key.fork('angle').uniform(0, 1.2)
  const turns = [0, 0.5, 1].map((u): readonly [number, Quat] => [
    start + u * (end - start),
    quat.normalize(quat.multiply(quat.fromAxisAngle(spin, angle * u), first)),
  ])
  return draft
    .along([
      [start, vec3.sub(middle, vec3.scale(way, 0.5))],
      [end, vec3.add(middle, vec3.scale(way, 0.5))],
    ])
    .turning(turns)
}

export const flyingThings = defineWorld({
  name: 'flying-things',
  description: 'FlyingThings3D: things of all kinds fly past a moving stereo pair; disparity, optical flow, scene flow',
  config: z.strictObject({
    minCount: z.number().int().min(1).max(100).default(14).describe('fewest flying things'),
    maxCount: z.number().int().min(1).max(100).default(26).describe('most'),
  }),
  build({ key, config, assets }) {
    const ids = [...assets.objects.keys()].sort()
    const span = [-1 / FPS, FRAMES / FPS] as const
    const s = scene({ frames: FRAMES, fps: FPS, gravity: [0, 0, 0] })
    s.add(
      hdri(key.fork('sky').choice(['park', 'city', 'forest', 'venice', 'dawn'] as const), {
        rotation: key.fork('around').uniform(0, 2 * Math.PI),
      }),
    )
    // A floor far below and still boxes behind: the ground that things fly before.
    s.add(
      shape('plane')
        .named('ground')
        .category('ground')
        .asBackground()
        .scaled([60, 60, 1])
        .at([0, 8, -2.6])
        .material(look(key.fork('ground'))),
    )
    for (const k of key.fork('still').times(key.fork('still-count').int(6, 12)))
      s.add(
        shape(k.fork('shape').choice(['cube', 'cylinder'] as const))
          .named('block')
          .category('block')
          .asBackground()
          .material(look(k))
          .scaled([k.fork('w').uniform(0.6, 2.5), k.fork('d').uniform(0.6, 2.5), k.fork('h').uniform(1, 5)])
          .rotated(k.fork('turn').rotation())
          .at([k.fork('x').uniform(-9, 9), k.fork('y').uniform(9, 18), k.fork('z').uniform(-2.5, 3)]),
      )
    const count = key.fork('count').int(Math.min(config.minCount, config.maxCount), config.maxCount)
    for (const k of key.fork('things').times(count)) s.add(flyer(k, ids, span))
    const c = key.fork('camera')
    const drift = vec3.scale(c.fork('drift').direction(), c.fork('speed').uniform(0, 1.2))
    const swing: Vec3 = [c.fork('pan').uniform(-1.5, 1.5), 0, c.fork('nod').uniform(-0.8, 0.8)]
    const left = movingCamera({
      start: span[0],
      end: span[1],
      resolution: [960, 540],
      path: t => ({ position: vec3.scale(drift, t), lookAt: vec3.add([0, 8, 0], vec3.scale(swing, t)) }),
    })
    s.add(stereoRig(left, BASELINE))
    return s.tag({ count })
  },
})
