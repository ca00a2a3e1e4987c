import type { NpyArray } from '@dioramic/codec'
import { clipFile } from '../../layout/paths.ts'
import { localOf } from '../camera/exposure.ts'
import { see } from '../camera/view.ts'
import { Comparison, type GeometryCheck, type Judgement, some } from '../check.ts'
import type { Clip, Values } from '../clip.ts'
import { columns } from '../leads.ts'
import { distance, length, type V3 } from '../maths.ts'
import { pointsOf } from '../points.ts'
import { Errors } from '../report.ts'
import { smooth } from '../sampling.ts'

/** Relative rounding of what is stored in f32. */
const F32 = 1.2e-7
/** Parts thinner than a pixel, which no centre sees, may carry tracks: this share of comparisons may be off, at least `FEW`. */
const SHARE = 0.02
const FEW = 3
/** Beyond the bend of the layer between pixel centres: relative to the distance, and pixels. */
const BASE = 2e-3
/** Where distances bend by more than this share, more than one surface is seen. */
const ROUGH = 0.02
/** A hidden track lies behind what is seen around it, up to this share of its distance. */
const BEHIND = 0.02

type Arrays = Readonly<Record<string, NpyArray>>
const NEEDED = ['query_points', 'target_points', 'occluded', 'flags', 'depth', 'positions', 'instance']

/** Tracks of a clip by name. */
async function tracksOf(clip: Clip): Promise<ReadonlyMap<string, Arrays>> {
  return clip.note('tracks', async () => {
    const found = new Map<string, Arrays>()
    for (const file of Object.keys(clip.sample.files)) {
      const name = /^(tracks(?:-\d+)?)\.npz$/.exec(file)?.[1]
      const arrays = name && (await clip.reader.arrays(name).catch(() => undefined))
      if (name && arrays && NEEDED.every(n => arrays[n])) found.set(name, arrays)
    }
    return found
  })
}

export const tracks: GeometryCheck = {
  name: 'tracks',
  definition:
    'a track keeps its place on its object, shows where the camera projects it, starts at its query, and where it is seen (hidden) depth agrees (is nearer); between neighbour frames it moves by the flow',
  unit: 'px, m or relative',
  async judge(clip, frame) {
    const out: Judgement[] = []
    for (const [name, arrays] of await tracksOf(clip)) {
      out.push(
        ...some(records(clip, frame, name, arrays)),
        ...(await seen(clip, frame, name, arrays)),
        ...(await moved(clip, frame, name, arrays)),
      )
    }
    return out
  },
}

const num = (a: NpyArray, i: number) => Number(a.data[i])
const at3 = (a: NpyArray, i: number): V3 => [num(a, 3 * i), num(a, 3 * i + 1), num(a, 3 * i + 2)]

/** What the record alone decides. */
function records(clip: Clip, frame: number, name: string, t: Arrays): Judgement | undefined {
  const now = clip.exposure(frame)
  const compare = new Comparison([`${clip.reader.folder}/${clipFile(name)}`, clip.record])
  const n = t['instance']!.shape[0]!
  if (!now) return undefined
  for (let i = 0; i < n; i++) {
    const id = num(t['instance']!, i)
    const start = num(t['query_points']!, 3 * i)
    const [at, then] = [i * clip.frames + frame, i * clip.frames + start]
    const who = `${name} ${i}`
    if (!clip.byId.has(id) || !(start >= 0 && start < clip.frames)) {
      compare.add(Infinity, 0, `the object or frame of ${who}`)
      continue
    }
    const flags = num(t['flags']!, at)
    compare.add(num(t['occluded']!, at) === (flags === 0 ? 0 : 1) ? 0 : 1, 0, `occluded of ${who}`)
    const [p, q] = [at3(t['positions']!, at), at3(t['positions']!, then)]
    const [u, v] = [num(t['target_points']!, 2 * at), num(t['target_points']!, 2 * at + 1)]
    // Where there is no image, it is taken at the frame's time.
    const row = flags & 4 ? clip.height / 2 : v
    const [pose, view] = [now.pose(id, row), now.view(row)]
    const first = clip.exposure(start)?.pose(id, num(t['target_points']!, 2 * then + 1))
    const size = Math.max(...[...p, ...q, ...(pose?.position ?? [])].map(Math.abs))
    if (pose && first && !clip.deforms(id)) {
      const [local, origin] = [localOf(pose, p), localOf(first, q)]
      const blur = pose.blur + first.blur + (pose.twist + first.twist) * length(local)
      compare.add(
        distance(local, origin),
        8 * F32 * (size + Math.max(...local.map(Math.abs))) + 1e-7 + 2 * blur,
        `the place of ${who} on its object`,
      )
    }
    if (view) {
      const seen = see(view, p)
      const reach = 8 * F32 * (distance(p, view.position) + size)
      compare.add(num(t['depth']!, at) - seen.depth, reach + view.blur + view.twist * Math.abs(seen.distance), `depth of ${who}`)
      if (Math.abs(seen.distance) > 1e-2 && !(flags & 4)) {
        const blur = seen.perMetre * (reach + view.blur) + seen.perRadian * view.twist
        const away = Math.max(Math.abs(columns(clip, frame, seen.u, u)), Math.abs(v - seen.v))
        compare.add(away, 1e-4 + 2 * blur + F32 * (Math.abs(u) + Math.abs(v)), `target of ${who}`)
        const margin = Math.min(seen.u, seen.v, clip.width - seen.u, clip.height - seen.v)
        if (Math.abs(margin) > 1e-2 + 2 * blur) compare.add(margin < 0 === (flags & 2) > 0 ? 0 : 1, 0, `the out-of-frame flag of ${who}`)
      }
    }
    if (frame === start) {
      compare.add(flags, 0, `flags of ${who} where it was met`)
      compare.add(
        Math.max(Math.abs(u - num(t['query_points']!, 3 * i + 2)), Math.abs(v - num(t['query_points']!, 3 * i + 1))),
        2e-3,
        `target of ${who} where it was met`,
      )
    }
  }
  return compare.judgement(frame)
}

/** Whether a track that is seen lies on the depth map, and a hidden one behind it. */
async function seen(clip: Clip, frame: number, name: string, t: Arrays): Promise<readonly Judgement[]> {
  const points = await pointsOf(clip, frame)
  const seg = await clip.values('segmentation', frame)
  const exposure = clip.exposure(frame)
  if (!points || !seg || !exposure) return []
  const reach: Values = { width: clip.width, height: clip.height, channels: 1, data: Float32Array.from(points.distance) }
  const errors = new Errors()
  let wrong = 0
  const d = new Float64Array(1)
  for (let i = 0; i < t['instance']!.shape[0]!; i++) {
    const now = i * clip.frames + frame
    const flags = num(t['flags']!, now)
    const [u, v] = [num(t['target_points']!, 2 * now), num(t['target_points']!, 2 * now + 1)]
    const view = exposure.view(v)
    if (flags & 6 || !view) continue
    const own = see(view, at3(t['positions']!, now)).distance
    if (flags === 0) {
      const bend = smooth(reach, u, v, d, seg.data, num(t['instance']!, i))
      if (!(bend < own * ROUGH)) continue
      const error = Math.abs(d[0]! - own)
      errors.add(error / own)
      if (!(error <= bend + BASE * own)) wrong++
    } else {
      const p = Math.floor(v) * clip.width + Math.floor(u)
      const nearest = Math.min(...[p, p + 1, p - 1, p + clip.width, p - clip.width].map(q => reach.data[q] ?? 0))
      errors.add(Math.max(0, nearest / own - 1))
      if (!(nearest < own * (1 + BEHIND))) wrong++
    }
  }
  if (errors.count < 10) return []
  const compared = [`${clip.reader.folder}/${clipFile(name)}`, ...clip.files(frame, 'depth', 'segmentation')]
  const message =
    wrong > Math.max(FEW, SHARE * errors.count)
      ? `frame ${frame}: ${wrong} of ${errors.count} tracks are seen or hidden where depth says otherwise`
      : undefined
  return [{ compared, errors, message }]
}

/** Tracks that are seen now and in the next frame move by the flow. */
async function moved(clip: Clip, frame: number, name: string, t: Arrays): Promise<readonly Judgement[]> {
  const flow = await clip.values('flow-forward', frame)
  const seg = await clip.values('segmentation', frame)
  if (!flow || !seg || frame + 1 >= clip.frames) return []
  const errors = new Errors()
  let wrong = 0
  const f = new Float64Array(2)
  for (let i = 0; i < t['instance']!.shape[0]!; i++) {
    const now = i * clip.frames + frame
    if (num(t['flags']!, now) !== 0 || num(t['flags']!, now + 1) & 4) continue
    const [u, v] = [num(t['target_points']!, 2 * now), num(t['target_points']!, 2 * now + 1)]
    const bend = smooth(flow, u, v, f, seg.data, num(t['instance']!, i))
    if (!(bend < 1)) continue
    const x = columns(clip, frame + 1, u + f[0]!, num(t['target_points']!, 2 * now + 2))
    const y = num(t['target_points']!, 2 * now + 3) - v - f[1]!
    const error = Math.sqrt(x * x + y * y)
    errors.add(error)
    if (!(error <= 2 * bend + BASE)) wrong++
  }
  if (errors.count < 10) return []
  const compared = [`${clip.reader.folder}/${clipFile(name)}`, ...clip.files(frame, 'flow-forward', 'segmentation')]
  const message =
    wrong > Math.max(FEW, SHARE * errors.count) ? `frame ${frame}: ${wrong} of ${errors.count} tracks do not move by the flow` : undefined
  return [{ compared, errors, message }]
}
