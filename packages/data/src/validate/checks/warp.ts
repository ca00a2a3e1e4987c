import { carriedTo, filmed } from '../carried.ts'
import { type GeometryCheck, type Judgement, show } from '../check.ts'
import type { Clip, Values } from '../clip.ts'
import { applyTransposed } from '../maths.ts'
import { type Motion, predictMotion } from '../motion.ts'
import { Errors } from '../report.ts'
import { bilinear, Mean } from '../sampling.ts'
import { PICTURES } from '../steps.ts'

/** Layers that travel with the surface, the first two with noise and light. Normals travel in the object's frame. */
const LAYERS = [...PICTURES, 'uv', 'normal', 'normal-shading', 'albedo', 'roughness']
const SIGMA = 5
const CLUMP = 9
const SHIFTS = [
  [0.5, 0],
  [-0.5, 0],
  [0, 0.5],
  [0, -0.5],
] as const

export const warp: GeometryCheck = {
  name: 'warp',
  definition:
    'carried along the motion, a frame explains the next one better than the two in swapped order do; surface layers (uv, normals, materials) fit best without any shift, uv and normals well',
  unit: 'the layer’s',
  async judge(clip, frame) {
    const out: Judgement[] = []
    const all = frame + 1 < clip.frames ? await predictMotion(clip, frame, 1) : undefined
    const seg = await clip.values('segmentation', frame)
    const shown = all && (await carriedTo(clip, frame, all))
    if (!all || !seg || !shown) return out
    const rigid = { ...all, u: all.u.map((u, p) => (clip.deforms(seg.data[p]!) ? NaN : u)) }
    const film = await filmed(clip, frame)
    for await (const [name, now, next, compared] of clip.pairs(frame, LAYERS)) {
      if (!film && isPicture(name)) continue
      const [a, b] = [await carried(clip, name, frame, now), await carried(clip, name, frame + 1, next)]
      const exact = !isPicture(name)
      // Normals of a deforming body do not travel with its frame.
      const motion = name.startsWith('normal') ? rigid : all
      const swap = await swapped(clip, frame, a, b, motion, shown, exact)
      const moved = exact ? await shifted(clip, frame, a, b, motion, shown) : undefined
      const errors = new Errors()
      if (swap) errors.merge(swap.errors)
      let message: string | undefined = swap?.wrong
        ? `${name} of frames ${frame} and ${frame + 1} fit the motion better in swapped order (${swap.errors.count} moving pixels tell)`
        : moved && `${name} of frames ${frame} and ${frame + 1} fit best when moved by ${moved.join(', ')} px against each other`
      const astray = name === 'uv' || name.startsWith('normal') ? await strays(clip, frame, a, b, motion, shown) : undefined
      if (astray)
        message ??= `${name} of frame ${frame} is not found in frame ${frame + 1} where the motion carries it: median difference ${show(astray)}`
      if (swap || message) out.push({ compared, errors, message })
    }
    return out
  },
}

/** Median difference of what must travel with its surface, when it is as large as between random places of one object. */
async function strays(clip: Clip, frame: number, a: Values, b: Values, motion: Motion, shown: Uint8Array): Promise<number | undefined> {
  const here = await clip.values('segmentation', frame)
  const there = await clip.values('segmentation', frame + 1)
  if (!here || !there) return undefined
  const [carried, random] = [new Errors(), new Errors()]
  const value = new Float64Array(a.channels)
  const last = new Map<number, number>()
  for (let p = 0; p < motion.u.length; p++) {
    const id = here.data[p]!
    if (id === 0 || shown[p] === 0 || !bilinear(b, motion.u[p]!, motion.v[p]!, value, there.data, id)) continue
    carried.add(gap(value, a.data, p, a.channels))
    // A place of the same object some pixels back.
    const other = last.get(id)
    if (other !== undefined) random.add(gap(value, a.data, other, a.channels))
    if (p % 17 === 0) last.set(id, p)
  }
  if (random.count < 200 || random.quantile(0.5) < 1e-3) return undefined
  return carried.quantile(0.5) > 0.5 * random.quantile(0.5) ? carried.quantile(0.5) : undefined
}

const isPicture = (name: string) => (PICTURES as readonly string[]).includes(name)

/** Normals in the object's frame, other layers as they are. */
async function carried(clip: Clip, name: string, frame: number, layer: Values): Promise<Values> {
  const seg = await clip.values('segmentation', frame)
  if (!seg || !name.startsWith('normal')) return layer
  const data = new Float32Array(layer.data.length)
  for (let p = 0; p < seg.data.length; p++) {
    const pose = clip.pose(seg.data[p]!, frame)
    if (pose) data.set(applyTransposed(pose.r, layer.data[3 * p]!, layer.data[3 * p + 1]!, layer.data[3 * p + 2]!), 3 * p)
  }
  return { ...layer, data }
}

const gap = (a: ArrayLike<number>, b: ArrayLike<number>, at: number, channels: number) => {
  let sum = 0
  for (let c = 0; c < channels; c++) sum += Math.abs(a[c]! - b[at * channels + c]!)
  return sum
}

/**
 * Whether the frames fit better exchanged. Without noise (`exact`) only places count that show the object before and after, both where the point was and where it comes: what moves
 * farther than it is wide bares its background there, and a flat background fits itself in any order, better than the fine relief of an object does.
 */
async function swapped(clip: Clip, frame: number, a: Values, b: Values, motion: Motion, shown: Uint8Array, exact: boolean) {
  const errors = new Errors()
  const advantage = new Mean()
  const straight = new Mean()
  const crossed = new Mean()
  const there = new Float64Array(a.channels)
  const here = new Float64Array(a.channels)
  const seg = await clip.values('segmentation', frame)
  const after = await clip.values('segmentation', frame + 1)
  for (let p = 0; p < motion.u.length; p++) {
    const u = motion.u[p]!
    const v = motion.v[p]!
    if (!seg || !after || seg.data[p] === 0 || shown[p] === 0) continue
    const arrives = Math.floor(v) * clip.width + Math.floor(u)
    if (exact && !(seg.data[arrives] === seg.data[p] && after.data[p] === seg.data[p])) continue
    const du = u - (p % clip.width) - 0.5
    const dv = v - Math.floor(p / clip.width) - 0.5
    if (!(du * du + dv * dv > 0.25)) continue
    if (!bilinear(b, u, v, there) || !bilinear(a, u, v, here)) continue
    const forward = gap(there, a.data, p, a.channels)
    const back = gap(here, b.data, p, a.channels)
    errors.add(forward)
    straight.add(forward)
    crossed.add(back)
    advantage.add(forward - back)
  }
  if (errors.count < 100) return undefined
  const wrong = straight.mean > 1.2 * crossed.mean && advantage.mean > SIGMA * advantage.error(CLUMP)
  return { errors, wrong }
}

/** The shift that fits much better than none, if any. Medians, so that seams and creases do not decide. */
async function shifted(clip: Clip, frame: number, a: Values, b: Values, motion: Motion, shown: Uint8Array) {
  const here = await clip.values('segmentation', frame)
  const there = await clip.values('segmentation', frame + 1)
  if (!here || !there) return undefined
  const fits = [new Errors(), new Errors(), new Errors(), new Errors(), new Errors()]
  const value = new Float64Array(a.channels)
  for (let p = 0; p < motion.u.length; p++) {
    const id = here.data[p]!
    if (id === 0 || shown[p] === 0) continue
    const found: number[] = []
    for (const [x, y] of [[0, 0], ...SHIFTS] as const) {
      if (!bilinear(b, motion.u[p]! + x, motion.v[p]! + y, value, there.data, id)) break
      found.push(gap(value, a.data, p, a.channels))
    }
    // Where nothing changes over a pixel, nothing can be told.
    if (found.length < 5 || Math.max(...found) < 1e-4) continue
    found.forEach((e, k) => {
      fits[k]!.add(e)
    })
  }
  const zero = fits[0]!
  if (zero.count < 200) return undefined
  // A layer that is moved one way fits worse still when it is moved the other way, and not half of its places alone fit better: few facets of a coarse mesh say little.
  const [median, most] = [0.5, 0.75].map(q => fits.map(f => f.quantile(q))) as [number[], number[]]
  const best = SHIFTS.find(
    (_, k) => median[k + 1]! < 0.6 * median[0]! && median[(k ^ 1) + 1]! > 1.3 * median[0]! && most[k + 1]! < 0.8 * most[0]!,
  )
  return best && median[0]! > 1e-5 ? best : undefined
}
