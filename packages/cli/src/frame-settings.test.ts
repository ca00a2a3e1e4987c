import { expect, test } from 'vitest'
import { type FrameOptions, gathered, settingsOf } from './frame-settings.ts'

test('collision meshes that stand off are told in one line, other warnings one by one', () => {
  const off = (id: string, mm: string) =>
    `asset "${id}": its collision mesh c.obj stands up to ${mm} mm off what is seen (more than 1 mm); hulls of the visual mesh are used instead`
  expect(gathered([off('milk', '13'), 'another thing', off('pan', '2.5')])).toEqual([
    'another thing',
    '2 collision meshes stand off what is seen by more than their limit (milk 13 mm, pan 2.5 mm); hulls of the visual meshes are used instead',
  ])
  expect(gathered([off('milk', '13')])).toEqual([off('milk', '13')])
})

test('--filter-glossy is in the settings when it does something, so that sets without it keep their bytes', () => {
  const options: FrameOptions = {
    seed: 0,
    quality: 'draft',
    filterGlossy: 0,
    denoise: true,
    view: 'filmic',
    exposure: 0,
    assets: [],
    config: {},
    vary: [],
    shift: {},
  }
  expect(settingsOf(options, 'segmentation')).not.toHaveProperty('filterGlossy')
  expect(settingsOf({ ...options, filterGlossy: 1 }, 'segmentation')).toMatchObject({ filterGlossy: 1, spp: 16 })
})
