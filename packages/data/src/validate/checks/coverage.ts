import { type GeometryCheck, some, Tally } from '../check.ts'

/** Slivers that the pixel's centre sees and the points of its coverage miss: this share of pixels, at least `FEW`. */
const SHARE = 0.002
const FEW = 2

export const coverage: GeometryCheck = {
  name: 'coverage',
  definition:
    'shares of a pixel are sorted and sum to 1, belong to known objects, and the object at the pixel’s centre has one; all around one object, it has all',
  unit: 'share',
  async judge(clip, frame) {
    const [share, ids, seg] = (await clip.together(frame, 'coverage', 'coverage-id', 'segmentation')) ?? []
    if (!share || !ids || !seg) return []
    const { width, height } = clip
    const k = share.channels
    const [sums, centre, together] = [new Tally(), new Tally(), new Tally()]
    const unknown = new Tally()
    for (let p = 0; p < seg.data.length; p++) {
      let [sum, own, wrong, there] = [0, 0, 0, seg.data[p] === 0]
      let sorted = true
      for (let c = 0; c < k; c++) {
        const s = share.data[k * p + c]!
        const id = ids.data[k * p + c]!
        sum += s
        if (c > 0 && s > share.data[k * p + c - 1]! + 1e-6) sorted = false
        if (s === 0 && id !== 0) wrong = 1
        if (id === seg.data[p]) {
          there = true
          if (s > 0) own = s
        }
        unknown.add(p, id === 0 || clip.byId.has(id) ? 0 : 1, 0)
      }
      // The fifth object and those after it are not kept.
      const full = share.data[k * p + k - 1]! > 0
      sums.add(p, sorted ? (full ? Math.max(0, sum - 1) : Math.abs(sum - 1)) : 1, 1e-5)
      centre.add(p, there ? 0 : 1, 0)
      const [x, y] = [p % width, Math.floor(p / width)]
      const inner = x > 1 && y > 1 && x < width - 2 && y < height - 2
      const alone = inner && [-2, -1, 0, 1, 2].every(j => [-2, -1, 0, 1, 2].every(i => seg.data[p + j * width + i] === seg.data[p]))
      together.add(p, Math.max(wrong, alone ? 1 - own : own > 0 ? 0 : 1), alone ? 0.5 : 0)
    }
    const [shares, names, segments] = clip.files(frame, 'coverage', 'coverage-id', 'segmentation') as [string, string, string]
    const few = Math.max(FEW, SHARE * seg.data.length)
    return [
      ...some(sums.judge([shares], width, this.unit)),
      ...some(unknown.judge([names, clip.record], width, 'ids')),
      ...some(centre.judge([names, segments], width, this.unit, few)),
      ...some(together.judge([shares, names, segments], width, this.unit, few)),
    ]
  },
}
