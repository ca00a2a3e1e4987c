// Fireflies: pixels far above all that is around them, of few samples.
import { HALF, LIGHT, LUMINANCE, RELATIVE, SUM, WEIGHT, at, height, mirror, partChannels, partLight, partSum, plane, stride, width } from './planes'

/**
 * Fireflies: how far above the bound in light and in filtered light, and the share of the excess² that must be noise by the pixel's own samples
 * (one sample makes 1, k equal ones 1/k). Biased: dim.
 */
const RANK = 4
const OUTLIER: f32 = 1.3
const SPECK: f32 = 1.25
const OWN: f32 = 0.4

@inline function lum(o: usize): f32 {
  return load<f32>(plane(LIGHT) + o) + load<f32>(plane(LIGHT + 1) + o) + load<f32>(plane(LIGHT + 2) + o)
}

/** The sum of the channels of the light at plane `LUMINANCE`, with padding. */
function luminance(): void {
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) store<f32>(plane(LUMINANCE) + at(x, y), lum(at(x, y)))
  }
  mirror(plane(LUMINANCE))
}

/**
 * The `RANK`-th brightest of the 24 pixels around address `p` of a plane: what a speck of up to `RANK` pixels cannot lift. Where as many
 * pixels reach `enough`, no bound is needed: nearly always after a few look-ups.
 */
function bound(p: usize, enough: f32): f32 {
  const row = stride << 2
  let count = 0
  let a: f32 = 0, b: f32 = 0, c: f32 = 0, d: f32 = 0
  for (let ring = 1; ring <= 2; ring++) {
    for (let j = -ring; j <= ring; j++) {
      const step = j == -ring || j == ring ? 1 : 2 * ring
      for (let i = -ring; i <= ring; i += step) {
        const n = load<f32>(p + j * row + (i << 2))
        if (n >= enough && ++count == RANK) return f32.MAX_VALUE
        if (n > a) { d = c; c = b; b = a; a = n }
        else if (n > b) { d = c; c = b; b = n }
        else if (n > c) { d = c; c = n }
        else if (n > d) d = n
      }
    }
  }
  return d
}

/** What brings a firefly of plane `LUMINANCE` down to `times` the bound around it; 1 where there is none. */
function dimming(o: usize, times: f32): f32 {
  const l = load<f32>(plane(LUMINANCE) + o)
  const limit = bound(plane(LUMINANCE) + o, l / times) * times
  if (l <= limit) return 1
  const excess = l - limit
  return load<f32>(plane(RELATIVE) + o) * l * l < OWN * excess * excess ? 1 : limit / l
}

/**
 * Pixels far above the robust maximum around them, made of few samples, are brought down to it (rank filters against outliers: DeCoro et al.,
 * Pacific Graphics 2010; here on demodulated light). A converged highlight is made of many samples, and stays.
 */
export function suppressFireflies(): void {
  luminance()
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const o = at(x, y)
      const s = dimming(o, OUTLIER)
      if (s == 1) continue
      for (let c = 0; c < 3; c++) {
        store<f32>(plane(LIGHT + c) + o, load<f32>(plane(LIGHT + c) + o) * s)
        store<f32>(plane(HALF + c) + o, load<f32>(plane(HALF + c) + o) * s * s)
      }
      for (let k = 0; k < partChannels; k++) store<f32>(partLight(k) + o, load<f32>(partLight(k) + o) * s)
    }
  }
}

/** The same of the filtered light: what the filter kept for lack of anything alike. */
export function despeckle(): void {
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const o = at(x, y)
      const inv: f32 = <f32>1 / load<f32>(plane(WEIGHT) + o)
      let l: f32 = 0
      for (let c = 0; c < 3; c++) {
        const v = load<f32>(plane(SUM + c) + o) * inv
        store<f32>(plane(SUM + c) + o, v)
        l += v
      }
      for (let k = 0; k < partChannels; k++) store<f32>(partSum(k) + o, load<f32>(partSum(k) + o) * inv)
      store<f32>(plane(LUMINANCE) + o, l)
    }
  }
  mirror(plane(LUMINANCE))
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const o = at(x, y)
      const s = dimming(o, SPECK)
      if (s == 1) continue
      for (let c = 0; c < 3; c++) store<f32>(plane(SUM + c) + o, load<f32>(plane(SUM + c) + o) * s)
      for (let k = 0; k < partChannels; k++) store<f32>(partSum(k) + o, load<f32>(partSum(k) + o) * s)
    }
  }
}
