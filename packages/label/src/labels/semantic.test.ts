/** Category numbers of pixels and instances. */
import { sceneSchema } from '@dioramic/scene'
import { describe, expect, test } from 'vitest'
import { camera, eye, rest, square, stage } from '../../test/kit/oracle.ts'
import { labelClip } from '../clip.ts'
import { labelFrame } from '../frame.ts'
import { selectLabels } from '../select.ts'

/** Upright squares of these categories side by side before the camera; with the list of the world's categories, if it has one. */
function numbersOf(kinds: readonly string[], categories?: readonly string[]) {
  const e = eye([0, -10, 0], [0, 0, 0], 60, 60, 8)
  const up = { ...rest, rotation: [Math.SQRT1_2, 0, 0, Math.SQRT1_2] as const }
  const objects = kinds.map((_, k) => ({ mesh: square(1), path: () => ({ ...up, position: [2 * k - 4, 0, 0] as const }) }))
  const s = stage({ cameras: [camera([e])], objects })
  const scene = sceneSchema.parse({
    ...s.resolved.scene,
    ...(categories && { categories }),
    objects: s.resolved.scene.objects.map((o, k) => ({ ...o, category: kinds[k] })),
  })
  const resolved = { ...s.resolved, scene }
  const labels = selectLabels('semantic')
  const { layers } = labelFrame({ ...s.context(0), resolved }, labels)
  const { instances } = labelClip({ ...s.clip(), resolved }, labels)
  // Column 30 + 6 x shows x.
  const seen = kinds.map((_, k) => layers[0].data[4 * 60 + 30 + 6 * (2 * k - 4)])
  return { seen, gap: layers[0].data[4 * 60 + 30 + 6 * -3], told: instances.map(i => [i.category, i['categoryId']]) }
}

describe('semantic', () => {
  test('numbers are places in the list of the world, whatever the clip holds; instances name them', () => {
    const list = ['floor', 'dog', 'cat', 'ball']
    expect(numbersOf(['cat', 'ball', 'cat'], list)).toEqual({
      seen: [3, 4, 3],
      gap: 0,
      told: [
        ['cat', 3],
        ['ball', 4],
        ['cat', 3],
      ],
    })
    expect(numbersOf(['ball'], list).seen).toEqual([4])
  })

  test('without a list they are in alphabetical order of the clip', () => {
    expect(numbersOf(['cat', 'ball', 'ape']).seen).toEqual([3, 2, 1])
  })

  test('a category that the list lacks, or has twice, is told', () => {
    expect(() => numbersOf(['fish'], ['cat', 'dog'])).toThrow(/\\"fish\\" is not in categories; add it there: cat, dog/)
    expect(() => numbersOf(['cat'], ['cat', 'cat'])).toThrow(/\\"cat\\" is listed twice/)
  })
})
