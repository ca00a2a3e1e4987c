import { type GeometryCheck, type Judgement, some, Tally } from '../check.ts'

interface Part {
  readonly id: number
  readonly material: number
}

export const parts: GeometryCheck = {
  name: 'parts',
  definition: 'part is a part of the object that segmentation names, material is that part’s; both are 0 exactly where segmentation is',
  unit: 'pixels',
  async judge(clip, frame) {
    const seg = await clip.values('segmentation', frame)
    const owner = new Map<number, number>()
    const dress = new Map<number, number>()
    for (const object of clip.sample.instances)
      for (const { id, material } of (object['parts'] as Part[] | undefined) ?? []) {
        owner.set(id, object.id)
        dress.set(id, material)
      }
    if (!seg || owner.size === 0) return []
    const out: Judgement[] = []
    const part = await clip.values('part', frame)
    if (part) {
      const tally = new Tally()
      for (let p = 0; p < seg.data.length; p++) tally.add(p, (owner.get(part.data[p]!) ?? 0) === seg.data[p] ? 0 : 1, 0)
      out.push(...some(tally.judge([clip.file('part', frame), clip.file('segmentation', frame), clip.record], clip.width, this.unit)))
    }
    const material = await clip.values('material', frame)
    if (material && part) {
      const tally = new Tally()
      for (let p = 0; p < seg.data.length; p++) tally.add(p, (dress.get(part.data[p]!) ?? 0) === material.data[p] ? 0 : 1, 0)
      out.push(...some(tally.judge([clip.file('material', frame), clip.file('part', frame), clip.record], clip.width, this.unit)))
    }
    return out
  },
}
