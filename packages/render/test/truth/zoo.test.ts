/** Every shape in every material under every light, with the extremes of each: no NaN, no infinity, nothing negative, nothing black where there is light. */
import { type Light, quat, type SceneInput, SHAPE_NAMES, shapeGeometry } from '@dioramic/scene'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { C_INVALID } from '../../src/layout.ts'
import { loadKernel } from '../../src/node/index.ts'
import { createRenderer } from '../../src/renderer.ts'
import type { RadianceFrame, Renderer } from '../../src/types.ts'
import { constantEnvironment, icosphere, keyframeMotion, resolveByHand, square } from '../support/scenes.ts'

let renderer: Renderer
let memory: WebAssembly.Memory
beforeAll(async () => {
  // The kernel replaces an invalid sample by black and counts it: the count is read in the memory of the very instance that renders.
  const module = await loadKernel()
  const instantiate = WebAssembly.instantiate as (m: WebAssembly.Module, imports: WebAssembly.Imports) => Promise<WebAssembly.Instance>
  const spy = vi.spyOn(WebAssembly, 'instantiate').mockImplementation((async (m: WebAssembly.Module, imports: WebAssembly.Imports) => {
    const instance = await instantiate(m, imports)
    memory = instance.exports['memory'] as WebAssembly.Memory
    return instance
  }) as never)
  renderer = await createRenderer(module)
  spy.mockRestore()
})
const invalidSamples = () => new Uint32Array(memory.buffer)[C_INVALID >>> 2]!

type MaterialInput = NonNullable<SceneInput['materials']>[string]
const white: [number, number, number] = [1, 1, 1]
const MATERIALS: Readonly<Record<string, MaterialInput>> = {
  plain: {},
  mirror: { metallic: 1, roughness: 0, baseColor: white },
  'rough-gold': { metallic: 1, roughness: 1, baseColor: [1, 0.7, 0.3] },
  'polished-coat': { roughness: 0, ior: 1.5, baseColor: [0.6, 0.1, 0.1] },
  'coat-index-4': { roughness: 0.2, ior: 4, baseColor: white },
  'no-coat-index-1': { roughness: 0.5, ior: 1, specular: 2 },
  'clear-glass': { transmission: 1, roughness: 0, ior: 1.5, baseColor: white },
  'glass-index-1': { transmission: 1, roughness: 0, ior: 1, baseColor: white },
  'glass-index-4': { transmission: 1, roughness: 0.05, ior: 4, baseColor: white },
  'frosted-glass': { transmission: 1, roughness: 1, ior: 1.5, baseColor: [0.8, 0.9, 0.8] },
  'all-lobes': { transmission: 0.5, metallic: 0.5, roughness: 0.3, baseColor: [0.5, 0.6, 0.7] },
  glowing: { emission: [2, 1, 0.5], emissionStrength: 3 },
  gauze: { opacity: 0.3, baseColor: [0.2, 0.5, 0.8] },
  checked: {
    baseColor: { texture: 'checks' },
    roughness: { texture: 'checks', channel: 'g' },
    metallic: { texture: 'checks', channel: 'b' },
  },
  bumped: { normalMap: { texture: 'bumps' }, normalScale: 2, roughness: 0.1 },
  boxed: { baseColor: { texture: 'checks' }, mapping: { type: 'box', size: 0.1 } },
}
const checks = {
  width: 2,
  height: 2,
  data: Uint8ClampedArray.from([255, 0, 255, 255, 0, 255, 0, 255, 128, 128, 255, 0, 255, 255, 255, 255]),
}
const bumps = {
  width: 2,
  height: 2,
  data: Uint8ClampedArray.from([190, 128, 230, 255, 128, 190, 230, 255, 66, 128, 230, 255, 128, 128, 255, 255]),
}
const images = new Map([
  ['checks', checks],
  ['bumps', bumps],
])

const turn = (axis: [number, number, number], angle: number) => [...quat.fromAxisAngle(axis, angle)] as [number, number, number, number]
type LightInput = Extract<NonNullable<SceneInput['lights']>[number], { type: Light['type'] }>
const LIGHTS: Readonly<Record<string, readonly LightInput[]>> = {
  'sky alone': [],
  sun: [{ type: 'sun', name: 'a', rotation: turn([1, 0, 0], 0.7), irradiance: 5 }],
  'sun of no width': [{ type: 'sun', name: 'a', rotation: turn([1, 0.3, 0], 0.9), irradiance: 5, angle: 0 }],
  'sun of 3 rad': [{ type: 'sun', name: 'a', rotation: turn([1, 0, 0], 0.4), irradiance: 5, angle: 3 }],
  'tiny panel': [
    { type: 'area', name: 'a', position: [0, -1, 2], rotation: turn([1, 0, 0], -0.5), size: [1e-4, 1e-4], power: 50, visible: true },
  ],
  'huge disk': [
    { type: 'area', name: 'a', shape: 'disk', position: [0, 0, 3], rotation: [0, 0, 0, 1], size: [100, 50], power: 5e4, visible: true },
  ],
  'tiny ball': [{ type: 'point', name: 'a', position: [0.3, -1, 1], radius: 1e-5, power: 50, visible: true }],
  point: [{ type: 'point', name: 'a', position: [0, -0.3, 0.8], power: 50 }],
  'lamps within things': [
    { type: 'point', name: 'a', position: [-1.65, 0, 0.05], radius: 0.05, power: 5, visible: true },
    { type: 'point', name: 'b', position: [0.15, 0, 0.02], power: 5 },
    { type: 'area', name: 'c', position: [0.75, 0, 0], rotation: [0, 0, 0, 1], size: [0.2, 0.2], power: 5 },
  ],
}

/** What is wrong with a frame, in words. `again` renders a row with many more samples: a dark corner may miss the light in a few. */
function faults(frame: RadianceFrame, lit: boolean, again?: (row: number) => RadianceFrame): string[] {
  const out: string[] = []
  const all = {
    color: frame.color,
    half: frame.half,
    square: frame.square,
    albedo: frame.albedo,
    normal: frame.normal,
    depth: frame.depth,
    coverage: frame.coverage,
  }
  for (const [name, data] of Object.entries(all)) {
    if (!data.every(Number.isFinite)) out.push(`${name} is not finite`)
    if (name !== 'normal' && name !== 'depth' && data.some(x => x < 0)) out.push(`${name} is negative`)
  }
  if (invalidSamples() > 0) out.push(`${invalidSamples()} invalid samples`)
  const black = (f: RadianceFrame, i: number) => f.color[i * 3]! + f.color[i * 3 + 1]! + f.color[i * 3 + 2]! <= 0
  for (let i = 0; lit && i < frame.width * frame.height; i++) {
    const [x, y] = [i % frame.width, Math.floor(i / frame.width)]
    if (black(frame, i) && (!again || black(again(y), x))) out.push(`pixel ${x}, ${y} is black`)
  }
  return out
}

const sky = constantEnvironment([0.3, 0.4, 0.5])
const names = Object.keys(MATERIALS)
/** One shape in all materials, in two rows on a floor. */
function row(mesh: string, lights: readonly LightInput[]): SceneInput {
  return {
    cameras: [
      { resolution: [32, 10], position: [0, -4.6, 2.2], rotation: [...quat.lookAt([0, -4.6, 2.2], [0, 0, 0])] as never, focalLength: 38 },
    ],
    environment: { light: { type: 'constant', color: [1, 1, 1] } },
    materials: { ...MATERIALS, floor: { baseColor: [0.5, 0.5, 0.5], roughness: 0.1 } },
    objects: [
      ...names.map((name, i) => ({
        id: i + 1,
        name: `${name}`,
        geometry: mesh,
        material: name,
        position: [((i % 8) - 3.5) * 0.6, Math.floor(i / 8) * 1.1 - 0.4, 0] as [number, number, number],
        rotation: turn([0, 0, 1], i),
        scale: [0.55, 0.55, 0.55] as [number, number, number],
      })),
      { id: 100, name: 'floor', geometry: 'square', material: 'floor', position: [0, 0, -0.6], scale: [12, 12, 1] },
    ],
    lights: [...lights],
  }
}

describe.each(SHAPE_NAMES)('%s', shape => {
  test.each(Object.keys(LIGHTS))('%s', light => {
    const meshes = { [shape]: shapeGeometry(shape).mesh, square: square() }
    const resolved = resolveByHand(row(shape, LIGHTS[light]!), meshes, { light: sky, background: sky }, images as never)
    const loaded = renderer.load(resolved, keyframeMotion(resolved))
    const frame = loaded.radiance({ camera: 0, frame: 0, spp: 8, seed: [11, 5] })
    const again = (row: number) => loaded.radiance({ camera: 0, frame: 0, spp: 256, seed: [12, 5], rows: [row, row + 1] })
    expect(faults(frame, true, again)).toEqual([])
  })
})

describe('hard places for a camera', () => {
  const ball = icosphere(3)
  const shot = (
    eye: [number, number, number],
    at: [number, number, number],
    objects: SceneInput['objects'],
    lights: readonly LightInput[] = LIGHTS['sun']!,
  ) => {
    const scene: SceneInput = {
      cameras: [{ resolution: [12, 12], position: eye, rotation: [...quat.lookAt(eye, at)] as never, aperture: 0.02 }],
      environment: { light: { type: 'constant', color: [1, 1, 1] } },
      materials: MATERIALS,
      objects,
      lights: [...lights],
    }
    const resolved = resolveByHand(scene, { ball, square: square() }, { light: sky, background: sky }, images as never)
    return renderer.load(resolved, keyframeMotion(resolved)).radiance({ camera: 0, frame: 0, spp: 16, seed: [3, 5] })
  }
  test.each(names)('inside a ball of %s', material => {
    // Within what is opaque it is dark; within what lets light in it is not.
    const lit = MATERIALS[material]!.transmission !== undefined || material === 'glowing' || material === 'gauze'
    const frame = shot([0.1, 0, 0], [1, 0.2, 0.1], [{ id: 1, name: 'ball', geometry: 'ball', material }])
    expect(faults(frame, lit && material !== 'glass-index-4')).toEqual([])
  })
  test.each(names)('grazing over a plane of %s', material => {
    const frame = shot([0, -5, 1e-3], [0, 5, -1e-3], [{ id: 1, name: 'plane', geometry: 'square', material, scale: [20, 20, 1] }])
    expect(faults(frame, true)).toEqual([])
  })
  test.each(names)('a ball of 10 µm and one of 10 km of %s', material => {
    for (const size of [1e-5, 1e4]) {
      const frame = shot([0, -4 * size, size], [0, 0, 0], [{ id: 1, name: 'ball', geometry: 'ball', material, scale: [size, size, size] }])
      expect(faults(frame, true), `size ${size}`).toEqual([])
    }
  })
  test('on the surface itself, nested glass, and two faces in one plane', () => {
    const glass = (id: number, size: number) => ({
      id,
      name: `g${id}`,
      geometry: 'ball',
      material: 'clear-glass',
      scale: [size, size, size] as [number, number, number],
    })
    expect(faults(shot([0, -1, 0], [0, 0, 0], [glass(1, 1)]), false)).toEqual([])
    expect(faults(shot([0, -4, 0], [0, 0, 0], [glass(1, 1), glass(2, 0.999), glass(3, 0.5)]), true)).toEqual([])
    const flat = (id: number, material: string) => ({ id, name: material, geometry: 'square', material })
    expect(faults(shot([0, -1, 1], [0, 0, 0], [flat(1, 'mirror'), flat(2, 'plain'), flat(3, 'clear-glass')]), true)).toEqual([])
  })
  test('the check has teeth', () => {
    const frame = shot([0, -4, 0], [0, 0, 0], [])
    const bad = (change: (f: Float32Array) => void) => {
      const color = frame.color.slice()
      change(color)
      return faults({ ...frame, color }, true)
    }
    expect(faults(frame, true)).toEqual([])
    expect(bad(c => c.fill(0, 3, 6))).toEqual(['pixel 1, 0 is black'])
    expect(bad(c => (c[4] = Number.NaN))).toEqual(['color is not finite'])
    expect(bad(c => (c[4] = -1e-9))).toEqual(['color is negative'])
  })
})
