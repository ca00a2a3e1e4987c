/**
 * The `filmic` view: a log-sigmoid curve in a slightly narrowed gamut, after AgX (Troy Sobotka, 2022; its inset matrix and its range of
 * 16.5 stops). Bright saturated light bleeds to white along its hue instead of clipping channel by channel. Differences from AgX: the curve has
 * 1.14 times the contrast of the scene at middle grey (slope 2.8 against sRGB's own 2.46; AgX has 2.0 and leaves contrast to a later "look"), and middle grey keeps its sRGB value exactly.
 */
import { portable } from '@dioramic/scene'
import { srgbEncode } from './srgb.ts'

/** Log2 radiance of black and of white: 10 stops below middle grey, 6.5 above. */
const MIN_EV = -12.473931188332413
const MAX_EV = 4.026068811667588
/** Scene value that keeps its display value. */
export const MIDDLE_GREY = 0.18
const SLOPE = 2.8
const TOE = 1.5
const SHOULDER = 1.7

/** Rows of the inset; each sums to 1, so greys stay grey. */
const INSET = [
  [0.8424010709504686, 0.07843650156180276, 0.0791624274877287],
  [0.04240107095046854, 0.8784365015618028, 0.0791624274877287],
  [0.04240107095046854, 0.07843650156180276, 0.8791624274877287],
] as const
const OUTSET = invert(INSET)

/** Encoded display value of log2-encoded scene value t (0–1): linear with `SLOPE` at the pivot, reaching 0 and 1 at the ends. */
function curve(t: number): number {
  const pivotX = (portable.log(MIDDLE_GREY) / Math.LN2 - MIN_EV) / (MAX_EV - MIN_EV)
  const pivotY = srgbEncode(MIDDLE_GREY)
  const below = t < pivotX
  const power = below ? TOE : SHOULDER
  const run = SLOPE * (below ? pivotX : 1 - pivotX)
  const rise = below ? pivotY : 1 - pivotY
  // f(d) = d / (1 + (d/limit)^p)^(1/p) with `limit` such that f(run) = rise.
  const limit = portable.pow(portable.pow(rise, -power) - portable.pow(run, -power), -1 / power)
  const d = SLOPE * Math.abs(t - pivotX)
  const f = d / portable.pow(1 + portable.pow(d / limit, power), 1 / power)
  return pivotY + (below ? -f : f)
}

/** The curve over the exponent and first mantissa bits of a float32, 128 entries an octave, linear between. */
const LOW = 127 - 14
const HIGH = 127 + 6
const STEPS = 128
const table = new Float64Array((HIGH - LOW) * STEPS + 1)
for (let i = 0; i < table.length; i++) {
  const octave = Math.floor(i / STEPS) + LOW - 127
  const x = (1 + (i % STEPS) / STEPS) * portable.pow(2, octave)
  const t = (portable.log(x) / Math.LN2 - MIN_EV) / (MAX_EV - MIN_EV)
  table[i] = curve(Math.min(1, Math.max(0, t)))
}
const float = new Float32Array(1)
const bits = new Uint32Array(float.buffer)
const OFFSET = LOW << 23
const SHIFT = 16
const FRACTION = 1 / (1 << SHIFT)

function tone(x: number): number {
  float[0] = x
  const b = bits[0]! - OFFSET
  if (!(x > 0) || b <= 0) return 0
  const i = b >>> SHIFT
  if (i >= table.length - 1) return 1
  const low = table[i]!
  return low + (table[i + 1]! - low) * ((b & 0xffff) * FRACTION)
}

/** Writes the 8-bit display colour of the linear colour (r, g, b) at out[k]. Channels must be finite and ≥ 0. */
export function filmic(r: number, g: number, b: number, out: Uint8Array, k: number): void {
  const x = tone(INSET[0][0] * r + INSET[0][1] * g + INSET[0][2] * b)
  const y = tone(INSET[1][0] * r + INSET[1][1] * g + INSET[1][2] * b)
  const z = tone(INSET[2][0] * r + INSET[2][1] * g + INSET[2][2] * b)
  out[k] = byte(OUTSET[0]! * x + OUTSET[1]! * y + OUTSET[2]! * z)
  out[k + 1] = byte(OUTSET[3]! * x + OUTSET[4]! * y + OUTSET[5]! * z)
  out[k + 2] = byte(OUTSET[6]! * x + OUTSET[7]! * y + OUTSET[8]! * z)
}

const byte = (x: number) => (x <= 0 ? 0 : x >= 1 ? 255 : Math.floor(x * 255 + 0.5))

/** Inverse of a 3×3 matrix, row-major, by cofactors. */
function invert(m: readonly (readonly number[])[]): readonly number[] {
  const at = (i: number, j: number) => m[i % 3]![j % 3]!
  const cofactor = (i: number, j: number) => at(i + 1, j + 1) * at(i + 2, j + 2) - at(i + 1, j + 2) * at(i + 2, j + 1)
  const det = at(0, 0) * cofactor(0, 0) + at(0, 1) * cofactor(0, 1) + at(0, 2) * cofactor(0, 2)
  return Array.from({ length: 9 }, (_, k) => cofactor(k % 3, Math.floor(k / 3)) / det)
}
