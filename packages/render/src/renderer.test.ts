import { quat, type ResolvedScene, type SceneInput } from '@dioramic/scene'
import { beforeAll, describe, expect, test } from 'vitest'
import { random } from '../test/reference/random.ts'
import { constantEnvironment, cube, icosphere, keyframeMotion, resolveByHand, square } from '../test/support/scenes.ts'
import { RenderError } from './errors.ts'
import { loadKernel } from './node/index.ts'
import { createRenderer } from './renderer.ts'
import type { RadianceFrame, Renderer } from './types.ts'

let renderer: Renderer
beforeAll(async () => {
  renderer = await createRenderer(await loadKernel())
})

const meshes = { square: square(), cube: cube(), ball: icosphere(2) }
type Vec = [number, number, number]

/** A turning glass ball, a metal box, a lamp and a floor under a sky; `seed` moves them. */
function sceneOf(seed: number, extra: Partial<SceneInput> = {}): ResolvedScene {
  const next = random(seed)
  const place = (): Vec => [next() * 2 - 1, next() * 2 - 1, 0.3 + next()]
  const turn = [...quat.fromAxisAngle([0, 0.6, 0.8], next() * 6)] as [number, number, number, number]
  const input: SceneInput = {
    frames: 3,
    materials: {
      floor: { baseColor: [0.6, 0.5, 0.4] },
      glass: { transmission: 1, roughness: 0.1, ior: 1.25 + Math.floor(next() * 8) / 16 },
      metal: { metallic: 1, roughness: 0.2 },
      veil: { opacity: 0.5 },
    },
    environment: { light: { type: 'constant', color: [1, 1, 1] } },
    cameras: [
      { resolution: [24, 18], position: [0, -5, 2], rotation: [...quat.lookAt([0, -5, 2], [0, 0, 0.4])] as never, focalLength: 40 },
    ],
    objects: [
      { id: 1, name: 'floor', geometry: 'square', material: 'floor', scale: [8, 8, 1] },
      { id: 2, name: 'ball', geometry: 'ball', material: 'glass', position: place(), scale: [0.4, 0.4, 0.4] },
      { id: 3, name: 'box', geometry: 'cube', material: 'metal', position: place(), rotation: turn, scale: [0.5, 0.9, 0.4] },
      { id: 4, name: 'veil', geometry: 'square', material: 'veil', position: [0, 0, 2.5], rotation: turn },
    ],
    ...extra,
  }
  const sky = input.environment ? constantEnvironment([0.5, 0.6, 0.8]) : null
  return resolveByHand(input, meshes, sky && { light: sky, background: sky })
}
const load = (r: Renderer, resolved: ResolvedScene) => r.load(resolved, keyframeMotion(resolved))
const REQUEST = { camera: 0, frame: 1, spp: 6, seed: [7, 9] as const }
const bytes = (f: RadianceFrame) => [f.color, f.half, f.albedo, f.normal, f.depth, f.coverage]

describe('the same request makes the same bytes', () => {
  test('twice, after other scenes, in a fresh renderer', async () => {
    const resolved = sceneOf(1)
    const first = load(renderer, resolved).radiance(REQUEST)
    expect(first.color.some(x => x > 0)).toBe(true)
    const again = load(renderer, resolved)
    again.radiance({ ...REQUEST, frame: 0, spp: 2 })
    again.rays(0.01)
    expect(bytes(again.radiance(REQUEST))).toEqual(bytes(first))
    for (let i = 2; i < 40; i++) load(renderer, sceneOf(i)).radiance({ ...REQUEST, spp: 1 })
    expect(bytes(load(renderer, resolved).radiance(REQUEST))).toEqual(bytes(first))
    const fresh = await createRenderer(await loadKernel())
    const other = load(fresh, resolved)
    expect(bytes(other.radiance(REQUEST))).toEqual(bytes(first))
    expect(other.denoise(first)).toEqual(load(renderer, resolved).denoise(first))
    fresh.dispose()
  })

  test('another seed makes another picture', () => {
    const loaded = load(renderer, sceneOf(1))
    expect(loaded.radiance({ ...REQUEST, seed: [7, 10] }).color).not.toEqual(loaded.radiance(REQUEST).color)
    expect(loaded.radiance({ ...REQUEST, seed: [8, 9] }).color).not.toEqual(loaded.radiance(REQUEST).color)
  })

  test('rows rendered apart are the rows of the whole', () => {
    const loaded = load(renderer, sceneOf(3))
    const whole = loaded.radiance(REQUEST)
    const parts = [
      [0, 5],
      [5, 6],
      [6, 6],
      [6, 18],
    ].map(([a, b]) => loaded.radiance({ ...REQUEST, rows: [a!, b!] }))
    expect(Float32Array.from(parts.flatMap(p => [...p.color]))).toEqual(whole.color)
    expect(Float32Array.from(parts.flatMap(p => [...p.depth]))).toEqual(whole.depth)
    expect(parts.reduce((s, p) => s + p.rays.closest, 0)).toBe(whole.rays.closest)
    expect(parts.map(p => p.height)).toEqual([5, 1, 0, 12])
  })
})

test('memory stays flat over 300 scenes', async () => {
  const r = await createRenderer(await loadKernel())
  const step = (i: number) => {
    const loaded = load(r, sceneOf(i))
    loaded.radiance({ ...REQUEST, spp: 1, rows: [0, 2] })
    loaded.rays(0).occluded({ count: 1, origins: new Float64Array(3), directions: Float64Array.of(0, 0, 1), tMin: 0, tMax: 1 })
  }
  for (let i = 0; i < 10; i++) step(i)
  const before = r.memoryBytes()
  for (let i = 10; i < 300; i++) step(i)
  expect(r.memoryBytes()).toBe(before)
  r.dispose()
}, 300_000)

describe('what cannot be rendered is told', () => {
  const fails = (f: () => unknown, message: RegExp) => {
    expect(f).toThrow(RenderError)
    expect(f).toThrow(message)
  }

  test('poses that are not numbers, with the object named', () => {
    const resolved = sceneOf(1)
    const motion = { ...keyframeMotion(resolved), pose: () => ({ position: [0, NaN, 0] as const, rotation: [0, 0, 0, 1] as const }) }
    const loaded = renderer.load(resolved, motion)
    fails(() => loaded.radiance(REQUEST), /object "floor" has a pose that is not a number: position 0, NaN, 0/)
    fails(() => loaded.rays(0), /object "floor" has a pose/)
    // The failure leaves the renderer as it was.
    expect(load(renderer, resolved).radiance(REQUEST).color.every(Number.isFinite)).toBe(true)
  })

  test('meshes that are not meshes', () => {
    const broken = (change: object) => {
      const resolved = sceneOf(1)
      const objects = resolved.objects.map((o, i) =>
        i === 1 ? { ...o, meshKey: `broken ${Math.random()}`, mesh: { ...o.mesh, ...change } } : o,
      )
      return () => load(renderer, { ...resolved, objects })
    }
    fails(broken({ indices: new Uint32Array(0) }), /object "ball" has no triangles/)
    fails(broken({ indices: Uint32Array.of(0, 1, 99999) }), /object "ball": triangle 0 uses vertex 99999/)
    fails(broken({ positions: meshes.ball.positions.map((x, i) => (i === 4 ? NaN : x)) }), /object "ball": vertex 1 has the coordinate NaN/)
  })

  test('requests out of range', () => {
    const loaded = load(renderer, sceneOf(1))
    fails(() => loaded.radiance({ ...REQUEST, camera: 1 }), /there is no camera 1; the scene has 1/)
    fails(() => loaded.radiance({ ...REQUEST, spp: 0 }), /samples a pixel must be an integer from 1/)
    fails(() => loaded.radiance({ ...REQUEST, spp: 1.5 }), /got 1.5/)
    fails(() => loaded.radiance({ ...REQUEST, rows: [4, 19] }), /rows must be \[from, to\) within 0 … 18, got \[4, 19\)/)
  })

  test('a scene that another has replaced', () => {
    const loaded = load(renderer, sceneOf(1))
    const query = loaded.rays(0)
    load(renderer, sceneOf(2))
    fails(() => loaded.radiance(REQUEST), /no longer loaded/)
    fails(
      () => query.closest({ count: 1, origins: new Float64Array(3), directions: Float64Array.of(0, 0, 1), tMin: 0, tMax: 1 }),
      /no longer/,
    )
  })

  test('a picture too large for the memory', () => {
    const resolved = sceneOf(1)
    const camera = { ...resolved.scene.cameras[0]!, resolution: [16000, 16000] as [number, number] }
    const loaded = load(renderer, { ...resolved, scene: { ...resolved.scene, cameras: [camera] } })
    fails(() => loaded.radiance({ ...REQUEST, spp: 1 }), /does not fit in the kernel's 4 GiB: the picture needs/)
  })
})

describe('little scenes', () => {
  test('no lights: black, and its guides are there', () => {
    const frame = load(renderer, sceneOf(1, { environment: undefined })).radiance(REQUEST)
    expect(frame.color.every(x => x === 0)).toBe(true)
    expect(frame.coverage.some(x => x > 0.99)).toBe(true)
  })

  test('no objects: the sky', () => {
    const frame = load(renderer, sceneOf(1, { objects: [] })).radiance(REQUEST)
    expect(frame.coverage.every(x => x === 0)).toBe(true)
    frame.color.forEach((x, i) => {
      expect(Math.abs(x / [0.5, 0.6, 0.8][i % 3]! - 1)).toBeLessThan(1 / 256)
    })
  })

  test('normals of no length: a picture by box mapping is there all the same', () => {
    const flat = meshes.cube
    const images = new Map([['orange', { width: 1, height: 1, data: new Uint8Array([255, 128, 0, 255]) }]])
    const ofNormals = (normals: Float32Array) => {
      const resolved = resolveByHand(
        {
          frames: 1,
          materials: { painted: { baseColor: { texture: 'orange' }, specular: 0, mapping: { type: 'box', size: 0.1 } } },
          cameras: [{ resolution: [4, 4], position: [0, -5, 2], rotation: [...quat.lookAt([0, -5, 2], [0, 0, 0])] as never }],
          objects: [{ id: 1, name: 'box', geometry: 'box', material: 'painted', scale: [9, 9, 1] }],
        },
        { box: { ...flat, normals } },
        null,
        images,
      )
      return load(renderer, resolved).radiance({ ...REQUEST, frame: 0 }).albedo
    }
    const zero = new Float32Array(flat.positions.length)
    expect(ofNormals(zero)).toEqual(ofNormals(zero.map((_, i) => (i % 3 === 2 ? 1 : 0))))
  })
})
