/** One object in one picture: masks, and its entry in scene_gt_info.json as BOP's `calc_gt_info.py` counts it. */
import { decodeRle, type Rle } from '../rle.ts'

export interface Seen {
  /** 255 where a ray through the pixel's centre meets the object, hidden or not. */
  readonly mask: Uint8Array
  /** 255 where it is what is seen. */
  readonly visible: Uint8Array
  readonly info: Readonly<Record<string, unknown>>
}

const NONE = [-1, -1, -1, -1]

/** [x, y, w, h] of the pixels of a mask, w and h the distances from first to last pixel, as BOP's toolkit has them; null of none. */
function boxOf(mask: Uint8Array, width: number): [number, number, number, number] | null {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -1, -1]
  for (let p = 0; p < mask.length; p++) {
    if (!mask[p]) continue
    const [x, y] = [p % width, Math.floor(p / width)]
    ;[x0, y0, x1, y1] = [Math.min(x0, x), Math.min(y0, y), Math.max(x1, x), Math.max(y1, y)]
  }
  return x1 < 0 ? null : [x0, y0, x1 - x0, y1 - y0]
}

/** The box continued past the edges of the picture where the object is: `whole` is [left, top, right, bottom] in raster pixels. */
function continued(box: readonly [number, number, number, number], whole: readonly number[] | null, width: number, height: number) {
  if (!whole) return box
  const [left, top, right, bottom] = whole as [number, number, number, number]
  const x0 = box[0] === 0 ? Math.min(0, Math.ceil(left - 0.5)) : box[0]
  const y0 = box[1] === 0 ? Math.min(0, Math.ceil(top - 0.5)) : box[1]
  const x1 = box[0] + box[2] === width - 1 ? Math.max(width - 1, Math.floor(right - 0.5)) : box[0] + box[2]
  const y1 = box[1] + box[3] === height - 1 ? Math.max(height - 1, Math.floor(bottom - 0.5)) : box[1] + box[3]
  return [x0, y0, x1 - x0, y1 - y0]
}

/**
 * What a picture shows of an object; null where nothing of it would be in the picture even if nothing hid it.
 *
 * @param amodal COCO mask of the label `mask-amodal`
 * @param whole unclipped amodal box, raster pixels
 * @param outside share of the object's image that is outside the picture (label `truncation`)
 * @param ids layer `segmentation`
 * @param depth 16-bit depth as written; 0 is none
 */
export function seen(
  id: number,
  amodal: Rle | null | undefined,
  whole: readonly number[] | null,
  outside: number | null,
  ids: ArrayLike<number>,
  depth: Uint16Array,
): Seen | null {
  if (!amodal) return null
  const [height, width] = amodal.size
  const mask = decodeRle(amodal)
  const visible = new Uint8Array(mask.length)
  let [all, valid, shown] = [0, 0, 0]
  for (let p = 0; p < mask.length; p++) {
    if (ids[p] === id) {
      visible[p] = 255
      // Seen is met: a ray that grazes an edge may be told otherwise by the two labels.
      mask[p] = 1
      shown++
    }
    if (!mask[p]) continue
    mask[p] = 255
    all++
    if (depth[p]! > 0) valid++
  }
  const share = outside ?? 0
  const total = share < 1 ? Math.round(all / (1 - share)) : all
  return {
    mask,
    visible,
    info: {
      bbox_obj: shown > 0 ? continued(boxOf(mask, width)!, whole, width, height) : NONE,
      bbox_visib: boxOf(visible, width) ?? NONE,
      px_count_all: total,
      px_count_valid: valid,
      px_count_visib: shown,
      visib_fract: total > 0 ? shown / total : 0,
    },
  }
}
