/** How sharp pictures are. */
import type { NDArray } from '@dioramic/tensor'
import { GanError } from '../error.ts'

/**
 * Variance of the Laplacian (Pech-Pacheco et al. 2000), mean over pictures [n, c, h, w]: the variance over a picture's inner pixels of what the four neighbours differ from four times their
 * middle. Blur lowers it, noise raises it, so it means something only beside that of real pictures.
 */
export function laplacianVariance({ shape, data }: NDArray): number {
  if (shape.length !== 4 || shape[2]! < 3 || shape[3]! < 3)
    throw new GanError(`sharpness is of pictures [n, c, h, w] of at least 3 × 3 pixels, not [${shape.join(', ')}]`)
  const [n, c, h, w] = shape as [number, number, number, number]
  const x = data as Float32Array
  const inner = c * (h - 2) * (w - 2)
  let all = 0
  for (let i = 0; i < n; i++) {
    let [sum, squares] = [0, 0]
    for (let k = 0; k < c; k++)
      for (let row = 1; row < h - 1; row++)
        for (let column = 1; column < w - 1; column++) {
          const p = ((i * c + k) * h + row) * w + column
          const v = x[p - w]! + x[p + w]! + x[p - 1]! + x[p + 1]! - 4 * x[p]!
          sum += v
          squares += v * v
        }
    all += squares / inner - (sum / inner) ** 2
  }
  return all / n
}
