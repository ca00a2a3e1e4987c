import { type GeometryCheck, show } from '../check.ts'
import { predictMotion, SHOWN } from '../motion.ts'
import { Errors } from '../report.ts'
import { bilinear } from '../sampling.ts'

/** Median of |forward + backward at the destination|, px and per px of motion; interpolation between pixel centres costs less. */
const LIMIT = 0.05

export const flowCycle: GeometryCheck = {
  name: 'flow-cycle',
  definition:
    'where nothing is hidden, forward flow followed by backward flow of the next frame returns (bilinear; needs no pose or depth)',
  unit: 'px',
  async judge(clip, frame) {
    const forward = await clip.values('flow-forward', frame)
    const backward = await clip.values('flow-backward', frame + 1)
    const mask = await clip.values('flow-forward-mask', frame)
    const seg = await clip.values('segmentation', frame)
    const segThere = await clip.values('segmentation', frame + 1)
    const motion = mask ? undefined : await predictMotion(clip, frame, 1)
    if (!forward || !backward || !(mask || motion) || !seg || !segThere) return []
    const errors = new Errors()
    const relative = new Errors()
    const b = new Float64Array(2)
    for (let p = 0; p < seg.data.length; p++) {
      if (mask ? mask.data[p] !== 0 : motion!.state[p] !== SHOWN) continue
      const u = forward.data[2 * p]!
      const v = forward.data[2 * p + 1]!
      const reach = Math.sqrt(u * u + v * v)
      if (reach < 0.01) continue
      const x = (p % clip.width) + 0.5 + u
      const y = Math.floor(p / clip.width) + 0.5 + v
      if (!bilinear(backward, x, y, b, segThere.data, seg.data[p])) continue
      const error = Math.sqrt((u + b[0]!) * (u + b[0]!) + (v + b[1]!) * (v + b[1]!))
      errors.add(error)
      relative.add(error / (1 + reach))
    }
    if (errors.count < 50) return []
    const median = relative.quantile(0.5)
    const message =
      median > LIMIT
        ? `forward and backward flow do not return: median error ${show(errors.quantile(0.5))} px over ${errors.count} visible moving pixels of frame ${frame}`
        : undefined
    return [{ compared: [clip.file('flow-forward', frame), clip.file('flow-backward', frame + 1)], errors, message }]
  },
}
