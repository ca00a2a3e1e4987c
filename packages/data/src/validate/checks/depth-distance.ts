import { type GeometryCheck, some, Tally } from '../check.ts'
import { sightsOf } from '../points.ts'

/** Two roundings to f32. */
const RELATIVE = 4e-7

export const depthDistance: GeometryCheck = {
  name: 'depth-distance',
  definition: 'depth / distance is the cosine between the ray through the pixel centre and the optical axis',
  unit: 'relative',
  async judge(clip, frame) {
    if (!clip.has('depth')) return []
    const depth = await clip.values('depth', frame)
    const distance = await clip.values('distance', frame)
    const rays = await sightsOf(clip, frame)
    if (!depth || !distance || !rays) return []
    const tally = new Tally()
    for (let p = 0; p < depth.data.length; p++) {
      const z = depth.data[p]!
      const d = distance.data[p]!
      const axial = rays.axial[p]!
      // Beside a lens that sees so far round, depth is nothing and says nothing.
      if ((z === Infinity && d === Infinity) || !(Math.abs(axial) > 1e-6)) continue
      const twist = (rays.twist[Math.floor(p / clip.width)]! * Math.sqrt(Math.max(0, 1 - axial * axial))) / Math.abs(axial)
      tally.add(p, Math.abs((d * axial) / z - 1), RELATIVE + 2 * twist)
    }
    return some(tally.judge([...clip.files(frame, 'depth', 'distance'), clip.record], clip.width, this.unit))
  },
}
