/**
 * Town houses by a grammar (after Müller et al., "Procedural modeling of buildings", 2006): a house is a ground floor, upper floors and a top; a floor is
 * a row of bays between piers; a bay is a window, a French window with a balcony, a shop front or a door. An era draws all terminals, so that a house is of a piece.
 */
import type { Key, Vec3 } from '@dioramic/scene'
import type { MaterialDraft } from '../builder/material.ts'
import { material, plain } from '../builder/material.ts'
import type { ObjectDraft } from '../builder/object.ts'
import { preset } from '../builder/preset.ts'
import { Model } from '../solids/model.ts'
import { cylinder, loft, tube } from '../solids/round.ts'
import type { Solid } from '../solids/solid.ts'
import { srgb } from '../toolkit/colors.ts'
import { glass, slab } from './parts.ts'
import { SHOP_DEPTH, shopFront } from './shop.ts'

export const ERAS = ['classical', 'brick', 'rendered', 'modern', 'concrete', 'timber'] as const
export type Era = (typeof ERAS)[number]

interface Style {
  readonly wall: MaterialDraft
  readonly base: MaterialDraft
  readonly ornament: MaterialDraft
  readonly frame: MaterialDraft
  readonly roof: MaterialDraft
  readonly floorHeight: number
  readonly bay: number
  readonly window: readonly [width: number, height: number]
  readonly arched: boolean
  readonly top: 'parapet' | 'mansard' | 'gable' | 'flat'
  readonly french: number
}

const wallTexture = (key: Key, name: string, color: string): MaterialDraft =>
  preset(name, { size: 128, seed: key.fork('grain').int(0, 1), color: srgb(color) })

function styleOf(key: Key, era: Era): Style {
  const k = (name: string) => key.fork(name)
  const white = plain('#e8e5dc', 'frame', 0.4)
  const dark = plain('#33373a', 'frame', 0.4)
  const slate = plain(k('slate').choice(['#4a4e55', '#5a4a44', '#3d4248'] as const), 'roof', 0.8)
  const tile = plain(k('tile').choice(['#8a4a34', '#7a3f2e', '#96583c'] as const), 'roof', 0.85)
  switch (era) {
    case 'classical':
      return {
        wall: wallTexture(key, 'plaster', k('wall').choice(['#e3d6bb', '#d9cdb8', '#e6dfd0', '#d8c3a0', '#cfd0c8'] as const)),
        base: wallTexture(key, 'concrete', '#b5ab9a'),
        ornament: plain('#e9e2d2', 'ornament', 0.7),
        frame: white,
        roof: slate,
        floorHeight: k('h').uniform(3.3, 3.7),
        bay: k('bay').uniform(2.3, 2.7),
        window: [1.15, 2.1],
        arched: k('arched').uniform() < 0.25,
        top: 'mansard',
        french: 0.25,
      }
    case 'brick':
      return {
        wall: preset('brick', {
          size: 256,
          seed: k('grain').int(0, 1),
          color: srgb(k('wall').choice(['#8a4632', '#9c5a3f', '#7a3b2d', '#a5704f'] as const)),
        }),
        base: wallTexture(key, 'concrete', '#8f887c'),
        ornament: plain('#d9d2c2', 'ornament', 0.7),
        frame: white,
        roof: slate,
        floorHeight: k('h').uniform(3, 3.3),
        bay: k('bay').uniform(2.2, 2.8),
        window: [1.15, 1.75],
        arched: k('arched').uniform() < 0.3,
        top: k('top').uniform() < 0.5 ? 'parapet' : 'gable',
        french: 0,
      }
    case 'rendered':
      return {
        wall: wallTexture(
          key,
          'plaster',
          k('wall').choice(['#e2b98c', '#dcc9a0', '#c98f74', '#a9bcae', '#b7c3cf', '#e9d9a6', '#d8a9a0'] as const),
        ),
        base: wallTexture(key, 'plaster', '#a59c8c'),
        ornament: plain('#efe9db', 'ornament', 0.7),
        frame: white,
        roof: tile,
        floorHeight: k('h').uniform(2.9, 3.2),
        bay: k('bay').uniform(2.3, 3),
        window: [1.2, 1.55],
        arched: false,
        top: 'gable',
        french: 0.3,
      }
    case 'modern':
      return {
        wall: wallTexture(key, 'plaster', k('wall').choice(['#efeeea', '#dcdcd8', '#c9ccce'] as const)),
        base: plain('#5b5f63', 'base', 0.5),
        ornament: plain('#6a6e72', 'ornament', 0.5),
        frame: dark,
        roof: slate,
        floorHeight: k('h').uniform(2.9, 3.1),
        bay: k('bay').uniform(3, 3.6),
        window: [2.2, 1.7],
        arched: false,
        top: 'flat',
        french: 0.5,
      }
    case 'concrete':
      return {
        wall: wallTexture(key, 'concrete', k('wall').choice(['#b8b4ab', '#a7a6a2', '#c2bbad'] as const)),
        base: wallTexture(key, 'concrete', '#8b8984'),
        ornament: plain('#8f8d88', 'ornament', 0.7),
        frame: plain('#d4d4d0', 'frame', 0.4),
        roof: slate,
        floorHeight: 2.9,
        bay: k('bay').uniform(2.6, 3.2),
        window: [1.7, 1.45],
        arched: false,
        top: 'parapet',
        french: 0.15,
      }
    case 'timber':
      return {
        wall: wallTexture(key, 'plaster', k('wall').choice(['#efe8d6', '#e6dcc3', '#f0ead9'] as const)),
        base: wallTexture(key, 'concrete', '#9a9184'),
        ornament: plain(k('beam').choice(['#3c2a1e', '#4a3325', '#2f2621'] as const), 'beams', 0.7),
        frame: white,
        roof: tile,
        floorHeight: 2.75,
        bay: k('bay').uniform(2, 2.4),
        window: [1.0, 1.3],
        arched: false,
        top: 'gable',
        french: 0,
      }
  }
}

/** Some windows are lit in the evening. */
const litGlass = (): MaterialDraft =>
  material({ baseColor: [0.1, 0.09, 0.07], roughness: 0.1, emission: [1, 0.72, 0.4], emissionStrength: 0.9 }, 'lit-glass')

const RECESS = 0.16

/** A window in its hole from (x0, z0) to (x1, z1), set back from the wall: frame, crossing bars, pane, sill, and the ornament of its era. */
function windowIn(m: Model, s: Style, k: Key, x0: number, x1: number, z0: number, z1: number, era: Era, lit: boolean): void {
  const y = RECESS
  const f = 0.07
  const bars: Solid[] = [
    slab([x0, y - 0.05, z0], [x0 + f, y, z1]),
    slab([x1 - f, y - 0.05, z0], [x1, y, z1]),
    slab([x0, y - 0.05, z0], [x1, y, z0 + f]),
    slab([x0, y - 0.05, z1 - f], [x1, y, z1]),
  ]
  const n = x1 - x0 > 1.6 ? 3 : 2
  for (let i = 1; i < n; i++) bars.push(slab([x0 + ((x1 - x0) * i) / n - 0.03, y - 0.045, z0], [x0 + ((x1 - x0) * i) / n + 0.03, y, z1]))
  if (era === 'classical' || era === 'timber' || era === 'brick')
    bars.push(slab([x0, y - 0.04, z0 + (z1 - z0) * 0.66], [x1, y, z0 + (z1 - z0) * 0.66 + 0.05]))
  m.add('frames', s.frame, bars)
  m.add(lit ? 'lit-glass' : 'glass', lit ? litGlass() : glass(), slab([x0, y - 0.012, z0], [x1, y, z1]))
  if (!lit && k.fork('blind').uniform() < 0.35)
    m.add(
      'blinds',
      plain('#cfc9bb', 'blind', 0.8),
      slab([x0 + f, y - 0.016, z1 - (z1 - z0) * k.fork('drawn').uniform(0.2, 0.7)], [x1 - f, y - 0.011, z1 - f]),
    )
  m.add('ornament', s.ornament, slab([x0 - 0.08, -0.09, z0 - 0.09], [x1 + 0.08, RECESS, z0], 0))
  if (era === 'classical') {
    m.add(
      'ornament',
      s.ornament,
      slab([x0 - 0.16, -0.06, z0], [x0, 0.02, z1 + 0.14]),
      slab([x1, -0.06, z0], [x1 + 0.16, 0.02, z1 + 0.14]),
      slab([x0 - 0.16, -0.06, z1], [x1 + 0.16, 0.02, z1 + 0.14]),
    )
    m.add('ornament', s.ornament, slab([x0 - 0.26, -0.16, z1 + 0.22], [x1 + 0.26, 0.02, z1 + 0.32]))
  } else if (era === 'brick') m.add('ornament', s.ornament, slab([x0 - 0.12, -0.025, z1], [x1 + 0.12, 0.02, z1 + 0.22]))
  else if (era === 'rendered' && k.fork('shutters').uniform() < 0.9) {
    const w = (x1 - x0) / 2
    const shutter = plain(['#4f6a54', '#5d4a3a', '#6b7f93', '#7a3b32'][Math.floor(s.bay * 1000) % 4]!, 'shutters', 0.6)
    m.add('shutters', shutter, slab([x0 - w * 0.95, -0.05, z0], [x0 - 0.02, 0, z1]), slab([x1 + 0.02, -0.05, z0], [x1 + w * 0.95, 0, z1]))
  }
}

/** A balcony before a French window: slab and railing. */
function balcony(m: Model, s: Style, x0: number, x1: number, z: number, solid: boolean): void {
  const d = 0.95
  m.add('ornament', s.ornament, slab([x0 - 0.3, -d, z - 0.16], [x1 + 0.3, 0.02, z]))
  const iron = plain('#25282a', 'railing', 0.5)
  if (solid)
    m.add(
      'railing-glass',
      material({ baseColor: [0.3, 0.36, 0.36], roughness: 0.05, ior: 1.5 }, 'railing-glass'),
      slab([x0 - 0.28, -d + 0.01, z + 0.05], [x1 + 0.28, -d + 0.03, z + 0.98]),
    )
  const rail: Solid[] = [
    slab([x0 - 0.3, -d, z + 0.97], [x1 + 0.3, -d + 0.05, z + 1.02]),
    ...[x0 - 0.3, x1 + 0.26].map(x => slab([x, -d, z + 0.97], [x + 0.04, 0, z + 1.02])),
  ]
  const n = Math.round((x1 - x0 + 0.6) / 0.13)
  if (!solid)
    for (let i = 0; i <= n; i++)
      rail.push(
        slab([x0 - 0.3 + ((x1 - x0 + 0.58) * i) / n, -d + 0.015, z], [x0 - 0.28 + ((x1 - x0 + 0.58) * i) / n, -d + 0.035, z + 0.97]),
      )
  for (const x of [x0 - 0.3, x1 + 0.27])
    for (let i = 0; i < 5; i++) rail.push(slab([x, -d + (i * d) / 5, z], [x + 0.025, -d + (i * d) / 5 + 0.025, z + 0.97]))
  m.add('railings', iron, rail)
}

export interface HouseOptions {
  readonly width: number
  readonly floors: number
  readonly era: Era
  /** Share of windows that are lit. */
  readonly lit: number
}

/** A house whose front is the plane y = 0, from x = 0 to its width, facing −Y; it is 9 m deep. */
export function house(key: Key, { width, floors, era, lit }: HouseOptions): ObjectDraft {
  const s = styleOf(key.fork('style'), era)
  const m = new Model()
  const depth = 9
  const ground = key.fork('ground').uniform(3.7, 4.2)
  const bays = Math.max(2, Math.round(width / s.bay))
  const bay = width / bays
  const top = ground + floors * s.floorHeight
  const shops = era !== 'timber' && key.fork('shops').uniform() < 0.6
  // The core behind the front, so that what holes show is the house; behind shop windows there is the shop.
  m.add('wall', s.wall, slab([0, RECESS, shops ? ground - 0.1 : 0], [width, depth, top]))
  if (shops) m.add('wall', s.wall, slab([0, SHOP_DEPTH, 0], [width, depth, ground - 0.1]))
  // Ground floor.
  if (shops) {
    const count = width > 9 ? 2 : 1
    const gate = key.fork('gate').uniform() < 0.5 ? 0 : count
    const entry = 1.5
    const w = (width - entry) / count
    for (let i = 0; i < count; i++) {
      const x = i * w + (i >= gate ? entry : 0)
      shopFront(m, key.fork('shop').fork(i), x + 0.35, x + w - 0.35, ground, lit)
      m.add(
        'base',
        s.base,
        slab([x, 0, 0], [x + 0.35, SHOP_DEPTH, ground]),
        slab([x + w - 0.35, 0, 0], [x + w, SHOP_DEPTH, ground]),
        slab([x + 0.35, 0, ground - 0.15], [x + w - 0.35, RECESS + 0.05, ground]),
      )
    }
    m.add('wall', s.wall, slab([gate * w, RECESS, 0], [gate * w + entry, SHOP_DEPTH, ground - 0.1]))
    doorIn(m, s, key.fork('door'), gate * w + 0.1, gate * w + entry - 0.1, ground)
    m.add(
      'base',
      s.base,
      slab([gate * w, 0, 0], [gate * w + 0.1, RECESS + 0.05, ground]),
      slab([gate * w + entry - 0.1, 0, 0], [gate * w + entry, RECESS + 0.05, ground]),
      slab([gate * w, 0, 2.9], [gate * w + entry, RECESS + 0.05, ground]),
    )
  } else {
    const entry = key.fork('entry').int(0, bays - 1)
    for (let i = 0; i < bays; i++) {
      const [x0, x1] = [i * bay, (i + 1) * bay]
      const half = i === entry ? 0.65 : s.window[0] / 2
      const [a, b] = [(x0 + x1) / 2 - half, (x0 + x1) / 2 + half]
      const [z0, z1] = i === entry ? [0, 2.9] : [1.15, Math.min(ground - 0.6, 1.15 + s.window[1])]
      m.add(
        'base',
        s.base,
        slab([x0, 0, 0], [a, RECESS + 0.05, ground]),
        slab([b, 0, 0], [x1, RECESS + 0.05, ground]),
        slab([a, 0, z1], [b, RECESS + 0.05, ground]),
      )
      if (z0 > 0) m.add('base', s.base, slab([a, 0, 0], [b, RECESS + 0.05, z0]))
      if (i === entry) doorIn(m, s, key.fork('door'), a, b, ground)
      else
        windowIn(
          m,
          s,
          key.fork('ground-window').fork(i),
          a,
          b,
          z0,
          z1,
          era === 'rendered' ? 'modern' : era,
          key.fork('lit-ground').fork(i).uniform() < lit,
        )
    }
  }
  m.add('ornament', s.ornament, slab([0, -0.1, ground - 0.1], [width, 0.05, ground + 0.1]))
  // Upper floors: piers, spandrels, windows.
  const frenchColumn = bays > 2 && key.fork('french').uniform() < 0.75
  for (let f = 0; f < floors; f++) {
    const z = ground + f * s.floorHeight
    for (let i = 0; i < bays; i++) {
      const k = key.fork('bay').fork(f).fork(i)
      const [x0, x1] = [i * bay, (i + 1) * bay]
      const french =
        frenchColumn &&
        s.french > 0 &&
        (era === 'modern' ? (i + 1) % 3 !== 0 : i % 3 === 1) &&
        key.fork('column').fork(i).uniform() < 0.25 + s.french
      const half = Math.min(s.window[0] / 2, bay / 2 - 0.2)
      const [a, b] = [(x0 + x1) / 2 - half, (x0 + x1) / 2 + half]
      const z0 = french ? z + 0.12 : z + Math.max(0.55, (s.floorHeight - s.window[1]) * 0.62)
      const z1 = Math.min(z + s.floorHeight - 0.35, french ? z + 2.35 : z0 + s.window[1])
      m.add(
        'wall',
        s.wall,
        slab([x0, 0, z], [a, RECESS + 0.01, z + s.floorHeight]),
        slab([b, 0, z], [x1, RECESS + 0.01, z + s.floorHeight]),
        slab([a, 0, z], [b, RECESS + 0.01, z0]),
        slab([a, 0, z1], [b, RECESS + 0.01, z + s.floorHeight]),
      )
      windowIn(m, s, k, a, b, z0, z1, french && era === 'rendered' ? 'modern' : era, k.fork('lit').uniform() < lit)
      if (french) balcony(m, s, a, b, z0 - 0.02, era === 'modern')
      if (era === 'timber') {
        const beam = 0.14
        m.add('ornament', s.ornament, slab([x0 - beam / 2, -0.03, z], [x0 + beam / 2, 0.02, z + s.floorHeight]))
        if ((i + f) % 2 === 0)
          m.add(
            'ornament',
            s.ornament,
            tube(
              [
                [x0 + 0.1, -0.005, z + 0.1],
                [a - 0.12, -0.005, z + s.floorHeight - 0.15],
              ],
              0.075,
              { segments: 4 },
            ).intangible(),
          )
      }
    }
    if (era === 'timber')
      m.add(
        'ornament',
        s.ornament,
        slab([0, -0.05, z + s.floorHeight - 0.18], [width, 0.02, z + s.floorHeight]),
        slab([width - 0.07, -0.03, z], [width, 0.02, z + s.floorHeight]),
      )
    if (era === 'classical' && f === 0)
      m.add('ornament', s.ornament, slab([0, -0.12, z + s.floorHeight - 0.08], [width, 0.02, z + s.floorHeight + 0.06]))
    if (era === 'concrete' || era === 'modern')
      m.add('ornament', s.ornament, slab([0, -0.03, z + s.floorHeight - 0.12], [width, 0.02, z + s.floorHeight]))
  }
  roof(m, s, key.fork('roof'), width, depth, top, bays)
  // A rain pipe at one edge.
  m.add(
    'pipe',
    plain('#6f7275', 'pipe', 0.4),
    tube(
      [
        [width - 0.12, -0.08, 0.2],
        [width - 0.12, -0.08, top - 0.1],
      ],
      0.045,
      { segments: 8 },
    ),
  )
  return m.draft('building').tagged({ era_label: era, floors: floors + 1 })
}

/** A house door between x0 and x1, with a fanlight, a step and numbers of panels. */
function doorIn(m: Model, s: Style, k: Key, x0: number, x1: number, _ground: number): void {
  const look = plain(k.fork('colour').choice(['#2f4a3a', '#5a2a22', '#24364f', '#3a2c22', '#6d6a62'] as const), 'door', 0.35)
  const y = RECESS
  m.add(
    'frames',
    s.frame,
    slab([x0, y - 0.06, 0], [x0 + 0.09, y, 2.9]),
    slab([x1 - 0.09, y - 0.06, 0], [x1, y, 2.9]),
    slab([x0, y - 0.06, 2.8], [x1, y, 2.9]),
    slab([x0, y - 0.06, 2.2], [x1, y, 2.28]),
  )
  m.add('glass', glass(), slab([x0, y - 0.02, 2.28], [x1, y, 2.8]))
  m.add('door', look, slab([x0 + 0.09, y - 0.04, 0.05], [x1 - 0.09, y, 2.2]))
  for (const [a, b] of [
    [0.25, 0.95],
    [1.1, 2.0],
  ] as const)
    for (const t of [0.28, 0.72]) {
      const x = x0 + (x1 - x0) * t
      const w = (x1 - x0) * 0.15
      m.add('door', look, slab([x - w, y - 0.055, a], [x + w, y - 0.03, b]))
    }
  m.add('step', s.base, slab([x0 - 0.1, -0.3, 0], [x1 + 0.1, y, 0.12]))
}

function roof(m: Model, s: Style, k: Key, width: number, depth: number, top: number, bays: number): void {
  if (s.top === 'parapet' || s.top === 'flat') {
    const h = s.top === 'flat' ? 0.35 : k.fork('h').uniform(0.6, 1)
    m.add(
      'wall',
      s.wall,
      slab([0, 0, top], [width, 0.25, top + h]),
      slab([0, 0.25, top], [0.25, depth, top + h]),
      slab([width - 0.25, 0.25, top], [width, depth, top + h]),
    )
    m.add('ornament', s.ornament, slab([-0.04, -0.12, top + h], [width + 0.04, 0.32, top + h + 0.1]))
    if (s.top === 'parapet') m.add('ornament', s.ornament, slab([0, -0.2, top - 0.12], [width, 0.05, top + 0.06]))
    return
  }
  // Eaves or a cornice, then a roof that rises from them.
  const out = s.top === 'mansard' ? 0.35 : 0.45
  m.add(
    'ornament',
    s.ornament,
    slab([0, -out, top - 0.05], [width, 0.1, top + 0.14]),
    slab([0, -out * 0.6, top - 0.24], [width, 0.05, top - 0.05]),
  )
  m.add(
    'pipe',
    plain('#6f7275', 'pipe', 0.4),
    tube(
      [
        [0, -out - 0.05, top + 0.1],
        [width, -out - 0.05, top + 0.1],
      ],
      0.07,
      { segments: 8 },
    ),
  )
  const rise = s.top === 'mansard' ? 2.7 : depth * 0.36
  const edge: [number, number][] =
    s.top === 'mansard'
      ? [
          [-out + 0.05, top + 0.14],
          [0.75, top + rise],
          [depth / 2, top + rise + 0.7],
          [depth, top + rise],
        ]
      : [
          [-out, top + 0.1],
          [depth / 2, top + rise],
          [depth + out, top + 0.1],
        ]
  const ring = (x: number): Vec3[] => [...edge.map(([y, z]): Vec3 => [x, y, z]), [x, depth, top - 0.02], [x, 0, top - 0.02]]
  m.add('roof', s.roof, loft([ring(width), ring(0)], { crease: 0.2 }))
  if (s.top === 'gable') {
    const lines = 9
    for (let i = 1; i < lines; i++) {
      const t = i / lines
      const y = -out + (depth / 2 + out) * t
      const z = top + 0.1 + (rise - 0.1) * t
      m.add('roof', s.roof, slab([0, y, z], [width, y + 0.05, z + 0.06]))
    }
  }
  const dormers = s.top === 'mansard' ? bays : k.fork('dormers').uniform() < 0.5 ? Math.max(1, Math.floor(bays / 2)) : 0
  for (let i = 0; i < dormers; i++) {
    const x = ((i + 0.5) * width) / dormers
    const z = top + (s.top === 'mansard' ? 0.55 : 0.75)
    const [y0, y1] = s.top === 'mansard' ? [-0.05, 1.2] : [0.75, 3.2]
    m.add('wall', s.wall, slab([x - 0.65, y0, z - 0.2], [x + 0.65, y1, z + 1.55]))
    m.add('roof', s.roof, slab([x - 0.78, y0 - 0.15, z + 1.55], [x + 0.78, y1, z + 1.68]))
    m.add('frames', s.frame, slab([x - 0.5, y0 - 0.03, z], [x + 0.5, y0, z + 1.4]))
    for (const d of [-1, 1])
      m.add('glass', glass(), slab([x + (d > 0 ? 0.03 : -0.44), y0 - 0.04, z + 0.07], [x + (d > 0 ? 0.44 : -0.03), y0 - 0.02, z + 1.33]))
  }
  for (const u of k.fork('chimney').uniform() < 0.8 ? [k.fork('at').uniform(0.1, 0.3), k.fork('at2').uniform(0.7, 0.9)] : []) {
    const x = u * width
    m.add(
      'chimney',
      preset('brick', { size: 256, seed: 1 }),
      slab([x - 0.35, depth / 2 - 0.9, top + rise - 0.8], [x + 0.35, depth / 2 - 0.2, top + rise + 1.3]),
    )
    for (const d of [-0.15, 0.15])
      m.add(
        'pots',
        plain('#8a4a34', 'pots', 0.8),
        cylinder(0.1, 0.35, { segments: 12 })
          .at([x + d, depth / 2 - 0.55, top + rise + 1.3])
          .intangible(),
      )
  }
}
