/** Layers that say where a pixel's content shows elsewhere: in another frame, or through another camera. */
import type { Clip } from './clip.ts'
import { type Motion, predictMotion, predictStereo } from './motion.ts'

export interface Lead {
  readonly layer: string
  /** Where it leads to. */
  readonly clip: Clip
  readonly frame: number
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
    const target = /^flow-to-(\d+)$/.exec(name)?.[1]
    if (target !== undefined) return [flow(name, Number(target) - frame)]
    const other = clip.views.get(/^stereo-to-(.+?)(?:-mask)?$/.exec(name)?.[1] ?? '')
    if (!other || name.endsWith('-mask')) return []
    return [{ layer: name, clip: other, frame, predict: (from = frame) => predictStereo(clip, from, other) }]
  })
}

/** Raster columns from `a` to `b`, the short way where the picture is a whole turn. */
export function columns(clip: Clip, frame: number, a: number, b: number): number {
  const round = clip.exposure(frame)?.lens.round ?? false
  return b - a - (round ? clip.width * Math.round((b - a) / clip.width) : 0)
}
