import type { Key } from '@dioramic/scene'
import { computerMouse, keyboard, laptop, monitor } from '../../furniture/electronics.ts'
import { ceilingLamp, deskLamp } from '../../furniture/lamps.ts'
import { board } from '../../furniture/looks.ts'
import { picture, radiator } from '../../furniture/openings.ts'
import { plant } from '../../furniture/plants.ts'
import { officeChair } from '../../furniture/seats.ts'
import { bookcase, chest } from '../../furniture/storage.ts'
import { desk } from '../../furniture/tables.ts'
import { basket, book, mug, pencilCup } from '../../furniture/things.ts'
import { type Layout, loose, several, strewn, top } from './layout.ts'
import { dryLook } from './looks.ts'
import { Room } from './shell.ts'

/** One or two desks with screens at the far wall, swivel chairs, shelves and a window at the right. */
export function office(key: Key, lit: boolean): Layout {
  const two = key.fork('two').uniform() < 0.45
  const desks = [0, ...(two ? [1] : [])].map(i => desk(two ? key.fork('desk') : key.fork('desk').fork(i)))
  const total = desks.reduce((s, p) => s + p.size[0] + 0.04, 0)
  const room = new Room(
    Math.max(3.3, total + 0.7) + key.fork('spare').uniform(0, 0.4),
    key.fork('depth').uniform(3.5, 4.2),
    key.fork('height').uniform(2.5, 2.75),
    key.fork('mirrored').uniform() < 0.5,
  )
  const [w, d] = [room.width, room.depth]
  const look = board(key.fork('board'))
  const shelf = bookcase(key.fork('bookcase'), look)
  const low = chest(key.fork('chest'), look)
  const lamps = [-1, 1].map(s => ({ lamp: ceilingLamp(key.fork('ceiling'), lit ? 5 : 0), x: s * w * 0.22 }))
  const window = { wall: 'right', along: 0.35, width: key.fork('glass').uniform(1.3, 1.7), height: 1.4, sill: 0.85 } as const
  const start = -total / 2 - 0.1
  const things = desks.flatMap((table, i) => {
    const k = key.fork('place').fork(i)
    const x = start + i * (table.size[0] + 0.04) + table.size[0] / 2
    const [h, back] = [table.size[2], d / 2]
    const wide = table.size[0] / 2
    const seat = officeChair(two ? key.fork('chair') : k.fork('chair'))
    return [
      room.against('far', table, x, 0.01).fixed(),
      loose(room.free(monitor(k.fork('monitor')), x, back - 0.2, 0, h + 0.0005)),
      loose(room.free(keyboard(key.fork('keyboard')), x, back - 0.47, Math.PI, h + 0.0005)),
      loose(room.free(computerMouse(k.fork('mouse')), x + 0.32, back - 0.46, 0.1, h + 0.0005)),
      loose(room.free(deskLamp(k.fork('lamp')), x - wide + 0.2, back - 0.22, 0.5, h + 0.0005)),
      ...strewn(
        [pencilCup(k.fork('pencils')), ...several(k.fork('clutter'), 1, [book, mug])],
        [top(room, [x + wide - 0.26, back - 0.3], [0.23, 0.25], h)],
      ),
      loose(
        room.free(
          seat,
          x + k.fork('x').uniform(-0.15, 0.15),
          back - table.size[1] - k.fork('out').uniform(0.25, 0.5),
          Math.PI + k.fork('turn').uniform(-0.9, 0.9),
          0.001,
        ),
      ),
    ]
  })
  const rest = [
    room.against('right', shelf, -d / 2 + shelf.size[0] / 2 + 0.35, 0.005).fixed(),
    room.against('left', low, 0.4).fixed(),
    ...strewn([laptop(key.fork('laptop'))], [top(room, [-w / 2 + 0.26, -0.4], [0.2, 0.3], low.size[2])]),
    room.against('right', radiator(key.fork('radiator'), window.width * 0.8), window.along),
    ...(key.fork('picture').uniform() < 0.7
      ? [
          room.against(
            'far',
            picture(key.fork('print'), 0.8, 0.6),
            start + desks[0]!.size[0] / 2 + (two ? desks[0]!.size[0] / 2 : 0),
            0.002,
            1.72,
          ),
        ]
      : []),
    // Beside the desk, where the shelves leave room.
    ...strewn(
      [basket(key.fork('basket'))],
      [top(room, [start + total + 0.18, d / 2 - 0.4], [0.17, 0.25], 0), top(room, [start - 0.16, d / 2 - 0.5], [0.15, 0.35], 0)],
    ),
    loose(room.free(plant(key.fork('plant'), key.fork('tall').uniform(0.9, 1.3)), w / 2 - 0.4, -d / 2 + 0.6, 0, 0.0005)),
    ...lamps.map(l => room.free(l.lamp, l.x, 0, 0, room.height).asBackground()),
  ]
  return {
    room,
    look: dryLook(key.fork('look'), ['felt', 'parquet', 'felt', 'wood-planks']),
    windows: [window],
    door: { wall: 'near', along: 0.3 },
    things: [...things, ...rest],
    lamps: lit ? lamps.map(l => ({ position: room.at(l.x, 0, room.height - 0.1), watts: 13, radius: 0.16 })) : [],
    target: room.at(0.3, d / 2 - 0.7, 0.85),
  }
}
