import { beforeAll, describe, expect, test } from 'vitest'
import { random } from '../test/reference/random.ts'
import { specks } from '../test/support/specks.ts'
import { denoiseFrame } from './denoise.ts'
import { RenderError } from './errors.ts'
import { Kernel } from './kernel.ts'
import { loadKernel } from './node/index.ts'
import type { RadianceFrame } from './types.ts'

let kernel: Kernel
beforeAll(async () => {
  kernel = await Kernel.instantiate(await loadKernel())
})

type Rgb = readonly [number, number, number]
interface Picture {
  readonly light: (x: number, y: number) => Rgb
  readonly albedo?: (x: number, y: number) => Rgb
  /** Relative standard deviation of one sample. */
  readonly noise?: number
  /** Chance that a sample is a hundred times as bright. */
  readonly fireflies?: number
  /** Of the noise. */
  readonly seed?: number
}
type Shot = ReturnType<typeof frameOf>
const SPP = 64

/** A plane seen from above under light known in closed form, with the noise of `SPP` samples; the truth beside it. */
function frameOf(
  width: number,
  height: number,
  { light, albedo = () => [0.5, 0.5, 0.5], noise = 0, fireflies = 0, seed = 0 }: Picture,
  spp = SPP,
) {
  const next = random(width * 31 + height + seed * 7919)
  const n = width * height
  const frame: RadianceFrame = {
    width,
    height,
    spp,
    color: new Float32Array(n * 3),
    half: new Float32Array(n * 3),
    square: new Float32Array(n),
    albedo: new Float32Array(n * 3),
    normal: Float32Array.from({ length: n * 3 }, (_, i) => (i % 3 === 2 ? 1 : 0)),
    depth: new Float32Array(n).fill(2),
    coverage: new Float32Array(n).fill(1),
    rays: { closest: 0, shadow: 0 },
  }
  const truth = new Float32Array(n * 3)
  for (let i = 0; i < n; i++) {
    const [x, y] = [i % width, Math.floor(i / width)]
    const a = albedo(x, y)
    const l = light(x, y)
    // Samples are exponential-like: grey, mean 1.
    let odd = 0
    let even = 0
    let squares = 0
    for (let s = 0; s < spp; s++) {
      const value = 1 + noise * Math.sqrt(12) * (next() - 0.5) + (next() < fireflies ? 100 : 0)
      if (s % 2 === 1) odd += value
      else even += value
      squares += value * value
    }
    frame.square[i] = ((a[0] * l[0] + a[1] * l[1] + a[2] * l[2]) ** 2 * squares) / spp
    for (let c = 0; c < 3; c++) {
      truth[i * 3 + c] = a[c]! * l[c]!
      frame.albedo[i * 3 + c] = a[c]!
      frame.color[i * 3 + c] = (a[c]! * l[c]! * (odd + even)) / spp
      frame.half[i * 3 + c] = (a[c]! * l[c]! * odd) / Math.max(1, Math.floor(spp / 2))
    }
  }
  return { frame, truth }
}
const rmse = (a: Float32Array, b: Float32Array) => Math.sqrt(a.reduce((s, x, i) => s + (x - b[i]!) ** 2, 0) / a.length)
const mean = (a: Float32Array) => a.reduce((s, x) => s + x, 0) / a.length
const smooth = (x: number, y: number): Rgb => {
  const l = 1 + 0.5 * Math.sin(x / 14) * Math.cos(y / 11)
  return [l, 0.9 * l, 0.7 * l]
}

describe('denoising', () => {
  test('a constant picture stays', () => {
    const { frame } = frameOf(40, 24, { light: () => [0.8, 0.4, 0.2] })
    const out = denoiseFrame(kernel, frame).color
    out.forEach((x, i) => {
      expect(Math.abs(x / frame.color[i]! - 1)).toBeLessThan(2e-6)
    })
  })

  test('the error of smooth light falls by more than 2.5, and the mean stays', () => {
    const { frame, truth } = frameOf(96, 64, { light: smooth, noise: 1 })
    const out = denoiseFrame(kernel, frame).color
    expect(rmse(out, truth) * 2.5).toBeLessThan(rmse(frame.color, truth))
    expect(Math.abs(mean(out) / mean(frame.color) - 1)).toBeLessThan(0.01)
  })

  test("a texture keeps its edges: a pixel's checker in the albedo loses under 2 % of its contrast, a shadow's edge stays within two pixels", () => {
    const albedo = (x: number, y: number): Rgb => ((x + y) % 2 === 0 ? [0.8, 0.8, 0.8] : [0.1, 0.1, 0.1])
    const { frame, truth } = frameOf(64, 64, { light: x => (x < 32 ? [1, 1, 1] : [0.2, 0.2, 0.2]), albedo, noise: 0.5 })
    const out = denoiseFrame(kernel, frame).color
    const contrast = (a: Float32Array, from: number, to: number) => {
      let s = 0
      for (let y = 0; y < 64; y++) for (let x = from; x < to; x++) s += a[(y * 64 + x) * 3]! * ((x + y) % 2 === 0 ? 1 : -1)
      return s
    }
    expect(contrast(out, 0, 30) / contrast(truth, 0, 30)).toBeGreaterThan(0.98)
    expect(contrast(out, 34, 64) / contrast(truth, 34, 64)).toBeGreaterThan(0.98)
    for (const x of [29, 34]) {
      for (let y = 0; y < 64; y++) expect(Math.abs(out[(y * 64 + x) * 3]! / truth[(y * 64 + x) * 3]! - 1)).toBeLessThan(0.15)
    }
  })

  test('a slanted edge between two surfaces loses its noise, too: its pixels mix normals and colours in all shares', () => {
    const width = 72
    // Share of the right surface in a pixel, and a light that knows no edge.
    const share = (x: number, y: number) => Math.min(1, Math.max(0, x - 34 - 0.13 * y))
    const albedo = (x: number, y: number): Rgb => [0.8 - 0.5 * share(x, y), 0.7 - 0.5 * share(x, y), 0.2 + 0.3 * share(x, y)]
    const { frame, truth } = frameOf(width, 48, { light: smooth, albedo, noise: 1 })
    const guided = { ...frame, normal: Float32Array.from(frame.normal) }
    const edge: number[] = []
    for (let i = 0; i < width * 48; i++) {
      const s = share(i % width, Math.floor(i / width))
      guided.normal.set([s, 0, 1 - s], 3 * i)
      if (s > 0.15 && s < 0.85) edge.push(3 * i, 3 * i + 1, 3 * i + 2)
    }
    const at = (a: Float32Array) => Float32Array.from(edge, i => a[i]!)
    expect(rmse(at(denoiseFrame(kernel, guided).color), at(truth)) * 2).toBeLessThan(rmse(at(frame.color), at(truth)))
  })

  describe('with the frames beside', () => {
    // Detail that is alike nowhere in the picture: only other frames know it.
    const detail = (x: number, y: number): Rgb => {
      const l = 0.6 + 0.4 * Math.sin(1.3 * x * x + 0.7 * y * y * y + 0.11 * x * y)
      return [l, l, l]
    }
    const shot = (seed: number, light: (x: number, y: number) => Rgb) => frameOf(64, 48, { light, noise: 1, seed })

    test('what stands still has less noise, and flickers less', () => {
      const frames = [1, 2, 3, 4].map(seed => shot(seed, detail))
      const [a, b, c, d] = frames.map(f => f.frame) as [RadianceFrame, RadianceFrame, RadianceFrame, RadianceFrame]
      const { truth } = frames[0]!
      const alone = [b, c].map(f => denoiseFrame(kernel, f).color) as [Float32Array, Float32Array]
      const together = [denoiseFrame(kernel, b, [a, c]).color, denoiseFrame(kernel, c, [b, d]).color] as const
      expect(rmse(together[0], truth) * 1.35).toBeLessThan(rmse(alone[0], truth))
      expect(rmse(together[0], together[1]) * 1.7).toBeLessThan(rmse(alone[0], alone[1]))
    })

    test('what moves leaves no ghost: a bright bar is not seen where it was', () => {
      const bar = (at: number) => (x: number) => (x >= at && x < at + 6 ? [2, 2, 2] : [0.4, 0.4, 0.4]) as unknown as Rgb
      const [before, { frame, truth }, after] = [10, 26, 42].map((at, i) => shot(i + 1, bar(at))) as [Shot, Shot, Shot]
      const out = denoiseFrame(kernel, frame, [before.frame, after.frame]).color
      const around = (a: Float32Array, at: number) =>
        mean(Float32Array.from({ length: 6 * 48 }, (_, i) => a[((i % 48) * 64 + at + Math.floor(i / 48)) * 3]!))
      for (const at of [10, 26, 42]) expect(Math.abs(around(out, at) / around(truth, at) - 1)).toBeLessThan(0.02)
      expect(rmse(out, truth)).toBeLessThan(1.02 * rmse(denoiseFrame(kernel, frame).color, truth))
    })

    test('frames of another size are refused', () => {
      const small = frameOf(8, 8, { light: smooth }).frame
      expect(() => denoiseFrame(kernel, shot(1, detail).frame, [small])).toThrow(/frames beside .* Give frames of one clip and camera/)
    })
  })

  test('fireflies go, singly and in clusters; the rest of the energy stays', () => {
    // One pixel in 60 has a sample of a hundred: 2.6 times the light around it.
    const { frame } = frameOf(128, 96, { light: smooth, noise: 0.5, fireflies: 1 / (60 * SPP) })
    const { truth } = frameOf(128, 96, { light: smooth })
    expect(specks(frame.color, 128, 96).bright).toBeGreaterThan(50)
    const out = denoiseFrame(kernel, frame).color
    expect(specks(out, 128, 96)).toEqual({ bright: 0, black: 0, invalid: 0 })
    expect(Math.max(...out)).toBeLessThan(1.2 * Math.max(...truth))
    expect(mean(out) / mean(truth)).toBeGreaterThan(0.99)
    expect(mean(out)).toBeLessThan(mean(frame.color))
  })

  test('two bright samples, one in each half, are a firefly all the same', () => {
    const { frame } = frameOf(64, 48, { light: () => [1, 1, 1], noise: 0.1 })
    const i = 20 * 64 + 30
    for (let c = 0; c < 3; c++) for (const half of [frame.color, frame.half]) half[i * 3 + c]! += (0.5 * 2 * 50) / SPP
    frame.square[i]! += (1.5 ** 2 * 2 * (51 ** 2 - 1)) / SPP
    expect(frame.color[i * 3]).toBeGreaterThan(1.2)
    expect(denoiseFrame(kernel, frame).color[i * 3]).toBeLessThan(0.7)
  })

  test('a small highlight that has converged is no firefly', () => {
    const at = (x: number, y: number) => x === 30 && y === 20
    const { frame } = frameOf(64, 48, { light: (x, y) => (at(x, y) ? [20, 20, 20] : [1, 1, 1]), noise: 0.02 })
    const i = (20 * 64 + 30) * 3
    expect(denoiseFrame(kernel, frame).color[i]! / frame.color[i]!).toBeGreaterThan(0.95)
  })

  test('nor is a highlight of four noisy pixels that a dozen samples each have met', () => {
    const inside = (x: number, y: number) => x >> 1 === 15 && y >> 1 === 10
    const { frame, truth } = frameOf(64, 48, { light: (x, y) => (inside(x, y) ? [8, 8, 8] : [0.3, 0.3, 0.3]), noise: 1.8 })
    const out = denoiseFrame(kernel, frame).color
    const sum = (a: Float32Array) => [0, 1, 64, 65].reduce((s, k) => s + a[(20 * 64 + 30 + k) * 3]!, 0)
    expect(Math.abs(sum(out) / sum(truth) - 1)).toBeLessThan(0.25)
  })

  test.each([
    [1, 1],
    [3, 5],
    [1, 40],
    [37, 2],
  ])('a picture of %i × %i', (width, height) => {
    const { frame, truth } = frameOf(width, height, { light: () => [1, 1, 1], noise: 0.5 })
    const out = denoiseFrame(kernel, frame).color
    expect(out.length).toBe(truth.length)
    expect(rmse(out, truth)).toBeLessThanOrEqual(rmse(frame.color, truth) * 1.001)
  })

  test('one sample a pixel comes back as it is: there are no halves to compare', () => {
    const { frame } = frameOf(8, 8, { light: smooth, noise: 1 }, 1)
    expect(denoiseFrame(kernel, frame).color).toEqual(frame.color)
  })

  test('an odd number of samples has halves of unequal size', () => {
    const { frame, truth } = frameOf(64, 64, { light: smooth, noise: 1 }, 3)
    const out = denoiseFrame(kernel, frame).color
    expect(out.every(Number.isFinite)).toBe(true)
    expect(rmse(out, truth) * 2).toBeLessThan(rmse(frame.color, truth))
  })

  test('black albedo, black light and sky make no NaN', () => {
    const { frame } = frameOf(32, 32, { light: smooth, noise: 1, albedo: x => (x < 16 ? [0, 0, 0] : [0, 0.5, 1]) })
    frame.color.fill(0, 0, 32 * 8 * 3)
    frame.half.fill(0, 0, 32 * 8 * 3)
    frame.coverage.fill(0, 32 * 24)
    frame.normal.fill(0, 32 * 24 * 3)
    frame.depth.fill(0, 32 * 24)
    expect(denoiseFrame(kernel, frame).color.every(x => Number.isFinite(x) && x >= 0)).toBe(true)
  })

  test('a surface at the camera itself, of depth 0, makes no NaN', () => {
    const { frame } = frameOf(16, 16, { light: smooth, noise: 1 })
    frame.depth.fill(0)
    expect(denoiseFrame(kernel, frame).color.every(x => Number.isFinite(x))).toBe(true)
  })

  test('the same bytes twice, whatever lay in the memory before', async () => {
    const { frame } = frameOf(50, 30, { light: smooth, noise: 1 })
    const first = denoiseFrame(kernel, frame)
    denoiseFrame(kernel, frameOf(90, 70, { light: () => [9, 9, 9], noise: 3 }).frame)
    expect(denoiseFrame(kernel, frame)).toEqual(first)
    expect(denoiseFrame(await Kernel.instantiate(await loadKernel()), frame)).toEqual(first)
  })

  test('a frame of some rows only is refused when its size lies', () => {
    const { frame } = frameOf(8, 8, { light: smooth })
    expect(() => denoiseFrame(kernel, { ...frame, height: 9 })).toThrow(RenderError)
    expect(() => denoiseFrame(kernel, { ...frame, height: 9 })).toThrow(/8 × 9 but has 64 pixels/)
  })
})
