/**
 * Human pose estimation: dressed people of all builds in random and yoga-like poses, in HDR rooms, partly hidden by things that stand about.
 *
 * Shows: one to three skinned people (`body/`), standing on their own feet (or hands), who move a little from frame to frame; body shape, skin, hair and
 * clothes are drawn from the key. With `--labels detection,bodies --format folder,coco` the set has COCO's seventeen keypoints: exact joints projected,
 * visible where a ray says so; the layer `part` (`--labels materials`) is human parsing. Train on `poses=random`, test on `poses=yoga` for poses that
 * training has never seen.
 *
 * Cost: some 23,000 vertices a person; bodies are made once a process (3 s), each new person in half a second; 8 frames of 256 × 256.
 */
import { type Key, portable, quat, type Vec3, vec3 } from '@dioramic/scene'
import { z } from 'zod'
import { person, randomLook } from '../body/person.ts'
import { type Angles, jointPlaces, type Pose, poseInput, settlePose } from '../body/pose.ts'
import { randomPose, varied, YOGA_NAMES, YOGA_POSES } from '../body/poses.ts'
import { hdri } from '../builder/environment.ts'
import type { ObjectDraft } from '../builder/object.ts'
import { preset } from '../builder/preset.ts'
import { scene } from '../builder/scene.ts'
import { randomShape, shape } from '../builder/shapes.ts'
import { camera } from '../toolkit/cameras.ts'
import { ordered } from '../toolkit/fields.ts'
import { ROOM_NAMES, roomStrength } from '../toolkit/lit-rooms.ts'
import { scatter } from '../toolkit/scatter.ts'
import { defineWorld } from '../world.ts'

const FRAMES = 8
const FPS = 8
const FLOORS = ['concrete', 'wood-planks', 'parquet', 'terrazzo', 'linen', 'felt', 'grass'] as const

/** From one pose to another by their angles, level and on the ground at nine times. */
function movement(from: Pose, to: Pose, shape: Parameters<typeof settlePose>[1]) {
  const times = Array.from({ length: 9 }, (_, i) => -1 / FPS + ((i / 8) * (FRAMES + 1)) / FPS)
  const names = [...new Set([...Object.keys(from.angles), ...Object.keys(to.angles)])]
  const poses = times.map((_, i) => {
    const u = i / 8
    const angles: Angles = Object.fromEntries(names.map(n => [n, (1 - u) * (from.angles[n] ?? 0) + u * (to.angles[n] ?? 0)]))
    return settlePose({ ...from, angles }, shape)
  })
  return { poses, times }
}

/** One person who turns any way, standing at a point of the floor; and how far about it reaches. */
function someone(key: Key, at: Vec3, which: 'random' | 'yoga' | 'mixed'): { draft: ObjectDraft; middle: Vec3; reach: number } {
  const look = randomLook(key.fork('look'))
  const yoga = which === 'yoga' || (which === 'mixed' && key.fork('kind').uniform() < 0.5)
  const pose = yoga
    ? varied(YOGA_POSES[key.fork('yoga').choice(YOGA_NAMES)]!, key.fork('jitter'), 3)
    : randomPose(key.fork('pose'), look.shape)
  const barefoot = yoga && key.fork('barefoot').uniform() < 0.8
  const { poses, times } = movement(pose, varied(pose, key.fork('move'), yoga ? 2.5 : 8), look.shape)
  const turn = quat.fromAxisAngle([0, 0, 1], key.fork('turn').uniform(0, 2 * Math.PI))
  const draft = person(barefoot ? { ...look, shoes: null } : look)
    .rotated(turn)
    .at(at)
    .posed(poseInput(poses, times))
    .tagged({ pose_label: pose.name, barefoot })
  const places = [...jointPlaces(poses[4]!, look.shape).values()].map(p => vec3.add(at, quat.rotate(turn, p)))
  const low = [0, 1, 2].map(i => Math.min(...places.map(p => p[i]!))) as unknown as Vec3
  const high = [0, 1, 2].map(i => Math.max(...places.map(p => p[i]!))) as unknown as Vec3
  return { draft, middle: vec3.scale(vec3.add(low, high), 0.5), reach: 0.5 * vec3.length(vec3.sub(high, low)) }
}

export const humanPose = defineWorld({
  name: 'human-pose',
  description: 'Dressed people of all builds in random and yoga-like poses: COCO keypoints, parsing, depth',
  config: z
    .strictObject({
      poses: z.enum(['random', 'yoga', 'mixed']).default('mixed').describe('where poses are drawn from; yoga is meant to be held out'),
      minPeople: z.number().int().min(1).max(6).default(1).describe('fewest people'),
      maxPeople: z.number().int().min(1).max(6).default(2).describe('most people'),
      maxOccluders: z.number().int().min(0).max(20).default(5).describe('most things that stand about'),
      environment: z.string().optional().describe('an embedded HDR picture or one of --assets; random without'),
    })
    .check(ordered(['minPeople', 'maxPeople'])),
  build({ key, config }) {
    const s = scene({ frames: FRAMES, fps: FPS, categories: ['floor', 'person', 'occluder'] })
    const room = config.environment ?? key.fork('environment').choice(ROOM_NAMES)
    s.add(hdri(room, { strength: roomStrength(room, 0.8), rotation: key.fork('room').uniform(0, 2 * Math.PI) }))
    const ground = shape('plane').named('floor').category('floor').asBackground().scaled([16, 16, 1])
    s.add(ground.material(preset(key.fork('floor').choice(FLOORS), { seed: key.fork('grain').int(0, 999) })))
    const count = key.fork('count').int(config.minPeople, config.maxPeople)
    // Arms reach 0.9 m: people 2 m apart do not touch.
    const places = scatter(key.fork('places'), { min: [-2.2, -2.2, 0], max: [2.2, 2.2, 0] }, 2, count)
    const people = key
      .fork('people')
      .times(places.length)
      .map((k, i) => someone(k, vec3.sub(places[i]!, places[0]!), config.poses))
    s.add(people.map(p => p.draft))
    const center = people[0]!
    // The lens takes in the first person with room to spare, and nobody else stands right before it.
    const lens = key.fork('lens').uniform(30, 55)
    const distance = (center.reach * key.fork('margin').uniform(1.15, 1.9) * lens) / 16
    const elevation = key.fork('elevation').uniform(-0.08, 0.5)
    const target = vec3.add(center.middle, [key.fork('x').uniform(-0.1, 0.1), key.fork('y').uniform(-0.1, 0.1), 0])
    const seat = (k: Key): Vec3 => {
      const azimuth = k.uniform(0, 2 * Math.PI)
      const level = distance * portable.cos(elevation)
      const height = target[2] + distance * portable.sin(elevation)
      return [target[0] + level * portable.cos(azimuth), target[1] + level * portable.sin(azimuth), Math.max(0.25, height)]
    }
    const clear = (p: Vec3) => people.slice(1).every(({ middle: m, reach }) => vec3.length(vec3.sub(p, m)) > reach + 0.5)
    const seats = key.fork('azimuth').times(24).map(seat)
    const position = seats.find(clear) ?? seats[0]!
    s.add(camera({ position, lookAt: target, focalLength: lens, shutter: 0.5 }))
    // Things between 0.9 m from people and the camera, which keeps its own 0.8 m clear.
    const others = scatter(key.fork('spots'), { min: [-3, -3, 0], max: [3, 3, 0] }, 0.7).filter(
      p =>
        people.every((_, i) => vec3.length(vec3.sub(p, vec3.sub(places[i]!, places[0]!))) > 0.95) &&
        vec3.length(vec3.sub(p, [position[0], position[1], 0])) > 0.8,
    )
    const occluders = key.fork('occluder-count').int(0, Math.min(config.maxOccluders, others.length))
    for (const [i, k] of key.fork('occluders').times(occluders).entries()) {
      const size = k.fork('height').uniform(0.25, 0.75)
      s.add(
        randomShape(k, { size: [size, size], shapes: ['cube', 'cylinder', 'cone', 'sphere', 'teapot', 'torus-knot'] })
          .category('occluder')
          .named('occluder')
          .at([others[i]![0], others[i]![1], size / 2])
          .rotated([0, 0, 1], k.fork('yaw').uniform(0, 2 * Math.PI)),
      )
    }
    return s.tag({ environment: room, poses: config.poses })
  },
})
