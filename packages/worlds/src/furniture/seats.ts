/** Chairs, sofas and stools. */
import { type Key, portable, type Vec3 } from '@dioramic/scene'
import { box, boxBetween } from '../solids/box.ts'
import { Model } from '../solids/model.ts'
import { cushion, cylinder, tube } from '../solids/round.ts'
import type { Solid } from '../solids/solid.ts'
import { black, chrome, cloth, iron, leather, wood } from './looks.ts'
import { type Piece, piece } from './piece.ts'
import { pillow } from './soft.ts'

/** A leg between two points, square and tapered a little towards the floor. */
const leg = (top: Vec3, foot: Vec3, width: number): Solid => tube([foot, top], [width * 0.36, width * 0.5], { segments: 12, solid: true })

/** A wooden chair with a padded or a bare seat and a slatted or a solid back. Stands free. */
export function diningChair(key: Key): Piece {
  const frame = wood(key.fork('wood'))
  const w = key.fork('width').uniform(0.42, 0.47)
  const d = w * 0.98
  const [seat, h] = [0.45, key.fork('height').uniform(0.82, 0.96)]
  const [x, y] = [w / 2 - 0.025, d / 2 - 0.025]
  const lean = 0.07
  const m = new Model()
  const rear = (s: number): Solid[] => [
    leg([s * x, y, seat], [s * (x + 0.01), y + 0.03, 0], 0.042),
    tube(
      [
        [s * x, y, seat - 0.02],
        [s * x, y + lean, h],
      ],
      [0.02, 0.015],
      { segments: 12, solid: true },
    ),
  ]
  m.add(
    'frame',
    frame,
    leg([x, -y, seat], [x + 0.01, -y - 0.015, 0], 0.042),
    leg([-x, -y, seat], [-x - 0.01, -y - 0.015, 0], 0.042),
    rear(1),
    rear(-1),
  )
  m.add(
    'frame',
    frame,
    boxBetween([-x, -y - 0.012, seat - 0.075], [x, -y + 0.012, seat - 0.02]),
    boxBetween([-x, y - 0.012, seat - 0.075], [x, y + 0.012, seat - 0.02]),
  )
  for (const s of [1, -1]) m.add('frame', frame, boxBetween([s * x - 0.01, -y, seat - 0.075], [s * x + 0.01, y, seat - 0.02]))
  const back = (z: number, height: number) => box([w - 0.06, 0.018, height], 0.006).at([0, y + lean * ((z - seat) / (h - seat)), z])
  if (key.fork('slats').uniform() < 0.55)
    for (let i = 0; i < 3; i++) m.add('frame', frame, back(seat + (0.42 + 0.27 * i) * (h - seat), 0.06))
  else
    m.add(
      'frame',
      frame,
      box([w - 0.05, 0.016, (h - seat) * 0.55], 0.006)
        .turned([1, 0, 0], -lean / (h - seat))
        .at([0, y + lean * 0.66, seat + (h - seat) * 0.66]),
    )
  if (key.fork('pad').uniform() < 0.6) {
    m.add('frame', frame, box([w, d, 0.02], 0.006).at([0, 0, seat - 0.01]))
    m.add('pad', cloth(key.fork('cloth')), cushion([w - 0.03, d - 0.03, 0.045], 7, 3).at([0, 0, seat + 0.016]))
  } else m.add('frame', frame, box([w, d, 0.026], 0.009).at([0, 0, seat]))
  return piece(m, 'chair', [w, d + 0.1, h], key)
}

/** A swivel chair on five castors. Stands free. */
export function officeChair(key: Key): Piece {
  const fabric = key.fork('leather').uniform() < 0.35 ? leather(key.fork('skin')) : cloth(key.fork('cloth'))
  const seat = key.fork('seat').uniform(0.45, 0.52)
  const h = seat + key.fork('back').uniform(0.5, 0.66)
  const m = new Model()
  for (let i = 0; i < 5; i++) {
    const a = (2 * Math.PI * i) / 5 + 0.3
    const out = (r: number, z: number): Vec3 => [r * portable.cos(a), r * portable.sin(a), z]
    m.add('base', black(), tube([out(0.03, 0.11), out(0.28, 0.075)], [0.024, 0.015], { solid: true }))
    m.add(
      'base',
      black(),
      cylinder(0.027, 0.05, { segments: 16 })
        .turned([0, 1, 0], Math.PI / 2)
        .turned([0, 0, 1], a + Math.PI / 2)
        .at(out(0.29, 0.027))
        .intangible(),
    )
    m.add('base', black(), box([0.04, 0.04, 0.054], 0.01).turned([0, 0, 1], a).at(out(0.28, 0.027)))
  }
  m.add('column', chrome(), cylinder(0.024, seat - 0.13).at([0, 0, 0.09]))
  m.add('base', black(), box([0.2, 0.24, 0.04], 0.012).at([0, 0, seat - 0.06]))
  m.add('upholstery', fabric, cushion([0.49, 0.48, 0.09], 6, 3).at([0, -0.01, seat]))
  const back = cushion([0.46, 0.08, h - seat - 0.08], 6, 3, [28, 18])
  m.add('upholstery', fabric, back.turned([1, 0, 0], -0.14).at([0, 0.24, (h + seat) / 2 + 0.05]))
  m.add(
    'base',
    black(),
    tube(
      [
        [0, 0.1, seat - 0.06],
        [0, 0.27, seat - 0.05],
        [0, 0.3, seat + 0.06],
        [0, 0.275, seat + 0.3],
      ],
      0.022,
      { solid: true },
    ),
  )
  if (key.fork('arms').uniform() < 0.7)
    for (const s of [1, -1]) {
      m.add(
        'base',
        black(),
        tube(
          [
            [s * 0.12, 0.03, seat - 0.06],
            [s * 0.28, 0.03, seat - 0.04],
            [s * 0.29, 0.03, seat + 0.17],
          ],
          0.014,
          { solid: true },
        ),
      )
      m.add('base', black(), cushion([0.065, 0.25, 0.035], 5, 3).at([s * 0.29, 0, seat + 0.19]))
    }
  return piece(m, 'office-chair', [0.62, 0.64, h], key)
}

/** A sofa of `seats` seats, or an armchair of one: base, arms, seat and back cushions, feet. Its back is at y = 0. */
export function sofa(key: Key, seats: number): Piece {
  const fabric = key.fork('leather').uniform() < 0.3 ? leather(key.fork('skin')) : cloth(key.fork('cloth'))
  const arm = key.fork('arm').uniform(0.13, 0.2)
  const place = key.fork('place').uniform(0.58, 0.68)
  const w = seats * place + 2 * arm
  const d = key.fork('depth').uniform(0.85, 0.95)
  const [feet, seat, h] = [0.1, 0.43, key.fork('height').uniform(0.76, 0.88)]
  const armTop = key.fork('arms').uniform(0.56, 0.64)
  const m = new Model()
  const f = 'upholstery'
  m.add(f, fabric, boxBetween([-w / 2 + 0.02, -d + 0.03, feet], [w / 2 - 0.02, -0.02, 0.29], 0.025))
  m.add(f, fabric, cushion([w - 0.03, 0.2, h - feet - 0.1], 12, 5, [40, 16]).at([0, -0.11, feet + (h - feet - 0.1) / 2]))
  for (const s of [1, -1])
    m.add(
      f,
      fabric,
      cushion([arm, d - 0.01, armTop - feet], 9, 5, [32, 16]).at([s * (w / 2 - arm / 2), -d / 2, feet + (armTop - feet) / 2]),
    )
  for (let i = 0; i < seats; i++) {
    const x = (i - (seats - 1) / 2) * place
    m.add(f, fabric, cushion([place - 0.006, d - 0.22, 0.17], 10, 3.2, [36, 14]).at([x, -(d + 0.17) / 2 - 0.01, seat - 0.075]))
    m.add(
      f,
      fabric,
      cushion([place - 0.02, 0.17, h - seat + 0.03], 8, 3, [32, 16])
        .turned([1, 0, 0], -0.2)
        .at([x, -0.26, (h + seat) / 2 + 0.02]),
    )
  }
  const foot = key.fork('metal').uniform() < 0.5 ? iron() : wood(key.fork('feet'))
  for (const x of [-1, 1])
    for (const y of [-0.1, -d + 0.12])
      m.add('feet', foot, cylinder(0.018, feet + 0.01, { top: 0.026, segments: 14 }).at([x * (w / 2 - 0.1), y, 0]))
  return piece(m, seats === 1 ? 'armchair' : 'sofa', [w, d, h], key)
}

/** Of a stool's seat, metres. */
export const STOOL_RADIUS = 0.17

/** A round stool on three legs. Stands free. */
export function stool(key: Key): Piece {
  const look = wood(key.fork('wood'))
  const h = key.fork('height').uniform(0.44, 0.5)
  const r = STOOL_RADIUS
  const m = new Model()
  m.add('seat', look, cylinder(r, 0.035, { bevel: 0.01 }).at([0, 0, h - 0.035]))
  const legs = [0, 1, 2].map(i => {
    const a = (2 * Math.PI * i) / 3
    return tube(
      [
        [(r + 0.02) * portable.cos(a), (r + 0.02) * portable.sin(a), 0],
        [r * 0.6 * portable.cos(a), r * 0.6 * portable.sin(a), h - 0.02],
      ],
      [0.014, 0.02],
      { solid: true },
    )
  })
  m.add('seat', look, legs)
  return piece(m, 'stool', [0.38, 0.38, h], key)
}

/** A throw cushion, lying flat; it is dropped where someone sits. */
export function throwCushion(key: Key): Piece {
  const s = key.fork('size').uniform(0.36, 0.44)
  const m = new Model().add('cover', cloth(key.fork('cloth')), pillow([s, s, 0.15], key.fork('sewn')))
  return piece(m, 'cushion', [s, s, 0.15], key)
}
