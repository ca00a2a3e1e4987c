/** What is fixed to a room's walls: doors, windows, curtains, radiators, pictures. */
import { type Key, portable, type Vec3 } from '@dioramic/scene'
import { box, boxBetween } from '../solids/box.ts'
import { Model } from '../solids/model.ts'
import { cylinder, loft, tube } from '../solids/round.ts'
import { accent, bedding, iron, paint, steel, white, wood } from './looks.ts'
import { type Piece, piece } from './piece.ts'
import { upright } from './timber.ts'

/** A closed door with its frame, 0.9 × 2.05 m, panelled or plain; the wall behind it stays closed. Its back is at y = 0. */
export function door(key: Key): Piece {
  const [w, h] = [0.88, 2.04]
  const look = key.fork('wooden').uniform() < 0.35 ? upright(wood(key.fork('wood')), 1) : white()
  const m = new Model()
  const f = 0.07
  const frame = (min: Vec3, max: Vec3) => boxBetween(min, max, 0.006)
  m.add(
    'frame',
    look,
    frame([-w / 2 - f, -0.03, 0], [-w / 2, 0, h + f]),
    frame([w / 2, -0.03, 0], [w / 2 + f, 0, h + f]),
    frame([-w / 2, -0.03, h], [w / 2, 0, h + f]),
  )
  m.add('leaf', look, boxBetween([-w / 2 + 0.003, -0.018, 0.006], [w / 2 - 0.003, 0, h - 0.003], 0.003))
  if (key.fork('panels').uniform() < 0.65)
    for (const [a, b] of [
      [0.18, 0.85],
      [0.98, h - 0.16],
    ] as const)
      for (const s of [-1, 1]) {
        const x = s * w * 0.22
        const ring = (grow: number, y: number): Vec3[] => [
          [x - w * 0.17 - grow, y, a - grow],
          [x + w * 0.17 + grow, y, a - grow],
          [x + w * 0.17 + grow, y, b + grow],
          [x - w * 0.17 - grow, y, b + grow],
        ]
        m.add(
          'leaf',
          look,
          loft([ring(0.008, -0.017), ring(0.002, -0.026), ring(-0.012, -0.028), ring(-0.03, -0.0185)], { caps: false, crease: 0.3 }),
        )
      }
  const side = key.fork('side').uniform() < 0.5 ? 1 : -1
  const x = side * (w / 2 - 0.06)
  m.add(
    'handle',
    steel(),
    box([0.04, 0.008, 0.2], 0.003).at([x, -0.022, 1.02]).intangible(),
    tube(
      [
        [x, -0.02, 1.05],
        [x, -0.065, 1.05],
        [x - side * 0.02, -0.07, 1.05],
        [x - side * 0.12, -0.07, 1.05],
      ],
      0.009,
    ),
  )
  return piece(m, 'door', [w + 2 * f, 0.07, h + f], key)
}

/** Frame, sashes and sill of a window in a hole of w × h metres in a wall of `depth`; its foot is at z = 0, the room's side at y = 0, outside at y = depth. */
export function windowFrame(key: Key, w: number, h: number, depth: number): Piece {
  const look = key.fork('wooden').uniform() < 0.3 ? wood(key.fork('wood')) : white()
  const m = new Model()
  const y = depth * 0.45
  const f = 0.055
  const bar = (x0: number, z0: number, x1: number, z1: number, t = 0.06) => boxBetween([x0, y, z0], [x1, y + t, z1], 0.005).intangible()
  m.add('frame', look, bar(-w / 2, 0, -w / 2 + f, h), bar(w / 2 - f, 0, w / 2, h), bar(-w / 2, 0, w / 2, f), bar(-w / 2, h - f, w / 2, h))
  const sashes = w > 1.1 ? 2 : 1
  for (let i = 0; i < sashes; i++) {
    const [a, b] = [-w / 2 + f * 0.7 + ((w - f * 1.4) * i) / sashes, -w / 2 + f * 0.7 + ((w - f * 1.4) * (i + 1)) / sashes]
    const s = 0.05
    m.add(
      'frame',
      look,
      bar(a, f * 0.7, a + s, h - f * 0.7, 0.045),
      bar(b - s, f * 0.7, b, h - f * 0.7, 0.045),
      bar(a, f * 0.7, b, f * 0.7 + s, 0.045),
      bar(a, h - f * 0.7 - s, b, h - f * 0.7, 0.045),
    )
    if (key.fork('cross').uniform() < 0.4) m.add('frame', look, bar(a, h * 0.64, b, h * 0.64 + 0.028, 0.03))
  }
  m.add(
    'handle',
    steel(),
    box([0.018, 0.03, 0.12], 0.004)
      .at([sashes === 2 ? 0 : w / 2 - f - 0.02, y - 0.02, h * 0.45])
      .intangible(),
  )
  m.add('sill', look, boxBetween([-w / 2 - 0.05, -0.06, -0.035], [w / 2 + 0.05, depth * 0.5, 0], 0.006))
  return piece(m, 'window', [w, depth, h], key)
}

/** A pair of curtains on a rod over a window of w metres, from z = 0 up to `height`; its back is at y = 0. */
export function curtains(key: Key, w: number, height: number): Piece {
  const m = new Model()
  const fabric = bedding(key.fork('cloth'))
  const y = -0.09
  m.add(
    'rod',
    key.fork('dark').uniform() < 0.6 ? iron() : steel(),
    tube(
      [
        [-w / 2 - 0.35, y, height],
        [w / 2 + 0.35, y, height],
      ],
      0.012,
    ),
    ...[-1, 1].map(s =>
      cylinder(0.02, 0.04)
        .turned([0, 1, 0], Math.PI / 2)
        .at([s * (w / 2 + 0.35), y, height])
        .intangible(),
    ),
    ...[-1, 1].map(s =>
      tube(
        [
          [s * (w / 2 + 0.2), 0, height],
          [s * (w / 2 + 0.2), y, height],
        ],
        0.008,
      ),
    ),
  )
  for (const s of [-1, 1]) {
    const gathered = key.fork('gathered').uniform(0.32, 0.5)
    const folds = 7
    const n = folds * 8
    const left = s > 0 ? w / 2 + 0.3 - gathered : -w / 2 - 0.3
    const line = (z: number, swing: number): Vec3[] => {
      const edge = (i: number, off: number): Vec3 => [
        left + (gathered * i) / n,
        y + off + swing * portable.sin((2 * Math.PI * folds * i) / n),
        z,
      ]
      return [...Array.from({ length: n + 1 }, (_, i) => edge(i, 0)), ...Array.from({ length: n + 1 }, (_, i) => edge(n - i, 0.004))]
    }
    const rings = [line(0.015, 0.05), line(height * 0.5, 0.043), line(height - 0.06, 0.032), line(height + 0.02, 0.026)]
    m.add('cloth', fabric, loft(rings, { crease: 1 }))
  }
  return piece(m, 'curtain', [w + 0.7, 0.15, height], key)
}

/** A panel radiator below a window. Its back is at y = 0. */
export function radiator(key: Key, w: number): Piece {
  const h = key.fork('height').uniform(0.5, 0.6)
  const m = new Model()
  m.add('panel', white(), boxBetween([-w / 2, -0.1, 0.14], [w / 2, -0.035, 0.14 + h], 0.008))
  const n = Math.floor(w / 0.05)
  for (let i = 0; i < n; i++)
    m.add(
      'panel',
      white(),
      box([0.026, 0.012, h - 0.06], 0.006)
        .at([-w / 2 + (w * (i + 0.5)) / n, -0.101, 0.14 + h / 2])
        .intangible(),
    )
  m.add(
    'valve',
    steel(),
    tube(
      [
        [w / 2, -0.06, 0.18],
        [w / 2 + 0.06, -0.06, 0.18],
        [w / 2 + 0.06, -0.06, 0],
      ],
      0.009,
    ),
    cylinder(0.022, 0.06)
      .at([w / 2 + 0.06, -0.06, 0.2])
      .intangible(),
  )
  return piece(m, 'radiator', [w + 0.12, 0.11, 0.14 + h], key)
}

/** A framed picture, its middle at the origin and its back at y = 0: an abstract print with a mount. */
export function picture(key: Key, w: number, h: number): Piece {
  const m = new Model()
  const look = key.fork('dark').uniform() < 0.5 ? iron() : wood(key.fork('wood'))
  const t = 0.025
  const bar = (min: Vec3, max: Vec3) => boxBetween(min, max, 0.004).intangible()
  m.add(
    'frame',
    look,
    bar([-w / 2, -0.03, -h / 2], [-w / 2 + t, 0, h / 2]),
    bar([w / 2 - t, -0.03, -h / 2], [w / 2, 0, h / 2]),
    bar([-w / 2 + t, -0.03, -h / 2], [w / 2 - t, 0, -h / 2 + t]),
    bar([-w / 2 + t, -0.03, h / 2 - t], [w / 2 - t, 0, h / 2]),
  )
  m.add('mount', paint('#efece3', 0.8, 'mount'), bar([-w / 2 + t, -0.014, -h / 2 + t], [w / 2 - t, 0, h / 2 - t]))
  const g = 0.16 * Math.min(w, h) + t

  m.add('print', paint(accent(key.fork('ink')), 0.7, 'print'), bar([-w / 2 + g, -0.0155, -h / 2 + g], [w / 2 - g, -0.002, h / 2 - g]))
  // Two fields and a disk, laid over each other, as prints of the fifties have them.
  const [pw, ph] = [w - 2 * g, h - 2 * g]
  const k = key.fork('fields')
  const field = (name: string, x: number, z: number, fw: number, fh: number, y: number) =>
    m.add(name, paint(accent(k.fork(name)), 0.7, 'print'), box([fw, 0.002, fh], 0.0003).at([x, y, z]).intangible())
  field('field-1', 0, -ph * 0.3, pw, ph * k.fork('a').uniform(0.2, 0.4), -0.0155)
  field('field-2', k.fork('b').uniform(-0.25, 0.25) * pw, 0, pw * 0.3, ph * 0.5, -0.0162)
  m.add(
    'disk',
    paint(accent(k.fork('disk')), 0.7, 'print'),
    cylinder(Math.min(pw, ph) * 0.2, 0.0008, { bevel: 0.0001, segments: 40 })
      .turned([1, 0, 0], Math.PI / 2)
      .at([k.fork('c').uniform(-0.25, 0.25) * pw, -0.0168, ph * 0.22])
      .intangible(),
  )
  return piece(m, 'picture', [w, 0.03, h], key)
}
