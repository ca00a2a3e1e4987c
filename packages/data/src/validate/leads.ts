/** Layers that say where a pixel's content shows elsewhere: in another frame, or through another camera. */
import type { Clip } from './clip.ts'
import { type Motion, predictMotion, predictStereo } from './motion.ts'

export interface Lead {
  readonly layer: string
  /** Where it leads to. */
  readonly clip: Clip
  readonly frame: number
  /** 1 (−1) for a layer of one channel: what shows in the other picture shows that much farther left (right). */
  readonly disparity?: 1 | -1
  /** Where things go by depth, ids, poses and cameras; of another frame's pixels where asked for. */
  predict(from?: number): Promise<Motion | undefined>
}

/** Flow and stereo layers of a clip that say something of frame `frame`. */
export function leadsOf(clip: Clip, frame: number): readonly Lead[] {
  const flow = (layer: string, step: number): Lead => ({
    layer,
    clip,
    frame: frame + step,
    predict: (from = frame) => predictMotion(clip, from, step),
  })
  return clip.reader.layers.flatMap(({ name }) => {
    if (name === 'flow-forward') return [flow(name, 1)]
    if (name === 'flow-backward') return [flow(name, -1)]
    if (name === 'disparity') return disparity(clip, frame)
    const target = /^flow-to-(\d+)$/.exec(name)?.[1]
    if (target !== undefined) return [flow(name, Number(target) - frame)]
    const other = clip.views.get(/^stereo-to-(.+?)(?:-mask)?$/.exec(name)?.[1] ?? '')
    if (!other || name.endsWith('-mask')) return []
    return [{ layer: name, clip: other, frame, predict: (from = frame) => predictStereo(clip, from, other) }]
  })
}

/** Of a rectified pair: the left camera sees the right one at +X. */
function disparity(clip: Clip, frame: number): readonly Lead[] {
  const other = [...clip.views.values()].find(v => v !== clip)
  const [a, b] = [clip.camera(frame), other?.camera(frame)]
  if (!other || !a || !b || clip.views.size !== 2) return []
  const side = [0, 1, 2].reduce((sum, k) => sum + a.r[3 * k]! * (b.position[k]! - a.position[k]!), 0)
  const predict = (from = frame) => predictStereo(clip, from, other)
  return [{ layer: 'disparity', clip: other, frame, disparity: side > 0 ? 1 : -1, predict }]
}

/** Raster columns from `a` to `b`, the short way where the picture is a whole turn. */
export function columns(clip: Clip, frame: number, a: number, b: number): number {
  const round = clip.exposure(frame)?.lens.round ?? false
  return b - a - (round ? clip.width * Math.round((b - a) / clip.width) : 0)
}
