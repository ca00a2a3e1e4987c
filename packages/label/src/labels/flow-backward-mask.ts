/** `flow-backward-mask`: u8 (H, W), flags of `flow-backward`: 1 the point is occluded in the previous frame, 2 it is out of frame there, 4 its flow is invalid. */
import { flowMask } from '../flow.ts'
import type { PixelLabel } from '../label.ts'
import { toLayer } from '../pixels.ts'
import { LAYER_SPECS } from '../specs.ts'

const spec = LAYER_SPECS['flow-backward-mask']

export const flowBackwardMask: PixelLabel = { kind: 'pixels', spec, compute: context => toLayer(context, spec, flowMask(context, -1)) }
