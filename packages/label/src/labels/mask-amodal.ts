/** `mask-amodal`: `maskAmodal`, all of the object that the picture's rays meet, hidden or not, as a COCO run-length mask. */
import { compressRuns } from '@dioramic/data'
import { crossings } from '../crossings.ts'
import type { FrameContext, InstanceLabel } from '../label.ts'
import { frameCamera } from '../pixels.ts'

/** Column-major runs of every object, in the scene's order; the first counts zeros. */
function amodalRuns(context: FrameContext, width: number, height: number): number[][] {
  const { from, instance } = crossings(context)
  const runs = context.resolved.objects.map((): number[] => [])
  const end = new Uint32Array(runs.length)
  for (let column = 0, at = 0; column < width; column++) {
    for (let row = 0; row < height; row++, at++) {
      const p = row * width + column
      for (let e = from[p]; e < from[p + 1]; e++) {
        const k = instance[e]
        const mine = runs[k]
        if (mine.length > 0 && end[k] === at) mine[mine.length - 1]++
        else mine.push(at - end[k], 1)
        end[k] = at + 1
      }
    }
  }
  runs.forEach((mine, k) => {
    if (end[k] < width * height) mine.push(width * height - end[k])
  })
  return runs
}

export const maskAmodal: InstanceLabel = {
  kind: 'instances',
  name: 'mask-amodal',
  definition:
    'maskAmodal: {size: [height, width], counts}, COCO compressed run-length mask (pycocotools decodes it) of the pixels whose centre ray meets the object at all, whatever is before it; null when none does. Covers the picture only, not what lies outside it.',
  compute(context) {
    const { width, height } = frameCamera(context)
    return amodalRuns(context, width, height).map(runs => ({
      maskAmodal: runs.length > 1 ? { size: [height, width], counts: compressRuns(runs) } : null,
    }))
  },
}
