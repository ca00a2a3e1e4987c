/** What a denoised picture must not have: isolated bright pixels, black ones among lit ones, numbers that are none. */

export interface Specks {
  /** Pixels far above the fourth brightest of the 24 around them, so that clusters of up to four count. */
  readonly bright: number
  /** Pixels of exactly 0, 0, 0 whose eight neighbours are all lit. */
  readonly black: number
  /** NaN, infinite or negative values. */
  readonly invalid: number
}

/**
 * @param rgb three numbers a pixel, rows from the top; linear light, or 8-bit values over 255
 * @param times how far above the bound counts; differences below `floor` never do
 */
export function specks(rgb: ArrayLike<number>, width: number, height: number, times = 2, floor = 0.05): Specks {
  const clip = (x: number) => Math.min(1, Math.max(0, x))
  const sum = Float64Array.from(
    { length: width * height },
    (_, i) => (clip(rgb[i * 3]!) + clip(rgb[i * 3 + 1]!) + clip(rgb[i * 3 + 2]!)) / 3,
  )
  let [bright, black, invalid] = [0, 0, 0]
  for (let i = 0; i < width * height * 3; i++) if (!(rgb[i]! >= 0 && rgb[i]! < Infinity)) invalid++
  const around = (x: number, y: number, reach: number) => {
    const list: number[] = []
    for (let j = Math.max(0, y - reach); j <= Math.min(height - 1, y + reach); j++) {
      for (let i = Math.max(0, x - reach); i <= Math.min(width - 1, x + reach); i++) {
        if (i !== x || j !== y) list.push(sum[j * width + i]!)
      }
    }
    return list.sort((a, b) => b - a)
  }
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const l = sum[y * width + x]!
      const bound = around(x, y, 2)[3] ?? l
      if (l > times * bound && l - bound > floor) bright++
      if (l === 0 && around(x, y, 1).every(n => n > 0.02)) black++
    }
  }
  return { bright, black, invalid }
}
