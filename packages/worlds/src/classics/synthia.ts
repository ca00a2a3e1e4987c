/**
 * City streets after SYNTHIA (Ros et al., "The SYNTHIA dataset: a large collection of synthetic images for semantic segmentation of urban scenes", 2016):
 * the car's surroundings in up to four directions, thirteen classes (the sky is 0), four seasons, several weathers.
 *
 * Shows: semantic segmentation (`--labels semantic`), depth, poses, instances.
 * Cost: 150–200 objects, half a million triangles, 8 frames of 1280 × 760 a direction.
 * Command: `diorama generate synthia --count 2 --size 320x190 --config season=autumn --labels semantic,depth,segmentation --out out/synthia`.
 */
import { quat, type Vec3, vec3 } from '@dioramic/scene'
import { z } from 'zod'
import { scene } from '../builder/scene.ts'
import { movingCamera } from '../toolkit/cameras.ts'
import { SEASONS } from '../trees/tree.ts'
import { defineWorld } from '../world.ts'
import { LANE } from './street/road.ts'
import { CATEGORIES, street } from './street/street.ts'
import { atmosphere, conditions, WEATHERS } from './street/weather.ts'

const FRAMES = 8
const FPS = 5
const DIRECTIONS = { front: 0, left: Math.PI / 2, back: Math.PI, right: -Math.PI / 2 } as const

export const synthia = defineWorld({
  name: 'synthia',
  description: 'City streets after SYNTHIA: one to four directions from a car, thirteen classes, seasons and weathers',
  config: z.strictObject({
    season: z
      .enum(['any', ...SEASONS])
      .default('any')
      .describe('what trees look like'),
    weather: z
      .enum(['any', ...WEATHERS])
      .default('any')
      .describe('sky, fog, wet roads, lamps'),
    omni: z.boolean().default(false).describe('four cameras, one a direction, instead of the front one'),
  }),
  build({ key, config }) {
    const season = config.season === 'any' ? key.fork('season').choice(SEASONS) : config.season
    const weather = config.weather === 'any' ? key.fork('weather').choice(WEATHERS) : config.weather
    const now = conditions(key.fork('conditions'), weather)
    const [start, end] = [-1 / FPS, FRAMES / FPS]
    const speed = key.fork('speed').uniform(3, 9)
    const s = scene({ frames: FRAMES, fps: FPS, categories: CATEGORIES })
    s.add(atmosphere(now), street(key.fork('street'), { season, conditions: now, start, end, speed }))
    const first = key.fork('x').uniform(0, 10)
    for (const [name, turn] of Object.entries(DIRECTIONS)) {
      if (!config.omni && name !== 'front') continue
      const ahead: Vec3 = quat.rotate(quat.fromAxisAngle([0, 0, 1], turn), [20, 0, -0.3])
      const path = (t: number) => {
        const position: Vec3 = [first + speed * t, -LANE / 2, 1.9]
        return { position, lookAt: vec3.add(position, ahead) }
      }
      // 100° across, as SYNTHIA's cameras (focal length 532.74 px at 1280).
      s.add(movingCamera({ name, start, end, focalLength: (532.74 / 1280) * 32, resolution: [1280, 760], path }))
    }
    return s.tag({ season, weather, ...(now.visibility === null ? {} : { visibility: now.visibility }) })
  },
})
