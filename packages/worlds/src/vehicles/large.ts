/** Buses and bicycles. They look along +X; the origin is on the ground below the middle. */
import { type Key, portable, type Vec3 } from '@dioramic/scene'
import { material } from '../builder/material.ts'
import type { ObjectDraft } from '../builder/object.ts'
import { box } from '../solids/box.ts'
import { Model } from '../solids/model.ts'
import { cushion, tube } from '../solids/round.ts'
import { srgb } from '../toolkit/colors.ts'
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
import { around, Skin } from './skin.ts'

/** A city bus of 11 m: bands of glass, doors at its right, a destination sign. */
export function bus(key: Key, lights = 0): ObjectDraft {
  const [l, w, h] = [11, 2.5, 2.95]
  const body = material(
    {
      baseColor: [...srgb(key.choice(['#b3262b', '#e2b31c', '#2d6e4e', '#2f5f9e', '#e7e7e4'] as const))] as [number, number, number],
      roughness: 0.2,
      ior: 1.5,
    },
    'bus-paint',
  )
  const m = new Model()
  const shell = cushion([l, w, h - 0.3], 26, 18, [72, 20]).at([0, 0, 0.3 + (h - 0.3) / 2])
  m.add('body', body, shell)
  const skin = new Skin(shell)
  const glass = (size: Vec3, at: Vec3) => m.add('windows', pane(), box(size, 0.03).at(at))
  for (const s of [1, -1])
    for (let i = 0; i < 6; i++) {
      if (s < 0 && (i === 0 || i === 3)) continue
      glass([l / 6 - 0.14, 0.03, 1.02], [l / 2 - 0.25 - (i + 0.5) * ((l - 0.5) / 6), s * (w / 2), 1.9])
    }
  // Doors of glass on the kerb's side.
  for (const i of [0, 3])
    for (const d of [-1, 1]) glass([0.62, 0.04, 2.05], [l / 2 - 0.25 - (i + 0.5) * ((l - 0.5) / 6) + d * 0.33, -w / 2, 1.42])
  glass([0.05, w - 0.24, 1.45], [l / 2 - 0.005, 0, 1.75])
  glass([0.05, w - 0.5, 0.8], [-l / 2 + 0.005, 0, 2.05])
  m.add(
    'sign',
    material({ baseColor: [0.02, 0.02, 0.02], emission: [1, 0.6, 0.1], emissionStrength: 0.8 }, 'sign'),
    box([0.05, 1.3, 0.2], 0.01).at([l / 2 + 0.012, 0, 2.66]),
  )
  m.add('trim', trim(), box([l - 0.2, w - 0.05, 0.2], 0.05).at([0, 0, 0.34]), box([0.12, w - 0.1, 0.26], 0.05).at([l / 2 - 0.02, 0, 0.48]))
  for (const s of [1, -1] as const) {
    m.add('headlamps', lampGlass([0.75, 0.78, 0.8], lights * 12), box([0.1, 0.34, 0.18], 0.04).at([l / 2 - 0.005, s * 0.92, 0.72]))
    // A cluster at each corner of the rear: stop, indicator, reversing; a reflector below.
    const lamp = (z: number, height: number, stands = 0.012) => skin.patch('rear', around([s * 1.07, z], 0.15, height), { stands })
    m.add('trim', trim(), skin.patch('rear', around([s * 1.07, 1.07], 0.2, 0.62), { stands: 0.004, round: 0.2 }))
    m.add('tail-lamps', tailLamp(lights), lamp(1.21, 0.26))
    m.add('indicators', indicator(), lamp(0.99, 0.14))
    m.add('reversing-lamps', reversingLamp(), lamp(0.84, 0.12))
    m.add('reflectors', reflector(), skin.patch('rear', around([s * 1.0, 0.6], 0.16, 0.05), { stands: 0.008 }))
    for (const x of [l / 2 - 2.6, -l / 2 + 3.1]) {
      m.add('trim', trim(), archOf(0.5, [x, s * (w / 2 - 0.075), 0.57], s))
      addWheel(m, 0.48, 0.3, [x, s * (w / 2 - 0.1), 0.48], s)
    }
    m.add('trim', trim(), box([0.12, 0.22, 0.36], 0.04).at([l / 2 - 0.02, s * (w / 2 + 0.16), 2.2]))
    // Flaps along the skirt.
    const side = s > 0 ? 'left' : 'right'
    for (const x of [-4.4, -1.2, 0.4, 1.9])
      m.add(
        'trim',
        trim(),
        skin.seam(
          side,
          [
            [x, 0.5],
            [x, 1.2],
          ],
          0.012,
        ),
      )
    m.add(
      'trim',
      trim(),
      skin.seam(
        side,
        [
          [-l / 2 + 0.3, 1.22],
          [l / 2 - 0.3, 1.22],
        ],
        0.014,
      ),
    )
  }
  // The engine's flap with its slits, the bumper, plates, the line's number.
  m.add(
    'trim',
    trim(),
    skin.seam(
      'rear',
      [
        [-0.86, 0.72],
        [-0.86, 1.45],
        [0.86, 1.45],
        [0.86, 0.72],
        [-0.86, 0.72],
      ],
      0.014,
    ),
    ...[0, 1, 2, 3, 4, 5].map(i => skin.patch('rear', around([0, 1.08 + 0.055 * i], 1.3, 0.03), { stands: 0.006 })),
    skin.patch('rear', around([0, 0.5], 2.2, 0.2), { stands: 0.03, columns: 6 }),
    skin.patch('rear', around([-0.8, 2.62], 0.5, 0.2), { stands: 0.006 }),
  )
  addPlate(m, key.fork('plate'), skin, 'rear', [0, 0.88])
  addPlate(m, key.fork('plate'), skin, 'front', [0, 0.5], 0.045)
  return m.draft('car').tagged({ vehicle_label: 'bus' })
}

/** A bicycle, standing. */
export function bicycle(key: Key): ObjectDraft {
  const paint = carPaint(key.fork('paint'))
  const m = new Model()
  const r = 0.33
  const ring = (x: number, radius: number, y: number, n = 30): Vec3[] =>
    Array.from({ length: n + 1 }, (_, i) => {
      const a = (2 * Math.PI * i) / n
      return [x + radius * portable.cos(a), y, r + radius * portable.sin(a)]
    })
  for (const x of [-0.52, 0.52]) {
    m.add('tyres', trim(), tube(ring(x, r - 0.016, 0), 0.018, { segments: 8 }))
    m.add('rims', alloy(), tube(ring(x, r - 0.04, 0), 0.009, { segments: 6 }))
    for (let i = 0; i < 12; i++) {
      const a = (Math.PI * i) / 6
      m.add(
        'rims',
        alloy(),
        tube(
          [
            [x, 0, r],
            [x + (r - 0.04) * portable.cos(a), 0, r + (r - 0.04) * portable.sin(a)],
          ],
          0.0022,
          { segments: 4 },
        ),
      )
    }
  }
  const [rear, crank, seat, head, fork]: Vec3[] = [
    [-0.52, 0, r],
    [-0.08, 0, 0.29],
    [-0.22, 0, 0.82],
    [0.34, 0, 0.83],
    [0.52, 0, r],
  ]
  m.add(
    'frame',
    paint,
    ...[
      [rear!, crank!],
      [crank!, seat!],
      [seat!, head!],
      [crank!, [0.38, 0, 0.72] as Vec3],
      [rear!, seat!],
      [[0.32, 0, 0.9] as Vec3, fork!],
    ].map(p => tube(p as Vec3[], 0.017, { segments: 8 })),
  )
  m.add(
    'trim',
    trim(),
    cushion([0.26, 0.15, 0.06], 3, 2.5).at([-0.25, 0, 0.92]),
    tube(
      [
        [-0.24, 0, 0.82],
        [-0.25, 0, 0.9],
      ],
      0.013,
    ),
    tube(
      [
        [0.26, -0.3, 1.0],
        [0.33, -0.1, 0.98],
        [0.33, 0.1, 0.98],
        [0.26, 0.3, 1.0],
      ],
      0.013,
    ),
    tube(
      [
        [0.33, 0, 0.9],
        [0.33, 0, 0.98],
      ],
      0.014,
    ),
  )
  return m.draft('bicycle').tagged({ vehicle_label: 'bicycle' })
}
