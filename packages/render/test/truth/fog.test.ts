/** What fog does to light, by closed forms and by quadrature in f64. */
import { quat, type SceneInput } from '@dioramic/scene'
import { beforeAll, describe, expect, test } from 'vitest'
import { loadKernel } from '../../src/node/index.ts'
import { createRenderer } from '../../src/renderer.ts'
import type { RadianceFrame, Renderer } from '../../src/types.ts'
import { constantEnvironment, icosphere, keyframeMotion, resolveByHand, square } from '../support/scenes.ts'
import { chiSquare } from './chi-square.ts'
import { Laboratory, uniforms } from './laboratory.ts'

let renderer: Renderer
let lab: Laboratory
beforeAll(async () => {
  renderer = await createRenderer(await loadKernel())
  lab = await Laboratory.open()
})

type Vec = [number, number, number]
const SIZE = 8
/** Looks along +X from the origin, every ray nearly along the axis. */
function render(
  input: Omit<SceneInput, 'cameras'>,
  o: { sky?: Vec; spp?: number; bounces?: number; split?: boolean; seed?: number } = {},
): RadianceFrame {
  const rotation = [...quat.lookAt([0, 0, 0], [1, 0, 0])] as [number, number, number, number]
  const scene: SceneInput = { ...input, cameras: [{ resolution: [SIZE, SIZE], position: [0, 0, 0], rotation, focalLength: 40_000 }] }
  if (o.sky) scene.environment = { light: { type: 'constant', color: [1, 1, 1] } }
  const map = o.sky ? constantEnvironment(o.sky) : null
  const resolved = resolveByHand(scene, { square: square(), ball: icosphere(3) }, map && { light: map, background: map })
  const request = {
    camera: 0,
    frame: 0,
    spp: o.spp ?? 16,
    seed: [o.seed ?? 5, 6] as const,
    maxBounces: o.bounces ?? 1,
    split: o.split ?? false,
  }
  return renderer.load(resolved, keyframeMotion(resolved)).radiance(request)
}
const mean = (a: Float32Array, c: number) => a.reduce((s, x, i) => s + (i % 3 === c ? x : 0), 0) / (a.length / 3)

const black: Vec = [0, 0, 0]
const box = (min: Vec, max: Vec) => ({ min, max })
const wall = (emission: Vec) => ({
  materials: { wall: { baseColor: black, specular: 0, emission } },
  objects: [
    {
      id: 1,
      name: 'wall',
      geometry: 'square',
      material: 'wall',
      position: [10, 0, 0] as Vec,
      rotation: [0, Math.SQRT1_2, 0, Math.SQRT1_2] as [number, number, number, number],
      scale: [20, 20, 1] as Vec,
    },
  ],
})

describe('Beer and Lambert: light comes through by e^(−density · length), and only the length in the box counts', () => {
  test.each<[string, Vec, Vec, number]>([
    ['all the way', [-50, -50, -50], [50, 50, 50], 10],
    ['three metres of it', [4, -50, -50], [7, 50, 50], 3],
    ['a box beside the ray', [4, 1, -50], [7, 50, 50], 0],
    ['a box behind the wall', [11, -50, -50], [17, 50, 50], 0],
    ['a box behind the camera', [-11, -50, -50], [-7, 50, 50], 0],
  ])('a glowing wall, %s', (_, min, max, length) => {
    const { color } = render({ ...wall([4, 2, 1]), fog: { density: 0.2, albedo: black, box: box(min, max) } })
    for (let i = 0; i < color.length; i++) expect(color[i]! / ([4, 2, 1][i % 3]! * Math.exp(-0.2 * length))).toBeCloseTo(1, 4)
  })
  test('the background, which is infinitely far', () => {
    const { color } = render({ fog: { density: 0.5, albedo: black, box: box([1, -9, -9], [4, 9, 9]) } }, { sky: [1, 2, 3] })
    for (let i = 0; i < color.length; i++) expect(color[i]! / ([1, 2, 3][i % 3]! * Math.exp(-1.5))).toBeCloseTo(1, 3)
  })
  test('a visible lamp', () => {
    const lamp = { type: 'point', name: 'lamp', position: [6, 0, 0], radius: 1, power: 100, visible: true } as const
    const { color } = render({ lights: [lamp], fog: { density: 0.3, albedo: black, box: box([-9, -9, -9], [9, 9, 9]) } } as never)
    const radiance = 100 / (4 * Math.PI * Math.PI)
    expect(mean(color, 0) / (radiance * Math.exp(-0.3 * 5))).toBeCloseTo(1, 3)
  })
  test('a lamp on a floor, by way of the shadow ray', () => {
    const lit = (density: number) =>
      mean(
        render({
          materials: { wall: { baseColor: [0.5, 0.5, 0.5], specular: 0 } },
          objects: wall(black).objects,
          lights: [{ type: 'point', name: 'lamp', position: [7, 0, 4], power: 100 }],
          fog: { density, albedo: black, box: box([8, -99, -99], [99, 99, 99]) },
        }).color,
        0,
      )
    // Two metres to the camera, and of the five to the lamp two thirds.
    expect(lit(0.2) / lit(0)).toBeCloseTo(Math.exp(-0.2 * (2 + 10 / 3)), 3)
  })
})

describe('single scattering', () => {
  test.each([-0.5, 0, 0.7])('of a sun across a box: albedo · E · p · e^(−σh) · (1 − e^(−σb)), anisotropy %f', anisotropy => {
    const [density, b, h, irradiance] = [0.4, 5, 1.5, 3]
    // It shines along −Z, turned by 30° about +Y: the ray meets it at cosine sin 30°, and the way through the roof is h / cos 30°.
    const rotation = [...quat.fromAxisAngle([0, 1, 0], Math.PI / 6)] as [number, number, number, number]
    const { color, split } = render(
      {
        lights: [{ type: 'sun', name: 'sun', rotation, irradiance, angle: 0 }],
        fog: { density, anisotropy, albedo: [0.9, 0.5, 0.25], box: box([1, -99, -99], [1 + b, 99, h]) },
      },
      { spp: 256, split: true },
    )
    // Light travels along −(sin 30°, 0, cos 30°); towards the camera it goes along −X.
    const cosine = Math.sin(Math.PI / 6)
    const p = (1 - anisotropy ** 2) / (4 * Math.PI * (1 + anisotropy ** 2 - 2 * anisotropy * cosine) ** 1.5)
    // Where the slanted way leaves by the front face instead of the roof, it is shorter: none here, since the sun stands behind the box's far end.
    const through = (x: number) => Math.min(h / Math.cos(Math.PI / 6), (b - x) / Math.sin(Math.PI / 6))
    const n = 20_000
    let truth = 0
    for (let i = 0; i < n; i++) {
      const x = ((i + 0.5) / n) * b
      truth += (density * Math.exp(-density * (x + through(x))) * b) / n
    }
    for (let c = 0; c < 3; c++) expect(mean(color, c) / (truth * p * irradiance * [0.9, 0.5, 0.25][c]!)).toBeCloseTo(1, 2)
    // Fog counts as a surface that scatters diffusely, once.
    expect(mean(split!.diffuse, 0)).toBeCloseTo(mean(color, 0), 5)
    expect(mean(split!.direct, 0)).toBeCloseTo(mean(color, 0), 5)
    expect(mean(split!.shadow, 0)).toBe(0)
  })

  test.each([
    ['a point', {}],
    ['a spot', { type: 'spot', outerAngle: 0.6, innerAngle: 0.3, rotation: [0, 0, 0, 1] }],
  ])('of %s beside the ray, by quadrature', (_, kind) => {
    const [density, b, power, g] = [0.25, 6, 80, 0.3]
    const at: Vec = [3, 0.4, 1.2]
    const { color } = render(
      {
        lights: [{ type: 'point', name: 'lamp', position: at, power, ...kind } as never],
        fog: { density, anisotropy: g, box: box([0, -99, -99], [b, 99, 99]) },
      },
      { spp: 4096 },
    )
    const n = 100_000
    let truth = 0
    for (let i = 0; i < n; i++) {
      const x = ((i + 0.5) / n) * b
      const d = [x - at[0], -at[1], -at[2]] as Vec
      const r = Math.hypot(...d)
      const p = (1 - g * g) / (4 * Math.PI * (1 + g * g - (2 * g * -d[0]) / r) ** 1.5)
      const s = 'outerAngle' in kind ? Math.min(1, Math.max(0, (-d[2] / r - Math.cos(0.6)) / (Math.cos(0.3) - Math.cos(0.6)))) : 1
      truth += (density * Math.exp(-density * (x + r)) * p * (power / (4 * Math.PI)) * s * s * (3 - 2 * s) * b) / n / (r * r)
    }
    expect(mean(color, 0) / truth).toBeGreaterThan(0.99)
    expect(mean(color, 0) / truth).toBeLessThan(1.01)
  })
})

describe('furnace: fog that absorbs nothing vanishes in uniform light', () => {
  const fog = (density: number, anisotropy: number) => ({ density, anisotropy, box: box([-2, -2, -2], [2, 2, 2]) })
  /** Deviation of eight seeds' mean from 1, in its standard errors, of which one is less than a hundredth. */
  const deviation = (scene: Parameters<typeof render>[0]) => {
    const runs = Array.from({ length: 8 }, (_, seed) => mean(render(scene, { sky: [1, 1, 1], spp: 32, bounces: 400, seed }).color, 1))
    const m = runs.reduce((a, b) => a + b) / 8
    const error = Math.sqrt(runs.reduce((s, x) => s + (x - m) ** 2, 0) / 7 / 8)
    expect(error).toBeLessThan(0.01)
    return Math.abs(m - 1) / error
  }
  test.each([
    [0.2, 0],
    [1, 0.6],
    [3, -0.3],
  ])('alone, density %f, anisotropy %f (seeds 0 to 7)', (density, anisotropy) => {
    expect(deviation({ fog: fog(density, anisotropy) })).toBeLessThan(5)
  })
  test('with a white ball in it', () => {
    const scene = {
      materials: { white: { baseColor: [1, 1, 1] as Vec, specular: 0 } },
      objects: [{ id: 1, name: 'ball', geometry: 'ball', material: 'white', position: [1.2, 0, 0] as Vec, scale: [0.5, 0.5, 0.5] as Vec }],
      fog: fog(0.8, 0.3),
    }
    expect(deviation(scene)).toBeLessThan(5)
  })
})

test('fog changes no shadow; guides fade with what it hides: normals by e^(−density · length), depths to as far as light goes in it', () => {
  const scene = {
    materials: { wall: { baseColor: [0.5, 0.5, 0.5] as Vec } },
    objects: wall(black).objects,
    lights: [{ type: 'point' as const, name: 'lamp', position: [7, 3, 4] as Vec, power: 100, radius: 0.5 }],
  }
  const clear = render(scene, { split: true, bounces: 3 })
  const foggy = render({ ...scene, fog: { density: 0.3, box: box([-20, -20, -20], [20, 20, 20]) } }, { split: true, bounces: 3 })
  expect(foggy.split!.shadow).toEqual(clear.split!.shadow)
  const clearness = Math.exp(-0.3 * 10)
  const close = (a: Float32Array, b: Float32Array, factor: number) => {
    for (const [i, x] of a.entries()) expect(Math.abs(x - factor * b[i]!)).toBeLessThan(1e-4)
  }
  close(foggy.normal, clear.normal, clearness)
  close(foggy.depth, clear.depth, (1 - clearness) / 3)
})

describe('the phase function', () => {
  test.each([-0.8, -0.2, 0, 0.0005, 0.5, 0.95])('anisotropy %f: directions by its density, which integrates to 1', g => {
    lab.fog(g)
    const n = 100_000
    const bins = 40
    const r = lab.run(n, uniforms(n, 4, 7), 4, (input, out) => {
      lab.hooks.phases(n, input, out)
    })
    const counts = new Float64Array(bins)
    for (let i = 0; i < n; i++) counts[Math.min(bins - 1, Math.floor((0.5 + 0.5 * r[i * 4 + 2]!) * bins))]!++
    // ∫ p over [a, b] of the cosine, times 2π: (1 − g²)/2g · [(1 + g² − 2gμ)^(−½)].
    const cumulative = (mu: number) =>
      Math.abs(g) < 1e-3 ? (1 + mu) / 2 : ((1 - g * g) / (2 * g)) * (1 / Math.sqrt(1 + g * g - 2 * g * mu) - 1 / (1 + g))
    const shares = Array.from({ length: bins }, (_, i) => cumulative(-1 + (2 * (i + 1)) / bins) - cumulative(-1 + (2 * i) / bins))
    expect(shares.reduce((a, b) => a + b)).toBeCloseTo(1, 9)
    expect(chiSquare([...counts], shares)).toBeGreaterThan(0.0015)
    // The density that comes with each is that of its cosine.
    for (let i = 0; i < 200; i++) {
      const mu = r[i * 4 + 2]!
      const p = (1 - g * g) / (4 * Math.PI * (1 + g * g - 2 * g * mu) ** 1.5)
      expect(r[i * 4 + 3]! / p).toBeGreaterThan(0.999)
      expect(r[i * 4 + 3]! / p).toBeLessThan(1.001)
    }
  })
})
