/** Shops at the foot of a house: a front of glass, and behind it what is on display. */
import type { Key, Vec3 } from '@dioramic/scene'
import type { MaterialDraft } from '../builder/material.ts'
import { material, plain } from '../builder/material.ts'
import type { Model } from '../solids/model.ts'
import { cushion, cylinder, lathe, loft } from '../solids/round.ts'
import type { Solid } from '../solids/solid.ts'
import { sheet, slab } from './parts.ts'

/** How far behind the house's front the shop's rear wall stands, metres. */
export const SHOP_DEPTH = 1.5
/** Height of the bed on which goods stand behind the glass. */
const BED = 0.45

/** A sheet of glass: most looks and most light go through, so that goods are lit by the street; what is left mirrors it. */
const shopGlass = (): MaterialDraft =>
  material({ baseColor: [0.025, 0.032, 0.038], roughness: 0.02, ior: 1.52, specular: 1.8, opacity: 0.28 }, 'shop-glass')

const COLOURS = ['#b3392f', '#d9a13a', '#3f6f9c', '#4c7a4a', '#e6dfcf', '#6a4a6f', '#2b3440', '#c9764a', '#8fb0a8'] as const
const goods = (colour: string): MaterialDraft => plain(colour, `goods-${colour.slice(1)}`, 0.6)
const add = (m: Model, colour: string, ...solids: readonly Solid[]) =>
  m.add(`goods-${colour.slice(1)}`, goods(colour), ...solids.map(s => s.intangible()))

/** A bust on its stand. */
function bust(m: Model, k: Key, x: number, y: number): void {
  const colour = k.fork('colour').choice(COLOURS)
  const z = BED + k.fork('stand').uniform(0.25, 0.5)
  m.add(
    'stands',
    plain('#3a3d40', 'stand', 0.4),
    cylinder(0.11, 0.02, { segments: 12 }).at([x, y, BED]).intangible(),
    cylinder(0.012, z - BED, { segments: 6 })
      .at([x, y, BED])
      .intangible(),
  )
  const ring = (rx: number, ry: number, h: number): Vec3[] =>
    [0, 1, 2, 3, 4, 5, 6, 7].map(i => {
      const [c, s] = [
        [1, 0],
        [0.7, 0.7],
        [0, 1],
        [-0.7, 0.7],
        [-1, 0],
        [-0.7, -0.7],
        [0, -1],
        [0.7, -0.7],
      ][i] as [number, number]
      return [x + rx * c, y + ry * s, z + h]
    })
  add(
    m,
    colour,
    loft(
      [
        ring(0.17, 0.12, -0.02),
        ring(0.135, 0.1, 0.2),
        ring(0.18, 0.12, 0.42),
        ring(0.2, 0.1, 0.55),
        ring(0.08, 0.06, 0.62),
        ring(0.05, 0.05, 0.68),
      ],
      { crease: 1 },
    ),
  )
}

/** Vases and bottles, some tall. */
function vessels(m: Model, k: Key, x: number, y: number): void {
  for (const [i, kk] of k.times(3).entries()) {
    const [r, h, w] = [kk.fork('r').uniform(0.05, 0.09), kk.fork('h').uniform(0.18, 0.48), kk.fork('neck').uniform(0.25, 0.7)]
    add(
      m,
      kk.fork('colour').choice(COLOURS),
      lathe(
        [
          [0, 0],
          [r * 0.7, 0],
          [r, h * 0.35],
          [r * 0.8, h * 0.6],
          [r * w, h * 0.8],
          [r * w, h],
          [0, h],
        ],
        { segments: 12 },
      ).at([x + (i - 1) * 0.17, y + 0.1 * (i % 2), BED]),
    )
  }
}

/** Boxes and books, piled. */
function pile(m: Model, k: Key, x: number, y: number): void {
  let z = BED
  for (const kk of k.times(k.fork('count').int(2, 5))) {
    const [w, h] = [kk.fork('w').uniform(0.12, 0.22), kk.fork('h').uniform(0.06, 0.18)]
    const s = kk.fork('shift').uniform(-0.03, 0.03)
    add(m, kk.fork('colour').choice(COLOURS), slab([x - w + s, y - 0.12, z], [x + w + s, y + 0.12, z + h - 0.004]))
    z += h
  }
}

/** Trays of loaves, fruit or cakes, tilted towards the street by standing on steps. */
function trays(m: Model, k: Key, x: number, y: number): void {
  const colour = k.fork('colour').choice(['#c9894a', '#b5432f', '#d9b13a', '#7a9a3f'] as const)
  for (let row = 0; row < 3; row++) {
    const [yy, z] = [y - 0.16 + 0.2 * row, BED + 0.06 + 0.16 * row]
    m.add('trays', plain('#d8d3c6', 'tray', 0.6), slab([x - 0.22, yy - 0.1, BED], [x + 0.22, yy + 0.1, z]))
    for (let i = 0; i < 4; i++) add(m, colour, cushion([0.1, 0.14, 0.09], 2.2, 2.2, [8, 5]).at([x - 0.16 + i * 0.107, yy, z + 0.035]))
  }
}

const DISPLAYS = [bust, vessels, pile, trays] as const

/** The shop's room from x0 to x1 up to `top`: linings, shelves with goods along the rear wall, a strip of light. */
function room(m: Model, k: Key, x0: number, x1: number, top: number, door: number, lit: number): void {
  const wall = plain(k.fork('lining').choice(['#ece5d6', '#dfe4e4', '#e9dccb', '#d3ccbf'] as const), 'lining', 0.85)
  const rear = SHOP_DEPTH - 0.04
  m.add(
    'lining',
    wall,
    slab([x0, rear, 0], [x1, SHOP_DEPTH, top]),
    slab([x0, 0.2, top], [x1, SHOP_DEPTH, top + 0.05]),
    slab([x0, 0.2, 0], [x0 + 0.03, SHOP_DEPTH, top]),
    slab([x1 - 0.03, 0.2, 0], [x1, SHOP_DEPTH, top]),
  )
  m.add(
    'shop-floor',
    plain(k.fork('floor').choice(['#8a6b4a', '#6f6a64', '#a39a8c'] as const), 'shop-floor', 0.6),
    slab([x0, 0.1, 0], [x1, SHOP_DEPTH, 0.06]),
  )
  const bright = k.fork('lit').uniform() < 2.5 * lit
  m.add(
    'shop-lamps',
    material(
      { baseColor: [0.85, 0.84, 0.8], roughness: 0.5, emission: [1, 0.82, 0.58], emissionStrength: bright ? 9 : 0 },
      bright ? 'shop-lamp-lit' : 'shop-lamp',
    ),
    slab([x0 + 0.2, 0.55, top - 0.03], [x1 - 0.2, 0.65, top - 0.005]),
  )
  // Shelves behind, full of boxes.
  const board = plain('#8d7455', 'shelf', 0.7)
  for (const [i, z] of [0.75, 1.2, 1.65, 2.1].entries()) {
    if (z > top - 0.4) continue
    m.add('shelves', board, slab([x0 + 0.1, rear - 0.28, z - 0.025], [x1 - 0.1, rear, z]))
    const row = k.fork('shelf').fork(i)
    let x = x0 + 0.16
    for (let n = 0; x < x1 - 0.4; n++) {
      const [w, h, gap, c] = row.fork(n).uniforms(4) as [number, number, number, number]
      const wide = 0.14 + 0.26 * w
      if (gap > 0.15)
        add(m, COLOURS[Math.floor(c * COLOURS.length)]!, slab([x, rear - 0.24, z], [x + wide, rear - 0.04, z + 0.12 + 0.2 * h]))
      x += wide + 0.03
    }
  }
  // The bed behind the glass on both sides of the door, with goods of one trade.
  const show = k.fork('trade').choice(DISPLAYS)
  for (const [side, [a, b]] of [
    [x0 + 0.18, door - 0.56],
    [door + 0.56, x1 - 0.18],
  ].entries() as Iterable<[number, [number, number]]>) {
    if (b - a < 0.4) continue
    m.add('lining', wall, slab([a, 0.22, 0], [b, 0.78, BED]))
    const count = Math.max(1, Math.floor((b - a) / 0.58))
    for (let i = 0; i < count; i++) show(m, k.fork('goods').fork(side).fork(i), a + ((b - a) * (i + 0.5)) / count, 0.52)
  }
}

/** A shop front over bays: a low wall, panes between thin bars, a door, a sign board, perhaps an awning. `lit` is the share of rooms that are lit. */
export function shopFront(m: Model, k: Key, x0: number, x1: number, h: number, lit: number): void {
  const colour = k.fork('colour').choice(['#23423a', '#7a1f24', '#1f3355', '#2b2b2c', '#8a6a2c', '#d9d4c8', '#5a2f4a'] as const)
  const look = plain(colour, 'shop', 0.35)
  const [top, y] = [h - 0.75, 0.2]
  const at = x0 + (x1 - x0) * k.fork('door').choice([0.2, 0.5, 0.8])
  const door = Math.min(x1 - 0.7, Math.max(x0 + 0.7, at))
  const bar = (a: number, b: number, z0: number, z1: number) => m.add('shop', look, slab([a, 0.06, z0], [b, y, z1]))
  m.add(
    'shop',
    look,
    slab([x0, 0.02, 0], [x0 + 0.16, y, top]),
    slab([x1 - 0.16, 0.02, 0], [x1, y, top]),
    slab([x0, -0.06, top], [x1, 0.1, h - 0.15]),
  )
  for (const [a, b] of [
    [x0 + 0.16, door - 0.5],
    [door + 0.5, x1 - 0.16],
  ] as const) {
    if (b - a < 0.1) continue
    bar(a, b, 0, BED - 0.05)
    m.add('sills', plain('#b9b4aa', 'sill', 0.6), slab([a, 0, BED - 0.05], [b, y, BED]))
    bar(a, b, top - 0.07, top)
    const panes = Math.max(1, Math.round((b - a) / 1.7))
    for (let i = 1; i < panes; i++) bar(a + ((b - a) * i) / panes - 0.025, a + ((b - a) * i) / panes + 0.025, BED, top)
    m.add('shop-glass', shopGlass(), sheet(0.14, a, b, BED, top - 0.07))
  }
  // The door: two posts, rails, a pane, a handle, a fanlight above.
  for (const d of [-0.5, 0.44]) bar(door + d, door + d + 0.06, 0, top)
  bar(door - 0.5, door + 0.5, 2.15, 2.23)
  bar(door - 0.5, door + 0.5, top - 0.07, top)
  bar(door - 0.44, door + 0.44, 0, 0.22)
  for (const d of [-0.44, 0.36]) bar(door + d, door + d + 0.08, 0.22, 2.15)
  m.add(
    'shop-glass',
    shopGlass(),
    sheet(0.12, door - 0.36, door + 0.36, 0.22, 2.15),
    sheet(0.12, door - 0.44, door + 0.44, 2.23, top - 0.07),
  )
  m.add(
    'handles',
    material({ baseColor: [0.6, 0.58, 0.54], metallic: 1, roughness: 0.3 }, 'handle'),
    slab([door + 0.38, 0.0, 0.9], [door + 0.41, 0.03, 1.4]),
  )
  room(m, k.fork('room'), x0, x1, top, door, lit)
  // The sign: a board with blocks for letters.
  const letters = plain(k.fork('gold').uniform() < 0.5 ? '#e8dcb0' : '#f2f2ee', 'letters', 0.5)
  const n = k.fork('letters').int(4, 9)
  const mid = (x0 + x1) / 2
  for (let i = 0; i < n; i++) {
    const kk = k.fork('letter').fork(i)
    const x = mid + (i - (n - 1) / 2) * 0.3
    const z = (top + h - 0.15) / 2
    m.add(
      'letters',
      letters,
      slab([x - 0.1, -0.075, z - 0.14], [x - 0.05, -0.055, z + 0.14]),
      slab(
        [x - 0.1, -0.075, z + (kk.fork('a').uniform() < 0.5 ? 0.1 : -0.14)],
        [x + 0.08, -0.055, z + (kk.fork('a').uniform() < 0.5 ? 0.14 : -0.1)],
      ),
    )
    if (kk.fork('b').uniform() < 0.6) m.add('letters', letters, slab([x + 0.04, -0.075, z - 0.14], [x + 0.08, -0.055, z + 0.14]))
  }
  if (k.fork('awning').uniform() < 0.5) {
    const stripes = Math.max(4, Math.round((x1 - x0) / 0.35))
    for (let i = 0; i < stripes; i++) {
      const [a, b] = [x0 + ((x1 - x0) * i) / stripes, x0 + ((x1 - x0) * (i + 1)) / stripes]
      const part = i % 2 ? 'awning' : 'awning-stripe'
      m.add(
        part,
        i % 2 ? plain(colour === '#d9d4c8' ? '#7a1f24' : colour, 'awning', 0.8) : plain('#efeae0', 'awning-stripe', 0.8),
        loft(
          [
            [
              [a, 0, top - 0.02],
              [b, 0, top - 0.02],
              [b, 0, top],
              [a, 0, top],
            ],
            [
              [a, -1.1, top - 0.52],
              [b, -1.1, top - 0.52],
              [b, -1.1, top - 0.5],
              [a, -1.1, top - 0.5],
            ],
            [
              [a, -1.12, top - 0.75],
              [b, -1.12, top - 0.75],
              [b, -1.1, top - 0.75],
              [a, -1.1, top - 0.75],
            ],
          ].map(r => r.map(v => v as unknown as Vec3)),
          { crease: 0.2 },
        ),
      )
    }
  }
}
