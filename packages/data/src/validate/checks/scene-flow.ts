import { type GeometryCheck, type Judgement, some, Tally } from '../check.ts'
import { apply, applyTransposed, length, ray } from '../maths.ts'

const F32 = 1.2e-7

export const sceneFlow: GeometryCheck = {
  name: 'scene-flow',
  definition: 'scene flow is the unprojected point, carried by its object to the other frame, minus itself; 0 where there is no surface',
  unit: 'm',
  async judge(clip, frame) {
    const out: Judgement[] = []
    const depth = await clip.values('depth', frame)
    const seg = await clip.values('segmentation', frame)
    const camera = clip.camera(frame)
    if (!depth || !seg || !camera) return out
    for (const [layer, step] of [
      ['scene-flow-forward', 1],
      ['scene-flow-backward', -1],
    ] as const) {
      const stored = await clip.values(layer, frame)
      if (!stored) continue
      const tally = new Tally()
      for (let p = 0; p < seg.data.length; p++) {
        const [x, y, z] = [stored.data[3 * p]!, stored.data[3 * p + 1]!, stored.data[3 * p + 2]!]
        const id = seg.data[p]!
        if (id === 0) {
          tally.add(p, Math.abs(x) + Math.abs(y) + Math.abs(z), 0)
          continue
        }
        if (clip.deforms(id)) continue
        const [from, to] = [clip.pose(id, frame), clip.pose(id, frame + step)]
        if (!from || !to) continue
        const d = ray(camera, (p % clip.width) + 0.5, Math.floor(p / clip.width) + 0.5)
        const w = [0, 1, 2].map(k => camera.position[k]! + d[k]! * depth.data[p]!)
        const local = applyTransposed(from.r, w[0]! - from.position[0], w[1]! - from.position[1], w[2]! - from.position[2])
        const moved = apply(to.r, ...local)
        const error = length([
          moved[0] + to.position[0] - w[0]! - x,
          moved[1] + to.position[1] - w[1]! - y,
          moved[2] + to.position[2] - w[2]! - z,
        ])
        tally.add(p, error, 1e-6 + 4 * F32 * (length(d) * depth.data[p]! + length(local) + length(to.position) + length(camera.position)))
      }
      const compared = [clip.file(layer, frame), clip.file('depth', frame), clip.file('segmentation', frame), clip.record]
      out.push(...some(tally.judge(compared, clip.width, this.unit)))
    }
    return out
  },
}
