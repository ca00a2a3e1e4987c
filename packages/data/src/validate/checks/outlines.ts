import { type GeometryCheck, type Judgement, show } from '../check.ts'
import { foreign } from '../foreign.ts'
import { Errors } from '../report.ts'
import { showsOtherFrame } from './edges.ts'

/** Layers without anti-aliasing, and the least step (root of summed squares) that counts. */
const LAYERS: Readonly<Record<string, number>> = { uv: 0.05, normal: 0.3, 'normal-shading': 0.3 }
/** Mean share of the nearer side in the pixel behind it; half a pixel of shift makes it 0.5 on one side. */
const SHARE = 0.25
const SIGMA = 4
const ENOUGH = 25

export const outlines: GeometryCheck = {
  name: 'outlines',
  definition:
    'uv and normals of a surface that goes on behind an outline go on evenly to its last pixel: nothing of the nearer side is in it, on any of the four sides; and outlines are of this frame, not of its neighbours',
  unit: 'share',
  async judge(clip, frame) {
    const out: Judgement[] = []
    const seg = await clip.values('segmentation', frame)
    const depth = await clip.values('depth', frame)
    if (!seg || !depth) return out
    for await (const [name, layer] of clip.present(frame, Object.keys(LAYERS))) {
      const errors = new Errors()
      let message: string | undefined
      for (const [side, dx, dy] of SIDES) {
        const share = foreign(clip, layer, seg, depth, dx, dy, LAYERS[name]!)
        if (share.n < ENOUGH) continue
        errors.add(share.mean)
        if (share.mean > SHARE && share.mean > SIGMA * share.error(2))
          message ??= `${name} is moved or smeared: ${show(share.mean)} of the nearer side is in the pixels ${side} outlines of segmentation (${share.n} tell)`
      }
      message ??= await showsOtherFrame(clip, frame, layer, name)
      if (errors.count > 0 || message) out.push({ compared: clip.files(frame, name, 'segmentation'), errors, message })
    }
    return out
  },
}

/** From the pixel behind to the nearer one. */
const SIDES = [
  ['left of', 1, 0],
  ['right of', -1, 0],
  ['above', 0, 1],
  ['below', 0, -1],
] as const
