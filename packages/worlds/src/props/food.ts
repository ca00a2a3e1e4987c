/** Fruit, sweets and a mushroom. */
import type { Key, Vec3 } from '@dioramic/scene'
import type { PropKind, PropPart } from './kind.ts'
import { ball, lathe } from './lathe.ts'
import { glaze, paint, print, vivid } from './looks.ts'
import { type Point2, placed, smooth } from './solid.ts'
import { arc, tube } from './tube.ts'

const mushroom = (key: Key): PropPart[] => {
  const r = key.fork('radius').uniform(4.5, 6)
  const cap = smooth(
    [
      [r, 4.8],
      [r * 0.86, 6.8],
      [r * 0.5, 8.2],
      [0, 8.8],
    ],
    5,
  )
  return [
    {
      name: 'stem',
      solid: lathe([
        [0, 0],
        ...smooth(
          [
            [2, 0.2],
            [1.5, 2.5],
            [1.7, 5.4],
          ],
          4,
        ),
        [0, 5.4],
      ]),
      look: paint([0.75, 0.68, 0.55], 0.7, 'stem'),
    },
    {
      name: 'cap',
      solid: lathe([[0, 5.2], [r * 0.8, 4.9], ...cap]),
      look: key.fork('spots').uniform() < 0.5 ? print(key.fork('print'), [2, 1], 0.3) : glaze(key.fork('look')),
    },
  ]
}

const apple = (key: Key): PropPart[] => {
  const r = key.fork('radius').uniform(3.6, 4.2)
  const t = key.fork('tall').uniform(0.85, 1.1)
  const flesh: Point2[] = [
    [0, 0.6],
    ...smooth(
      [
        [0.5, 0.35],
        [1.5, 0],
        [r * 0.9, 2.2 * t],
        [r, 4.2 * t],
        [r * 0.72, 6.6 * t],
        [1.3, 6.9 * t],
        [0.3, 6 * t],
      ],
      4,
    ),
    [0, 5.8 * t],
  ]
  const hue = key.fork('hue').choice([
    [0.5, 0.02, 0.02],
    [0.28, 0.42, 0.03],
    [0.65, 0.35, 0.03],
    [0.45, 0.1, 0.03],
  ] as const)
  const stalk = tube(
    [
      [0, 0, 5.8 * t],
      [0.1, 0, 6.6 * t],
      [0.35, 0, 7.6 * t],
    ],
    0.16,
  )
  return [
    { name: 'flesh', solid: lathe(flesh), look: paint(hue, 0.25, 'apple') },
    { name: 'stalk', solid: stalk, look: paint([0.1, 0.06, 0.03], 0.8, 'stalk') },
  ]
}

const pear = (key: Key): PropPart[] => {
  const r = key.fork('radius').uniform(3.2, 3.8)
  const flesh: Point2[] = [
    [0, 0.3],
    ...smooth(
      [
        [0.7, 0],
        [r * 0.85, 1.4],
        [r, 3.4],
        [1.9, 6.8],
        [1.3, 8.6],
        [0.3, 9.1],
      ],
      4,
    ),
    [0, 9],
  ]
  const stalk = tube(
    [
      [0, 0, 8.9],
      [0.1, 0, 9.8],
      [0.5, 0, 10.8],
    ],
    0.17,
  )
  return [
    {
      name: 'flesh',
      solid: lathe(flesh),
      look: paint(
        key.fork('hue').choice([
          [0.4, 0.42, 0.06],
          [0.55, 0.45, 0.08],
          [0.3, 0.14, 0.04],
        ] as const),
        0.4,
        'pear',
      ),
    },
    { name: 'stalk', solid: stalk, look: paint([0.1, 0.06, 0.03], 0.8, 'stalk') },
  ]
}

const pumpkin = (key: Key): PropPart[] => {
  const r = key.fork('radius').uniform(5.5, 7)
  const t = key.fork('tall').uniform(0.75, 1.05)
  const profile: Point2[] = [
    [0, 0.8],
    ...smooth(
      [
        [1, 0.3],
        [r * 0.7, 0.6],
        [r, 4 * t],
        [r * 0.72, 7.2 * t],
        [1.4, 7.4 * t],
        [0.5, 6.9 * t],
      ],
      4,
    ),
    [0, 6.8 * t],
  ]
  const stalk = tube(
    [
      [0, 0, 6.6 * t],
      [0.1, 0, 8 * t],
      [0.9, 0, 9.2 * t],
    ],
    0.6,
  )
  return [
    {
      name: 'flesh',
      solid: lathe(profile, key.fork('ribs').choice([8, 12] as const), 0.1),
      look: paint(
        key.fork('hue').choice([
          [0.7, 0.22, 0.02],
          [0.55, 0.33, 0.05],
          [0.16, 0.25, 0.06],
        ] as const),
        0.4,
        'pumpkin',
      ),
    },
    { name: 'stalk', solid: stalk, look: paint([0.13, 0.16, 0.04], 0.85, 'stalk') },
  ]
}

const doughnut = (key: Key): PropPart[] => {
  const R = 4
  const r = key.fork('thick').uniform(1.7, 2.3)
  const circle = arc([0, 0, 0], R, 0, (2 * Math.PI * 31) / 32, 31).map(([x, , z]): Vec3 => [x, z, r * 0.85])
  const icing = circle.map(([x, y, z]): Vec3 => [x, y, z + 0.28])
  return [
    { name: 'dough', solid: tube(circle, r, { closed: true, flatten: 0.85 }), look: paint([0.5, 0.27, 0.1], 0.75, 'dough') },
    {
      name: 'icing',
      solid: { ...tube(icing, r * 0.93, { closed: true, flatten: 0.85 }), hulls: [] },
      look: glaze(key.fork('icing'), vivid(key.fork('colour'))),
    },
  ]
}

const iceCream = (key: Key): PropPart[] => {
  const scoops = key.fork('scoops').int(1, 3)
  const cone = lathe([
    [0, 0],
    [0.25, 0],
    [2.6, 9],
    [2.7, 9.6],
    [0, 9.6],
  ])
  return [
    { name: 'cone', solid: cone, look: paint([0.55, 0.32, 0.12], 0.8, 'wafer') },
    ...Array.from(
      { length: scoops },
      (_, i): PropPart => ({
        name: `scoop-${i + 1}`,
        solid: placed(ball(2.7 - 0.25 * i), { at: [0, 0, 10.6 + 3.1 * i] }),
        look: paint(
          key
            .fork('scoop')
            .fork(i)
            .choice([
              [0.75, 0.7, 0.55],
              [0.6, 0.2, 0.25],
              [0.12, 0.06, 0.03],
              [0.35, 0.5, 0.25],
              [0.65, 0.4, 0.1],
            ] as const),
          0.6,
          'ice',
        ),
      }),
    ),
  ]
}

export const FOOD: readonly PropKind[] = [
  { name: 'apple', length: 0.085, make: apple },
  { name: 'doughnut', length: 0.1, make: doughnut },
  { name: 'ice-cream', length: 0.18, make: iceCream },
  { name: 'mushroom', length: 0.1, make: mushroom },
  { name: 'pear', length: 0.11, make: pear },
  { name: 'pumpkin', length: 0.28, make: pumpkin },
]
