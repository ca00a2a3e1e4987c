/**
 * The `neutral` view: Khronos' PBR Neutral tone mapper (Khronos 3D Commerce, 2024; github.com/KhronosGroup/ToneMapping, its formula), for pictures in which
 * base colours are recognised: colours below 0.8 keep hue and saturation, highlights are compressed and lose saturation.
 */
import { srgbByte } from './srgb.ts'

const START = 0.8 - 0.04
const DESATURATION = 0.15

/** Writes the 8-bit display colour of the linear colour (r, g, b) at out[k]. Channels must be finite and ≥ 0. */
export function neutral(r: number, g: number, b: number, out: Uint8Array, k: number): void {
  const least = Math.min(r, g, b)
  // The Fresnel reflection of 4 % that lies over every base colour is taken off.
  const offset = least < 0.08 ? least - 6.25 * least * least : 0.04
  const peak = Math.max(r, g, b) - offset
  if (peak < START) {
    out[k] = srgbByte(r - offset)
    out[k + 1] = srgbByte(g - offset)
    out[k + 2] = srgbByte(b - offset)
    return
  }
  const d = 1 - START
  const compressed = 1 - (d * d) / (peak + d - START)
  const scale = compressed / peak
  const white = 1 - 1 / (DESATURATION * (peak - compressed) + 1)
  const mix = (x: number) => srgbByte((x - offset) * scale * (1 - white) + compressed * white)
  out[k] = mix(r)
  out[k + 1] = mix(g)
  out[k + 2] = mix(b)
}
