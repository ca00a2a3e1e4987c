/** `box-2d`: `box2d`, the tight box around the object's visible pixels, [left, top, right, bottom] in raster pixels; null when none is visible. */
import type { InstanceLabel } from '../label.ts'
import { visible } from '../visible.ts'

export const box2d: InstanceLabel = {
  kind: 'instances',
  name: 'box-2d',
  definition:
    "box2d: [left, top, right, bottom] around the object's visible pixels, raster pixels; right and bottom are the far edges of the last pixel. null when no pixel is visible.",
  compute(context) {
    const { pixels, extents } = visible(context)
    return Array.from(pixels, (count, k) => ({ box2d: count === 0 ? null : Array.from(extents.subarray(4 * k, 4 * k + 4)) }))
  },
}
