import { type GeometryCheck, type Judgement, show } from '../check.ts'
import type { Clip } from '../clip.ts'
import { Errors } from '../report.ts'
import { Mean } from '../sampling.ts'
import { depthNormals } from '../surface.ts'

/** Median distance of unit vectors (0.3 is 17°). */
const MEDIAN = 0.3
/** Pixels of shift between normals and depth, and how many standard errors it must be. */
const SHIFT = 0.25
const SIGMA = 5
/** Neighbouring pixels tell the same. */
const CLUMP = 6

const gap = (a: ArrayLike<number>, b: ArrayLike<number>, p: number) => {
  const x = a[3 * p]! - b[3 * p]!
  const y = a[3 * p + 1]! - b[3 * p + 1]!
  const z = a[3 * p + 2]! - b[3 * p + 2]!
  return Math.sqrt(x * x + y * y + z * z)
}

export const normalDepth: GeometryCheck = {
  name: 'normal-depth',
  definition:
    'normals are those of the depth map: right in the median, better than a neighbouring frame’s, and not moved by a fraction of a pixel',
  unit: '1',
  async judge(clip, frame) {
    const out: Judgement[] = []
    for (const layer of ['normal', 'normal-shading']) {
      const n = await clip.values(layer, frame)
      const own = n && (await depthNormals(clip, frame))
      if (!n || !own) continue
      const errors = new Errors()
      for (let p = 0; p < own.length / 3; p++) if (!Number.isNaN(own[3 * p]!)) errors.add(gap(n.data, own, p))
      if (errors.count < 200) continue
      const median = errors.quantile(0.5)
      const wrong =
        median > MEDIAN
          ? `normals do not belong to the depth map: median distance ${show(median)}`
          : ((await otherFrame(clip, frame, n.data, own)) ?? shifted(clip, n.data, own))
      const compared = [clip.file(layer, frame), clip.file('depth', frame), clip.file('segmentation', frame)]
      out.push({ compared, errors, message: wrong })
    }
    return out
  },
}

/** Whether the depth of a neighbouring frame explains the normals better, where the two differ. */
async function otherFrame(clip: Clip, frame: number, n: ArrayLike<number>, own: Float64Array): Promise<string | undefined> {
  for (const other of [frame - 1, frame + 1]) {
    const theirs = await depthNormals(clip, other)
    if (!theirs) continue
    const difference = new Mean()
    for (let p = 0; p < own.length / 3; p++) if (gap(own, theirs, p) > 0.3) difference.add(gap(n, own, p) - gap(n, theirs, p))
    if (difference.n >= 20 && difference.mean > SIGMA * difference.error(CLUMP))
      return `normals of frame ${frame} fit the depth of frame ${other} better than their own (${difference.n} pixels tell)`
  }
  return undefined
}

/** Least squares for the shift s in n(x + s) = n_depth(x), along rows and along columns. */
function shifted(clip: Clip, n: ArrayLike<number>, own: Float64Array): string | undefined {
  const { width } = clip
  for (const [axis, step] of [
    ['columns', 1],
    ['rows', width],
  ] as const) {
    let dot = 0
    let norm = 0
    const terms: number[] = []
    const weights: number[] = []
    for (let p = step; p < own.length / 3 - step; p++) {
      if (Number.isNaN(own[3 * p]!)) continue
      let g2 = 0
      let d = 0
      for (let k = 0; k < 3; k++) {
        const g = (n[3 * (p + step) + k]! - n[3 * (p - step) + k]!) / 2
        g2 += g * g
        d += (n[3 * p + k]! - own[3 * p + k]!) * g
      }
      if (g2 < 2.5e-5 || g2 > 0.09) continue
      dot += d
      norm += g2
      terms.push(d)
      weights.push(g2)
    }
    if (terms.length < 100) continue
    const s = dot / norm
    let squares = 0
    for (let i = 0; i < terms.length; i++) {
      const r = terms[i]! - s * weights[i]!
      squares += r * r
    }
    if (Math.abs(s) > SHIFT && Math.abs(s) > (SIGMA * Math.sqrt(CLUMP * squares)) / norm)
      return `normals are moved by ${show(s)} ${axis} against the depth map (${terms.length} pixels tell)`
  }
  return undefined
}
