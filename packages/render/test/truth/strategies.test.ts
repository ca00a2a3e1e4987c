/** One integral, three estimators: light sampling alone, scattering alone, both. They must agree, and so must lamps and glowing geometry in pictures. */
import { type Light, lightSchema, quat, type SceneInput } from '@dioramic/scene'
import { beforeAll, describe, expect, test } from 'vitest'
import { loadKernel } from '../../src/node/index.ts'
import { createRenderer } from '../../src/renderer.ts'
import type { Renderer } from '../../src/types.ts'
import { random } from '../reference/random.ts'
import { sidak, welch } from '../reference/statistics.ts'
import { keyframeMotion, resolveByHand, square } from '../support/scenes.ts'
import { Laboratory, type Surface, uniforms } from './laboratory.ts'

let lab: Laboratory
let renderer: Renderer
beforeAll(async () => {
  lab = await Laboratory.open()
  renderer = await createRenderer(await loadKernel())
})

const SAMPLES = 60_000
const rotation = (axis: [number, number, number], angle: number) => [...quat.fromAxisAngle(axis, angle)] as [number, number, number, number]

const SURFACES: [string, Surface][] = [
  ['Lambert', { angle: 0.5, specular: 0 }],
  ['coat', { angle: 0.8, color: [0.5, 0.4, 0.3], roughness: 0.3 }],
  ['metal 0.25', { angle: 0.6, metallic: 1, roughness: 0.25, color: [0.9, 0.7, 0.4] }],
  ['rough metal', { angle: 1.2, metallic: 1, roughness: 0.8 }],
  ['glass', { angle: 0.4, transmission: 1, roughness: 0.5 }],
  ['all lobes', { angle: 0.7, metallic: 0.3, transmission: 0.4, roughness: 0.5, color: [0.8, 0.6, 0.7] }],
]
const parse = (l: unknown): Light => lightSchema.parse(l)
const LIGHTS: [string, Light[], 'none' | 'even' | 'uneven'][] = [
  [
    'panel',
    [parse({ type: 'area', name: 'a', position: [-0.8, 0.3, 1.2], rotation: rotation([0, 1, 0], -0.5), size: [1.4, 0.9], power: 30 })],
    'none',
  ],
  [
    'disk below and ball above',
    [
      parse({
        type: 'area',
        shape: 'disk',
        name: 'a',
        position: [-0.4, 0, -1],
        rotation: rotation([1, 0, 0], Math.PI),
        size: [1.2, 1],
        power: 30,
      }),
      parse({ type: 'point', name: 'b', position: [-1, 0.5, 1], radius: 0.5, power: 40 }),
    ],
    'none',
  ],
  ['hazy sun', [parse({ type: 'sun', name: 's', rotation: rotation([0, 1, 0], -0.6), irradiance: 3, angle: 0.5 })], 'none'],
  ['even sky', [], 'even'],
  [
    'uneven sky and panel',
    [parse({ type: 'area', name: 'a', position: [-0.8, 0.3, 1.2], rotation: rotation([0, 1, 0], -0.5), size: [1.4, 0.9], power: 20 })],
    'uneven',
  ],
]

function skyOf(kind: 'even' | 'uneven') {
  const next = random(4)
  const data = Float32Array.from({ length: 32 * 16 * 3 }, () => (kind === 'even' ? 0.97 + 0.06 * next() : 2 * next() ** 4))
  return { image: { width: 32, height: 16, data }, rotation: 0.7 }
}

/** Mean green, with its variance. */
function estimate(mode: number, seed: number) {
  const r = lab.run(SAMPLES, uniforms(SAMPLES, 8, seed), 4, (input, out) => {
    lab.hooks.direct(mode, SAMPLES, input, out)
  })
  let [sum, squares] = [0, 0]
  for (let i = 0; i < SAMPLES; i++) {
    sum += r[i * 4 + 1]!
    squares += r[i * 4 + 1]! ** 2
  }
  const mean = sum / SAMPLES
  return { mean, variance: (squares / SAMPLES - mean * mean) / (SAMPLES - 1), samples: SAMPLES }
}

const PAIRS = LIGHTS.flatMap(l => SURFACES.map(s => [`${s[0]} under ${l[0]}`, s[1], l[1], l[2]] as const))
const LEVEL = sidak(0.01, PAIRS.length * 2)

describe(`light sampling, scattering and both agree (${PAIRS.length * 2} Welch tests, together at 1 %)`, () => {
  test.each(PAIRS.map((p, i) => [p[0], i] as const))('%s (seed %d)', (name, i) => {
    const [, surface, lights, sky] = PAIRS[i]!
    lab.lights(lights, sky === 'none' ? null : skyOf(sky))
    lab.surface(surface)
    lab.hooks.weigh(0, 0, 0, 0, 0, 1, surface.transmission ? 1 : 0)
    const [light, scatter, both] = [0, 1, 2].map(mode => estimate(mode, 100 * i + mode)) as [
      ReturnType<typeof estimate>,
      ReturnType<typeof estimate>,
      ReturnType<typeof estimate>,
    ]
    if (process.env['TRUTH_FIGURES']) console.log(name, light.mean, scatter.mean, both.mean)
    expect(both.mean).toBeGreaterThan(0)
    expect(welch(both, scatter, 1e-5)).toBeGreaterThan(LEVEL)
    // An uneven sky is sampled above its mean alone (MIS compensation): there light sampling by itself is not a whole estimator.
    if (sky !== 'uneven') expect(welch(both, light, 1e-5)).toBeGreaterThan(LEVEL)
    else expect(light.mean).toBeLessThan(both.mean)
    // Both together are not noisier than the worse of the two.
    expect(both.variance).toBeLessThan(1.1 * Math.max(scatter.variance, light.variance))
  })

  test('the comparison has teeth: scattering that counts 5 % too much fails', () => {
    lab.lights(LIGHTS[0]![1])
    lab.surface(SURFACES[0]![1])
    lab.hooks.weigh(0, 0, 0, 0, 0, 1, 0)
    const [both, scatter] = [estimate(2, 1), estimate(1, 2)]
    const wrong = { ...scatter, mean: scatter.mean * 1.05, variance: scatter.variance * 1.05 ** 2 }
    expect(welch(both, wrong, 1e-5)).toBeLessThan(LEVEL)
  })
})

test('in pictures a panel (both strategies) lights as a glowing square of the same radiance (its triangles in a tree)', () => {
  const side = 1.2
  const radiance = 4
  const down = rotation([1, 0, 0], Math.PI)
  const common = (lamp: boolean): SceneInput => ({
    cameras: [
      {
        resolution: [8, 8],
        position: [2.2, -2.2, 1.6],
        rotation: [...quat.lookAt([2.2, -2.2, 1.6], [0, 0, 0.1])] as never,
        focalLength: 60,
      },
    ],
    materials: {
      floor: { baseColor: [0.7, 0.6, 0.5], roughness: 0.35 },
      metal: { baseColor: [0.9, 0.8, 0.6], metallic: 1, roughness: 0.4 },
      square: { baseColor: [0, 0, 0], specular: 0, emission: lamp ? [0, 0, 0] : [radiance, radiance, radiance] },
    },
    objects: [
      { id: 1, name: 'floor', geometry: 'square', material: 'floor', scale: [4, 4, 1] },
      {
        id: 2,
        name: 'wall',
        geometry: 'square',
        material: 'metal',
        position: [0, 1, 0.5],
        rotation: rotation([1, 0, 0], Math.PI / 2),
        scale: [2, 1, 1],
      },
      {
        id: 3,
        name: 'square',
        geometry: 'square',
        material: 'square',
        position: [0, 0, 1.5 + (lamp ? 1e-3 : 0)],
        rotation: down,
        scale: [side, side, 1],
      },
    ],
    lights: lamp
      ? [
          {
            type: 'area',
            name: 'panel',
            position: [0, 0, 1.5],
            rotation: rotation([1, 0, 0], 0),
            size: [side, side],
            power: radiance * Math.PI * side * side,
          },
        ]
      : [],
  })
  const run = (lamp: boolean, spp: number) => {
    const resolved = resolveByHand(common(lamp), { square: square() })
    const scene = renderer.load(resolved, keyframeMotion(resolved))
    const means = Array.from({ length: 16 }, (_, k) => {
      const { color } = scene.radiance({ camera: 0, frame: 0, spp, seed: [k, lamp ? 1 : 2] })
      return color.reduce((s, x) => s + x, 0) / color.length
    })
    const mean = means.reduce((s, x) => s + x, 0) / means.length
    return { mean, variance: means.reduce((s, x) => s + (x - mean) ** 2, 0) / (means.length - 1) / means.length, samples: means.length }
  }
  const [panel, glow] = [run(true, 16), run(false, 128)]
  if (process.env['TRUTH_FIGURES']) console.log(panel, glow)
  expect(panel.mean).toBeGreaterThan(0.1)
  expect(Math.sqrt(glow.variance) / glow.mean).toBeLessThan(0.01)
  expect(welch(panel, glow, 1e-3 * panel.mean)).toBeGreaterThan(0.001)
})
