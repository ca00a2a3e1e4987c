import { clipFile } from '../../layout/paths.ts'
import { viewAt } from '../camera/exposure.ts'
import { see } from '../camera/view.ts'
import { Comparison, type GeometryCheck, some } from '../check.ts'
import { columns } from '../leads.ts'
import { length, type V3 } from '../maths.ts'

/** Seconds that an event may begin after its first contact point, or end before its last: a step of the simulation and the joining of gaps. */
const SLACK = 0.02
const F32 = 1.2e-7

/** Whole clip at once, at frame 0. */
export const contacts: GeometryCheck = {
  name: 'contacts',
  definition:
    'contact points are in order of time, between known instances, with unit normals, while a contact event of the two holds, and projected by the camera of their time',
  unit: 's, px or 1',
  async judge(clip, frame) {
    if (frame !== 0) return []
    const found = await clip.reader.arrays('contacts').catch(() => undefined)
    const [time, ids, position, normal, image, inside] = ['time', 'instances', 'position', 'normal', 'image_position', 'in_frame'].map(
      n => found?.[n],
    )
    if (!time || !ids || !position || !normal) return []
    const { fps, events } = clip.sample
    const path = clipFile('contacts')
    const compare = new Comparison([clip.reader.folder === '' ? path : `${clip.reader.folder}/${path}`, clip.record])
    const num = (a: typeof time, i: number) => Number(a.data[i])
    const at3 = (a: typeof time, i: number): V3 => [num(a, 3 * i), num(a, 3 * i + 1), num(a, 3 * i + 2)]
    const n = time.shape[0]!
    for (let i = 0; i < n; i++) {
      const who = `contact point ${i}`
      const t = num(time, i)
      const [a, b] = [num(ids, 2 * i), num(ids, 2 * i + 1)]
      if (i > 0) compare.add(Math.max(0, num(time, i - 1) - t), 1e-9, `the order of ${who}`)
      compare.add(clip.byId.has(a) && clip.byId.has(b) && a < b ? 0 : 1, 0, `the pair of ${who}`)
      compare.add(length(at3(normal, i)) - 1, 1e-3, `the normal of ${who}`)
      const mine = events.collisions.filter(c => c.instances[0] === a && c.instances[1] === b)
      const away = Math.min(...mine.map(c => Math.max(c.begin - t, t - (c.end ?? Infinity), 0)))
      compare.add(away, SLACK, `the time of ${who}, when no contact event of ${a} and ${b} holds,`)
      const view = image && viewAt(clip, t * fps)
      if (!image || !view || clip.exposure(0)?.rolling) continue
      const p = at3(position, i)
      const q = see(view, p)
      const [u, v] = [num(image, 2 * i), num(image, 2 * i + 1)]
      if (Number.isNaN(q.u) || Math.abs(q.distance) < 1e-2) continue
      const blur = q.perMetre * (view.blur + 8 * F32 * (Math.abs(q.distance) + length(p))) + q.perRadian * view.twist
      const off = Math.max(Math.abs(columns(clip, 0, q.u, u)), Math.abs(q.v - v))
      compare.add(off, 1e-4 + 2 * blur + F32 * (Math.abs(u) + Math.abs(v)), `image_position of ${who}`)
      const margin = Math.min(q.u, q.v, clip.width - q.u, clip.height - q.v)
      if (inside && Math.abs(margin) > 1e-2 + 2 * blur) compare.add(margin > 0 === num(inside, i) > 0 ? 0 : 1, 0, `in_frame of ${who}`)
    }
    return some(compare.judgement(frame))
  },
}
