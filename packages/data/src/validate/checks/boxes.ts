import { arrive } from '../camera/exposure.ts'
import { Comparison, type GeometryCheck, show, some } from '../check.ts'
import { extentsOf } from '../extent.ts'
import { columns } from '../leads.ts'
import { apply, distance, type V3 } from '../maths.ts'

/** Half a pixel: pixels are seen at their centres, so their edges may pass the true outline by that much. */
const OUTLINE = 0.5 + 1e-3

export const boxes: GeometryCheck = {
  name: 'boxes',
  definition:
    'boxes2d and visiblePixels are those of the segmentation; boxes2d lie in boxes2dAmodal; boxes3d are bounds, scale and pose (of deforming bodies, boxes along their axes that hold what is seen of them); projectedCentres are the camera’s',
  unit: 'px or relative',
  async judge(clip, frame) {
    const seg = await clip.values('segmentation', frame)
    const exposure = clip.exposure(frame)
    const { width, height } = clip
    const extents = seg && extentsOf(seg.data, width)
    const mask = new Comparison([...(seg ? [clip.file('segmentation', frame)] : []), clip.record])
    const record = new Comparison([clip.record])
    /** Lengths in the record over lengths in segmentation. */
    const scales: number[] = []
    for (const object of clip.sample.instances) {
      const who = `"${object.name}" (id ${object.id})`
      const pixels = object.visiblePixels?.[frame]
      const shown = extents?.get(object.id)?.pixels
      const box = object.boxes2d?.[frame]
      if (seg && pixels !== undefined) mask.add(pixels - (shown ?? 0), 0, `visiblePixels of ${who}`)
      if (pixels && shown) scales.push(Math.sqrt(pixels / shown))
      if (seg && box !== undefined) {
        const seen = extents?.get(object.id)?.box
        if (box && seen) scales.push(...box.flatMap((b, k) => (seen[k]! > 3 ? [b / seen[k]!] : [])))
        mask.add(seen && box ? Math.max(...box.map((b, k) => Math.abs(b - seen[k]!))) : seen || box ? Infinity : 0, 1e-9, `box2d of ${who}`)
      }
      const amodal = object.boxes2dAmodal?.[frame]
      if (box && amodal !== undefined) {
        const out = amodal ? Math.max(amodal[0] - box[0], amodal[1] - box[1], box[2] - amodal[2], box[3] - amodal[3], 0) : Infinity
        record.add(out, OUTLINE, `box2d outside box2dAmodal of ${who}`)
      }
      if (amodal)
        record.add(
          Math.max(-amodal[0], -amodal[1], amodal[2] - width, amodal[3] - height, 0),
          1e-6,
          `box2dAmodal outside the picture of ${who}`,
        )
      const pose = clip.pose(object.id, frame)
      const corners = object.boxes3d?.[frame]
      const { min, max } = object.bounds
      if (corners && pose && !clip.deforms(object.id)) {
        const size = Math.max(
          distance(
            [min[0] * object.scale[0], min[1] * object.scale[1], min[2] * object.scale[2]],
            [max[0] * object.scale[0], max[1] * object.scale[1], max[2] * object.scale[2]],
          ),
          1e-9,
        )
        corners.forEach((corner, i) => {
          const at = apply(
            pose.r,
            (i & 4 ? max : min)[0] * object.scale[0],
            (i & 2 ? max : min)[1] * object.scale[1],
            (i & 1 ? max : min)[2] * object.scale[2],
          )
          const truth: V3 = [at[0] + pose.position[0], at[1] + pose.position[1], at[2] + pose.position[2]]
          record.add(distance(corner, truth) / size, 1e-6, `box3d corner ${i} of ${who}`)
        })
      }
      const centre = object.projectedCentres?.[frame]
      const q = exposure && arrive(exposure, object.id, [0, 0, 0], height)
      if (q && centre !== undefined && Math.abs(q.depth) > 1e-2 && !Number.isNaN(q.u)) {
        const scale = 1 + Math.abs(q.u) + Math.abs(q.v)
        const away = centre ? Math.max(Math.abs(columns(clip, frame, q.u, centre[0])), Math.abs(centre[1] - q.v)) : Infinity
        record.add(away / scale, 1e-7 + (2 * q.blur) / scale, `projectedCentre of ${who}`)
        const depth = (object['projectedDepths'] as number[] | undefined)?.[frame]
        const reach = 1 + Math.abs(q.depth) + Math.abs(q.distance)
        if (depth !== undefined)
          record.add((depth - q.depth) / reach, 1e-7 + (2 * q.blur) / (q.perMetre * reach), `projectedDepth of ${who}`)
      }
    }
    return [...some(mask.judgement(frame, leftOver(scales))), ...some(record.judgement(frame))]
  },
}

/** Counts or boxes of a picture of another size: all by one factor. */
function leftOver(scales: number[]): string {
  const other = scales.filter(s => Math.abs(s - 1) > 0.1).sort((a, b) => a - b)
  const factor = other[other.length >> 1]
  if (factor === undefined || !(other.filter(s => Math.abs(s / factor - 1) < 0.1).length >= 0.8 * other.length)) return ''
  return factor > 1
    ? `left over from a picture ${show(factor)} times as large`
    : `left over from a picture ${show(1 / factor)} times as small`
}
