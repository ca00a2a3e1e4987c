/** Noise of a renderer from repeated pictures, and laws of powers. */

/**
 * Noise of one picture: root of the mean variance over pixels and channels, from pictures that differ in their seeds alone. No reference is needed,
 * so none adds its own noise. Values are clamped to [0, 1] first, lest a few highlights rule.
 */
export function noise(pictures: readonly Float32Array[]): number {
  const n = pictures.length
  let sum = 0
  const size = pictures[0]!.length
  for (let i = 0; i < size; i++) {
    let s = 0
    let q = 0
    for (const p of pictures) {
      const x = Math.min(1, Math.max(0, p[i]!))
      s += x
      q += x * x
    }
    sum += Math.max(0, q - (s * s) / n) / (n - 1)
  }
  return Math.sqrt(sum / size)
}

export function mean(pictures: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(pictures[0]!.length)
  for (const p of pictures) for (let i = 0; i < out.length; i++) out[i]! += p[i]! / pictures.length
  return out
}

/** Root mean square difference, both clamped to [0, 1]. */
export function clippedRmse(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) {
    const d = Math.min(1, Math.max(0, a[i]!)) - Math.min(1, Math.max(0, b[i]!))
    sum += d * d
  }
  return Math.sqrt(sum / a.length)
}

/** Least-squares line through (log x, log y): y ≈ scale · x^slope. */
export function powerLaw(x: readonly number[], y: readonly number[]): { scale: number; slope: number } {
  const n = x.length
  const lx = x.map(Math.log)
  const ly = y.map(Math.log)
  const mx = lx.reduce((a, b) => a + b, 0) / n
  const my = ly.reduce((a, b) => a + b, 0) / n
  let sxy = 0
  let sxx = 0
  for (let i = 0; i < n; i++) {
    sxy += (lx[i]! - mx) * (ly[i]! - my)
    sxx += (lx[i]! - mx) ** 2
  }
  const slope = sxy / sxx
  return { slope, scale: Math.exp(my - slope * mx) }
}
