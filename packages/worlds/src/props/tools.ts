/** Tools, a pencil among them, and what they screw in. */
import { type Key, portable, type Vec3 } from '@dioramic/scene'
import { polygon } from '../solids/polygon.ts'
import type { PropKind, PropPart } from './kind.ts'
import { lathe } from './lathe.ts'
import { metal, paint, plastic, steel, vivid, wood } from './looks.ts'
import { box, prism } from './prism.ts'
import { filleted, LIE, type Point2, placed, ROLL, smooth, union } from './solid.ts'

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

export const TOOLS: readonly PropKind[] = [
  { name: 'bolt', length: 0.08, make: bolt },
  { name: 'brush', length: 0.22, make: brush },
  { name: 'hammer', length: 0.32, make: hammer },
  { name: 'nut', length: 0.04, make: nut },
  { name: 'pencil', length: 0.18, make: pencil },
]
