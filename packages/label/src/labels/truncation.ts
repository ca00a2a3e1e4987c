/** `truncation`: `truncatedAreaFraction`, the share of the object's own image that lies outside the picture. */
import type { FrameContext, InstanceLabel } from '../label.ts'
import { frameCamera } from '../pixels.ts'
import { castRaster } from '../raster.ts'
import { boxAmodal } from './box-amodal.ts'

/** Points over the box around an object, at most. */
const MOST = 16384

/** Which of the points' rays meet object `k`, before or behind others. */
function meets(context: FrameContext, k: number, points: Float64Array): Uint8Array {
  const out = new Uint8Array(points.length / 2)
  let left = Array.from(out.keys())
  let from = new Float64Array(left.length)
  while (left.length > 0) {
    const hits = castRaster(context, Float64Array.from(left.flatMap(i => [points[2 * i], points[2 * i + 1]])), from)
    const on: number[] = []
    left.forEach((i, at) => {
      if (hits.instance[at] === k) out[i] = 1
      else if (hits.instance[at] >= 0) on.push(at)
    })
    from = Float64Array.from(on, at => hits.t[at])
    left = on.map(at => left[at])
  }
  return out
}

/** Share of object `k` outside the picture, its image inside the box given. */
function outside(context: FrameContext, k: number, [left, top, right, bottom]: readonly number[]): number | null {
  const { width, height } = frameCamera(context)
  // Pixel centres, of larger pixels where there would be too many.
  const step = Math.max(1, Math.sqrt(((right - left) * (bottom - top)) / MOST))
  const centres = (a: number, b: number) => {
    const first = Math.ceil(a / step - 0.5)
    return Array.from({ length: Math.max(0, Math.floor(b / step - 0.5) - first + 1) }, (_, i) => (first + i + 0.5) * step)
  }
  const columns = centres(left, right)
  const points = Float64Array.from(centres(top, bottom).flatMap(v => columns.flatMap(u => [u, v])))
  const met = meets(context, k, points)
  let [all, out] = [0, 0]
  for (let i = 0; i < met.length; i++) {
    if (met[i] === 0) continue
    all++
    const [u, v] = [points[2 * i], points[2 * i + 1]]
    if (!(u >= 0 && v >= 0 && u < width && v < height)) out++
  }
  return all > 0 ? out / all : null
}

export const truncation: InstanceLabel = {
  kind: 'instances',
  name: 'truncation',
  definition: `truncatedAreaFraction: share of the object's own image, hidden or not, that lies outside the picture: of the rays through pixel centres that meet it, on the pixel grid continued past the picture (over ${MOST} pixels in its box: on a coarser one of so many points). 0 for what is inside, 1 for what is outside or behind; null for backgrounds. As box-amodal, of the part that the camera has an image of.`,
  compute(context) {
    const { objects } = context.resolved.scene
    return boxAmodal.compute(context).map(({ box2dAmodalUnclipped, truncatedFraction }, k) => {
      if (objects[k].isBackground) return { truncatedAreaFraction: null }
      const whole = truncatedFraction as number
      // By its box it is wholly inside or outside; one too thin for any ray is as its box.
      if (whole === 0 || whole === 1) return { truncatedAreaFraction: whole }
      return { truncatedAreaFraction: outside(context, k, box2dAmodalUnclipped as readonly number[]) ?? whole }
    })
  },
}
