import type { InstanceTrack } from '../../schema/sample.ts'
import { Comparison, type GeometryCheck, some } from '../check.ts'
import type { Clip } from '../clip.ts'
import { apply, length, type V3 } from '../maths.ts'

/** Of the impulse: what the ends of a frame interval may be off by a step of the simulation. */
const RELATIVE = 0.02
/** Seconds: a step of the simulation. */
const STEP = 1 / 240

export const dynamics: GeometryCheck = {
  name: 'dynamics',
  definition:
    'while an object touches nothing no contact force acts on it; between two such frames the change of its momentum is the sum of its forces over the time',
  unit: 'N s',
  async judge(clip, frame) {
    const compare = new Comparison([clip.record])
    for (const object of clip.sample.instances) free(compare, clip, frame, object)
    return some(compare.judgement(frame))
  },
}

function free(compare: Comparison, clip: Clip, frame: number, object: InstanceTrack): void {
  const { fps, gravity } = clip.sample
  const column = (name: string, f: number) => (object[name] as (V3 | null)[] | undefined)?.[f] ?? undefined
  const loose = (f: number) => !clip.touched(object.id, f - 0.5 - STEP * fps, f + 0.5 + STEP * fps)
  const { mass } = object
  if (!mass || !loose(frame)) return
  const who = `"${object.name}" (id ${object.id})`
  const weight = mass * length(gravity)
  const contact = column('contactForces', frame)
  if (contact) compare.add(length(contact) / fps, (RELATIVE * weight) / fps + 1e-9, `contactForce of ${who}, which touches nothing,`)
  // The last frame before this one in which it was loose as well.
  let from = frame - 1
  while (from >= 0 && !loose(from)) from--
  const [before, now] = [momentum(clip, object, from), momentum(clip, object, frame)]
  if (from < 0 || !before || !now) return
  const impulse = [0, 0, 0]
  let size = 0
  for (let f = from; f <= frame; f++) {
    const force = column('forces', f)
    if (!force) return
    const share = (f === from || f === frame ? 0.5 : 1) / fps
    for (let k = 0; k < 3; k++) impulse[k]! += force[k]! * share
    size += length(force) * share
  }
  const off = length([0, 1, 2].map(k => now[k]! - before[k]! - impulse[k]!) as unknown as V3)
  compare.add(off, RELATIVE * size + 2 * STEP * weight, `the change of momentum of ${who} from frame ${from} on`)
}

/** Of the centre of mass. */
function momentum(clip: Clip, object: InstanceTrack, frame: number): V3 | undefined {
  const [v, w, pose] = [object.velocities?.[frame], object.angularVelocities?.[frame], clip.pose(object.id, frame)]
  if (!v || !w || !pose || !object.mass) return undefined
  const c = apply(pose.r, ...((object['centerOfMass'] as V3 | null | undefined) ?? [0, 0, 0]))
  const m = object.mass
  return [m * (v[0] + w[1] * c[2] - w[2] * c[1]), m * (v[1] + w[2] * c[0] - w[0] * c[2]), m * (v[2] + w[0] * c[1] - w[1] * c[0])]
}
