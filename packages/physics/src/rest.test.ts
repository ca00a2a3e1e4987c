import { existsSync, readFileSync } from 'node:fs'
import { type Quat, quat, type Vec3, vec3 } from '@dioramic/scene'
import { describe, expect, it } from 'vitest'
import { floor, type TestGeometry, testScene } from '../test/scene.ts'
import { initPhysics } from './physics.ts'

const physics = await initPhysics()
const dynamic = { type: 'dynamic' as const }
const ASSETS = new URL('../../../../shared/assets/', import.meta.url)
const haveAssets = existsSync(new URL('manifest.json', ASSETS))

/** Largest wander of an object over the last half second, m. */
function wander(motion: ReturnType<typeof physics.simulate>, id: number): number {
  const last = motion.pose(id, motion.end).position
  return Math.max(...[...motion.stepTimes].filter(t => t > motion.end - 0.5).map(t => vec3.distance(motion.pose(id, t).position, last)))
}

describe('at rest on a floor', () => {
  const turned: Quat = quat.fromAxisAngle([1, 1, 0], 0.6)
  it.each([60, 240, 1000])('a ball, cube, cylinder and cone lie within 0.15 mm of it, still, at %i steps a second', stepRate => {
    for (const size of stepRate > 240 ? [0.1] : [0.02, 0.1, 1]) {
      for (const [shape, height] of [
        ['sphere', 0.5],
        ['cube', 0.5],
        ['cylinder', 0.5],
        ['cone', 0.25],
      ] as const) {
        const geometry: Record<string, TestGeometry> = {
          cone: { geometry: { type: 'shape', shape: 'cone' }, hulls: [], bounds: { min: [-0.5, -0.5, -0.25], max: [0.5, 0.5, 0.75] } },
        }
        const motion = physics.simulate(
          testScene(
            {
              stepRate,
              frames: 35,
              objects: [
                floor(),
                { id: 2, name: 'it', geometry: shape, scale: [size, size, size], position: [0, 0, size * height + 0.02], body: dynamic },
              ],
            },
            geometry,
          ),
        )
        expect(Math.abs(motion.pose(2, motion.end).position[2] - size * height)).toBeLessThan(1.5e-4)
        expect(wander(motion, 2)).toBeLessThan(5e-5)
      }
    }
  })

  it('a tumbling cube ends on a face', () => {
    const motion = physics.simulate(
      testScene({
        frames: 35,
        objects: [
          floor(),
          {
            id: 2,
            name: 'die',
            geometry: 'cube',
            scale: [0.1, 0.1, 0.1],
            rotation: [...turned],
            position: [0, 0, 0.5],
            body: { ...dynamic, angularVelocity: [3, 5, 1] },
          },
        ],
      }),
    )
    const { position, rotation } = motion.pose(2, motion.end)
    expect(Math.abs(position[2] - 0.05)).toBeLessThan(1e-4)
    const up = quat.rotate(quat.conjugate(rotation), [0, 0, 1])
    expect(Math.max(...up.map(Math.abs))).toBeGreaterThan(1 - 1e-6)
  })

  it.each([0.02, 0.1, 0.5])(
    'a cylinder of %f m on its side rolls to a stop and lies within 0.2 per cent of its radius or 0.15 mm',
    size => {
      for (const stepRate of [120, 240]) {
        const motion = physics.simulate(
          testScene({
            stepRate,
            frames: 59,
            objects: [
              floor(),
              {
                id: 2,
                name: 'can',
                geometry: 'cylinder',
                scale: [size, size, size],
                rotation: [...quat.fromAxisAngle([1, 0, 0], Math.PI / 2)],
                position: [0, 0, size / 2 + 0.001],
                body: { ...dynamic, angularVelocity: [0, 0.1 / size, 0] },
              },
            ],
          }),
        )
        expect(Math.abs(motion.pose(2, motion.end).position[2] - size / 2)).toBeLessThan(Math.max(1.5e-4, 0.001 * size))
        // The smallest keeps rocking between two of its 48 sides, by half a millimetre at most.
        expect(wander(motion, 2)).toBeLessThan(size < 0.05 ? 5e-4 : 1e-4)
        expect(vec3.length(motion.velocity(2, motion.end).linear)).toBeLessThan(size < 0.05 ? 1e-2 : 1e-3)
      }
    },
  )

  it('a plane holds at any height, tilt and scale', () => {
    for (const size of [0.5, 3, 500]) {
      const motion = physics.simulate(
        testScene({
          frames: 23,
          objects: [
            { ...floor({}, size), position: [1, 2, 3] },
            { id: 2, name: 'ball', geometry: 'sphere', scale: [0.1, 0.1, 0.1], position: [1, 2, 3.06], body: dynamic },
          ],
        }),
      )
      expect(Math.abs(motion.pose(2, motion.end).position[2] - 3.05)).toBeLessThan(1e-4)
    }
  })

  it('a stack of five boxes stands for five seconds', () => {
    const boxes = [0, 1, 2, 3, 4].map(i => ({
      id: 2 + i,
      name: `box${i}`,
      geometry: 'cube',
      scale: [0.1, 0.1, 0.1] as [number, number, number],
      position: [0, 0, 0.05 + 0.101 * i] as [number, number, number],
      body: dynamic,
    }))
    const motion = physics.simulate(testScene({ frames: 59, objects: [floor(), ...boxes] }))
    for (const [i, box] of boxes.entries()) {
      const { position, rotation } = motion.pose(box.id, motion.end)
      const below = i === 0 ? -0.05 : motion.pose(box.id - 1, motion.end).position[2]
      expect(Math.abs(position[2] - below - 0.1)).toBeLessThan(5e-4)
      expect(Math.hypot(position[0], position[1])).toBeLessThan(1e-3)
      expect(Math.abs(rotation[3])).toBeGreaterThan(0.9999)
      expect(wander(motion, box.id)).toBeLessThan(2e-5)
    }
    expect(motion.contacts.map(c => c.objects.join()).sort()).toEqual(['1,2', '2,3', '3,4', '4,5', '5,6'])
    expect(motion.contacts.every(c => c.end === null)).toBe(true)
  })

  it('an inline mesh that does not move stays open: a ball falls into a box without a lid', () => {
    const motion = physics.simulate(
      testScene(
        {
          frames: 23,
          objects: [
            { id: 1, name: 'tray', geometry: 'tray', body: { type: 'static' } },
            { id: 2, name: 'ball', geometry: 'sphere', scale: [0.1, 0.1, 0.1], position: [0.05, 0, 0.6], body: dynamic },
          ],
        },
        { tray: openBox() },
      ),
    )
    expect(Math.abs(motion.pose(2, motion.end).position[2] - 0.05)).toBeLessThan(1e-3)
    const [first] = motion.contacts
    expect(first!.objects).toEqual([1, 2])
    expect(first!.normal[2]).toBeCloseTo(1, 4)
    expect(first!.relativeVelocity[2] / -Math.sqrt(2 * 9.81 * 0.55)).toBeCloseTo(1, 2)
    expect(vec3.distance(first!.point, [0.05, 0, 0])).toBeLessThan(0.02)
    expect(first!.begin).toBeCloseTo(motion.start + Math.sqrt((2 * 0.55) / 9.81), 2)
  })
})

describe.skipIf(!haveAssets)('scanned objects (skipped without ../shared/assets)', () => {
  const ids = [
    'alphabet_soup',
    'bbq_sauce',
    'butter',
    'chefmate_8_frypan',
    'cream_cheese',
    'glazed_rim_porcelain_ramekin',
    'milk',
    'popcorn',
  ]

  it.each(ids)('%s comes to rest on the floor within 1 mm or 0.5 per cent of its size, measured at its hulls', id => {
    const hulls = readHulls(id)
    const size = Math.max(...hulls.flatMap(h => [...h]).map(Math.abs))
    for (const angle of [0, 1.1]) {
      const motion = physics.simulate(
        testScene(
          {
            frames: 47,
            objects: [
              floor(),
              {
                id: 2,
                name: 'it',
                geometry: 'it',
                rotation: [...quat.fromAxisAngle([1, 2, 3], angle)],
                position: [0, 0, 0.3],
                body: { ...dynamic, density: 500, restitution: 0.1 },
              },
            ],
          },
          { it: { geometry: { type: 'asset', asset: id }, hulls } },
        ),
      )
      const { position, rotation } = motion.pose(2, motion.end)
      let lowest = Infinity
      for (const h of hulls) for (const p of points(h)) lowest = Math.min(lowest, vec3.add(position, quat.rotate(rotation, p))[2])
      expect(Math.abs(lowest)).toBeLessThan(Math.max(1e-3, 0.005 * size))
    }
  })

  it('a ball rests inside the frying pan', () => {
    const hulls = readHulls('chefmate_8_frypan')
    for (const [x, y] of [
      [0, 0],
      [0.03, 0.02],
      [-0.05, 0.01],
    ] as const) {
      const motion = physics.simulate(
        testScene(
          {
            frames: 59,
            objects: [
              floor(),
              { id: 2, name: 'pan', geometry: 'pan', position: [0, 0, 0.001], body: { ...dynamic, mass: 0.8 } },
              { id: 3, name: 'ball', geometry: 'sphere', scale: [0.04, 0.04, 0.04], position: [x, y, 0.12], body: dynamic },
            ],
          },
          { pan: { geometry: { type: 'asset', asset: 'pan' }, hulls } },
        ),
      )
      const ball = motion.pose(3, motion.end).position
      const pan = motion.pose(2, motion.end)
      const local = quat.rotate(quat.conjugate(pan.rotation), vec3.sub(ball, pan.position))
      expect(Math.hypot(local[0], local[1])).toBeLessThan(0.08)
      const gap = Math.min(...hulls.map(h => distanceToHull(points(h), local))) - 0.02
      expect(Math.abs(gap)).toBeLessThan(2e-4)
      expect(vec3.length(motion.velocity(3, motion.end).linear)).toBeLessThan(1e-3)
      expect(wander(motion, 3)).toBeLessThan(5e-4)
    }
  })
})

const points = (h: Float32Array): Vec3[] => Array.from({ length: h.length / 3 }, (_, i) => [h[3 * i]!, h[3 * i + 1]!, h[3 * i + 2]!])

/** Vertices of each object of a collision OBJ, in metres. */
function readHulls(id: string): Float32Array[] {
  const entry = JSON.parse(readFileSync(new URL('manifest.json', ASSETS), 'utf8')).objects.find((o: { id: string }) => o.id === id)
  const vertices: number[][] = []
  const groups: Set<number>[] = []
  for (const line of readFileSync(new URL(entry.collision, ASSETS), 'utf8').split('\n')) {
    const [tag, ...rest] = line.trim().split(/\s+/)
    if (tag === 'v') vertices.push(rest.slice(0, 3).map(x => Number(x) * entry.unit_scale))
    else if (tag === 'o') groups.push(new Set())
    else if (tag === 'f') for (const corner of rest) groups.at(-1)!.add(Number.parseInt(corner, 10) - 1)
  }
  return groups.filter(g => g.size > 0).map(g => new Float32Array([...g].flatMap(i => vertices[i]!)))
}

/** Distance of an outside point to the convex hull: the nearest of all triangles among its vertices, since those inside are never nearer. */
function distanceToHull(hull: readonly Vec3[], p: Vec3): number {
  let best = Infinity
  for (let i = 0; i < hull.length; i++)
    for (let j = i + 1; j < hull.length; j++)
      for (let k = j + 1; k < hull.length; k++) best = Math.min(best, distanceToTriangle(p, hull[i]!, hull[j]!, hull[k]!))
  return best
}

function distanceToTriangle(p: Vec3, a: Vec3, b: Vec3, c: Vec3): number {
  const n = vec3.cross(vec3.sub(b, a), vec3.sub(c, a))
  const nn = vec3.dot(n, n)
  const edge = (u: Vec3, v: Vec3) => {
    const d = vec3.sub(v, u)
    const t = Math.min(1, Math.max(0, vec3.dot(vec3.sub(p, u), d) / vec3.dot(d, d)))
    return vec3.distance(p, vec3.lerp(u, v, t))
  }
  const inside = [
    [a, b],
    [b, c],
    [c, a],
  ].every(([u, v]) => vec3.dot(vec3.cross(vec3.sub(v!, u!), vec3.sub(p, u!)), n) >= 0)
  return inside && nn > 0 ? Math.abs(vec3.dot(vec3.sub(p, a), n)) / Math.sqrt(nn) : Math.min(edge(a, b), edge(b, c), edge(c, a))
}

/** A tray of 0.6 × 0.6 m with walls of 0.3 m, seen from inside and outside (two sheets 2 cm apart). */
function openBox(): TestGeometry {
  const corners: number[] = []
  for (const [r, z0] of [
    [0.3, 0],
    [0.32, -0.02],
  ] as const)
    for (const z of [z0, 0.3]) corners.push(-r, -r, z, r, -r, z, r, r, z, -r, r, z)
  const quads: number[][] = [
    [0, 1, 2, 3],
    [8, 11, 10, 9],
  ]
  for (let i = 0; i < 4; i++) {
    const j = (i + 1) % 4
    quads.push([i, i + 4, j + 4, j], [i + 8, j + 8, j + 12, i + 12], [i + 4, i + 12, j + 12, j + 4])
  }
  const indices = quads.flatMap(([a, b, c, d]) => [a!, b!, c!, a!, c!, d!])
  const positions = new Float32Array(corners)
  return {
    geometry: { type: 'mesh', positions: corners, indices },
    hulls: [positions],
    mesh: { positions, indices: new Uint32Array(indices), normals: null, uvs: null, parts: [] },
    bounds: { min: [-0.32, -0.32, -0.02], max: [0.32, 0.32, 0.3] },
  }
}
