/**
 * Things thrown into a room (Kubric's challenges 1, 2 and 10): object discovery, optical flow, long-term point tracking.
 *
 * `object-discovery` grades its task: level 1 is a few CLEVR-like shapes before a still camera, 2 has objects of the library, 3 adds resting ones, 4 moves
 * the camera, 5 pans it; methods are given the boxes of the first frame (`box-2d`) and are scored by `segmentation`. `optical-flow` has a moving camera and
 * true motion blur of a strength drawn for each clip, at 512 × 512. `point-tracking` pans past moving things; `tracks-<count>` are TAP-Vid's points.
 *
 * Cost: 24 frames of 256 × 256 (optical flow of 512 × 512), up to twenty objects, one second and a half of physics.
 */
import { type Assets, type Camera, type Key, type Vec3, vec3 } from '@dioramic/scene'
import { z } from 'zod'
import { preset } from '../builder/preset.ts'
import { type SceneBuilder, scene } from '../builder/scene.ts'
import { floor, randomShape } from '../builder/shapes.ts'
import { fixedPath, linearPath } from '../toolkit/camera-paths.ts'
import { type CameraOptions, movingCamera } from '../toolkit/cameras.ts'
import { splitField } from '../toolkit/fields.ts'
import { litRoom } from '../toolkit/lit-rooms.ts'
import { pointInHalfShell, region } from '../toolkit/region.ts'
import type { Split } from '../toolkit/splits.ts'
import { defineWorld } from '../world.ts'
import { subject, subjectCategories } from './subject.ts'

const [FRAMES, FPS] = [24, 12]
const AIR = region([-3.5, -3.5, 1], [3.5, 3.5, 4.5])
const GROUND = region([-4.5, -4.5, 0], [4.5, 4.5, 3])
/** Large things leave no room for the last ones in two clips of a hundred: these go around the others, and above. */
const AROUND = [region([-6, -6, 0], [6, 6, 6])]

interface Plan {
  readonly moving: readonly [number, number]
  readonly resting: readonly [number, number]
  readonly plain: boolean
  readonly camera: 'fixed' | 'linear' | 'panning'
  readonly split: Split
}

/** From a point of a shell to another, looking at the middle or at a point that moves. */
function view(key: Key, motion: Plan['camera'], options: Partial<CameraOptions> = {}): Camera {
  const from = pointInHalfShell(key.fork('from'), 8, 10.5, 1)
  const step = vec3.scale(key.fork('step').direction(), motion === 'fixed' ? 0 : key.fork('length').uniform(0, 4))
  const end = vec3.add(from, step)
  // Never through the floor, nor into the things.
  const to: Vec3 = vec3.length(end) < 6 || end[2] < 0.6 ? vec3.sub(from, [step[0], step[1], -Math.abs(step[2])]) : end
  const aim = (name: string): Vec3 =>
    motion === 'panning' ? [key.fork(name).uniform(-2, 2), key.fork(`${name}-y`).uniform(-2, 2), 0.5] : [0, 0, 0.3]
  const span: [number, number] = [-1 / FPS, FRAMES / FPS]
  const path =
    motion === 'fixed'
      ? fixedPath({ position: from, lookAt: aim('a') })
      : linearPath({ position: from, lookAt: aim('a') }, { position: to, lookAt: aim('b') }, span)
  return movingCamera({ ...options, start: span[0], end: span[1], keys: FRAMES + 2, path })
}

function things(key: Key, assets: Assets, plan: Plan, seen: Camera): SceneBuilder {
  const s = scene({ frames: FRAMES, fps: FPS, gravity: [0, 0, -10], categories: ['floor', ...subjectCategories(assets)] })
  const { room, light } = litRoom(key)
  s.add(light)
  const ground = plan.plain ? {} : { seed: key.fork('grain').int(0, 99), mapping: { type: 'box' as const, size: 4 } }
  s.add(
    floor({ size: 60 }).material(
      plan.plain ? preset('paper') : preset(key.fork('floor').choice(['concrete', 'wood-planks', 'terrazzo', 'cobblestone']), ground),
    ),
  )
  const body = { density: 500, friction: 0.5, restitution: 0.4 }
  const one = (k: Key) =>
    plan.plain
      ? randomShape(k, { size: [0.7, 1.4], shapes: ['cube', 'cylinder', 'sphere'] })
      : subject(k, assets, plan.split).scaled(k.fork('edge').uniform(0.75, 2))
  const count = (name: string, [low, high]: readonly [number, number]) => key.fork(name).times(key.fork(`${name}-count`).int(low, high))
  for (const k of count('resting', plan.resting))
    s.add(one(k).dropFrom(GROUND, { elsewhere: AROUND }).dynamic(body).tagged({ is_dynamic: false }))
  if (plan.resting[1] > 0) s.settle({ seconds: 4, unrest: 'stop' })
  for (const k of count('moving', plan.moving))
    s.add(
      one(k)
        .dropFrom(AIR, { elsewhere: AROUND })
        .dynamic(body)
        .withVelocity(p => vec3.sub([k.fork('vx').uniform(-4, 4), k.fork('vy').uniform(-4, 4), 0], [p[0], p[1], 0]))
        .tagged({ is_dynamic: true }),
    )
  s.add(seen)
  return s.tag({ environment: room, camera: plan.camera, split: plan.split })
}

const LEVELS: readonly Omit<Plan, 'split'>[] = [
  { moving: [3, 8], resting: [0, 0], plain: true, camera: 'fixed' },
  { moving: [3, 8], resting: [0, 0], plain: false, camera: 'fixed' },
  { moving: [1, 3], resting: [8, 14], plain: false, camera: 'fixed' },
  { moving: [1, 3], resting: [8, 14], plain: false, camera: 'linear' },
  { moving: [1, 3], resting: [8, 14], plain: false, camera: 'panning' },
]

export const objectDiscovery = defineWorld({
  name: 'object-discovery',
  description: 'Things thrown into a room, in five grades of difficulty: object discovery from video',
  config: z.strictObject({
    level: z
      .number()
      .int()
      .min(1)
      .max(5)
      .default(3)
      .describe('1 plain shapes, 2 textured, 3 among resting ones, 4 moving camera, 5 panning camera'),
    ...splitField,
  }),
  build({ key, config, assets }) {
    const plan = { ...LEVELS[config.level - 1]!, split: config.split }
    return things(key, assets, plan, view(key.fork('camera'), plan.camera)).tag({ level: config.level })
  },
})

export const opticalFlow = defineWorld({
  name: 'optical-flow',
  description: 'Things thrown into a room, a moving camera and motion blur at 512 × 512: optical flow',
  config: z.strictObject({
    maxMotionBlur: z.number().min(0).max(1).default(1).describe('longest exposure as a share of the frame interval'),
    ...splitField,
  }),
  build({ key, config, assets }) {
    const shutter = key.fork('motion-blur').uniform(0, config.maxMotionBlur)
    const plan: Plan = { moving: [3, 8], resting: [5, 10], plain: false, camera: 'linear', split: config.split }
    return things(key, assets, plan, view(key.fork('camera'), 'linear', { shutter, resolution: [512, 512] })).tag({ motion_blur: shutter })
  },
})

export const pointTracking = defineWorld({
  name: 'point-tracking',
  description: 'A camera that pans past things thrown into a room: long-term point tracking',
  config: z.strictObject(splitField),
  build({ key, config, assets }) {
    const plan: Plan = { moving: [2, 5], resting: [8, 14], plain: false, camera: 'panning', split: config.split }
    return things(key, assets, plan, view(key.fork('camera'), 'panning'))
  },
})
