import { decodeRle, type Rle } from '../../formats/rle.ts'
import { Comparison, type GeometryCheck, some } from '../check.ts'
import { Extent } from '../extent.ts'

/** Pixels are seen at their centres, so their edges may pass the true outline by half a pixel. */
const OUTLINE = 0.5 + 1e-3

export const amodal: GeometryCheck = {
  name: 'amodal',
  definition:
    'amodal masks hold all that segmentation shows of the object and lie in boxes2dAmodal; amodalPixels, fractions and occludedBy are those of the masks and of segmentation',
  unit: 'pixels or share',
  async judge(clip, frame) {
    const seg = await clip.values('segmentation', frame)
    if (!seg) return []
    const masks = new Map<number, Uint8Array | null>()
    const told = new Comparison([clip.file('segmentation', frame), clip.record])
    const alone = new Comparison([clip.record])
    for (const object of clip.sample.instances) {
      const stored = (object['masksAmodal'] as (Rle | null)[] | undefined)?.[frame]
      if (stored === undefined) continue
      try {
        masks.set(object.id, stored && decodeRle(stored))
      } catch {
        alone.add(Infinity, 0, `maskAmodal of "${object.name}" (id ${object.id}), which cannot be decoded,`)
      }
    }
    if (masks.size === 0) return some(alone.judgement(frame))
    for (const object of clip.sample.instances) {
      const mask = masks.get(object.id)
      if (mask === undefined) continue
      const who = `"${object.name}" (id ${object.id})`
      let [seen, outside] = [0, 0]
      const before = new Map<number, number>()
      const extent = new Extent()
      for (let p = 0; p < seg.data.length; p++) {
        const id = seg.data[p]!
        if (!mask?.[p]) {
          if (id === object.id) outside++
          continue
        }
        if (id === object.id) seen++
        else before.set(id, (before.get(id) ?? 0) + 1)
        extent.add(p % clip.width, Math.floor(p / clip.width))
      }
      const total = extent.pixels
      told.add(outside, 0, `pixels of ${who} in segmentation but not in its amodal mask: their number`)
      const column = <T>(name: string) => (object[name] as T[] | undefined)?.[frame]
      const pixels = column<number>('amodalPixels')
      if (pixels !== undefined) alone.add(pixels - total, 0, `amodalPixels of ${who}`)
      // From the record's own count where it has one: then it alone is at fault.
      const shown = object.visiblePixels?.[frame] ?? seen
      for (const [name, share] of [
        ['visibleFractions', shown / total],
        ['occludedFractions', (total - shown) / total],
      ] as const) {
        const stated = column<number | null>(name)
        if (stated !== undefined)
          alone.add(total === 0 ? (stated === null ? 0 : Infinity) : (stated ?? Infinity) - share, 1e-12, `${name} of ${who}`)
      }
      const hiders = column<[number, number][]>('occludedBy')
      if (hiders) {
        const stated = new Map(hiders)
        for (const [id, n] of before) told.add(Math.max(0, n - (stated.get(id) ?? 0)), 0, `occludedBy of ${who}: what id ${id} hides`)
        for (const [id, n] of stated) {
          const other = masks.get(id)
          const both = other && mask ? mask.reduce((sum, m, p) => sum + (m & other[p]!), 0) : 0
          // Where both are met, one is before the other.
          const back =
            (clip.byId.get(id)?.['occludedBy'] as [number, number][][] | undefined)?.[frame]?.find(([k]) => k === object.id)?.[1] ?? 0
          alone.add(n + back - both, 0, `occludedBy of ${who} and of id ${id}: what they hide of each other`)
        }
      }
      const box = object.boxes2dAmodal?.[frame]
      if (total > 0 && box !== undefined) {
        const [x0, y0, x1, y1] = extent.box
        const excess = box ? Math.max(box[0] - x0, box[1] - y0, x1 - box[2], y1 - box[3], 0) : Infinity
        alone.add(excess, OUTLINE, `amodal mask outside box2dAmodal of ${who}`)
      }
    }
    return [...some(told.judgement(frame)), ...some(alone.judgement(frame))]
  },
}
