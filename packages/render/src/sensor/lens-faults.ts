/** What a lens does to the picture beside projecting it: lateral chromatic aberration and fall-off. */
import { type CameraState, projectionOf } from '@dioramic/scene'

/**
 * A channel of linear RGB as a lens that magnifies it by 1 + `by` about the principal point shows it: the pixel at p holds what is at c + (p − c)/(1 + by),
 * read bilinearly; what lies outside is as at the border.
 */
export function magnified(rgb: Float32Array, channel: number, { width, height, cx, cy }: CameraState, by: number, out: Float32Array): void {
  const place = (p: number, c: number, n: number) => Math.min(Math.max(c + (p + 0.5 - c) / (1 + by) - 0.5, 0), n - 1)
  for (let j = 0; j < height; j++) {
    const y = place(j, cy, height)
    const y0 = Math.min(Math.floor(y), Math.max(height - 2, 0))
    const y1 = Math.min(y0 + 1, height - 1)
    const v = y - y0
    for (let i = 0; i < width; i++) {
      const x = place(i, cx, width)
      const x0 = Math.min(Math.floor(x), Math.max(width - 2, 0))
      const x1 = Math.min(x0 + 1, width - 1)
      const u = x - x0
      const at = (row: number, column: number) => rgb[(row * width + column) * 3 + channel]!
      out[(j * width + i) * 3 + channel] = (1 - v) * ((1 - u) * at(y0, x0) + u * at(y0, x1)) + v * ((1 - u) * at(y1, x0) + u * at(y1, x1))
    }
  }
}

/** cos⁴ of the angle between the ray through each pixel's centre and the optical axis; 0 from 90° on, 1 for parallel rays. */
export function cosFourth(camera: CameraState): Float64Array {
  const { width, height } = camera
  const { ray } = projectionOf(camera)
  const out = new Float64Array(width * height)
  const d = new Float64Array(6)
  for (let j = 0; j < height; j++) {
    for (let i = 0; i < width; i++) {
      if (!ray(i + 0.5, j + 0.5, d)) continue
      const [x, y, z] = d as unknown as [number, number, number]
      const cos2 = z < 0 ? (z * z) / (x * x + y * y + z * z) : 0
      out[j * width + i] = cos2 * cos2
    }
  }
  return out
}
