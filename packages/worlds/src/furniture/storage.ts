/** Cupboards, shelves and what fills them. */
import type { Key } from '@dioramic/scene'
import type { MaterialDraft } from '../builder/material.ts'
import { box, boxBetween } from '../solids/box.ts'
import { Model } from '../solids/model.ts'
import { cylinder } from '../solids/round.ts'
import type { Solid } from '../solids/solid.ts'
import { BINDING_COUNT, binding, board, paint, steel } from './looks.ts'
import { type Piece, piece } from './piece.ts'
import { addFront, upright } from './timber.ts'

/** Two sides, top, bottom and back of a cupboard. */
function carcass(w: number, d: number, low: number, high: number, t: number): Solid[] {
  return [
    boxBetween([-w / 2, -d, low], [-w / 2 + t, 0, high]),
    boxBetween([w / 2 - t, -d, low], [w / 2, 0, high]),
    boxBetween([-w / 2, -d, high - t], [w / 2, 0, high]),
    boxBetween([-w / 2, -d, low], [w / 2, 0, low + t]),
    boxBetween([-w / 2, -0.008, low], [w / 2, 0, high], 0.001),
  ]
}

/** A wardrobe with two or three doors. Its back is at y = 0. */
export function wardrobe(key: Key, look = board(key.fork('board'))): Piece {
  const doors = key.fork('doors').int(2, 3)
  const [w, d, h] = [doors * key.fork('door').uniform(0.45, 0.52), 0.6, key.fork('height').uniform(1.95, 2.15)]
  const m = new Model()
  m.add(
    'body',
    upright(look, 0),
    boxBetween([-w / 2, -d + 0.02, 0.07], [w / 2, 0, h]),
    boxBetween([-w / 2 + 0.03, -d + 0.06, 0], [w / 2 - 0.03, -0.02, 0.07]),
  )
  const dw = w / doors
  const panelled = key.fork('panelled').uniform() < 0.5
  for (let i = 0; i < doors; i++) {
    const x = -w / 2 + dw * (i + 0.5)
    addFront(m, 'doors', look, i, boxBetween([x - dw / 2 + 0.002, -d, 0.075], [x + dw / 2 - 0.002, -d + 0.019, h - 0.004], 0.003))
    if (panelled)
      for (const [a, b] of [
        [0.16, 0.92],
        [1.0, h - 0.09],
      ] as const) {
        const f = 0.012
        addFront(
          m,
          'doors',
          look,
          i,
          ...[
            [-1, 0],
            [1, 0],
          ].map(([s]) =>
            box([0.02, f, b - a], 0.004)
              .at([x + s! * (dw / 2 - 0.09), -d - 0.002, (a + b) / 2])
              .intangible(),
          ),
        )
        addFront(
          m,
          'doors',
          look,
          i,
          ...[a, b].map(z =>
            box([dw - 0.16, f, 0.02], 0.004)
              .at([x, -d - 0.002, z])
              .intangible(),
          ),
        )
      }
    const hx = x + (i === doors - 1 && doors > 1 ? -1 : i % 2 === 0 ? 1 : -1) * (dw / 2 - 0.035)
    m.add(
      'handles',
      steel(),
      box([0.012, 0.012, 0.16], 0.004)
        .at([hx, -d - 0.024, 1.03])
        .intangible(),
      ...[-0.06, 0.06].map(z =>
        box([0.01, 0.026, 0.01], 0.002)
          .at([hx, -d - 0.011, 1.03 + z])
          .intangible(),
      ),
    )
  }
  return piece(m, 'wardrobe', [w, d, h], key)
}

interface Spine {
  readonly book: Solid
  /** Its title on its back, where it has one. */
  readonly title: Solid | null
  /** Which binding. */
  readonly binding: number
}

/** Books side by side in a space, from left to right, a hair's breadth between them; some room is left empty at the end. */
function rowOfBooks(key: Key, width: number, height: number, depth: number, fill: number): Spine[] {
  const out: Spine[] = []
  let x = 0.004
  // A series: a few volumes alike.
  let alike = 0
  for (let i = 0; i < 60; i++) {
    const k = key.fork(i)
    const last = out.at(-1)
    const same = alike > 0 && last !== undefined
    const own = same ? key.fork(i - 1) : k
    const t = k.fork('thickness').uniform(0.014, 0.045)
    if (x + t > width * fill) break
    const tall = Math.min(height - 0.02, own.fork('height').uniform(0.17, 0.28))
    const deep = Math.min(depth - 0.02, tall * own.fork('depth').uniform(0.66, 0.78))
    const stands = k.fork('out').uniform(0.008, 0.022)
    const drawn = k.fork('binding').int(0, BINDING_COUNT - 1)
    // Neighbours that are no series differ.
    const cover = same ? last.binding : drawn === last?.binding ? (drawn + 1) % BINDING_COUNT : drawn
    alike = same ? alike - 1 : k.fork('series').uniform() < 0.08 ? 2 : 0
    const gap = k.fork('gap').uniform(0.0015, 0.004)
    const book = box([t - gap, deep, tall], 0.003).at([x + t / 2, -depth + stands + deep / 2, tall / 2])
    const band = k.fork('title').uniform(0.12, 0.3) * tall
    const title =
      k.fork('titled').uniform() < 0.6
        ? box([t - gap - 0.006, 0.001, band], 0.0002).at([x + t / 2, -depth + stands - 0.0002, tall * k.fork('place').uniform(0.55, 0.75)])
        : null
    out.push({ book, title, binding: cover })
    x += t
  }
  return out
}

/** Open shelves, most with books. Its back is at y = 0. */
export function bookcase(key: Key, look = board(key.fork('board'))): Piece {
  const [w, d] = [key.fork('width').uniform(0.75, 1), 0.29]
  const shelves = key.fork('shelves').int(4, 6)
  const h = 0.08 + shelves * key.fork('step').uniform(0.32, 0.36)
  const t = 0.02
  const m = new Model()
  const sides = upright(look, 0)
  m.add('body', sides, carcass(w, d, 0.06, h, t), boxBetween([-w / 2 + 0.01, -d + 0.02, 0], [w / 2 - 0.01, -0.02, 0.06]))
  const step = (h - 0.06 - t) / shelves
  for (let i = 1; i < shelves; i++)
    m.add('body', sides, boxBetween([-w / 2 + t, -d + 0.003, 0.06 + i * step], [w / 2 - t, 0, 0.06 + i * step + t], 0.002))
  const shelved: Spine[] = []
  for (let i = 0; i < shelves; i++) {
    const k = key.fork('row').fork(i)
    if (k.fork('empty').uniform() < 0.12) continue
    const place = (solid: Solid) => solid.at([-w / 2 + t, 0, 0.06 + t + i * step]).intangible()
    for (const { book, title, binding: n } of rowOfBooks(k, w - 2 * t, step - t, d, k.fork('fill').uniform(0.55, 1)))
      shelved.push({ book: place(book), title: title && place(title), binding: n })
  }
  for (const n of new Set(shelved.map(s => s.binding)))
    m.add(
      `books-${n + 1}`,
      binding(n),
      shelved.filter(s => s.binding === n).map(s => s.book),
    )
  m.add(
    'titles',
    paint('#cdb98a', 0.5, 'title'),
    shelved.flatMap(s => s.title ?? []),
  )
  return piece(m, 'bookcase', [w, d, h], key)
}

/** A chest of drawers. Its back is at y = 0. */
export function chest(key: Key, look = board(key.fork('board'))): Piece {
  const rows = key.fork('rows').int(3, 4)
  const [w, d, h] = [key.fork('width').uniform(0.8, 1.1), 0.45, 0.1 + rows * 0.21]
  const m = new Model()
  m.add(
    'body',
    look,
    boxBetween([-w / 2, -d + 0.02, 0.08], [w / 2, 0, h]),
    boxBetween([-w / 2 - 0.008, -d - 0.006, h - 0.022], [w / 2 + 0.008, 0, h]),
  )
  for (const x of [-1, 1])
    for (const y of [-0.05, -d + 0.07])
      m.add('body', look, cylinder(0.016, 0.085, { top: 0.022, segments: 12 }).at([x * (w / 2 - 0.06), y, 0]))
  const rh = (h - 0.025 - 0.085) / rows
  for (let i = 0; i < rows; i++) {
    const z = 0.085 + i * rh
    addFront(m, 'drawers', look, i, boxBetween([-w / 2 + 0.006, -d, z + 0.004], [w / 2 - 0.006, -d + 0.02, z + rh - 0.004], 0.004))
    for (const s of [-1, 1])
      m.add(
        'knobs',
        steel(),
        cylinder(0.013, 0.024, { segments: 14 })
          .turned([1, 0, 0], Math.PI / 2)
          .at([s * w * 0.25, -d, z + rh / 2])
          .intangible(),
      )
  }
  return piece(m, 'chest-of-drawers', [w, d, h], key)
}

/** A low bench for a television, with flaps and an open middle. Its back is at y = 0. */
export function mediaBench(key: Key, look: MaterialDraft = board(key.fork('board'))): Piece {
  const [w, d, h] = [key.fork('width').uniform(1.6, 1.9), 0.4, key.fork('height').uniform(0.42, 0.5)]
  const m = new Model()
  m.add('body', look, carcass(w, d, 0.1, h, 0.022))
  for (const s of [-1, 1]) {
    m.add('body', look, boxBetween([s * (w / 6) - 0.01, -d + 0.01, 0.1], [s * (w / 6) + 0.01, 0, h]))
    const [a, b] = s > 0 ? [w / 6 + 0.012, w / 2 - 0.003] : [-w / 2 + 0.003, -w / 6 - 0.012]
    addFront(m, 'doors', look, s > 0 ? 1 : 3, boxBetween([a!, -d - 0.004, 0.105], [b!, -d + 0.015, h - 0.024], 0.003))
  }
  m.add('body', look, boxBetween([-w / 6, -d + 0.02, 0.1 + (h - 0.1) / 2 - 0.01], [w / 6, 0, 0.1 + (h - 0.1) / 2 + 0.008]))
  for (const x of [-1, 1])
    for (const y of [-0.06, -d + 0.07])
      m.add('legs', look, cylinder(0.015, 0.105, { top: 0.023, segments: 12 }).at([x * (w / 2 - 0.1), y, 0]))
  return piece(m, 'media-bench', [w, d, h], key)
}
