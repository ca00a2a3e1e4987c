/** Small things that lie about. All lie free, their foot at z = 0. */
import { type Key, portable, type Vec3 } from '@dioramic/scene'
import { preset } from '../builder/preset.ts'
import { shape } from '../builder/shapes.ts'
import { box } from '../solids/box.ts'
import { Model } from '../solids/model.ts'
import { cylinder, lathe, tube } from '../solids/round.ts'
import type { Solid } from '../solids/solid.ts'
import { wallHulls } from '../solids/wall.ts'
import { accent, gloss, iron, matt, paint, steel, towelling, wood } from './looks.ts'
import { type Piece, piece } from './piece.ts'
import { foldedTowel } from './soft.ts'

/**
 * A round vessel, its outline [radius, height] from the foot to the rim. It collides as a disc below its floor and, between any two points of the
 * outline above it, ten wedges of wall, so that things may lie in it.
 */
function vessel(outer: readonly (readonly [number, number])[], wall: number, floor: number, segments = 32): Solid {
  const rim = outer.filter(([, z]) => z > floor)
  const inner = rim.map(([r, z]): [number, number] => [Math.max(0.001, r - wall), z]).reverse()
  const shape = lathe([[0, outer[0]![1]], ...outer, ...inner, [inner.at(-1)![0], floor], [0, floor]], { segments, crease: 0.7 })
  const below = outer.filter(([, z]) => z <= floor)
  const [last, first] = [below.at(-1)!, rim[0]!]
  const u = (floor - last[1]) / (first[1] - last[1])
  const line = [[last[0] + u * (first[0] - last[0]), floor] as const, ...rim]
  return shape.withHulls([...wallHulls(line, wall), ...lathe([...below, line[0]!], { segments: 16 }).hulls])
}

export function mug(key: Key): Piece {
  const [r, h] = [key.fork('radius').uniform(0.038, 0.045), key.fork('height').uniform(0.085, 0.105)]
  const m = new Model()
  const handle = Array.from({ length: 9 }, (_, i): Vec3 => {
    const a = -Math.PI / 2 + (Math.PI * i) / 8
    return [r - 0.004 + 0.03 * portable.cos(a), 0, h * 0.52 + h * 0.27 * portable.sin(a)]
  })
  m.add(
    'glaze',
    gloss(key.fork('glaze')),
    vessel(
      [
        [r * 0.85, 0],
        [r * 0.95, 0.006],
        [r, 0.02],
        [r, h],
      ],
      0.004,
      0.007,
    ),
    tube(handle, 0.0055, { solid: true }),
  )
  return piece(m, 'mug', [2 * r + 0.03, 2 * r, h], key)
}

export function bowl(key: Key): Piece {
  const r = key.fork('radius').uniform(0.075, 0.13)
  const look = key.fork('wooden').uniform() < 0.3 ? wood(key.fork('wood')) : gloss(key.fork('glaze'))
  const m = new Model().add(
    'body',
    look,
    vessel(
      [
        [r * 0.42, 0],
        [r * 0.44, 0.008],
        [r * 0.72, r * 0.2],
        [r * 0.92, r * 0.42],
        [r, r * 0.62],
      ],
      0.006,
      0.012,
      40,
    ),
  )
  return piece(m, 'bowl', [2 * r, 2 * r, r * 0.62], key)
}

export function plate(key: Key): Piece {
  const r = key.fork('radius').uniform(0.1, 0.135)
  const m = new Model().add(
    'glaze',
    key.fork('white').uniform() < 0.6 ? preset('porcelain') : gloss(key.fork('glaze')),
    vessel(
      [
        [r * 0.6, 0],
        [r * 0.64, 0.004],
        [r * 0.98, 0.018],
        [r, 0.021],
      ],
      0.005,
      0.005,
      40,
    ),
  )
  return piece(m, 'plate', [2 * r, 2 * r, 0.02], key)
}

export function bottle(key: Key): Piece {
  const [r, h] = [key.fork('radius').uniform(0.034, 0.042), key.fork('height').uniform(0.22, 0.3)]
  const look = key.fork('look').choice([preset('glass-green'), paint('#4a1f14', 0.08, 'bottle'), gloss(key.fork('glaze'))])
  const s = h * 0.6
  const body = lathe(
    [
      [0, 0],
      [r * 0.9, 0],
      [r, 0.006],
      [r, s],
      [r * 0.85, s + 0.025],
      [r * 0.38, s + 0.06],
      [r * 0.34, h - 0.02],
      [r * 0.42, h - 0.018],
      [r * 0.42, h],
      [0, h],
    ],
    {
      pieces: [
        [0, 4],
        [3, 9],
      ],
    },
  )
  const m = new Model().add('body', look, body).add(
    'label',
    paint(accent(key.fork('label')), 0.7, 'label'),
    lathe(
      [
        [r + 0.0003, s * 0.35],
        [r + 0.0004, s * 0.35],
        [r + 0.0004, s * 0.8],
        [r + 0.0003, s * 0.8],
      ],
      { segments: 36 },
    ).intangible(),
  )
  return piece(m, 'bottle', [2 * r, 2 * r, h], key)
}

export function vase(key: Key): Piece {
  const h = key.fork('height').uniform(0.18, 0.32)
  const r = h * key.fork('slim').uniform(0.24, 0.36)
  const n = key.fork('neck').uniform(0.3, 0.55)
  const outline: [number, number][] = [
    [r * 0.5, 0],
    [r * 0.55, 0.005],
    [r * 0.9, h * 0.25],
    [r, h * 0.45],
    [r * 0.8, h * 0.68],
    [r * n, h * 0.86],
    [r * n * 1.1, h * 0.95],
    [r * n * 1.25, h],
  ]
  // Nothing is put into it: below and above its shoulder it is solid.
  const { hulls } = lathe(outline, {
    pieces: [
      [0, 4],
      [4, 7],
    ],
  })
  const m = new Model().add(
    'glaze',
    key.fork('matt').uniform() < 0.4 ? matt(key.fork('glaze')) : gloss(key.fork('glaze')),
    vessel(outline, 0.006, 0.012, 36).withHulls(hulls),
  )
  return piece(m, 'vase', [2 * r, 2 * r, h], key)
}

/** A closed book, lying: covers and the block of pages. */
export function book(key: Key): Piece {
  const [w, l, t] = [
    key.fork('width').uniform(0.12, 0.2),
    key.fork('length').uniform(0.19, 0.28),
    key.fork('thickness').uniform(0.014, 0.04),
  ]
  const cover = paint(accent(key.fork('cover')), 0.55, 'cover')
  const m = new Model()
  for (const z of [0.001, t - 0.001]) m.add('cover', cover, box([w, l, 0.002], 0.0007).at([0, 0, z]).intangible())
  m.add(
    'cover',
    cover,
    box([0.003, l, t], 0.001)
      .at([-w / 2 + 0.0015, 0, t / 2])
      .intangible(),
  )
  m.add(
    'pages',
    paint('#e9e2d0', 0.9, 'pages'),
    box([w - 0.006, l - 0.006, t - 0.003], 0.0005)
      .at([-0.001, 0, t / 2])
      .intangible(),
  )
  m.add(
    'cover',
    cover,
    box([w, l, t], 0.0001)
      .at([0, 0, t / 2])
      .invisible(),
  )
  return piece(m, 'book', [w, l, t], key)
}

/** A ball; its origin is its middle. */
export function toyBall(key: Key): Piece {
  const r = key.fork('radius').uniform(0.07, 0.12)
  const draft = shape('sphere', key)
    .named('ball')
    .category('ball')
    .scaled(2 * r)
    .material(matt(key.fork('colour')))
  return { draft, size: [2 * r, 2 * r, 2 * r] }
}

export function toyBlock(key: Key): Piece {
  const s = key.fork('size').uniform(0.05, 0.09)
  return piece(new Model().add('paint', matt(key.fork('colour')), box([s, s, s], 0.004).at([0, 0, s / 2])), 'toy-block', [s, s, s], key)
}

export function fruit(key: Key): Piece {
  const r = key.fork('radius').uniform(0.034, 0.042)
  const look = paint(key.fork('colour').choice(['#b3261e', '#d9a521', '#7fa33a', '#d9701f'] as const), 0.3, 'peel')
  const m = new Model()
  m.add(
    'peel',
    look,
    lathe(
      [
        [0, r * 0.16],
        [r * 0.4, r * 0.02],
        [r * 0.85, r * 0.4],
        [r, r],
        [r * 0.86, r * 1.55],
        [r * 0.45, r * 1.86],
        [0.004, r * 1.72],
        [0, r * 1.7],
      ],
      { crease: 1.4, pieces: [[1, 5]] },
    ),
  )
  m.add(
    'stalk',
    paint('#4b3621', 0.8, 'stalk'),
    tube(
      [
        [0, 0, r * 1.65],
        [0.004, 0, r * 2.1],
      ],
      0.0018,
      { segments: 6 },
    ),
  )
  return piece(m, 'fruit', [2 * r, 2 * r, 2 * r], key)
}

export function pan(key: Key): Piece {
  const r = key.fork('radius').uniform(0.1, 0.13)
  const m = new Model()
  m.add(
    'pan',
    iron(),
    vessel(
      [
        [r * 0.86, 0],
        [r * 0.9, 0.004],
        [r, 0.05],
      ],
      0.004,
      0.005,
      40,
    ),
  )
  m.add(
    'handle',
    paint('#1a1a1b', 0.5, 'handle'),
    tube(
      [
        [r - 0.005, 0, 0.04],
        [r + 0.05, 0, 0.055],
        [r + 0.19, 0, 0.065],
      ],
      [0.009, 0.011, 0.013],
      { solid: true },
    ),
  )
  return piece(m, 'pan', [2 * r + 0.2, 2 * r, 0.07], key)
}

export function pot(key: Key): Piece {
  const [r, h] = [key.fork('radius').uniform(0.09, 0.12), key.fork('height').uniform(0.1, 0.15)]
  const look = key.fork('enamel').uniform() < 0.5 ? gloss(key.fork('glaze')) : steel()
  const m = new Model()
  m.add(
    'pot',
    look,
    lathe(
      [
        [0, 0],
        [r - 0.005, 0],
        [r, 0.005],
        [r, h],
        [r + 0.004, h + 0.004],
        [r * 0.9, h + 0.014],
        [r * 0.3, h + 0.026],
        [0, h + 0.028],
      ],
      { segments: 40, crease: 0.5 },
    ),
  )
  m.add(
    'knobs',
    iron(),
    cylinder(0.014, 0.024, { bevel: 0.004 }).at([0, 0, h + 0.026]),
    ...[-1, 1].map(s =>
      tube(
        [
          [s * r, -0.035, h * 0.8],
          [s * (r + 0.032), -0.025, h * 0.82],
          [s * (r + 0.032), 0.025, h * 0.82],
          [s * r, 0.035, h * 0.8],
        ],
        0.006,
        { solid: true },
      ),
    ),
  )
  return piece(m, 'pot', [2 * r + 0.07, 2 * r, h + 0.05], key)
}

export function kettle(key: Key): Piece {
  const m = new Model()
  const look = key.fork('steel').uniform() < 0.5 ? steel() : gloss(key.fork('glaze'))
  m.add('base', paint('#1a1a1b', 0.5, 'base'), cylinder(0.08, 0.02))
  m.add(
    'body',
    look,
    lathe(
      [
        [0, 0.02],
        [0.078, 0.02],
        [0.08, 0.03],
        [0.062, 0.2],
        [0.055, 0.215],
        [0, 0.222],
      ],
      { segments: 36 },
    ),
    tube(
      [
        [0.06, 0, 0.15],
        [0.095, 0, 0.2],
      ],
      [0.022, 0.012],
    ).convex(),
  )
  m.add(
    'base',
    paint('#1a1a1b', 0.5, 'base'),
    tube(
      [
        [-0.055, 0, 0.205],
        [-0.1, 0, 0.21],
        [-0.12, 0, 0.19],
        [-0.115, 0, 0.1],
        [-0.078, 0, 0.06],
      ],
      0.01,
      { solid: true },
    ),
    cylinder(0.012, 0.018).at([0, 0, 0.218]),
  )
  return piece(m, 'kettle', [0.24, 0.16, 0.24], key)
}

/** A waste-paper basket. */
export function basket(key: Key): Piece {
  const h = key.fork('height').uniform(0.28, 0.34)
  const look = key.fork('metal').uniform() < 0.5 ? iron() : matt(key.fork('colour'))
  const m = new Model().add(
    'body',
    look,
    vessel(
      [
        [0.1, 0],
        [0.105, 0.004],
        [0.135, h - 0.008],
        [0.139, h],
      ],
      0.004,
      0.006,
      36,
    ),
  )
  return piece(m, 'waste-basket', [0.28, 0.28, h], key)
}

export function soapBottle(key: Key): Piece {
  const m = new Model()
  m.add(
    'body',
    gloss(key.fork('glaze')),
    lathe([
      [0, 0],
      [0.031, 0],
      [0.034, 0.005],
      [0.034, 0.12],
      [0.026, 0.135],
      [0.012, 0.14],
      [0, 0.14],
    ]),
  )
  m.add(
    'pump',
    paint('#e8e8e6', 0.3, 'pump'),
    cylinder(0.008, 0.04, { segments: 12 }).at([0, 0, 0.138]),
    box([0.045, 0.016, 0.01], 0.003).at([0.012, 0, 0.18]),
  )
  return piece(m, 'soap-bottle', [0.08, 0.07, 0.19], key)
}

/** Folded towels on each other, small enough for the seat of a stool. */
export function towelStack(key: Key): Piece {
  const m = new Model()
  const [w, d] = [0.25, 0.19]
  let z = 0
  const count = key.fork('count').int(2, 3)
  for (let i = 0; i < count; i++) {
    const k = key.fork('towel').fork(i)
    const h = k.fork('thick').uniform(0.048, 0.062)
    m.add(`towel-${i + 1}`, towelling(key.fork('colour').fork(i % 2)), foldedTowel(w - 0.008 * i, d - 0.006 * i, h, k).at([0, 0, z]))
    z += h
  }
  return piece(m, 'towels', [w, d, z], key)
}

export function pencilCup(key: Key): Piece {
  const m = new Model()
  m.add(
    'cup',
    matt(key.fork('colour')),
    vessel(
      [
        [0.035, 0],
        [0.036, 0.003],
        [0.036, 0.1],
      ],
      0.003,
      0.005,
    ),
  )
  for (let i = 0; i < 5; i++) {
    const a = key
      .fork('pencil')
      .fork(i)
      .uniform(0, 2 * Math.PI)
    const [c, s] = [portable.cos(a), portable.sin(a)]
    m.add(
      `pencil-${i + 1}`,
      paint(accent(key.fork('lead').fork(i)), 0.4, 'pencil'),
      tube(
        [
          [-0.02 * c, -0.02 * s, 0.006],
          [0.031 * c, 0.031 * s, 0.17],
        ],
        0.0038,
        { segments: 6 },
      ).intangible(),
    )
  }
  return piece(m, 'pencil-cup', [0.08, 0.08, 0.17], key)
}
