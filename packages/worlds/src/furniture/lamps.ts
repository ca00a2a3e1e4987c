/** Lamps. Their shades glow; what lights the room is a lamp of the scene beside them. */
import type { Key } from '@dioramic/scene'
import { Model } from '../solids/model.ts'
import { cylinder, lathe, tube } from '../solids/round.ts'
import { wallHulls } from '../solids/wall.ts'
import { black, gloss, iron, paint, shade, wood } from './looks.ts'
import { type Piece, piece } from './piece.ts'

/** An open cone of cloth, from `low` to `high`, a few millimetres thick. */
const coneShade = (bottom: number, top: number, low: number, high: number) =>
  lathe(
    [
      [bottom, low],
      [top, high],
      [top - 0.004, high],
      [bottom - 0.004, low],
      [bottom, low],
    ],
    { segments: 36, pieces: [[0, 1]] },
  )

/** A standing lamp with a cloth shade; `lit` is its shade's radiance. Stands free. */
export function floorLamp(key: Key, lit: number): Piece {
  const h = key.fork('height').uniform(1.45, 1.65)
  const m = new Model()
  m.add('stand', iron(), cylinder(0.14, 0.025, { bevel: 0.006 }), cylinder(0.011, h - 0.2, { segments: 14 }).at([0, 0, 0.02]))
  m.add('shade', shade(lit), coneShade(0.2, key.fork('top').uniform(0.12, 0.18), h - 0.28, h))
  return piece(m, 'floor-lamp', [0.4, 0.4, h], key)
}

/** A bedside lamp with a turned foot. Stands free. */
export function tableLamp(key: Key, lit: number): Piece {
  const m = new Model()
  const look = key.fork('foot').uniform() < 0.5 ? gloss(key.fork('glaze')) : wood(key.fork('wood'))
  const b = key.fork('belly').uniform(0.055, 0.08)
  m.add(
    'foot',
    look,
    lathe([
      [0, 0],
      [0.055, 0],
      [0.058, 0.012],
      [0.035, 0.03],
      [b, 0.1],
      [b * 0.85, 0.16],
      [0.018, 0.2],
      [0.014, 0.24],
      [0, 0.24],
    ]),
  )
  m.add('shade', shade(lit), coneShade(0.14, 0.09, 0.2, 0.38))
  return piece(m, 'table-lamp', [0.28, 0.28, 0.38], key)
}

/** A desk lamp with a bent arm. Stands free. */
export function deskLamp(key: Key): Piece {
  const look = key.fork('dark').uniform() < 0.5 ? black() : paint('#c9c6bf', 0.35, 'lamp')
  const m = new Model()
  m.add('body', look, cylinder(0.085, 0.02, { bevel: 0.005 }))
  m.add(
    'body',
    look,
    tube(
      [
        [0, 0, 0.015],
        [0, 0.1, 0.26],
        [0, -0.14, 0.44],
      ],
      0.008,
      { solid: true },
    ),
  )
  m.add(
    'body',
    look,
    lathe([
      [0.02, 0],
      [0.075, -0.1],
      [0.071, -0.1],
      [0.016, -0.004],
      [0.02, 0],
    ])
      // As a solid cone it would outweigh the foot, and the lamp fall over.
      .withHulls(
        wallHulls(
          [
            [0.02, 0],
            [0.075, -0.1],
          ],
          0.004,
        ),
      )
      .turned([1, 0, 0], -0.5)
      .at([0, -0.14, 0.45]),
  )
  return piece(m, 'desk-lamp', [0.17, 0.3, 0.46], key)
}

/** A lamp that hangs from the ceiling at z = 0 by a cord of `drop` metres; nothing touches it. */
export function pendant(key: Key, drop: number, lit: number): Piece {
  const m = new Model()
  const look = key.fork('colour').uniform() < 0.5 ? black(0.4) : gloss(key.fork('glaze'))
  m.add(
    'cord',
    black(),
    cylinder(0.045, 0.025).at([0, 0, -0.025]).intangible(),
    tube(
      [
        [0, 0, 0],
        [0, 0, -drop],
      ],
      0.004,
    ).intangible(),
  )
  const r = key.fork('radius').uniform(0.16, 0.22)
  const outline: [number, number][] = [
    [0.02, 0.02],
    [0.05, 0],
    [r * 0.7, -0.06],
    [r * 0.95, -0.15],
    [r, -0.2],
  ]
  const inside = outline.map(([a, z]): [number, number] => [a - 0.004, z - 0.003]).reverse()
  m.add(
    'shade',
    look,
    lathe([...outline, ...inside, outline[0]!], { segments: 36 })
      .at([0, 0, -drop])
      .intangible(),
  )
  m.add(
    'bulb',
    shade(lit),
    lathe([
      [0, -0.14],
      [0.03, -0.125],
      [0.038, -0.1],
      [0.03, -0.075],
      [0.015, -0.04],
      [0, -0.03],
    ])
      .at([0, 0, -drop])
      .intangible(),
  )
  return piece(m, 'pendant-lamp', [2 * r, 2 * r, drop + 0.2], key)
}

/** A shallow round ceiling lamp below z = 0; nothing touches it. */
export function ceilingLamp(key: Key, lit: number): Piece {
  const r = key.fork('radius').uniform(0.16, 0.22)
  const m = new Model().add(
    'glass',
    shade(lit),
    lathe(
      [
        [0, -0.075],
        [r * 0.6, -0.068],
        [r * 0.92, -0.045],
        [r, -0.015],
        [r, 0],
        [0, 0],
      ],
      { segments: 40 },
    ).intangible(),
  )
  return piece(m, 'ceiling-lamp', [2 * r, 2 * r, 0.08], key)
}
