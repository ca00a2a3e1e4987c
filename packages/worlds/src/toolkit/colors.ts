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

/** One of CLEVR's eight colours, with its name. */
export function clevrColor(key: Key): { readonly label: ClevrColor; readonly color: Vec3 } {
  const label = key.choice(Object.keys(CLEVR_COLORS) as ClevrColor[])
  return { label, color: CLEVR_COLORS[label] }
}

/** Any hue at full saturation and value, as linear RGB (Kubric's `random_hue_color`, MOVi-B). */
export const uniformHue = (key: Key, saturation = 1, value = 1): Vec3 => hsv(key.uniform(), saturation, value)

/** Linear RGB of a black body on sRGB's primaries, brightest channel 1 (fit of Krystek 1985 in CIE 1960, 1000–15000 K). */
export function blackbody(kelvin: number): Vec3 {
  if (!(kelvin >= 1000 && kelvin <= 15000)) throw new RangeError(`blackbody: ${kelvin} K is not between 1000 and 15000 K`)
  const t = kelvin
  const u = (0.860117757 + 1.54118254e-4 * t + 1.28641212e-7 * t * t) / (1 + 8.42420235e-4 * t + 7.08145163e-7 * t * t)
  const v = (0.317398726 + 4.22806245e-5 * t + 4.20481691e-8 * t * t) / (1 - 2.89741816e-5 * t + 1.61456053e-7 * t * t)
  const x = (3 * u) / (2 * u - 8 * v + 4)
  const y = (2 * v) / (2 * u - 8 * v + 4)
  const [X, Z] = [x / y, (1 - x - y) / y]
  const rgb: Vec3 = [
    3.2404542 * X - 1.5371385 - 0.4985314 * Z,
    -0.969266 * X + 1.8760108 + 0.041556 * Z,
    0.0556434 * X - 0.2040259 + 1.0572252 * Z,
  ]
  const most = Math.max(...rgb)
  return rgb.map(c => Math.max(0, c / most)) as unknown as Vec3
}
