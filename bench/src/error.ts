/** To what a display shows: 0 to 1. */
export const clamp = (x: number): number => Math.min(1, Math.max(0, x))

/**
 * Mean squared error of a picture, all clamped to [0, 1], from two references that are independent of each other and of it: their own noise is in neither the mean nor the sum, for
 * (x − a)(x − b) has the mean (x − truth)².
 */
export function squaredError(picture: Float32Array, [a, b]: readonly [Float32Array, Float32Array]): number {
  let sum = 0
  for (let i = 0; i < picture.length; i++) {
    const x = clamp(picture[i]!)
    sum += (x - clamp(a[i]!)) * (x - clamp(b[i]!))
  }
  return sum / picture.length
}
