/** `depth-filled`: f32 (H, W), `depth-raw` with its holes filled from their edges. */
import { filled } from '../kinect/fill.ts'
import { measuredDepth } from '../kinect/measure.ts'
import type { PixelLabel } from '../label.ts'
import { frameCamera, toLayer } from '../pixels.ts'
import { LAYER_SPECS } from '../specs.ts'

export const depthFilled: PixelLabel = {
  kind: 'pixels',
  spec: LAYER_SPECS['depth-filled'],
  compute(context) {
    const { width, height } = frameCamera(context)
    return toLayer(context, LAYER_SPECS['depth-filled'], filled(measuredDepth(context), width, height))
  },
}
