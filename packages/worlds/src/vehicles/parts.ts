/** What vehicles of all kinds have: lacquer, tyres, glass, lamps, wheels, number plates. */
import type { Key, Vec3 } from '@dioramic/scene'
import type { MaterialDraft } from '../builder/material.ts'
import { material } from '../builder/material.ts'
import { box } from '../solids/box.ts'
import type { Model } from '../solids/model.ts'
import { cylinder, lathe } from '../solids/round.ts'
import { Solid } from '../solids/solid.ts'
import { srgb } from '../toolkit/colors.ts'
import type { Skin, Spot } from './skin.ts'

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

/** Red, bright at night. */
export const tailLamp = (lights: number): MaterialDraft => lampGlass([0.45, 0.02, 0.015], 0.3 + 2 * lights)
export const indicator = (): MaterialDraft => lampGlass([0.6, 0.22, 0.02], 0)
export const reversingLamp = (): MaterialDraft => lampGlass([0.7, 0.7, 0.68], 0)
export const reflector = (): MaterialDraft => material({ baseColor: [0.4, 0.015, 0.012], roughness: 0.15 }, 'reflector')

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
          [0, -w],
          [k, -w],
          [k, w * 0.9],
          [k * 0.9, w * 0.85],
          [k * 0.86, w * 0.25],
          [k * 0.3, w * 0.3],
          [k * 0.25, w * 0.6],
          [0, w * 0.55],
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

/** Which of seven strokes a character has: top, upper left, upper right, middle, lower left, lower right, bottom. */
const CHARACTERS = [
  0x77, 0x24, 0x5d, 0x6d, 0x2e, 0x6b, 0x7b, 0x25, 0x7f, 0x6f, 0x3f, 0x53, 0x5b, 0x1b, 0x3e, 0x64, 0x52, 0x1f, 0x76,
] as const
const STROKES = [
  [0, 2, 1, 0],
  [-1, 1, 0, 1],
  [1, 1, 0, 1],
  [0, 0, 1, 0],
  [-1, -1, 0, 1],
  [1, -1, 0, 1],
  [0, -2, 1, 0],
] as const

/** Rectangles in a plane x, facing +X or −X: [middle y, middle z, half width, half height]. */
function flats(x: number, facing: 1 | -1, rectangles: readonly (readonly [number, number, number, number])[]): Solid {
  const corners = [
    [-1, -1],
    [facing, -facing],
    [1, 1],
    [-facing, facing],
  ] as const
  return new Solid({
    positions: rectangles.flatMap(([y, z, w, h]) => corners.flatMap(([a, b]) => [x, y + a * w, z + b * h])),
    normals: rectangles.flatMap(() => corners.flatMap(() => [facing, 0, 0])),
    indices: rectangles.flatMap((_, i) => [0, 1, 2, 0, 2, 3].map(k => 4 * i + k)),
    hulls: [],
  })
}

/** A number plate on a skin: white or yellow, a blue band, seven characters; its back is `stands` metres off the skin. */
export function addPlate(m: Model, key: Key, skin: Skin, side: 'front' | 'rear', middle: Spot, stands = 0.005): void {
  const facing = side === 'front' ? 1 : -1
  const x = skin.plane(side, middle, 0.52, 0.11) + facing * (stands + 0.007)
  const [y, z] = middle
  m.add(
    'plates',
    material({ baseColor: [0.75, 0.75, 0.72], roughness: 0.5 }, 'plate'),
    box([0.014, 0.52, 0.11], 0.003).at([x, y, z]).intangible(),
  )
  const face = x + facing * 0.0085
  // Read from outside, the first character is at the left.
  const across = (at: number) => y + facing * at
  m.add(
    'plate-bands',
    material({ baseColor: [...srgb('#1d3f94')] as [number, number, number], roughness: 0.5 }, 'plate-band'),
    flats(face, facing, [[across(-0.237), z, 0.021, 0.05]]),
  )
  const strokes = key.times(7).flatMap((k, i) => {
    const mask = k.choice(CHARACTERS)
    const at = -0.17 + 0.055 * i + (i > 1 ? 0.03 : 0)
    return STROKES.flatMap(([a, b, wide, high], j) =>
      mask & (1 << j) ? [[across(at + a * 0.014), z + b * 0.0165, wide ? 0.018 : 0.004, high ? 0.0165 : 0.004] as const] : [],
    )
  })
  m.add('plate-characters', material({ baseColor: [0.015, 0.015, 0.017], roughness: 0.6 }, 'plate-character'), flats(face, facing, strokes))
}

/** The dark hollow behind a wheel: a disk about the Y axis. */
export const archOf = (wheel: number, at: Vec3, side: 1 | -1): Solid =>
  cylinder(wheel * 1.13, 0.1, { segments: 30, bevel: 0.01 })
    .turned([1, 0, 0], (-side * Math.PI) / 2)
    .at(at)
    .intangible()
