import type { Clip, Values } from './clip.ts'
import { Mean } from './sampling.ts'

/** Behind: farther by this fraction. */
const BEHIND = 0.01

/**
 * Share of the nearer side in the last pixel of a surface that goes on behind an outline; (dx, dy) leads from it to the nearer side. What the pixel
 * should hold is the surface's own values carried on evenly. `least` is the contrast that counts.
 */
export function foreign(clip: Clip, layer: Values, seg: Values, depth: Values, dx: number, dy: number, least: number): Mean {
  const { width, height } = clip
  const { channels, data } = layer
  const mean = new Mean()
  const step = dy * width + dx
  for (let y = 2; y < height - 2; y++) {
    for (let x = 2; x < width - 2; x++) {
      const p = y * width + x
      const [far, farther, near] = [p - step, p - 2 * step, p + step]
      const id = seg.data[p]
      if (seg.data[far] !== id || seg.data[farther] !== id || seg.data[near] === id) continue
      if (!(depth.data[near]! < depth.data[p]! * (1 - BEHIND))) continue
      let dot = 0
      let c2 = 0
      for (let c = 0; c < channels; c++) {
        const expected = 2 * data[far * channels + c]! - data[farther * channels + c]!
        const contrast = data[near * channels + c]! - expected
        c2 += contrast * contrast
        dot += (data[p * channels + c]! - expected) * contrast
      }
      const share = dot / c2
      if (c2 >= least * least && Math.abs(share) < 1.5) mean.add(share)
    }
  }
  return mean
}
