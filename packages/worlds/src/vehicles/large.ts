/** Buses, lorries and bicycles. They look along +X; the origin is on the ground below the middle. */
import { type Key, portable, type Vec3 } from '@dioramic/scene'
import { material } from '../builder/material.ts'
import type { ObjectDraft } from '../builder/object.ts'
import { box } from '../solids/box.ts'
import { Model } from '../solids/model.ts'
import { cushion, tube } from '../solids/round.ts'
import { srgb } from '../toolkit/colors.ts'
import { addWheel, alloy, carPaint, lampGlass, pane, trim } from './car.ts'

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
  m.add('body', body, cushion([l, w, h - 0.3], 26, 18, [72, 20]).at([0, 0, 0.3 + (h - 0.3) / 2]))
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
    m.add('tail-lamps', lampGlass([0.45, 0.02, 0.015], 0.3 + 2 * lights), box([0.1, 0.16, 0.42], 0.03).at([-l / 2 + 0.01, s * 1.08, 0.95]))
    for (const x of [l / 2 - 2.6, -l / 2 + 3.1]) {
      m.add('trim', trim(), box([1.16, 0.06, 0.95], 0.3).at([x, s * (w / 2 - 0.012), 0.56]))
      addWheel(m, 0.48, 0.3, [x, s * (w / 2 - 0.1), 0.48], s)
    }
    m.add('trim', trim(), box([0.12, 0.22, 0.36], 0.04).at([l / 2 - 0.02, s * (w / 2 + 0.16), 2.2]))
  }
  return m.draft('car').tagged({ vehicle_label: 'bus' })
}

/** A box lorry: cab, load body, wheels on two axles. */
export function truck(key: Key, lights = 0): ObjectDraft {
  const [w, cab] = [2.35, 1.9]
  const [load, h] = [key.fork('load').uniform(4.6, 5.6), key.fork('height').uniform(3.2, 3.5)]
  const l = load + cab + 0.15
  const m = new Model()
  const x0 = l / 2
  const paint = carPaint(key.fork('paint'))
  m.add('body', paint, cushion([cab, w - 0.1, 2.05], 12, 7, [48, 24]).at([x0 - cab / 2, 0, 0.55 + 1.02]))
  m.add(
    'windows',
    pane(),
    box([0.06, w - 0.4, 0.8], 0.1)
      .turned([0, 1, 0], -0.08)
      .at([x0 - 0.02, 0, 2.02]),
  )
  for (const s of [1, -1]) m.add('windows', pane(), box([0.85, 0.04, 0.62], 0.08).at([x0 - 0.75, s * (w / 2 - 0.06), 2.05]))
  m.add(
    'box',
    material(
      {
        baseColor: [...srgb(key.fork('box').choice(['#e8e8e5', '#d9dcdf', '#b8c4cc', '#2f5f9e', '#a33a2c'] as const))] as [
          number,
          number,
          number,
        ],
        roughness: 0.4,
      },
      'box',
    ),
    box([load, w, h - 0.95], 0.03).at([x0 - cab - 0.15 - load / 2, 0, 0.95 + (h - 0.95) / 2]),
  )
  m.add(
    'trim',
    trim(),
    box([l - 0.3, 0.9, 0.22], 0.03).at([-0.1, 0, 0.75]),
    box([0.14, w - 0.1, 0.34], 0.06).at([x0 - 0.03, 0, 0.6]),
    box([0.08, w - 0.3, 0.1], 0.02).at([-x0 + 0.1, 0, 0.55]),
    box([0.06, w * 0.6, 0.35], 0.03).at([x0 + 0.005, 0, 1.15]),
  )
  for (const s of [1, -1] as const) {
    m.add('headlamps', lampGlass([0.75, 0.78, 0.8], lights * 12), box([0.08, 0.34, 0.2], 0.04).at([x0 + 0.01, s * 0.88, 0.82]))
    m.add('tail-lamps', lampGlass([0.45, 0.02, 0.015], 0.3 + 2 * lights), box([0.06, 0.3, 0.13], 0.02).at([-x0 - 0.005, s * 0.85, 0.72]))
    for (const x of [x0 - 1.1, -x0 + 1.4]) addWheel(m, 0.46, 0.32, [x, s * (w / 2 - 0.17), 0.46], s)
    m.add('trim', trim(), box([0.1, 0.2, 0.4], 0.04).at([x0 - 0.25, s * (w / 2 + 0.12), 2.05]))
  }
  return m.draft('car').tagged({ vehicle_label: 'truck' })
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
