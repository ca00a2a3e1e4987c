import { decodePng } from '@dioramic/codec'
import { expect, test } from 'vitest'
import { analyticClip, analyticDataset } from '../../test/analytic.ts'
import { openDataset } from '../layout/reader.ts'
import { turns } from './colour.ts'
import { blank, resize } from './picture.ts'
import { contactSheet } from './sheet.ts'

test('a row a clip, a column a layer, the same bytes each time', async () => {
  const reader = await openDataset(
    await analyticDataset([analyticClip({ frames: 2 }), analyticClip({ frames: 2, index: 1, moving: true })]),
  )
  const clips = [await reader.sample(0), await reader.sample(1)]
  const bytes = (await contactSheet(clips))!
  expect(await contactSheet(clips)).toEqual(bytes)
  const { width, height, data } = decodePng(bytes)
  expect([width, height]).toEqual([6 + 8 * (96 + 6), 18 + 6 + 2 * (72 + 6)])
  // The first cell is the first frame as it is.
  const rgb = (await clips[0]!.layer('rgb', 0)).data
  for (let p = 0; p < 96 * 72; p++)
    for (let c = 0; c < 3; c++)
      if (data[3 * ((24 + Math.floor(p / 96)) * width + 6 + (p % 96)) + c] !== rgb[3 * p + c]) expect.fail(`pixel ${p}`)
  expect(await contactSheet([])).toBeUndefined()
})

test('angles are right to a thousandth of a turn', () => {
  for (let k = 0; k < 720; k++) {
    const a = (2 * Math.PI * k) / 720
    const off = turns(Math.cos(a), Math.sin(a)) - k / 720
    expect(Math.abs(off - Math.round(off))).toBeLessThan(1e-3)
  }
})

test('resizing keeps the mean', () => {
  const from = blank(7, 5, [0, 0, 0])
  from.data.set([90, 0, 255], 3 * 17)
  const one = resize(from, 1, 1)
  expect([...one.data]).toEqual([Math.round(90 / 35), 0, Math.round(255 / 35)])
  expect(resize(from, 7, 5).data).toEqual(from.data)
})
