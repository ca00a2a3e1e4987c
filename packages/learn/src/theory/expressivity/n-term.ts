/** Best n-term approximation of pictures in an orthonormal basis: the largest coefficients are kept, the error is the energy of the others. */
import { TheoryError } from '../algebra/matrix.ts'

/** The disc of radius r as a size × size picture: 1 where the pixel's index is nearer than r. */
export function disc(size: number, [cy, cx]: readonly [number, number], r: number): Float64Array {
  const out = new Float64Array(size * size)
  for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) out[i * size + j] = (i - cy) ** 2 + (j - cx) ** 2 < r * r ? 1 : 0
  return out
}

const checkSize = (picture: ArrayLike<number>, size: number): void => {
  if (picture.length !== size * size || !Number.isInteger(Math.log2(size)))
    throw new TheoryError(`a picture of ${picture.length} values is not ${size} × ${size}, or ${size} is no power of 2`)
}

/** The orthonormal two-dimensional Haar transform (Mallat's pyramid) of a size × size picture, size a power of 2. */
export function haar(picture: ArrayLike<number>, size: number): Float64Array {
  checkSize(picture, size)
  const out = Float64Array.from(picture)
  for (let n = size; n > 1; n /= 2) {
    const half = n / 2
    const block = new Float64Array(n * n)
    for (let i = 0; i < half; i++)
      for (let j = 0; j < half; j++) {
        const a = out[2 * i * size + 2 * j]!
        const b = out[2 * i * size + 2 * j + 1]!
        const c = out[(2 * i + 1) * size + 2 * j]!
        const d = out[(2 * i + 1) * size + 2 * j + 1]!
        block[i * n + j] = (a + b + c + d) / 2
        block[i * n + j + half] = (a - b + c - d) / 2
        block[(i + half) * n + j] = (a + b - c - d) / 2
        block[(i + half) * n + j + half] = (a - b - c + d) / 2
      }
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) out[i * size + j] = block[i * n + j]!
  }
  return out
}

/** Moduli of the unitary two-dimensional Fourier transform of a size × size picture, size a power of 2. */
export function fourierModuli(picture: ArrayLike<number>, size: number): Float64Array {
  checkSize(picture, size)
  const re = Float64Array.from(picture)
  const im = new Float64Array(re.length)
  for (let i = 0; i < size; i++) fft(re, im, i * size, 1, size)
  for (let j = 0; j < size; j++) fft(re, im, j, size, size)
  return re.map((v, i) => Math.hypot(v, im[i]!) / size)
}

/** In place, radix 2, on n values `step` apart. */
function fft(re: Float64Array, im: Float64Array, at: number, step: number, n: number): void {
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1
    for (; j & bit; bit >>= 1) j ^= bit
    j ^= bit
    if (i < j) {
      const [p, q] = [at + i * step, at + j * step]
      ;[re[p], re[q]] = [re[q]!, re[p]!]
      ;[im[p], im[q]] = [im[q]!, im[p]!]
    }
  }
  for (let length = 2; length <= n; length *= 2) {
    for (let i = 0; i < n; i += length)
      for (let k = 0; k < length / 2; k++) {
        const angle = (-2 * Math.PI * k) / length
        const [c, s] = [Math.cos(angle), Math.sin(angle)]
        const p = at + (i + k) * step
        const q = p + (length / 2) * step
        const [x, y] = [re[q]! * c - im[q]! * s, re[q]! * s + im[q]! * c]
        re[q] = re[p]! - x
        im[q] = im[p]! - y
        re[p]! += x
        im[p]! += y
      }
  }
}

/** ‖f − f_n‖²/‖f‖² for each n, f_n made of the n largest of the orthonormal coefficients. */
export function nTermErrors(coefficients: ArrayLike<number>, counts: readonly number[]): number[] {
  const energies = Float64Array.from(coefficients, v => v * v)
    .sort()
    .reverse()
  const total = energies.reduce((a, b) => a + b, 0)
  return counts.map(n => energies.subarray(n).reduce((a, b) => a + b, 0) / total)
}

/** The slope of log y over log x by least squares. */
export function logSlope(x: readonly number[], y: readonly number[]): number {
  const u = x.map(Math.log)
  const v = y.map(Math.log)
  const mu = u.reduce((a, b) => a + b, 0) / u.length
  const mv = v.reduce((a, b) => a + b, 0) / v.length
  return u.reduce((s, a, i) => s + (a - mu) * (v[i]! - mv), 0) / u.reduce((s, a) => s + (a - mu) ** 2, 0)
}
