/** `depth-raw`: f32 (H, W), metres along the optical axis as the first Kinect would measure them; 0 where it measures nothing. */
import { measuredDepth } from '../kinect/measure.ts'
import type { PixelLabel } from '../label.ts'
import { toLayer } from '../pixels.ts'
import { LAYER_SPECS } from '../specs.ts'

export const depthRaw: PixelLabel = {
  kind: 'pixels',
  spec: LAYER_SPECS['depth-raw'],
  compute: context => toLayer(context, LAYER_SPECS['depth-raw'], measuredDepth(context)),
}
