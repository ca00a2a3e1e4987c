/** Things of the house. */
import { type Key, portable, quat, type Vec3 } from '@dioramic/scene'
import type { PropKind, PropPart } from './kind.ts'
import { ball, lathe, vessel } from './lathe.ts'
import { black, cloth, glaze, metal, paint, paper, plastic, print, steel, vivid, white, wood } from './looks.ts'
import { box } from './prism.ts'
import { around, filleted, LIE, type Point2, placed, smooth, union } from './solid.ts'
import { arc, tube } from './tube.ts'

const book = (key: Key): PropPart[] => {
  const [w, d, h] = [key.fork('w').uniform(11, 16), key.fork('d').uniform(16, 23), key.fork('h').uniform(1.6, 4.5)]
  const board = 0.25
  const boards = union(
    placed(box([w, d, board], 0.06), { at: [0, 0, board / 2] }),
    placed(box([w, d, board], 0.06), { at: [0, 0, h - board / 2] }),
    placed(box([board, d, h], 0.06), { at: [-w / 2 + board / 2, 0, h / 2] }),
  )
  const block = placed(box([w - 0.8, d - 0.7, h - 2 * board + 0.02]), { at: [-0.1, 0, h / 2] })
  const look = key.fork('printed').uniform() < 0.6 ? print(key.fork('print'), [1, 1], 0.4) : cloth(key.fork('cloth'))
  return [
    { name: 'cover', solid: boards, look },
    { name: 'pages', solid: block, look: paper() },
  ]
}

const spool = (key: Key): PropPart[] => {
  const h = key.fork('height').uniform(6, 8.5)
  const full = key.fork('full').uniform(2, 2.9)
  const core = lathe(
    filleted(
      [
        [0, 0],
        [3.2, 0],
        [3.2, 0.7],
        [1.4, 1.2],
        [1.4, h - 1.2],
        [3.2, h - 0.7],
        [3.2, h],
        [0, h],
      ],
      0.2,
    ),
  )
  const winds = 14
  const thread: Point2[] = Array.from(
    { length: 2 * winds + 1 },
    (_, i) => [full * (i % 2 === 0 ? 0.96 : 1), 1.2 + ((h - 2.4) * i) / (2 * winds)] as Point2,
  )
  return [
    { name: 'spool', solid: core, look: wood(key.fork('wood')) },
    { name: 'thread', solid: lathe([[0, 1.2], ...thread, [0, h - 1.2]]), look: paint(vivid(key.fork('thread')), 0.8, 'thread') },
  ]
}

const bell = (key: Key): PropPart[] => {
  const r = key.fork('radius').uniform(3.8, 5)
  const side = smooth(
    [
      [r, 0.3],
      [r * 0.78, 1.6],
      [r * 0.62, 4.4],
      [r * 0.3, 6],
    ],
    5,
  )
  const grip = lathe([
    [0, 5.8],
    [0.9, 5.8],
    [0.7, 7],
    ...smooth(
      [
        [0.9, 7.6],
        [1.1, 10],
        [0.7, 12],
      ],
      4,
    ),
    [0.4, 12.4],
    [0, 12.5],
  ])
  const clapper = placed(ball(0.8), { at: [0, 0, 0.2] })
  return [
    { name: 'bell', solid: lathe([[0, 0.9], [r * 0.86, 0.6], [r * 0.9, 0], ...side, [0, 6]]), look: metal(key.fork('bell')) },
    { name: 'grip', solid: grip, look: wood(key.fork('grip')) },
    { name: 'clapper', solid: clapper, look: black() },
  ]
}

const candle = (key: Key): PropPart[] => {
  const r = key.fork('radius').uniform(1.2, 2.6)
  const h = key.fork('height').uniform(6, 12)
  const dish = vessel(
    filleted(
      [
        [0, 0],
        [3.4, 0],
        [4.6, 1.1],
        [4.8, 1.3],
      ],
      0.2,
    ),
    0.35,
    0.5,
  )
  const handle = tube(arc([5.6, 0, 0.9], 1.1, -2.6, 2.6, 10), 0.25, { flatten: 1.5 })
  const wax = lathe(
    filleted(
      [
        [0, 0.4],
        [r, 0.4],
        [r, h],
        [r * 0.7, h - 0.3],
        [0, h - 0.4],
      ],
      0.15,
    ),
  )
  return [
    { name: 'dish', solid: union(dish, handle), look: metal(key.fork('dish')) },
    { name: 'wax', solid: wax, look: paint(key.fork('white').uniform() < 0.5 ? [0.8, 0.76, 0.66] : vivid(key.fork('wax')), 0.5, 'wax') },
    {
      name: 'wick',
      solid: tube(
        [
          [0, 0, h - 0.6],
          [0.02, 0, h + 0.4],
          [0.2, 0, h + 0.9],
        ],
        0.1,
      ),
      look: black(),
    },
  ]
}

const lamp = (key: Key): PropPart[] => {
  const h = key.fork('height').uniform(11, 15)
  const belly = key.fork('belly').uniform(2, 3.4)
  const base = lathe([
    [0, 0],
    [3, 0],
    [3, 0.5],
    ...smooth(
      [
        [2, 0.7],
        [belly, 0.3 * h],
        [0.7, 0.66 * h],
      ],
      6,
    ),
    [0.5, h],
    [0, h],
  ])
  const shade = lathe([
    [0, 0.6 * h],
    [5.2, 0.6 * h],
    [3.2, 1.12 * h],
    [0, 1.12 * h],
  ])
  return [
    { name: 'base', solid: base, look: glaze(key.fork('base')) },
    {
      name: 'shade',
      solid: shade,
      look: key.fork('printed').uniform() < 0.4 ? print(key.fork('print'), [2, 1], 0.8) : cloth(key.fork('shade')),
    },
  ]
}

const stool = (key: Key): PropPart[] => {
  const seat = placed(
    lathe(
      filleted(
        [
          [0, 0],
          [4.6, 0],
          [4.6, 1.1],
          [0, 1.1],
        ],
        0.35,
      ),
    ),
    { at: [0, 0, 9] },
  )
  const leg = tube(
    [
      [3.9, 0, 0.1],
      [3.2, 0, 4.6],
      [2.5, 0, 9.4],
    ],
    0.5,
  )
  const n = key.fork('legs').int(3, 4)
  const hoop = Array.from(
    { length: 24 },
    (_, i): Vec3 => [3.25 * portable.cos((Math.PI * i) / 12), 3.25 * portable.sin((Math.PI * i) / 12), 4.2],
  )
  return [
    { name: 'seat', solid: seat, look: key.fork('soft').uniform() < 0.5 ? cloth(key.fork('cushion')) : wood(key.fork('seat')) },
    {
      name: 'legs',
      solid: union(around(leg, n), tube(hoop, 0.28, { closed: true })),
      look: key.fork('steel').uniform() < 0.4 ? steel(key.fork('leg')) : wood(key.fork('leg')),
    },
  ]
}

const cameraProp = (key: Key): PropPart[] => {
  const body = placed(box([10, 4, 6.4], 0.6), { at: [0, 0, 3.4] })
  const hump = placed(box([4, 3.2, 1.6], 0.4), { at: [0, 0, 6.9] })
  const lens = placed(
    lathe(
      filleted(
        [
          [0, 0],
          [2.5, 0],
          [2.5, 2.2],
          [2.2, 2.4],
          [2.2, 3.8],
          [1.7, 3.8],
          [1.6, 3.3],
          [0, 3.1],
        ],
        0.15,
      ),
    ),
    { turn: LIE, at: [key.fork('off').uniform(-0.8, 0.8), -1.8, 3.3] },
  )
  const wheels = union(
    ...[-3.6, 3.4].map(x =>
      placed(
        lathe(
          filleted(
            [
              [0, 6.4],
              [0.9, 6.4],
              [0.9, 7.2],
              [0, 7.2],
            ],
            0.15,
          ),
        ),
        { at: [x, 0, 0] },
      ),
    ),
  )
  const band = placed(box([10.06, 4.06, 3.4], 0.5), { at: [0, 0, 3.2] })
  return [
    { name: 'body', solid: union(body, hump), look: steel(key.fork('body')) },
    { name: 'leather', solid: { ...band, hulls: [] }, look: cloth(key.fork('leather')) },
    { name: 'lens', solid: lens, look: black() },
    { name: 'knobs', solid: wheels, look: metal(key.fork('knobs')) },
  ]
}

const radio = (key: Key): PropPart[] => {
  const [w, h] = [key.fork('w').uniform(11, 15), key.fork('h').uniform(6.5, 9)]
  const body = placed(box([w, 4.6, h], 0.7), { at: [0, 0, h / 2] })
  const grille = placed(box([w * 0.5, 0.3, h * 0.68], 0.12), { at: [-w * 0.18, -2.3, h / 2] })
  const scale = placed(box([w * 0.3, 0.3, h * 0.24], 0.1), { at: [w * 0.28, -2.3, h * 0.7] })
  const knob = placed(
    lathe(
      filleted(
        [
          [0, 0],
          [0.95, 0],
          [0.85, 0.8],
          [0, 0.8],
        ],
        0.15,
      ),
    ),
    { turn: LIE },
  )
  const knobs = union(placed(knob, { at: [w * 0.2, -2.25, h * 0.32] }), placed(knob, { at: [w * 0.36, -2.25, h * 0.32] }))
  const grip = tube(
    [
      [-w * 0.36, 0, h - 0.2],
      [-w * 0.33, 0, h + 1.6],
      [0, 0, h + 2],
      [w * 0.33, 0, h + 1.6],
      [w * 0.36, 0, h - 0.2],
    ],
    0.35,
  )
  return [
    { name: 'body', solid: body, look: key.fork('wood').uniform() < 0.5 ? wood(key.fork('wood-look')) : plastic(key.fork('body')) },
    { name: 'grille', solid: { ...grille, hulls: [] }, look: print(key.fork('grille'), [1, 1], 0.7) },
    { name: 'scale', solid: { ...scale, hulls: [] }, look: white() },
    { name: 'knobs', solid: union(knobs, grip), look: metal(key.fork('knobs')) },
  ]
}

const headphones = (key: Key): PropPart[] => {
  const r = key.fork('radius').uniform(6, 7)
  const band = tube(arc([0, 0, 0], r, 0.05, Math.PI - 0.05, 18, 1.08), 0.45, { flatten: 2.4 })
  const cup = (s: number) =>
    placed(
      lathe(
        filleted(
          [
            [0, 0],
            [3, 0],
            [3.2, 0.8],
            [2.6, 1.8],
            [0, 1.8],
          ],
          0.3,
        ),
      ),
      { turn: quat.fromAxisAngle([0, 1, 0], (s * Math.PI) / 2), at: [s * (r - 0.4), 0, -1.6], scale: [1, 0.92, 1] },
    )
  const pad = (s: number) =>
    placed(
      lathe(
        filleted(
          [
            [0, -0.9],
            [2.4, -0.9],
            [3, -0.4],
            [3, 0.05],
            [0, 0.05],
          ],
          0.3,
        ),
      ),
      { turn: quat.fromAxisAngle([0, 1, 0], (s * Math.PI) / 2), at: [s * (r - 0.4), 0, -1.6] },
    )
  return [
    { name: 'band', solid: band, look: plastic(key.fork('band')) },
    { name: 'cups', solid: union(cup(1), cup(-1)), look: key.fork('kind').choice([plastic, metal] as const)(key.fork('cups')) },
    { name: 'pads', solid: union(pad(1), pad(-1)), look: black() },
  ]
}

const hat = (key: Key): PropPart[] => {
  const r = key.fork('brim').uniform(7, 9)
  const crown = smooth(
    [
      [4.4, 0.6],
      [4.1, 3.6],
      [3.2, key.fork('height').uniform(4.6, 6)],
    ],
    4,
  )
  const top = crown[crown.length - 1]!
  return [
    {
      name: 'hat',
      solid: lathe([
        [0, 0],
        [r * 0.7, 0],
        [r, 0.5],
        [r, 0.75],
        [r * 0.7, 0.35],
        [4.5, 0.4],
        ...crown,
        [top[0] * 0.7, top[1] + 0.2],
        [0, top[1] - 0.3],
      ]),
      look: cloth(key.fork('felt')),
    },
    {
      name: 'ribbon',
      solid: {
        ...lathe([
          [0, 0.5],
          [4.52, 0.5],
          [4.36, 2],
          [0, 2],
        ]),
        hulls: [],
      },
      look: paint(vivid(key.fork('ribbon')), 0.7, 'ribbon'),
    },
  ]
}

const battery = (key: Key): PropPart[] => {
  const h = key.fork('height').uniform(8, 10)
  const cell = lathe(
    filleted(
      [
        [0, 0],
        [2.2, 0],
        [2.2, h],
        [0, h],
      ],
      0.2,
    ),
  )
  const ends = union(
    lathe(
      filleted(
        [
          [0, h - 0.1],
          [0.8, h - 0.1],
          [0.8, h + 0.6],
          [0, h + 0.6],
        ],
        0.1,
      ),
    ),
    lathe([
      [0, 0.7 * h],
      [2.23, 0.7 * h],
      [2.23, h - 0.2],
      [0, h - 0.2],
    ]),
  )
  return [
    { name: 'cell', solid: cell, look: plastic(key.fork('cell')) },
    { name: 'ends', solid: ends, look: metal(key.fork('ends')) },
  ]
}

export const HOUSEHOLD: readonly PropKind[] = [
  { name: 'battery', length: 0.05, make: battery },
  { name: 'bell', length: 0.13, make: bell },
  { name: 'book', length: 0.22, make: book },
  { name: 'camera', length: 0.13, make: cameraProp },
  { name: 'candle', length: 0.13, make: candle },
  { name: 'hat', length: 0.32, make: hat },
  { name: 'headphones', length: 0.19, make: headphones },
  { name: 'lamp', length: 0.42, make: lamp },
  { name: 'radio', length: 0.3, make: radio },
  { name: 'spool', length: 0.06, make: spool },
  { name: 'stool', length: 0.5, make: stool },
]
