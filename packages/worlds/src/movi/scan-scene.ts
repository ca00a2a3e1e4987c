/** What MOVi-C to F share: things under an HDR picture, some lying there, some thrown in. */
import { type Camera, vec3At } from '@dioramic/scene'
import { type SceneBuilder, scene } from '../builder/scene.ts'
import { shape } from '../builder/shapes.ts'
import { region } from '../toolkit/region.ts'
import type { Split } from '../toolkit/splits.ts'
import { surroundings } from '../toolkit/surroundings.ts'
import type { BuildContext } from '../world.ts'
import { MOVI_CLIP } from './camera.ts'
import { thingsOf } from './things.ts'
import { tossed } from './toss.ts'

/** Where things that lie there are dropped first, metres. */
const HEAP = region([-7, -7, 0], [7, 7, 10])
/** 2,020 steps of 1/240 s, as Kubric's 101 frames of settling. */
const SETTLING = { seconds: 2020 / 240, friction: 1, restitution: 0, damping: 8, maxSpeed: 0.05, unrest: 'stop', joined: true } as const
/** Diameter about the lens that is kept free, metres. */
const CLEAR = 1
const SURFACE = { friction: 0.5, restitution: 0.5 } as const

interface Config {
  readonly minCount: number
  readonly maxCount: number
  readonly minStatic?: number
  readonly maxStatic?: number
  readonly gravity: number
  readonly split: Split
}

/** The clip without its camera's kind: `name` goes into the metadata. */
export function scanScene(name: string, { key, config, assets }: BuildContext<Config>, view: Camera): SceneBuilder {
  const things = thingsOf(name, assets, config.split)
  const around = surroundings(key.fork('surroundings'), assets, { split: config.split, friction: 0.3, restitution: 0.5 })
  const s = scene({ ...MOVI_CLIP, gravity: [0, 0, -config.gravity], categories: things.categories })
  s.add(around.floor, around.environment, view)
  const { minStatic = 0, maxStatic = 0 } = config
  const lying = key.fork('statics').times(key.fork('static-count').int(minStatic, maxStatic))
  // A lens inside something sees nothing: what is placed keeps off the camera's way (Kubric's does not).
  for (const t of [0, 0.5, 1, 1.5, 2]) s.keepClear(shape('sphere').scaled(CLEAR).at(vec3At(view.position, t)))
  for (const k of lying) s.add(things.draw(k, SURFACE).dropFrom(HEAP).tagged({ is_dynamic: false }))
  if (lying.length > 0) s.settle(SETTLING)
  for (const k of key.fork('objects').times(key.fork('count').int(config.minCount, config.maxCount)))
    s.add(tossed(things.draw(k, SURFACE), k).tagged({ is_dynamic: true }))
  return s.tag({ origin: things.origin, background: around.name, split: config.split })
}
