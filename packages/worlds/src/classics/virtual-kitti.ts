/**
 * A drive down a street after Virtual KITTI (Gaidon et al., "Virtual worlds as proxy for multi-object tracking analysis", 2016; Cabon et al., "Virtual KITTI 2",
 * 2020): a stereo pair with KITTI's field of view and baseline on a moving car, other traffic, parked cars, people who walk; the same drive under other
 * weather and times of day with `weather`, all else equal.
 *
 * Shows: tracking ids, 2-D and 3-D boxes, depth, disparity, optical and scene flow, poses of camera and objects, occlusion and truncation.
 * Cost: 150–200 objects, half a million triangles, 20 frames of 1242 × 375 from two cameras.
 * Command: `diorama generate virtual-kitti --count 1 --size 621x188 --config weather=sunset --labels kubric,disparity --out out/vkitti`.
 */
import { z } from 'zod'
import { scene } from '../builder/scene.ts'
import { handheldPath, linearPath } from '../toolkit/camera-paths.ts'
import { movingCamera, stereoRig } from '../toolkit/cameras.ts'
import { defineWorld } from '../world.ts'
import { LANE } from './street/road.ts'
import { CATEGORIES, street } from './street/street.ts'
import { atmosphere, conditions, WEATHERS } from './street/weather.ts'

const FRAMES = 20
const FPS = 10
/** KITTI's cameras: 725 px of focal length across 1242, 0.532725 m apart, 1.65 m above the road. */
const SENSOR = 32
const FOCAL = (725 / 1242) * SENSOR
const BASELINE = 0.532725
const HEIGHT = 1.65

export const virtualKitti = defineWorld({
  name: 'virtual-kitti',
  description: 'A drive down a street after Virtual KITTI: a stereo pair among moving and parked cars and people, in all weathers',
  config: z.strictObject({
    weather: z
      .enum(['any', ...WEATHERS])
      .default('any')
      .describe('clone is a clear noon; the same seed drives the same street in all of them'),
    speed: z.number().min(0).max(20).default(8).describe('m/s of the car that films'),
    stereo: z.boolean().default(true).describe('a second camera 0.53 m to the right'),
  }),
  build({ key, config }) {
    const weather = config.weather === 'any' ? key.fork('weather').choice(WEATHERS) : config.weather
    const now = conditions(key.fork('conditions'), weather)
    const [start, end] = [-1 / FPS, FRAMES / FPS]
    const s = scene({ frames: FRAMES, fps: FPS, categories: CATEGORIES })
    s.add(atmosphere(now), street(key.fork('street'), { season: 'summer', conditions: now, start, end, speed: config.speed }))
    const y = -LANE / 2
    const from = { position: [0, y, HEIGHT] as const, lookAt: [20, y, HEIGHT - 0.25] as const }
    const to = { position: [config.speed * end, y, HEIGHT] as const, lookAt: [config.speed * end + 20, y, HEIGHT - 0.25] as const }
    const left = movingCamera({
      name: 'left',
      start,
      end,
      keys: 2 * FRAMES + 3,
      focalLength: FOCAL,
      sensorWidth: SENSOR,
      resolution: [1242, 375],
      path: handheldPath(linearPath(from, to, [0, end]), key.fork('road-noise'), { sway: 0.008, shake: 0.0015, band: [0.5, 3] }),
    })
    s.add(config.stereo ? stereoRig(left, BASELINE) : left)
    return s.tag({ weather, speed: config.speed, ...(now.visibility === null ? {} : { visibility: now.visibility }) })
  },
})
