import type { InstanceTrack } from '../../schema/sample.ts'
import { localOf, viewAt } from '../camera/exposure.ts'
import { see } from '../camera/view.ts'
import { type GeometryCheck, show } from '../check.ts'
import { columns } from '../leads.ts'
import { distance, length, type rigid, type V3 } from '../maths.ts'
import { Errors } from '../report.ts'

/** Whole clip at once, at frame 0. */
export const events: GeometryCheck = {
  name: 'events',
  definition:
    'collisions are in order of time between known instances, with unit normals, within reach of both bodies, and projected by the camera of their time',
  unit: 'm, px or 1',
  async judge(clip, frame) {
    const list = clip.sample.events.collisions
    if (frame !== 0 || list.length === 0) return []
    const errors = new Errors()
    const wrong: string[] = []
    const expect = (error: number, limit: number, what: string) => {
      errors.add(error)
      if (!(Math.abs(error) <= limit)) wrong.push(`${what} (${show(Math.abs(error))})`)
    }
    const { fps } = clip.sample
    list.forEach((event, k) => {
      const who = `collision ${k}`
      if (k > 0) expect(Math.max(0, list[k - 1]!.begin - event.begin), 1e-9, `${who} begins before the one before it`)
      expect(event.end === null ? 0 : Math.max(0, event.begin - event.end), 1e-9, `${who} ends before it begins`)
      expect(event.frame - event.begin * fps, 1e-6 * (1 + Math.abs(event.frame)), `${who}: frame is not begin · fps`)
      expect(length(event.normal) - 1, 1e-3, `${who}: the normal has no unit length`)
      const at = event.begin * fps
      const [f, rest] = [Math.min(Math.max(Math.floor(at), -1), clip.frames - 1), at - Math.floor(at)]
      for (const id of event.instances) {
        const object = clip.byId.get(id)
        if (!object) {
          expect(Infinity, 0, `${who} names instance ${id}, which does not exist`)
          continue
        }
        const a = clip.pose(id, f)
        const b = clip.pose(id, f + 1) ?? a
        if (!a || !b || !clip.shaped(id)) continue
        const size = distance(
          [object.bounds.min[0] * object.scale[0], object.bounds.min[1] * object.scale[1], object.bounds.min[2] * object.scale[2]],
          [object.bounds.max[0] * object.scale[0], object.bounds.max[1] * object.scale[1], object.bounds.max[2] * object.scale[2]],
        )
        // From the frame before to the contact, and from the contact to the frame after, a body goes no farther than its speed allows.
        const near = Math.min(
          outside(event.position, a, object) - travel(object, f, rest / fps, size, clip.frames),
          outside(event.position, b, object) - travel(object, f + 1, (1 - rest) / fps, size, clip.frames),
        )
        expect(Math.max(0, near), 0.01 + 0.03 * size, `${who} happens out of reach of "${object.name}"`)
      }
      const image = event.imagePosition
      const camera = image && at >= -1 && at <= clip.frames ? viewAt(clip, at) : undefined
      if (image && camera) {
        const q = see(camera, event.position)
        const scale = 1 + Math.abs(q.u) + Math.abs(q.v)
        const blur = q.perMetre * camera.blur + q.perRadian * camera.twist
        if (q.depth > 1e-2 && !Number.isNaN(q.u))
          expect(
            Math.max(Math.abs(columns(clip, f, q.u, image[0])), Math.abs(q.v - image[1])) / scale,
            1e-6 + (2 * blur) / scale,
            `${who}: imagePosition is not the projection of its position`,
          )
      }
    })
    const more = wrong.length > 3 ? ` and ${wrong.length - 3} more` : ''
    return [{ compared: [clip.record], errors, message: wrong.length ? wrong.slice(0, 3).join('; ') + more : undefined }]
  },
}

/** Metres that a point of an object may go in `dt` seconds from (or to) a frame: its speed there, some more for other contacts, and gravity. */
function travel(object: InstanceTrack, frame: number, dt: number, size: number, frames: number): number {
  const f = Math.min(Math.max(frame, 0), frames - 1)
  const linear = object.velocities?.[f]
  const angular = object.angularVelocities?.[f]
  // Not recorded: as fast as it moved on average, thrice over.
  const [p, q] = [object.positions[Math.max(f - 1, 0)]!, object.positions[Math.min(f + 1, frames - 1)]!]
  const speed = linear ? 1.5 * (length(linear) + (angular ? (length(angular) * size) / 2 : 0)) : (3 * distance(p, q)) / (2 * dt + 1e-9)
  return speed * dt + 5 * dt * dt
}

/** Metres from a world point to the box of an object. */
function outside(p: V3, pose: ReturnType<typeof rigid>, { bounds, scale }: { bounds: { min: V3; max: V3 }; scale: V3 }): number {
  const q = localOf(pose, p)
  let sum = 0
  for (let k = 0; k < 3; k++) {
    const d = Math.max(bounds.min[k]! * scale[k]! - q[k]!, q[k]! - bounds.max[k]! * scale[k]!, 0)
    sum += d * d
  }
  return Math.sqrt(sum)
}
