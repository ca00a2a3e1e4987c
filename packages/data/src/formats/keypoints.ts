/** Keypoints of bodies with joints, as COCO writes them. https://cocodataset.org/#format-data */
import type { InstanceTrack } from '../schema/sample.ts'

/** COCO's seventeen points of a person and the lines between them, counted from 1. */
const PERSON = [
  'nose',
  'left_eye',
  'right_eye',
  'left_ear',
  'right_ear',
  'left_shoulder',
  'right_shoulder',
  'left_elbow',
  'right_elbow',
  'left_wrist',
  'right_wrist',
  'left_hip',
  'right_hip',
  'left_knee',
  'right_knee',
  'left_ankle',
  'right_ankle',
] as const
const PERSON_LINES: readonly (readonly [number, number])[] = [
  [16, 14],
  [14, 12],
  [17, 15],
  [15, 13],
  [12, 13],
  [6, 12],
  [7, 13],
  [6, 7],
  [6, 8],
  [7, 9],
  [8, 10],
  [9, 11],
  [2, 3],
  [1, 2],
  [1, 3],
  [2, 4],
  [3, 5],
  [4, 6],
  [5, 7],
]

/** What a category with keypoints says of them. */
export interface KeypointNames {
  readonly keypoints: readonly string[]
  readonly skeleton: readonly (readonly [number, number])[]
}

type Joint = { readonly name: string; readonly parent: number | null }
const jointsOf = (object: InstanceTrack): readonly Joint[] | undefined =>
  (object['skeleton'] as { readonly joints: readonly Joint[] } | undefined)?.joints
const cocoName = (joint: string) => joint.replaceAll('-', '_')

/**
 * The keypoints of an object with joints whose images are known: where joints of COCO's seventeen names are among them (`left-eye` or `left_eye`), those in
 * COCO's order; else all joints, with lines to their parents. null for other objects.
 */
export function keypointNames(object: InstanceTrack): KeypointNames | null {
  const joints = jointsOf(object)
  if (!joints || !object['jointKeypoints']) return null
  const names = joints.map(j => cocoName(j.name))
  if (PERSON.every(p => names.includes(p))) return { keypoints: PERSON, skeleton: PERSON_LINES }
  return { keypoints: names, skeleton: joints.flatMap((j, i) => (j.parent === null ? [] : [[j.parent + 1, i + 1] as const])) }
}

/** `keypoints` and `num_keypoints` of an annotation in a frame; nothing for an object without these joints. */
export function keypointsOf(
  object: InstanceTrack,
  names: KeypointNames | null,
  frame: number,
): { readonly keypoints?: readonly number[]; readonly num_keypoints?: number } {
  const joints = jointsOf(object)
  const points = (object['jointKeypoints'] as readonly (readonly (readonly [number, number, number])[])[] | undefined)?.[frame]
  if (!names || !joints || !points) return {}
  const own = joints.map(j => cocoName(j.name))
  const keypoints = names.keypoints.flatMap(name => points[own.indexOf(name)] ?? [0, 0, 0])
  return { keypoints, num_keypoints: names.keypoints.filter((_, k) => keypoints[3 * k + 2]! > 0).length }
}
