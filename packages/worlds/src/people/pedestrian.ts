/** People in the street: clothed figures that walk, one mesh on a tree of joints. They look along +X; the origin is on the ground between the feet. */
import { type Key, portable, type Quat, quat, type Vec3, vec3 } from '@dioramic/scene'
import type { MaterialDraft } from '../builder/material.ts'
import { material } from '../builder/material.ts'
import type { ObjectDraft, PoseInput } from '../builder/object.ts'
import { mesh } from '../builder/shapes.ts'
import { polygon } from '../solids/polygon.ts'
import { cushion, loft } from '../solids/round.ts'
import { join, type Solid } from '../solids/solid.ts'
import { srgb } from '../toolkit/colors.ts'

/** Joint, its parent, its place at rest in the figure's frame for a height of 1.75 m. */
const JOINTS = [
  ['hips', undefined, [0, 0, 0.95]],
  ['chest', 'hips', [0, 0, 1.16]],
  ['head', 'chest', [0, 0, 1.5]],
  ...(['left', 'right'] as const).flatMap(side => {
    const s = side === 'left' ? 1 : -1
    return [
      [`${side}-arm`, 'chest', [0, 0.19 * s, 1.43]],
      [`${side}-forearm`, `${side}-arm`, [0, 0.21 * s, 1.14]],
      [`${side}-leg`, 'hips', [0, 0.09 * s, 0.92]],
      [`${side}-shin`, `${side}-leg`, [0, 0.095 * s, 0.5]],
      [`${side}-foot`, `${side}-shin`, [0, 0.1 * s, 0.09]],
    ] as [string, string, Vec3][]
  }),
] as readonly (readonly [string, string | undefined, Vec3])[]
const indexOf = (name: string) => JOINTS.findIndex(j => j[0] === name)

type Section = readonly [x: number, y: number, z: number, rx: number, ry: number]

/** A limb through elliptical sections from below to above. */
const limb = (sections: readonly Section[], n = 16): Solid =>
  loft(
    sections.map(([x, y, z, rx, ry]) => polygon(n).map(([c, s]): Vec3 => [x + rx * c, y + ry * s, z])),
    { crease: 1.2 },
  )

const SKINS = ['#e8c1a0', '#d9a47c', '#b97f56', '#8a5a3a', '#5e3b26'] as const
const HAIRS = ['#1d1613', '#3a281d', '#6a4a2c', '#a6844f', '#8d8d8a'] as const
const TOPS = [
  '#2f3b52',
  '#6f2c2c',
  '#3f5a46',
  '#8a8a86',
  '#c9b48a',
  '#1f2124',
  '#b8552e',
  '#4a6f95',
  '#d8d6cf',
  '#7a3f5c',
  '#c79a2e',
  '#2e6a6a',
  '#5b4636',
  '#a9bfd0',
  '#93352f',
  '#55603a',
] as const
const BOTTOMS = ['#26303f', '#3b3a38', '#5a5348', '#1d1e20', '#6c7684', '#7d6a52', '#3d4a3a'] as const

/** Colours of what somebody wears above and below. */
export interface Outfit {
  readonly top: string
  readonly bottom: string
}

/** Clothes of so many people: as many colours of jackets as there are come before one comes again. */
export function outfits(key: Key, count: number): Outfit[] {
  const [tops, bottoms] = [key.fork('tops').shuffle(TOPS), key.fork('bottoms').shuffle(BOTTOMS)]
  return Array.from({ length: count }, (_, i) => ({ top: tops[i % tops.length]!, bottom: bottoms[i % bottoms.length]! }))
}

const cloth = (color: string, name: string): MaterialDraft =>
  material({ baseColor: [...srgb(color)] as [number, number, number], roughness: 0.85, specular: 0.4 }, name)

/** How a walk turns the joints at a phase of its cycle, 0–1: angles about −Y (forwards), radians; from slow gait tables (Winter 1991). */
function gait(phase: number): Record<string, number> {
  const out: Record<string, number> = {}
  for (const [side, shift] of [
    ['left', 0],
    ['right', 0.5],
  ] as const) {
    const a = 2 * Math.PI * (phase + shift)
    const swing = portable.sin(a)
    out[`${side}-leg`] = 0.42 * swing + 0.06
    // The knee bends while the leg comes forward.
    const bend = portable.sin(a + 1.1)
    out[`${side}-shin`] = -0.1 - 0.75 * Math.max(0, bend) * Math.max(0, bend)
    out[`${side}-foot`] = 0.12 * portable.sin(a + 2.4)
    out[`${side}-arm`] = -0.38 * swing
    out[`${side}-forearm`] = 0.28 + 0.16 * Math.max(0, -swing)
  }
  return out
}

export interface Walk {
  /** m/s; 0 stands. */
  readonly speed: number
  /** Seconds over which the walk is keyed. */
  readonly start: number
  readonly end: number
}

/** Somebody in an outfit, `posed` by the walk. */
export function pedestrian(key: Key, walk: Walk, outfit: Outfit): ObjectDraft {
  const skin = material({ baseColor: [...srgb(key.fork('skin').choice(SKINS))] as [number, number, number], roughness: 0.55 }, 'skin')
  const hair = cloth(key.fork('hair').choice(HAIRS), 'hair')
  const top = cloth(outfit.top, 'jacket')
  const bottom = cloth(outfit.bottom, 'trousers')
  const shoes = cloth(key.fork('shoes').choice(['#1a1a1b', '#4a3524', '#d8d8d5'] as const), 'shoes')
  const stout = key.fork('stout').uniform(0.9, 1.15)
  const coat = key.fork('coat').uniform() < 0.4
  const skirt = !coat && key.fork('skirt').uniform() < 0.25
  const long = key.fork('long-hair').uniform() < 0.45
  type Part = readonly [joint: string, part: string, look: MaterialDraft, solid: Solid]
  const g = stout
  const parts: Part[] = [
    [
      'hips',
      'trousers',
      bottom,
      limb([
        [0, 0, 0.83, 0.06, 0.08],
        [0, 0, 0.88, 0.115 * g, 0.165 * g],
        [0, 0, 0.96, 0.115 * g, 0.168 * g],
        [0, 0, 1.04, 0.105 * g, 0.15 * g],
      ]),
    ],
    [
      'chest',
      'jacket',
      top,
      limb(
        [
          [0, 0, coat ? 0.72 : 0.95, (coat ? 0.145 : 0.12) * g, (coat ? 0.2 : 0.172) * g],
          [0, 0, 1.0, 0.122 * g, 0.172 * g],
          [0, 0, 1.12, 0.11 * g, 0.158 * g],
          [0.005, 0, 1.28, 0.122 * g, 0.182 * g],
          [0, 0, 1.4, 0.11 * g, 0.19 * g],
          [-0.005, 0, 1.45, 0.085, 0.14],
          [0, 0, 1.5, 0.062, 0.068],
        ],
        22,
      ),
    ],
    [
      'head',
      'skin',
      skin,
      join(
        limb([
          [0, 0, 1.46, 0.05, 0.052],
          [0.008, 0, 1.54, 0.05, 0.05],
        ]),
        limb(
          [
            [0.035, 0, 1.52, 0.03, 0.034],
            [0.025, 0, 1.545, 0.062, 0.058],
            [0.012, 0, 1.6, 0.084, 0.07],
            [0.006, 0, 1.66, 0.092, 0.074],
            [0, 0, 1.71, 0.082, 0.068],
            [-0.005, 0, 1.745, 0.04, 0.036],
          ],
          20,
        ),
        cushion([0.035, 0.022, 0.04], 2, 2).at([0.105, 0, 1.6]),
      ),
    ],
    [
      'head',
      'hair',
      hair,
      limb(
        [
          [-0.05, 0, long ? 1.46 : 1.56, long ? 0.05 : 0.045, long ? 0.075 : 0.06],
          [-0.03, 0, 1.62, 0.078, 0.08],
          [-0.012, 0, 1.675, 0.092, 0.083],
          [-0.006, 0, 1.72, 0.085, 0.073],
          [-0.006, 0, 1.757, 0.042, 0.038],
        ],
        20,
      ),
    ],
  ]
  if (skirt)
    parts.push([
      'hips',
      'skirt',
      bottom,
      limb(
        [
          [0, 0, 0.52, 0.17, 0.21],
          [0, 0, 0.9, 0.128 * g, 0.178 * g],
          [0, 0, 1.02, 0.11 * g, 0.155 * g],
        ],
        24,
      ),
    ])
  for (const [side, s] of [
    ['left', 1],
    ['right', -1],
  ] as const) {
    const leg = skirt ? skin : bottom
    parts.push(
      [
        `${side}-leg`,
        skirt ? 'skin' : 'trousers',
        leg,
        limb([
          [0, 0.094 * s, 0.47, 0.058, 0.056],
          [0, 0.094 * s, 0.55, 0.062, 0.06],
          [0, 0.09 * s, 0.75, 0.08 * g, 0.078 * g],
          [0, 0.085 * s, 0.93, 0.09 * g, 0.085 * g],
        ]),
      ],
      [
        `${side}-shin`,
        skirt ? 'skin' : 'trousers',
        leg,
        limb([
          [-0.005, 0.1 * s, 0.07, skirt ? 0.036 : 0.056, skirt ? 0.036 : 0.052],
          [-0.01, 0.098 * s, 0.32, 0.058, 0.054],
          [0, 0.095 * s, 0.46, 0.055, 0.054],
          [0, 0.094 * s, 0.53, 0.05, 0.05],
        ]),
      ],
      [
        `${side}-foot`,
        'shoes',
        shoes,
        limb([
          [0.055, 0.102 * s, 0, 0.135, 0.046],
          [0.055, 0.102 * s, 0.03, 0.138, 0.048],
          [0.02, 0.1 * s, 0.075, 0.085, 0.044],
          [-0.01, 0.1 * s, 0.11, 0.045, 0.042],
        ]),
      ],
      [
        `${side}-arm`,
        'jacket',
        top,
        limb([
          [0, 0.212 * s, 1.12, 0.042, 0.04],
          [0, 0.205 * s, 1.3, 0.052, 0.048],
          [0, 0.19 * s, 1.41, 0.058, 0.05],
          [0, 0.165 * s, 1.455, 0.04, 0.04],
        ]),
      ],
      [
        `${side}-forearm`,
        'jacket',
        top,
        limb([
          [0.012, 0.216 * s, 0.9, 0.032, 0.032],
          [0.004, 0.214 * s, 1.08, 0.042, 0.04],
          [0, 0.212 * s, 1.15, 0.04, 0.038],
        ]),
      ],
      [
        `${side}-forearm`,
        'skin',
        skin,
        limb([
          [0.02, 0.215 * s, 0.745, 0.02, 0.012],
          [0.02, 0.216 * s, 0.8, 0.042, 0.022],
          [0.014, 0.216 * s, 0.86, 0.038, 0.024],
          [0.012, 0.216 * s, 0.91, 0.026, 0.026],
        ]),
      ],
    )
  }
  const order = [...new Set(parts.map(p => p[1]))]
  const sorted = order.flatMap(name => parts.filter(p => p[1] === name))
  const whole = join(...sorted.map(p => p[3]))
  const owners = sorted.flatMap(([joint, , , solid]) => new Array<number>(solid.positions.length / 3).fill(indexOf(joint)))
  const scale = key.fork('height').uniform(0.92, 1.06)
  const draft = mesh({
    positions: whole.positions.map(x => Math.round(x * 1e5) / 1e5),
    normals: whole.normals.map(x => Math.round(x * 1e6) / 1e6),
    indices: [...whole.indices],
    parts: order.map(name => ({ name, triangles: sorted.filter(p => p[1] === name).reduce((n, p) => n + p[3].indices.length / 3, 0) })),
    skin: {
      joints: JOINTS.map(([name, parent, at]) => ({
        name,
        ...(parent ? { parent } : {}),
        translation: [...vec3.sub(at, parent ? JOINTS[indexOf(parent)]![2] : [0, 0, 0])] as [number, number, number],
      })),
      indices: owners.flatMap(j => [j, 0, 0, 0]),
      weights: owners.flatMap(() => [1, 0, 0, 0]),
    },
  })
  return draft
    .named('pedestrian')
    .category('pedestrian')
    .material(order.map(name => sorted.find(p => p[1] === name)![2]))
    .scaled(scale)
    .posed(walking(key, walk, scale))
}

/** Keyframes of the joints: a cycle of two steps covers 1.4 m; who stands shifts a little. */
function walking(key: Key, { speed, start, end }: Walk, scale: number): PoseInput {
  const stride = 1.4 * scale
  const rate = speed / stride
  const first = key.fork('phase').uniform()
  const n = Math.max(2, Math.ceil((end - start) * 12) + 1)
  const times = Array.from({ length: n }, (_, i) => start + ((end - start) * i) / (n - 1))
  const stand: Record<string, number> = { 'left-forearm': 0.25, 'right-forearm': key.fork('arm').uniform(0.2, 1.3) }
  const at = times.map(t => (speed > 0 ? gait(first + rate * t) : stand))
  const joints: Record<string, { rotation: { keys: [number, [number, number, number, number]][]; interpolation: 'linear' } }> = {}
  for (const [name] of JOINTS) {
    if (at[0]![name] === undefined) continue
    const turn = (angle: number): Quat => quat.fromAxisAngle([0, -1, 0], angle)
    joints[name] = {
      rotation: { keys: times.map((t, i) => [t, [...turn(at[i]![name]!)] as [number, number, number, number]]), interpolation: 'linear' },
    }
  }
  return { joints }
}
