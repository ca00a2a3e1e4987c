/** Visibility of random points against brute force: a million with `npm run test:long`, a few thousand else. */
import { expect, test } from 'vitest'
import { BAND, compareVisibility } from '../kit/visibility.ts'

const COUNT = process.env['DIORAMA_LONG'] ? 1_000_000 : 20_000

test(`${COUNT} points of surfaces are hidden exactly where brute force finds something before them, but for a band of ${BAND} rad at outlines`, async () => {
  const { judged, wrong, hidden } = await compareVisibility(COUNT)
  expect(wrong).toBe(0)
  expect(judged).toBeGreaterThan(0.999 * COUNT)
  expect(Math.min(hidden, judged - hidden)).toBeGreaterThan(0.1 * COUNT)
})
