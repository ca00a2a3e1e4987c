/** Holes of a depth picture filled from their edges. */

const REACH = 2

/**
 * The recursive median of Lai, Bo, Ren and Fox ("A large-scale hierarchical multi-view RGB-D object dataset", ICRA 2011): every hole that has a measured
 * pixel in the 5 × 5 around it takes their (lower) median; what was filled counts as measured in the next round, until nothing is left. Colours play no
 * part, so edges of depth inside a hole need not lie on edges of the picture. Measured pixels stay as they are; without any, all stay 0.
 *
 * @param raw metres, row-major, 0 is a hole
 */
export function filled(raw: Float32Array, width: number, height: number): Float32Array {
  const out = raw.slice()
  let holes = Array.from(out.keys()).filter(p => out[p] === 0)
  while (holes.length > 0) {
    const values = holes.map(p => medianAround(out, width, height, p))
    const left: number[] = []
    holes.forEach((p, i) => {
      if (values[i] > 0) out[p] = values[i]
      else left.push(p)
    })
    if (left.length === holes.length) break
    holes = left
  }
  return out
}

/** Lower median of what is measured around a pixel; 0 when nothing is. */
function medianAround(depth: Float32Array, width: number, height: number, p: number): number {
  const [x, y] = [p % width, Math.floor(p / width)]
  const found: number[] = []
  for (let j = Math.max(0, y - REACH); j <= Math.min(height - 1, y + REACH); j++)
    for (let i = Math.max(0, x - REACH); i <= Math.min(width - 1, x + REACH); i++) {
      const d = depth[j * width + i]
      if (d > 0) found.push(d)
    }
  found.sort((a, b) => a - b)
  return found.length > 0 ? found[(found.length - 1) >> 1] : 0
}
