/** Small helpers for colours of texels (sRGB encoded). */
import type { Texel } from './generator.ts'
import { clamp01, mix } from './noise.ts'

export type Rgb = readonly [number, number, number]

/** Writes `a` + (`b` − `a`)·t, times `gain`. */
export function blend(out: Texel, a: Rgb, b: Rgb, t: number, gain = 1): void {
  const w = clamp01(t)
  out.r = mix(a[0], b[0], w) * gain
  out.g = mix(a[1], b[1], w) * gain
  out.b = mix(a[2], b[2], w) * gain
}

/** Moves the texel's colour towards `c` by `t`. */
export function over(out: Texel, c: Rgb, t: number): void {
  const w = clamp01(t)
  out.r = mix(out.r, c[0], w)
  out.g = mix(out.g, c[1], w)
  out.b = mix(out.b, c[2], w)
}

/** Multiplies the texel's colour. */
export function shadeBy(out: Texel, gain: number): void {
  out.r *= gain
  out.g *= gain
  out.b *= gain
}
