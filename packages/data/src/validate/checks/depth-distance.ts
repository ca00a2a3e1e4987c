import { type GeometryCheck, some, Tally } from '../check.ts'
import { length, ray } from '../maths.ts'

/** distance = depth · |ray|, up to two roundings to f32. */
const RELATIVE = 4e-7

export const depthDistance: GeometryCheck = {
  name: 'depth-distance',
  definition: 'distance / depth is the length of the ray through the pixel centre with unit component along the optical axis',
  unit: 'relative',
  async judge(clip, frame) {
    const depth = await clip.values('depth', frame)
    const distance = await clip.values('distance', frame)
    const camera = clip.camera(frame)
    if (!depth || !distance || !camera) return []
    const tally = new Tally()
    for (let p = 0; p < depth.data.length; p++) {
      const z = depth.data[p]!
      const d = distance.data[p]!
      if (z === Infinity && d === Infinity) continue
      const along = length(ray(camera, (p % clip.width) + 0.5, Math.floor(p / clip.width) + 0.5))
      tally.add(p, Math.abs(d / (z * along) - 1), RELATIVE)
    }
    return some(tally.judge([clip.file('depth', frame), clip.file('distance', frame), clip.record], clip.width, this.unit))
  },
}
