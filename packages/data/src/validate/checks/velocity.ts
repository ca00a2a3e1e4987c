import { type GeometryCheck, show } from '../check.ts'
import { distance, length, type V3 } from '../maths.ts'
import { Errors } from '../report.ts'

export const velocity: GeometryCheck = {
  name: 'velocity',
  definition: 'between two frames without contact, an object moves by the mean of its two velocities',
  unit: 'm/s',
  async judge(clip, frame) {
    if (frame + 1 >= clip.frames) return []
    const { fps, events } = clip.sample
    const errors = new Errors()
    const wrong: string[] = []
    for (const o of clip.sample.instances) {
      const v0 = o.velocities?.[frame]
      const v1 = o.velocities?.[frame + 1]
      const p0 = o.positions[frame]
      const p1 = o.positions[frame + 1]
      if (!v0 || !v1 || !p0 || !p1) continue
      const touched = events.collisions.some(
        c => c.instances.includes(o.id) && c.begin * fps <= frame + 1.1 && (c.end === null || c.end * fps >= frame - 0.1),
      )
      if (touched) continue
      const mean: V3 = [0, 1, 2].map(k => (v0[k]! + v1[k]!) / 2) as unknown as V3
      const moved: V3 = [0, 1, 2].map(k => (p1[k]! - p0[k]!) * fps) as unknown as V3
      const error = distance(mean, moved)
      // An origin off the centre of mass swings: its path bends by the change of its velocity.
      const limit = 0.1 + 0.1 * length(moved) + 0.5 * distance(v0, v1)
      errors.add(error)
      if (!(error <= limit))
        wrong.push(`"${o.name}" (id ${o.id}) moves at ${show(length(moved))} m/s but its velocities differ by ${show(error)} m/s`)
    }
    if (errors.count === 0) return []
    return [
      {
        compared: [clip.record],
        errors,
        message: wrong.length ? `frames ${frame} to ${frame + 1}: ${wrong.slice(0, 3).join('; ')}` : undefined,
      },
    ]
  },
}
