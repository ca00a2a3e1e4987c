/** Beds with what lies on them. */
import type { Key } from '@dioramic/scene'
import type { MaterialDraft } from '../builder/material.ts'
import { boxBetween } from '../solids/box.ts'
import { Model } from '../solids/model.ts'
import { cushion, cylinder } from '../solids/round.ts'
import { bedding, board, cloth, paint } from './looks.ts'
import { type Piece, piece } from './piece.ts'
import { duvet, pillow } from './soft.ts'

/** A bed, single (0.9 m) or double: frame and headboard, mattress, duvet, pillows. Its head is at y = 0. */
export function bed(key: Key, double: boolean, look: MaterialDraft = board(key.fork('board'))): Piece {
  const [mw, ml] = [double ? key.fork('width').uniform(1.4, 1.7) : key.fork('width').uniform(0.9, 1), 2]
  const [w, l] = [mw + 0.07, ml + 0.1]
  const [rail, top] = [0.3, 0.52]
  const h = key.fork('head').uniform(0.92, 1.15)
  const linen = bedding(key.fork('linen'))
  const m = new Model()
  const padded = key.fork('padded').uniform() < 0.45
  if (padded) {
    const fabric = cloth(key.fork('headboard'))
    const n = double ? 4 : 2
    for (let i = 0; i < n; i++)
      m.add(
        'headboard',
        fabric,
        cushion([w / n, 0.1, h - 0.2], 9, 5, [32, 16]).at([-w / 2 + (i + 0.5) * (w / n), -0.05, 0.2 + (h - 0.2) / 2]),
      )
  } else m.add('frame', look, boxBetween([-w / 2, -0.045, 0.05], [w / 2, 0, h], 0.008))
  for (const s of [-1, 1])
    m.add('frame', look, boxBetween([s > 0 ? w / 2 - 0.03 : -w / 2, -l, rail - 0.16], [s > 0 ? w / 2 : -w / 2 + 0.03, -0.04, rail], 0.006))
  m.add('frame', look, boxBetween([-w / 2, -l, rail - 0.16], [w / 2, -l + 0.03, rail + 0.02], 0.006))
  for (const x of [-1, 1])
    for (const y of [-0.09, -l + 0.05])
      m.add('frame', look, cylinder(0.026, rail - 0.15, { top: 0.032, segments: 16 }).at([x * (w / 2 - 0.05), y, 0]))
  m.add('mattress', paint('#ece9e2', 0.85, 'mattress'), cushion([mw, ml, 0.24], 18, 7, [56, 16]).at([0, -0.07 - ml / 2, rail + 0.06]))
  const cover = ml * key.fork('cover').uniform(0.68, 0.76)
  m.add('blanket', linen, duvet(mw + 0.08, cover, 0.21, key.fork('folds')).at([0, -0.07 - ml - 0.02, top + 0.025]))
  const plain = paint('#efece4', 0.85, 'pillow')
  const count = double ? 2 : 1
  for (let i = 0; i < count; i++) {
    const k = key.fork('pillow').fork(i)
    const x = (i - (count - 1) / 2) * (mw / 2) + k.fork('x').uniform(-0.02, 0.02)
    m.add(
      'pillows',
      key.fork('match').uniform() < 0.5 ? plain : linen,
      pillow([0.68, 0.46, 0.2], k.fork('cloth'))
        .turned([1, 0, 0], 0.22)
        .turned([0, 0, 1], k.fork('turn').uniform(-0.07, 0.07))
        .at([x, -0.34, top + 0.075]),
    )
  }
  return piece(m, double ? 'double-bed' : 'single-bed', [w, l, h], key)
}
