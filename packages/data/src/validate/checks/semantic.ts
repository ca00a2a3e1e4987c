import { Comparison, type GeometryCheck, type Judgement, some, Tally } from '../check.ts'

export const semantic: GeometryCheck = {
  name: 'semantic',
  definition:
    'semantic is the categoryId of the object that segmentation names, 0 exactly where that is; a number is one category, a category one number',
  unit: 'pixels',
  async judge(clip, frame) {
    const number = new Map<number, number>()
    const [names, numbers] = [new Map<number, string>(), new Map<string, number>()]
    const record = new Comparison([clip.record])
    for (const object of clip.sample.instances) {
      const id = object['categoryId'] as number | undefined
      if (id === undefined) continue
      number.set(object.id, id)
      const [name, other] = [names.get(id) ?? object.category, numbers.get(object.category) ?? id]
      record.add(
        name === object.category && other === id && id > 0 ? 0 : 1,
        0,
        `categoryId ${id} of "${object.name}" (category ${object.category})`,
      )
      names.set(id, name)
      numbers.set(object.category, other)
    }
    const out: Judgement[] = [...(frame === 0 ? some(record.judgement(frame)) : [])]
    const stored = await clip.values('semantic', frame)
    const seg = await clip.values('segmentation', frame)
    if (!stored || !seg || number.size === 0) return out
    const tally = new Tally()
    for (let p = 0; p < seg.data.length; p++) tally.add(p, stored.data[p] === (number.get(seg.data[p]!) ?? 0) ? 0 : 1, 0)
    return [...out, ...some(tally.judge([...clip.files(frame, 'semantic', 'segmentation'), clip.record], clip.width, this.unit))]
  },
}
