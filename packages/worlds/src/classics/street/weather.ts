/** Weather and time of day: the sky, fog, how wet the road is, which lamps are lit. The variants of Virtual KITTI (Gaidon et al. 2016) and seasons of SYNTHIA. */
import type { Key } from '@dioramic/scene'
import { ambient, type EnvironmentDraft, type FogDraft, fog, sky } from '../../builder/environment.ts'
import { STREET } from './road.ts'

export const WEATHERS = ['clone', 'morning', 'sunset', 'overcast', 'rain', 'dusk', 'fog'] as const
export type Weather = (typeof WEATHERS)[number]

export interface Conditions {
  readonly environment: EnvironmentDraft
  /** 0 dry … 1 under water. */
  readonly wetness: number
  /** Radiance factor of headlamps and street lamps; 0 is off. */
  readonly lamps: number
  /** Share of windows that are lit. */
  readonly lit: number
  readonly rain: boolean
  /** The distance at which a black thing's contrast has fallen to 5 % (Koschmieder's law, as weather services have it), metres; null without fog. */
  readonly visibility: number | null
}

/** Fog over the whole street and some way beside and beyond it, metres; the sky above it is everywhere alike, so that its end is not seen. */
const BANK: FogDraft['fog']['box'] = { min: [STREET[0] - 30, -90, -1], max: [STREET[1] + 60, 90, 22] }

/** ln 20: over this optical depth a contrast falls to 5 %. */
const LN_20 = 2.995732273553991

/** The medium of a visibility: extinction ln 20 over it, droplets that scatter forwards. */
const fogOf = (visibility: number): FogDraft =>
  fog({
    density: LN_20 / visibility,
    albedo: [0.99, 0.99, 0.99],
    anisotropy: 0.75,
    box: BANK,
  })

/** What lights a street and what its air is made of. */
export const atmosphere = ({ environment, visibility }: Conditions): readonly (EnvironmentDraft | FogDraft)[] =>
  visibility === null ? [environment] : [environment, fogOf(visibility)]

const HEIGHT = 512

/** `clone` is a clear day at noon; the others are named after what they are. */
export function conditions(key: Key, weather: Weather): Conditions {
  const around = key.fork('azimuth').uniform(0, 2 * Math.PI)
  const clear = (elevation: number, azimuth: number, turbidity: number, strength: number) =>
    sky({ elevation, azimuth, turbidity, height: HEIGHT, strength, ground: [0.22, 0.21, 0.2] })
  const off = { wetness: 0, lamps: 0, lit: 0.04, rain: false, visibility: null }
  switch (weather) {
    case 'clone':
      return { environment: clear(key.fork('elevation').uniform(0.7, 1), around, 3, 2), ...off }
    case 'morning':
      return { environment: clear(key.fork('elevation').uniform(0.2, 0.32), around, 3.5, 3), ...off, lit: 0.12 }
    case 'sunset':
      // Low over the end of the street.
      return {
        environment: clear(key.fork('elevation').uniform(0.09, 0.16), key.fork('low').uniform(-0.5, 0.5), 5, 5),
        ...off,
        lit: 0.25,
      }
    case 'overcast':
      return { environment: ambient([1.25, 1.31, 1.4]), ...off, lit: 0.1 }
    case 'rain':
      return {
        ...off,
        environment: ambient([0.75, 0.81, 0.88]),
        wetness: key.fork('wet').uniform(0.7, 1),
        lamps: 0.5,
        lit: 0.25,
        rain: true,
      }
    case 'dusk':
      return {
        ...off,
        environment: ambient([0.16, 0.22, 0.36], { background: { type: 'constant', color: [0.16, 0.22, 0.38] } }),
        lamps: 1,
        lit: 0.5,
      }
    case 'fog':
      return { ...off, environment: ambient([2.2, 2.26, 2.34]), lamps: 0.5, lit: 0.2, visibility: key.fork('visibility').uniform(40, 120) }
  }
}
