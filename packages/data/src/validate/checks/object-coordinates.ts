import { localOf } from '../camera/exposure.ts'
import { type GeometryCheck, type Story, show, some, Tally } from '../check.ts'
import type { Clip, Values } from '../clip.ts'
import { distance, length, type V3 } from '../maths.ts'
import { localsOf, pointsOf, sightsOf } from '../points.ts'

const F32 = 1.2e-7

export const objectCoordinates: GeometryCheck = {
  name: 'object-coordinates',
  definition:
    'depth, unprojected through the camera and brought into the frame of the object that segmentation names, is its object coordinate',
  unit: 'steps of 1/65535',
  async judge(clip, frame) {
    const [seg, coordinates] = (await clip.together(frame, 'segmentation', 'object-coordinates')) ?? []
    const points = await pointsOf(clip, frame)
    const locals = await localsOf(clip, frame)
    if (!seg || !coordinates || !points || !locals) return []
    const tally = new Tally()
    const steps = 65535 * clip.rounding('object-coordinates') + 0.05
    for (let p = 0; p < seg.data.length; p++) {
      const id = seg.data[p]!
      if (id === 0)
        tally.add(p, 65535 * Math.max(...[0, 1, 2].map(k => coordinates.data[3 * p + k]!)), 65535 * clip.rounding('object-coordinates'))
      if (id === 0 || Number.isNaN(locals.place[3 * p])) continue
      const found = apart(clip, coordinates, p, id, at(locals.place, p), points.distance[p]!, locals.blur[p]!, steps)
      if (found) tally.add(p, found.error, found.limit)
    }
    const compared = [...clip.files(frame, 'depth', 'segmentation', 'object-coordinates'), clip.record]
    const stories = tally.over > 0 ? await happened(clip, frame, seg, coordinates, tally.failing, steps) : []
    return some(tally.judge(compared, clip.width, this.unit, 0, stories))
  },
}

const at = (a: ArrayLike<number>, p: number): V3 => [a[3 * p]!, a[3 * p + 1]!, a[3 * p + 2]!]

/** The axis that is worst: how far the stored coordinate is from the place, in its steps, and how far it may be. */
function apart(clip: Clip, stored: Values, p: number, id: number, local: V3, distance: number, blur: number, steps: number) {
  const object = clip.byId.get(id)
  // The coordinates of a deforming body are those at rest.
  if (!object || !clip.shaped(id) || clip.deforms(id)) return undefined
  // Metres that the rounding of depth, of the mesh and of the matrices may move the point.
  const metres = 4 * F32 * (Math.abs(distance) + Math.abs(local[0]) + Math.abs(local[1]) + Math.abs(local[2])) + blur
  let worst = { error: 0, limit: Infinity }
  for (let k = 0; k < 3; k++) {
    const min = object.bounds.min[k]!
    const extent = object.bounds.max[k]! - min
    const scale = object.scale[k]!
    const c = stored.data[3 * p + k]!
    const flat = !(extent > 0)
    const step = flat ? 1e-4 : (extent * scale) / 65535
    const error = flat ? Math.abs(local[k]! - min * scale) / step + 65535 * c : Math.abs(local[k]! - (min + c * extent) * scale) / step
    const limit = (flat ? 0.05 : steps) + metres / step
    if (error - limit > worst.error - worst.limit) worst = { error, limit }
  }
  return worst
}

/** What else the coordinates would be right for. */
async function happened(
  clip: Clip,
  frame: number,
  seg: Values,
  coordinates: Values,
  failing: readonly number[],
  steps: number,
): Promise<Story[]> {
  const stories: Story[] = []
  const exposure = clip.exposure(frame)
  const points = await pointsOf(clip, frame)
  const locals = await localsOf(clip, frame)
  if (!exposure || !points || !locals) return stories
  const fits = (p: number, id: number, local: V3, distance: number) => {
    const found = apart(clip, coordinates, p, id, local, distance, locals.blur[p]!, steps)
    return found !== undefined && found.error <= 2 * found.limit
  }
  const ids = [...new Set(failing.map(p => seg.data[p]!))].sort((a, b) => a - b)
  for (const [k, a] of ids.entries())
    for (const b of ids.slice(0, k)) {
      const other = (id: number) => (id === a ? b : a)
      stories.push({
        name: `ids ${b} and ${a} are exchanged`,
        files: [clip.file('segmentation', frame), clip.record],
        holds: p => {
          const pose = exposure.pose(other(seg.data[p]!), Math.floor(p / clip.width) + 0.5)
          return (
            (seg.data[p] === a || seg.data[p] === b) &&
            !!pose &&
            fits(p, other(seg.data[p]!), localOf(pose, at(points.world, p)), points.distance[p]!)
          )
        },
      })
    }
  for (const from of [frame - 1, frame + 1]) {
    const theirs = from >= 0 && from < clip.frames ? await localsOf(clip, from) : undefined
    const distance = from >= 0 && from < clip.frames ? await pointsOf(clip, from) : undefined
    const segThere = await clip.values('segmentation', from)
    if (theirs && distance && segThere)
      stories.push({
        name: `object-coordinates are frame ${from}’s`,
        files: [clip.file('object-coordinates', frame)],
        holds: p => segThere.data[p]! === 0 || fits(p, segThere.data[p]!, at(theirs.place, p), distance.distance[p]!),
      })
  }
  if (!clip.has('depth')) {
    const rays = await sightsOf(clip, frame)
    stories.push({
      name: 'depth is along the optical axis, not along the ray',
      files: [clip.file('depth', frame)],
      holds: p => {
        const pose = exposure.pose(seg.data[p]!, Math.floor(p / clip.width) + 0.5)
        const far = points.distance[p]! / rays!.axial[p]!
        const world = [0, 1, 2].map(k => rays!.origin[3 * p + k]! + far * rays!.direction[3 * p + k]!) as unknown as V3
        return !!pose && fits(p, seg.data[p]!, localOf(pose, world), far)
      },
    })
  }
  return [
    ...stories,
    ...displaced(clip, seg, coordinates, locals.place, failing),
    ...beside(clip, frame, seg, coordinates, locals.place, failing),
  ]
}

/** Pixels that an offset may be off by, and how far a sample of a pixel may lie from its centre. */
const SAME = 0.12
const REACH = 0.8

/** Coordinates that were sampled elsewhere in their pixels than depth: all by one offset, or each by its own. */
function beside(clip: Clip, frame: number, seg: Values, coordinates: Values, place: Float64Array, failing: readonly number[]): Story[] {
  const found = new Map<number, readonly [number, number]>()
  for (const p of failing) {
    const offset = offsetOf(clip, seg, coordinates, place, p)
    if (offset) found.set(p, offset)
  }
  const middle = (k: 0 | 1) => [...found.values()].map(o => o[k]).sort((a, b) => a - b)[found.size >> 1] ?? 0
  const [du, dv] = [middle(0), middle(1)]
  const near = [...found.values()].filter(o => Math.abs(o[0] - du) < SAME && Math.abs(o[1] - dv) < SAME)
  const together = near.length > found.size / 2
  // What breaks at outlines within a pixel cannot be solved.
  const holds = (p: number) => found.has(p) || !slopes(clip, seg, place, p)
  const files = clip.files(frame, 'object-coordinates', 'depth')
  return found.size === 0
    ? []
    : together
      ? [{ name: `object-coordinates are sampled ${show(du)} px right and ${show(dv)} px below of depth`, files, holds }]
      : [
          {
            name: 'object-coordinates are sampled beside the pixel centres, each pixel elsewhere (Kubric’s issue 301)',
            files: files.slice(0, 1),
            holds,
          },
        ]
}

/** How the place of a pixel's object changes to the right and down, metres a pixel; undefined at outlines. */
function slopes({ width, height }: Clip, seg: Values, place: Float64Array, p: number): readonly [V3, V3] | undefined {
  const [x, y] = [p % width, Math.floor(p / width)]
  if (x < 1 || y < 1 || x > width - 2 || y > height - 2) return undefined
  if ([1, -1, width, -width].some(d => seg.data[p + d] !== seg.data[p])) return undefined
  const along = (d: number): V3 => {
    const [a, b] = [at(place, p - d), at(place, p + d)]
    return [(b[0] - a[0]) / 2, (b[1] - a[1]) / 2, (b[2] - a[2]) / 2]
  }
  return [along(1), along(width)]
}

/** Least squares for where in the picture the stored coordinate is seen, relative to the pixel's centre; undefined where it is not near. */
function offsetOf(clip: Clip, seg: Values, coordinates: Values, place: Float64Array, p: number): readonly [number, number] | undefined {
  const object = clip.byId.get(seg.data[p]!)
  const found = slopes(clip, seg, place, p)
  if (!object || !found) return undefined
  const { min, max } = object.bounds
  const gap = [0, 1, 2].map(k => (min[k]! + coordinates.data[3 * p + k]! * (max[k]! - min[k]!)) * object.scale[k]! - place[3 * p + k]!)
  const dot = (a: readonly number[], b: readonly number[]) => a[0]! * b[0]! + a[1]! * b[1]! + a[2]! * b[2]!
  const [r, d] = found
  const [rr, rd, dd, rg, dg] = [dot(r, r), dot(r, d), dot(d, d), dot(r, gap), dot(d, gap)]
  const det = rr * dd - rd * rd
  const [u, v] = [(dd * rg - rd * dg) / det, (rr * dg - rd * rg) / det]
  const left = length([gap[0]! - u * r[0] - v * d[0], gap[1]! - u * r[1] - v * d[1], gap[2]! - u * r[2] - v * d[2]])
  return Math.abs(u) < REACH && Math.abs(v) < REACH && left < 0.3 * Math.max(length(r), length(d)) ? [u, v] : undefined
}

/** One object stands elsewhere than its pose says, by the same way at all of its pixels. */
function displaced(clip: Clip, seg: Values, coordinates: Values, place: Float64Array, failing: readonly number[]): Story[] {
  const id = seg.data[failing[0]!]!
  const object = clip.byId.get(id)
  const mine = failing.filter(p => seg.data[p] === id)
  if (!object || !clip.shaped(id) || mine.length < 3) return []
  const gap = (p: number, k: number) => {
    const { min, max } = object.bounds
    return (min[k]! + coordinates.data[3 * p + k]! * (max[k]! - min[k]!)) * object.scale[k]! - place[3 * p + k]!
  }
  const way = [0, 1, 2].map(k => mine.map(p => gap(p, k)).sort((a, b) => a - b)[mine.length >> 1]!) as unknown as V3
  const size = length(way)
  return [
    {
      name: `"${object.name}" (id ${id}) is seen ${show(1000 * size)} mm from where its pose says`,
      files: [clip.record],
      holds: p => seg.data[p] === id && distance([gap(p, 0), gap(p, 1), gap(p, 2)], way) < 0.1 * size,
    },
  ]
}
