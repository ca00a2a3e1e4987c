import { type GeometryCheck, type Judgement, some, Tally } from '../check.ts'

/** Whether a stored pixel says "a surface is here". */
const SEES: Readonly<Record<string, (data: ArrayLike<number>, p: number) => boolean>> = {
  depth: (d, p) => d[p]! > 0 && d[p] !== Infinity,
  distance: (d, p) => d[p]! > 0 && d[p] !== Infinity,
  normal: (d, p) => Math.abs(d[3 * p]!) + Math.abs(d[3 * p + 1]!) + Math.abs(d[3 * p + 2]!) > 1e-4,
  'normal-shading': (d, p) => Math.abs(d[3 * p]!) + Math.abs(d[3 * p + 1]!) + Math.abs(d[3 * p + 2]!) > 1e-4,
  'normal-camera': (d, p) => Math.abs(d[3 * p]!) + Math.abs(d[3 * p + 1]!) + Math.abs(d[3 * p + 2]!) > 1e-4,
}

export const presence: GeometryCheck = {
  name: 'presence',
  definition: 'segmentation is 0 exactly where depth and distance are infinite and normals are zero; every id belongs to an instance',
  unit: 'pixels',
  async judge(clip, frame) {
    const seg = await clip.values('segmentation', frame)
    if (!seg) return []
    const out: Judgement[] = []
    const lens = clip.exposure(frame)?.lens
    for (const [layer, sees] of Object.entries(SEES)) {
      const other = await clip.values(layer, frame)
      if (!other) continue
      const tally = new Tally()
      // A lens that sees behind itself has depths below 0.
      const there = layer === 'depth' && !(lens?.projective || lens?.parallel) ? Number.isFinite : undefined
      for (let p = 0; p < seg.data.length; p++)
        tally.add(p, (there ? there(other.data[p]!) : sees(other.data, p)) === seg.data[p]! > 0 ? 0 : 1, 0)
      const judgement = tally.judge([clip.file(layer, frame), clip.file('segmentation', frame)], clip.width, this.unit)
      const note = frame === 0 && layer === 'depth' && clip.blind
      if (judgement) out.push(note ? { ...judgement, note: `geometry through the camera is not checked: ${note}` } : judgement)
    }
    const known = new Tally()
    for (let p = 0; p < seg.data.length; p++) known.add(p, seg.data[p] === 0 || clip.byId.has(seg.data[p]!) ? 0 : 1, 0)
    out.push(...some(known.judge([clip.file('segmentation', frame), clip.record], clip.width, this.unit)))
    return out
  },
}
