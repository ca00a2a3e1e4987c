/** Relative error of a picture, as renderers are compared by: squared, over the square of what is true. */

/** Share of the mean brightness below which dark counts as no darker. */
const DARK = 0.1

/**
 * Of each pixel, mean over channels of (x − truth)² / (truth² + dark²), not clamped, from two references that are independent of each other and of it, so that their own noise is in no mean:
 * (x − a)(x − b) has the mean (x − truth)².
 */
export function relativeErrors(picture: Float32Array, [a, b]: readonly [Float32Array, Float32Array]): Float64Array {
  const dark = (DARK * a.reduce((sum, x) => sum + x, 0)) / a.length
  const out = new Float64Array(picture.length / 3)
  for (let p = 0; p < out.length; p++) {
    let [error, square] = [0, 0]
    for (let i = 3 * p; i < 3 * p + 3; i++) {
      error += (picture[i]! - a[i]!) * (picture[i]! - b[i]!)
      square += a[i]! * b[i]!
    }
    out[p] = error / (square + 3 * dark * dark)
  }
  return out
}

/** Mean, and mean of all but the worst `share`: a few fireflies rule the first. */
export function means(errors: Float64Array, share: number): { readonly all: number; readonly trimmed: number } {
  const sorted = errors.slice().sort()
  const kept = sorted.subarray(0, sorted.length - Math.ceil(share * sorted.length))
  const mean = (x: Float64Array) => x.reduce((sum, e) => sum + e, 0) / x.length
  return { all: mean(sorted), trimmed: mean(kept) }
}
