import { Key, quat, type Vec3, vec3 } from '@dioramic/scene'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { boxPoints, floor, GEOMETRIES, type TestGeometry, testScene } from '../test/scene.ts'
import { PhysicsError } from './error.ts'
import { initPhysics } from './physics.ts'
import type { PlacementItem } from './placement.ts'

const physics = await initPhysics()
const item = (label: string, shape: string | TestGeometry, scale: Vec3): PlacementItem => {
  const g = typeof shape === 'string' ? GEOMETRIES[shape]! : shape
  const mesh = { positions: new Float32Array(), indices: new Uint32Array(), normals: null, uvs: null, parts: [] }
  return {
    label,
    geometry: g.geometry,
    scale,
    source: { mesh, hulls: g.hulls, bounds: g.bounds ?? { min: [-0.5, -0.5, -0.5], max: [0.5, 0.5, 0.5] } },
  }
}
const at = (position: Vec3, rotation = quat.IDENTITY) => ({ position, rotation })
const coordinate = fc.double({ min: -1, max: 1, noNaN: true })

describe('overlap', () => {
  it('of two balls is the distance of their centres', () => {
    fc.assert(
      fc.property(fc.tuple(coordinate, coordinate, coordinate), fc.double({ min: 0.05, max: 0.8, noNaN: true }), (p, r) => {
        const gap = vec3.length(p) - r - 0.3
        fc.pre(Math.abs(gap) > 1e-5)
        const space = physics.placement()
        space.add(item('ball', 'sphere', [0.6, 0.6, 0.6]), at([0, 0, 0]))
        expect(space.overlaps(item('other', 'sphere', [2 * r, 2 * r, 2 * r]), at(p))).toBe(gap < 0 ? 'ball' : null)
        space.free()
      }),
      { numRuns: 60 },
    )
  })

  it('of a ball and a turned box, given as a cube or as hulls, is the distance to the box; clearance adds to it', () => {
    const half: Vec3 = [0.2, 0.1, 0.3]
    const asHull: TestGeometry = {
      geometry: { type: 'asset', asset: 'x' },
      hulls: [boxPoints(0.5, 0.5, 0.25, [0, 0, 0.25]), boxPoints(0.5, 0.5, 0.25, [0, 0, -0.25])],
    }
    fc.assert(
      fc.property(fc.tuple(coordinate, coordinate, coordinate), fc.nat(), fc.constantFrom(0, 0.05), (p, seed, clearance) => {
        const rotation = Key.fromSeed(seed).rotation()
        const local = quat.rotate(quat.conjugate(rotation), p)
        const outside = local.map((x, k) => Math.max(0, Math.abs(x) - half[k]!)) as unknown as Vec3
        const gap = vec3.length(outside) - 0.1 - clearance
        fc.pre(Math.abs(gap) > 1e-5)
        for (const shape of ['cube', asHull]) {
          const space = physics.placement()
          space.add(item('box', shape, vec3.scale(half, 2)), at([0, 0, 0], rotation))
          expect(space.overlaps(item('ball', 'sphere', [0.2, 0.2, 0.2]), at(p), clearance)).toBe(gap < 0 ? 'box' : null)
          space.free()
        }
      }),
      { numRuns: 60 },
    )
  })

  it('sees what is wholly inside', () => {
    const space = physics.placement()
    space.add(item('big', 'cube', [1, 1, 1]), at([0, 0, 0]))
    for (const shape of ['sphere', 'cube', 'cylinder', 'cone'])
      expect(space.overlaps(item('small', shape, [0.1, 0.1, 0.1]), at([0.1, 0.2, 0]))).toBe('big')
    space.free()
  })

  it('counts the slab below a plane', () => {
    const space = physics.placement()
    space.add({ ...item('floor', 'plane', [4, 4, 1]), moves: false }, at([0, 0, 0]))
    const ball = item('ball', 'sphere', [0.2, 0.2, 0.2])
    expect(space.overlaps(ball, at([0, 0, 0.1001]))).toBeNull()
    expect(space.overlaps(ball, at([0, 0, 0.0999]))).toBe('floor')
    expect(space.overlaps(ball, at([0, 0, -0.5]))).toBe('floor')
    space.free()
  })
})

describe('place', () => {
  it('finds free places, and fails by name when there are none', () => {
    const space = physics.placement()
    const ball = item('ball', 'sphere', [0.4, 0.4, 0.4])
    const key = Key.fromSeed(3)
    const placed: Vec3[] = []
    const draw = (i: number) => (trial: number) => {
      const k = key.fork(i).fork(trial)
      return at([k.fork('x').uniform(-0.5, 0.5), k.fork('y').uniform(-0.5, 0.5), 0])
    }
    expect(() => {
      for (let i = 0; i < 30; i++) placed.push(space.place(ball, draw(i)).position)
    }).toThrow(/ball found no free place in 100 trials \(the last one overlapped ball\); use fewer or smaller/)
    expect(placed.length).toBeGreaterThan(3)
    for (const [i, a] of placed.entries()) for (const b of placed.slice(0, i)) expect(vec3.distance(a, b)).toBeGreaterThan(0.4 - 1e-5)
    expect(() => space.place(ball, draw(99), { trials: 5 })).toThrow(PhysicsError)
    space.free()
  })
})

describe('settle', () => {
  const boxes = (z: number) =>
    [0, 1, 2].map(i => ({
      id: 2 + i,
      name: `b${i}`,
      geometry: 'cube',
      scale: [0.1, 0.1, 0.1] as [number, number, number],
      rotation: [...quat.fromAxisAngle([1, i, 0.3], 0.5)] as [number, number, number, number],
      position: [0.02 * i, 0, z + 0.2 * i] as [number, number, number],
      body: { type: 'dynamic' as const, velocity: [5, 0, 0] as [number, number, number] },
    }))

  it('brings all to rest, ignoring velocities; the clip that begins there stays still', () => {
    const scene = { frames: 11, objects: [floor(), ...boxes(0.2)] }
    const { poses, moving, seconds } = physics.settle(testScene(scene))
    expect(moving).toEqual([])
    expect(seconds).toBeLessThan(8)
    expect([...poses.keys()]).toEqual([2, 3, 4])
    const objects = scene.objects.map(o => {
      const pose = poses.get(o.id)
      return pose
        ? {
            ...o,
            position: [...pose.position] as Vec3 as [number, number, number],
            rotation: [...pose.rotation] as [number, number, number, number],
            body: { type: 'dynamic' as const, friction: 1, restitution: 0 },
          }
        : { ...o, body: { type: 'static' as const, friction: 1, restitution: 0 } }
    })
    const motion = physics.simulate(testScene({ ...scene, objects }))
    for (const [id, pose] of poses) expect(vec3.distance(motion.pose(id, motion.end).position, pose.position)).toBeLessThan(1e-3)
  })

  it('joined things of several hulls lie in each other, and stay there in the clip, which has a collider for each hull', () => {
    const hulls = (...boxes: [half: Vec3, at: Vec3][]): TestGeometry => ({
      geometry: { type: 'asset', asset: 'it' },
      hulls: boxes.map(([half, at]) => boxPoints(...half, at)),
    })
    const extra = {
      tray: hulls(
        [
          [0.5, 0.5, 0.02],
          [0, 0, 0],
        ],
        ...([-1, 1] as const).flatMap((side): [Vec3, Vec3][] => [
          [
            [0.02, 0.5, 0.1],
            [side * 0.5, 0, 0.1],
          ],
          [
            [0.5, 0.02, 0.1],
            [0, side * 0.5, 0.1],
          ],
        ]),
      ),
      stool: hulls(
        [
          [0.1, 0.1, 0.01],
          [0, 0, 0.1],
        ],
        ...([-1, 1] as const).flatMap(x =>
          ([-1, 1] as const).map((y): [Vec3, Vec3] => [
            [0.01, 0.01, 0.1],
            [0.08 * x, 0.08 * y, 0],
          ]),
        ),
      ),
    }
    const objects = [
      floor(),
      { id: 2, name: 'tray', geometry: 'tray', position: [0, 0, 0.05] as [number, number, number], body: { type: 'dynamic' as const } },
      ...[0, 1, 2].map(i => ({
        id: 3 + i,
        name: `stool-${i}`,
        geometry: 'stool',
        position: [0.25 * (i - 1), 0, 0.3] as [number, number, number],
        rotation: [...quat.fromAxisAngle([1, i, 0.3], 0.2 * i)] as [number, number, number, number],
        body: { type: 'dynamic' as const },
      })),
    ]
    const { poses, moving } = physics.settle(testScene({ objects }, extra), { joined: true, maxSpeed: 0.05 })
    expect(moving).toEqual([])
    // The tray's bottom on the floor, the first stool's legs on the tray's.
    expect(poses.get(2)!.position[2]).toBeCloseTo(0.02, 3)
    expect(poses.get(3)!.position[2]).toBeCloseTo(0.14, 3)
    const rested = objects.map(o => {
      const pose = poses.get(o.id)
      return pose
        ? {
            ...o,
            position: [...pose.position] as [number, number, number],
            rotation: [...pose.rotation] as [number, number, number, number],
          }
        : o
    })
    const motion = physics.simulate(testScene({ frames: 11, objects: rested }, extra))
    for (const [id, pose] of poses) expect(vec3.distance(motion.pose(id, motion.end).position, pose.position), `${id}`).toBeLessThan(1e-3)
  })

  it('names what still moves when time is up', () => {
    expect(physics.settle(testScene({ objects: [floor(), ...boxes(3)] }), { seconds: 0.2 }).moving).toEqual([2, 3, 4])
  })
})
