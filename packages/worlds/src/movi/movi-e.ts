/**
 * MOVi-E of Kubric (Greff et al. 2022, 2203.03570): MOVi-D with a camera that moves on a straight line; with `--config camera=panning` the point that it looks
 * at moves too (panning MOVi-E of TAPIR, Doersch et al. 2023, 2306.08637). With `--labels kubric,tracks` it is what TAP-Vid-Kubric is made of.
 * What differs from the original worker is listed in docs/worlds.md.
 */
import { z } from 'zod'
import { defineWorld } from '../world.ts'
import { linearCamera, panningCamera } from './camera.ts'
import { heapFields, heapOrder } from './fields.ts'
import { scanScene } from './scan-scene.ts'

export const moviE = defineWorld({
  name: 'movi-e',
  description: "Kubric's MOVi-E: MOVi-D with a moving camera, on a line (or panning, as for point tracking)",
  config: z
    .strictObject({
      ...heapFields,
      camera: z.enum(['linear', 'panning']).default('linear').describe('looks at the middle all the time, or at a point that moves'),
    })
    .check(heapOrder),
  build: context => {
    const key = context.key.fork('camera')
    return scanScene('movi-e', context, context.config.camera === 'panning' ? panningCamera(key) : linearCamera(key)).tag({
      camera: context.config.camera,
    })
  },
})
