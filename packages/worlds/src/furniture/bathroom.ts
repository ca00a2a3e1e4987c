/** Sanitary ware. */
import { type Key, portable, type Vec3 } from '@dioramic/scene'
import { box, boxBetween } from '../solids/box.ts'
import { Model } from '../solids/model.ts'
import { polygon } from '../solids/polygon.ts'
import { cylinder, loft, tube } from '../solids/round.ts'
import type { Solid } from '../solids/solid.ts'
import { bedding, black, board, chrome, enamel, mirror, paint, wood } from './looks.ts'
import { type Piece, piece } from './piece.ts'
import { addFront, upright } from './timber.ts'

/** A ring of a rounded rectangle about (x, y) at a height. */
const rounded = (w: number, d: number, z: number, y = 0, p = 6, n = 40): Vec3[] =>
  polygon(n).map(
    ([c, s]): Vec3 => [
      (w / 2) * Math.sign(c) * portable.pow(Math.abs(c), 2 / p),
      y + (d / 2) * Math.sign(s) * portable.pow(Math.abs(s), 2 / p),
      z,
    ],
  )

/** Collides as the walls and the bottom of a vessel: boxes around a hollow. */
function hollow(shape: Solid, w: number, d: number, y: number, bottom: number, top: number, wall: number, floor: number): Solid {
  const walls = [
    boxBetween([-w / 2, y - d / 2, bottom], [-w / 2 + wall, y + d / 2, top]),
    boxBetween([w / 2 - wall, y - d / 2, bottom], [w / 2, y + d / 2, top]),
    boxBetween([-w / 2, y - d / 2, bottom], [w / 2, y - d / 2 + wall, top]),
    boxBetween([-w / 2, y + d / 2 - wall, bottom], [w / 2, y + d / 2, top]),
    boxBetween([-w / 2, y - d / 2, bottom], [w / 2, y + d / 2, floor]),
  ]
  return shape.withHulls(walls.flatMap(s => s.hulls))
}

/** A bathtub in a panelled surround, 1.7 m long along x; a mixer on the wall side. Its back is at y = 0. */
export function bathtub(key: Key): Piece {
  const [w, d, h] = [key.fork('length').uniform(1.6, 1.75), key.fork('width').uniform(0.7, 0.8), 0.57]
  const m = new Model()
  const y = -d / 2
  const shell = loft(
    [
      rounded(w, d, 0, y, 30),
      rounded(w, d, h - 0.01, y, 30),
      rounded(w - 0.01, d - 0.01, h, y, 30),
      rounded(w - 0.13, d - 0.13, h, y, 7),
      rounded(w - 0.15, d - 0.15, h - 0.015, y, 6),
      rounded(w - 0.26, d - 0.2, h - 0.25, y, 5),
      rounded(w - 0.42, d - 0.28, h - 0.39, y, 4),
      rounded(w - 0.62, d - 0.42, h - 0.42, y, 4),
      rounded(0.02, 0.02, h - 0.422, y, 4),
    ],
    { crease: 0.7 },
  )
  m.add('tub', enamel(), hollow(shell, w, d, y, 0, h, 0.08, h - 0.41))
  m.add(
    'tap',
    chrome(),
    tube(
      [
        [0, -0.015, h + 0.16],
        [0, -0.09, h + 0.16],
      ],
      0.02,
    ),
    tube(
      [
        [-0.11, -0.09, h + 0.16],
        [0.11, -0.09, h + 0.16],
      ],
      0.019,
    ),
    tube(
      [
        [0, -0.09, h + 0.15],
        [0, -0.16, h + 0.13],
        [0, -0.175, h + 0.1],
      ],
      0.014,
    ),
  )
  for (const s of [-1, 1])
    m.add(
      'tap',
      chrome(),
      cylinder(0.024, 0.03)
        .turned([0, 1, 0], (s * Math.PI) / 2)
        .at([s * 0.11, -0.09, h + 0.16])
        .intangible(),
    )
  m.add(
    'tap',
    chrome(),
    cylinder(0.03, 0.006)
      .at([-w / 2 + 0.42, y, h - 0.421])
      .intangible(),
  )
  return piece(m, 'bathtub', [w, d, h], key)
}

/** A toilet with a cistern. Its back is at y = 0. */
export function toilet(key: Key): Piece {
  const [w, d, seat] = [0.37, 0.66, 0.41]
  const m = new Model()
  const y = -0.43
  const ring = (rw: number, rd: number, z: number, cy = y, p = 2.4) => rounded(rw, rd, z, cy, p)
  const bowl = loft(
    [
      ring(0.22, 0.36, 0, -0.34, 4),
      ring(0.2, 0.36, 0.06, -0.34, 4),
      ring(0.23, 0.4, 0.2, -0.38, 3),
      ring(0.34, 0.46, 0.33, y),
      ring(0.36, 0.47, seat - 0.03, y),
      ring(0.355, 0.465, seat - 0.02, y),
    ],
    { crease: 0.7 },
  )
  m.add('ceramic', enamel(), bowl.convex(), boxBetween([-0.13, -0.26, 0], [0.13, 0, seat - 0.02], 0.02))
  m.add(
    'ceramic',
    enamel(),
    box([w, 0.17, 0.36], 0.022).at([0, -0.095, seat + 0.16]),
    box([w + 0.012, 0.185, 0.03], 0.01).at([0, -0.095, seat + 0.355]),
  )
  m.add(
    'seat',
    paint('#f4f4f2', 0.15, 'seat'),
    loft(
      [
        ring(0.365, 0.46, seat - 0.02),
        ring(0.375, 0.47, seat - 0.012),
        ring(0.375, 0.47, seat + 0.012),
        ring(0.36, 0.455, seat + 0.024),
        ring(0.02, 0.02, seat + 0.03),
      ],
      { crease: 0.8 },
    ).convex(),
  )
  m.add(
    'button',
    chrome(),
    cylinder(0.022, 0.008)
      .at([0, -0.095, seat + 0.37])
      .intangible(),
  )
  return piece(m, 'toilet', [w, d, 0.78], key)
}

/** A washbasin on a cabinet, with a tap. Its back is at y = 0. */
export function washbasin(key: Key): Piece {
  const [w, d, h] = [key.fork('width').uniform(0.6, 0.9), 0.47, 0.85]
  const look = board(key.fork('board'))
  const m = new Model()
  m.add('cabinet', upright(look, 0), boxBetween([-w / 2 + 0.01, -d + 0.03, 0.28], [w / 2 - 0.01, 0, h - 0.16], 0.003))
  for (const s of [0, 1])
    addFront(
      m,
      'drawers',
      look,
      s + 1,
      boxBetween([-w / 2 + 0.012, -d + 0.011, 0.285 + s * 0.205], [w / 2 - 0.012, -d + 0.03, 0.485 + s * 0.205], 0.003),
    )
  for (const s of [0, 1])
    m.add(
      'handles',
      chrome(),
      box([0.16, 0.012, 0.01], 0.003)
        .at([0, -d + 0.002, 0.455 + s * 0.205])
        .intangible(),
    )
  const y = -d / 2
  const basin = loft(
    [
      rounded(w - 0.02, d - 0.02, h - 0.16, y, 16),
      rounded(w, d, h - 0.14, y, 16),
      rounded(w, d, h - 0.008, y, 16),
      rounded(w - 0.015, d - 0.015, h, y, 16),
      rounded(w - 0.12, d - 0.14, h, y - 0.03, 5),
      rounded(w - 0.15, d - 0.17, h - 0.02, y - 0.03, 4.5),
      rounded(w * 0.55, d * 0.45, h - 0.11, y - 0.03, 3),
      rounded(0.02, 0.02, h - 0.125, y - 0.03, 3),
    ],
    { crease: 0.7 },
  )
  m.add('ceramic', enamel(), hollow(basin, w, d, y, h - 0.16, h, 0.06, h - 0.12))
  const p = (py: number, z: number): Vec3 => [0, py, h + z]
  m.add(
    'tap',
    chrome(),
    cylinder(0.022, 0.1).at([0, -0.05, h]),
    tube([p(-0.05, 0.09), p(-0.1, 0.115), p(-0.16, 0.1), p(-0.17, 0.08)], 0.012),
    box([0.018, 0.07, 0.012], 0.004)
      .turned([1, 0, 0], 0.25)
      .at([0, -0.03, h + 0.118])
      .intangible(),
  )
  m.add(
    'tap',
    chrome(),
    cylinder(0.022, 0.005)
      .at([0, y - 0.03, h - 0.124])
      .intangible(),
  )
  return piece(m, 'washbasin', [w, d, h], key)
}

/** A mirror in a frame on a wall, its foot at z = 0 and its back at y = 0. */
export function wallMirror(key: Key, w: number): Piece {
  const h = key.fork('height').uniform(0.7, 0.9)
  const m = new Model()
  const look = key.fork('frame').choice([black(), wood(key.fork('wood')), chrome()])
  const f = key.fork('width').uniform(0.018, 0.03)
  const bar = (x0: number, z0: number, x1: number, z1: number) => boxBetween([x0, -0.028, z0], [x1, 0, z1], 0.004).intangible()
  m.add('frame', look, bar(-w / 2, 0, -w / 2 + f, h), bar(w / 2 - f, 0, w / 2, h), bar(-w / 2, 0, w / 2, f), bar(-w / 2, h - f, w / 2, h))
  m.add(
    'mirror',
    mirror(),
    boxBetween([-w / 2 + f - 0.002, -0.02, f - 0.002], [w / 2 - f + 0.002, -0.001, h - f + 0.002], 0.0005).intangible(),
  )
  return piece(m, 'mirror', [w, 0.028, h], key)
}

/** A rail with a towel over it, on a wall at z = 0, its back at y = 0. */
export function towelRail(key: Key): Piece {
  const w = 0.6
  const m = new Model()
  m.add(
    'rail',
    chrome(),
    tube(
      [
        [-w / 2, -0.08, 0],
        [w / 2, -0.08, 0],
      ],
      0.009,
    ),
    ...[-1, 1].map(s =>
      tube(
        [
          [s * (w / 2 - 0.01), 0, 0],
          [s * (w / 2 - 0.01), -0.08, 0],
        ],
        0.009,
      ),
    ),
  )
  const tw = key.fork('towel').uniform(0.38, 0.5)
  const l = key.fork('length').uniform(0.42, 0.6)
  const fold: [number, number][] = [
    [-0.066, -l * 0.8],
    [-0.066, 0],
    [-0.07, 0.012],
    [-0.08, 0.016],
    [-0.09, 0.012],
    [-0.096, 0],
    [-0.1, -l],
    [-0.109, -l],
    [-0.106, 0.004],
    [-0.097, 0.022],
    [-0.08, 0.027],
    [-0.063, 0.022],
    [-0.057, 0],
    [-0.057, -l * 0.8],
  ]
  const rings = [-tw / 2, tw / 2].map(x => fold.map(([y, z]): Vec3 => [x, y, z]))
  m.add('towel', bedding(key.fork('cloth')), loft([rings[1]!, rings[0]!], { crease: 0.8 }))
  return piece(m, 'towel', [w, 0.11, l], key)
}

/** A roll on a holder with a plate and a flap, on a wall at z = 0, its back at y = 0. */
export function paperHolder(key: Key): Piece {
  const m = new Model()
  const [out, r] = [-0.075, 0.052]
  m.add(
    'holder',
    chrome(),
    boxBetween([-0.085, -0.008, r - 0.005], [0.085, 0, r + 0.03], 0.003),
    // From the plate down along one end of the roll, and through it.
    tube(
      [
        [-0.066, -0.004, r + 0.012],
        [-0.066, out + 0.01, r + 0.012],
        [-0.066, out, r],
        [-0.066, out, 0],
      ],
      0.006,
    ),
    tube(
      [
        [-0.072, out, 0],
        [0.066, out, 0],
      ],
      0.007,
    ),
    cylinder(0.012, 0.008)
      .turned([0, 1, 0], Math.PI / 2)
      .at([0.06, out, 0])
      .intangible(),
  )
  const arc = (radius: number): [number, number][] =>
    Array.from({ length: 9 }, (_, i) => {
      const a = 0.15 * Math.PI + (0.75 * Math.PI * i) / 8
      return [out - radius * portable.cos(a), radius * portable.sin(a)]
    })
  // From the plate over the roll, a millimetre and a half thick.
  const flap = [...arc(r + 0.012), ...arc(r + 0.0105).reverse()]
  m.add('holder', chrome(), loft([0.06, -0.06].map(x => flap.map(([y, z]): Vec3 => [x, y, z]))).intangible())
  const paper = paint('#f2f0ea', 0.9, 'roll')
  m.add(
    'roll',
    paper,
    cylinder(r, 0.1, { bevel: 0.003 })
      .turned([0, 1, 0], Math.PI / 2)
      .at([-0.05, out, 0])
      .intangible(),
  )
  const sheet = key.fork('sheet').uniform(0.05, 0.12)
  m.add('roll', paper, boxBetween([-0.049, out - r, -sheet], [0.049, out - r + 0.0012, 0], 0.0004).intangible())
  return piece(m, 'toilet-roll', [0.17, 0.14, 0.13], key)
}

/** A glass screen of a walk-in shower with its tray, head and mixer; its back is at y = 0, the screen at its right. */
export function shower(key: Key): Piece {
  const [w, d] = [key.fork('width').uniform(0.9, 1.1), 0.9]
  const m = new Model()
  m.add('tray', enamel(), boxBetween([-w / 2, -d, 0], [w / 2, 0, 0.045], 0.01))
  m.add(
    'glass',
    { name: 'shower-glass', material: { baseColor: [0.93, 0.97, 0.96], transmission: 1, roughness: 0, ior: 1.02 }, textures: {} },
    boxBetween([w / 2 - 0.02, -d, 0.045], [w / 2 - 0.012, -0.01, 2], 0.001),
  )
  m.add(
    'rail',
    chrome(),
    boxBetween([w / 2 - 0.026, -d, 1.99], [w / 2 - 0.006, 0, 2.015]),
    boxBetween([w / 2 - 0.026, -0.02, 0.04], [w / 2 - 0.006, 0, 2]),
    boxBetween([w / 2 - 0.026, -d - 0.01, 0.04], [w / 2 - 0.006, -d + 0.01, 2.015]),
  )
  m.add(
    'rail',
    chrome(),
    tube(
      [
        [0, -0.04, 1.05],
        [0, -0.04, 2.02],
        [0, -0.08, 2.1],
        [0, -0.36, 2.12],
        [0, -0.4, 2.08],
      ],
      0.011,
    ),
    cylinder(0.11, 0.012, { segments: 32 }).at([0, -0.4, 2.07]),
    boxBetween([-0.13, -0.07, 1.02], [0.13, -0.02, 1.06], 0.01),
  )
  m.add(
    'drain',
    chrome(),
    cylinder(0.045, 0.004)
      .at([0, -d / 2, 0.045])
      .intangible(),
  )
  return piece(m, 'shower', [w, d, 2.1], key)
}
