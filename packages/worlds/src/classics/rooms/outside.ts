/** What the windows look out on. */
import { type Key, portable, type Vec3 } from '@dioramic/scene'
import { ambient, type EnvironmentDraft } from '../../builder/environment.ts'
import type { Opening, Room } from './shell.ts'

interface View {
  readonly picture: string
  /** Factor that makes it as bright as such a view is to a camera that is set for the room. */
  readonly strength: number
  /** Where in the picture, by its u, one may look: not into the sun. */
  readonly between: readonly [number, number]
}

/** Fields, woods and a town. */
const SUNNY: readonly View[] = [
  { picture: 'park', strength: 2.2, between: [0.12, 0.42] },
  { picture: 'sunrise', strength: 2, between: [0.08, 0.36] },
  { picture: 'forest', strength: 4.5, between: [0, 1] },
]
const OVERCAST: readonly View[] = [
  { picture: 'city', strength: 2, between: [0.42, 0.8] },
  { picture: 'forest', strength: 4, between: [0, 1] },
  { picture: 'city', strength: 1.6, between: [0.42, 0.8] },
]
/** After sunset, before night. */
const DUSK: readonly View[] = [
  { picture: 'venice', strength: 0.4, between: [0.32, 0.62] },
  { picture: 'venice', strength: 0.3, between: [0.62, 0.95] },
  { picture: 'sunset', strength: 0.6, between: [0.02, 0.3] },
]

export type Weather = 'sunny' | 'overcast' | 'dusk'

/** A faint light that is everywhere, and behind the windows a landscape, turned so that the first one looks at a good part of it. Only the camera sees it. */
export function outside(key: Key, room: Room, window: Opening, weather: Weather, fill: Vec3): EnvironmentDraft {
  const view = key.fork('view').choice(weather === 'sunny' ? SUNNY : weather === 'overcast' ? OVERCAST : DUSK)
  const [x0, y0] = room.point(window.wall, 0, 0)
  const [x1, y1] = room.point(window.wall, 0, -1)
  // u = ½ looks along +X and grows clockwise.
  const rotation = portable.atan2(y1 - y0, x1 - x0) + (key.fork('heading').uniform(...view.between) - 0.5) * 2 * Math.PI
  const light = fill.map(x => x / view.strength) as [number, number, number]
  return ambient(light, { strength: view.strength, rotation, background: { type: 'hdri', asset: view.picture } })
}
