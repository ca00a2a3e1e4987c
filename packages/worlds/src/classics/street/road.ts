/** The ground of a street and what stands on it: carriageway, kerbs, pavements, markings, lamp posts, signs, traffic lights, bins, fences. */
import { type Key, portable, type Vec3 } from '@dioramic/scene'
import type { MaterialDraft } from '../../builder/material.ts'
import { material, plain } from '../../builder/material.ts'
import type { ObjectDraft } from '../../builder/object.ts'
import { preset } from '../../builder/preset.ts'
import { box, boxBetween } from '../../solids/box.ts'
import { Model } from '../../solids/model.ts'
import { cylinder, lathe, tube } from '../../solids/round.ts'
import type { Solid } from '../../solids/solid.ts'
import { srgb } from '../../toolkit/colors.ts'

/** Across the street, metres from its middle: edge of the lanes, of the parked cars (the kerb), of the pavement (the houses). */
export const LANE = 3.2
export const KERB = 5.5
export const HOUSES = 9
const KERB_HEIGHT = 0.13
/** Edge of the square that a tree stands in, metres. */
const TREE_PIT = 0.84
/** From where to where the street runs along x, metres; the side street crosses between `CROSSING`. */
export const STREET = [-35, 130] as const
export const CROSSING = [44, 55] as const

/** The same surface with a film of water: darker and smooth. */
function wet(draft: MaterialDraft, share: number): MaterialDraft {
  return { ...draft, material: { ...draft.material, roughness: 0.55 - 0.47 * share, ior: 1.45, specular: 1 + 0.6 * share } }
}

const flat = (category: string, model: Model): ObjectDraft => model.draft(category).asBackground()

/** Carriageway and pavements; `wetness` 0–1. */
export function ground(key: Key, wetness: number): ObjectDraft[] {
  const asphalt = preset('asphalt', {
    size: 512,
    seed: key.fork('asphalt').int(0, 3),
    color: srgb(wetness > 0 ? '#5c5c60' : '#8b8b8c'),
    mapping: { type: 'box', size: 1.6 },
  })
  const paving = preset('ceramic-tiles', {
    size: 512,
    seed: key.fork('paving').int(0, 3),
    color: srgb(wetness > 0 ? '#7b7873' : '#a9a49b'),
    mapping: { type: 'box', size: 2.2 },
  })
  const slabs: MaterialDraft = { ...paving, material: { ...paving.material, roughness: 0.85 } }
  const kerb = preset('granite', { size: 256, color: srgb('#b5b1aa') })
  const on = (m: MaterialDraft) => (wetness > 0 ? wet(m, wetness) : m)
  const [x0, x1] = STREET
  const out = [
    flat(
      'road',
      new Model().add(
        'asphalt',
        on(asphalt),
        boxBetween([x0, -KERB, -0.3], [x1, KERB, 0], 0),
        boxBetween([CROSSING[0], -60, -0.3], [CROSSING[1], -KERB, 0], 0),
        boxBetween([CROSSING[0], KERB, -0.3], [CROSSING[1], 60, 0], 0),
      ),
    ),
  ]
  for (const s of [-1, 1]) {
    const m = new Model()
    for (const [a, b] of [
      [x0, CROSSING[0]],
      [CROSSING[1], x1],
    ] as const) {
      const strip = (y0: number, y1: number, h: number, bevel: number) =>
        boxBetween([a, Math.min(s * y0, s * y1), -0.3], [b, Math.max(s * y0, s * y1), h], bevel)
      m.add('paving', on(slabs), strip(KERB + 0.18, HOUSES + 40, KERB_HEIGHT, 0))
      m.add('kerb', kerb, strip(KERB, KERB + 0.18, KERB_HEIGHT + 0.004, 0.015))
    }
    out.push(flat('sidewalk', m))
  }
  return out
}

/** White lines: the middle one dashed, parking bays, stop lines and zebra crossings at the side street. */
export function markings(wetness: number): ObjectDraft {
  const white = material({ baseColor: [0.62, 0.62, 0.6], roughness: wetness > 0 ? 0.25 : 0.75 }, 'road-paint')
  const m = new Model()
  const line = (x0: number, x1: number, y0: number, y1: number): Solid => boxBetween([x0, y0, -0.01], [x1, y1, 0.004], 0).intangible()
  const clear = (a: number, b: number) => b < CROSSING[0] - 5 || a > CROSSING[1] + 5
  for (let x = STREET[0]; x < STREET[1]; x += 6) if (clear(x, x + 3)) m.add('paint', white, line(x, x + 3, -0.06, 0.06))
  for (const s of [-1, 1])
    for (let x = STREET[0]; x < STREET[1]; x += 6) {
      if (!clear(x, x + 6)) continue
      m.add(
        'paint',
        white,
        line(x, x + 6, s * LANE - 0.05, s * LANE + 0.05),
        line(x, x + 0.1, Math.min(s * LANE, s * KERB), Math.max(s * LANE, s * KERB)),
      )
    }
  for (const [x, side] of [
    [CROSSING[0] - 4, -1],
    [CROSSING[1] + 1, 1],
  ] as const) {
    for (let y = -KERB + 0.4; y < KERB - 0.3; y += 0.95) m.add('paint', white, line(x, x + 3, y, y + 0.5))
    const stop = side < 0 ? x - 1 : x + 3.6
    m.add('paint', white, side < 0 ? line(stop, stop + 0.35, -LANE, -0.1) : line(stop, stop + 0.35, 0.1, LANE))
  }
  return m.draft('lane-marking').asBackground()
}

/** A lamp post with an arm over the carriageway, towards −Y. */
export function lampPost(lit: number): ObjectDraft {
  const m = new Model()
  const grey = plain('#4c5257', 'post', 0.45)
  m.add(
    'post',
    grey,
    tube(
      [
        [0, 0, 0],
        [0, 0, 0.9],
      ],
      0.1,
    ),
    tube(
      [
        [0, 0, 0.85],
        [0, 0, 7.2],
        [0, -0.25, 7.7],
        [0, -0.8, 8],
        [0, -1.7, 8.08],
      ],
      [0.07, 0.05, 0.045, 0.04, 0.035],
    ),
  )
  m.add('post', grey, box([0.26, 0.75, 0.1], 0.03).at([0, -1.9, 8.08]))
  m.add(
    'lamp',
    material({ baseColor: [0.7, 0.7, 0.66], emission: [1, 0.75, 0.45], emissionStrength: lit, roughness: 0.3 }, 'street-lamp'),
    box([0.2, 0.6, 0.03], 0.01).at([0, -1.92, 8.025]),
  )
  return m.draft('pole').tagged({ pole_label: 'lamp-post' })
}

/** A traffic light on its mast, facing −X. */
export function trafficLight(phase: 'red' | 'green'): ObjectDraft {
  const m = new Model()
  const dark = plain('#1c1f21', 'signal', 0.5)
  m.add(
    'mast',
    plain('#5a6065', 'mast', 0.4),
    tube(
      [
        [0, 0, 0],
        [0, 0, 3.4],
      ],
      0.055,
    ),
  )
  m.add('case', dark, box([0.22, 0.3, 0.92], 0.03).at([-0.1, 0, 2.9]))
  for (const [i, name, colour] of [
    [0, 'red', [1, 0.06, 0.03]],
    [1, 'amber', [1, 0.5, 0.04]],
    [2, 'green', [0.05, 1, 0.35]],
  ] as const) {
    const on = name === phase
    const z = 3.2 - i * 0.3
    const look = material(
      {
        baseColor: colour.map(c => c * (on ? 0.8 : 0.12)) as [number, number, number],
        emission: [...colour] as [number, number, number],
        emissionStrength: on ? 2.5 : 0,
        roughness: 0.2,
      },
      `signal-${name}`,
    )
    m.add(
      name,
      look,
      cylinder(0.1, 0.02, { segments: 24, bevel: 0.006 })
        .turned([0, 1, 0], -Math.PI / 2)
        .at([-0.21, 0, z])
        .intangible(),
    )
    m.add(
      'case',
      dark,
      lathe(
        [
          [0.115, 0],
          [0.12, 0],
          [0.12, 0.16],
          [0.115, 0.16],
          [0.115, 0],
        ],
        { segments: 20 },
      )
        .turned([0, 1, 0], -Math.PI / 2)
        .at([-0.21, 0, z])
        .intangible(),
    )
  }
  return m.draft('traffic-light').tagged({ phase_label: phase })
}

/** What a tree in the pavement stands in, `TREE_PIT` metres square: a grating of iron, or bare soil within an edging; its top is just above the pavement. */
export function treePit(kind: 'grating' | 'soil'): ObjectDraft {
  const m = new Model()
  const half = TREE_PIT / 2
  const soil = material({ baseColor: [0.055, 0.04, 0.028], roughness: 1 }, 'soil')
  m.add('soil', soil, boxBetween([-half, -half, -0.05], [half, half, 0.004], 0).intangible())
  const edge = (width: number, height: number): Solid[] =>
    [0, 1, 2, 3].map(i =>
      boxBetween([-half, half - width, -0.05], [half - width, half, height], 0.004)
        .turned([0, 0, 1], (i * Math.PI) / 2)
        .intangible(),
    )
  if (kind === 'soil') return flat('sidewalk', m.add('edging', plain('#8f8b84', 'edging', 0.8), ...edge(0.07, 0.035)))
  const iron = plain('#2c2d2e', 'grating', 0.55)
  m.add('grating', iron, ...edge(0.05, 0.014))
  // Bars from both sides up to a ring about the trunk.
  const ring = 0.17
  for (let i = -6; i <= 6; i++) {
    const y = (i * (half - 0.05)) / 6.5
    const stop = Math.abs(y) < ring ? Math.sqrt(ring * ring - y * y) : 0
    for (const s of [1, -1])
      m.add('grating', iron, boxBetween([s > 0 ? stop : -half, y - 0.014, 0], [s > 0 ? half : -stop, y + 0.014, 0.012], 0).intangible())
  }
  m.add('grating', iron, ...[-0.3, 0.3].map(x => boxBetween([x - 0.012, -half, 0], [x + 0.012, half, 0.012], 0).intangible()))
  m.add(
    'grating',
    iron,
    lathe(
      [
        [ring, 0],
        [ring + 0.03, 0],
        [ring + 0.03, 0.014],
        [ring, 0.014],
        [ring, 0],
      ],
      { segments: 20 },
    ).intangible(),
  )
  return flat('sidewalk', m)
}

/** A litter bin, a bollard or a bench. */
export function furniture(kind: 'bin' | 'bollard' | 'bench'): ObjectDraft {
  const m = new Model()
  const iron = plain('#2e3a34', 'iron', 0.5)
  if (kind === 'bin')
    m.add('body', iron, cylinder(0.22, 0.85, { bevel: 0.02 })).add(
      'rim',
      plain('#8b9094', 'rim', 0.35),
      cylinder(0.235, 0.06).at([0, 0, 0.82]),
      cylinder(0.05, 0.3).at([0, 0, 0.84]),
    )
  else if (kind === 'bollard')
    m.add(
      'body',
      iron,
      lathe([
        [0, 0],
        [0.09, 0],
        [0.075, 0.08],
        [0.06, 0.75],
        [0.085, 0.8],
        [0.07, 0.88],
        [0, 0.93],
      ]),
    )
  else {
    const wood = preset('oak', { size: 256 })
    for (const y of [-0.16, -0.05, 0.06, 0.17]) m.add('planks', wood, box([1.7, 0.085, 0.035], 0.008).at([0, y, 0.45]))
    for (const z of [0.62, 0.74, 0.86]) m.add('planks', wood, box([1.7, 0.03, 0.09], 0.008).at([0, 0.24 + (z - 0.6) * 0.2, z]))
    for (const x of [-0.7, 0.7])
      m.add(
        'iron',
        iron,
        tube(
          [
            [x, -0.2, 0],
            [x, -0.18, 0.42],
            [x, 0.2, 0.42],
            [x, 0.3, 0.92],
          ],
          0.025,
        ),
        tube(
          [
            [x, 0.18, 0.42],
            [x, 0.26, 0],
          ],
          0.025,
        ),
      )
  }
  return m.draft(kind === 'bench' ? 'fence' : 'pole').tagged({ furniture_label: kind })
}

/** Railings along x, `length` metres. */
export function fence(length: number): ObjectDraft {
  const m = new Model()
  const iron = plain('#23282b', 'railings', 0.45)
  for (const z of [0.25, 1.0]) m.add('rails', iron, boxBetween([-length / 2, -0.02, z], [length / 2, 0.02, z + 0.04], 0).intangible())
  const n = Math.round(length / 0.14)
  for (let i = 0; i <= n; i++)
    m.add(
      'rails',
      iron,
      boxBetween(
        [-length / 2 + (i * length) / n - 0.01, -0.01, 0],
        [-length / 2 + (i * length) / n + 0.01, 0.01, i % 12 === 0 ? 1.18 : 1.1],
        0,
      ).intangible(),
    )
  return m.draft('fence')
}

/** Height of the pavement's surface. */
export const PAVEMENT = KERB_HEIGHT

/** A point on the pavement: along the street, `out` metres from the kerb, on the left (+1) or right (−1) of who drives towards +X. */
export const onPavement = (x: number, out: number, side: 1 | -1): Vec3 => [x, side * (KERB + out), PAVEMENT]

/** Streaks of rain in a box around the origin; too thin to be a surface for labels. */
export function rainStreaks(key: Key, count: number, half: Vec3): ObjectDraft {
  const look = material({ baseColor: [0.75, 0.78, 0.82], roughness: 0.1, opacity: 0.25 }, 'rain')
  const solids = key.times(count).map(k => {
    const [x, y, z] = k.uniforms(3).map((u, i) => (2 * u - 1) * half[i]!) as unknown as Vec3
    const l = 0.25 * portable.exp(0.6 * k.fork('l').normal())
    return box([0.0035, 0.0035, Math.min(0.6, l)], 0)
      .turned([0, 1, 0], 0.08)
      .at([x, y, z])
      .intangible()
  })
  return new Model().add('drops', look, solids).draft('rain').asBackground()
}
