/** Tools, hardware and things of the house. */
import { type Key, portable, quat, type Vec3 } from '@dioramic/scene'
import type { PropKind, PropPart } from './kind.ts'
import { ball, lathe, vessel } from './lathe.ts'
import { black, cloth, glaze, metal, paint, paper, plastic, print, steel, vivid, white, wood } from './looks.ts'
import { box, polygon, prism } from './prism.ts'
import { around, filleted, type Point2, placed, smooth, union } from './solid.ts'
import { arc, tube } from './tube.ts'

const LIE = quat.fromAxisAngle([1, 0, 0], Math.PI / 2)
const ROLL = quat.fromAxisAngle([0, 1, 0], Math.PI / 2)

const bolt = (key: Key): PropPart[] => {
  const r = key.fork('radius').uniform(1.1, 1.8)
  const l = key.fork('length').uniform(8, 13)
  const head = prism(polygon(6, r * 1.9), 1.4 * r, { bevel: 0.18 })
  const turns = Math.round(l / 0.8)
  const thread: Point2[] = Array.from(
    { length: 2 * turns + 1 },
    (_, i) => [i % 2 === 0 ? r : r * 0.86, -0.06 * l - (0.92 * l * i) / (2 * turns)] as Point2,
  ).reverse()
  const shank = lathe([[0, thread[0]![1] - 0.3], [r * 0.7, thread[0]![1] - 0.3], ...thread, [r, 0.1], [0, 0.1]])
  return [{ name: 'bolt', solid: union(head, shank), look: metal(key.fork('look')) }]
}

/** A ring with a hexagonal outside: six blocks around the hole. */
const nut = (key: Key): PropPart[] => {
  const h = key.fork('height').uniform(2.4, 3.4)
  const hole = key.fork('hole').uniform(1.5, 2)
  const side = 3.4
  const n = 24
  const hex = (a: number) => {
    const sector = Math.floor((a + Math.PI / 6) / (Math.PI / 3)) * (Math.PI / 3)
    return (side * portable.cos(Math.PI / 6)) / portable.cos(a - sector)
  }
  const profileAt = (i: number): Vec3[] => {
    const a = (2 * Math.PI * (i % n)) / n
    const [c, s] = [portable.cos(a), portable.sin(a)]
    const out = hex(a)
    const at = (r: number, z: number): Vec3 => [r * c, r * s, z]
    return [
      at(hole, 0.2),
      at(hole + 0.2, 0),
      at(Math.min(out, 3.2), 0),
      at(out, 0.25),
      at(out, h - 0.25),
      at(Math.min(out, 3.2), h),
      at(hole + 0.2, h),
      at(hole, h - 0.2),
    ]
  }
  const rows = Array.from({ length: n }, (_, i) => profileAt(i))
  const m = rows[0]!.length
  const positions = rows.flatMap(r => r.flatMap(p => [...p]))
  const uvs = rows.flatMap((r, i) => r.flatMap((_, j) => [i / n, j / m]))
  const indices = rows.flatMap((_, i) =>
    Array.from({ length: m }, (_, j) => {
      const [a, b] = [i * m + j, ((i + 1) % n) * m + j]
      const [c, d] = [i * m + ((j + 1) % m), ((i + 1) % n) * m + ((j + 1) % m)]
      return [a, b, d, a, d, c]
    }).flat(),
  )
  const hulls = rows.map((r, i) => [...r, ...rows[(i + 1) % n]!].flatMap(p => [...p]))
  return [{ name: 'nut', solid: { positions, indices, uvs, hulls }, look: metal(key.fork('look')) }]
}

const hammer = (key: Key): PropPart[] => {
  const l = key.fork('length').uniform(20, 26)
  const handle = lathe([
    [0, 0],
    ...smooth(
      [
        [1.1, 0.2],
        [1.35, 3],
        [0.95, 9],
        [1, l],
      ],
      5,
    ),
    [0, l],
  ])
  const head = union(
    placed(box([4, 2.6, 2.8], 0.3), { at: [0, 0, l - 1] }),
    placed(
      lathe(
        filleted(
          [
            [0, 0],
            [1.2, 0],
            [1.5, 2.4],
            [1.5, 3.4],
            [0, 3.4],
          ],
          0.25,
        ),
      ),
      { turn: ROLL, at: [1.8, 0, l - 1] },
    ),
    placed(
      prism(
        [
          [-2, -1.2],
          [-2, 1.2],
          [-6.4, 0.2],
          [-6.4, -0.2],
        ]
          .map(([x, z]): Point2 => [x! + 4, -z!])
          .reverse(),
        2.2,
        { bevel: 0.1 },
      ),
      { turn: LIE, at: [-4, 1.1, l - 1] },
    ),
  )
  return [
    { name: 'handle', solid: handle, look: wood(key.fork('handle')) },
    { name: 'head', solid: head, look: steel(key.fork('head')) },
  ]
}

const brush = (key: Key): PropPart[] => {
  const w = key.fork('width').uniform(3.4, 6)
  const handle = placed(
    lathe([
      [0, 0],
      ...smooth(
        [
          [0.7, 0.3],
          [1, 2],
          [0.6, 6],
          [1.3, 10.6],
        ],
        5,
      ),
      [0, 10.6],
    ]),
    { scale: [1.25, 0.7, 1] },
  )
  const band = placed(box([w, 1.5, 3], 0.2), { at: [0, 0, 11.6] })
  const hair = placed(
    prism(
      [
        [w * 0.46, -0.6],
        [w * 0.46, 0.6],
        [-w * 0.46, 0.6],
        [-w * 0.46, -0.6],
      ],
      4.6,
      { bevel: 0.2, top: 0.85 },
    ),
    { at: [0, 0, 12.8] },
  )
  return [
    { name: 'handle', solid: handle, look: plastic(key.fork('handle')) },
    { name: 'band', solid: band, look: steel(key.fork('band')) },
    {
      name: 'hair',
      solid: hair,
      look: paint(
        key.fork('hair').choice([
          [0.12, 0.07, 0.04],
          [0.5, 0.38, 0.2],
          [0.04, 0.04, 0.04],
        ] as const),
        0.9,
        'bristle',
      ),
    },
  ]
}

const pencil = (key: Key): PropPart[] => {
  const l = key.fork('length').uniform(11, 18)
  const lie = (s: Parameters<typeof placed>[0]) => placed(s, { turn: ROLL })
  const wood2 = lathe([
    [0, l],
    [1, l],
    [0.28, l + 2.3],
    [0, l + 2.3],
  ])
  const lead = lathe([
    [0, l + 2],
    [0.37, l + 2],
    [0.04, l + 3],
    [0, l + 3],
  ])
  const ferrule = lathe(
    filleted(
      [
        [0, -1.4],
        [1.02, -1.4],
        [1.02, 0.1],
        [0, 0.1],
      ],
      0.08,
    ),
  )
  const rubber = lathe(
    filleted(
      [
        [0, -2.8],
        [0.95, -2.8],
        [0.95, -1.3],
        [0, -1.3],
      ],
      0.3,
    ),
  )
  return [
    { name: 'shaft', solid: lie(prism(polygon(6, 1), l)), look: plastic(key.fork('shaft')) },
    { name: 'wood', solid: lie(wood2), look: paint([0.6, 0.42, 0.25], 0.7, 'bare-wood') },
    {
      name: 'lead',
      solid: lie(lead),
      look: paint(key.fork('grey').uniform() < 0.5 ? [0.03, 0.03, 0.035] : vivid(key.fork('lead')), 0.45, 'lead'),
    },
    { name: 'ferrule', solid: lie(ferrule), look: metal(key.fork('ferrule')) },
    { name: 'rubber', solid: lie(rubber), look: paint([0.6, 0.2, 0.22], 0.8, 'rubber') },
  ]
}

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

export const TOOLS: readonly PropKind[] = [
  { name: 'battery', length: 0.05, make: battery },
  { name: 'bell', length: 0.13, make: bell },
  { name: 'bolt', length: 0.08, make: bolt },
  { name: 'book', length: 0.22, make: book },
  { name: 'brush', length: 0.22, make: brush },
  { name: 'camera', length: 0.13, make: cameraProp },
  { name: 'candle', length: 0.13, make: candle },
  { name: 'hammer', length: 0.32, make: hammer },
  { name: 'hat', length: 0.32, make: hat },
  { name: 'headphones', length: 0.19, make: headphones },
  { name: 'lamp', length: 0.42, make: lamp },
  { name: 'nut', length: 0.04, make: nut },
  { name: 'pencil', length: 0.18, make: pencil },
  { name: 'radio', length: 0.3, make: radio },
  { name: 'spool', length: 0.06, make: spool },
  { name: 'stool', length: 0.5, make: stool },
]
