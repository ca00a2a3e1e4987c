import { type Mesh, quat, type ResolvedScene, type SceneInput } from '@dioramic/scene'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { random } from '../test/reference/random.ts'
import { cross, soupOf } from '../test/support/brute-force.ts'
import { cube, icosphere, keyframeMotion, resolveByHand, square } from '../test/support/scenes.ts'
import { loadKernel } from './node/index.ts'
import { createRenderer } from './renderer.ts'
import type { Rays, Renderer } from './types.ts'

let renderer: Renderer
beforeAll(async () => {
  renderer = await createRenderer(await loadKernel())
})

type Vec = readonly [number, number, number]
type Placed = Omit<NonNullable<SceneInput['objects']>[number], 'id' | 'name' | 'material'>

const CAMERA = {
  resolution: [8, 8] as [number, number],
  focalLength: 50,
  position: [0, 0, 9] as [number, number, number],
  rotation: [0, 0, 0, 1] as [number, number, number, number],
}
function sceneOf(meshes: Record<string, Mesh>, objects: readonly Placed[], extra: Partial<SceneInput> = {}): ResolvedScene {
  return resolveByHand(
    {
      materials: { m: {} },
      cameras: [CAMERA],
      ...extra,
      objects: objects.map((o, i) => ({ id: i + 1, name: `o${i}`, material: 'm', ...o })),
    } as SceneInput,
    meshes,
  )
}
const queryOf = (resolved: ResolvedScene) => renderer.load(resolved, keyframeMotion(resolved)).rays(0)
const raysOf = (list: readonly (readonly [Vec, Vec])[], tMin = 0, tMax = Infinity): Rays => ({
  count: list.length,
  origins: Float64Array.from(list.flatMap(r => r[0])),
  directions: Float64Array.from(list.flatMap(r => r[1])),
  tMin,
  tMax,
})
const soupMesh = (positions: number[], indices: number[]): Mesh => ({
  positions: Float32Array.from(positions),
  indices: Uint32Array.from(indices),
  normals: null,
  uvs: null,
  parts: [{ firstTriangle: 0, triangles: indices.length / 3, material: null }],
})

/** Triangles of all sizes at random; every sixth degenerate (a point or a line), every seventh twice. */
function randomMesh(next: () => number, triangles: number): Mesh {
  const positions: number[] = []
  const indices: number[] = []
  for (let i = 0; i < triangles; i++) {
    const size = 2 * 10 ** (-2 * next())
    const centre = [next() * 4 - 2, next() * 4 - 2, next() * 4 - 2]
    const first = positions.length / 3
    for (let k = 0; k < 3; k++) for (let c = 0; c < 3; c++) positions.push(centre[c]! + (next() - 0.5) * 2 * size)
    if (i % 12 === 5) indices.push(first, first, first)
    else if (i % 6 === 5) indices.push(first, first + 1, first)
    else indices.push(first, first + 1, first + 2)
    if (i % 7 === 6) indices.push(...indices.slice(-3))
  }
  return soupMesh(positions, indices)
}

/** Holds closest and occluded to brute force. */
function agree(resolved: ResolvedScene, list: readonly (readonly [Vec, Vec])[], tMin: number, tMax: number): number {
  const motion = keyframeMotion(resolved)
  const query = renderer.load(resolved, motion).rays(0)
  const soup = soupOf(resolved, motion, 0)
  const found = query.closest(raysOf(list, tMin, tMax))
  const blocked = query.occluded(raysOf(list, tMin, tMax))
  const triangle = new Map(Array.from(soup.instance, (inst, k) => [`${inst} ${soup.primitive[k]}`, k]))
  let hits = 0
  list.forEach(([o, d], i) => {
    // Nearest triangle that is hit without doubt.
    let sure = Infinity
    for (let k = 0; k < soup.instance.length; k++) {
      const c = cross(soup, k, o, d)
      if (c && c.cosine > 1e-6 && c.margin > 1e-9 && c.t > tMin + 1e-9 && c.t < Math.min(sure, tMax - 1e-9)) sure = c.t
    }
    const t = found.t[i]!
    expect(blocked[i], `ray ${i}: occluded`).toBe(found.instance[i]! >= 0 ? 1 : 0)
    if (found.instance[i]! < 0) {
      expect(sure, `ray ${i}: a miss, but a triangle is hit`).toBe(Infinity)
      return
    }
    hits++
    expect(t, `ray ${i}: not the nearest`).toBeLessThanOrEqual(sure * (1 + 1e-10))
    expect(t > tMin && t < tMax).toBe(true)
    // What is named is what is hit, exactly.
    const c = cross(soup, triangle.get(`${found.instance[i]} ${found.primitive[i]}`)!, o, d)
    if (!c || c.cosine < 1e-4) return
    const k = triangle.get(`${found.instance[i]} ${found.primitive[i]}`)! * 9
    const edge = Math.hypot(...[0, 1, 2].map(a => soup.corners[k + 3 + a]! - soup.corners[k + a]!))
    const slack = (1e-13 * 10) / c.cosine
    expect(Math.abs(t - c.t) * Math.hypot(...d), `ray ${i}: t`).toBeLessThan(slack)
    expect(c.margin).toBeGreaterThan(-1e-9)
    for (let a = 0; a < 3; a++) {
      const [u, v] = [found.u[i]!, found.v[i]!]
      const p = (1 - u - v) * soup.corners[k + a]! + u * soup.corners[k + 3 + a]! + v * soup.corners[k + 6 + a]!
      expect(Math.abs(p - (o[a]! + t * d[a]!)), `ray ${i}: point, edge ${edge}`).toBeLessThan(slack)
    }
  })
  return hits
}

const vec = (next: () => number, size: number): Vec => [(next() - 0.5) * 2 * size, (next() - 0.5) * 2 * size, (next() - 0.5) * 2 * size]
const unit = (next: () => number): Vec => {
  for (;;) {
    const v = vec(next, 1)
    const l = Math.hypot(...v)
    if (l > 0.1 && l < 1) return [v[0] / l, v[1] / l, v[2] / l]
  }
}

/** From somewhere to somewhere near the middle. */
function aimed(next: () => number, size: number): readonly [Vec, Vec] {
  const o = vec(next, size)
  const to = vec(next, 1.5)
  return [o, [to[0] - o[0], to[1] - o[1], to[2] - o[2]]]
}

describe('against brute force', () => {
  test('one mesh of random triangles, some degenerate, some twice', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 250 }), (seed, triangles) => {
        const next = random(seed)
        const resolved = sceneOf({ soup: randomMesh(next, triangles) }, [{ geometry: 'soup' }])
        agree(
          resolved,
          Array.from({ length: 120 }, () => aimed(next, 4)),
          0,
          Infinity,
        )
      }),
      { numRuns: 25 },
    )
  })

  test('instances that are turned, moved and stretched, with limits on t and long directions', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 14 }), (seed, count) => {
        const next = random(seed)
        const meshes = { soup: randomMesh(next, 20), ball: icosphere(1), cube: cube() }
        const names = Object.keys(meshes)
        const objects = Array.from({ length: count }, () => ({
          geometry: names[Math.floor(next() * 3)]!,
          position: [...vec(next, 3)] as [number, number, number],
          rotation: [...quat.fromAxisAngle(unit(next), next() * 6)] as [number, number, number, number],
          scale: [0.2 + next() * 2, 0.2 + next() * 2, 0.2 + next() * 2] as [number, number, number],
        }))
        const list = Array.from({ length: 120 }, () => {
          const d = unit(next)
          const length = 0.5 + next() * 3
          return [vec(next, 5), [d[0] * length, d[1] * length, d[2] * length]] as const
        })
        const limited = seed % 2 === 0
        agree(sceneOf(meshes, objects), list, limited ? 0.5 : 0, limited ? 2.5 : Infinity)
      }),
      { numRuns: 25 },
    )
  })

  test('most of these rays hit something, so that the comparison says something', () => {
    const next = random(5)
    const resolved = sceneOf({ soup: randomMesh(next, 200) }, [{ geometry: 'soup' }])
    expect(
      agree(
        resolved,
        Array.from({ length: 200 }, () => aimed(next, 2)),
        0,
        Infinity,
      ),
    ).toBeGreaterThan(100)
  })
})

describe('known hits', () => {
  test('a plane, a box and a ball', () => {
    const q = queryOf(
      sceneOf({ square: square(), cube: cube(), ball: icosphere(5) }, [
        { geometry: 'square', position: [0, 0, -1], scale: [20, 20, 1] },
        { geometry: 'cube', position: [3, 0, 0] },
        { geometry: 'ball', position: [-3, 0, 0], scale: [0.5, 0.5, 0.5] },
      ]),
    )
    const hits = q.closest(
      raysOf([
        [
          [1.3, 2.1, 4],
          [0, 0, -2],
        ],
        [
          [8, 0.1, 0.2],
          [-1, 0, 0],
        ],
        [
          [-3.1, 0.05, 9],
          [0, 0, -1],
        ],
        [
          [0, 0, 4],
          [0, 0, 1],
        ],
      ]),
    )
    expect([...hits.instance]).toEqual([0, 1, 2, -1])
    expect(hits.t[0]).toBe(2.5)
    expect(hits.t[1]).toBeCloseTo(4.5, 13)
    // The facets of 20 480 triangles lie at most this far within the ball.
    const ball = 9 - Math.sqrt(0.25 - 0.01 - 0.0025)
    expect(hits.t[2]! - ball).toBeGreaterThan(-1e-7)
    expect(hits.t[2]! - ball).toBeLessThan(4e-4)
    expect(hits.t[3]).toBe(Infinity)
  })

  test('limits are open: a hit at tMin or tMax is none', () => {
    const q = queryOf(sceneOf({ square: square() }, [{ geometry: 'square' }]))
    const ray = [
      [0.1, 0.2, 2],
      [0, 0, -1],
    ] as const
    const at = (tMin: number, tMax: number) => q.closest(raysOf([ray], tMin, tMax)).instance[0]
    expect(at(2, Infinity)).toBe(-1)
    expect(at(0, 2)).toBe(-1)
    expect(at(2 - 1e-12, 2 + 1e-12)).toBe(0)
    expect(at(-5, -1)).toBe(-1)
    expect(
      q.closest(
        raysOf(
          [
            [
              [0.1, 0.2, 2],
              [0, 0, 1],
            ],
          ],
          -5,
          0,
        ),
      ).t[0],
    ).toBe(-2)
    const each = q.closest({ ...raysOf([ray, ray]), tMin: Float64Array.of(0, 3), tMax: Float64Array.of(1, 9) })
    expect([...each.instance]).toEqual([-1, -1])
  })

  test('surfaces below half opacity are not there, the next one is', () => {
    const scene = (opacity: number) =>
      sceneOf({ square: square() }, [{ geometry: 'square', position: [0, 0, 1] }, { geometry: 'square' }], {
        materials: { veil: { opacity }, m: {} },
      })
    const seen = (opacity: number) => {
      const resolved = scene(opacity)
      const veiled = {
        ...resolved,
        objects: resolved.objects.map((o, i) => (i === 0 ? { ...o, materials: [resolved.scene.materials['veil']!] } : o)),
      }
      const q = queryOf(veiled)
      const rays = raysOf([
        [
          [0.1, 0.2, 5],
          [0, 0, -1],
        ],
      ])
      return [q.closest(rays).instance[0], q.occluded(rays)[0], q.occluded({ ...rays, tMax: 4.5 })[0]]
    }
    expect(seen(0.49)).toEqual([1, 1, 0])
    expect(seen(0.5)).toEqual([0, 1, 1])
  })
})

describe('no cracks', () => {
  const closed = { cube: cube(), ball: icosphere(2, false) }
  test.each(Object.keys(closed))('every ray from inside a closed %s hits, through vertices and edges too', name => {
    const mesh = closed[name as keyof typeof closed]
    const resolved = sceneOf(closed, [
      {
        geometry: name,
        position: [1.7, -0.3, 5.1],
        rotation: [...quat.fromAxisAngle([0.6, 0, 0.8], 1.1)] as [number, number, number, number],
        scale: [1.3, 0.7, 2.1],
      },
    ])
    const q = queryOf(resolved)
    const soup = soupOf(resolved, keyframeMotion(resolved), 0)
    const origin: Vec = [1.7 + 0.011, -0.3 - 0.023, 5.1 + 0.017]
    const list: (readonly [Vec, Vec])[] = []
    for (let k = 0; k < mesh.indices.length / 3; k++) {
      const p = (i: number) => [0, 1, 2].map(c => soup.corners[k * 9 + i * 3 + c]!)
      for (const w of [0, 0.5, 0.25, 1 / 3]) {
        for (let i = 0; i < 3; i++) {
          const [a, b] = [p(i), p((i + 1) % 3)]
          list.push([origin, [0, 1, 2].map(c => a[c]! + w * (b[c]! - a[c]!) - origin[c]!) as unknown as Vec])
        }
      }
    }
    const next = random(1)
    for (let i = 0; i < 20000; i++) list.push([origin, unit(next)])
    const hits = q.closest(raysOf(list))
    expect(list.filter((_, i) => hits.instance[i] !== 0)).toEqual([])
    expect(q.occluded(raysOf(list)).every(x => x === 1)).toBe(true)
    // Rays named after a point of the surface hit it there.
    for (let i = 0; i < mesh.indices.length * 4; i++) expect(Math.abs(hits.t[i]! - 1)).toBeLessThan(1e-9)
  })
})
