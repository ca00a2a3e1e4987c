/** Forces, energy and support of simulated bodies, by the laws of mechanics; poses in the camera's frame. */
import { initPhysics, type Motion } from '@dioramic/physics'
import { NO_ASSETS, resolveScene, type SceneInput, sceneSchema } from '@dioramic/scene'
import { beforeAll, describe, expect, test } from 'vitest'
import { camera, cube, eye, inner, norm, plus, stage, turn, turnQuat, unit, type V } from '../../test/kit/oracle.ts'
import { frameContext } from '../context.ts'
import type { FrameContext } from '../label.ts'
import { dynamics } from './dynamics.ts'
import { poseCamera } from './pose-camera.ts'
import { support } from './support.ts'

type Told = { force: V; contactForce: V; kineticEnergy: number; potentialEnergy: number }
let simulate: (input: Partial<SceneInput>) => (frame: number) => FrameContext
beforeAll(async () => {
  const physics = await initPhysics()
  simulate = input => {
    const resolved = resolveScene(
      sceneSchema.parse({ fps: 12, cameras: [{ position: [0, -3, 1], rotation: [0, 0, 0, 1] }], ...input }),
      NO_ASSETS,
    )
    const motion: Motion = physics.simulate(resolved)
    const rays = () => {
      throw new Error('no rays are needed')
    }
    return frame => frameContext({ resolved, motion, rays, frame })
  }
})
const geometries = { cube: { type: 'shape' as const, shape: 'cube' as const }, plane: { type: 'shape' as const, shape: 'plane' as const } }
const floor = { id: 1, name: 'floor', geometry: 'plane', scale: [9, 9, 1] as [number, number, number], body: { type: 'static' as const } }

describe('dynamics', () => {
  test('in free fall the force is the weight, contacts do nothing, and energy only changes its form', () => {
    const at = simulate({
      frames: 6,
      geometries,
      objects: [
        {
          id: 2,
          name: 'box',
          geometry: 'cube',
          scale: [0.5, 0.3, 0.2],
          position: [0, 0, 5],
          body: { type: 'dynamic', mass: 2.5, velocity: [1, 2, 3], angularVelocity: [3, 1, 2] },
        },
      ],
    })
    const told = [0, 2, 5].map(f => dynamics.compute(at(f))[0] as unknown as Told)
    for (const t of told) {
      expect(norm(plus(t.force, [0, 0, -2.5 * 9.81], -1))).toBeLessThan(1e-4)
      expect(norm(t.contactForce)).toBeLessThan(1e-4)
      expect(t.kineticEnergy + t.potentialEnergy).toBeCloseTo(told[0].kineticEnergy + told[0].potentialEnergy, 3)
    }
    // One frame after the start: ½ m v² with v = (1, 2, 3 − g/12), and the turning of a brick about tilting axes, which stays.
    const v = [1, 2, 3 - 9.81 / 12]
    const moments = [0.3 ** 2 + 0.2 ** 2, 0.5 ** 2 + 0.2 ** 2, 0.5 ** 2 + 0.3 ** 2].map(x => (2.5 * x) / 12)
    const spin = (9 * moments[0] + moments[1] + 4 * moments[2]) / 2
    expect(told[0].kineticEnergy).toBeCloseTo((2.5 * (v[0] ** 2 + v[1] ** 2 + v[2] ** 2)) / 2 + spin, 3)
    expect(told[0].potentialEnergy).toBeCloseTo(2.5 * 9.81 * (5 + 3 / 12 - (9.81 / 2) * (1 / 144)), 3)
  })

  test('at rest contacts carry the weight; what does not move by forces has null', () => {
    const at = simulate({
      frames: 8,
      geometries,
      objects: [
        floor,
        {
          id: 2,
          name: 'box',
          geometry: 'cube',
          scale: [0.3, 0.3, 0.3],
          position: [0, 0, 0.15],
          body: { type: 'dynamic', mass: 2, restitution: 0 },
        },
      ],
    })
    const [ground, box] = dynamics.compute(at(6))
    expect(ground).toEqual({ force: null, contactForce: null, kineticEnergy: null, potentialEnergy: null })
    const { force, contactForce, kineticEnergy } = box as unknown as Told
    expect(norm(force)).toBeLessThan(0.05)
    expect(norm(plus(contactForce, [0, 0, 2 * 9.81], -1))).toBeLessThan(0.05)
    expect(kineticEnergy).toBeLessThan(1e-4)
  })
})

test('a tower: each box rests on the one below, and touches both its neighbours', () => {
  const box = (id: number, z: number, velocity: [number, number, number] = [0, 0, 0]) => ({
    id,
    name: `box-${id}`,
    geometry: 'cube',
    scale: [0.3, 0.3, 0.2] as [number, number, number],
    position: [0, 0, z] as [number, number, number],
    body: { type: 'dynamic' as const, mass: 1, restitution: 0, velocity },
  })
  const at = simulate({ frames: 10, geometries, objects: [floor, box(4, 0.1), box(3, 0.3), box(9, 3)] })
  expect(support.compute(at(6))).toEqual([
    { touching: [4], supportedBy: [] },
    { touching: [1, 3], supportedBy: [1] },
    { touching: [4], supportedBy: [4] },
    { touching: [], supportedBy: [] },
  ])
})

test('camera-frame poses place every corner where the camera has it', () => {
  const e = eye([1.5, -2, 1.2], [0, 0, 0.2])
  const axis = unit([0.3, -0.5, 0.8])
  const [position, scale]: V[] = [
    [0.2, 0.1, 0.4],
    [0.8, 0.6, 0.5],
  ]
  const s = stage({ cameras: [camera([e])], objects: [{ mesh: cube(), scale, path: () => ({ position, rotation: turnQuat(axis, 1.1) }) }] })
  const { cameraPosition, cameraRotation } = poseCamera.compute(s.context(0))[0] as unknown as {
    cameraPosition: V
    cameraRotation: number[]
  }
  const v: V = [cameraRotation[0], cameraRotation[1], cameraRotation[2]]
  const angle = 2 * Math.atan2(norm(v), cameraRotation[3])
  for (const corner of [
    [0.5, 0.5, 0.5],
    [-0.5, 0.5, -0.5],
  ] as V[]) {
    const local: V = [corner[0] * scale[0], corner[1] * scale[1], corner[2] * scale[2]]
    const q = plus(plus(position, turn(local, axis, 1.1)), e.at, -1)
    const truth: V = [inner(q, e.right), inner(q, e.up), inner(q, e.back)]
    expect(norm(plus(plus(cameraPosition, turn(local, unit(v), angle)), truth, -1))).toBeLessThan(1e-9)
  }
})
