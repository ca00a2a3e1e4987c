import type { InstanceTrack } from '../../schema/sample.ts'
import { localOf } from '../camera/exposure.ts'
import { see } from '../camera/view.ts'
import { Comparison, type GeometryCheck, type Judgement, some, Tally } from '../check.ts'
import type { Clip } from '../clip.ts'
import { apply, distance, type M3, matrix, type Q, type Rigid, type V3 } from '../maths.ts'
import { pointsOf } from '../points.ts'

const F32 = 1.2e-7

interface Joint {
  readonly translation: V3
  readonly rotation: Q
  readonly scale: V3
}
interface Skeleton {
  readonly joints: readonly { readonly name: string; readonly parent: number | null }[]
}

export const deforming: GeometryCheck = {
  name: 'deforming',
  definition:
    'of bodies with skins or morph targets: joints, put together from the roots up, scaled and posed, are jointPositions, whose images are jointKeypoints; boxes3d lie along the body’s axes and hold its keypoints and what depth shows of it; object coordinates, and flow without scene flow, are not checked',
  unit: 'm or px',
  async judge(clip, frame) {
    const bodies = clip.sample.instances.filter(i => clip.deforms(i.id))
    if (bodies.length === 0) return []
    const record = new Comparison([clip.record])
    for (const body of bodies) {
      const pose = clip.pose(body.id, frame)
      if (!pose) continue
      joints(record, clip, frame, pose, body)
      box(record, frame, pose, body)
    }
    const out: Judgement[] = [...some(record.judgement(frame)), ...(await held(clip, frame, bodies))]
    const names = bodies.map(b => `"${b.name}"`).join(', ')
    const left = clip.has('scene-flow-forward')
      ? 'object coordinates are not checked against depth'
      : 'object coordinates are not checked against depth, nor flow against it (scene flow, which would tell, is not there)'
    if (frame === 0 && out[0]) out[0] = { ...out[0], note: `bodies that deform (${names}): ${left}` }
    return out
  },
}

/** Linear part, row-major, and place of a joint in the object's unscaled frame. */
interface Placed {
  readonly m: M3
  readonly at: V3
}

function joints(compare: Comparison, clip: Clip, frame: number, pose: Rigid, body: InstanceTrack): void {
  const column = <T>(name: string) => (body[name] as (T | null)[] | undefined)?.[frame] ?? undefined
  const list = column<readonly Joint[]>('joints')
  const positions = column<readonly V3[]>('jointPositions')
  const keypoints = column<readonly V3[]>('jointKeypoints')
  const skeleton = body['skeleton'] as Skeleton | undefined
  const who = `"${body.name}" (id ${body.id})`
  const name = (j: number) => `joint ${skeleton?.joints[j] ? `"${skeleton.joints[j].name}"` : j} of ${who}`
  if (!positions) return
  if (list && skeleton) {
    const made = new Map<number, Placed>()
    const placeOf = (j: number, depth = 0): Placed | undefined => {
      const known = made.get(j)
      const joint = list[j]
      if (known || !joint || depth > list.length) return known
      const r = matrix(joint.rotation)
      const local = r.map((x, i) => x * joint.scale[i % 3]!) as unknown as M3
      const parent = skeleton.joints[j]?.parent ?? null
      const above = parent === null ? { m: matrix([0, 0, 0, 1]), at: [0, 0, 0] as V3 } : placeOf(parent, depth + 1)
      if (!above) return undefined
      const moved = apply(above.m, ...joint.translation)
      const placed = { m: product(above.m, local), at: [0, 1, 2].map(k => above.at[k]! + moved[k]!) as unknown as V3 }
      made.set(j, placed)
      return placed
    }
    positions.forEach((p, j) => {
      const placed = placeOf(j)
      const turned = placed && apply(pose.r, placed.at[0] * body.scale[0], placed.at[1] * body.scale[1], placed.at[2] * body.scale[2])
      const truth = turned?.map((x, k) => x + pose.position[k]!) as unknown as V3 | undefined
      const size = 1 + Math.max(...p.map(Math.abs))
      compare.add(truth ? distance(truth, p) : Infinity, 1e-9 * size, `place of ${name(j)}`)
    })
  }
  const camera = clip.exposure(frame)?.rolling ? undefined : clip.camera(frame)
  if (!camera || !keypoints) return
  positions.forEach((p, j) => {
    const { u, v, distance: far } = see(camera, p)
    const margin = Math.min(u, v, clip.width - u, clip.height - v)
    const [x, y, seen] = keypoints[j] ?? [NaN, NaN, 0]
    if (!(Math.abs(far) > 1e-2) || !(Math.abs(margin) > 1e-6)) return
    compare.add(margin > 0 === seen > 0 ? 0 : 1, 0, `visibility of ${name(j)}`)
    if (margin > 0 && seen > 0) compare.add(Math.max(Math.abs(x - u), Math.abs(y - v)), 1e-6 * (1 + u + v), `image of ${name(j)}`)
  })
}

const product = (a: M3, b: M3): M3 =>
  Array.from({ length: 9 }, (_, i) => {
    const [row, column] = [3 * Math.floor(i / 3), i % 3]
    return a[row]! * b[column]! + a[row + 1]! * b[3 + column]! + a[row + 2]! * b[6 + column]!
  }) as unknown as M3

/** A box of the body in its own axes, metres: corner 0 and corner 7. */
function bounds(pose: Rigid, corners: readonly V3[]): readonly [V3, V3] {
  return [localOf(pose, corners[0]!), localOf(pose, corners[7]!)]
}

function box(compare: Comparison, frame: number, pose: Rigid, body: InstanceTrack): void {
  const corners = body.boxes3d?.[frame]
  if (!corners) return
  const [min, max] = bounds(pose, corners)
  const size = distance(min, max)
  const who = `"${body.name}" (id ${body.id})`
  if (min.some((x, k) => x > max[k]! + 1e-9 * size)) compare.add(Infinity, 0, `box3d of ${who}, whose minimum is beyond its maximum,`)
  const points = (body['keypoints3d'] as (readonly V3[] | null)[] | undefined)?.[frame]
  points?.forEach((p, i) => {
    compare.add(outside(pose, [min, max], p), 1e-6 * size, `keypoint ${i} outside box3d of ${who}`)
  })
  corners.forEach((corner, i) => {
    const at = apply(pose.r, (i & 4 ? max : min)[0], (i & 2 ? max : min)[1], (i & 1 ? max : min)[2])
    compare.add(
      distance(corner, [at[0] + pose.position[0], at[1] + pose.position[1], at[2] + pose.position[2]]) / size,
      1e-6,
      `box3d corner ${i} of ${who}`,
    )
  })
}

/** Metres by which a world point is outside a box in its body's axes. */
function outside(pose: Rigid, [min, max]: readonly [V3, V3], p: V3): number {
  return Math.max(...localOf(pose, p).map((x, k) => Math.max(min[k]! - x, x - max[k]!)), 0)
}

/** Whether what depth shows of each body lies in its box. */
async function held(clip: Clip, frame: number, bodies: readonly InstanceTrack[]): Promise<readonly Judgement[]> {
  const seg = await clip.values('segmentation', frame)
  const points = await pointsOf(clip, frame)
  const exposure = clip.exposure(frame)
  if (!seg || !points || !exposure) return []
  const tally = new Tally()
  const boxes = new Map(
    bodies.flatMap(b => {
      const [pose, corners] = [clip.pose(b.id, frame), b.boxes3d?.[frame]]
      return pose && corners ? [[b.id, bounds(pose, corners)]] : []
    }),
  )
  for (let p = 0; p < seg.data.length; p++) {
    const box = boxes.get(seg.data[p]!)
    // The box is that of the frame's time.
    const pose = box && !exposure.rolling ? exposure.pose(seg.data[p]!, 0) : undefined
    if (!box || !pose || points.distance[p] === Infinity) continue
    const world: V3 = [points.world[3 * p]!, points.world[3 * p + 1]!, points.world[3 * p + 2]!]
    tally.add(
      p,
      outside(pose, box, world),
      1e-6 + 8 * F32 * (Math.abs(points.distance[p]!) + Math.max(...world.map(Math.abs), ...pose.position.map(Math.abs))),
    )
  }
  return some(tally.judge([...clip.files(frame, 'depth', 'segmentation'), clip.record], clip.width, 'm'))
}
