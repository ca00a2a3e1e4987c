import { localOf } from '../camera/exposure.ts'
import { see } from '../camera/view.ts'
import { Comparison, type GeometryCheck, some } from '../check.ts'
import type { Clip } from '../clip.ts'
import { apply, applyTransposed, distance, length, matrix, type Q, type Rigid, type V3 } from '../maths.ts'

type Body = {
  readonly mass?: number | null | undefined
  readonly inertia?: readonly (number | null)[] | null | undefined
  readonly [key: string]: unknown
}

export const records: GeometryCheck = {
  name: 'records',
  definition:
    'camera-frame poses are pose and camera; keypoints keep their place on the object and show where the camera projects them; energies follow from mass, inertia, pose and velocity; contact forces are forces without gravity',
  unit: 'm, px or J',
  async judge(clip, frame) {
    const compare = new Comparison([clip.record])
    for (const object of clip.sample.instances) {
      const pose = clip.pose(object.id, frame)
      if (!pose) continue
      const column = <T>(name: string) => (object[name] as (T | null)[] | undefined)?.[frame] ?? undefined
      const who = `"${object.name}" (id ${object.id})`
      cameraPose(compare, clip, frame, object.id, who, column('cameraPositions'), column('cameraRotations'))
      keypoints(compare, clip, frame, object.id, who, column('keypoints'), column('keypoints3d'), object)
      energies(compare, clip, frame, pose, object, who)
    }
    return some(compare.judgement(frame))
  },
}

function cameraPose(
  compare: Comparison,
  clip: Clip,
  frame: number,
  id: number,
  who: string,
  position: V3 | undefined,
  rotation: Q | undefined,
): void {
  const camera = clip.camera(frame)
  const pose = clip.pose(id, frame)
  if (!camera || !pose || !position || !rotation) return
  const to = (p: V3) => applyTransposed(camera.r, p[0] - camera.position[0], p[1] - camera.position[1], p[2] - camera.position[2])
  const scale = 1 + Math.max(...pose.position.map(Math.abs), ...camera.position.map(Math.abs))
  compare.add(distance(position, to(pose.position)), 1e-9 * scale, `cameraPosition of ${who}`)
  const r = matrix(rotation)
  for (const axis of [
    [1, 0, 0],
    [0, 1, 0],
  ] as V3[]) {
    const world = apply(pose.r, ...axis)
    compare.add(distance(apply(r, ...axis), applyTransposed(camera.r, ...world)), 1e-5, `cameraRotation of ${who}`)
  }
}

function keypoints(
  compare: Comparison,
  clip: Clip,
  frame: number,
  id: number,
  who: string,
  image: readonly V3[] | undefined,
  world: readonly V3[] | undefined,
  object: { readonly [key: string]: unknown },
): void {
  const column = (name: string) => (object[name] as (readonly V3[] | null)[] | undefined)?.[0]
  const [now, start] = [clip.exposure(frame), clip.exposure(0)]
  const [first, firstImage] = [column('keypoints3d'), column('keypoints')]
  if (!image || !world || !now || !start) return
  world.forEach((p, i) => {
    const [x, y, seen] = image[i] ?? [NaN, NaN, 0]
    // What is out of the picture has no row of its own.
    if (now.rolling && (seen === 0 || firstImage?.[i]?.[2] === 0)) return
    const row = now.rolling ? y : clip.height / 2
    const pose = now.pose(id, row)
    const before = start.pose(id, start.rolling ? (firstImage?.[i]?.[1] ?? NaN) : row)
    if (pose && before && first?.[i] && !clip.deforms(id)) {
      const local = localOf(before, first[i])
      const blur = pose.blur + before.blur + (pose.twist + before.twist) * length(local)
      compare.add(
        distance(localOf(pose, p), local),
        1e-9 * (1 + Math.max(...p.map(Math.abs))) + 2 * blur,
        `keypoint ${i} of ${who} on its object`,
      )
    }
    const camera = now.view(row)
    if (!camera) return
    const { u, v, perMetre, perRadian } = see(camera, p)
    const inside = u >= 0 && v >= 0 && u < clip.width && v < clip.height
    const margin = Math.min(Math.abs(u), Math.abs(v), Math.abs(clip.width - u), Math.abs(clip.height - v))
    const blur = perMetre * camera.blur + perRadian * camera.twist
    if (!(margin <= 1e-6 + 2 * blur)) compare.add(inside === seen > 0 ? 0 : 1, 0, `visibility of keypoint ${i} of ${who}`)
    if (inside && seen > 0)
      compare.add(Math.max(Math.abs(x - u), Math.abs(y - v)), 1e-6 * (1 + u + v) + 2 * blur, `image of keypoint ${i} of ${who}`)
  })
}

function energies(compare: Comparison, clip: Clip, frame: number, pose: Rigid, object: Body & { readonly id: number }, who: string): void {
  const column = <T>(name: string) => (object[name] as (T | null)[] | undefined)?.[frame] ?? undefined
  const { mass, inertia } = object
  const [force, contact] = [column<V3>('forces'), column<V3>('contactForces')]
  const g = clip.sample.gravity
  if (mass && force && contact)
    compare.add(
      distance([force[0] - mass * g[0], force[1] - mass * g[1], force[2] - mass * g[2]], contact),
      1e-9 * (mass * Math.max(...g.map(Math.abs), 1) + Math.max(...force.map(Math.abs))),
      `contactForce of ${who}`,
    )
  const [frameOf, centre] = [object['inertiaFrame'] as Q | null | undefined, object['centerOfMass'] as V3 | null | undefined]
  const [linear, angular] = [column<V3>('velocities'), column<V3>('angularVelocities')]
  if (!mass || !inertia || !frameOf || !centre || !linear || !angular) return
  const arm = apply(pose.r, ...centre)
  const v: V3 = [
    linear[0] + angular[1] * arm[2] - angular[2] * arm[1],
    linear[1] + angular[2] * arm[0] - angular[0] * arm[2],
    linear[2] + angular[0] * arm[1] - angular[1] * arm[0],
  ]
  const spin = applyTransposed(matrix(frameOf), ...applyTransposed(pose.r, ...angular))
  const kinetic = (mass * (v[0] * v[0] + v[1] * v[1] + v[2] * v[2]) + spin.reduce((s, w, k) => s + inertia[k]! * w * w, 0)) / 2
  const potential = -mass * [0, 1, 2].reduce((s, k) => s + g[k]! * (pose.position[k]! + arm[k]!), 0)
  for (const [name, truth] of [
    ['kineticEnergies', kinetic],
    ['potentialEnergies', potential],
  ] as const) {
    const stated = column<number>(name)
    if (stated !== undefined) compare.add(stated - truth, 1e-8 * (Math.abs(truth) + mass), `${name} of ${who}`)
  }
}
