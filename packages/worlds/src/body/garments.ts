/** Clothes and hair as distance fields around the mean body. Fractions of the stature, both sides. */
import { fields, portable, type Vec3, vec3 } from '@dioramic/scene'
import { type Anatomy, mirrored } from './anatomy.ts'
import { loft } from './loft.ts'
import { ARM } from './skeleton.ts'

const { ball, blend, cut, ellipsoid, roundCone } = fields
type Field = fields.DistanceField

const thicker =
  (f: Field, by: number): Field =>
  (x, y, z) =>
    f(x, y, z) - by

export const TOPS = ['t-shirt', 'long-sleeve', 'tank-top', 'jacket'] as const
export type Top = (typeof TOPS)[number]
export const BOTTOMS = ['trousers', 'shorts', 'leggings', 'skirt'] as const
export type Bottom = (typeof BOTTOMS)[number]
export const HAIRS = ['buzz', 'short', 'bob', 'long', 'ponytail', 'bun'] as const
export type Hair = (typeof HAIRS)[number]

/** A field, the box that holds it, and how fine it must be. */
export interface Piece {
  readonly field: Field
  readonly min: Vec3
  readonly max: Vec3
  readonly cell: number
}

/** Where sleeves end, along the arm; how far off the skin the cloth is; where it ends below. */
const CUTS = {
  't-shirt': { sleeve: 0.1, off: 0.0085, hem: 0.505 },
  'long-sleeve': { sleeve: 0.306, off: 0.0065, hem: 0.5 },
  'tank-top': { sleeve: 0.0, off: 0.005, hem: 0.515 },
  jacket: { sleeve: 0.308, off: 0.0135, hem: 0.485 },
} as const

export function top(kind: Top, { at, trunk, arm }: Anatomy): Piece {
  const { sleeve, off, hem } = CUTS[kind]
  const cuff = vec3.dot(at.shoulder, ARM) + sleeve
  // Sleeves are wider than arms, the more so the looser the cloth.
  const wide =
    kind === 'tank-top'
      ? arm
      : blend(0.02, arm, roundCone(at.shoulder, 0.034, vec3.add(at.shoulder, vec3.scale(ARM, Math.min(0.2, sleeve))), 0.026))
  const sleeves = cut(thicker(wide, off), ARM, cuff)
  // Cloth spans the hollow of the chest and of the back.
  const span = roundCone([-0.014, 0, 0.73], 0.058, [-0.012, 0, 0.6], 0.052)
  const whole = blend(0.035, thicker(blend(0.05, trunk, span), off), sleeves)
  const neck = roundCone([0.004, 0, 0.845], kind === 'tank-top' ? 0.056 : 0.0385, [-0.006, 0, 0.93], kind === 'tank-top' ? 0.07 : 0.05)
  const shell = fields.carve(0.004, cut(whole, [0, 0, -1], -hem), mirrored(neck))
  const open =
    kind === 'tank-top' ? fields.carve(0.004, shell, ellipsoid([-0.01, at.shoulder[1] + 0.022, 0.795], [0.05, 0.042, 0.062])) : shell
  return { field: mirrored(open), min: [-0.13, -0.37, 0.46], max: [0.13, 0.37, 0.88], cell: 0.0115 }
}

const LEGS = {
  trousers: { off: 0.0075, hem: 0.032, straight: true },
  shorts: { off: 0.0095, hem: 0.335, straight: true },
  leggings: { off: 0.0035, hem: 0.055, straight: false },
} as const
const WAIST = 0.612

export function bottom(kind: Bottom, { at, trunk, leg }: Anatomy): Piece {
  if (kind === 'skirt') {
    const cone = loft(
      { origin: [0, 0, 0], along: [0, 0, 1], front: [1, 0, 0], side: [0, 1, 0] },
      [
        [0.335, 0, 0, 0.112, 0.142],
        [0.42, -0.004, 0, 0.098, 0.126],
        [0.5, -0.008, 0, 0.083, 0.112],
        [0.56, -0.008, 0, 0.072, 0.1],
        [WAIST + 0.006, -0.006, 0, 0.064, 0.088],
      ],
      0.006,
    )
    // Folds that grow towards the hem.
    const folded: Field = (x, y, z) => {
      const low = Math.max(0, (0.56 - z) / 0.23)
      return cone(x, y, z) + 0.0045 * low * low * portable.sin(11 * portable.atan2(y, x + 0.008))
    }
    return { field: folded, min: [-0.15, -0.18, 0.31], max: [0.15, 0.18, 0.64], cell: 0.012 }
  }
  const { off, hem, straight } = LEGS[kind]
  const tube = straight
    ? blend(0.02, leg, roundCone(vec3.add(at.hip, [0, 0.004, -0.03]), 0.047, [at.ankle[0] + 0.004, at.ankle[1], 0.02], 0.0245))
    : leg
  const whole = blend(0.014, thicker(cut(trunk, [0, 0, 1], WAIST + 0.03), off), thicker(tube, off))
  const clipped = cut(cut(whole, [0, 0, 1], WAIST), [0, 0, -1], -hem)
  return { field: mirrored(clipped), min: [-0.13, -0.22, hem - 0.02], max: [0.13, 0.22, 0.64], cell: 0.0115 }
}

/** Both shoes; their soles reach the ground. */
export function shoes({ at }: Anatomy): Piece {
  const y = at.ankle[1]
  const heel = ellipsoid([-0.025, y + 0.001, 0.022], [0.0275, 0.0235, 0.027])
  const toe = ellipsoid([0.075, y + 0.006, 0.014], [0.041, 0.031, 0.0195])
  const instep = roundCone([-0.012, y, 0.044], 0.0255, [0.06, y + 0.004, 0.0185], 0.0215)
  const sole = roundCone([-0.024, y + 0.001, 0.009], 0.0215, [0.072, y + 0.006, 0.009], 0.029)
  const whole = cut(cut(blend(0.014, heel, toe, instep, cut(sole, [0, 0, 1], 0.013)), [0, 0, -1], 0), [-0.25, 0, 1], 0.068)
  return { field: mirrored(whole), min: [-0.08, -0.19, -0.02], max: [0.14, 0.19, 0.1], cell: 0.0068 }
}

/** Hair: a cap with locks from the crown, and what hangs from it. */
export function hair(kind: Hair): Piece {
  const thick = { buzz: 0.0035, short: 0.0115, bob: 0.013, long: 0.012, ponytail: 0.0075, bun: 0.0075 }[kind]
  const cap = ellipsoid([-0.0105, 0, 0.945], [0.0555 + thick, 0.0425 + thick, 0.0555 + thick])
  // The hairline: forehead, temples, over the ears, nape.
  const brow: Field = (x, _y, z) => 0.86 * (x - 0.019) - 0.5 * (z - 0.9495)
  const nape: Field = (x, _y, z) => -0.15 * (x + 0.02) - (z - 0.886)
  const ears: Field = (x, y, z) => Math.min(0.931 - z, Math.max(x + 0.014, nape(x, y, z)))
  const hanging = kind === 'bob' || kind === 'long'
  const line: Field = (x, y, z) => Math.max(brow(x, y, z), (hanging ? nape : ears)(x, y, z))
  const trimmed: Field = (x, y, z) => {
    const c = cap(x, y, z)
    return -smooth(-c, -line(x, y, z), 0.006)
  }
  const locks = { buzz: 0.0004, short: 0.0016, bob: 0.0013, long: 0.0014, ponytail: 0.0009, bun: 0.0009 }[kind]
  const combed = (f: Field): Field => {
    return (x, y, z) => {
      const d = f(x, y, z)
      if (Math.abs(d) > 0.02) return d
      const around = portable.atan2(y, x + 0.012)
      const down = z - 0.99
      const wave = portable.sin(23 * around + 60 * down + 1.7 * portable.sin(5 * around + 90 * down))
      return d + locks * wave + 0.5 * locks * portable.sin(51 * around - 45 * down)
    }
  }
  let whole: Field = trimmed
  let min: Vec3 = [-0.09, -0.075, 0.855]
  if (hanging) {
    const end = kind === 'bob' ? 0.868 : 0.775
    const curtain = loft(
      { origin: [0, 0, 0], along: [0, 0, 1], front: [1, 0, 0], side: [0, 1, 0] },
      [
        [end, kind === 'bob' ? -0.018 : -0.036, 0, kind === 'bob' ? 0.045 : 0.028, kind === 'bob' ? 0.057 : 0.058],
        [(end + 0.95) / 2, -0.017, 0, 0.049, 0.058],
        [0.95, -0.0105, 0, 0.062, 0.0545],
      ],
      0.01,
    )
    const front: Field = (x, _y, z) => 0.92 * (x - 0.008) + 0.3 * (z - 0.93)
    const sides: Field = (x, y, z) => -smooth(-curtain(x, y, z), -front(x, y, z), 0.01)
    whole = blend(0.01, trimmed, sides)
    min = [-0.1, -0.085, end - 0.03]
  }
  if (kind === 'bun') {
    whole = blend(0.01, trimmed, ball([-0.068, 0, 0.972], 0.0265))
    min = [-0.11, -0.075, 0.855]
  }
  if (kind === 'ponytail') {
    const tail = fields.union(
      ...fields.tube(
        [
          [-0.066, 0, 0.962],
          [-0.105, 0, 0.965],
          [-0.088, 0, 0.87],
          [-0.084, 0, 0.83],
        ],
        0.0165,
        0.009,
        6,
      ),
    )
    whole = blend(0.01, trimmed, tail)
    min = [-0.14, -0.075, 0.8]
  }
  return { field: combed(whole), min, max: [0.08, 0.085, 1.035], cell: 0.0052 }
}

function smooth(a: number, b: number, k: number): number {
  const h = Math.max(0, k - Math.abs(a - b)) / k
  return Math.min(a, b) - (h * h * k) / 4
}
