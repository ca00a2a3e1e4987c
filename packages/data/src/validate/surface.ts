/** Normals measured on the depth map: central differences of unprojected points, where the five pixels belong to one object. */
import type { Clip } from './clip.ts'
import { length, ray, type V3 } from './maths.ts'

/** World normals facing the camera, three a pixel; NaN where neighbours are of another object or depth jumps. */
export const depthNormals = (clip: Clip, frame: number): Promise<Float64Array | undefined> =>
  clip.note('depth normals', () => measure(clip, frame), frame)

async function measure(clip: Clip, frame: number): Promise<Float64Array | undefined> {
  const depth = await clip.values('depth', frame)
  const seg = await clip.values('segmentation', frame)
  const camera = clip.camera(frame)
  if (!depth || !seg || !camera) return undefined
  const { width, height } = clip
  const out = new Float64Array(3 * width * height).fill(NaN)
  const point = (p: number): V3 => {
    const d = ray(camera, (p % width) + 0.5, Math.floor(p / width) + 0.5)
    const z = depth.data[p]!
    return [d[0] * z, d[1] * z, d[2] * z]
  }
  // 1/depth is affine over a plane: a bend of it beyond this fraction of its own step is an edge.
  const bent = (a: number, m: number, b: number) => Math.abs(1 / a + 1 / b - 2 / m) > 0.5 * Math.abs(1 / a - 1 / b) + 2e-3 / m
  for (let j = 1; j < height - 1; j++) {
    for (let i = 1; i < width - 1; i++) {
      const p = j * width + i
      const id = seg.data[p]!
      if (id === 0 || seg.data[p - 1] !== id || seg.data[p + 1] !== id || seg.data[p - width] !== id || seg.data[p + width] !== id) continue
      const z = depth.data[p]!
      if (bent(depth.data[p - 1]!, z, depth.data[p + 1]!) || bent(depth.data[p - width]!, z, depth.data[p + width]!)) continue
      const [l, r, t, b] = [point(p - 1), point(p + 1), point(p - width), point(p + width)]
      const x: V3 = [r[0] - l[0], r[1] - l[1], r[2] - l[2]]
      const y: V3 = [t[0] - b[0], t[1] - b[1], t[2] - b[2]]
      const n: V3 = [x[1] * y[2] - x[2] * y[1], x[2] * y[0] - x[0] * y[2], x[0] * y[1] - x[1] * y[0]]
      const size = length(n)
      if (!(size > 0)) continue
      for (let k = 0; k < 3; k++) out[3 * p + k] = n[k]! / size
    }
  }
  return out
}
