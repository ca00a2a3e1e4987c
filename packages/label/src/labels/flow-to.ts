/**
 * `flow-to-<frame>` and `flow-to-<frame>-mask`: f32 (H, W, 2) and u8 (H, W), flow from every frame to one fixed frame of the clip, with the flags
 * of `flow-forward`. Any two frames are joined by asking for the second one.
 */
import type { LayerSpec } from '@dioramic/data'
import { flow, flowMask } from '../flow.ts'
import { type FrameContext, LabelError, type PixelLabel } from '../label.ts'
import { toLayer } from '../pixels.ts'
import { LAYER_SPECS } from '../specs.ts'

const NAME = /^flow-to-(0|[1-9]\d{0,5})(-mask)?$/

/** The label of such a name; undefined for any other. */
export function flowTo(name: string): PixelLabel | undefined {
  const match = NAME.exec(name)
  if (!match) return undefined
  const target = Number(match[1])
  const mask = match[2] !== undefined
  const step = ({ frame, resolved }: FrameContext) => {
    const { frames } = resolved.scene
    if (target >= frames) throw new LabelError(`${name} leads to frame ${target}, but the clip has frames 0 to ${frames - 1}.`)
    return target - frame
  }
  const spec: LayerSpec = mask
    ? {
        ...LAYER_SPECS['flow-forward-mask'],
        name,
        definition: `Bit flags of flow-to-${target}: 1 occluded in frame ${target}, 2 out of frame there, 4 invalid.`,
      }
    : {
        ...LAYER_SPECS['flow-forward'],
        name,
        definition: `Where the surface point is in frame ${target}, minus where it is now: (right, down). Otherwise as flow-forward.`,
      }
  return {
    kind: 'pixels',
    spec,
    compute: context => toLayer(context, spec, mask ? flowMask(context, step(context)) : flow(context, step(context))),
  }
}
