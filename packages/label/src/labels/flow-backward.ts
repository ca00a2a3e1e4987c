/** `flow-backward`: f32 (H, W, 2), pixels (right, down), pos(t−1) − pos(t) of the surface point, camera motion included; sky: its direction re-projected. 0 where invalid. */
import { flow } from '../flow.ts'
import type { PixelLabel } from '../label.ts'
import { toLayer } from '../pixels.ts'
import { LAYER_SPECS } from '../specs.ts'

const spec = LAYER_SPECS['flow-backward']

export const flowBackward: PixelLabel = { kind: 'pixels', spec, compute: context => toLayer(context, spec, flow(context, -1)) }
