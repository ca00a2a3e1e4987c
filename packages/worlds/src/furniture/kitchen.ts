/** Fitted kitchens: a run of base units under one worktop, wall units, tall units, appliances. */
import type { Key, Vec3 } from '@dioramic/scene'
import type { MaterialDraft } from '../builder/material.ts'
import { preset } from '../builder/preset.ts'
import { box, boxBetween } from '../solids/box.ts'
import { Model } from '../solids/model.ts'
import { cylinder, lathe, tube } from '../solids/round.ts'
import { srgb } from '../toolkit/colors.ts'
import { black, chrome, iron, paint, screen, steel, wood } from './looks.ts'
import { type Piece, piece } from './piece.ts'
import { addFront, timber, upright } from './timber.ts'

/** What all units of one kitchen share. */
export interface KitchenStyle {
  readonly fronts: MaterialDraft
  readonly upper: MaterialDraft
  readonly worktop: MaterialDraft
  readonly handles: MaterialDraft
  readonly shaker: boolean
}

export function kitchenStyle(key: Key): KitchenStyle {
  const colour = key.fork('colour').choice(['#e9e7e1', '#d8dad6', '#49565c', '#5d7263', '#2e3d4c', '#b9b2a4', '#8b9aa0'] as const)
  const fronts = key.fork('wooden').uniform() < 0.2 ? wood(key.fork('wood')) : paint(colour, 0.35, 'fronts')
  const top = key.fork('top').choice(['oak', 'granite', 'marble', 'walnut', 'terrazzo'] as const)
  const slab = top === 'oak' || top === 'walnut' ? timber(top, key) : preset(top, { size: 256, seed: key.fork('grain').int(0, 3) })
  return {
    fronts,
    upper: key.fork('two').uniform() < 0.4 ? paint('#ecebe6', 0.35, 'upper-fronts') : fronts,
    worktop: slab,
    handles: key.fork('dark').uniform() < 0.4 ? black() : steel(),
    shaker: key.fork('shaker').uniform() < 0.5,
  }
}

/** Doors or drawer fronts on a unit, the `nth` of its run: each a board with a frame when shaker, and a bar handle. */
function front(
  m: Model,
  nth: number,
  style: KitchenStyle,
  look: MaterialDraft,
  min: Vec3,
  size: readonly [number, number],
  handle: 'top' | 'left' | 'right' | 'bottom',
): void {
  const [x, y, z] = min
  const [w, h] = size
  const g = 0.0015
  addFront(m, 'fronts', look, nth, boxBetween([x + g, y - 0.019, z + g], [x + w - g, y, z + h - g], 0.003))
  if (style.shaker && w > 0.2 && h > 0.13) {
    const f = 0.055
    const bars: [Vec3, Vec3][] = [
      [
        [x + g, y - 0.026, z + g],
        [x + f, y - 0.018, z + h - g],
      ],
      [
        [x + w - f, y - 0.026, z + g],
        [x + w - g, y - 0.018, z + h - g],
      ],
      [
        [x + f, y - 0.026, z + g],
        [x + w - f, y - 0.018, z + f],
      ],
      [
        [x + f, y - 0.026, z + h - f],
        [x + w - f, y - 0.018, z + h - g],
      ],
    ]
    addFront(
      m,
      'fronts',
      look,
      nth,
      bars.map(([a, b]) => boxBetween(a, b, 0.0015).intangible()),
    )
  }
  const bar = 0.13
  const at: Vec3 =
    handle === 'top'
      ? [x + w / 2, y - 0.05, z + h - 0.045]
      : handle === 'bottom'
        ? [x + w / 2, y - 0.05, z + 0.045]
        : [handle === 'left' ? x + 0.035 : x + w - 0.035, y - 0.05, z + h - 0.13]
  const level = handle === 'top' || handle === 'bottom'
  m.add(
    'handles',
    style.handles,
    box(level ? [bar, 0.01, 0.01] : [0.01, 0.01, bar], 0.003)
      .at(at)
      .intangible(),
  )
  for (const s of [-1, 1])
    m.add(
      'handles',
      style.handles,
      box([0.008, 0.03, 0.008], 0.001)
        .at([at[0] + (level ? s * bar * 0.4 : 0), at[1] + 0.018, at[2] + (level ? 0 : s * bar * 0.4)])
        .intangible(),
    )
}

/** What a base unit holds. */
export type BaseUnit = 'doors' | 'drawers' | 'sink' | 'oven' | 'dishwasher'
const HEIGHT = 0.9
const DEPTH = 0.6

/** A tap with a swan neck, standing at a point of the worktop, reaching towards −Y. */
function tap(m: Model, at: Vec3): void {
  const p = (y: number, z: number): Vec3 => [at[0], at[1] + y, at[2] + z]
  m.add(
    'tap',
    chrome(),
    cylinder(0.024, 0.05).at(at),
    tube([p(0, 0.04), p(0, 0.22), p(-0.02, 0.27), p(-0.06, 0.3), p(-0.11, 0.3), p(-0.15, 0.27), p(-0.165, 0.22)], 0.011),
  )
  m.add('tap', chrome(), tube([p(0, 0.045), [at[0] + 0.07, at[1], at[2] + 0.075]], 0.007))
}

/** Base units from left to right under one worktop, each 0.6 m wide. A hob is above the oven. Its back is at y = 0; it is `units.length` × 0.6 m wide, from x = 0. */
export function baseRun(key: Key, units: readonly BaseUnit[], style: KitchenStyle): Piece {
  const w = 0.6
  const total = units.length * w
  const m = new Model()
  const [plinth, under] = [0.1, HEIGHT - 0.04]
  m.add('plinth', black(0.6), boxBetween([0, -DEPTH + 0.07, 0], [total, 0, plinth]))
  m.add('body', upright(style.fronts, 0), boxBetween([0, -DEPTH + 0.02, plinth], [total, 0, HEIGHT - 0.26]))
  m.add('body', upright(style.fronts, 0), boxBetween([0, -DEPTH + 0.02, HEIGHT - 0.26], [total, -DEPTH + 0.035, under]).intangible())
  for (const x of [0, total - 0.018]) m.add('body', upright(style.fronts, 0), boxBetween([x, -DEPTH + 0.02, plinth], [x + 0.018, 0, under]))
  const over = 0.025
  const sinkAt = units.indexOf('sink')
  const slab = (x0: number, x1: number, y0: number, y1: number) => boxBetween([x0, y0, under], [x1, y1, HEIGHT], 0.004)
  if (sinkAt < 0) m.add('worktop', style.worktop, slab(-over, total + over, -DEPTH - over, 0))
  else {
    const [a, b] = [sinkAt * w + 0.06, sinkAt * w + w - 0.06]
    m.add(
      'worktop',
      style.worktop,
      slab(-over, a, -DEPTH - over, 0),
      slab(b, total + over, -DEPTH - over, 0),
      slab(a, b, -DEPTH - over, -DEPTH + 0.08),
      slab(a, b, -0.11, 0),
    )
    const wall = (min: Vec3, max: Vec3) => boxBetween(min, max, 0.004)
    const [y0, y1, z0] = [-DEPTH + 0.07, -0.1, HEIGHT - 0.2]
    m.add(
      'sink',
      steel(),
      wall([a - 0.01, y0, z0], [b + 0.01, y1, z0 + 0.01]),
      wall([a - 0.012, y0, z0], [a + 0.004, y1, HEIGHT + 0.003]),
      wall([b - 0.004, y0, z0], [b + 0.012, y1, HEIGHT + 0.003]),
    )
    m.add(
      'sink',
      steel(),
      wall([a - 0.01, y0 - 0.006, z0], [b + 0.01, y0 + 0.012, HEIGHT + 0.003]),
      wall([a - 0.01, y1 - 0.012, z0], [b + 0.01, y1 + 0.006, HEIGHT + 0.003]),
    )
    tap(m, [(a + b) / 2, -0.06, HEIGHT])
  }
  let nth = 0
  units.forEach((unit, i) => {
    const [x, y] = [i * w, -DEPTH + 0.02]
    const h = under - plinth
    if (unit === 'drawers') {
      const heights = [0.26, 0.26, h - 0.52]
      let z = plinth
      for (const part of heights) {
        front(m, nth++, style, style.fronts, [x, y, z], [w, part], 'top')
        z += part
      }
    } else if (unit === 'oven') {
      front(m, nth++, style, style.fronts, [x, y, plinth], [w, h - 0.6], 'top')
      const z = under - 0.6
      m.add(
        'oven',
        steel(),
        boxBetween([x + 0.003, y - 0.02, z + 0.48], [x + w - 0.003, y, under - 0.002]),
        boxBetween([x + 0.003, y - 0.018, z + 0.004], [x + w - 0.003, y, z + 0.475]),
      )
      m.add(
        'oven-glass',
        screen(),
        boxBetween([x + 0.045, y - 0.021, z + 0.05], [x + w - 0.045, y - 0.01, z + 0.39]).intangible(),
        boxBetween([x + 0.22, y - 0.0215, z + 0.51], [x + 0.38, y - 0.01, z + 0.565]).intangible(),
      )
      m.add(
        'oven',
        steel(),
        tube(
          [
            [x + 0.07, y - 0.055, z + 0.435],
            [x + w - 0.07, y - 0.055, z + 0.435],
          ],
          0.009,
        ),
        ...[0.1, w - 0.1].map(k =>
          box([0.012, 0.04, 0.012])
            .at([x + k, y - 0.035, z + 0.435])
            .intangible(),
        ),
      )
      for (const k of [0.06, 0.12, 0.48, 0.54])
        m.add(
          'knobs',
          black(),
          cylinder(0.018, 0.02, { segments: 18 })
            .turned([1, 0, 0], Math.PI / 2)
            .at([x + k, y - 0.02, z + 0.54])
            .intangible(),
        )
      m.add('hob', screen(), boxBetween([x + 0.02, -DEPTH + 0.06, HEIGHT - 0.002], [x + w - 0.02, -0.05, HEIGHT + 0.006], 0.002))
      for (const [u, v, r] of [
        [0.17, -0.18, 0.09],
        [0.43, -0.18, 0.07],
        [0.17, -0.42, 0.07],
        [0.43, -0.42, 0.09],
      ] as const)
        m.add(
          'rings',
          paint('#3b3b3d', 0.3, 'rings'),
          lathe(
            [
              [r, 0],
              [r, 0.0007],
              [r - 0.006, 0.0007],
              [r - 0.006, 0],
              [r, 0],
            ],
            { segments: 32 },
          )
            .at([x + u, v, HEIGHT + 0.006])
            .intangible(),
        )
    } else if (unit === 'dishwasher') {
      m.add('oven', steel(), boxBetween([x + 0.003, y - 0.02, plinth + 0.003], [x + w - 0.003, y, under - 0.003]))
      m.add(
        'oven-glass',
        screen(),
        boxBetween([x + 0.003, y - 0.0215, under - 0.09], [x + w - 0.003, y - 0.01, under - 0.006]).intangible(),
      )
      m.add(
        'oven',
        steel(),
        tube(
          [
            [x + 0.08, y - 0.055, under - 0.14],
            [x + w - 0.08, y - 0.055, under - 0.14],
          ],
          0.009,
        ),
        ...[0.1, w - 0.1].map(k =>
          box([0.012, 0.04, 0.012])
            .at([x + k, y - 0.035, under - 0.14])
            .intangible(),
        ),
      )
    } else for (const s of [0, 1]) front(m, nth++, style, style.fronts, [x + (s * w) / 2, y, plinth], [w / 2, h], s ? 'left' : 'right')
  })
  return piece(m, 'kitchen-units', [total, DEPTH + over, HEIGHT], key)
}

/**
 * Wall units, 0.6 m wide each, from x = 0 to the right; `hood` leaves a place for an extractor, whose duct goes up to `ceiling`. They hang from z = 0
 * up to 0.7 m, their back at y = 0.
 */
export function wallRun(key: Key, units: readonly ('cupboard' | 'hood' | 'gap')[], style: KitchenStyle, ceiling: number): Piece {
  const [w, d, h] = [0.6, 0.34, 0.7]
  const m = new Model()
  let nth = 1
  units.forEach((unit, i) => {
    const x = i * w
    if (unit === 'gap') return
    if (unit === 'cupboard') {
      m.add('body', upright(style.upper, 0), boxBetween([x, -d, 0], [x + w, 0, h]))
      for (const s of [0, 1]) front(m, nth++, style, style.upper, [x + (s * w) / 2, -d, 0], [w / 2, h], 'bottom')
    } else {
      m.add(
        'hood',
        steel(),
        boxBetween([x + 0.002, -0.48, 0.05], [x + w - 0.002, 0, 0.11]),
        boxBetween([x + 0.17, -0.26, 0.1], [x + w - 0.17, 0, ceiling]),
      )
      m.add('filter', iron(), boxBetween([x + 0.05, -0.44, 0.046], [x + w - 0.05, -0.05, 0.052]).intangible())
    }
  })
  return piece(m, 'wall-units', [units.length * w, d, h], key)
}

/** What a backsplash leaves free: left, right and lower edge of a window with its sill, metres. */
export interface Gap {
  readonly left: number
  readonly right: number
  readonly foot: number
}

/** Tiles on the wall between worktop and wall units, `width` metres about x = 0, around a window. Their back is at y = 0. */
export function backsplash(key: Key, width: number, window: Gap): Piece {
  const look = preset('ceramic-tiles', {
    size: 512,
    seed: 1,
    color: srgb(key.choice(['#e8ebea', '#cfdcd8', '#5b7a80', '#d9cdb4'] as const)),
    mapping: { type: 'box', size: 0.45 },
  })
  const top = 1.44
  const panel = (x0: number, x1: number, high: number) => boxBetween([x0, -0.008, HEIGHT], [x1, 0, high], 0.001).intangible()
  const m = new Model().add(
    'tiles',
    look,
    panel(-width / 2, window.left, top),
    panel(window.left, window.right, window.foot),
    panel(window.right, width / 2, top),
  )
  return piece(m, 'backsplash', [width, 0.01, top - HEIGHT], key)
}

/** A tall fridge with a freezer below. Its back is at y = 0. */
export function fridge(key: Key): Piece {
  const look = key.fork('look').choice([steel(), paint('#e9e9e7', 0.2, 'fridge'), paint('#2b2d30', 0.3, 'fridge')])
  const [w, d, h] = [0.6, 0.64, key.fork('height').uniform(1.75, 1.95)]
  const m = new Model()
  m.add('body', paint('#9b9d9f', 0.4, 'fridge-side'), boxBetween([-w / 2, -d + 0.05, 0.03], [w / 2, 0, h], 0.008))
  const split = 0.68
  m.add(
    'doors',
    look,
    boxBetween([-w / 2, -d, 0.06], [w / 2, -d + 0.047, split - 0.004], 0.012),
    boxBetween([-w / 2, -d, split + 0.004], [w / 2, -d + 0.047, h], 0.012),
  )
  for (const [a, b] of [
    [split + 0.1, split + 0.55],
    [split - 0.42, split - 0.08],
  ] as const) {
    m.add(
      'handles',
      chrome(),
      tube(
        [
          [w / 2 - 0.05, -d - 0.035, a],
          [w / 2 - 0.05, -d - 0.035, b],
        ],
        0.011,
      ),
    )
    m.add(
      'handles',
      chrome(),
      ...[a + 0.02, b - 0.02].map(z =>
        box([0.014, 0.04, 0.014])
          .at([w / 2 - 0.05, -d - 0.018, z])
          .intangible(),
      ),
    )
  }
  return piece(m, 'fridge', [w, d, h], key)
}
