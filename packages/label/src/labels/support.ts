/** `support`: what every object rests on, from the contacts that hold at the frame's time. */
import { vec3 } from '@dioramic/scene'
import type { InstanceLabel } from '../label.ts'

/** Cosine between the contact normal and the vertical from which a contact carries rather than leans: 45°. */
const UPRIGHT = Math.SQRT1_2
/** m/s between the two at most: what slides or rolls faster than this is on its way, not at rest. */
const SLOW = 0.05

export const support: InstanceLabel = {
  kind: 'instances',
  name: 'support',
  definition:
    'touching: ids of the objects in contact with it at the frame’s time, ascending. supportedBy: those of them that carry it: the contact’s normal at its first touch is within 45° of the vertical and points to this object, and the two move less than 0.05 m/s against each other. Both are [] for what touches nothing; gravity must not be zero for anything to be carried.',
  compute({ resolved, motion, time }) {
    const { objects, gravity } = resolved.scene
    const up = vec3.length(gravity) > 0 ? vec3.normalize(vec3.scale(gravity, -1)) : ([0, 0, 0] as const)
    const touching = new Map(objects.map(o => [o.id, new Set<number>()]))
    const carried = new Map(objects.map(o => [o.id, new Set<number>()]))
    for (const { objects: pair, begin, end, normal } of motion.contacts) {
      if (time < begin || (end !== null && time > end)) continue
      const [a, b] = pair
      touching.get(a)?.add(b)
      touching.get(b)?.add(a)
      const apart = vec3.length(vec3.sub(motion.velocity(a, time).linear, motion.velocity(b, time).linear))
      const rise = vec3.dot(normal, up)
      if (apart > SLOW || Math.abs(rise) < UPRIGHT) continue
      // The normal points from a to b.
      if (rise > 0) carried.get(b)?.add(a)
      else carried.get(a)?.add(b)
    }
    const listed = (ids: ReadonlySet<number>) => [...ids].sort((a, b) => a - b)
    return objects.map(({ id }) => ({ touching: listed(touching.get(id)!), supportedBy: listed(carried.get(id)!) }))
  },
}
