import { localOf } from '../camera/exposure.ts'
import { type GeometryCheck, type Judgement, some, Tally } from '../check.ts'
import { apply, distance, length, type V3 } from '../maths.ts'
import { pointsOf } from '../points.ts'

const F32 = 1.2e-7

export const sceneFlow: GeometryCheck = {
  name: 'scene-flow',
  definition: 'scene flow is the unprojected point, carried by its object to the other frame, minus itself; 0 where there is no surface',
  unit: 'm',
  async judge(clip, frame) {
    const out: Judgement[] = []
    const seg = await clip.values('segmentation', frame)
    const points = await pointsOf(clip, frame)
    const now = clip.exposure(frame)
    if (!seg || !points || !now) return out
    for (const [layer, step] of [
      ['scene-flow-forward', 1],
      ['scene-flow-backward', -1],
    ] as const) {
      const stored = await clip.values(layer, frame)
      if (!stored) continue
      const then = clip.exposure(frame + step)
      const tally = new Tally()
      for (let p = 0; p < seg.data.length; p++) {
        const [x, y, z] = [stored.data[3 * p]!, stored.data[3 * p + 1]!, stored.data[3 * p + 2]!]
        const id = seg.data[p]!
        if (id === 0) {
          tally.add(p, Math.abs(x) + Math.abs(y) + Math.abs(z), 0)
          continue
        }
        if (clip.deforms(id)) continue
        const row = Math.floor(p / clip.width) + 0.5
        const [from, to] = [now.pose(id, row), then?.pose(id, row)]
        const w: V3 = [points.world[3 * p]!, points.world[3 * p + 1]!, points.world[3 * p + 2]!]
        if (!from || !to || points.distance[p] === Infinity || Number.isNaN(w[0])) continue
        const local = localOf(from, w)
        const moved = apply(to.r, ...local)
        const error = distance(
          [moved[0] + to.position[0] - w[0], moved[1] + to.position[1] - w[1], moved[2] + to.position[2] - w[2]],
          [x, y, z],
        )
        const blur = from.blur + to.blur + (from.twist + to.twist) * length(local)
        tally.add(p, error, 1e-6 + blur + 4 * F32 * (Math.abs(points.distance[p]!) + length(local) + length(to.position) + length(w)))
      }
      const compared = [...clip.files(frame, layer, 'depth', 'segmentation'), clip.record]
      out.push(...some(tally.judge(compared, clip.width, this.unit)))
    }
    return out
  },
}
