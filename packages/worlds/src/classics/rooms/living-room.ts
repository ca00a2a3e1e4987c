import type { Key } from '@dioramic/scene'
import { speaker, television } from '../../furniture/electronics.ts'
import { floorLamp, pendant } from '../../furniture/lamps.ts'
import { curtains, picture, radiator } from '../../furniture/openings.ts'
import { plant } from '../../furniture/plants.ts'
import { rug } from '../../furniture/rug.ts'
import { sofa, throwCushion } from '../../furniture/seats.ts'
import { bookcase, mediaBench } from '../../furniture/storage.ts'
import { coffeeTable } from '../../furniture/tables.ts'
import { book, bowl, mug, plate, toyBall, toyBlock, vase } from '../../furniture/things.ts'
import { dropped, type Layout, loose, several, strewn, top } from './layout.ts'
import { dryLook } from './looks.ts'
import { Room } from './shell.ts'

/** A sofa at the far wall, a low table on a rug before it, a television at the right, an armchair, shelves. */
export function livingRoom(key: Key, lit: boolean): Layout {
  const room = new Room(
    key.fork('width').uniform(4.6, 5.4),
    key.fork('depth').uniform(4.1, 4.9),
    key.fork('height').uniform(2.5, 2.75),
    key.fork('mirrored').uniform() < 0.5,
  )
  const [w, d] = [room.width, room.depth]
  const couch = sofa(key.fork('sofa'), key.fork('seats').int(2, 3))
  const chair = sofa(key.fork('armchair'), 1)
  const bench = mediaBench(key.fork('bench'))
  const tv = television(key.fork('tv'))
  const table = coffeeTable(key.fork('table'))
  const shelf = bookcase(key.fork('bookcase'))
  const lamp = floorLamp(key.fork('lamp'), lit ? 5 : 0)
  const hanging = pendant(key.fork('pendant'), 0.5, lit ? 9 : 0)
  const sofaX = key.fork('sofa-x').uniform(-0.35, -0.1)
  const tableY = d / 2 - couch.size[1] - 0.42 - table.size[1] / 2
  const behind = key.fork('window').uniform() < 0.5
  const window = behind
    ? ({ wall: 'far', along: sofaX, width: 1.7, height: 1.25, sill: 1.02 } as const)
    : ({ wall: 'left', along: 0.2, width: 1.7, height: 1.35, sill: 0.85 } as const)
  const benchY = key.fork('bench-y').uniform(-0.15, 0.1)
  const things = [
    room.free(rug(key.fork('rug'), 2.5, 1.7), sofaX, tableY).asBackground(),
    room.against('far', couch, sofaX, 0.04).fixed(),
    room.free(table, sofaX, tableY).fixed(),
    room.against('right', bench, -benchY, 0.02).fixed(),
    loose(room.against('right', tv, -benchY, 0.22, bench.size[2] + 0.0005)),
    loose(room.against('right', speaker(key.fork('speaker')), -benchY + bench.size[0] / 2 - 0.13, 0.2, bench.size[2] + 0.0005)),
    room.against('right', shelf, d / 2 - shelf.size[0] / 2 - 0.1, 0.005).fixed(),
    loose(room.free(chair, w / 2 - 1.35, -d / 2 + 1.1, Math.PI + 0.55, 0.0005)),
    loose(room.free(lamp, sofaX - couch.size[0] / 2 - 0.28, d / 2 - 0.35, 0, 0.0005)),
    loose(room.free(plant(key.fork('plant'), key.fork('tall').uniform(0.9, 1.4)), w / 2 - 0.42, d / 2 - 0.42, 0, 0.0005)),
    room.free(hanging, sofaX, tableY - 0.2, 0, room.height).asBackground(),
    ...(behind
      ? [room.against('far', curtains(key.fork('curtains'), window.width, 2.38), window.along, 0.005)]
      : [
          room.against('far', picture(key.fork('picture-1'), 0.75, 0.55), sofaX - 0.48, 0.002, 1.55),
          room.against('far', picture(key.fork('picture-2'), 0.5, 0.7), sofaX + 0.32, 0.002, 1.58),
          room.against('left', curtains(key.fork('curtains'), window.width, 2.3), window.along, 0.005),
          room.against('left', radiator(key.fork('radiator'), 1.2), window.along),
        ]),
    ...strewn(
      [several(key.fork('vase'), 1, [vase, bowl])[0]!, ...several(key.fork('table-things'), 3, [book, mug, plate])],
      [
        top(room, [sofaX, tableY], [table.size[0] / 2 - 0.05, table.size[1] / 2 - 0.04], table.size[2]),
        // On the floor before the table.
        top(room, [sofaX, tableY - table.size[1] / 2 - 0.35], [0.6, 0.2], 0.02),
      ],
    ),
    ...dropped(room, several(key.fork('cushions'), 2, [throwCushion]), [sofaX, d / 2 - 0.5], [couch.size[0] / 2 - 0.35, 0.3], [0.95, 1.5]),
    ...dropped(room, several(key.fork('toys'), 3, [toyBlock, toyBlock, toyBall, book]), [-0.3, -d / 2 + 1.2], [0.7, 0.35], [0.05, 0.5]),
  ]
  return {
    room,
    look: dryLook(key.fork('look')),
    windows: [window],
    door: { wall: 'near', along: -0.3 },
    things,
    lamps: lit
      ? [
          { position: room.at(sofaX, tableY - 0.2, room.height - 0.72), watts: 19, radius: 0.04 },
          { position: room.at(sofaX - couch.size[0] / 2 - 0.28, d / 2 - 0.35, lamp.size[2] - 0.12), watts: 12, radius: 0.05 },
        ]
      : [],
    target: room.at(0.45, d / 2 - 1.3, 0.72),
  }
}
