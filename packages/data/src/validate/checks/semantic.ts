import { type GeometryCheck, some, Tally } from '../check.ts'

export const semantic: GeometryCheck = {
  name: 'semantic',
  definition: 'semantic is the categoryId of the object that segmentation names, 0 exactly where segmentation is',
  unit: 'pixels',
  async judge(clip, frame) {
    const [seg, numbers] = [await clip.values('segmentation', frame), await clip.values('semantic', frame)]
    if (!seg || !numbers) return []
    const category = new Map(clip.sample.instances.map(i => [i.id, i['categoryId'] as number | undefined]))
    const tally = new Tally()
    for (let p = 0; p < seg.data.length; p++) tally.add(p, (category.get(seg.data[p]!) ?? 0) === numbers.data[p] ? 0 : 1, 0)
    return some(tally.judge([...clip.files(frame, 'semantic', 'segmentation'), clip.record], clip.width, this.unit))
  },
}
