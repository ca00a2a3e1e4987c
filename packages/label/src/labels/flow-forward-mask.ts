/** `flow-forward-mask`: u8 (H, W), flags of `flow-forward`: 1 the point is occluded in the next frame, 2 it is out of frame there, 4 its flow is invalid. */
import { flowMask } from '../flow.ts'
import type { PixelLabel } from '../label.ts'
import { toLayer } from '../pixels.ts'
import { LAYER_SPECS } from '../specs.ts'

const spec = LAYER_SPECS['flow-forward-mask']

export const flowForwardMask: PixelLabel = { kind: 'pixels', spec, compute: context => toLayer(context, spec, flowMask(context, 1)) }
