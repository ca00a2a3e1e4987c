import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NO_ASSETS } from '../assets.ts'
import { Key } from '../key.ts'
import { cos, sin } from '../maths/portable.ts'
import { dot, length, type Vec3 } from '../maths/vec3.ts'
import type { HdrImage } from '../mesh.ts'
import { type EnvironmentSource, environmentSourceSchema } from '../schema/light.ts'
import { directionToUv, uvToDirection } from './direction.ts'
import { renderEnvironment } from './render.ts'
import { SOLAR_IRRADIANCE } from './sky.ts'

const picture = (source: object) => renderEnvironment(environmentSourceSchema.parse(source), NO_ASSETS)
const sky = (more: object) => picture({ type: 'sky', elevation: 0.6, height: 128, ...more })

/** Sum over the picture of radiance · weight(direction) · solid angle, RGB; exact solid angles of lat-long pixels. */
function integrate(image: HdrImage, weight: (d: Vec3) => number): Vec3 {
  const { width, height, data } = image
  const sum = [0, 0, 0]
  for (let j = 0; j < height; j++) {
    const solid = ((Math.cos((j * Math.PI) / height) - Math.cos(((j + 1) * Math.PI) / height)) * 2 * Math.PI) / width
    for (let i = 0; i < width; i++) {
      const w = weight(uvToDirection((i + 0.5) / width, (j + 0.5) / height)) * solid
      for (let c = 0; c < 3; c++) sum[c]! += data[(j * width + i) * 3 + c]! * w
    }
  }
  return sum as unknown as Vec3
}

describe('orientation', () => {
  test('the middle looks along +X, u grows towards −Y, row 0 is the zenith', () => {
    const at = (x: number, y: number, z: number) => directionToUv([x, y, z]).map(v => Math.round(v * 1e12) / 1e12)
    expect(at(1, 0, 0)).toEqual([0.5, 0.5])
    expect(at(0, -1, 0)).toEqual([0.75, 0.5])
    expect(at(0, 1, 0)).toEqual([0.25, 0.5])
    expect(at(0, 0, 1)[1]).toBe(0)
    expect(at(0, 0, -1)[1]).toBe(1)
    expect(at(-1, 0, 0)[0]).toBe(0)
    expect(directionToUv([-1, -0, 0])[0]).toBeLessThan(1)
  })

  test('directionToUv and uvToDirection undo each other', () => {
    fc.assert(
      fc.property(fc.nat(), seed => {
        const d = Key.fromSeed(seed).direction()
        const [u, v] = directionToUv(d)
        expect(u >= 0 && u < 1 && v >= 0 && v <= 1).toBe(true)
        const back = uvToDirection(u, v)
        // acos loses half the digits at the poles.
        for (let c = 0; c < 3; c++) expect(Math.abs(back[c]! - d[c]!)).toBeLessThan(1e-7)
        expect(length(back)).toBeCloseTo(1, 12)
      }),
    )
  })

  test('it is what three.js does with +Y up, turned to +Z up', () => {
    fc.assert(
      fc.property(fc.nat(), seed => {
        const d = Key.fromSeed(seed).direction()
        const y: Vec3 = [d[0], d[2], -d[1]]
        const [u, v] = directionToUv(d)
        const theirs = Math.atan2(y[2], y[0]) / (2 * Math.PI) + 0.5
        expect(Math.abs(u - theirs) % 1).toBeCloseTo(0, 9)
        // Their v grows upwards.
        expect(1 - v).toBeCloseTo(Math.asin(y[1]) / Math.PI + 0.5, 6)
      }),
    )
  })
})

describe('sky', () => {
  test('the brightest direction is the sun, wherever it stands', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 1.55, noNaN: true }), fc.double({ min: -7, max: 7, noNaN: true }), (elevation, azimuth) => {
        const image = sky({ elevation, azimuth, height: 64 })
        let best = 0
        for (let k = 1; k < image.data.length / 3; k++) if (image.data[3 * k + 1]! > image.data[3 * best + 1]!) best = k
        const d = uvToDirection(((best % 128) + 0.5) / 128, (Math.floor(best / 128) + 0.5) / 64)
        const sun: Vec3 = [cos(elevation) * cos(azimuth), cos(elevation) * sin(azimuth), sin(elevation)]
        // Half the diagonal of a pixel, and a little: the disk may touch a corner.
        expect(Math.acos(Math.min(1, dot(d, sun)))).toBeLessThan((Math.PI / 64) * 0.75 + 0.005)
      }),
      { numRuns: 40 },
    )
  })

  test("the disk's irradiance does not depend on resolution and is what the air lets through", () => {
    const irradiance = (height: number, elevation: number) => {
      const with_ = sky({ height, elevation, azimuth: 1 })
      const without = sky({ height, elevation, azimuth: 1, sunDisk: false })
      const data = with_.data.map((x, i) => x - without.data[i]!)
      return integrate({ ...with_, data }, () => 1)
    }
    const coarse = irradiance(32, 0.7)
    const fine = irradiance(512, 0.7)
    for (let c = 0; c < 3; c++) expect(coarse[c]! / fine[c]!).toBeCloseTo(1, 3)
    // Air mass 1/sin(0.7) = 1.55; optical depth at 550 nm: air 0.1085, haze T − 1 = 2 times as much, ozone 1.881e-6 · 15 km = 0.028.
    const expected = SOLAR_IRRADIANCE * Math.exp(-(3 * 0.1085 + 0.0282) / Math.sin(0.7))
    expect(fine[1] / expected).toBeGreaterThan(0.97)
    expect(fine[1] / expected).toBeLessThan(1.03)
    expect(irradiance(512, 0.05)[2] / irradiance(512, 0.05)[0]).toBeLessThan(0.2)
  })

  test('half of a setting sun is half of its light; below the horizon there is none', () => {
    const beam = (elevation: number) => {
      const a = sky({ height: 512, elevation })
      const b = sky({ height: 512, elevation, sunDisk: false })
      return integrate({ ...a, data: a.data.map((x, i) => x - b.data[i]!) }, () => 1)[0]
    }
    expect(beam(-0.02)).toBe(0)
    const setting = beam(0)
    expect(setting).toBeGreaterThan(0)
    expect(setting).toBeLessThan(beam(0.01) * 0.6)
  })

  test('a clear noon sky is blue, lights level ground as measured, and haze whitens it', () => {
    const up = (d: Vec3) => Math.max(0, d[2])
    const clear = sky({ elevation: 1.1, turbidity: 2, sunDisk: false, ground: [0.2, 0.2, 0.2] })
    const zenith = [...clear.data.subarray(0, 3)] as unknown as Vec3
    // As daylight of about 15,000 K.
    expect(zenith[2] / zenith[0]).toBeGreaterThan(1.7)
    expect(zenith[2] / zenith[0]).toBeLessThan(4)
    const diffuse = integrate(clear, up)
    const total = integrate(sky({ elevation: 1.1, turbidity: 2 }), up)
    // Diffuse share of global light on a clear day: 8–25 % (e.g. Duffie & Beckman, Solar Engineering).
    expect(diffuse[1] / total[1]).toBeGreaterThan(0.08)
    expect(diffuse[1] / total[1]).toBeLessThan(0.25)
    // About 0.75 of 1361 · sin(elevation) W/m² reaches the ground; a white surface then has radiance near 1.
    expect(total[1] / (SOLAR_IRRADIANCE * Math.sin(1.1))).toBeGreaterThan(0.65)
    expect(total[1] / (SOLAR_IRRADIANCE * Math.sin(1.1))).toBeLessThan(0.95)
    const hazy = sky({ elevation: 1.1, turbidity: 8, sunDisk: false }).data
    expect(hazy[2]! / hazy[0]!).toBeLessThan(zenith[2] / zenith[0])
  })

  test('the ground has the radiance of its albedo under that light', () => {
    const image = sky({ elevation: 0.8, ground: [0.4, 0.4, 0.4] })
    const up = integrate(image, d => Math.max(0, d[2]))
    const nadir = image.data.subarray(image.data.length - 3)
    for (let c = 0; c < 3; c++) expect((nadir[c]! * Math.PI) / (0.4 * up[c]!)).toBeCloseTo(1, 1)
  })

  test('azimuth turns the picture: a quarter turn to +Y moves it a quarter of the width to the left', () => {
    const a = sky({ azimuth: 0 })
    const b = sky({ azimuth: Math.PI / 2 })
    const { width, height } = a
    for (let j = 0; j < height; j++) {
      for (let i = 0; i < width; i += 3) {
        const k = (j * width + i) * 3
        const l = (j * width + ((i - width / 4 + width) % width)) * 3
        expect(Math.abs(b.data[l + 1]! - a.data[k + 1]!)).toBeLessThanOrEqual(1e-5 * Math.max(1, a.data[k + 1]!))
      }
    }
  })
})

const sources: [string, EnvironmentSource][] = [
  ['constant', { type: 'constant', color: [0.2, 0.3, 4] }],
  ...[-0.2, -0.05, 0, 0.3, Math.PI / 2].flatMap(elevation =>
    [1.7, 10].map((turbidity): [string, EnvironmentSource] => [
      `sky ${elevation} ${turbidity}`,
      environmentSourceSchema.parse({ type: 'sky', elevation, turbidity, azimuth: 2, height: 64 }),
    ]),
  ),
  ...[1, 4, 12].flatMap(boxes =>
    [0, 1, 2].map((seed): [string, EnvironmentSource] => [
      `studio ${boxes} ${seed}`,
      environmentSourceSchema.parse({ type: 'studio', seed, boxes, height: 64 }),
    ]),
  ),
]

describe.each(sources)('%s', (_name, source) => {
  const image = renderEnvironment(source, NO_ASSETS)
  const { width, height, data } = image

  test('is a lat-long picture, finite and not negative, with some light', () => {
    expect(width).toBe(2 * height)
    expect(data.length).toBe(width * height * 3)
    expect(data.every(x => x >= 0 && x < 1e6)).toBe(true)
    const total = integrate(image, () => 1)
    for (const x of total) expect(x).toBeGreaterThan(0)
  })

  test('has no seam at u = 0 = 1: the step there is like steps elsewhere', () => {
    for (let j = 0; j < height; j++) {
      let largest = 0
      const at = (i: number) => data[(j * width + i) * 3 + 1]!
      for (let i = 1; i < width; i++) largest = Math.max(largest, Math.abs(at(i) - at(i - 1)))
      expect(Math.abs(at(0) - at(width - 1))).toBeLessThanOrEqual(largest * 1.01 + 1e-6)
    }
  })

  test('is the same again', () => {
    expect(renderEnvironment(source, NO_ASSETS).data).toEqual(data)
  })
})

describe('studio', () => {
  test('another seed is another studio, with the same amount of light within a stop', () => {
    const up = (seed: number, boxes: number) => integrate(picture({ type: 'studio', seed, boxes, height: 64 }), d => Math.max(0, d[2]))[1]
    const levels = Array.from({ length: 24 }, (_, i) => up(i, 1 + (i % 12)))
    expect(new Set(levels).size).toBe(24)
    // A white surface has radiance near 1 (π of irradiance).
    for (const e of levels) {
      expect(e / Math.PI).toBeGreaterThan(0.35)
      expect(e / Math.PI).toBeLessThan(1.4)
    }
  })

  test('the floor keeps the backdrop’s colour', () => {
    const image = picture({ type: 'studio', seed: 3, backdrop: [0.3, 0.15, 0], height: 64 })
    const p = (60 * 128 + 20) * 3
    expect(image.data[p]! / image.data[p + 1]!).toBeCloseTo(2, 5)
    expect(image.data[p + 2]).toBe(0)
  })
})

describe('hdri', () => {
  const image: HdrImage = { width: 2, height: 1, data: new Float32Array(6).fill(1) }
  const assets = { ...NO_ASSETS, hdris: new Map([['kitchen', image]]) }
  test('comes from the assets', () => {
    expect(renderEnvironment({ type: 'hdri', asset: 'kitchen' }, assets)).toBe(image)
  })
  test('an unknown id is refused with a guess', () => {
    expect(() => renderEnvironment({ type: 'hdri', asset: 'kichen' }, assets)).toThrow(
      'no HDR environment "kichen"; did you mean "kitchen"?',
    )
    expect(() => renderEnvironment({ type: 'hdri', asset: 'x' }, NO_ASSETS)).toThrow('there are none')
  })
})
