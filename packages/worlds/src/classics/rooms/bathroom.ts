import type { Key } from '@dioramic/scene'
import { bathtub, paperHolder, shower, toilet, towelRail, wallMirror, washbasin } from '../../furniture/bathroom.ts'
import { ceilingLamp } from '../../furniture/lamps.ts'
import { plant } from '../../furniture/plants.ts'
import { rug } from '../../furniture/rug.ts'
import { stool } from '../../furniture/seats.ts'
import { basket, mug, soapBottle, towelStack } from '../../furniture/things.ts'
import { type Layout, loose, several, strewn, top } from './layout.ts'
import { wetLook } from './looks.ts'
import { Room } from './shell.ts'

/** A bathtub or a shower at the right, toilet and washbasin with a mirror at the far wall, tiles all over. */
export function bathroom(key: Key, lit: boolean): Layout {
  const tub = bathtub(key.fork('tub'))
  const cabin = shower(key.fork('shower'))
  const bath = key.fork('bath').uniform() < 0.65
  const basin = washbasin(key.fork('basin'))
  const wc = toilet(key.fork('toilet'))
  const wet = bath ? tub.size[1] : cabin.size[0]
  const room = new Room(
    basin.size[0] + wc.size[0] + wet + key.fork('spare').uniform(0.75, 1),
    key.fork('depth').uniform(2.6, 3.1),
    key.fork('height').uniform(2.4, 2.55),
    key.fork('mirrored').uniform() < 0.5,
  )
  const [w, d] = [room.width, room.depth]
  const basinX = -w / 2 + basin.size[0] / 2 + 0.2
  const wcX = basinX + basin.size[0] / 2 + wc.size[0] / 2 + 0.28
  const lamp = ceilingLamp(key.fork('ceiling'), lit ? 6 : 0)
  const seat = stool(key.fork('stool'))
  const window = { wall: bath ? 'right' : 'left', along: bath ? -d / 2 + 1 : 0.1, width: 0.75, height: 0.7, sill: 1.45 } as const
  // Beside the bath, if there is one.
  const doorX = bath ? w / 2 - wet - 0.55 : w / 2 - 0.75
  const things = [
    bath
      ? room.against('right', tub, -d / 2 + tub.size[0] / 2 + 0.005, 0.005).fixed()
      : room.against('far', cabin, w / 2 - cabin.size[0] / 2 - 0.005, 0.005).fixed(),
    room.against('far', basin, basinX).fixed(),
    room.against('far', wallMirror(key.fork('mirror'), basin.size[0] - 0.08), basinX, 0.002, 1.1),
    room.against('far', wc, wcX).fixed(),
    room.against('far', paperHolder(key.fork('paper')), wcX - 0.33, 0.002, 0.72),
    room.against('left', towelRail(key.fork('towel')), 0.25, 0.002, 1.25),
    // Opposite the mirror, which shows it.
    room.against('near', towelRail(key.fork('bath-towel')), -doorX + 0.95, 0.002, 1.4),
    room.free(rug(key.fork('mat'), 0.85, 0.55), basinX + 0.35, d / 2 - 1.05).asBackground(),
    room.free(lamp, 0, 0, 0, room.height).asBackground(),
    loose(room.free(seat, bath ? w / 2 - wet - 0.35 : -0.1, bath ? -0.35 : -0.3, 0, 0.0005)),
    ...strewn(
      [soapBottle(key.fork('soap')), mug(key.fork('cup'))],
      [top(room, [basinX, d / 2 - 0.06], [basin.size[0] / 2 - 0.02, 0.055], 0.8505)],
      'keep',
    ),
    ...strewn(
      [towelStack(key.fork('stack'))],
      [top(room, bath ? [w / 2 - wet - 0.35, -0.35] : [-0.1, -0.3], [0.13, 0.1], seat.size[2] + 0.001)],
      'keep',
    ),
    // Between toilet and bath, where there is room, else on the other side.
    ...strewn(
      [basket(key.fork('basket'))],
      [top(room, [wcX + 0.36, d / 2 - 0.25], [0.15, 0.2], 0), top(room, [-w / 2 + 0.2, 0], [0.18, 0.3], 0)],
    ),
    ...(key.fork('green').uniform() < 0.6 ? [loose(room.free(plant(key.fork('plant'), 0.35), wcX, d / 2 - 0.1, 0, 0.79))] : []),
    ...several(key.fork('spare-things'), 0, [mug]).map(p => p.draft),
  ]
  return {
    room,
    look: wetLook(key.fork('look')),
    windows: [window],
    door: { wall: 'near', along: -doorX },
    things,
    lamps: lit ? [{ position: room.at(0, 0, room.height - 0.1), watts: 16, radius: 0.16 }] : [],
    target: room.at(0.15, d / 2 - 0.7, 0.8),
  }
}
