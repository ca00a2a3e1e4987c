/** Normals measured on the depth map: central differences of unprojected points, where the five pixels belong to one object. */
import type { Clip } from './clip.ts'
import { length, type V3 } from './maths.ts'
import { pointsOf } from './points.ts'

/** World normals facing the camera, three a pixel; NaN where neighbours are of another object or depth jumps. */
export const depthNormals = (clip: Clip, frame: number): Promise<Float64Array | undefined> =>
  clip.note('depth normals', () => measure(clip, frame), frame)

async function measure(clip: Clip, frame: number): Promise<Float64Array | undefined> {
  const depth = await clip.values('depth', frame)
  const seg = await clip.values('segmentation', frame)
  const points = await pointsOf(clip, frame)
  const lens = clip.exposure(frame)?.lens
  if (!depth || !seg || !points || !lens) return undefined
  const { width, height } = clip
  const out = new Float64Array(3 * width * height).fill(NaN)
  // 1/depth is affine over a plane where lines are straight; elsewhere distance nearly is. A bend of it beyond this fraction of its own step is an edge.
  const tame = (p: number) => (lens.projective ? 1 / depth.data[p]! : points.distance[p]!)
  const bent = (p: number, step: number) => {
    const [a, m, b] = [tame(p - step), tame(p), tame(p + step)]
    return Math.abs(a + b - 2 * m) > 0.5 * Math.abs(a - b) + 2e-3 * Math.abs(m)
  }
  const across = (p: number, step: number, sign: number): V3 => {
    const at = (k: number) => sign * (points.world[3 * (p + step) + k]! - points.world[3 * (p - step) + k]!)
    return [at(0), at(1), at(2)]
  }
  for (let j = 1; j < height - 1; j++) {
    for (let i = 1; i < width - 1; i++) {
      const p = j * width + i
      const id = seg.data[p]!
      if (id === 0 || seg.data[p - 1] !== id || seg.data[p + 1] !== id || seg.data[p - width] !== id || seg.data[p + width] !== id) continue
      if (bent(p, 1) || bent(p, width)) continue
      const [x, y] = [across(p, 1, 1), across(p, width, -1)]
      const n: V3 = [x[1] * y[2] - x[2] * y[1], x[2] * y[0] - x[0] * y[2], x[0] * y[1] - x[1] * y[0]]
      const size = length(n)
      if (!(size > 0)) continue
      for (let k = 0; k < 3; k++) out[3 * p + k] = n[k]! / size
    }
  }
  return out
}
