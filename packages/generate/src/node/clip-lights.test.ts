import type { RadianceFrame } from '@dioramic/render'
import { expect, test } from 'vitest'
import { random } from '../../../render/test/reference/random.ts'
import { settingsSchema } from '../settings.ts'
import { ClipLights } from './clip-lights.ts'

const settings = settingsSchema.parse({ labels: [] })
const light = (frame: number) => [{ width: frame } as unknown as RadianceFrame]

test('a frame is ready once, when its light and that of the frames beside it are there, in whatever order it comes', () => {
  for (let seed = 0; seed < 50; seed++) {
    const next = random(seed)
    const frames = 1 + Math.floor(9 * next())
    const order = Array.from({ length: frames }, (_, f) => f).sort(() => next() - 0.5)
    const lights = new ClipLights(frames, settings)
    const ready: number[] = []
    for (const f of order) {
      for (const r of lights.add(f, light(f))) {
        ready.push(r)
        const beside = [r - 1, r, r + 1].filter(g => g >= 0 && g < frames)
        expect(
          [...lights.of(r).keys()].sort((a, b) => a - b),
          `seed ${seed}`,
        ).toEqual(beside)
        expect(lights.of(r).get(r)).toEqual(light(r))
      }
    }
    expect(
      ready.sort((a, b) => a - b),
      `seed ${seed}`,
    ).toEqual(Array.from({ length: frames }, (_, f) => f))
  }
})

test('light goes when all that read it are finished', () => {
  const lights = new ClipLights(4, settings)
  for (let f = 0; f < 4; f++) lights.add(f, light(f))
  expect(lights.finish(0)).toBe(false)
  expect([...lights.of(0).keys()]).toEqual([0, 1])
  expect(lights.finish(1)).toBe(false)
  expect([...lights.of(0).keys()]).toEqual([1])
  expect(lights.finish(3)).toBe(false)
  expect([...lights.of(2).keys()]).toEqual([2, 1, 3])
  expect(lights.finish(2)).toBe(true)
  expect([...lights.of(2).keys()]).toEqual([])
})

test('without a denoiser frames stand alone', () => {
  const lights = new ClipLights(3, settingsSchema.parse({ labels: [], denoise: false }))
  expect(lights.add(1, light(1))).toEqual([1])
  expect([...lights.of(1).keys()]).toEqual([1])
})
