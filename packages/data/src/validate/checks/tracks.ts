import type { NpyArray } from '@dioramic/codec'
import { clipFile } from '../../layout/paths.ts'
import { Comparison, type GeometryCheck, type Judgement, some } from '../check.ts'
import type { Clip, Values } from '../clip.ts'
import { applyTransposed, distance, project, type V3 } from '../maths.ts'
import { Errors } from '../report.ts'
import { bilinear } from '../sampling.ts'

/** Relative rounding of what is stored in f32. */
const F32 = 1.2e-7
/** A surface bends between pixel centres, and an outline may pass between them: this share of comparisons may be off, at least `FEW`. */
const SHARE = 0.05
const FEW = 6
/** Depth range of four neighbouring pixels of one patch, in sizes of a pixel. */
const PATCH = 3
/** Depth between four pixel centres of one object, relative; and flow, px and per px. */
const DEPTH = 0.02
const FLOW = 0.1

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
    if (clip.blind) return out
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
  const camera = clip.camera(frame)
  const compare = new Comparison([`${clip.reader.folder}/${clipFile(name)}`, clip.record])
  const n = t['instance']!.shape[0]!
  for (let i = 0; i < n; i++) {
    const id = num(t['instance']!, i)
    const start = num(t['query_points']!, 3 * i)
    const [now, then] = [i * clip.frames + frame, i * clip.frames + start]
    const [pose, first] = [clip.pose(id, frame), clip.pose(id, start)]
    const who = `${name} ${i}`
    if (!pose || !first || !(start >= 0 && start < clip.frames)) {
      compare.add(Infinity, 0, `the object or frame of ${who}`)
      continue
    }
    const [p, q] = [at3(t['positions']!, now), at3(t['positions']!, then)]
    const local = applyTransposed(pose.r, p[0] - pose.position[0], p[1] - pose.position[1], p[2] - pose.position[2])
    const origin = applyTransposed(first.r, q[0] - first.position[0], q[1] - first.position[1], q[2] - first.position[2])
    const size = Math.max(...[...p, ...q, ...pose.position, ...first.position, ...local].map(Math.abs))
    if (!clip.deforms(id)) compare.add(distance(local, origin), 8 * F32 * size + 1e-7, `the place of ${who} on its object`)
    const flags = num(t['flags']!, now)
    compare.add(num(t['occluded']!, now) === (flags === 0 ? 0 : 1) ? 0 : 1, 0, `occluded of ${who}`)
    const [u, v] = [num(t['target_points']!, 2 * now), num(t['target_points']!, 2 * now + 1)]
    if (camera) {
      const seen = project(camera, p)
      const reach = distance(p, camera.position) + size
      compare.add(num(t['depth']!, now) - seen.depth, 8 * F32 * reach, `depth of ${who}`)
      if (seen.depth > 1e-2 && !(flags & 4)) {
        const rounding =
          (8 * F32 * reach * camera.fx * (1 + Math.abs(seen.u - camera.cx) / camera.fx + Math.abs(seen.v - camera.cy) / camera.fx)) /
          seen.depth
        compare.add(
          Math.max(Math.abs(u - seen.u), Math.abs(v - seen.v)),
          1e-4 + rounding + F32 * (Math.abs(u) + Math.abs(v)),
          `target of ${who}`,
        )
        const margin = Math.min(seen.u, seen.v, clip.width - seen.u, clip.height - seen.v)
        if (Math.abs(margin) > 1e-2) compare.add(margin < 0 === (flags & 2) > 0 ? 0 : 1, 0, `the out-of-frame flag of ${who}`)
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
  const depth = await clip.values('depth', frame)
  const seg = await clip.values('segmentation', frame)
  if (!depth || !seg) return []
  const errors = new Errors()
  let wrong = 0
  const z = new Float64Array(1)
  const focal = clip.camera(frame)?.fx ?? clip.width
  for (let i = 0; i < t['instance']!.shape[0]!; i++) {
    const now = i * clip.frames + frame
    const flags = num(t['flags']!, now)
    const [u, v] = [num(t['target_points']!, 2 * now), num(t['target_points']!, 2 * now + 1)]
    if (flags & 6) continue
    const own = num(t['depth']!, now)
    if (flags === 0) {
      // Where all four centres around it are its object's, so that none is of a nearer thing.
      if (!bilinear(depth, u, v, z, seg.data, num(t['instance']!, i))) continue
      if (!even(depth, u, v, PATCH / focal)) continue
      const error = Math.abs(z[0]! / own - 1)
      errors.add(error)
      if (!(error <= DEPTH)) wrong++
    } else {
      const p = Math.floor(v) * clip.width + Math.floor(u)
      const around = [p, p + 1, p - 1, p + clip.width, p - clip.width].map(q => depth.data[q] ?? 0)
      const nearest = Math.min(...around)
      errors.add(Math.max(0, nearest / own - 1))
      if (!(nearest < own * (1 + DEPTH))) wrong++
    }
  }
  if (errors.count < 10) return []
  const compared = [`${clip.reader.folder}/${clipFile(name)}`, clip.file('depth', frame), clip.file('segmentation', frame)]
  const message =
    wrong > Math.max(FEW, SHARE * errors.count)
      ? `frame ${frame}: ${wrong} of ${errors.count} tracks are seen or hidden where depth says otherwise`
      : undefined
  return [{ compared, errors, message }]
}

/** Whether the four depths around raster (u, v) are of one patch: no outline inside the object passes between them. */
function even({ width, data }: Values, u: number, v: number, slope: number): boolean {
  const p = Math.floor(v - 0.5) * width + Math.floor(u - 0.5)
  const four = [p, p + 1, p + width, p + width + 1].map(q => data[q] ?? 0)
  return Math.max(...four) - Math.min(...four) < slope * Math.max(...four)
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
    if (!bilinear(flow, u, v, f, seg.data, num(t['instance']!, i))) continue
    const [x, y] = [num(t['target_points']!, 2 * now + 2) - u - f[0]!, num(t['target_points']!, 2 * now + 3) - v - f[1]!]
    const error = Math.sqrt(x * x + y * y)
    errors.add(error)
    if (!(error <= FLOW * (1 + Math.sqrt(f[0]! * f[0]! + f[1]! * f[1]!)))) wrong++
  }
  if (errors.count < 10) return []
  const compared = [`${clip.reader.folder}/${clipFile(name)}`, clip.file('flow-forward', frame), clip.file('segmentation', frame)]
  const message =
    wrong > Math.max(FEW, SHARE * errors.count) ? `frame ${frame}: ${wrong} of ${errors.count} tracks do not move by the flow` : undefined
  return [{ compared, errors, message }]
}
