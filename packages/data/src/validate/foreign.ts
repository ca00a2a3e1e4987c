import type { Clip, Values } from './clip.ts'
import { Mean } from './sampling.ts'

/** Behind: farther by this fraction. */
const BEHIND = 0.01

/** Surfaces whose step from pixel to pixel changes by more than this share of the least contrast cannot be carried on: relief finer than pixels. */
const UNEVEN = 0.5

/**
 * Share of the nearer side in the last pixel of a surface that goes on behind an outline; (dx, dy) leads from it to the nearer side. What the pixel
 * should hold is the surface's own values carried on evenly. `least` is the contrast that counts.
 */
export function foreign(clip: Clip, layer: Values, seg: Values, depth: Values, dx: number, dy: number, least: number): Mean {
  const { width, height } = clip
  const { channels, data } = layer
  const mean = new Mean()
  const step = dy * width + dx
  for (let y = 3; y < height - 3; y++) {
    for (let x = 3; x < width - 3; x++) {
      const p = y * width + x
      const [far, farther, farthest, near] = [p - step, p - 2 * step, p - 3 * step, p + step]
      const id = seg.data[p]
      if ([far, farther, farthest].some(q => seg.data[q] !== id) || seg.data[near] === id) continue
      if (!(depth.data[near]! < depth.data[p]! * (1 - BEHIND))) continue
      let dot = 0
      let c2 = 0
      let bend = 0
      for (let c = 0; c < channels; c++) {
        const expected = 2 * data[far * channels + c]! - data[farther * channels + c]!
        const contrast = data[near * channels + c]! - expected
        c2 += contrast * contrast
        const turn = data[far * channels + c]! - 2 * data[farther * channels + c]! + data[farthest * channels + c]!
        bend += turn * turn
        dot += (data[p * channels + c]! - expected) * contrast
      }
      const share = dot / c2
      if (c2 >= least * least && bend < UNEVEN * UNEVEN * least * least && Math.abs(share) < 1.5) mean.add(share)
    }
  }
  return mean
}
