/** The parts of the light, where they are known in closed form. */
import { quat, type SceneInput } from '@dioramic/scene'
import { beforeAll, describe, expect, test } from 'vitest'
import { loadKernel } from '../../src/node/index.ts'
import { createRenderer } from '../../src/renderer.ts'
import type { LightSplit, RadianceFrame, Renderer } from '../../src/types.ts'
import { CASES } from '../reference/scenes.ts'
import { constantEnvironment, icosphere, keyframeMotion, resolveByHand, square } from '../support/scenes.ts'

let renderer: Renderer
beforeAll(async () => {
  renderer = await createRenderer(await loadKernel())
})

type Vec = [number, number, number]
const meshes = { square: square(), ball: icosphere(3, false) }
const SIZE = 16
const lambert = (r: number, g = r, b = r) => ({ baseColor: [r, g, b] as Vec, specular: 0 })
const floor = (material: string) => ({ id: 1, name: 'floor', geometry: 'square', material, scale: [40, 40, 1] as Vec })

/** Looking down on the origin from 10 m, two metres across: f = 5 · SIZE pixels, so that x is (u − SIZE / 2) / 8. */
function render(input: Omit<SceneInput, 'cameras'>, sky: Vec | null = null, { spp = 16, bounces = 8, eye = [0, 0, 10] as Vec } = {}) {
  const scene: SceneInput = {
    ...input,
    ...(sky && { environment: { light: { type: 'constant', color: [1, 1, 1] } } }),
    cameras: [{ resolution: [SIZE, SIZE], position: eye, rotation: [0, 0, 0, 1], focalLength: 180, sensorWidth: 36 }],
  }
  const map = sky && constantEnvironment(sky)
  const resolved = resolveByHand(scene, meshes, map && { light: map, background: map })
  const frame = renderer
    .load(resolved, keyframeMotion(resolved))
    .radiance({ camera: 0, frame: 0, spp, maxBounces: bounces, seed: [5, 6], split: true })
  return { frame, split: frame.split! }
}
const mean = (part: Float32Array, channel = 0) => part.reduce((s, x, i) => s + (i % 3 === channel ? x : 0), 0) / (part.length / 3)
const expectBlack = (split: LightSplit, ...parts: readonly (keyof LightSplit)[]) => {
  for (const part of parts) expect([part, split[part].every(x => x === 0)]).toEqual([part, true])
}
/** Largest difference of the two sums to the picture, relative to what the pixel holds. */
function worstSum(color: Float32Array, { emission, diffuse, specular, direct, indirect }: LightSplit): number {
  let worst = 0
  color.forEach((x, i) => {
    const sums = [emission[i]! + diffuse[i]! + specular[i]!, emission[i]! + direct[i]! + indirect[i]!]
    for (const sum of sums) worst = Math.max(worst, Math.abs(sum - x) / Math.max(x, 1e-6))
  })
  return worst
}

describe('a Lambert plane', () => {
  test('under a sun: direct and diffuse are albedo · irradiance · cosine / π, the rest is black', () => {
    const rotation = [...quat.lookAt([0, 3, 4], [0, 0, 0])] as [number, number, number, number]
    const { frame, split } = render({
      materials: { grey: lambert(0.8, 0.4, 0.2) },
      lights: [{ type: 'sun', name: 'sun', rotation, irradiance: 2, angle: 0.01 }],
      objects: [floor('grey')],
    })
    frame.color.forEach((_, i) => {
      const truth = (([0.8, 0.4, 0.2][i % 3]! * 2 * 0.8) / Math.PI) as number
      expect(Math.abs(split.direct[i]! / truth - 1)).toBeLessThan(1e-3)
      expect(split.diffuse[i]).toBe(split.direct[i])
    })
    expectBlack(split, 'indirect', 'specular', 'emission', 'shadow')
  })

  test('under a point: albedo / π · intensity · cosine / d²', () => {
    const height = 1.5
    const { split } = render({
      materials: { grey: lambert(0.5) },
      lights: [{ type: 'point', name: 'bulb', position: [0.3, -0.2, height], power: 40 }],
      objects: [floor('grey')],
    })
    for (let i = 0; i < SIZE * SIZE; i++) {
      const [x, y] = [((i % SIZE) + 0.5 - SIZE / 2) / 8 - 0.3, -(Math.floor(i / SIZE) + 0.5 - SIZE / 2) / 8 + 0.2]
      const d2 = x * x + y * y + height * height
      const truth = ((0.5 / Math.PI) * (40 / (4 * Math.PI)) * height) / d2 ** 1.5
      // What the pixel filter makes of a smooth field of 16 samples.
      expect(Math.abs(split.direct[3 * i]! / truth - 1)).toBeLessThan(0.02)
    }
    expectBlack(split, 'indirect', 'specular', 'emission', 'shadow')
  })
})

test.each([1, 2, 3, 64])(
  'inside a glowing ball of albedo ρ: emission 1, direct ρ, indirect the rest of the series up to %i bounces',
  bounces => {
    const rho = 0.5
    const { split } = render(
      {
        materials: { ball: { ...lambert(rho), emission: [1, 1, 1] } },
        objects: [{ id: 1, name: 'ball', geometry: 'ball', material: 'ball' }],
      },
      null,
      { spp: 64, bounces, eye: [0, 0, 0] },
    )
    let rest = 0
    for (let k = 2; k <= bounces; k++) rest += rho ** k
    expect(mean(split.emission)).toBeCloseTo(1, 6)
    // The ball's triangles are sampled as lights too, so what is exact in the mean has their noise.
    expect(Math.abs(mean(split.direct) - rho)).toBeLessThan(0.001)
    expect(Math.abs(mean(split.indirect) - rest)).toBeLessThan(0.005)
    expect(mean(split.diffuse)).toBeCloseTo(mean(split.direct) + mean(split.indirect), 5)
    expectBlack(split, 'specular', 'shadow')
  },
)

test('a mirror is specular alone', () => {
  const mirror = { baseColor: [0.9, 0.6, 0.3] as Vec, metallic: 1, roughness: 0 }
  const { frame, split } = render({ materials: { mirror }, objects: [floor('mirror')] }, [0.5, 0.5, 0.5])
  expect(split.specular).toEqual(frame.color)
  expect(mean(split.specular)).toBeCloseTo(0.45, 2)
  expect(split.direct).toEqual(split.specular)
  expectBlack(split, 'diffuse', 'emission', 'indirect', 'shadow')
})

test('a coat under white light: what it mirrors is white, what the base scatters has its colour', () => {
  const { split } = render(
    { materials: { coat: { baseColor: [0.8, 0.4, 0], roughness: 0.3, ior: 1.8 } }, objects: [floor('coat')] },
    [0.5, 0.5, 0.5],
    { spp: 256 },
  )
  for (let p = 0; p < SIZE * SIZE; p++) {
    const [r, g, b] = split.specular.subarray(3 * p)
    expect(Math.max(Math.abs(g! / r! - 1), Math.abs(b! / r! - 1))).toBeLessThan(1e-5)
    const base = split.diffuse.subarray(3 * p, 3 * p + 3)
    expect(Math.abs(base[1]! / base[0]! - 0.5)).toBeLessThan(1e-5)
    expect(base[2]).toBe(0)
  }
  // What the coat does not mirror reaches the base: (1 − E) · ρ · L and E · L.
  expect(mean(split.diffuse) / 0.8 + mean(split.specular)).toBeCloseTo(0.5, 3)
})

test('a lamp, a glowing surface and the background are emission', () => {
  const { frame, split } = render(
    {
      materials: { glow: { ...lambert(0.5), emission: [3, 2, 1] } },
      lights: [
        {
          type: 'area',
          name: 'lamp',
          position: [0.5, 0, 5],
          rotation: [1, 0, 0, 0],
          size: [0.5, 2],
          power: 9,
          visible: true,
        },
      ],
      objects: [{ id: 1, name: 'glow', geometry: 'square', material: 'glow', position: [-1, 0, 0], scale: [1, 4, 1] }],
    },
    [0.25, 0.5, 0.75],
  )
  // Glowing surface from x = −1 to −½, background around 0, lamp (5 m away, so twice as wide) from ½ to 1½.
  const row = SIZE / 2
  const at = (part: Float32Array, column: number) => [...part.subarray(3 * (row * SIZE + column), 3 * (row * SIZE + column) + 3)]
  expect(at(split.emission, 1)).toEqual([3, 2, 1])
  expect(at(split.emission, 7)).toEqual(at(frame.color, 7))
  expect(at(split.emission, 7)[2]).toBeCloseTo(0.75, 2)
  expect(at(split.emission, 13)).toEqual(at(frame.color, 13))
  expect(at(split.emission, 13)[0]).toBeCloseTo(9 / Math.PI, 3)
})

describe('shadow', () => {
  /** A roof over x > 0.2 at half a metre, under a light from above. */
  const roof = { id: 2, name: 'roof', geometry: 'square', material: 'roof', position: [5.2, 0, 8] as Vec, scale: [10, 40, 1] as Vec }
  const materials = { black: lambert(0), grey: lambert(0.6), roof: lambert(0) }

  test.each(['black', 'grey'])('an edge lies where the geometry puts it, on a floor that is %s', material => {
    // From a point 10 m up, the edge at 0.2 and 8 m falls to 1 on the floor: the roof is above the camera, and not in the picture.
    const { split } = render(
      {
        materials,
        lights: [{ type: 'point', name: 'bulb', position: [0, 0, 10], power: 10 }],
        objects: [floor(material), { ...roof, position: [5.08, 0, 8] }],
      },
      null,
      { eye: [0, 0, 7], spp: 64 },
    )
    // f = 80: from 7 m a column is 7 / 80 m; the edge at 0.08 falls to 0.4.
    for (let p = 0; p < SIZE * SIZE; p++) {
      const left = ((p % SIZE) - SIZE / 2) * (7 / 80)
      const right = left + 7 / 80
      // The filter reaches one pixel further.
      if (right + 7 / 80 < 0.4) expect(split.shadow[p]).toBe(0)
      else if (left - 7 / 80 > 0.4) expect(split.shadow[p]).toBe(1)
    }
    const row = split.shadow.subarray(SIZE * 8, SIZE * 9)
    // Where the light falls by half, to a tenth of a pixel: the sum of what is lit.
    const lit = row.reduce((s, x) => s + 1 - x, 0)
    expect(Math.abs((lit - SIZE / 2) * (7 / 80) - 0.4)).toBeLessThan(0.1 * (7 / 80))
    if (material === 'black') expectBlack(split, 'direct', 'diffuse', 'specular')
  })

  test("a sun's penumbra is the segment of its disk that the edge hides", () => {
    const angle = 0.2
    const { split } = render(
      {
        materials,
        lights: [{ type: 'sun', name: 'sun', rotation: [0, 0, 0, 1], irradiance: 2, angle }],
        objects: [floor('grey'), { ...roof, position: [5, 0, 8] }],
      },
      null,
      { eye: [0, 0, 7], spp: 1024 },
    )
    // Seen from x on the floor the edge stands at the slope −x / 8 in a disk of slope tan(angle / 2).
    for (let column = 0; column < SIZE; column++) {
      const x = (column + 0.5 - SIZE / 2) * (7 / 80)
      const c = Math.min(1, Math.max(-1, -x / 8 / Math.tan(angle / 2)))
      const hidden = (Math.acos(c) - c * Math.sqrt(1 - c * c)) / Math.PI
      const mean = split.shadow.reduce((s, v, p) => s + (p % SIZE === column ? v : 0), 0) / SIZE
      expect(Math.abs(mean - hidden)).toBeLessThan(0.01)
    }
  })

  test('a side turned away from all lights has none; glass hides light', () => {
    const sun = (rotation: [number, number, number, number]) =>
      ({ type: 'sun', name: 'sun', rotation, irradiance: 2, angle: 0.01 }) as const
    const away = render({ materials, lights: [sun([1, 0, 0, 0])], objects: [floor('grey')] })
    expectBlack(away.split, 'shadow', 'direct')
    const pane = { ...roof, material: 'glass', position: [0, 0, 8] as Vec, scale: [40, 40, 1] as Vec }
    const glass = render(
      {
        materials: { ...materials, glass: { transmission: 1, roughness: 0 } },
        lights: [sun([0, 0, 0, 1])],
        objects: [floor('grey'), pane],
      },
      null,
      { eye: [0, 0, 7] },
    )
    expect(glass.split.shadow.every(x => x === 1)).toBe(true)
  })
})

describe('sums and bytes', () => {
  const REQUEST = { camera: 0, spp: 9, seed: [3, 8] as const }
  const rest = ({ split: _split, rays: _rays, ...frame }: RadianceFrame) => frame

  test.each(Object.keys(CASES))('%s: the parts add up to the picture, which is the same bytes with and without them', name => {
    const { resolved, motion, frame, bounces } = CASES[name]!()
    const loaded = renderer.load(resolved, motion)
    const request = { ...REQUEST, frame, maxBounces: bounces }
    const whole = loaded.radiance({ ...request, split: true })
    expect(rest(whole)).toEqual(rest(loaded.radiance(request)))
    expect(worstSum(whole.color, whole.split!)).toBeLessThan(1e-5)
    for (const part of Object.values(whole.split!) as Float32Array[]) expect(part.every(x => x >= 0)).toBe(true)
    expect(whole.split!.shadow.every(x => x <= 1)).toBe(true)
    // Denoised by one linear filter, they add up as before.
    const { color, split } = loaded.denoise(whole)
    expect(color).toEqual(loaded.denoise(rest(whole) as RadianceFrame).color)
    expect(worstSum(color, split!)).toBeLessThan(1e-4)
    expect(color).not.toEqual(whole.color)
  })
})
