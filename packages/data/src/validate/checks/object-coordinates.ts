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
  return [...stories, ...displaced(clip, seg, coordinates, locals.place, failing)]
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
