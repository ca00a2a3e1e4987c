import { type GeometryCheck, type Judgement, some, Tally } from '../check.ts'
import type { Clip, Values } from '../clip.ts'
import { applyTransposed } from '../maths.ts'
import { sightsOf } from '../points.ts'

export const NORMAL_LAYERS = ['normal', 'normal-shading', 'normal-camera'] as const
/** Three codes of ±½ / 32767 each. */
const UNIT = 6e-5
/** Cosine between normal and ray that rounding of 16-bit codes may turn. */
const FACING = 1e-3

export const normalUnit: GeometryCheck = {
  name: 'normal-unit',
  definition: 'normals have unit length; geometric normals face the camera; normal-camera is normal in the camera’s axes',
  unit: '1',
  async judge(clip, frame) {
    const out: Judgement[] = []
    for (const layer of NORMAL_LAYERS) {
      const n = await clip.values(layer, frame)
      if (n) out.push(...some(unit(clip, n).judge([clip.file(layer, frame)], clip.width, this.unit)))
    }
    const n = await clip.values('normal', frame)
    const inCamera = await clip.values('normal-camera', frame)
    const rays = await sightsOf(clip, frame)
    if (n && rays) {
      const facing = new Tally()
      for (let p = 0; p < clip.width * clip.height; p++) {
        const cosine = [0, 1, 2].reduce((sum, k) => sum + n.data[3 * p + k]! * rays.direction[3 * p + k]!, 0)
        if (!Number.isNaN(cosine)) facing.add(p, Math.max(0, cosine), FACING)
      }
      out.push(...some(facing.judge([clip.file('normal', frame), clip.record], clip.width, this.unit)))
    }
    const exposure = clip.exposure(frame)
    if (n && inCamera && exposure) {
      const turned = new Tally()
      for (let p = 0; p < clip.width * clip.height; p++) {
        const camera = exposure.view(Math.floor(p / clip.width) + 0.5)
        if (!camera) continue
        const m = applyTransposed(camera.r, n.data[3 * p]!, n.data[3 * p + 1]!, n.data[3 * p + 2]!)
        turned.add(p, Math.max(...m.map((x, k) => Math.abs(x - inCamera.data[3 * p + k]!))), 2 * UNIT + camera.twist)
      }
      out.push(...some(turned.judge([clip.file('normal-camera', frame), clip.file('normal', frame), clip.record], clip.width, this.unit)))
    }
    return out
  },
}

function unit(clip: Clip, n: Values): Tally {
  const tally = new Tally()
  for (let p = 0; p < clip.width * clip.height; p++) {
    const [x, y, z] = [n.data[3 * p]!, n.data[3 * p + 1]!, n.data[3 * p + 2]!]
    const size = Math.sqrt(x * x + y * y + z * z)
    if (size > 1e-3) tally.add(p, Math.abs(size - 1), UNIT)
  }
  return tally
}
