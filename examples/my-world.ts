import { camera, defineWorld, floor, hdri, randomShape, region, scene } from '@dioramic/worlds'
import { z } from 'zod'

export default defineWorld({
  config: z.object({ count: z.int().min(1).max(20).default(8) }),
  build({ key, config }) {
    const s = scene({ frames: 24, fps: 12 })
    s.add(floor(), hdri('workshop'), camera({ position: [2, -2, 1.5], lookAt: [0, 0, 0] }))
    for (const k of key.fork('objects').times(config.count))
      s.add(randomShape(k, { size: [0.1, 0.3] }).dropFrom(region([-1, -1, 0.5], [1, 1, 2])))
    return s
  },
})
