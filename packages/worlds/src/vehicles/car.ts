/** Passenger cars: one body through cross-sections, a glass house upon it, wheels in their arches, and what is pressed on its skin. */
import { type Key, portable, type Vec3 } from '@dioramic/scene'
import type { MaterialDraft } from '../builder/material.ts'
import type { ObjectDraft } from '../builder/object.ts'
import { box } from '../solids/box.ts'
import { Model } from '../solids/model.ts'
import { polygon } from '../solids/polygon.ts'
import { loft, tube } from '../solids/round.ts'
import type { Solid } from '../solids/solid.ts'
import { addPlate, addWheel, alloy, archOf, carPaint, lampGlass, pane, reflector, reversingLamp, tailLamp, trim } from './parts.ts'
import { around, mirrored, type Quad, Skin, type Spot } from './skin.ts'

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
} as const satisfies Record<string, CarShape>
export type CarName = keyof typeof CARS

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

/** Distances from an end at which the body has a cross-section: close together where it is rounded. */
const ENDS = [0, 0.015, 0.05, 0.1, 0.17, 0.26, 0.36]

function bodyOf({ length: l, width: w, clearance: c, line }: CarShape): Solid {
  const n = 16
  const inner = Array.from({ length: n - 1 }, (_, i) => ENDS[6]! / l + ((1 - (2 * ENDS[6]!) / l) * (i + 1)) / n)
  const stations = [...ENDS.map(d => d / l), ...inner, ...ENDS.map(d => 1 - d / l).reverse()]
  return loft(
    stations.map(u => {
      // The plan narrows towards both ends, more in front; nose and tail are rounded.
      const end = Math.min(u, 1 - u) * l
      const round = end < 0.35 ? Math.sqrt(1 - (1 - end / 0.35) * (1 - end / 0.35)) : 1
      const full = u > 0.5 ? 0.82 + 0.18 * round : 0.88 + 0.12 * round
      const plan = (u > 0.5 ? 1 - 0.1 * portable.pow((u - 0.5) * 2, 3) : 1 - 0.05 * portable.pow((0.5 - u) * 2, 3)) * full
      const lift = 0.04 * Math.min(1, Math.max(0, 1.5 - end / 0.3))
      return section((u - 0.5) * l, (w / 2) * plan, c + 0.1 * (1 - round) + lift, lineAt(line, u))
    }),
    { crease: 0.8 },
  )
}

/** Lid or tailgate, lamps round the corners, number plate in its recess, bumper. */
function addTail(m: Model, key: Key, skin: Skin, shape: CarShape, paint: MaterialDraft, lights: number): void {
  const { width: w, clearance: c, line } = shape
  const half = w / 2
  const top = lineAt(line, 0.03)
  const low = c + 0.34
  const on = (quad: Quad, stands: number, round = 0) => skin.patch('rear', quad, { stands, round, depth: 0.17, columns: 6 })
  const lid = half * 0.6
  m.add(
    'trim',
    trim(),
    skin.seam(
      'rear',
      [
        [-lid, top - 0.03],
        [-lid, low + 0.03],
        [lid, low + 0.03],
        [lid, top - 0.03],
      ],
      0.012,
    ),
    skin.seam(
      'rear',
      [
        [-half * 0.8, low],
        [half * 0.8, low],
      ],
      0.012,
    ),
  )
  const lamp: Quad = [
    [half * 0.58, top - 0.27],
    [half * 0.92, top - 0.24],
    [half * 0.92, top - 0.08],
    [half * 0.58, top - 0.1],
  ]
  const part = (from: number, to: number): Quad => {
    const at = (a: Spot, b: Spot, t: number): Spot => [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t]
    return [at(lamp[0], lamp[1], from), at(lamp[0], lamp[1], to), at(lamp[3], lamp[2], to), at(lamp[3], lamp[2], from)]
  }
  for (const side of [(q: Quad) => q, mirrored]) {
    m.add(
      'trim',
      trim(),
      on(
        side([
          [half * 0.55, top - 0.285],
          [half * 0.94, top - 0.255],
          [half * 0.94, top - 0.065],
          [half * 0.55, top - 0.085],
        ]),
        0.004,
        0.2,
      ),
    )
    m.add('tail-lamps', tailLamp(lights), on(side(part(0.3, 1)), 0.01, 0.15))
    m.add('reversing-lamps', reversingLamp(), on(side(part(0, 0.27)), 0.01, 0.15))
    m.add('reflectors', reflector(), on(side(around([half * 0.62, c + 0.22], 0.16, 0.035)), 0.034))
  }
  m.add(
    'body',
    paint,
    on(
      [
        [-half * 0.93, c + 0.15],
        [half * 0.93, c + 0.15],
        [half * 0.93, low - 0.02],
        [-half * 0.93, low - 0.02],
      ],
      0.026,
    ),
  )
  m.add(
    'trim',
    trim(),
    on(
      [
        [-half * 0.8, c + 0.09],
        [half * 0.8, c + 0.09],
        [half * 0.8, c + 0.17],
        [-half * 0.8, c + 0.17],
      ],
      0.03,
      0.3,
    ),
  )
  const plate = (top + low) / 2 - 0.04
  m.add('trim', trim(), on(around([0, plate], 0.56, 0.15), 0.003))
  m.add('chrome', alloy(), on(around([0, plate + 0.1], 0.5, 0.02), 0.014))
  addPlate(m, key, skin, 'rear', [0, plate])
}

/** Grille, lamps, bumper, number plate. */
function addNose(m: Model, key: Key, skin: Skin, shape: CarShape, lights: number): void {
  const { width: w, clearance: c, line } = shape
  const half = w / 2
  const top = lineAt(line, 0.975)
  const on = (quad: Quad, stands: number, round = 0) => skin.patch('front', quad, { stands, round, depth: 0.3, columns: 6 })
  for (const side of [(q: Quad) => q, mirrored]) {
    m.add(
      'trim',
      trim(),
      on(
        side([
          [half * 0.43, top - 0.22],
          [half * 0.94, top - 0.165],
          [half * 0.94, top - 0.035],
          [half * 0.43, top - 0.09],
        ]),
        0.004,
        0.3,
      ),
    )
    m.add(
      'headlamps',
      lampGlass([0.75, 0.78, 0.8], lights * 12),
      on(
        side([
          [half * 0.46, top - 0.205],
          [half * 0.92, top - 0.15],
          [half * 0.92, top - 0.05],
          [half * 0.46, top - 0.105],
        ]),
        0.01,
        0.3,
      ),
    )
  }
  m.add(
    'trim',
    trim(),
    on(around([0, top - 0.16], w * 0.38, 0.12), 0.005, 0.3),
    on(around([0, c + 0.14], w * 0.62, 0.1), 0.005, 0.3),
    skin.seam(
      'front',
      [
        [-half * 0.9, top - 0.24],
        [half * 0.9, top - 0.24],
      ],
      0.012,
    ),
  )
  m.add(
    'chrome',
    alloy(),
    on(around([0, top - 0.1], w * 0.36, 0.016), 0.012),
    on(around([0, top - 0.165], w * 0.35, 0.012), 0.012),
    on(around([0, top - 0.15], 0.1, 0.075), 0.016, 0.6),
  )
  addPlate(m, key, skin, 'front', [0, c + 0.25])
}

/** Doors: the gaps round them, handles, the fuel flap. */
function addDoors(m: Model, skin: Skin, shape: CarShape, belt: number): void {
  const { length: l, clearance: c, wheelbase, wheel, line } = shape
  const X = (u: number) => (u - 0.5) * l
  const low = c + 0.13
  const high = (u: number) => lineAt(line, u) - 0.03
  // The rear door bends round the wheel's arch.
  const arch = -wheelbase / 2 - 0.02 * l + wheel * 1.22
  const back: Spot[] = [
    [arch, low],
    [arch, wheel * 1.1],
    [Math.min(arch, X(0.25)), wheel * 1.9],
    [Math.min(arch, X(0.24)), high(0.24)],
  ]
  for (const side of ['left', 'right'] as const) {
    const gap = (way: readonly Spot[]) => m.add('trim', trim(), skin.seam(side, way, 0.011))
    gap(back)
    for (const u of [0.435, 0.675])
      gap([
        [X(u), low],
        [X(u), high(u)],
      ])
    gap([
      [arch, low],
      [X(0.675), low],
    ])
    for (const u of [0.52, 0.285])
      m.add('trim', trim(), skin.patch(side, around([X(u - 0.055), belt - 0.1], 0.17, 0.028), { stands: 0.022 }))
  }
  const [x, z] = [X(0.13), belt - 0.17]
  m.add(
    'trim',
    trim(),
    skin.seam(
      'right',
      [
        [x, z],
        [x + 0.15, z],
        [x + 0.15, z + 0.14],
        [x, z + 0.14],
        [x, z],
      ],
      0.008,
    ),
  )
}

/** A car in its own frame. `lights` is the radiance of its lamps: 0 by day. */
export function car(key: Key, name: CarName, lights = 0): ObjectDraft {
  const shape: CarShape = CARS[name]
  const { length: l, width: w, clearance: c, line } = shape
  const X = (u: number) => (u - 0.5) * l
  const m = new Model()
  const paint = carPaint(key.fork('paint'))
  const body = bodyOf(shape)
  m.add('body', paint, body)
  // The glass house, its roof and its pillars.
  const [ff, fr, rf, rr, top] = shape.house
  const belt = Math.max(lineAt(line, (ff + fr) / 2), lineAt(line, rr)) - 0.06
  const [hw, rw] = [(w / 2) * 0.91, (w / 2) * 0.72]
  const foot = level(X(fr), X(ff), hw, belt, 0.1)
  const head = level(X(rr), X(rf), rw, top - 0.07, 0.06)
  const glass = loft([foot, head], { caps: false, crease: 0.9 })
  m.add('windows', pane(), glass)
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
  for (const [u, r] of [
    [0.42, 0.035],
    [0.19 + rr * 0.25, 0.03],
  ] as const)
    for (const s of [1, -1]) {
      const z = (t: number): Vec3 => [X(u + (t - 0.5) * -0.015), s * (hw + (rw - hw) * t) * 1.005, belt + (top - 0.07 - belt) * t]
      m.add('body', trim(), tube([z(0), z(1)], r, { segments: 8 }))
    }
  // A wiper (not on a saloon) and the third stop lamp behind the rear window.
  const behind = new Skin(glass)
  if (rr < 0.2)
    m.add(
      'trim',
      trim(),
      behind.seam(
        'rear',
        [
          [0.02, belt + 0.14],
          [-0.3, belt + 0.19],
        ],
        0.018,
        0.012,
      ),
      behind.patch('rear', around([0.02, belt + 0.14], 0.06, 0.05), { stands: 0.014 }),
    )
  m.add('tail-lamps', tailLamp(lights), behind.patch('rear', around([0, top - 0.115], 0.3, 0.022), { stands: 0.004 }))
  // Wheels stand in dark arches.
  const track = w / 2 - 0.1
  for (const x of [-shape.wheelbase / 2 - 0.02 * l, shape.wheelbase / 2 - 0.02 * l])
    for (const s of [1, -1] as const) {
      m.add('trim', trim(), archOf(shape.wheel, [x, s * (track - 0.015), shape.wheel * 1.14], s))
      addWheel(m, shape.wheel, 0.2, [x, s * (track + 0.01), shape.wheel], s)
    }
  for (const s of [1, -1]) {
    m.add('trim', trim(), box([shape.wheelbase - 2.6 * shape.wheel, 0.05, 0.09], 0.02).at([-0.02 * l, s * (w / 2 - 0.06), c + 0.05]))
    m.add('body', paint, box([0.11, 0.26, 0.13], 0.04).at([X(ff) - 0.34, s * (w / 2 + 0.0), belt + 0.09]))
  }
  const skin = new Skin(body)
  addDoors(m, skin, shape, belt)
  addTail(m, key.fork('plate'), skin, shape, paint, lights)
  addNose(m, key.fork('plate'), skin, shape, lights)
  return m.draft('car').tagged({ vehicle_label: name })
}
