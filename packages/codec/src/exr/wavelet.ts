/**
 * Undoes PIZ's two-dimensional Haar transform in place on nx · ny values, `ox` apart in a row and `oy` apart between rows, beginning at
 * `start`. `greatest` value: below 2^14 differences keep their sign, above they wrap at 16 bits.
 */
export function unwavelet(data: Uint16Array, start: number, nx: number, ox: number, ny: number, oy: number, greatest: number): void {
  const undo = greatest < 1 << 14 ? undo14 : undo16
  const n = Math.min(nx, ny)
  let p2 = 1
  while (p2 * 2 <= n) p2 *= 2
  for (let p = p2 >> 1; p >= 1; p2 = p, p >>= 1) {
    const [oy1, oy2, ox1, ox2] = [oy * p, oy * p2, ox * p, ox * p2]
    const lastY = start + oy * (ny - p2)
    let py = start
    for (; py <= lastY; py += oy2) {
      const lastX = py + ox * (nx - p2)
      let px = py
      for (; px <= lastX; px += ox2) {
        undo(data, px, px + oy1)
        undo(data, px + ox1, px + oy1 + ox1)
        undo(data, px, px + ox1)
        undo(data, px + oy1, px + oy1 + ox1)
      }
      if (nx & p) undo(data, px, px + oy1)
    }
    if (ny & p) {
      const lastX = py + ox * (nx - p2)
      for (let px = py; px <= lastX; px += ox2) undo(data, px, px + ox1)
    }
  }
}

/** Mean and difference to the two values, signed. */
function undo14(data: Uint16Array, low: number, high: number): void {
  const h = (data[high]! << 16) >> 16
  const a = ((data[low]! << 16) >> 16) + (h & 1) + (h >> 1)
  data[low] = a
  data[high] = a - h
}

/** Mean and difference to the two values, modulo 2^16. */
function undo16(data: Uint16Array, low: number, high: number): void {
  const d = data[high]!
  const b = (data[low]! - (d >> 1)) & 0xffff
  data[high] = b
  data[low] = d + b - 0x8000
}
