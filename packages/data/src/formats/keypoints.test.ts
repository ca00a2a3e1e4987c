import { expect, test } from 'vitest'
import type { InstanceTrack } from '../schema/sample.ts'
import { keypointNames, keypointsOf } from './keypoints.ts'

const object = (joints: readonly (readonly [string, number | null])[], points?: readonly (readonly number[])[]): InstanceTrack =>
  ({
    id: 1,
    skeleton: { joints: joints.map(([name, parent]) => ({ name, parent })) },
    ...(points ? { jointKeypoints: [points] } : {}),
  }) as unknown as InstanceTrack

const PERSON =
  'nose left-eye right-eye left-ear right-ear left-shoulder right-shoulder left-elbow right-elbow left-wrist right-wrist left-hip right-hip left-knee right-knee left-ankle right-ankle'.split(
    ' ',
  )

test('a person’s joints come in COCO’s order whatever theirs is, and others are left out', () => {
  const joints = ['pelvis', ...[...PERSON].reverse(), 'left-toes'].map(n => [n, null] as const)
  const points = joints.map(([name], i) => (name === 'left-ear' ? [0, 0, 0] : [i, 2 * i, 1 + (i % 2)]))
  const person = object(joints, points)
  const names = keypointNames(person)!
  expect(names.keypoints).toEqual(PERSON.map(n => n.replaceAll('-', '_')))
  expect(names.skeleton).toHaveLength(19)
  const { keypoints, num_keypoints } = keypointsOf(person, names, 0)
  // The nose is the last of the seventeen in the mesh, ankle the first.
  expect(keypoints!.slice(0, 3)).toEqual([17, 34, 2])
  expect(keypoints!.slice(48)).toEqual([1, 2, 2])
  expect(keypoints!.slice(9, 12)).toEqual([0, 0, 0])
  expect(num_keypoints).toBe(16)
})

test('other bodies have all their joints, with lines to parents; without images there are none', () => {
  const chain = [['base', null] as const, ['middle', 0] as const, ['end', 1] as const]
  expect(keypointNames(object(chain))).toBeNull()
  const worm = object(chain, [
    [1, 2, 2],
    [3, 4, 1],
    [0, 0, 0],
  ])
  const names = keypointNames(worm)!
  expect(names).toEqual({
    keypoints: ['base', 'middle', 'end'],
    skeleton: [
      [1, 2],
      [2, 3],
    ],
  })
  expect(keypointsOf(worm, names, 0)).toEqual({ keypoints: [1, 2, 2, 3, 4, 1, 0, 0, 0], num_keypoints: 2 })
  expect(keypointsOf(worm, names, 1)).toEqual({})
})
