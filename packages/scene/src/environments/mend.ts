/**
 * Mends what shrinking an HDR picture with a sharp filter leaves around small bright lights: negative lobes, which clipping would turn
 * into black holes (and into more light than there was). Works in place on one picture, rows clamped, columns wrapping.
 *
 * A negative value becomes the median of the positive values around it (7 × 7), and what that adds is taken from the brighter values there, so the
 * window's sum stays.
 */
export function removeNegativeLobes(data: Float32Array, width: number, height: number): void {
  const around: number[] = []
  const places: number[] = []
  for (let c = 0; c < 3; c++) {
    for (let j = 0; j < height; j++) {
      for (let i = 0; i < width; i++) {
        const k = (j * width + i) * 3 + c
        const value = data[k]!
        if (value >= 0) continue
        around.length = places.length = 0
        for (let y = Math.max(0, j - 3); y <= Math.min(height - 1, j + 3); y++) {
          for (let x = i - 3; x <= i + 3; x++) {
            const p = (y * width + ((x + width) % width)) * 3 + c
            if (data[p]! < 0) continue
            around.push(data[p]!)
            places.push(p)
          }
        }
        const median = around.sort((a, b) => a - b)[around.length >> 1] ?? 0
        data[k] = median
        let excess = 0
        for (const p of places) excess += Math.max(0, data[p]! - median)
        if (excess <= 0) continue
        // Never more than the excess itself: brighter places sink to the median at most.
        const factor = 1 - Math.min(1, (median - value) / excess)
        for (const p of places) if (data[p]! > median) data[p] = median + (data[p]! - median) * factor
      }
    }
  }
}

/**
 * Mends a sun whose red and green overflowed a half when the picture was shrunk and were written as 0 (`park`, `sunrise`): next to a blue
 * of several units that is no colour light has. They become the blue times the mean ratio in the glare around it. In place.
 */
export function restoreLostChannels(data: Float32Array, width: number, height: number): void {
  const lost = (p: number) => Math.abs(data[p]!) < 0.01 && Math.abs(data[p + 1]!) < 0.01 && Math.abs(data[p + 2]!) > 4
  const places: number[] = []
  for (let p = 0; p < data.length; p += 3) if (lost(p)) places.push(p)
  if (places.length === 0) return
  const glare = [0, 0, 0]
  for (const p of places) {
    const row = Math.floor(p / 3 / width)
    const column = (p / 3) % width
    for (let y = Math.max(0, row - 2); y <= Math.min(height - 1, row + 2); y++) {
      for (let x = column - 2; x <= column + 2; x++) {
        const q = (y * width + ((x + width) % width)) * 3
        if (!lost(q)) for (let c = 0; c < 3; c++) glare[c]! += Math.max(0, data[q + c]!)
      }
    }
  }
  if (!(glare[2]! > 0)) return
  for (const p of places) for (let c = 0; c < 2; c++) data[p + c] = (data[p + 2]! * glare[c]!) / glare[2]!
}
