/**
 * Reconstruction from video (Kubric's challenge 9, as LASR uses it): the shape and the movement of one thing from thirty frames.
 *
 * Shows: an object tossed up and falling before a camera that stays (`camera=fixed`), or at rest while the camera goes once around it (`camera=orbit`).
 * `--labels segmentation,flow,camera,pose` are the masks, flow and cameras that the methods take.
 *
 * Cost: 30 frames of 256 × 256 of one object.
 */
import { z } from 'zod'
import { preset } from '../builder/preset.ts'
import { scene } from '../builder/scene.ts'
import { floor } from '../builder/shapes.ts'
import { orbitPath } from '../toolkit/camera-paths.ts'
import { camera, movingCamera } from '../toolkit/cameras.ts'
import { splitField } from '../toolkit/fields.ts'
import { litRoom } from '../toolkit/lit-rooms.ts'
import { defineWorld } from '../world.ts'
import { subject, subjectCategories } from './subject.ts'

const [FRAMES, FPS] = [30, 24]

export const videoReconstruction = defineWorld({
  name: 'video-reconstruction',
  description: 'One object tossed up, or a camera going round it, thirty frames: shape from video',
  config: z.strictObject({
    camera: z.enum(['fixed', 'orbit']).default('fixed').describe('stays while the object is tossed, or goes round it at rest'),
    ...splitField,
  }),
  build({ key, config, assets }) {
    const s = scene({ frames: FRAMES, fps: FPS, categories: ['floor', ...subjectCategories(assets)] })
    const { room, light } = litRoom(key)
    s.add(light)
    s.add(floor({ size: 14 }).material(preset(key.fork('floor').choice(['concrete', 'wood-planks', 'terrazzo', 'felt']))))
    const k = key.fork('object')
    const tossed = config.camera === 'fixed'
    const thing = subject(k, assets, config.split).rotated(k.fork('turn').rotation()).at([0, 0, 1])
    const spin = k.fork('spin').direction()
    const rate = k.fork('rate').uniform(2, 5)
    s.add(
      tossed
        ? thing
            .dynamic({ density: 500, restitution: 0.5 })
            .withVelocity(
              [k.fork('vx').uniform(-0.5, 0.5), k.fork('vy').uniform(-0.5, 0.5), k.fork('vz').uniform(2, 3.4)],
              [rate * spin[0], rate * spin[1], rate * spin[2]],
            )
        : thing,
    )
    const from = { position: [4.2, 0, 2] as const, lookAt: [0, 0, tossed ? 1.1 : 1] as const }
    if (tossed) s.add(camera({ ...from, focalLength: 42 }))
    else {
      const [start, end] = [-1 / FPS, FRAMES / FPS]
      s.add(movingCamera({ start, end, keys: 64, path: orbitPath(from, 1, [0, end]), focalLength: 60 }))
    }
    return s.tag({ environment: room, camera: config.camera })
  },
})
