/** Panel vans: one shell from the bonnet to the roof, doors and windows pressed on it. They look along +X; the origin is on the ground below the middle. */
import type { Key, Vec3 } from '@dioramic/scene'
import type { ObjectDraft } from '../builder/object.ts'
import { box } from '../solids/box.ts'
import { Model } from '../solids/model.ts'
import { polygon } from '../solids/polygon.ts'
import { loft } from '../solids/round.ts'
import {
  addPlate,
  addWheel,
  alloy,
  archOf,
  carPaint,
  indicator,
  lampGlass,
  pane,
  reflector,
  reversingLamp,
  tailLamp,
  trim,
} from './parts.ts'
import { around, mirrored, type Quad, Skin, type Spot } from './skin.ts'

const [LENGTH, WIDTH, WHEELBASE, WHEEL, SILL] = [5.3, 1.98, 3.3, 0.34, 0.27]
/** Metres from the tail: height of the roof, the windscreen and the bonnet; half the width at the waist. */
const STATIONS = [
  [0, 2.02, 0.93],
  [0.01, 2.06, 0.945],
  [0.03, 2.09, 0.955],
  [0.07, 2.115, 0.965],
  [0.2, 2.14, 0.98],
  [1, 2.16, 0.99],
  [2, 2.16, 0.99],
  [3, 2.15, 0.99],
  [3.55, 2.12, 0.985],
  [3.75, 2.06, 0.98],
  [3.87, 1.96, 0.98],
  [4.1, 1.72, 0.975],
  [4.4, 1.4, 0.965],
  [4.66, 1.13, 0.95],
  [4.78, 1.07, 0.94],
  [4.95, 1.01, 0.92],
  [5.1, 0.95, 0.895],
  [5.2, 0.89, 0.86],
  [5.26, 0.81, 0.82],
  [5.3, 0.7, 0.76],
] as const

/** A ring in the plane x: a rectangle with round corners whose sides lean in above the waist, more the higher. */
function ring(x: number, half: number, low: number, high: number): Vec3[] {
  const r = Math.min(0.14, (high - low) / 3)
  const lean = (z: number) => (z > 0.9 ? 1 - 0.1 * ((z - 0.9) / 1.25) * ((z - 0.9) / 1.25) : 1 - 0.05 * (0.9 - z) * (0.9 - z))
  const corners = polygon(20)
  const quarter = (from: number, y: number, z: number): (readonly [number, number])[] =>
    [0, 1, 2, 3, 4, 5].map(i => {
      const [c, s] = corners[(from + i) % 20]!
      return [y + r * c, z + r * s] as const
    })
  const between = (a: readonly [number, number], b: readonly [number, number]) =>
    [0.25, 0.5, 0.75].map(t => [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t] as const)
  const arcs = [
    quarter(0, half - r, high - r),
    quarter(5, r - half, high - r),
    quarter(10, r - half, low + r),
    quarter(15, half - r, low + r),
  ]
  const outline = arcs.flatMap((arc, i) => [...arc, ...between(arc[5]!, arcs[(i + 1) % 4]![0]!)])
  return outline.map(([y, z]): Vec3 => [x, y * lean(z), z])
}

/** A panel van in its own frame. `lights` is the radiance of its lamps: 0 by day. */
export function van(key: Key, lights = 0): ObjectDraft {
  const m = new Model()
  const paint = carPaint(key.fork('paint'))
  const shell = loft(
    STATIONS.map(([x, high, half], i) => ring(x - LENGTH / 2, half, SILL + (i < 3 ? 0.08 : i > 16 ? 0.1 : 0), high)),
    { crease: 0.7 },
  )
  m.add('body', paint, shell)
  const skin = new Skin(shell)
  /** x of a place so far from the tail. */
  const X = (x: number) => x - LENGTH / 2
  const halves = [(q: Quad) => q, mirrored]
  const glass = (side: 'front' | 'rear' | 'left' | 'right', quad: Quad, fine = 6) => {
    const [cx, cz] = [0, 1].map(k => quad.reduce((s, p) => s + p[k]!, 0) / 4) as [number, number]
    const wider = quad.map(([a, b]): Spot => [a + Math.sign(a - cx) * 0.03, b + Math.sign(b - cz) * 0.03]) as unknown as Quad
    m.add('trim', trim(), skin.patch(side, wider, { stands: 0.005, round: 0.2, columns: fine, rows: fine }))
    m.add('windows', pane(), skin.patch(side, quad, { stands: 0.01, round: 0.2, columns: fine, rows: fine }))
  }
  const seam = (side: 'front' | 'rear' | 'left' | 'right', ...way: Spot[]) => m.add('trim', trim(), skin.seam(side, way, 0.013))
  glass(
    'front',
    [
      [-0.82, 1.2],
      [0.82, 1.2],
      [0.74, 1.98],
      [-0.74, 1.98],
    ],
    8,
  )
  for (const side of ['left', 'right'] as const) {
    // The cab's door and its window.
    glass(side, [
      [X(3.2), 1.3],
      [X(4.32), 1.3],
      [X(3.82), 1.88],
      [X(3.2), 1.88],
    ])
    seam(side, [X(3.08), 0.4], [X(3.08), 1.98], [X(3.8), 1.98], [X(4.48), 1.24], [X(4.48), 0.82], [X(4.3), 0.74])
    // The sliding door with its rail (on the kerb's side), pressed panels elsewhere.
    const [a, b] = [X(1.85), X(3.0)]
    if (side === 'right') {
      seam(side, [a, 0.42], [a, 2.0], [b, 2.0], [b, 0.42], [a, 0.42])
      m.add('trim', trim(), skin.patch(side, around([(X(0.3) + a) / 2, 1.24], a - X(0.3), 0.035), { stands: 0.008 }))
      m.add('trim', trim(), skin.patch(side, around([b - 0.13, 1.06], 0.15, 0.035), { stands: 0.024 }))
    } else seam(side, [a + 0.1, 1.28], [a + 0.1, 1.9], [b - 0.08, 1.9], [b - 0.08, 1.28], [a + 0.1, 1.28])
    seam(side, [X(0.28), 1.34], [X(0.28), 1.9], [a - 0.12, 1.9], [a - 0.12, 1.34], [X(0.28), 1.34])
    m.add('trim', trim(), skin.patch(side, around([X(3.25), 1.06], 0.17, 0.035), { stands: 0.024 }))
    // Rubbing strips between the wheels.
    for (const [from, to] of [
      [0.3, 0.55],
      [1.6, 3.02],
      [3.14, 3.85],
    ] as const)
      m.add('trim', trim(), skin.patch(side, around([X((from + to) / 2), 0.66], to - from, 0.12), { stands: 0.016, columns: 6 }))
  }
  // The rear: two doors, each with its window, hinges and half of the handle.
  seam('rear', [0, 0.56], [0, 2.0])
  seam('rear', [-0.8, 0.56], [-0.8, 1.2], [-0.76, 1.99], [0.76, 1.99], [0.8, 1.2], [0.8, 0.56], [-0.8, 0.56])
  for (const half of halves) {
    glass(
      'rear',
      half([
        [0.07, 1.24],
        [0.7, 1.24],
        [0.67, 1.82],
        [0.07, 1.82],
      ]),
    )
    const lamp = (from: number, to: number): Quad => [
      [0.845, from],
      [0.935, from],
      [0.925, to],
      [0.84, to],
    ]
    m.add(
      'trim',
      trim(),
      skin.patch(
        'rear',
        half([
          [0.835, 0.8],
          [0.945, 0.8],
          [0.935, 1.32],
          [0.83, 1.32],
        ]),
        { stands: 0.005 },
      ),
    )
    m.add('tail-lamps', tailLamp(lights), skin.patch('rear', half(lamp(1.0, 1.305)), { stands: 0.011 }))
    m.add('indicators', indicator(), skin.patch('rear', half(lamp(0.91, 0.99)), { stands: 0.011 }))
    m.add('reversing-lamps', reversingLamp(), skin.patch('rear', half(lamp(0.815, 0.9)), { stands: 0.011 }))
    for (const z of [0.7, 1.16, 1.88])
      m.add('trim', trim(), skin.patch('rear', half(around([z > 1.5 ? 0.755 : 0.79, z], 0.1, 0.05)), { stands: 0.02 }))
    m.add('reflectors', reflector(), skin.patch('rear', half(around([0.66, 0.46], 0.18, 0.04)), { stands: 0.066 }))
  }
  m.add(
    'trim',
    trim(),
    skin.patch(
      'rear',
      [
        [-0.92, 0.37],
        [0.92, 0.37],
        [0.92, 0.53],
        [-0.92, 0.53],
      ],
      { stands: 0.055, columns: 10 },
    ),
    skin.patch('rear', around([-0.09, 1.06], 0.1, 0.16), { stands: 0.016 }),
    skin.patch('rear', around([0.36, 0.92], 0.6, 0.18), { stands: 0.004, round: 0.2 }),
  )
  m.add('chrome', alloy(), skin.patch('rear', around([-0.09, 1.04], 0.04, 0.1), { stands: 0.03 }))
  m.add('tail-lamps', tailLamp(lights), skin.patch('rear', around([0, 2.02], 0.26, 0.024), { stands: 0.006 }))
  addPlate(m, key.fork('plate'), skin, 'rear', [0.36, 0.91])
  // The nose.
  for (const half of halves) {
    m.add(
      'trim',
      trim(),
      skin.patch(
        'front',
        half([
          [0.42, 0.7],
          [0.82, 0.74],
          [0.84, 0.94],
          [0.42, 0.86],
        ]),
        { stands: 0.004, round: 0.3, columns: 6 },
      ),
    )
    m.add(
      'headlamps',
      lampGlass([0.75, 0.78, 0.8], lights * 12),
      skin.patch(
        'front',
        half([
          [0.45, 0.715],
          [0.81, 0.755],
          [0.82, 0.925],
          [0.45, 0.845],
        ]),
        { stands: 0.01, round: 0.3, columns: 6 },
      ),
    )
  }
  m.add(
    'trim',
    trim(),
    skin.patch('front', around([0, 0.76], 0.78, 0.16), { stands: 0.005, round: 0.3 }),
    skin.patch(
      'front',
      [
        [-0.86, 0.38],
        [0.86, 0.38],
        [0.86, 0.6],
        [-0.86, 0.6],
      ],
      { stands: 0.02, depth: 0.3, columns: 8 },
    ),
  )
  m.add(
    'chrome',
    alloy(),
    skin.patch('front', around([0, 0.8], 0.72, 0.018), { stands: 0.012 }),
    skin.patch('front', around([0, 0.74], 0.72, 0.018), { stands: 0.012 }),
  )
  addPlate(m, key.fork('plate'), skin, 'front', [0, 0.5], 0.022)
  const track = WIDTH / 2 - 0.1
  for (const x of [X(1.06), X(1.06 + WHEELBASE)])
    for (const s of [1, -1] as const) {
      m.add('trim', trim(), archOf(WHEEL, [x, s * (track - 0.015), WHEEL * 1.14], s))
      addWheel(m, WHEEL, 0.2, [x, s * (track + 0.01), WHEEL], s)
    }
  for (const s of [1, -1]) {
    m.add(
      'trim',
      trim(),
      box([WHEELBASE - 2.6 * WHEEL, 0.05, 0.1], 0.02).at([X(1.06 + WHEELBASE / 2), s * (WIDTH / 2 - 0.08), SILL + 0.04]),
    )
    m.add('trim', trim(), box([0.12, 0.24, 0.3], 0.05).at([X(4.28), s * (WIDTH / 2 + 0.1), 1.36]))
  }
  return m.draft('car').tagged({ vehicle_label: 'van' })
}
