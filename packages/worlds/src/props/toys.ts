/** Toys. */
import type { Key, Vec3 } from '@dioramic/scene'
import { polygon } from '../solids/polygon.ts'
import type { PropKind, PropPart } from './kind.ts'
import { ball, lathe } from './lathe.ts'
import { black, cloth, metal, paint, plastic, print, vivid, white, wood } from './looks.ts'
import { box, prism, star } from './prism.ts'
import { around, filleted, LIE, type Point2, placed, ROLL, smooth, union } from './solid.ts'

/** A wheel about Y. */
const wheel = (r: number, width: number, at: Vec3) =>
  placed(
    lathe(
      filleted(
        [
          [0, -width / 2],
          [r, -width / 2],
          [r, width / 2],
          [0, width / 2],
        ],
        0.25 * width,
      ),
    ),
    { turn: LIE, at },
  )

const wheels = (r: number, width: number, x: readonly [number, number], y: number) =>
  union(...x.flatMap(px => [wheel(r, width, [px, y, r]), wheel(r, width, [px, -y, r])]))

const car = (key: Key): PropPart[] => {
  const l = key.fork('length').uniform(9, 12)
  const h = key.fork('roof').uniform(1.5, 2.2)
  const cabin = key.fork('cabin').uniform(0.4, 0.62)
  const body = placed(box([l, 4.4, 2], 0.7), { at: [0, 0, 2.1] })
  const c = cabin * l
  const roof = placed(
    prism(
      filleted(
        [
          [c / 2, -1.9],
          [c / 2, 1.9],
          [-c / 2, 1.9],
          [-c / 2, -1.9],
        ],
        0.5,
        true,
      ),
      h,
      { bevel: 0.35, top: 0.78 },
    ),
    { at: [-0.05 * l, 0, 2.9] },
  )
  const panes = placed(
    prism(
      [
        [c * 0.502, -1.5],
        [c * 0.502, 1.5],
        [-c * 0.502, 1.5],
        [-c * 0.502, -1.5],
      ],
      h * 0.72,
      { top: 0.86 },
    ),
    { at: [-0.05 * l, 0, 3.05] },
  )
  const lamps = union(...[-1.4, 1.4].map(y => placed(ball(0.42), { at: [l / 2 - 0.15, y, 2.2] })))
  const look = plastic(key.fork('body'))
  return [
    { name: 'body', solid: union(body, roof), look },
    { name: 'panes', solid: { ...panes, hulls: [] }, look: paint([0.03, 0.04, 0.05], 0.08, 'pane') },
    { name: 'wheels', solid: wheels(1.2, 1, [0.31 * l, -0.31 * l], 2.05), look: black() },
    { name: 'lamps', solid: lamps, look: paint([0.85, 0.8, 0.55], 0.15, 'lamp') },
  ]
}

const truck = (key: Key): PropPart[] => {
  const bed = key.fork('bed').uniform(6.5, 9)
  const cab = placed(box([3.2, 4.4, 4], 0.5), { at: [bed / 2 + 1.2, 0, 3.4] })
  const pane = placed(box([0.3, 3.6, 1.5], 0.1), { at: [bed / 2 + 2.7, 0, 4.2] })
  const load = placed(box([bed, 4.6, key.fork('load').uniform(3.4, 5)], 0.25), { at: [-0.6, 0, 4] })
  const frame = placed(box([bed + 4.4, 3.2, 0.8], 0.2), { at: [0.9, 0, 1.5] })
  return [
    { name: 'cab', solid: cab, look: plastic(key.fork('cab')) },
    { name: 'pane', solid: { ...pane, hulls: [] }, look: paint([0.03, 0.04, 0.05], 0.08, 'pane') },
    {
      name: 'load',
      solid: load,
      look: key.fork('printed').uniform() < 0.6 ? print(key.fork('print'), [2, 1]) : plastic(key.fork('load-look')),
    },
    { name: 'frame', solid: union(frame, wheels(1.3, 1.1, [bed / 2 + 1.1, -bed / 2 + 1.2], 1.9)), look: black() },
  ]
}

/** A building brick with studs. */
const brick = (key: Key): PropPart[] => {
  const [nx, ny] = key.fork('studs').choice([
    [2, 2],
    [4, 2],
    [3, 2],
    [4, 1],
    [6, 2],
  ] as const)
  const h = key.fork('flat').uniform() < 0.25 ? 1.1 : 3
  const body = placed(box([2.5 * nx, 2.5 * ny, h], 0.12), { at: [0, 0, h / 2] })
  const stud = lathe(
    filleted(
      [
        [0, 0],
        [0.78, 0],
        [0.78, 0.6],
        [0, 0.6],
      ],
      0.1,
    ),
  )
  const studs = Array.from({ length: nx * ny }, (_, i) =>
    placed(stud, { at: [2.5 * ((i % nx) - (nx - 1) / 2), 2.5 * (Math.floor(i / nx) - (ny - 1) / 2), h - 0.05] }),
  )
  return [{ name: 'brick', solid: union(body, ...studs), look: plastic(key.fork('look')) }]
}

const die = (key: Key): PropPart[] => {
  const pip = (p: Vec3) =>
    placed(ball(0.55), {
      at: p,
      scale: [p[0] === 4 || p[0] === -4 ? 0.25 : 1, p[1] === 4 || p[1] === -4 ? 0.25 : 1, p[2] === 4 || p[2] === -4 ? 0.25 : 1],
    })
  const spots: Readonly<Record<number, readonly Point2[]>> = {
    1: [[0, 0]],
    2: [
      [-2, -2],
      [2, 2],
    ],
    3: [
      [-2, -2],
      [0, 0],
      [2, 2],
    ],
    4: [
      [-2, -2],
      [2, 2],
      [-2, 2],
      [2, -2],
    ],
    5: [
      [-2, -2],
      [2, 2],
      [-2, 2],
      [2, -2],
      [0, 0],
    ],
    6: [
      [-2, -2],
      [2, 2],
      [-2, 2],
      [2, -2],
      [-2, 0],
      [2, 0],
    ],
  }
  const faces: [number, (p: Point2) => Vec3][] = [
    [1, ([a, b]) => [a, b, 4]],
    [6, ([a, b]) => [a, b, -4]],
    [2, ([a, b]) => [4, a, b]],
    [5, ([a, b]) => [-4, a, b]],
    [3, ([a, b]) => [a, 4, b]],
    [4, ([a, b]) => [a, -4, b]],
  ]
  const pips = union(...faces.flatMap(([n, f]) => spots[n]!.map(p => pip(f(p)))))
  const dark = key.fork('dark').uniform() < 0.5
  return [
    { name: 'die', solid: box([8, 8, 8], 1), look: dark ? plastic(key.fork('look')) : white() },
    { name: 'pips', solid: { ...pips, hulls: [] }, look: dark ? white() : black() },
  ]
}

const ringStack = (key: Key): PropPart[] => {
  const n = key.fork('rings').int(3, 5)
  const base = lathe(
    filleted(
      [
        [0, 0],
        [5, 0],
        [5, 1],
        [0, 1],
      ],
      0.4,
    ),
  )
  const height = 1 + 1.9 * n
  const rod = lathe([
    [0, 0.5],
    [0.9, 0.5],
    [0.7, height + 0.6],
    [0, height + 0.7],
  ])
  const rings = Array.from({ length: n }, (_, i): PropPart => {
    const r = 4.4 - (2.4 * i) / n
    const z = 1.9 + 1.9 * i
    const side = Array.from({ length: 9 }, (_, j): Point2 => {
      const u = (j / 8) * 2 - 1
      return [r - 0.95 + 0.95 * Math.sqrt(Math.max(0, 1 - u * u)), z + 0.95 * u]
    })
    return { name: `ring-${i + 1}`, solid: lathe([[0, z - 0.95], ...side, [0, z + 0.95]]), look: plastic(key.fork('ring').fork(i)) }
  })
  const tip = placed(ball(1.1), { at: [0, 0, height + 0.9] })
  return [{ name: 'stand', solid: union(base, rod, tip), look: wood(key.fork('stand')) }, ...rings]
}

const spinningTop = (key: Key): PropPart[] => {
  const r = key.fork('radius').uniform(4, 5.5)
  const side = smooth(
    [
      [0.35, 0.4],
      [r * 0.7, 2.6],
      [r, 4],
      [r * 0.75, 5.2],
    ],
    5,
  )
  const band = lathe([
    [0, 3.5],
    [r * 1.01, 3.5],
    [r * 1.03, 4],
    [r * 1.01, 4.5],
    [0, 4.5],
  ])
  return [
    {
      name: 'top',
      solid: lathe([[0, 0], ...side, [0.9, 5.7], [0.6, 6.2], [0.5, 9], [0.8, 9.3], [0.5, 9.8], [0, 9.9]]),
      look: wood(key.fork('wood')),
    },
    { name: 'band', solid: band, look: print(key.fork('band'), [3, 1], 0.25) },
  ]
}

const dumbbell = (key: Key): PropPart[] => {
  const r = key.fork('radius').uniform(3, 4)
  const weight = (s: number) => placed(prism(polygon(6, r, Math.PI / 6), 4.4, { bevel: 0.5 }), { at: [s > 0 ? 4 : -8.4, 0, 0], turn: ROLL })
  const grip = placed(
    lathe([
      [0, -5],
      [1.1, -5],
      [1.25, 0],
      [1.1, 5],
      [0, 5],
    ]),
    { turn: ROLL },
  )
  return [
    {
      name: 'weights',
      solid: union(weight(1), weight(-1)),
      look: key.fork('kind').uniform() < 0.5 ? plastic(key.fork('look')) : paint([0.03, 0.03, 0.035], 0.7, 'iron'),
    },
    { name: 'grip', solid: grip, look: metal(key.fork('grip')) },
  ]
}

const pawn = (key: Key): PropPart[] => {
  const head = key.fork('head').uniform(1.7, 2.2)
  const body = smooth(
    [
      [3.1, 1.6],
      [1.7, 3.2],
      [1.15, 6.6],
    ],
    6,
  )
  const profile: Point2[] = [[0, 0], [3.4, 0], [3.6, 0.5], [3.3, 1.2], ...body, [2.1, 6.8], [2.1, 7.2], [1, 7.4]]
  const top = placed(ball(head), { at: [0, 0, 7.1 + head] })
  return [
    {
      name: 'pawn',
      solid: union(lathe([...profile, [0, 7.4]]), top),
      look: key.fork('kind').choice([wood, plastic, metal] as const)(key.fork('look')),
    },
  ]
}

const rocket = (key: Key): PropPart[] => {
  const r = key.fork('radius').uniform(2.2, 3)
  const h = key.fork('height').uniform(13, 17)
  const hull = smooth(
    [
      [r * 0.7, 0.4],
      [r, 0.35 * h],
      [r * 0.86, 0.68 * h],
    ],
    6,
  )
  const nose = smooth(
    [
      [r * 0.86, 0.68 * h],
      [r * 0.5, 0.87 * h],
      [0.05, h],
    ],
    5,
  )
  const fin = placed(
    prism(
      [
        [r * 0.6, 0],
        [r * 2.2, -1.6],
        [r * 2.2, 0.6],
        [r * 0.7, 5],
      ].map(([x, z]): Point2 => [x! - r * 1.4, z! - 1]),
      0.6,
      { bevel: 0.12 },
    ),
    { turn: LIE, at: [r * 1.4, 0.3, 1] },
  )
  const port = placed(ball(0.95), { at: [0, -r * 0.86, 0.52 * h], scale: [1, 0.4, 1] })
  return [
    {
      name: 'body',
      solid: lathe([[0, 0.4], ...hull, [0, 0.68 * h]]),
      look: key.fork('print').uniform() < 0.4 ? print(key.fork('body'), [2, 1]) : white(),
    },
    { name: 'nose', solid: union(lathe([[0, 0.68 * h], ...nose, [0, h]]), around(fin, 4)), look: plastic(key.fork('nose')) },
    { name: 'port', solid: port, look: paint([0.04, 0.1, 0.2], 0.08, 'pane') },
  ]
}

const robot = (key: Key): PropPart[] => {
  const w = key.fork('width').uniform(4.6, 6)
  const torso = placed(box([w, 3.6, 5], 0.5), { at: [0, 0, 6.4] })
  const head = placed(box([w * 0.75, 3, 2.8], 0.5), { at: [0, 0, 10.6] })
  const neck = lathe([
    [0, 8.5],
    [0.8, 8.5],
    [0.8, 9.6],
    [0, 9.6],
  ])
  const legs = union(...[-1, 1].map(s => placed(box([1.5, 2, 4], 0.25), { at: [s * w * 0.26, 0, 2.2] })))
  const feet = union(...[-1, 1].map(s => placed(box([1.9, 3.2, 1], 0.3), { at: [s * w * 0.26, -0.5, 0.5] })))
  const arms = union(...[-1, 1].map(s => placed(box([1.1, 1.4, 4.4], 0.3), { at: [s * (w / 2 + 0.7), 0, 6.4] })))
  const eyes = union(...[-1, 1].map(s => placed(ball(0.5), { at: [s * w * 0.17, -1.5, 10.9] })))
  const dial = placed(
    lathe(
      filleted(
        [
          [0, 0],
          [1, 0],
          [1, 0.4],
          [0, 0.4],
        ],
        0.1,
      ),
    ),
    { turn: LIE, at: [0, -1.75, 6.9] },
  )
  const aerial = union(
    lathe([
      [0, 11.8],
      [0.2, 11.8],
      [0.2, 13.4],
      [0, 13.4],
    ]),
    placed(ball(0.5), { at: [0, 0, 13.6] }),
  )
  return [
    { name: 'body', solid: union(torso, head), look: plastic(key.fork('body')) },
    { name: 'limbs', solid: union(legs, arms, neck), look: metal(key.fork('limbs')) },
    { name: 'feet', solid: union(feet, aerial), look: plastic(key.fork('feet')) },
    { name: 'eyes', solid: union(eyes, dial), look: paint([0.85, 0.75, 0.2], 0.15, 'eye') },
  ]
}

const house = (key: Key): PropPart[] => {
  const [w, d, h] = [key.fork('w').uniform(7, 9), key.fork('d').uniform(6, 8), key.fork('h').uniform(4.5, 6)]
  const walls = placed(box([w, d, h], 0.2), { at: [0, 0, h / 2] })
  const ridge = key.fork('ridge').uniform(2.6, 4)
  const gable: Point2[] = [
    [w / 2 + 0.7, -0.35 * ridge],
    [0, 0.65 * ridge],
    [-w / 2 - 0.7, -0.35 * ridge],
  ]
  const roof = placed(prism(gable, d + 1.2, { bevel: 0.2 }), { turn: LIE, at: [0, d / 2 + 0.6, h + 0.35 * ridge - 0.1] })
  const chimney = placed(box([1.1, 1.1, 3], 0.15), { at: [w * 0.25, d * 0.15, h + ridge * 0.62] })
  const door = placed(box([1.8, 0.3, 3], 0.1), { at: [0, -d / 2, 1.5] })
  const windows = union(...[-1, 1].map(s => placed(box([1.5, 0.3, 1.5], 0.1), { at: [s * w * 0.32, -d / 2, 0.58 * h] })))
  return [
    { name: 'walls', solid: walls, look: paint(vivid(key.fork('walls')), 0.7, 'wall') },
    { name: 'roof', solid: union(roof, chimney), look: plastic(key.fork('roof')) },
    { name: 'door', solid: { ...door, hulls: [] }, look: wood(key.fork('door')) },
    { name: 'windows', solid: { ...windows, hulls: [] }, look: paint([0.35, 0.5, 0.6], 0.08, 'pane') },
  ]
}

const ballToy = (key: Key): PropPart[] => [{ name: 'ball', solid: ball(5), look: print(key.fork('print'), [2, 1], 0.3) }]

const starToy = (key: Key): PropPart[] => {
  const outline = filleted(star(key.fork('points').int(5, 6), 6, key.fork('inner').uniform(2.6, 3.4)), 0.5, true, 2)
  return [
    {
      name: 'star',
      solid: prism(outline, 2.2, { bevel: 0.4 }),
      look: key.fork('kind').choice([cloth, plastic, metal] as const)(key.fork('look')),
    },
  ]
}

const snowman = (key: Key): PropPart[] => {
  const balls = union(placed(ball(4), { at: [0, 0, 3.7] }), placed(ball(3), { at: [0, 0, 9.2] }), placed(ball(2.2), { at: [0, 0, 13.4] }))
  const hat = union(
    lathe(
      filleted(
        [
          [0, 14.9],
          [2.6, 14.9],
          [2.6, 15.3],
          [0, 15.3],
        ],
        0.12,
      ),
    ),
    lathe(
      filleted(
        [
          [0, 15.2],
          [1.7, 15.2],
          [1.6, 17.8],
          [0, 17.8],
        ],
        0.2,
      ),
    ),
  )
  const nose = placed(
    lathe([
      [0, 0],
      [0.5, 0],
      [0.05, 2],
      [0, 2],
    ]),
    { turn: LIE, at: [0, -1.9, 13.4] },
  )
  const coal = union(
    ...[
      [-0.7, -2, 14.1],
      [0.7, -2, 14.1],
      [0, -3, 9.8],
      [0, -2.95, 8.6],
    ].map(p => placed(ball(0.35), { at: p as unknown as Vec3 })),
  )
  return [
    { name: 'snow', solid: balls, look: white() },
    { name: 'hat', solid: hat, look: cloth(key.fork('hat')) },
    { name: 'nose', solid: nose, look: paint([0.8, 0.25, 0.03], 0.5, 'carrot') },
    { name: 'coal', solid: coal, look: black() },
  ]
}

export const TOYS: readonly PropKind[] = [
  { name: 'ball', length: 0.2, make: ballToy },
  { name: 'brick', length: 0.05, make: brick },
  { name: 'car', length: 0.12, make: car },
  { name: 'die', length: 0.03, make: die },
  { name: 'dumbbell', length: 0.2, make: dumbbell },
  { name: 'house', length: 0.12, make: house },
  { name: 'pawn', length: 0.09, make: pawn },
  { name: 'ring-stack', length: 0.16, make: ringStack },
  { name: 'robot', length: 0.15, make: robot },
  { name: 'rocket', length: 0.2, make: rocket },
  { name: 'snowman', length: 0.2, make: snowman },
  { name: 'spinning-top', length: 0.09, make: spinningTop },
  { name: 'star', length: 0.12, make: starToy },
  { name: 'truck', length: 0.16, make: truck },
]
