/**
 * `stereo-to-<camera>` and `stereo-to-<camera>-mask`: f32 (H, W, 2) and u8 (H, W), where the pixel's surface point shows in another camera of the clip at
 * the same time, and whether that camera sees it. On a rectified pair the disparity is minus the first channel.
 */
import type { LayerSpec } from '@dioramic/data'
import type { PixelLabel } from '../label.ts'
import { toLayer } from '../pixels.ts'
import { LAYER_SPECS } from '../specs.ts'
import { stereo } from '../stereo.ts'

const NAME = /^stereo-to-([a-z0-9][a-z0-9-]*?)(-mask)?$/

/** The label of such a name; undefined for any other. */
export function stereoTo(name: string): PixelLabel | undefined {
  const match = NAME.exec(name)
  if (!match) return undefined
  const [, camera, mask] = match
  const spec: LayerSpec = mask
    ? {
        ...LAYER_SPECS['flow-forward-mask'],
        name,
        definition: `Bit flags of stereo-to-${camera}: 1 hidden from camera ${camera}, 2 out of its frame, 4 without an image there.`,
      }
    : {
        ...LAYER_SPECS['flow-forward'],
        name,
        definition: `Where the surface point shows in camera ${camera} at the same time, minus where it shows here: (right, down). On a rectified pair the disparity is minus the first channel. Sky: its direction.`,
      }
  return {
    kind: 'pixels',
    spec,
    compute: context => toLayer(context, spec, mask ? stereo(context, camera).flags : stereo(context, camera).offset),
  }
}
