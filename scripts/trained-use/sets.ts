/** The sets that the nets are trained and tested on: arguments of `diorama generate`. Seeds of tests are no seeds of training. */

/** Poses by name that no training set keeps: every fourth of the world's twenty, chosen before anything was measured. */
export const HELD_OUT_POSES = ['chair', 'triangle', 'downward-dog', 'child', 'camel'] as const

/** The room that the table is trained in, and others that it is tested in. */
const TRAINING_ROOM = ['lab'] as const
const OTHER_ROOMS = ['apartment', 'lobby'] as const

export const PARTS = ['segmentation', 'keypoints', 'detector'] as const
export type Part = (typeof PARTS)[number]

export interface SetOfClips {
  readonly part: Part
  readonly name: string
  readonly args: readonly string[]
}

const DRAFT = ['--quality', 'draft']
const CYCLES = ['--renderer', 'cycles']
const set = (part: Part, name: string, world: string, seed: number, count: number, ...args: readonly string[]): SetOfClips => ({
  part,
  name,
  args: [world, '--seed', `${seed}`, '--count', `${count}`, ...DRAFT, ...args],
})

const SHAPES = ['--size', '64x64', '--labels', 'segmentation,semantic']
const PERSON = [
  '--size',
  '128x128',
  '--frames',
  '1',
  '--config',
  'maxPeople=1',
  '--labels',
  'segmentation,box-2d,joint-keypoints',
  '--format',
  'folder,coco',
]
const poses = (which: string) => [...PERSON, '--config', `poses=${which}`]
const TABLE = ['--size', '96x96', '--frames', '8', '--labels', 'segmentation,box-2d', '--format', 'folder,coco']
const tables = (name: string, rooms: readonly string[], seed: number, count: number, assets: string, ...args: readonly string[]) =>
  rooms.map((room, i) =>
    set(
      'detector',
      `${name}-${room}`,
      'tabletop',
      seed + i,
      count,
      ...TABLE,
      '--assets',
      assets,
      '--config',
      `environment=${room}`,
      ...args,
    ),
  )

/** @param assets manifest of the scanned objects of the table */
export const setsOf = (assets: string): readonly SetOfClips[] => [
  set('segmentation', 'shapes-train', 'movi-a', 1, 200, ...SHAPES, '--frames', '6'),
  set('segmentation', 'shapes-test', 'movi-a', 1001, 16, ...SHAPES, '--frames', '4'),
  set('segmentation', 'shapes-test-cycles', 'movi-a', 1001, 16, ...SHAPES, '--frames', '4', ...CYCLES),

  set('keypoints', 'people-random', 'human-pose', 1, 760, ...poses('random')),
  set('keypoints', 'people-yoga', 'human-pose', 2, 480, ...poses('yoga')),
  set('keypoints', 'people-test-random', 'human-pose', 1001, 64, ...poses('random')),
  set('keypoints', 'people-test-yoga', 'human-pose', 1002, 80, ...poses('yoga')),
  set('keypoints', 'people-test-yoga-cycles', 'human-pose', 1002, 80, ...poses('yoga'), ...CYCLES),

  ...tables('table-plain', TRAINING_ROOM, 1, 24, assets),
  ...tables('table-varied', TRAINING_ROOM, 1, 24, assets, '--vary', 'lights,camera,distractors'),
  ...tables('table-test-same', TRAINING_ROOM, 1001, 4, assets),
  ...tables('table-test-shifted', OTHER_ROOMS.slice(0, 1), 1011, 4, assets, '--shift', 'lights=1,camera=1,distractors=1'),
  ...tables('table-test-cycles', OTHER_ROOMS, 1021, 2, assets, ...CYCLES),
]
