/** Things that hold things: cups, bottles, pots, cans. */
import type { Key } from '@dioramic/scene'
import type { PropKind, PropPart } from './kind.ts'
import { lathe, vessel } from './lathe.ts'
import { black, cardboard, glaze, metal, paint, plastic, print, steel, stone, vivid, wood } from './looks.ts'
import { box, prism } from './prism.ts'
import { filleted, type Point2, placed, smooth, union } from './solid.ts'
import { arc, tube } from './tube.ts'

const mug = (key: Key): PropPart[] => {
  const r = key.fork('radius').uniform(3.6, 4.6)
  const h = key.fork('height').uniform(8, 10.5)
  const foot = r * key.fork('foot').uniform(0.8, 1)
  const outer = filleted(
    [
      [0, 0],
      [foot, 0],
      [r, 0.25 * h],
      [r, h],
    ],
    0.8,
  )
  const look = key.fork('print').uniform() < 0.4 ? print(key.fork('look'), [2, 1], 0.15) : glaze(key.fork('look'))
  const handle = tube(arc([r - 0.4, 0, 0.52 * h], 0.3 * h, -1.45, 1.45, 9, 0.95), 0.55, { flatten: 1.3 })
  return [{ name: 'mug', solid: union(vessel(outer, 0.4, 0.7), handle), look }]
}

const teacup = (key: Key): PropPart[] => {
  const r = key.fork('radius').uniform(4.2, 5)
  const h = key.fork('height').uniform(4.6, 5.6)
  const outer: Point2[] = [
    [0, 0],
    [1.9, 0],
    [2.1, 0.5],
    ...smooth(
      [
        [2.2, 0.6],
        [r * 0.8, 0.3 * h],
        [r * 0.94, 0.65 * h],
        [r, h],
      ],
      4,
    ),
  ]
  const saucer = lathe(
    filleted(
      [
        [0, -0.9],
        [3, -0.9],
        [7, 0.2],
        [7.1, 0.45],
        [3, -0.4],
        [2.4, 0],
        [0, 0],
      ],
      0.3,
    ),
  )
  const handle = tube(arc([r * 0.86, 0, 0.6 * h], 0.26 * h, -1.5, 1.4, 8), 0.32, { flatten: 1.4 })
  const look = glaze(key.fork('look'))
  return [
    { name: 'cup', solid: union(vessel(outer, 0.3, 0.75), handle), look },
    { name: 'saucer', solid: saucer, look },
  ]
}

const bowl = (key: Key): PropPart[] => {
  const r = key.fork('radius').uniform(7, 9)
  const h = key.fork('height').uniform(4.5, 7)
  const outer: Point2[] = [
    [0, 0],
    [r * 0.4, 0],
    [r * 0.43, 0.5],
    ...smooth(
      [
        [r * 0.5, 0.7],
        [r * 0.78, 0.32 * h],
        [r * 0.94, 0.66 * h],
        [r, h],
      ],
      4,
    ),
  ]
  const look = key.fork('wood').uniform() < 0.35 ? wood(key.fork('look')) : glaze(key.fork('look'))
  return [{ name: 'bowl', solid: vessel(outer, 0.5, 0.9), look }]
}

const vase = (key: Key): PropPart[] => {
  const k = (name: string, a: number, b: number) => key.fork(name).uniform(a, b)
  const h = k('height', 18, 28)
  const neck = k('neck', 1.6, 3.2)
  const belly = k('belly', 4.5, 7.5)
  const at = k('at', 0.3, 0.62)
  const curve = smooth(
    [
      [k('foot', 2.5, 4), 0.4],
      [belly, at * h],
      [neck, 0.86 * h],
      [neck * k('lip', 1.1, 1.7), h],
    ],
    7,
  )
  const outer: Point2[] = [[0, 0], [curve[0]![0] - 0.3, 0], ...curve]
  const look = key.fork('kind').choice([glaze, stone, (q: Key) => print(q, [2, 2], 0.15), glaze] as const)(key.fork('look'))
  return [{ name: 'vase', solid: vessel(outer, 0.55, 1.1), look }]
}

const bottle = (key: Key): PropPart[] => {
  const r = key.fork('radius').uniform(3, 4)
  const h = key.fork('height').uniform(17, 24)
  const shoulder = key.fork('shoulder').uniform(0.5, 0.66)
  const neck = key.fork('neck').uniform(1.1, 1.5)
  const body = filleted(
    [
      [0, 0],
      [r, 0],
      [r, shoulder * h],
      ...smooth(
        [
          [r * 0.97, (shoulder + 0.04) * h],
          [neck * 1.25, (shoulder + 0.22) * h],
          [neck, 0.88 * h],
        ],
        4,
      ),
      [neck, 0.91 * h],
      [0, 0.91 * h],
    ],
    0.5,
  )
  const cap = lathe(
    filleted(
      [
        [0, 0.9 * h],
        [neck * 1.25, 0.9 * h],
        [neck * 1.25, h],
        [0, h],
      ],
      0.25,
    ),
  )
  const label = lathe([
    [0, 0.15 * h],
    [r * 1.012, 0.15 * h],
    [r * 1.012, (shoulder - 0.1) * h],
    [0, (shoulder - 0.1) * h],
  ])
  return [
    { name: 'bottle', solid: lathe(body), look: plastic(key.fork('body')) },
    { name: 'cap', solid: cap, look: plastic(key.fork('cap')) },
    { name: 'label', solid: { ...label, hulls: [] }, look: print(key.fork('label'), [2, 1]) },
  ]
}

const wineBottle = (key: Key): PropPart[] => {
  const r = key.fork('radius').uniform(3.5, 3.9)
  const at = key.fork('shoulder').uniform(18, 20.5)
  const body = filleted(
    [
      [0, 0],
      [r, 0],
      [r, at],
      ...smooth(
        [
          [r * 0.96, at + 0.8],
          [2, at + 3.8],
          [1.45, at + 5.5],
        ],
        4,
      ),
      [1.45, 29.2],
      [1.7, 29.3],
      [1.7, 30],
      [0, 30],
    ],
    0.4,
  )
  const foil = lathe(
    filleted(
      [
        [0, 25.5],
        [1.6, 25.5],
        [1.6, 29],
        [1.85, 29.2],
        [1.85, 30.2],
        [0, 30.2],
      ],
      0.15,
    ),
  )
  const label = lathe([
    [0, 5],
    [r * 1.012, 5],
    [r * 1.012, 13],
    [0, 13],
  ])
  const dark = key.fork('glass').choice([
    [0.02, 0.06, 0.025],
    [0.05, 0.025, 0.01],
    [0.015, 0.02, 0.03],
  ] as const)
  return [
    { name: 'bottle', solid: lathe(body), look: paint(dark, 0.06, 'dark-glass') },
    { name: 'foil', solid: foil, look: paint(vivid(key.fork('foil')), 0.3, 'foil') },
    { name: 'label', solid: { ...label, hulls: [] }, look: print(key.fork('label'), [2, 1], 0.6) },
  ]
}

const can = (key: Key): PropPart[] => {
  const r = key.fork('radius').uniform(2.8, 4.4)
  const h = key.fork('height').uniform(7, 12.5)
  const body = lathe([
    [0, 0.25],
    [r * 0.8, 0.25],
    [r * 0.84, 0],
    [r * 0.92, 0],
    [r, 0.5],
    [r, h - 0.5],
    [r * 0.93, h],
    [r * 0.86, h],
    [r * 0.84, h - 0.3],
    [0, h - 0.3],
  ])
  const label = lathe([
    [0, 0.6],
    [r * 1.008, 0.6],
    [r * 1.008, h - 0.6],
    [0, h - 0.6],
  ])
  return [
    { name: 'can', solid: body, look: steel(key.fork('metal')) },
    { name: 'label', solid: { ...label, hulls: [] }, look: print(key.fork('label'), [2, 1], 0.3) },
  ]
}

const jar = (key: Key): PropPart[] => {
  const r = key.fork('radius').uniform(3.6, 5)
  const h = key.fork('height').uniform(9, 13)
  const body = lathe(
    filleted(
      [
        [0, 0],
        [r, 0],
        [r, 0.8 * h],
        [r * 0.84, 0.86 * h],
        [r * 0.84, 0.9 * h],
        [0, 0.9 * h],
      ],
      0.9,
    ),
  )
  const lid = lathe(
    filleted(
      [
        [0, 0.87 * h],
        [r * 0.92, 0.87 * h],
        [r * 0.92, h],
        [0, h],
      ],
      0.25,
    ),
  )
  const label = lathe([
    [0, 0.22 * h],
    [r * 1.012, 0.22 * h],
    [r * 1.012, 0.62 * h],
    [0, 0.62 * h],
  ])
  const jam = key.fork('jam').choice([
    [0.35, 0.02, 0.02],
    [0.5, 0.2, 0.02],
    [0.3, 0.12, 0.02],
    [0.06, 0.12, 0.02],
    [0.16, 0.01, 0.1],
  ] as const)
  return [
    { name: 'jar', solid: body, look: paint(jam, 0.07, 'preserve') },
    { name: 'lid', solid: lid, look: key.fork('lid').choice([metal, plastic] as const)(key.fork('lid-look')) },
    { name: 'label', solid: { ...label, hulls: [] }, look: print(key.fork('label'), [2, 1], 0.5) },
  ]
}

const flowerPot = (key: Key): PropPart[] => {
  const r = key.fork('radius').uniform(5, 7)
  const h = key.fork('height').uniform(8, 12)
  const outer = filleted(
    [
      [0, 0],
      [r * 0.66, 0],
      [r * 0.93, 0.74 * h],
      [r * 1.06, 0.76 * h],
      [r * 1.08, h],
    ],
    0.3,
  )
  const soil = lathe([
    [0, 0.4 * h],
    [r * 0.78, 0.4 * h],
    [r * 0.84, 0.82 * h],
    [r * 0.4, 0.86 * h],
    [0, 0.87 * h],
  ])
  return [
    { name: 'pot', solid: vessel(outer, 0.6, 1), look: key.fork('kind').choice([stone, glaze] as const)(key.fork('look')) },
    { name: 'soil', solid: soil, look: paint([0.045, 0.028, 0.017], 0.95, 'soil') },
  ]
}

const goblet = (key: Key): PropPart[] => {
  const h = key.fork('height').uniform(14, 19)
  const r = key.fork('radius').uniform(3, 4.4)
  const cup = smooth(
    [
      [0.6, 0.5 * h],
      [r * 0.86, 0.6 * h],
      [r, 0.78 * h],
      [r * 0.92, h],
    ],
    5,
  )
  const outer: Point2[] = [[0, 0], [3.2, 0], [3.2, 0.3], [1, 0.9], [0.55, 2], [0.5, 0.46 * h], ...cup]
  return [{ name: 'goblet', solid: vessel(outer, 0.35, 0.56 * h), look: metal(key.fork('look')) }]
}

const carton = (key: Key): PropPart[] => {
  const w = key.fork('width').uniform(6.5, 9)
  const h = key.fork('height').uniform(15, 20)
  const body = placed(box([w, w, h], 0.25), { at: [0, 0, h / 2] })
  // The folded gable: a prism lying along Y.
  const gable = placed(
    prism(
      [
        [w / 2, 0],
        [0.3, 0.5 * w],
        [-0.3, 0.5 * w],
        [-w / 2, 0],
        [0, -0.3],
      ],
      w,
    ),
    { at: [0, w / 2, h - 0.1], turn: [Math.SQRT1_2, 0, 0, Math.SQRT1_2] },
  )
  const fin = placed(box([0.5, w, 0.28 * w], 0.1), { at: [0, 0, h + 0.6 * w] })
  const cap = placed(
    lathe(
      filleted(
        [
          [0, 0],
          [1.3, 0],
          [1.3, 1.3],
          [0, 1.3],
        ],
        0.25,
      ),
    ),
    { at: [0.25 * w, 0, h + 0.18 * w], turn: [0, 0.3827, 0, 0.9239] },
  )
  return [
    { name: 'carton', solid: body, look: print(key.fork('print'), [2, 1], 0.45) },
    { name: 'gable', solid: union(gable, fin), look: paint([0.8, 0.8, 0.78], 0.45, 'board') },
    { name: 'cap', solid: cap, look: plastic(key.fork('cap')) },
  ]
}

const barrel = (key: Key): PropPart[] => {
  const belly = key.fork('belly').uniform(4.4, 5.4)
  const side = smooth(
    [
      [3.9, 0.4],
      [belly, 6],
      [3.9, 11.6],
    ],
    8,
  )
  const hoop = (z: number) => {
    const r = side.reduce((best, p) => (Math.abs(p[1] - z) < Math.abs(best[1] - z) ? p : best), side[0]!)[0]
    return lathe(
      filleted(
        [
          [0, z - 0.45],
          [r + 0.12, z - 0.45],
          [r + 0.12, z + 0.45],
          [0, z + 0.45],
        ],
        0.1,
      ),
    )
  }
  const hoops = union(...[1.6, 3.8, 8.2, 10.4].map(hoop))
  return [
    {
      name: 'staves',
      solid: lathe([[0, 0.6], [3.5, 0.6], [3.6, 0.3], ...side, [3.6, 11.7], [3.5, 11.4], [0, 11.4]]),
      look: wood(key.fork('wood')),
    },
    { name: 'hoops', solid: { ...hoops, hulls: [] }, look: steel(key.fork('hoops')) },
  ]
}

const bucket = (key: Key): PropPart[] => {
  const r = key.fork('radius').uniform(5, 6.2)
  const outer = filleted(
    [
      [0, 0],
      [r * 0.72, 0],
      [r * 0.97, 10],
      [r * 1.05, 10.1],
      [r * 1.05, 10.8],
    ],
    0.35,
  )
  const bow = arc([0, 0, 9.6], r * 1.04, 0.05, Math.PI - 0.05, 18, 0.95)
  return [
    { name: 'bucket', solid: vessel(outer, 0.4, 0.6), look: plastic(key.fork('look')) },
    { name: 'bow', solid: tube(bow, 0.28), look: steel(key.fork('bow')) },
  ]
}

const teaTin = (key: Key): PropPart[] => {
  const [w, d, h] = [key.fork('w').uniform(6, 9), key.fork('d').uniform(6, 9), key.fork('h').uniform(7, 12)]
  return [
    { name: 'tin', solid: placed(box([w, d, h], 0.5), { at: [0, 0, h / 2] }), look: print(key.fork('print'), [2, 1], 0.25) },
    { name: 'lid', solid: placed(box([w + 0.3, d + 0.3, 1.8], 0.4), { at: [0, 0, h] }), look: metal(key.fork('lid')) },
  ]
}

const crate = (key: Key): PropPart[] => {
  const [w, d, h] = [12, 9, key.fork('h').uniform(5, 7)]
  const slat = (size: readonly [number, number, number], at: readonly [number, number, number]) => placed(box(size, 0.15), { at })
  const rows = [0, 1, 2].map(i => ((i + 0.5) * h) / 3)
  const t = 0.6
  const slats = rows.flatMap(z => [
    slat([w, t, h / 3.6], [0, d / 2, z]),
    slat([w, t, h / 3.6], [0, -d / 2, z]),
    slat([t, d, h / 3.6], [w / 2, 0, z]),
    slat([t, d, h / 3.6], [-w / 2, 0, z]),
  ])
  const posts = [-1, 1].flatMap(x => [-1, 1].map(y => slat([1, 1, h], [x * (w / 2 - 0.7), y * (d / 2 - 0.7), h / 2])))
  return [{ name: 'crate', solid: union(slat([w, d, t], [0, 0, t / 2]), ...slats, ...posts), look: wood(key.fork('look')) }]
}

const parcel = (key: Key): PropPart[] => {
  const size = [key.fork('w').uniform(9, 16), key.fork('d').uniform(7, 11), key.fork('h').uniform(4, 9)] as const
  const tape = placed(box([size[0] + 0.06, 1.8, size[2] + 0.06], 0.05), {})
  return [
    { name: 'parcel', solid: box(size, 0.3), look: cardboard() },
    {
      name: 'tape',
      solid: { ...tape, hulls: [] },
      look: key.fork('tape').uniform() < 0.3 ? black() : paint(vivid(key.fork('colour')), 0.25, 'tape'),
    },
  ]
}

export const VESSELS: readonly PropKind[] = [
  { name: 'barrel', length: 0.9, make: barrel },
  { name: 'bottle', length: 0.22, make: bottle },
  { name: 'bowl', length: 0.17, make: bowl },
  { name: 'bucket', length: 0.3, make: bucket },
  { name: 'can', length: 0.11, make: can },
  { name: 'carton', length: 0.24, make: carton },
  { name: 'crate', length: 0.45, make: crate },
  { name: 'flower-pot', length: 0.16, make: flowerPot },
  { name: 'goblet', length: 0.17, make: goblet },
  { name: 'jar', length: 0.12, make: jar },
  { name: 'mug', length: 0.11, make: mug },
  { name: 'parcel', length: 0.3, make: parcel },
  { name: 'teacup', length: 0.14, make: teacup },
  { name: 'tea-tin', length: 0.11, make: teaTin },
  { name: 'vase', length: 0.26, make: vase },
  { name: 'wine-bottle', length: 0.3, make: wineBottle },
]
