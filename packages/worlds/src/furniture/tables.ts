/** Tables of all heights. */
import type { Key } from '@dioramic/scene'
import { box, boxBetween } from '../solids/box.ts'
import { Model } from '../solids/model.ts'
import { cylinder, tube } from '../solids/round.ts'
import { board, iron, steel, white, wood } from './looks.ts'
import { type Piece, piece } from './piece.ts'
import { addFront, upright } from './timber.ts'

/** A dining table with four legs and an apron, or a round one on a foot. Stands free. */
export function diningTable(key: Key): Piece {
  const look = wood(key.fork('wood'))
  const m = new Model()
  const h = 0.74
  if (key.fork('round').uniform() < 0.3) {
    const d = key.fork('size').uniform(0.95, 1.2)
    m.add('top', look, cylinder(d / 2, 0.03, { bevel: 0.008, segments: 48 }).at([0, 0, h - 0.03]))
    m.add(
      'foot',
      iron(),
      cylinder(0.045, h - 0.06).at([0, 0, 0.03]),
      cylinder(0.28, 0.03, { bevel: 0.012 }),
      cylinder(0.16, 0.02).at([0, 0, h - 0.05]),
    )
    return piece(m, 'dining-table', [d, d, h], key)
  }
  const [w, d] = [key.fork('width').uniform(1.2, 1.7), key.fork('depth').uniform(0.78, 0.9)]
  m.add('top', look, box([w, d, 0.035], 0.007).at([0, 0, h - 0.0175]))
  const l = 0.065
  for (const x of [-1, 1])
    for (const y of [-1, 1])
      m.add('top', look, box([l, l, h - 0.035], 0.006).at([x * (w / 2 - l * 0.9), y * (d / 2 - l * 0.9), (h - 0.035) / 2]))
  for (const s of [-1, 1]) {
    m.add('top', look, box([w - 3 * l, 0.02, 0.08]).at([0, s * (d / 2 - l), h - 0.075]))
    m.add('top', look, box([0.02, d - 3 * l, 0.08]).at([s * (w / 2 - l), 0, h - 0.075]))
  }
  return piece(m, 'dining-table', [w, d, h], key)
}

/** A writing desk: a top on a metal frame and a pedestal of drawers. Its back is at y = 0. */
export function desk(key: Key): Piece {
  const top = board(key.fork('board'))
  const [w, d, h] = [key.fork('width').uniform(1.3, 1.7), key.fork('depth').uniform(0.65, 0.78), 0.735]
  const frame = key.fork('dark').uniform() < 0.6 ? iron() : steel()
  const m = new Model()
  m.add('top', top, boxBetween([-w / 2, -d, h - 0.028], [w / 2, 0, h], 0.004))
  const side = key.fork('side').uniform() < 0.5 ? 1 : -1
  for (const s of [-1, 1]) {
    const x = s * (w / 2 - 0.05)
    m.add(
      'frame',
      frame,
      boxBetween([x - 0.02, -d + 0.05, 0], [x + 0.02, -d + 0.09, h - 0.028]),
      boxBetween([x - 0.02, -0.09, 0], [x + 0.02, -0.05, h - 0.028]),
    )
    m.add(
      'frame',
      frame,
      boxBetween([x - 0.02, -d + 0.05, h - 0.068], [x + 0.02, -0.05, h - 0.028]),
      boxBetween([x - 0.02, -d + 0.05, 0.0], [x + 0.02, -0.05, 0.03]),
    )
  }
  m.add('frame', frame, boxBetween([-w / 2 + 0.05, -0.075, h - 0.4], [w / 2 - 0.05, -0.06, h - 0.1]))
  const [cx, cw, cd, ch] = [side * (w / 2 - 0.32), 0.4, d - 0.14, 0.56]
  m.add('pedestal', upright(top, 3), boxBetween([cx - cw / 2, -cd - 0.05, 0.03], [cx + cw / 2, -0.08, ch]))
  for (let i = 0; i < 3; i++) {
    const z = 0.05 + (i * (ch - 0.06)) / 3
    addFront(
      m,
      'drawers',
      top,
      i,
      boxBetween([cx - cw / 2 + 0.006, -cd - 0.068, z], [cx + cw / 2 - 0.006, -cd - 0.05, z + (ch - 0.06) / 3 - 0.006]),
    )
    m.add('handles', steel(), boxBetween([cx - 0.07, -cd - 0.09, z + 0.12], [cx + 0.07, -cd - 0.075, z + 0.132], 0.004).intangible())
  }
  return piece(m, 'desk', [w, d, h], key)
}

/** A low table before a sofa. Stands free. */
export function coffeeTable(key: Key): Piece {
  const look = wood(key.fork('wood'))
  const [w, d, h] = [key.fork('width').uniform(0.9, 1.2), key.fork('depth').uniform(0.5, 0.62), key.fork('height').uniform(0.38, 0.45)]
  const m = new Model()
  m.add('top', look, box([w, d, 0.03], 0.006).at([0, 0, h - 0.015]))
  if (key.fork('shelf').uniform() < 0.5) {
    m.add('top', look, box([w - 0.1, d - 0.1, 0.02], 0.004).at([0, 0, 0.14]))
    for (const x of [-1, 1])
      for (const y of [-1, 1])
        m.add('top', look, box([0.05, 0.05, h - 0.03], 0.006).at([x * (w / 2 - 0.045), y * (d / 2 - 0.045), (h - 0.03) / 2]))
  } else
    for (const x of [-1, 1])
      for (const y of [-1, 1])
        m.add(
          'legs',
          iron(),
          tube(
            [
              [x * (w / 2 - 0.04), y * (d / 2 - 0.04), 0],
              [x * (w / 2 - 0.12), y * (d / 2 - 0.1), h - 0.03],
            ],
            [0.01, 0.014],
            { solid: true },
          ),
        )
  return piece(m, 'coffee-table', [w, d, h], key)
}

/** A small cabinet beside a bed, one drawer and an open shelf. Its back is at y = 0. */
export function nightstand(key: Key, look = board(key.fork('board'))): Piece {
  const [w, d, h] = [key.fork('width').uniform(0.42, 0.5), 0.4, key.fork('height').uniform(0.46, 0.54)]
  const m = new Model()
  const t = 0.02
  m.add('body', look, boxBetween([-w / 2, -d, h - t], [w / 2, 0, h]), boxBetween([-w / 2, -d, 0.08], [w / 2, 0, 0.08 + t]))
  for (const s of [-1, 1]) m.add('body', look, boxBetween([s * (w / 2) - (s > 0 ? t : 0), -d, 0.08], [s * (w / 2) + (s > 0 ? 0 : t), 0, h]))
  m.add(
    'body',
    look,
    boxBetween([-w / 2, -t, 0.08], [w / 2, 0, h]),
    boxBetween([-w / 2 + t, -d + 0.01, h - 0.22], [w / 2 - t, 0, h - 0.22 + t]),
  )
  m.add('body', look, boxBetween([-w / 2 + t + 0.003, -d - 0.004, h - 0.2], [w / 2 - t - 0.003, -d + 0.016, h - t - 0.004]))
  m.add(
    'knob',
    steel(),
    cylinder(0.012, 0.02, { segments: 14 })
      .turned([1, 0, 0], Math.PI / 2)
      .at([0, -d - 0.003, h - 0.11])
      .intangible(),
  )
  for (const x of [-1, 1])
    for (const y of [-0.05, -d + 0.05])
      m.add(
        'legs',
        key.fork('pale').uniform() < 0.3 ? white() : look,
        cylinder(0.014, 0.085, { top: 0.02, segments: 12 }).at([x * (w / 2 - 0.05), y, 0]),
      )
  return piece(m, 'nightstand', [w, d, h], key)
}
