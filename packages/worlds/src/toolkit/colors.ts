/** Colours, linear RGB, and where they are drawn from. */
import { type Key, portable, type Vec3 } from '@dioramic/scene'

const of255 = (r: number, g: number, b: number): Vec3 => [r / 255, g / 255, b / 255]

/** The eight colours of CLEVR and MOVi-A; as there, the values are linear reflectances. */
export const CLEVR_COLORS = {
  blue: of255(42, 75, 215),
  brown: of255(129, 74, 25),
  cyan: of255(41, 208, 208),
  gray: of255(87, 87, 87),
  green: of255(29, 105, 20),
  purple: of255(129, 38, 192),
  red: of255(173, 35, 35),
  yellow: of255(255, 238, 5),
} as const satisfies Record<string, Vec3>
export type ClevrColor = keyof typeof CLEVR_COLORS

/** Hue in turns, saturation and value 0–1, to RGB (Smith 1978). */
export function hsv(h: number, s: number, v: number): Vec3 {
  const f = (n: number): number => {
    const k = (n + h * 6) % 6
    return v - v * s * Math.max(0, Math.min(k, 4 - k, 1))
  }
  return [f(5), f(3), f(1)]
}

/** A display (sRGB) colour as linear RGB: `srgb('#ffedd0')` or components 0–1. */
export function srgb(color: string | Vec3): Vec3 {
  let c: Vec3
  if (typeof color === 'string') {
    const m = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(color)
    if (!m) throw new RangeError(`srgb: "${color}" is not a colour; write #rrggbb`)
    c = [1, 2, 3].map(i => Number.parseInt(m[i]!, 16) / 255) as unknown as Vec3
  } else c = color
  return c.map(x => (x <= 0.04045 ? x / 12.92 : portable.pow((x + 0.055) / 1.055, 2.4))) as unknown as Vec3
}

/** A pleasant display colour: any hue, saturation and value in the middle range; linear RGB. */
export function randomColor(key: Key): Vec3 {
  return srgb(hsv(key.fork('hue').uniform(), key.fork('saturation').uniform(0.45, 0.85), key.fork('value').uniform(0.45, 0.9)))
}
