import type { Key } from '@dioramic/scene'
import { type BaseUnit, backsplash, baseRun, fridge, kitchenStyle, wallRun } from '../../furniture/kitchen.ts'
import { ceilingLamp, pendant } from '../../furniture/lamps.ts'
import { picture } from '../../furniture/openings.ts'
import { diningChair } from '../../furniture/seats.ts'
import { diningTable } from '../../furniture/tables.ts'
import { bottle, bowl, fruit, kettle, mug, pan, plate, pot, vase } from '../../furniture/things.ts'
import { dropped, type Layout, loose, several, strewn, top } from './layout.ts'
import { kitchenLook } from './looks.ts'
import { Room } from './shell.ts'

/** Height of the wall units' foot. */
const UPPER = 1.45

/** Units along the far wall with a sink below the window, an oven with its hob and hood, wall units, a fridge; a table with chairs. */
export function kitchen(key: Key, lit: boolean): Layout {
  const style = kitchenStyle(key.fork('style'))
  const cold = fridge(key.fork('fridge'))
  // Sink left of the hob, with a worktop between.
  const units: BaseUnit[] = ['doors', 'sink', key.fork('washer').choice(['dishwasher', 'drawers'] as const), 'oven', 'drawers']
  const run = baseRun(key.fork('base'), units, style)
  const room = new Room(
    run.size[0] + cold.size[0] + key.fork('spare').uniform(0.1, 0.5),
    key.fork('depth').uniform(3.5, 4.2),
    key.fork('height').uniform(2.45, 2.65),
    key.fork('mirrored').uniform() < 0.5,
  )
  const [w, d] = [room.width, room.depth]
  const left = -w / 2 + 0.03
  const along = (x: number) => (room.mirrored ? -(x + run.size[0]) : x)
  // The run starts at its own x = 0, wherever left is.
  const against = (p: typeof run, z: number) => room.against('far', p, room.mirrored ? -along(left) : left, 0.005, z)
  const unitX = (i: number) => (room.mirrored ? left + run.size[0] - (i + 0.5) * 0.6 : left + (i + 0.5) * 0.6)
  // Two units' width between the wall units is the window's, above sink and dishwasher.
  const upper = wallRun(key.fork('wall'), ['cupboard', 'gap', 'gap', 'hood', 'cupboard'], style, room.height - UPPER)
  const window = {
    wall: 'far',
    along: (unitX(1) + unitX(2)) / 2,
    width: key.fork('glass').uniform(0.9, 1.02),
    height: 1.05,
    sill: 1.1,
  } as const
  const runX = left + run.size[0] / 2
  const middle = (room.mirrored ? -1 : 1) * (window.along - runX)
  const tiles = backsplash(key.fork('splash'), run.size[0], {
    left: middle - window.width / 2,
    right: middle + window.width / 2,
    foot: window.sill,
  })
  const table = diningTable(key.fork('table'))
  const [tx, ty] = [key.fork('tx').uniform(0.45, 0.75), -d / 2 + 1.25]
  const hanging = pendant(key.fork('pendant'), 0.75, lit ? 9 : 0)
  const ceiling = ceilingLamp(key.fork('ceiling'), lit ? 5 : 0)
  const chairs = (
    [
      [-0.36, 1],
      [0.36, 1],
      [-0.36, -1],
      [0.36, -1],
    ] as const
  )
    .filter(([x]) => table.size[0] >= 1.2 || x > 0)
    .map(([x, s], i) => {
      const k = key.fork('chair').fork(i)
      // All chairs of a table are alike; each stands a little otherwise.
      const seat = diningChair(key.fork('chairs'))
      const wide = table.size[0] < 1.2 ? 0 : x
      return loose(
        room.free(
          seat,
          tx + wide + k.fork('x').uniform(-0.03, 0.03),
          ty + s * (table.size[1] / 2 + k.fork('out').uniform(0.2, 0.3)),
          (s > 0 ? 0 : Math.PI) + k.fork('turn').uniform(-0.12, 0.12),
          0.0005,
        ),
      )
    })
  const counter = 0.9
  const leftTop = top(room, [unitX(0), d / 2 - 0.3], [0.2, 0.2], counter)
  const middleTop = top(room, [unitX(2), d / 2 - 0.32], [0.27, 0.2], counter)
  const hob = top(room, [unitX(3), d / 2 - 0.32], [0.27, 0.22], counter + 0.007)
  const rightTop = top(room, [unitX(4), d / 2 - 0.32], [0.26, 0.2], counter)
  const side = { wall: 'left', along: -0.5, width: 1.3, height: 1.3, sill: 0.9 } as const
  const things = [
    against(run, 0).fixed(),
    against(upper, UPPER).fixed(),
    room.against('far', tiles, runX, 0.001).asBackground(),
    room.against('far', cold, left + run.size[0] + 0.02 + cold.size[0] / 2, 0.01).fixed(),
    room.free(table, tx, ty).fixed(),
    ...chairs,
    room.free(hanging, tx, ty, 0, room.height).asBackground(),
    room.free(ceiling, -0.4, 0.5, 0, room.height).asBackground(),
    room.against('right', picture(key.fork('picture'), 0.6, 0.8), 0.6, 0.002, 1.55),
    ...strewn([kettle(key.fork('kettle'))], [leftTop]),
    ...strewn([bottle(key.fork('bottle')), ...several(key.fork('worktop'), 2, [bowl, mug, vase, bottle])], [middleTop, leftTop, rightTop]),
    ...strewn([key.fork('on-hob').uniform() < 0.5 ? pan(key.fork('pan')) : pot(key.fork('pan'))], [hob]),
    ...strewn(several(key.fork('stack'), 2, [pot, bowl, mug, plate]), [rightTop, leftTop, middleTop]),
    ...strewn(
      [bowl(key.fork('table-bowl')), ...several(key.fork('laid'), 3, [plate, mug, mug, bottle])],
      [top(room, [tx, ty], [(table.size[0] / 2) * 0.7, (table.size[1] / 2) * 0.7], table.size[2]), middleTop, leftTop],
    ),
    ...dropped(room, several(key.fork('fruit'), 3, [fruit]), [tx, ty], [0.12, 0.12], [table.size[2] + 0.12, table.size[2] + 0.4]),
  ]
  return {
    room,
    look: kitchenLook(key.fork('look')),
    windows: [window, side],
    door: { wall: 'near', along: 0.4 },
    things,
    lamps: lit
      ? [
          { position: room.at(tx, ty, room.height - 0.97), watts: 10, radius: 0.04 },
          { position: room.at(-0.4, 0.5, room.height - 0.1), watts: 18, radius: 0.16 },
        ]
      : [],
    target: room.at(0.25, d / 2 - 1, 0.95),
  }
}
