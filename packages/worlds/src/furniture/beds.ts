/** Beds with what lies on them. */
import { type Key, portable, type Vec3 } from '@dioramic/scene'
import type { MaterialDraft } from '../builder/material.ts'
import { boxBetween } from '../solids/box.ts'
import { Model } from '../solids/model.ts'
import { cushion, cylinder } from '../solids/round.ts'
import type { Solid } from '../solids/solid.ts'
import { bedding, board, cloth, paint } from './looks.ts'
import { type Piece, piece } from './piece.ts'

/** A blanket over a mattress: a soft box whose edge hangs lower, with shallow folds. */
function blanket(w: number, l: number, top: number, drop: number, key: Key): Solid {
  const body = cushion([w, l, 2 * drop], 14, 7, [72, 24])
  const [a, b, c] = key.uniforms(3) as [number, number, number]
  const fold = (v: Vec3): Vec3 => {
    const ripple =
      0.008 * portable.sin(9 * v[0] + 5 * v[1] + 6 * a) +
      0.006 * portable.sin(14 * v[1] - 6 * v[0] + 6 * b) +
      0.004 * portable.sin(23 * v[0] + 6 * c)
    const out = 1 + (v[2] < 0 ? 0.02 : 0) * (-v[2] / drop) + 0.006 * portable.sin(30 * (v[0] + v[1]))
    return [v[0] * out, v[1] * out, v[2] > 0 ? v[2] + ripple : v[2]]
  }
  return body
    .bent(fold, 1.2)
    .withHulls(body.hulls)
    .at([0, 0, top - drop])
}

/** A bed, single (0.9 m) or double: frame and headboard, mattress, blanket, pillows. Its head is at y = 0. */
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
  m.add('blanket', linen, blanket(mw + 0.1, cover, top + 0.02, 0.19, key.fork('folds')).at([0, -0.07 - ml + cover / 2 - 0.03, 0]))
  const pillow = paint('#efece4', 0.85, 'pillow')
  const count = double ? 2 : 1
  for (let i = 0; i < count; i++) {
    const k = key.fork('pillow').fork(i)
    const x = (i - (count - 1) / 2) * (mw / 2) + k.fork('x').uniform(-0.02, 0.02)
    m.add(
      'pillows',
      key.fork('match').uniform() < 0.5 ? pillow : linen,
      cushion([0.66, 0.44, 0.19], 3.4, 1.8, [36, 18])
        .turned([1, 0, 0], 0.22)
        .turned([0, 0, 1], k.fork('turn').uniform(-0.07, 0.07))
        .at([x, -0.34, top + 0.075]),
    )
  }
  return piece(m, double ? 'double-bed' : 'single-bed', [w, l, h], key)
}
