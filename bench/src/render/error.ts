/** Error of a picture against a converged one: root mean square over all channels, both clamped to [0, 1] so that a few highlights do not rule it. */
export function clippedRmse(picture: Float32Array, reference: Float32Array): number {
  let sum = 0
  for (let i = 0; i < picture.length; i++) {
    const d = Math.min(1, Math.max(0, picture[i]!)) - Math.min(1, Math.max(0, reference[i]!))
    sum += d * d
  }
  return Math.sqrt(sum / picture.length)
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
