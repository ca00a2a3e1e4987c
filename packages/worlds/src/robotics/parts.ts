/** Workpieces: bolts, nuts, brackets and their kin, in the sizes of a fitter's bench. Their middle is the origin; hulls follow the surface. */
import { type Key, portable, type Vec3 } from '@dioramic/scene'
import { type MaterialDraft, material } from '../builder/material.ts'
import type { ObjectDraft } from '../builder/object.ts'
import { preset } from '../builder/preset.ts'
import { box } from '../solids/box.ts'
import { Model } from '../solids/model.ts'
import { polygon } from '../solids/polygon.ts'
import { prism } from '../solids/prism.ts'
import { cylinder, loft, tube } from '../solids/round.ts'
import type { Solid } from '../solids/solid.ts'
import { srgb } from '../toolkit/colors.ts'

/** Machined or zinc-plated steel, brass, or a plastic. */
export function stock(key: Key): MaterialDraft {
  const kind = key.fork('kind').choice(['steel', 'steel', 'zinc', 'brass', 'black', 'plastic'] as const)
  if (kind === 'brass') return preset('brass')
  if (kind === 'black') return material({ baseColor: [0.03, 0.03, 0.032], roughness: 0.45, ior: 1.5 }, 'burnished')
  if (kind === 'plastic')
    return material(
      {
        baseColor: [...srgb(key.fork('colour').choice(['#c23b22', '#2258a5', '#e0b020', '#2f7d4f', '#e8e6e0'] as const))],
        roughness: 0.35,
        ior: 1.5,
      },
      'plastic',
    )
  return material(
    { baseColor: kind === 'zinc' ? [0.66, 0.65, 0.6] : [0.56, 0.57, 0.58], metallic: 1, roughness: kind === 'zinc' ? 0.38 : 0.28 },
    kind,
  )
}

/** A hexagon across flats `s`, from z = 0 to h; it collides as the three boxes whose union it is, since the physics engine keeps four corners a face. */
function hexagon(s: number, h: number): Solid {
  const side = s / Math.sqrt(3)
  const body = prism(polygon(6, side), h, Math.min(0.0012, h / 5), 0.2)
  const hulls = [0, 1, 2].flatMap(
    i =>
      box([side, s, h], 0)
        .turned([0, 0, 1], (Math.PI / 3) * i)
        .at([0, 0, h / 2]).hulls,
  )
  return body.withHulls(hulls)
}

/** A bar that collides as one prism of sixteen sides, a fiftieth off at most: parts lie in heaps, where every hull of one meets every hull of others. */
function bar(radius: number, length: number, options: { bevel: number; segments: number }): Solid {
  const outline = polygon(16, radius * 1.01)
  return cylinder(radius, length, options).withHulls([outline.flatMap(([x, y]) => [x, y, 0, x, y, length])])
}

/** A bolt with a hexagonal head; the thread is a fine ridge. */
function bolt(key: Key): Model {
  const r = key.fork('radius').uniform(0.005, 0.008)
  const l = key.fork('length').uniform(0.045, 0.08)
  const look = stock(key.fork('look'))
  const turns = 14
  const n = 16
  const rings = Array.from({ length: 2 * turns + 1 }, (_, i) =>
    polygon(n, i % 2 ? r * 0.86 : r).map(([x, y]): Vec3 => [x, y, l * 0.35 * (1 - i / (2 * turns)) - l / 2]),
  )
  const thread = loft([...rings].reverse(), { crease: 0.2 })
  return new Model().add('head', look, hexagon(r * 3.4, r * 1.3).at([0, 0, l / 2 - r * 1.3])).add(
    'shank',
    look,
    bar(r, l - r * 1.3, { segments: 20, bevel: 0.0006 })
      .at([0, 0, -l / 2])
      .scaled([0.95, 0.95, 1]),
    thread.scaled([1.02, 1.02, 1]),
  )
}

/** A nut: six walls round its hole. */
function nut(key: Key): Model {
  const s = key.fork('size').uniform(0.024, 0.036)
  const [h, r] = [s * 0.45, s * 0.29]
  const outer = polygon(6, s / Math.sqrt(3))
  const n = 24
  const at = (p: readonly (readonly [number, number])[], z: number): Vec3[] =>
    Array.from({ length: n }, (_, i): Vec3 => {
      const [a, b] = [p[Math.floor((i * 6) / n)]!, p[(Math.floor((i * 6) / n) + 1) % 6]!]
      const t = ((i * 6) / n) % 1
      return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, z]
    })
  const hole = (z: number, grow = 0): Vec3[] => polygon(n, r + grow).map(([x, y]): Vec3 => [x, y, z])
  const body = loft(
    [
      hole(h / 2, 0.0008),
      hole(h / 2 - 0.0012),
      hole(-h / 2 + 0.0012),
      hole(-h / 2, 0.0008),
      at(outer, -h / 2),
      at(outer, h / 2),
      hole(h / 2, 0.0008),
    ],
    { caps: false, crease: 0.4 },
  )
  const walls = outer.map((a, i) => {
    const b = outer[(i + 1) % 6]!
    const k = (r + 0.0005) / (s / Math.sqrt(3))
    return [a, b].flatMap(p => [-h / 2, h / 2].flatMap(z => [p[0], p[1], z, p[0] * k, p[1] * k, z]))
  })
  return new Model().add('nut', stock(key.fork('look')), body.withHulls(walls))
}

/** An angle of sheet metal with two ribs. */
function bracket(key: Key): Model {
  const [a, b, w, t] = [key.fork('a').uniform(0.05, 0.07), key.fork('b').uniform(0.04, 0.06), key.fork('w').uniform(0.03, 0.045), 0.004]
  const look = stock(key.fork('look'))
  const m = new Model().add(
    'plate',
    look,
    box([a, w, t], 0.0008).at([0, 0, -b / 2 + t / 2]),
    box([t, w, b], 0.0008).at([-a / 2 + t / 2, 0, 0]),
  )
  const rib = prism(
    [
      [-a / 2 + t, -b / 2 + t],
      [a * 0.1, -b / 2 + t],
      [-a / 2 + t, b * 0.15],
    ],
    0.003,
    0.0005,
  ).turned([1, 0, 0], Math.PI / 2)
  for (const y of [-w * 0.3, w * 0.3 + 0.003]) m.add('ribs', look, rib.at([0, y, 0]))
  const screw = material({ baseColor: [0.02, 0.02, 0.02], roughness: 0.8 }, 'hole')
  m.add(
    'holes',
    screw,
    cylinder(0.0045, 0.0004, { segments: 18, bevel: 0.0001 })
      .at([a * 0.28, 0, -b / 2 + t])
      .intangible(),
    cylinder(0.0045, 0.0004, { segments: 18, bevel: 0.0001 })
      .turned([0, 1, 0], Math.PI / 2)
      .at([-a / 2 + t, 0, b * 0.3])
      .intangible(),
  )
  return m
}

/** A stepped shaft with a collar. */
function shaft(key: Key): Model {
  const r = key.fork('radius').uniform(0.009, 0.013)
  const l = key.fork('length').uniform(0.07, 0.1)
  const look = stock(key.fork('look'))
  const c = (radius: number, from: number, to: number) => bar(radius, to - from, { segments: 28, bevel: 0.0012 }).at([0, 0, from])
  return new Model().add(
    'shaft',
    look,
    c(r * 0.75, -l / 2, -l * 0.1),
    c(r * 1.35, -l * 0.1, 0),
    c(r, 0, l * 0.35),
    c(r * 0.6, l * 0.35, l / 2),
  )
}

/** An elbow of pipe with flanges at its ends. */
function elbow(key: Key): Model {
  const r = key.fork('radius').uniform(0.01, 0.014)
  const bend = 0.035
  const look = stock(key.fork('look'))
  const path = (stretches: number) =>
    Array.from({ length: stretches + 1 }, (_, i): Vec3 => {
      const a = (Math.PI / 2) * (i / stretches)
      return [bend * portable.sin(a) - bend / 2, 0, bend * (1 - portable.cos(a)) - bend / 2]
    })
  const [start, end] = [path(1)[0]!, path(1)[1]!]
  return new Model().add(
    'pipe',
    look,
    tube(path(6), r, { segments: 20 }).withHulls(tube(path(4), r, { segments: 12, solid: true }).hulls),
    bar(r * 1.45, 0.006, { segments: 28, bevel: 0.001 })
      .turned([0, 1, 0], Math.PI / 2)
      .at([start[0] - 0.006, 0, start[2]]),
    bar(r * 1.45, 0.006, { segments: 28, bevel: 0.001 }).at(end),
  )
}

/** A housing: a block with a boss. */
function housing(key: Key): Model {
  const [w, d, h] = [key.fork('w').uniform(0.05, 0.065), key.fork('d').uniform(0.035, 0.045), key.fork('h').uniform(0.02, 0.028)]
  const look = stock(key.fork('look'))
  const m = new Model().add(
    'block',
    look,
    box([w, d, h], 0.003),
    bar(d * 0.32, h * 0.6, { segments: 28, bevel: 0.0015 }).at([w * 0.12, 0, h / 2]),
  )
  const dark = material({ baseColor: [0.02, 0.02, 0.02], roughness: 0.8 }, 'hole')
  for (const x of [-1, 1])
    for (const y of [-1, 1])
      m.add(
        'holes',
        dark,
        cylinder(0.003, 0.0004, { segments: 14, bevel: 0.0001 })
          .at([x * (w / 2 - 0.007), y * (d / 2 - 0.007), h / 2])
          .intangible(),
      )
  return m
}

const MAKERS = { bolt, bracket, elbow, housing, nut, shaft } as const
export type PartName = keyof typeof MAKERS
export const PARTS = Object.keys(MAKERS) as readonly PartName[]

/** A workpiece by name; the key draws its proportions and what it is made of. */
export const part = (name: PartName, key: Key): ObjectDraft => MAKERS[name](key).draft(name, key)
