/** Exact 8-bit sRGB encoding (IEC 61966-2-1), by table. */
import { portable } from '@dioramic/scene'

const decode = (x: number) => (x <= 0.04045 ? x / 12.92 : portable.pow((x + 0.055) / 1.055, 2.4))

/** Linear value of each code. */
export const SRGB_LINEAR: Float64Array = Float64Array.from({ length: 256 }, (_, i) => decode(i / 255))

/** Smallest linear value that rounds to each code: the decoded half step below it. */
const threshold = Float64Array.from({ length: 257 }, (_, i) =>
  i === 0 ? -1 : i === 256 ? Number.POSITIVE_INFINITY : decode((i - 0.5) / 255),
)

const BINS = 4096
/** The code at each bin's lower edge. */
const first = new Uint8Array(BINS + 1)
for (let i = 0, code = 0; i <= BINS; i++) {
  while (i / BINS >= threshold[code + 1]!) code++
  first[i] = code
}

/** The nearest sRGB code of a linear value; below 0 and NaN give 0, above 1 gives 255. */
export function srgbByte(x: number): number {
  if (!(x > 0)) return 0
  if (x >= 1) return 255
  let code = first[Math.floor(x * BINS)]!
  while (x >= threshold[code + 1]!) code++
  return code
}

/** The encoded value (0–1) of a linear one, unrounded. */
export function srgbEncode(x: number): number {
  return x <= 0.0031308 ? 12.92 * x : 1.055 * portable.pow(x, 1 / 2.4) - 0.055
}
