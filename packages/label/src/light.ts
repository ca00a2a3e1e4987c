/** Labels that are parts of the picture's own light. */
import type { LightSplit } from '@dioramic/render'
import { LabelError, type PixelLabel } from './label.ts'
import { toLayer } from './pixels.ts'
import { LAYER_SPECS } from './specs.ts'

/** The label of a part. Its `compute` throws `LabelError` for a frame whose light was not traced in parts. */
export function lightLabel(name: 'shadow' | `light-${Exclude<keyof LightSplit, 'shadow'>}`, part: keyof LightSplit): PixelLabel {
  const spec = LAYER_SPECS[name]
  return {
    kind: 'pixels',
    spec,
    light: true,
    compute(context) {
      if (!context.light) throw new LabelError(`${name} is a part of the picture's light: render the frame with its light split.`)
      return toLayer(context, spec, context.light[part])
    },
  }
}
