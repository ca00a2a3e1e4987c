import { type GeometryCheck, type Judgement, some, Tally } from '../check.ts'

const LAYERS = ['albedo', 'roughness', 'metallic', 'emission', 'uv'] as const

export const materials: GeometryCheck = {
  name: 'materials',
  definition: 'albedo, roughness, metallic, emission and uv are 0 where no surface is; nothing shines less than not at all',
  unit: 'the layer’s',
  async judge(clip, frame) {
    const out: Judgement[] = []
    const seg = await clip.values('segmentation', frame)
    if (!seg) return out
    for await (const [name, layer] of clip.present(frame, LAYERS)) {
      const tally = new Tally()
      const { channels, data } = layer
      for (let p = 0; p < seg.data.length; p++)
        for (let c = 0; c < channels; c++) {
          const x = data[p * channels + c]!
          tally.add(p, seg.data[p] === 0 ? Math.abs(x) : name === 'uv' ? 0 : Math.max(0, -x), 0)
        }
      out.push(...some(tally.judge(clip.files(frame, name, 'segmentation'), clip.width, this.unit)))
    }
    return out
  },
}
