import type { Key } from '@dioramic/scene'
import { bed } from '../../furniture/beds.ts'
import { ceilingLamp, tableLamp } from '../../furniture/lamps.ts'
import { board } from '../../furniture/looks.ts'
import { curtains, picture, radiator } from '../../furniture/openings.ts'
import { plant } from '../../furniture/plants.ts'
import { rug } from '../../furniture/rug.ts'
import { throwCushion } from '../../furniture/seats.ts'
import { chest, wardrobe } from '../../furniture/storage.ts'
import { nightstand } from '../../furniture/tables.ts'
import { book, mug, toyBall, vase } from '../../furniture/things.ts'
import { dropped, type Layout, loose, several, strewn, top } from './layout.ts'
import { dryLook } from './looks.ts'
import { Room } from './shell.ts'

/** A bed with its head to the far wall between nightstands, a wardrobe beside it, a window at the right with curtains. */
export function bedroom(key: Key, lit: boolean): Layout {
  const double = key.fork('double').uniform() < 0.65
  const look = board(key.fork('board'))
  const sleeper = bed(key.fork('bed'), double, look)
  const closet = wardrobe(key.fork('wardrobe'), look)
  const night = nightstand(key.fork('nightstand'), look)
  const side = night.size[0] + 0.05
  const need = closet.size[0] + sleeper.size[0] + 2 * side + 0.35
  const room = new Room(
    need + key.fork('spare').uniform(0.25, 0.6),
    key.fork('depth').uniform(3.7, 4.4),
    key.fork('height').uniform(2.45, 2.65),
    key.fork('mirrored').uniform() < 0.5,
  )
  const [w, d] = [room.width, room.depth]
  // From the left: wardrobe, nightstand, bed, nightstand.
  const closetX = -w / 2 + closet.size[0] / 2 + 0.03
  const bedX = w / 2 - side - sleeper.size[0] / 2 - key.fork('shift').uniform(0.02, 0.2)
  const window = {
    wall: 'right',
    along: key.fork('window').uniform(0.1, 0.35),
    width: key.fork('glass').uniform(1.1, 1.5),
    height: 1.3,
    sill: 0.92,
  } as const
  const stands = [bedX - sleeper.size[0] / 2 - side / 2, bedX + sleeper.size[0] / 2 + side / 2]
  const h = night.size[2]
  const drawers = chest(key.fork('chest'), look)
  const onDrawers = top(room, [-w / 2 + 0.24, -0.5], [0.18, 0.25], drawers.size[2])
  const mattress = 0.56
  const carpet = rug(key.fork('rug'), sleeper.size[0] + 0.9, 1.5)
  const lamp = ceilingLamp(key.fork('ceiling'), lit ? 5 : 0)
  const bedside = stands.map((_, i) => tableLamp(key.fork('lamp').fork(i), lit ? 4 : 0))
  const things = [
    room.against('far', sleeper, bedX).fixed(),
    room.against('far', closet, closetX).fixed(),
    ...stands.map(x => room.against('far', night, x, 0.01).fixed()),
    ...stands.map((x, i) => loose(room.free(bedside[i]!, x - 0.02, d / 2 - 0.16, 0, h + 0.0005))),
    room.free(carpet, bedX, d / 2 - sleeper.size[1] - 0.05).asBackground(),
    room.against('right', curtains(key.fork('curtains'), window.width, 2.2), window.along, 0.005),
    room.against('right', radiator(key.fork('radiator'), window.width * 0.8), window.along),
    room.against('far', picture(key.fork('picture'), 0.9, 0.62), bedX, 0.002, 1.62),
    room.against('left', drawers, 0.25).fixed(),
    room.free(lamp, 0, 0, 0, room.height).asBackground(),
    loose(room.free(plant(key.fork('plant'), key.fork('tall').uniform(0.8, 1.2)), w / 2 - 0.32, d / 2 - sleeper.size[1] - 0.75, 0, 0.0005)),
    ...strewn([vase(key.fork('vase'))], [onDrawers]),
    ...stands.flatMap((x, i) =>
      strewn(several(key.fork('bedside').fork(i), 1, [book, mug]), [top(room, [x, d / 2 - 0.3], [side / 2 - 0.02, 0.1], h), onDrawers]),
    ),
    ...dropped(
      room,
      several(key.fork('cushions'), double ? 2 : 1, [throwCushion]),
      [bedX, d / 2 - 1.1],
      [sleeper.size[0] / 2 - 0.25, 0.3],
      [mattress + 0.12, mattress + 0.6],
    ),
    ...dropped(room, several(key.fork('floor'), 2, [book, toyBall, throwCushion]), [bedX - 0.4, -d / 2 + 0.9], [0.6, 0.4], [0.05, 0.5]),
  ]
  return {
    room,
    look: dryLook(key.fork('look')),
    windows: [window],
    door: { wall: 'near', along: 0.2 },
    things,
    lamps: lit
      ? [
          { position: room.at(0, 0, room.height - 0.1), watts: 14, radius: 0.16 },
          ...stands.map(x => ({ position: room.at(x - 0.02, d / 2 - 0.16, h + 0.3), watts: 3, radius: 0.035 })),
        ]
      : [],
    target: room.at(bedX - 0.35, d / 2 - 1, 0.75),
  }
}
