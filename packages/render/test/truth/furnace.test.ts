/**
 * White furnace: what is white and loses nothing must vanish in uniform light. Lobe by lobe over viewers and roughnesses, then whole objects in pictures.
 * The bounds are the measured deviations, rounded up: 32 × 32 albedo tables from 512 samples an entry, linear between.
 */
import { quat, type SceneInput } from '@dioramic/scene'
import { beforeAll, describe, expect, test } from 'vitest'
import { loadKernel } from '../../src/node/index.ts'
import { createRenderer } from '../../src/renderer.ts'
import type { Renderer } from '../../src/types.ts'
import { constantEnvironment, icosphere, keyframeMotion, resolveByHand } from '../support/scenes.ts'
import { grid, Laboratory, type Surface } from './laboratory.ts'

let lab: Laboratory
let renderer: Renderer
beforeAll(async () => {
  lab = await Laboratory.open()
  renderer = await createRenderer(await loadKernel())
})

const SIZE = 64
const PAIRS = grid(SIZE)
/** Share of uniform light that a surface sends to its viewer: green of the mean of value / pdf, lobes chosen in proportion. */
function albedo(surface: Surface): number {
  lab.surface(surface)
  const n = SIZE * SIZE
  const lobes = 8
  let sum = 0
  for (let k = 0; k < lobes; k++) {
    const input = PAIRS.slice()
    // The lobe's number is stratified within each pair's own stretch, and free of the pair.
    for (let i = 0; i < n; i++) input[i * 4 + 2] = ((k + ((i * 0.6180339887) % 1)) / lobes) % 1
    const r = lab.run(n, input, 8, (at, out) => {
      lab.hooks.scatter(n, at, out)
    })
    for (let i = 0; i < n; i++) if (r[i * 8 + 3]! > 0) sum += r[i * 8 + 5]! / r[i * 8 + 3]!
  }
  return sum / (n * lobes)
}

const ROUGHNESSES = [0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]
/** Cosines of the viewer's angle, down to grazing. */
const COSINES = [1, 0.95, 0.8, 0.6, 0.4, 0.2, 0.1, 0.05]

const FAMILIES: [string, Partial<Surface>, number, number][] = [
  // name, surface, lowest and highest albedo over all roughnesses and cosines
  ['Lambert', { specular: 0 }, 0.9999, 1.0001],
  ['metal', { metallic: 1 }, 0.992, 1.008],
  ['coat over white, index 1.5', { ior: 1.5 }, 0.992, 1.008],
  ['coat over white, index 2', { ior: 2 }, 0.992, 1.008],
  ['glass from outside, index 1.5', { transmission: 1 }, 0.992, 1.008],
  ['glass from inside, index 1.5', { transmission: 1, entering: false }, 0.992, 1.008],
  ['glass from outside, index 1.2', { transmission: 1, ior: 1.2 }, 0.992, 1.008],
  ['glass of index 1 is not there', { transmission: 1, ior: 1 }, 0.98, 1.05],
  ['half metal', { metallic: 0.5 }, 0.992, 1.008],
  ['a third each: metal, glass, coat', { metallic: 1 / 3, transmission: 0.5 }, 0.992, 1.008],
]

/** What lies on top or is stretched, over fewer roughnesses. The table of two roughnesses has 12 × 12 × 12 × 6 entries, so deviates more. */
const LAYERED: [string, Partial<Surface>, number, number][] = [
  ['clearcoat over white', { clearcoat: 1, clearcoatRoughness: 0.3 }, 0.992, 1.008],
  ['rough clearcoat over metal', { clearcoat: 0.7, clearcoatRoughness: 0.9, metallic: 1 }, 0.99, 1.01],
  ['white sheen over white', { sheenColor: [1, 1, 1], sheenRoughness: 0.5, specular: 0 }, 0.992, 1.008],
  ['smooth sheen over coat', { sheenColor: [0.6, 0.6, 0.6], sheenRoughness: 0.2 }, 0.99, 1.01],
  ['pane', { transmission: 1, thinWalled: true }, 0.992, 1.008],
  ['metal, anisotropy 0.5, along', { metallic: 1, anisotropy: 0.5 }, 0.99, 1.01],
  ['metal, anisotropy 1, across', { metallic: 1, anisotropy: 1, turn: 1.4 }, 0.98, 1.02],
  ['coat, anisotropy 0.7', { anisotropy: 0.7, turn: 0.7 }, 0.988, 1.012],
  ['glass, anisotropy 0.7', { transmission: 1, anisotropy: 0.7, turn: 0.7 }, 0.99, 1.01],
]

describe('directional albedo of white surfaces is 1', () => {
  test.each([...FAMILIES, ...LAYERED])('%s', (name, surface, low, high) => {
    const roughnesses = FAMILIES.some(f => f[0] === name) ? ROUGHNESSES : [0, 0.1, 0.3, 0.6, 1]
    let least = [Infinity, 0, 0]
    let most = [-Infinity, 0, 0]
    for (const roughness of roughnesses) {
      for (const cosine of COSINES) {
        const a = albedo({ angle: Math.acos(cosine), ...surface, roughness })
        if (a < least[0]!) least = [a, roughness, cosine]
        if (a > most[0]!) most = [a, roughness, cosine]
      }
    }
    if (process.env['TRUTH_FIGURES']) console.log(name, 'least', least.join(' '), 'most', most.join(' '))
    expect(least[0]!, `roughness ${least[1]}, cosine ${least[2]}`).toBeGreaterThan(low)
    expect(most[0]!, `roughness ${most[1]}, cosine ${most[2]}`).toBeLessThan(high)
  })

  test('a grey metal sends back less, a black one what Schlick leaves at the edge', () => {
    expect(albedo({ angle: 0.3, color: [0.5, 0.5, 0.5], metallic: 1, roughness: 0.2 })).toBeCloseTo(0.5, 2)
    expect(albedo({ angle: 0, color: [0, 0, 0], metallic: 1, roughness: 0 })).toBeLessThan(1e-4)
  })
})

const ball = icosphere(5)
/** Mean green over the pixels wholly on a ball in uniform light of radiance 1, and over a ring near its edge. */
function picture(material: NonNullable<SceneInput['materials']>[string], spp: number, texture = false) {
  const resolution = 20
  const scene: SceneInput = {
    cameras: [
      {
        resolution: [resolution, resolution],
        position: [0, -8, 0],
        rotation: [...quat.lookAt([0, -8, 0], [0, 0, 0])] as never,
        focalLength: 110,
      },
    ],
    environment: { light: { type: 'constant', color: [1, 1, 1] } },
    materials: { ball: material },
    objects: [{ id: 1, name: 'ball', geometry: 'ball', material: 'ball' }],
  }
  const sky = constantEnvironment([1, 1, 1])
  const white = { width: 2, height: 2, data: new Uint8ClampedArray(16).fill(255) }
  const images = texture ? new Map([['white', white]]) : new Map()
  const resolved = resolveByHand(scene, { ball }, { light: sky, background: sky }, images as never)
  const frame = renderer.load(resolved, keyframeMotion(resolved)).radiance({ camera: 0, frame: 0, spp, seed: [8, 1], maxBounces: 64 })
  let [all, n, most] = [0, 0, 0]
  for (let i = 0; i < resolution * resolution; i++) {
    if (frame.coverage[i]! < 1) continue
    all += frame.color[i * 3 + 1]!
    most = Math.max(most, frame.color[i * 3 + 1]!)
    n++
  }
  return { mean: all / n, most, pixels: n }
}

describe('a white ball vanishes in a white room', () => {
  const white: [number, number, number] = [1, 1, 1]
  test.each<[string, NonNullable<SceneInput['materials']>[string], boolean, number?]>([
    ['Lambert', { baseColor: white, specular: 0 }, false],
    ['coat', { baseColor: white, roughness: 0.3, ior: 1.5 }, false],
    ['white texture', { baseColor: { texture: 'white' }, roughness: 0.3, ior: 1.5 }, true],
    ['metal 0', { baseColor: white, metallic: 1, roughness: 0 }, false],
    ['metal 0.05', { baseColor: white, metallic: 1, roughness: 0.05 }, false],
    ['metal 0.5', { baseColor: white, metallic: 1, roughness: 0.5 }, false],
    ['metal 1', { baseColor: white, metallic: 1, roughness: 1 }, false],
    ['half metal', { baseColor: white, metallic: 0.5, roughness: 0.4 }, false],
    ['clear glass', { baseColor: white, transmission: 1, roughness: 0, ior: 1.5 }, false],
    ['rough glass 0.2', { baseColor: white, transmission: 1, roughness: 0.2, ior: 1.5 }, false],
    ['rough glass 0.6', { baseColor: white, transmission: 1, roughness: 0.6, ior: 1.5 }, false],
    ['clearcoat', { baseColor: white, roughness: 0.5, clearcoat: 1, clearcoatRoughness: 0.1 }, false],
    ['sheen', { baseColor: white, roughness: 0.8, sheenColor: white, sheenRoughness: 0.4 }, false],
    ['brushed metal', { baseColor: white, metallic: 1, roughness: 0.3, anisotropy: 0.6 }, false, 1.006],
    ['panes', { baseColor: white, transmission: 1, thinWalled: true, roughness: 0.2, ior: 1.5 }, false, 1.006],
    ['bumps', { baseColor: { texture: 'white' }, bumpMap: { texture: 'white' }, roughness: 0.4 }, true],
  ])('%s', (name, material, texture, high = 1.002) => {
    const r = picture(material, 128, texture)
    if (process.env['TRUTH_FIGURES']) console.log(name, JSON.stringify(r))
    expect(r.pixels).toBeGreaterThan(100)
    expect(r.mean).toBeGreaterThan(0.997)
    expect(r.mean).toBeLessThan(high)
  })
})
