/** A furnished room with its light and a walk through it, for the worlds that film rooms. */
import { type Key, type Light, lightSchema, quat, type Vec3, vec3 } from '@dioramic/scene'
import { z } from 'zod'
import { type SceneBuilder, scene } from '../../builder/scene.ts'
import { handheldPath, linearPath } from '../../toolkit/camera-paths.ts'
import { movingCamera } from '../../toolkit/cameras.ts'
import { srgb } from '../../toolkit/colors.ts'
import { pointLight, sun } from '../../toolkit/lights.ts'
import { bathroom } from './bathroom.ts'
import { bedroom } from './bedroom.ts'
import { CATEGORIES } from './categories.ts'
import { kitchen } from './kitchen.ts'
import type { Layout, LayoutOf } from './layout.ts'
import { livingRoom } from './living-room.ts'
import { office } from './office.ts'
import { outside } from './outside.ts'
import type { Opening, Room } from './shell.ts'

const ROOMS = { bathroom, bedroom, kitchen, 'living-room': livingRoom, office } as const satisfies Record<string, LayoutOf>
const NAMES = Object.keys(ROOMS) as (keyof typeof ROOMS)[]

/** How much more light a camera gathers where walls and floor are darker. */
const EXPOSURE: Readonly<Record<keyof typeof ROOMS, number>> = { bathroom: 1.2, bedroom: 1, kitchen: 0.85, 'living-room': 1.05, office: 1 }
/** Of lamps, to a camera that has set its white balance by them, not all the way. */
const LAMPLIGHT = '#fff3e4'

const FRAMES = 16
const FPS = 8

/** Daylight that a window lets in: an area light in its outer face. Nearly all rays from inside miss a window, so the sky itself would be noise. */
function daylight(room: Room, o: Opening, radiance: number, color: Vec3, i: number): Light {
  const out = room.point(o.wall, o.along, -0.2, o.sill + o.height / 2)
  const inside = room.point(o.wall, o.along, 1, o.sill + o.height / 2)
  return lightSchema.parse({
    type: 'area',
    name: `window-${i + 1}`,
    position: out,
    rotation: quat.lookAt(out, inside),
    size: [o.width, o.height],
    color,
    power: Math.PI * o.width * o.height * radiance,
  })
}

/** A sun that shines in through a window, from above and aslant. */
function sunThrough(key: Key, room: Room, o: Opening): Light {
  const inside = room.point(o.wall, o.along, 0, o.sill + o.height * 0.5)
  const ahead = vec3.sub(inside, room.point(o.wall, o.along, 1, o.sill + o.height * 0.5))
  const turn = quat.fromAxisAngle([0, 0, 1], key.fork('turn').uniform(-0.7, 0.7))
  const level = quat.rotate(turn, ahead)
  const height = key.fork('height').uniform(0.45, 0.85)
  return sun({
    position: vec3.add(inside, vec3.scale([level[0], level[1], height], 10)),
    lookAt: inside,
    irradiance: key.fork('strength').uniform(6, 12),
    color: srgb('#fff0d8'),
  })
}

export interface Film {
  /** Metres above the floor: least and most. */
  readonly height: readonly [number, number]
  /** Millimetres on a sensor 32 mm wide: least and most. */
  readonly focalLength: readonly [number, number]
  /** The schema's own when it is missing. */
  readonly resolution?: readonly [number, number]
}

/** A hand-held walk of half a metre in the corner between the near and the left wall, always towards the room's subject. */
function walk(key: Key, { room, target }: Layout, film: Film) {
  const inset = key.fork('inset').uniform(0.3, 0.45)
  const from = room.at(-room.width / 2 + inset, -room.depth / 2 + inset + 0.05, key.fork('height').uniform(...film.height))
  const to = vec3.add(from, room.at(key.fork('span').uniform(0.25, 0.5), 0.12, key.fork('rise').uniform(-0.08, 0.08)))
  const lookAt = vec3.add(target, [key.fork('look-x').uniform(-0.2, 0.2), key.fork('look-y').uniform(-0.15, 0.15), 0])
  const path = linearPath({ position: from, lookAt }, { position: to, lookAt }, [0, FRAMES / FPS])
  return movingCamera({
    start: -1 / FPS,
    end: FRAMES / FPS,
    focalLength: key.fork('lens').uniform(...film.focalLength),
    ...(film.resolution ? { resolution: film.resolution } : {}),
    path: handheldPath(path, key.fork('hand'), { sway: 0.008, band: [0.2, 2] }),
  })
}

/** What may be set of a furnished room. */
export const ROOM_CONFIG = {
  room: z
    .enum(['any', ...NAMES])
    .default('any')
    .describe('which kind of room; any draws one'),
  light: z.enum(['any', 'day', 'evening']).default('any').describe('daylight alone, or lamps with the last of it'),
}

interface RoomConfig {
  readonly room: 'any' | (typeof NAMES)[number]
  readonly light: 'any' | 'day' | 'evening'
}

/** The room of a key, at rest, filmed on a walk in its corner. */
export function furnished(key: Key, config: RoomConfig, film: Film): SceneBuilder {
  const kind = config.room === 'any' ? key.fork('room').choice(NAMES) : config.room
  const evening = config.light === 'any' ? key.fork('evening').uniform() < 0.35 : config.light === 'evening'
  const layout = ROOMS[kind](key.fork('layout'), evening)
  const { room, windows } = layout
  const s = scene({ frames: FRAMES, fps: FPS, categories: CATEGORIES })
  s.add(room.shell(key.fork('shell'), layout.look, windows, layout.door))
  s.add(layout.things)
  const k = key.fork('light')
  const sky: Vec3 = evening ? [0.55, 0.68, 1] : [0.86, 0.93, 1]
  // The room is as bright as its windows are large, within limits: eyes adapt, and so do cameras.
  const area = windows.reduce((sum, o) => sum + o.width * o.height, 0)
  const floor = room.width * room.depth
  const radiance = (evening ? 0.3 : 3) * EXPOSURE[kind] * k.fork('day').uniform(0.85, 1.15) * ((0.9 * floor) / area)
  s.add(windows.map((o, i) => daylight(room, o, radiance, sky, i)))
  const sunny = !evening && k.fork('sunny').uniform() < 0.6
  if (sunny) s.add(sunThrough(k.fork('sun'), room, windows[0]!))
  s.add(
    layout.lamps.map(l =>
      pointLight({ name: 'lamp', position: l.position, power: l.watts * 3.2, radius: l.radius, color: srgb(LAMPLIGHT) }),
    ),
  )
  s.add(outside(k.fork('outside'), room, windows[0]!, evening ? 'dusk' : sunny ? 'sunny' : 'overcast', [0.02, 0.02, 0.022]))
  s.add(walk(key.fork('camera'), layout, film))
  // Fruit and balls roll; what slows them in life is damping here.
  return s.settle({ damping: 4 }).tag({ room: kind, light: evening ? 'evening' : 'day' })
}
