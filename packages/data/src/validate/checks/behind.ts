import { type GeometryCheck, type Judgement, some, Tally } from '../check.ts'

export const behind: GeometryCheck = {
  name: 'behind',
  definition:
    'what lies behind glass is no nearer than what is first; where it is the same object at the same depth its normal is the same; its id is 0 exactly where its depth is infinite',
  unit: 'relative or pixels',
  async judge(clip, frame) {
    const [depth, far, seg, farSeg, normal, farNormal] = await Promise.all(
      ['depth', 'behind-depth', 'segmentation', 'behind-segmentation', 'normal', 'behind-normal'].map(l => clip.values(l, frame)),
    )
    const out: Judgement[] = []
    const n = clip.width * clip.height
    const compare = (layers: readonly string[], error: (p: number) => number) => {
      const tally = new Tally()
      for (let p = 0; p < n; p++) tally.add(p, error(p), 0)
      out.push(
        ...some(
          tally.judge(
            layers.map(l => clip.file(l, frame)),
            clip.width,
            this.unit,
          ),
        ),
      )
    }
    if (depth && far) compare(['behind-depth', 'depth'], p => (far.data[p]! >= depth.data[p]! ? 0 : 1 - far.data[p]! / depth.data[p]!))
    if (far && farSeg) compare(['behind-depth', 'behind-segmentation'], p => (far.data[p]! < Infinity === farSeg.data[p]! > 0 ? 0 : 1))
    if (depth && far && seg && farSeg)
      compare(['behind-segmentation', 'behind-depth', 'segmentation', 'depth'], p =>
        far.data[p] === depth.data[p] && farSeg.data[p] !== seg.data[p] ? 1 : 0,
      )
    if (depth && far && normal && farNormal)
      compare(['behind-normal', 'behind-depth', 'normal', 'depth'], p =>
        far.data[p] === depth.data[p] && [0, 1, 2].some(k => farNormal.data[3 * p + k] !== normal.data[3 * p + k]) ? 1 : 0,
      )
    return out
  },
}
