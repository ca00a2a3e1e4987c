import { Comparison, type GeometryCheck, some } from '../check.ts'

type Box = readonly [number, number, number, number]

export const truncation: GeometryCheck = {
  name: 'truncation',
  definition:
    'box2dAmodal is box2dAmodalUnclipped cut at the picture’s edges, truncatedFraction the share of its area that is cut off; truncatedAreaFraction is 0 inside the picture and 1 outside; nothing of what is seen is outside',
  unit: 'px or share',
  async judge(clip, frame) {
    const compare = new Comparison([clip.record])
    const { width, height } = clip
    for (const object of clip.sample.instances) {
      const column = <T>(name: string) => (object[name] as T[] | undefined)?.[frame]
      const who = `"${object.name}" (id ${object.id})`
      const [box, whole] = [object.boxes2dAmodal?.[frame], column<Box | null>('boxes2dAmodalUnclipped')]
      const share = column<number>('truncatedFractions')
      const area = column<number | null>('truncatedAreaFractions')
      if (whole === undefined || box === undefined) continue
      const cut: Box | null = whole && [Math.max(0, whole[0]), Math.max(0, whole[1]), Math.min(width, whole[2]), Math.min(height, whole[3])]
      const inside = cut !== null && cut[0] <= cut[2] && cut[1] <= cut[3]
      const off = inside && box ? Math.max(...box.map((b, k) => Math.abs(b - cut[k]!))) : inside === (box !== null) ? 0 : Infinity
      compare.add(off, 1e-9, `box2dAmodal of ${who}`)
      const size = whole ? (whole[2] - whole[0]) * (whole[3] - whole[1]) : 0
      if (share !== undefined && (size > 0 || !inside))
        compare.add(share - (inside ? 1 - ((cut[2] - cut[0]) * (cut[3] - cut[1])) / size : 1), 1e-9, `truncatedFraction of ${who}`)
      if (area === undefined || area === null) continue
      const within = whole && whole[0] >= 0 && whole[1] >= 0 && whole[2] <= width && whole[3] <= height
      compare.add(within ? area : inside ? Math.max(-area, area - 1, 0) : area - 1, 0, `truncatedAreaFraction of ${who}`)
      if ((object.visiblePixels?.[frame] ?? 0) > 0) compare.add(area < 1 ? 0 : 1, 0, `truncatedAreaFraction of ${who}, which is seen,`)
    }
    return some(compare.judgement(frame))
  },
}
