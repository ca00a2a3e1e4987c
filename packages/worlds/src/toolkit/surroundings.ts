/** HDR rooms and places with a floor that belongs to them. */
import { type Assets, EMBEDDED_HDRIS, type HdrImage, type Key, portable, type Vec3 } from '@dioramic/scene'
import { type EnvironmentDraft, hdri } from '../builder/environment.ts'
import type { ObjectDraft } from '../builder/object.ts'
import { preset } from '../builder/preset.ts'
import { floor } from '../builder/shapes.ts'
import { type Split, splitIds } from './splits.ts'

/** What a picture of surroundings says of the ground: how bright a white floor is under it, and the floor's own colour. */
export interface Ground {
  /** Irradiance of the upper half on a level floor, over π. */
  readonly brightness: number
  /** Mean radiance a little below the horizon over `brightness`: the reflectance of a floor that would look so. */
  readonly color: Vec3
}

/** Measures a lat-long picture, sky up. */
export function groundOf({ width, height, data }: HdrImage): Ground {
  const channels = data.length / (width * height)
  let light = 0
  for (let j = 0; j < height / 2; j++) {
    const theta = (Math.PI * (j + 0.5)) / height
    const weight = portable.cos(theta) * portable.sin(theta) * (Math.PI / height) * ((2 * Math.PI) / width)
    for (let i = 0; i < width; i++) {
      const k = (j * width + i) * channels
      light += weight * (0.2126 * data[k]! + 0.7152 * data[k + 1]! + 0.0722 * data[k + 2]!)
    }
  }
  const brightness = Math.max(light / Math.PI, 1e-6)
  const sum = [0, 0, 0]
  let weights = 0
  for (let j = Math.floor(0.55 * height); j < 0.95 * height; j++) {
    const weight = portable.sin((Math.PI * (j + 0.5)) / height)
    for (let i = 0; i < width; i++) {
      weights += weight
      for (const c of [0, 1, 2] as const) sum[c]! += weight * data[(j * width + i) * channels + c]!
    }
  }
  return { brightness, color: sum.map(s => s / weights / brightness) as unknown as Vec3 }
}

interface Place extends Ground {
  readonly floors: readonly string[]
}

const place = (brightness: number, color: Vec3, ...floors: readonly string[]): Place => ({ brightness, color, floors })
const INDOORS = ['wood-planks', 'parquet', 'concrete', 'terrazzo', 'linen', 'felt'] as const
const STREET = ['asphalt', 'concrete', 'cobblestone'] as const

/** `groundOf` the embedded pictures, and the floors that would be there. */
export const PLACES: Readonly<Record<string, Place>> = {
  apartment: place(0.646, [1.236, 0.976, 0.79], ...INDOORS),
  bridge: place(1.062, [0.137, 0.154, 0.175], 'concrete', 'asphalt'),
  city: place(1.342, [0.105, 0.068, 0.066], ...STREET),
  dawn: place(1.006, [0.298, 0.181, 0.204], 'sand', 'grass'),
  esplanade: place(2.317, [0.154, 0.103, 0.08], ...STREET),
  forest: place(1.158, [0.191, 0.137, 0.076], 'grass', 'sand'),
  hall: place(1.379, [0.227, 0.181, 0.143], ...INDOORS),
  lab: place(1.271, [0.045, 0.068, 0.048], 'concrete', 'terrazzo'),
  lobby: place(1.025, [0.675, 0.423, 0.167], ...INDOORS),
  night: place(0.108, [0.142, 0.082, 0.042], ...STREET),
  park: place(0.57, [0.153, 0.202, 0.041], 'grass'),
  sky: place(1.522, [0.107, 0.127, 0.191], 'sand', 'grass', 'concrete'),
  studio: place(4.428, [0.05, 0.059, 0.066], 'concrete', 'felt'),
  sunrise: place(0.596, [0.15, 0.119, 0.026], 'grass', 'sand'),
  sunset: place(0.723, [0.163, 0.147, 0.153], 'cobblestone', 'concrete'),
  venice: place(1.134, [0.104, 0.133, 0.213], ...STREET),
  warehouse: place(1.198, [0.281, 0.252, 0.179], 'concrete', 'wood-planks'),
  workshop: place(1.167, [0.2, 0.169, 0.094], 'concrete', 'wood-planks'),
}

export interface SurroundingsOptions {
  /** Which pictures it may be: those for training or the tenth kept for the test (`splitIds`); `all`. */
  readonly split?: Split
  /** Edge of the square floor, metres; 80. */
  readonly size?: number
  readonly friction?: number
  readonly restitution?: number
}

export interface Surroundings {
  /** Id of the HDR picture. */
  readonly name: string
  readonly environment: EnvironmentDraft
  readonly floor: ObjectDraft
}

/** How bright a white floor becomes, whatever the picture. */
const BRIGHTNESS = 0.9

/**
 * One of the HDR pictures of `--assets`, or of the embedded ones where there are none, turned at random and brought to one brightness, with a floor in the
 * colour of its ground.
 */
export function surroundings(key: Key, assets: Assets, o: SurroundingsOptions = {}): Surroundings {
  const given = assets.hdris.size > 0
  const ids = splitIds(given ? assets.hdris.keys() : EMBEDDED_HDRIS, o.split ?? 'all')
  const name = key.fork('picture').choice(ids)
  const picture = assets.hdris.get(name)
  const { brightness, color, floors } = picture
    ? { ...groundOf(picture), floors: ['concrete', 'asphalt', 'sand', 'terrazzo'] }
    : PLACES[name]!
  const ground = floor({ size: o.size ?? 80, friction: o.friction ?? 0.5, restitution: o.restitution ?? 0.3 }).material(
    preset(key.fork('floor').choice(floors), {
      seed: key.fork('pattern').int(0, 99),
      color: color.map(c => Math.min(0.6, Math.max(0.06, c))) as unknown as Vec3,
      // Larger than life, as the things on it are in worlds like MOVi; else it repeats too often to the horizon.
      mapping: { type: 'box', size: 5 },
    }),
  )
  return {
    name,
    environment: hdri(name, { strength: BRIGHTNESS / brightness, rotation: key.fork('turn').uniform(0, 2 * Math.PI) }),
    floor: ground,
  }
}
