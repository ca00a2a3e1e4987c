/** From linear scene light to display codes, through a named view. */
import { portable } from '@dioramic/scene'
import { filmic } from './filmic.ts'
import { neutral } from './neutral.ts'
import { srgbByte } from './srgb.ts'

/** `standard`: sRGB, clipped at 1; for exact colours. `filmic`: photographic (filmic.ts); the default for display pictures. `neutral`: base colours as they are (neutral.ts). */
export const VIEWS = ['filmic', 'standard', 'neutral'] as const
export type View = (typeof VIEWS)[number]

/**
 * 8-bit display RGB (width · height · 3 bytes, row-major) of linear RGB (3 floats a pixel).
 *
 * `exposure` is in stops: the light is multiplied by 2^exposure first. NaN and negative light are black, infinite light is white. The same
 * bytes everywhere. Throws `RangeError` for a buffer of another size, an unknown view or an exposure that is not finite.
 */
export function toDisplay(linearRgb: Float32Array, width: number, height: number, view: View = 'filmic', exposure = 0): Uint8Array {
  const n = width * height * 3
  if (linearRgb.length !== n) throw new RangeError(`${width} × ${height} pixels need ${n} floats, got ${linearRgb.length}`)
  if (!Number.isFinite(exposure)) throw new RangeError(`exposure must be a finite number of stops, got ${exposure}`)
  if (!VIEWS.includes(view)) throw new RangeError(`unknown view "${view}"; known: ${VIEWS.join(', ')}`)
  const gain = portable.pow(2, exposure)
  const out = new Uint8Array(n)
  if (view === 'standard') {
    for (let i = 0; i < n; i++) out[i] = srgbByte(linearRgb[i]! * gain)
    return out
  }
  const write = view === 'neutral' ? neutral : filmic
  for (let i = 0; i < n; i += 3)
    write(light(linearRgb[i]! * gain), light(linearRgb[i + 1]! * gain), light(linearRgb[i + 2]! * gain), out, i)
  return out
}

/** Brighter than any curve's white, so that sums of it stay finite. */
const BRIGHTEST = 1e6
const light = (x: number) => (x > 0 ? Math.min(x, BRIGHTEST) : 0)
