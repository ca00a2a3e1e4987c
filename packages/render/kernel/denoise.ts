// Denoising by joint non-local means: patches of the demodulated light (colour over albedo) compared by their noise (Rousselle et al.,
// SIGGRAPH Asia 2012), times similarity of the guides (Rousselle et al. 2013; Moon et al. 2013). The noise comes from two half buffers.
//
// A pixel looks for its likes in the frames before and after, too (Buades et al., "Denoising image sequences does not require motion estimation", 2005): what stands still is there with other
// noise, and what moves is found by its patch or not at all.
//
// Parts of the light (split.ts) go through the same weights and the same limits of fireflies, so that what summed up before does so after. All sums in a fixed order.
import { despeckle, suppressFireflies } from './denoise/fireflies'
import { tolerances } from './denoise/guides'
import { noise } from './denoise/noise'
import {
  ALBEDO, DEPTH, HALF, KEPT, LIGHT, NORMAL, RELATIVE, SLOPE, SUM, WINDOW, at, base, besideAt, layOut, mirror, partChannels, partLight, partSum, plane, planeBytes,
} from './denoise/planes'
import { gather } from './denoise/weights'
export { denoiseBytes } from './denoise/planes'

/** Half the width of the window in another frame. */
const WINDOW_BESIDE: i32 = 4
/** Added to albedo before dividing: black surfaces keep their own colour. */
const FLOOR: f32 = 0.03

/**
 * Makes the planes of a frame: reads frames of 3, 3, 1, 3, 3, 1, 1 f32 a pixel, and at `light` one after another `parts` frames of 3.
 */
function prepare(w: i32, h: i32, color: usize, half: usize, square: usize, albedo: usize, normal: usize, depth: usize, coverage: usize, spp: i32, light: usize, parts: i32): void {
  const pictureBytes = <usize>(w * h) * 12
  // Odd samples over all; the even half from the mean and the odd half.
  const share = <f32>(spp >> 1) / <f32>spp
  const other: f32 = share < 1 ? <f32>1 / (<f32>1 - share) : 0
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const i: usize = y * w + x
      const o = at(x, y)
      const seen = load<f32>(coverage + (i << 2))
      const brightness = load<f32>(color + i * 12) + load<f32>(color + i * 12 + 4) + load<f32>(color + i * 12 + 8)
      const spread = max<f32>(0, load<f32>(square + (i << 2)) - brightness * brightness) / <f32>(spp - 1)
      store<f32>(plane(RELATIVE) + o, brightness > 0 ? spread / (brightness * brightness) : 0)
      for (let c = 0; c < 3; c++) {
        const j = (i * 3 + c) << 2
        const a = load<f32>(albedo + j)
        // Where nothing was hit there is nothing to divide by.
        const scale: f32 = <f32>1 / (a + (<f32>1 - seen) + FLOOR)
        const mean = load<f32>(color + j) * scale
        const odd = load<f32>(half + j) * scale
        const even = (mean - share * odd) * other
        store<f32>(plane(LIGHT + c) + o, mean)
        // Variance of the mean from two halves of n·share and n·(1 − share) samples.
        store<f32>(plane(HALF + c) + o, (odd - even) * (odd - even) * share * (<f32>1 - share))
        store<f32>(plane(NORMAL + c) + o, load<f32>(normal + j))
        store<f32>(plane(ALBEDO + c) + o, a)
        for (let k = 0; k < parts; k++) store<f32>(partLight(3 * k + c) + o, load<f32>(light + <usize>k * pictureBytes + j) * scale)
      }
      store<f32>(plane(DEPTH) + o, seen > 0 ? load<f32>(depth + (i << 2)) : 1e6)
    }
  }
  suppressFireflies()
  suppressFireflies()
  noise()
  for (let p = 0; p < KEPT; p++) mirror(plane(p))
  for (let k = 0; k < partChannels; k++) mirror(partLight(k))
}

/** Takes a frame beside the one that is to be denoised, number `k` of them; arguments as of `denoise`. */
export function denoiseBeside(w: i32, h: i32, color: usize, half: usize, square: usize, albedo: usize, normal: usize, depth: usize, coverage: usize, spp: i32, light: usize, parts: i32, scratch: usize, k: i32): void {
  layOut(w, h, parts, scratch)
  prepare(w, h, color, half, square, albedo, normal, depth, coverage, spp, light, parts)
  const to = besideAt(k)
  memory.copy(to, base, KEPT * planeBytes)
  memory.copy(to + KEPT * planeBytes, partLight(0), partChannels * planeBytes)
}

/**
 * Reads frames of 3, 3, 1, 3, 3, 1, 1 f32 a pixel, and at `light` one after another `parts` frames of 3; writes 3 a pixel to `out`, then those of the
 * parts likewise. `beside` frames were taken before with the same `scratch`.
 */
export function denoise(w: i32, h: i32, color: usize, half: usize, square: usize, albedo: usize, normal: usize, depth: usize, coverage: usize, spp: i32, light: usize, parts: i32, out: usize, scratch: usize, beside: i32): void {
  layOut(w, h, parts, scratch)
  prepare(w, h, color, half, square, albedo, normal, depth, coverage, spp, light, parts)
  tolerances()
  memory.fill(plane(SUM), 0, 4 * planeBytes)
  for (let k = 0; k < partChannels; k++) memory.fill(partSum(k), 0, planeBytes)
  gather(base, WINDOW)
  for (let k = 0; k < beside; k++) gather(besideAt(k), WINDOW_BESIDE)
  despeckle()
  const pictureBytes = <usize>(w * h) * 12
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const i: usize = y * w + x
      const o = at(x, y)
      const miss: f32 = <f32>1 - load<f32>(coverage + (i << 2))
      for (let c = 0; c < 3; c++) {
        const j = (i * 3 + c) << 2
        const back: f32 = load<f32>(albedo + j) + miss + FLOOR
        store<f32>(out + j, load<f32>(plane(SUM + c) + o) * back)
        for (let k = 0; k < parts; k++) store<f32>(out + <usize>(k + 1) * pictureBytes + j, load<f32>(partSum(3 * k + c) + o) * back)
      }
    }
  }
}
