/** Visible pixels and their extents of every object, in one pass over the primary hits. */
import type { FrameContext } from './label.ts'
import { memo } from './memo.ts'
import { frameCamera } from './pixels.ts'

export interface Visible {
  /** Pixels of each object. */
  readonly pixels: Uint32Array
  /** First column, first row, last column + 1, last row + 1 of each object: raster edges. Meaningless where `pixels` is 0. */
  readonly extents: Int32Array
}

export const visible = (context: FrameContext): Visible =>
  memo(context, 'visible', () => {
    const { width, height } = frameCamera(context)
    const { instance } = context.primary
    const n = context.resolved.objects.length
    const pixels = new Uint32Array(n)
    const extents = new Int32Array(4 * n)
    for (let k = 0; k < n; k++) extents.set([width, height, 0, 0], 4 * k)
    for (let row = 0, p = 0; row < height; row++) {
      for (let column = 0; column < width; column++, p++) {
        const k = instance[p]
        if (k < 0) continue
        pixels[k]++
        const e = 4 * k
        if (column < extents[e]) extents[e] = column
        if (row < extents[e + 1]) extents[e + 1] = row
        if (column >= extents[e + 2]) extents[e + 2] = column + 1
        if (row >= extents[e + 3]) extents[e + 3] = row + 1
      }
    }
    return { pixels, extents }
  })
