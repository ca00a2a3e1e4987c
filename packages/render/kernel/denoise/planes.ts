// Where the denoiser keeps what it works on: planes of f32, padded by mirroring, four pixels a step.

/** Pixels around the picture: window plus patch, a multiple of four. */
const PAD = 16
/** Half the width of the window in which a pixel looks for its likes. */
export const WINDOW: i32 = 8

// Planes, in this order from the base. What other frames are compared by comes first.
export const LIGHT = 0 // 3: demodulated light
export const NOISE = 3 // its variance, mean of the channels
export const NORMAL = 4 // 3
export const ALBEDO = 7 // 3
export const DEPTH = 10
/** Planes that a frame beside keeps; its parts follow. */
export const KEPT = 11
export const SLOPE = 11 // squared tolerance of depth a pixel of distance
export const NORMAL_EASE = 12 // 1 over the squared tolerance of normals
export const ALBEDO_EASE = 13
export const DISTANCE = 14
export const ROWSUM = 15
export const SUM = 16 // 3
export const WEIGHT = 19
export const HALF = 20 // 3: squared difference of the halves
export const RELATIVE = 23 // variance of the pixel's own mean over the square of that mean
export const LUMINANCE = ROWSUM // shared: never at the same time
const PLANES = 24
/** With parts, the weights of one row of the window follow, then the channels of the parts: their light, then its sums, then the frames beside. */
const ROW = 2 * WINDOW + 1

export let base: usize = 0
export let stride: i32 = 0
export let planeBytes: usize = 0
export let width: i32 = 0
export let height: i32 = 0
export let partChannels: i32 = 0

function fixed(parts: i32): usize { return PLANES + (parts > 0 ? ROW + 6 * parts : 0) }
function bytesOf(w: i32, h: i32): usize { return <usize>(((w + 3) & ~3) + 2 * PAD) * (h + 2 * PAD) * 4 }

/** Bytes that `denoise` needs at `scratch` with so many frames beside. */
export function denoiseBytes(w: i32, h: i32, parts: i32, beside: i32): usize {
  return bytesOf(w, h) * (fixed(parts) + <usize>beside * (KEPT + 3 * parts))
}

export function layOut(w: i32, h: i32, parts: i32, scratch: usize): void {
  base = scratch
  width = w
  height = h
  partChannels = 3 * parts
  stride = ((w + 3) & ~3) + 2 * PAD
  planeBytes = bytesOf(w, h)
}

@inline export function plane(i: i32): usize { return base + <usize>i * planeBytes }
@inline export function at(x: i32, y: i32): usize { return ((y + PAD) * stride + x + PAD) << 2 }
/** Weights of the window's row at hand, by column from its left. */
@inline export function rowWeights(column: i32): usize { return plane(PLANES + column) }
@inline export function partLight(channel: i32): usize { return plane(PLANES + ROW + channel) }
@inline export function partSum(channel: i32): usize { return plane(PLANES + ROW + partChannels + channel) }
/** The planes of a frame beside. */
export function besideAt(k: i32): usize { return base + (fixed(partChannels / 3) + <usize>k * (KEPT + partChannels)) * planeBytes }

/** Fills the padding by reflection. */
export function mirror(p: usize): void {
  for (let y = -PAD; y < height + PAD; y++) {
    const sy = reflect(y, height)
    for (let x = -PAD; x < stride - PAD; x++) {
      if (x >= 0 && x < width && y >= 0 && y < height) continue
      store<f32>(p + at(x, y), load<f32>(p + at(reflect(x, width), sy)))
    }
  }
}
@inline function reflect(x: i32, n: i32): i32 {
  if (n == 1) return 0
  const period = 2 * n - 2
  let m = x % period
  if (m < 0) m += period
  return m < n ? m : period - m
}
