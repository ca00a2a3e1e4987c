/** `scene-flow-backward`: f32 (H, W, 3), metres, world: position of the surface point in the frame before minus its position now. 0 at a miss. */
import type { PixelLabel } from '../label.ts'
import { toLayer } from '../pixels.ts'
import { sceneFlow } from '../scene-flow.ts'
import { LAYER_SPECS } from '../specs.ts'

const spec = LAYER_SPECS['scene-flow-backward']

export const sceneFlowBackward: PixelLabel = { kind: 'pixels', spec, compute: context => toLayer(context, spec, sceneFlow(context, -1)) }
