/** Passenger cars, vans and pick-ups: one body through cross-sections, a glass house upon it, wheels in their arches. */
import { type Key, portable, type Vec3 } from '@dioramic/scene'
import type { MaterialDraft } from '../builder/material.ts'
import { material } from '../builder/material.ts'
import type { ObjectDraft } from '../builder/object.ts'
import { box } from '../solids/box.ts'
import { Model } from '../solids/model.ts'
import { polygon } from '../solids/polygon.ts'
import { cylinder, lathe, loft, tube } from '../solids/round.ts'
import type { Solid } from '../solids/solid.ts'
import { srgb } from '../toolkit/colors.ts'

/** Lengths in metres. The car looks along +X; its origin is on the ground below its middle. */
export interface CarShape {
  readonly length: number
  readonly width: number
  readonly wheelbase: number
  readonly wheel: number
  /** Height of the sills above the ground. */
  readonly clearance: number
  /** The body's upper line from the nose to the tail: share of the length from the tail (0) to the nose (1), height. */
  readonly line: readonly (readonly [number, number])[]
  /** The glass house: x of its foot in front and behind, of its roof in front and behind (shares of the length), roof's height. */
  readonly house: readonly [number, number, number, number, number]
  /** Where the second row's windows end; sheet metal from there to the tail for vans. */
  readonly blind?: boolean
}

export const CARS = {
  hatchback: {
    length: 4.05,
    width: 1.74,
    wheelbase: 2.53,
    wheel: 0.31,
    clearance: 0.2,
    line: [
      [0, 0.86],
      [0.03, 0.98],
      [0.6, 0.95],
      [0.74, 0.9],
      [0.93, 0.74],
      [1, 0.58],
    ],
    house: [0.77, 0.03, 0.56, 0.14, 1.47],
  },
  saloon: {
    length: 4.65,
    width: 1.82,
    wheelbase: 2.75,
    wheel: 0.32,
    clearance: 0.19,
    line: [
      [0, 0.82],
      [0.03, 0.98],
      [0.2, 1.0],
      [0.62, 0.95],
      [0.74, 0.91],
      [0.94, 0.75],
      [1, 0.58],
    ],
    house: [0.755, 0.12, 0.545, 0.28, 1.44],
  },
  estate: {
    length: 4.7,
    width: 1.83,
    wheelbase: 2.78,
    wheel: 0.32,
    clearance: 0.19,
    line: [
      [0, 0.84],
      [0.025, 0.98],
      [0.62, 0.95],
      [0.74, 0.91],
      [0.94, 0.75],
      [1, 0.58],
    ],
    house: [0.755, 0.02, 0.55, 0.08, 1.48],
  },
  suv: {
    length: 4.6,
    width: 1.88,
    wheelbase: 2.7,
    wheel: 0.36,
    clearance: 0.25,
    line: [
      [0, 0.95],
      [0.03, 1.1],
      [0.6, 1.08],
      [0.73, 1.03],
      [0.94, 0.9],
      [1, 0.68],
    ],
    house: [0.75, 0.02, 0.57, 0.1, 1.69],
  },
  van: {
    length: 5.3,
    width: 1.98,
    wheelbase: 3.3,
    wheel: 0.34,
    clearance: 0.24,
    line: [
      [0, 1.16],
      [0.02, 1.2],
      [0.72, 1.16],
      [0.84, 1.08],
      [0.97, 0.88],
      [1, 0.62],
    ],
    house: [0.9, 0.01, 0.74, 0.015, 2.15],
    blind: true,
  },
} as const satisfies Record<string, CarShape>
export type CarName = keyof typeof CARS

const PAINTS = [
  '#c8ccd0',
  '#8d949b',
  '#3a3f45',
  '#101214',
  '#e9eaea',
  '#7c1f1f',
  '#1f3d6b',
  '#2d5a48',
  '#a8552f',
  '#d8b13a',
  '#5b6f86',
  '#b9a78a',
] as const

/** Glossy lacquer, metallic or plain. */
export function carPaint(key: Key): MaterialDraft {
  const metallic = key.fork('metallic').uniform() < 0.5
  return material(
    {
      baseColor: [...srgb(key.fork('colour').choice(PAINTS))] as [number, number, number],
      metallic: metallic ? 0.45 : 0,
      roughness: metallic ? 0.26 : 0.12,
      ior: 1.55,
    },
    'car-paint',
  )
}

export const tyre = (): MaterialDraft => material({ baseColor: [0.018, 0.018, 0.019], roughness: 0.75 }, 'tyre')
export const alloy = (): MaterialDraft => material({ baseColor: [0.55, 0.56, 0.57], metallic: 1, roughness: 0.3 }, 'alloy')
export const trim = (): MaterialDraft => material({ baseColor: [0.02, 0.02, 0.021], roughness: 0.45 }, 'trim')
/** What a car's windows look like from outside: dark, with the sky in it. */
export const pane = (): MaterialDraft => material({ baseColor: [0.012, 0.016, 0.018], roughness: 0.03, ior: 1.52 }, 'pane')
export const lampGlass = (color: Vec3, radiance: number): MaterialDraft =>
  material(
    {
      baseColor: [...color] as [number, number, number],
      roughness: 0.08,
      ior: 1.5,
      emission: [...color] as [number, number, number],
      emissionStrength: radiance,
    },
    'lamp',
  )

/** A wheel about the Y axis: tyre, rim with spokes. Its middle is the origin, its outer side is +Y. */
export function addWheel(m: Model, radius: number, width: number, at: Vec3, side: 1 | -1): void {
  const put = (s: Solid) =>
    s
      .turned([1, 0, 0], (-side * Math.PI) / 2)
      .at(at)
      .intangible()
  const [r, w, k] = [radius, width / 2, radius * 0.66]
  m.add(
    'tyres',
    tyre(),
    put(
      lathe(
        [
          [k, -w],
          [r * 0.94, -w],
          [r, -w * 0.6],
          [r, w * 0.6],
          [r * 0.94, w],
          [k, w * 0.9],
          [k, -w],
        ],
        { segments: 28 },
      ),
    ),
  )
  m.add(
    'rims',
    alloy(),
    put(
      lathe(
        [
          [0, w * 0.55],
          [k * 0.25, w * 0.6],
          [k * 0.3, w * 0.3],
          [k * 0.86, w * 0.25],
          [k * 0.9, w * 0.85],
          [k, w * 0.9],
          [k, -w],
          [0, -w],
        ],
        { segments: 28 },
      ),
    ),
  )
  for (let i = 0; i < 5; i++)
    m.add(
      'rims',
      alloy(),
      put(
        box([k * 0.16, k * 0.82, w * 0.3], 0.004)
          .at([0, k * 0.48, w * 0.62])
          .turned([0, 0, 1], (2 * Math.PI * i) / 5),
      ),
    )
}

/** A ring in the plane x, through `n` points: a rounded box from the sill to the belt, fuller at the hip than at the sill. */
function section(x: number, half: number, low: number, high: number, n = 28): Vec3[] {
  const mid = (low + high) / 2
  const p = 4.2
  return polygon(n).map(([c, s]): Vec3 => {
    const y = Math.sign(c) * portable.pow(Math.abs(c), 2 / p)
    const z = Math.sign(s) * portable.pow(Math.abs(s), 2 / p)
    const tuck = z > 0 ? 1 - 0.07 * z * z : 1 - 0.05 * z * z
    return [x, half * y * tuck, mid + ((high - low) / 2) * z]
  })
}

/** A level ring at a height: a rectangle from x0 to x1 with round corners, narrower towards the front. */
function level(x0: number, x1: number, half: number, z: number, nose: number, n = 36): Vec3[] {
  const p = 7
  return polygon(n).map(([c, s]): Vec3 => {
    const x = Math.sign(c) * portable.pow(Math.abs(c), 2 / p)
    const taper = 1 - nose * Math.max(0, x)
    return [(x0 + x1) / 2 + ((x1 - x0) / 2) * x, half * taper * Math.sign(s) * portable.pow(Math.abs(s), 2 / p), z]
  })
}

/** Height of the body's upper line at a share of its length. */
function lineAt(line: CarShape['line'], u: number): number {
  const i = Math.max(
    1,
    line.findIndex(([x]) => x >= u),
  )
  const [a, b] = [line[i - 1]!, line[i]!]
  const t = (u - a[0]) / (b[0] - a[0])
  return a[1] + (b[1] - a[1]) * Math.min(1, Math.max(0, t))
}

/** The same car in another paint. */
export const repainted = (draft: ObjectDraft, paint: MaterialDraft): ObjectDraft =>
  draft.material(draft.fields.materials.map(m => (m.name === 'car-paint' ? paint : m)))

/** A car in its own frame. `lights` is the radiance of its lamps: 0 by day. */
export function car(key: Key, name: CarName, lights = 0): ObjectDraft {
  const shape: CarShape = CARS[name]
  const { length: l, width: w, clearance: c, line } = shape
  const X = (u: number) => (u - 0.5) * l
  const m = new Model()
  const paint = carPaint(key.fork('paint'))
  const n = 22
  const rings = Array.from({ length: n + 1 }, (_, i) => {
    const u = i / n
    // The plan narrows towards both ends, more in front; nose and tail are rounded.
    const end = Math.min(u, 1 - u) * l
    const round = end < 0.35 ? Math.sqrt(1 - (1 - end / 0.35) * (1 - end / 0.35)) : 1
    const plan = (u > 0.5 ? 1 - 0.1 * portable.pow((u - 0.5) * 2, 3) : 1 - 0.07 * portable.pow((0.5 - u) * 2, 3)) * (0.82 + 0.18 * round)
    const high = lineAt(line, u)
    return section(X(u), (w / 2) * plan, c + 0.1 * (1 - round) + (u > 0.9 || u < 0.08 ? 0.04 : 0), high)
  })
  m.add('body', paint, loft(rings, { crease: 0.8 }))
  // The glass house, its roof and its pillars.
  const [ff, fr, rf, rr, top] = shape.house
  const belt = Math.max(lineAt(line, (ff + fr) / 2), lineAt(line, rr)) - 0.06
  const [hw, rw] = [(w / 2) * 0.91, (w / 2) * (shape.blind ? 0.86 : 0.72)]
  const foot = level(X(fr), X(ff), hw, belt, 0.1)
  const head = level(X(rr), X(rf), rw, top - 0.07, 0.06)
  m.add('windows', pane(), loft([foot, head], { caps: false, crease: 0.9 }))
  m.add(
    'body',
    paint,
    loft(
      [
        head,
        level(X(rr) - 0.01, X(rf) + 0.01, rw + 0.008, top - 0.055, 0.06),
        level(X(rr) + 0.08, X(rf) - 0.1, rw - 0.06, top - 0.012, 0.06),
        level(X(rr) + 0.35, X(rf) - 0.4, rw - 0.25, top, 0.06),
      ],
      { crease: 1 },
    ),
  )
  const at = (ring: readonly Vec3[], k: number) => ring[k % ring.length]!
  for (const k of [4, 32, 13, 23]) m.add('body', paint, tube([at(foot, k), at(head, k)], 0.042, { segments: 8 }))
  for (const [u, r] of shape.blind
    ? ([[0.72, 0.05]] as const)
    : ([
        [0.42, 0.035],
        [0.19 + rr * 0.25, 0.03],
      ] as const))
    for (const s of [1, -1]) {
      const z = (t: number): Vec3 => [X(u + (t - 0.5) * -0.015), s * (hw + (rw - hw) * t) * 1.005, belt + (top - 0.07 - belt) * t]
      m.add('body', shape.blind ? paint : trim(), tube([z(0), z(1)], r, { segments: 8 }))
    }
  if (shape.blind) {
    // Sheet metal behind the driver's door.
    const [a, b] = [X(rr), X(0.7)]
    m.add(
      'body',
      paint,
      loft([level(X(fr) - 0.004, b, hw + 0.012, belt - 0.02, 0), level(a - 0.004, b, rw + 0.012, top - 0.06, 0)], {
        caps: false,
        crease: 0.9,
      }),
    )
  }
  // Wheels stand in dark arches.
  const track = w / 2 - 0.1
  for (const x of [-shape.wheelbase / 2 - 0.02 * l, shape.wheelbase / 2 - 0.02 * l])
    for (const s of [1, -1] as const) {
      m.add(
        'trim',
        trim(),
        cylinder(shape.wheel * 1.16, 0.1, { segments: 30, bevel: 0.01 })
          .turned([1, 0, 0], (-s * Math.PI) / 2)
          .at([x, s * (track - 0.015), shape.wheel * 1.03])
          .intangible(),
      )
      addWheel(m, shape.wheel, 0.2, [x, s * (track + 0.01), shape.wheel], s)
    }
  // Sills, bumpers, grille, lamps, plates, mirrors, handles.
  const front = (u: number, y: number, z: number): Vec3 => [X(u), y, z]
  for (const s of [1, -1]) {
    m.add('trim', trim(), box([shape.wheelbase - 2.6 * shape.wheel, 0.05, 0.09], 0.02).at([-0.02 * l, s * (w / 2 - 0.06), c + 0.05]))
    const zl = lineAt(line, 0.965) - 0.1
    m.add(
      'headlamps',
      lampGlass([0.75, 0.78, 0.8], lights * 12),
      box([0.24, 0.36, 0.13], 0.05)
        .turned([0, 0, 1], -s * 0.32)
        .at(front(0.968, s * (w / 2 - 0.3), zl)),
    )
    m.add(
      'tail-lamps',
      lampGlass([0.45, 0.02, 0.015], 0.3 + lights * 2),
      box([0.14, 0.24, 0.2], 0.04)
        .turned([0, 0, 1], s * 0.25)
        .at(front(0.017, s * (w / 2 - 0.22), lineAt(line, 0.03) - 0.17)),
    )
    m.add('body', paint, box([0.11, 0.2, 0.13], 0.04).at([X(ff) - 0.3, s * (w / 2 + 0.06), belt + 0.1]))
    for (const u of shape.blind ? [0.68] : [0.57, 0.34])
      m.add('trim', trim(), box([0.16, 0.02, 0.025], 0.008).at([X(u - 0.06), s * (w / 2 - 0.012), belt - 0.12]))
    for (const u of shape.blind ? [0.62, 0.84] : [0.22, 0.435, 0.665])
      m.add('trim', trim(), box([0.008, 0.012, belt - c - 0.22], 0.002).at([X(u), s * (w / 2 - 0.005), (belt + c) / 2 + 0.06]))
  }
  m.add(
    'trim',
    trim(),
    box([0.1, w * 0.5, 0.12], 0.03).at(front(0.99, 0, lineAt(line, 0.97) - 0.2)),
    box([0.12, w * 0.8, 0.1], 0.03).at(front(0.987, 0, c + 0.16)),
    box([0.12, w * 0.78, 0.1], 0.03).at(front(0.012, 0, c + 0.16)),
  )
  m.add(
    'plates',
    material({ baseColor: [0.75, 0.75, 0.72], roughness: 0.5 }, 'plate'),
    box([0.02, 0.52, 0.11], 0.004).at(front(1.001, 0, c + 0.25)),
    box([0.02, 0.52, 0.11], 0.004).at(front(-0.001, 0, c + 0.42)),
  )
  return m.draft('car').tagged({ vehicle_label: name })
}
