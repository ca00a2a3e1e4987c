import { Comparison, type GeometryCheck, some } from '../check.ts'
import { distance, length } from '../maths.ts'

/** As the label defines them: cosine to the vertical, m/s. */
const UPRIGHT = Math.SQRT1_2
const SLOW = 0.05
/** What is this near to a bound may fall to either side. */
const EDGE = 1e-6

export const support: GeometryCheck = {
  name: 'support',
  definition:
    'touching are the objects whose contact events hold at the frame’s time; supportedBy are those of them whose normal is within 45° of the vertical and points to the object, and which move less than 0.05 m/s against it',
  unit: 'ids',
  async judge(clip, frame) {
    const { instances, events, fps, gravity } = clip.sample
    if (!instances.some(i => 'touching' in i)) return []
    const compare = new Comparison([clip.record])
    const time = frame / fps
    const g = length(gravity)
    const [touching, carried, open] = [new Set<string>(), new Set<string>(), new Set<string>()]
    const key = (a: number, b: number) => `${a} ${b}`
    for (const { instances: pair, begin, end, normal } of events.collisions) {
      const [a, b] = pair
      const near = [begin, end ?? Infinity].some(t => Math.abs(t - time) < EDGE)
      if (near) open.add(key(a, b)).add(key(b, a))
      if (time < begin || (end !== null && time > end)) continue
      touching.add(key(a, b)).add(key(b, a))
      const [va, vb] = [clip.byId.get(a)?.velocities?.[frame], clip.byId.get(b)?.velocities?.[frame]]
      const rise = g > 0 ? -(normal[0] * gravity[0] + normal[1] * gravity[1] + normal[2] * gravity[2]) / g : 0
      const [lower, upper] = rise > 0 ? [a, b] : [b, a]
      if (!va || !vb) open.add(key(upper, lower))
      else {
        const apart = distance(va, vb)
        if (Math.abs(apart - SLOW) < EDGE || Math.abs(Math.abs(rise) - UPRIGHT) < EDGE) open.add(key(upper, lower))
        else if (apart < SLOW && Math.abs(rise) > UPRIGHT) carried.add(key(upper, lower))
      }
    }
    for (const object of instances)
      for (const [name, truth] of [
        ['touching', touching],
        ['supportedBy', carried],
      ] as const) {
        const stated = (object[name] as number[][] | undefined)?.[frame]
        if (!stated) continue
        const others = instances.filter(o => o !== object && !open.has(key(object.id, o.id)))
        const wrong = others.filter(o => stated.includes(o.id) !== truth.has(key(object.id, o.id)))
        const strange = stated.filter(id => !clip.byId.has(id) || id === object.id)
        compare.add(wrong.length + strange.length, 0, `${name} of "${object.name}" (id ${object.id})`)
      }
    return some(compare.judgement(frame))
  },
}
