/** Screens and what belongs to them. */
import type { Key } from '@dioramic/scene'
import { box, boxBetween } from '../solids/box.ts'
import { Model } from '../solids/model.ts'
import { cushion, cylinder } from '../solids/round.ts'
import { black, paint, screen, steel } from './looks.ts'
import { type Piece, piece } from './piece.ts'

/** A flat television on two feet. Stands free, its screen to −Y. */
export function television(key: Key): Piece {
  const w = key.fork('width').uniform(0.95, 1.15)
  const h = w * 0.575
  const m = new Model()
  m.add(
    'case',
    black(),
    box([w, 0.03, h], 0.006).at([0, 0, 0.07 + h / 2]),
    box([w * 0.5, 0.05, h * 0.5], 0.012).at([0, 0.025, 0.07 + h * 0.4]),
  )
  m.add(
    'screen',
    screen(),
    box([w - 0.016, 0.004, h - 0.022], 0.001)
      .at([0, -0.0145, 0.073 + h / 2])
      .intangible(),
  )
  for (const s of [-1, 1])
    m.add(
      'case',
      black(),
      box([0.025, 0.24, 0.012], 0.004).at([s * w * 0.32, 0, 0.006]),
      box([0.02, 0.03, 0.075], 0.004).at([s * w * 0.32, 0, 0.045]),
    )
  return piece(m, 'television', [w, 0.24, h + 0.07], key)
}

/** A computer screen on a foot. Stands free. */
export function monitor(key: Key): Piece {
  const w = key.fork('width').uniform(0.5, 0.62)
  const h = w * 0.6
  const m = new Model()
  m.add(
    'case',
    black(),
    box([w, 0.025, h], 0.006).at([0, -0.03, 0.13 + h / 2]),
    box([0.05, 0.02, 0.3], 0.006).at([0, 0.005, 0.16]),
    box([0.2, 0.17, 0.012], 0.005).at([0, 0, 0.006]),
  )
  m.add(
    'screen',
    screen(),
    box([w - 0.018, 0.004, h - 0.024], 0.001)
      .at([0, -0.0425, 0.132 + h / 2])
      .intangible(),
  )
  return piece(m, 'monitor', [w, 0.2, h + 0.13], key)
}

/** A keyboard with its keys. Lies free. */
export function keyboard(key: Key): Piece {
  const dark = key.fork('dark').uniform() < 0.6
  const m = new Model()
  m.add('case', dark ? black() : paint('#c9cacb', 0.4, 'case'), box([0.43, 0.135, 0.016], 0.005).at([0, 0, 0.008]))
  const keys = dark ? paint('#2c2d30', 0.5, 'keys') : paint('#f0f0ee', 0.45, 'keys')
  for (let r = 0; r < 5; r++)
    for (let c = 0; c < 20; c++) {
      if (r === 0 && c > 3 && c < 9) continue
      m.add(
        'keys',
        keys,
        box([0.0175, 0.0175, 0.007], 0.002)
          .at([-0.1995 + c * 0.021, -0.047 + r * 0.0235, 0.018])
          .intangible(),
      )
    }
  m.add(
    'keys',
    keys,
    box([0.1, 0.0175, 0.007], 0.002)
      .at([-0.1995 + 6 * 0.021, -0.047, 0.018])
      .intangible(),
  )
  return piece(m, 'keyboard', [0.43, 0.135, 0.022], key)
}

/** A mouse. Lies free. */
export const computerMouse = (key: Key): Piece =>
  piece(new Model().add('case', black(0.3), cushion([0.062, 0.11, 0.07], 3, 2.2).at([0, 0, 0.012])), 'mouse', [0.06, 0.11, 0.035], key)

/** An open laptop. Stands free, its screen to −Y. */
export function laptop(key: Key): Piece {
  const look = key.fork('dark').uniform() < 0.5 ? paint('#3a3c40', 0.35, 'case') : steel()
  const [w, d] = [0.32, 0.225]
  const m = new Model()
  m.add('case', look, box([w, d, 0.016], 0.005).at([0, 0, 0.008]))
  for (let r = 0; r < 5; r++)
    for (let c = 0; c < 13; c++)
      m.add(
        'keys',
        black(0.5),
        box([0.017, 0.016, 0.003], 0.001)
          .at([-0.126 + c * 0.021, -0.02 + r * 0.021, 0.0165])
          .intangible(),
      )
  m.add('keys', paint('#55575a', 0.4, 'pad'), box([0.1, 0.06, 0.002], 0.0005).at([0, -0.072, 0.0162]).intangible())
  const lean = -0.3
  m.add(
    'case',
    look,
    boxBetween([-w / 2, -0.005, 0], [w / 2, 0.004, 0.21], 0.003)
      .turned([1, 0, 0], lean)
      .at([0, d / 2 - 0.006, 0.014]),
  )
  m.add(
    'screen',
    screen(),
    boxBetween([-w / 2 + 0.008, -0.0065, 0.01], [w / 2 - 0.008, -0.004, 0.202], 0.0005)
      .turned([1, 0, 0], lean)
      .at([0, d / 2 - 0.006, 0.014])
      .intangible(),
  )
  return piece(m, 'laptop', [w, d + 0.07, 0.21], key)
}

/** A loudspeaker. Stands free. */
export function speaker(key: Key): Piece {
  const [w, d, h] = [0.18, 0.22, key.fork('height').uniform(0.28, 0.34)]
  const m = new Model()
  m.add('case', black(0.5), box([w, d, h], 0.006).at([0, 0, h / 2]))
  const cone = paint('#3a3a3c', 0.6, 'cone')
  for (const [z, r] of [
    [h * 0.32, 0.066],
    [h * 0.74, 0.03],
  ] as const)
    m.add(
      'cones',
      cone,
      cylinder(r, 0.008, { bevel: 0.004 })
        .turned([1, 0, 0], Math.PI / 2)
        .at([0, -d / 2, z])
        .intangible(),
    )
  return piece(m, 'speaker', [w, d, h], key)
}
