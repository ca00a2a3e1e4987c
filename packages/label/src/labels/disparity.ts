/**
 * `disparity` and `disparity-mask`: f32 (H, W) and u8 (H, W), how much farther left a point shows in the right picture of a rectified pair than in the
 * left one, and whether the other camera sees it. For clips of exactly two cameras; `stereo-to-<camera>` is for any.
 */
import type { PixelLabel } from '../label.ts'
import { toLayer } from '../pixels.ts'
import { partner } from '../rectified.ts'
import { LAYER_SPECS } from '../specs.ts'
import { stereo } from '../stereo.ts'

export const disparity: PixelLabel = {
  kind: 'pixels',
  spec: LAYER_SPECS.disparity,
  compute(context) {
    const { name, side } = partner(context)
    const { offset } = stereo(context, name)
    // Zero has one sign.
    return toLayer(
      context,
      LAYER_SPECS.disparity,
      Float32Array.from({ length: offset.length / 2 }, (_, p) => -side * offset[2 * p] + 0),
    )
  },
}

export const disparityMask: PixelLabel = {
  kind: 'pixels',
  spec: LAYER_SPECS['disparity-mask'],
  compute: context => toLayer(context, LAYER_SPECS['disparity-mask'], stereo(context, partner(context).name).flags),
}
