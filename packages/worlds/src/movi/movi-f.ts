/**
 * MOVi-F of Kubric (Greff et al. 2022, 2203.03570): MOVi-E at 512 × 512 with motion blur of a strength drawn for each clip.
 *
 * The blur is the light that arrives while the shutter is open, not a filter on the finished picture, so it is right behind edges, in shadows and
 * reflections. A shutter is open for at most one frame: the original's strengths of U(0, 2) frames become U(0, 1).
 * What else differs from the original worker is listed in docs/worlds.md.
 */
import { z } from 'zod'
import { defineWorld } from '../world.ts'
import { linearCamera } from './camera.ts'
import { heapFields, heapOrder } from './fields.ts'
import { scanScene } from './scan-scene.ts'

export const moviF = defineWorld({
  name: 'movi-f',
  description: "Kubric's MOVi-F: MOVi-E at 512 × 512 with motion blur",
  config: z
    .strictObject({
      ...heapFields,
      maxMotionBlur: z.number().min(0).max(1).default(1).describe('longest exposure as a share of the frame interval'),
    })
    .check(heapOrder),
  build: context => {
    const shutter = context.key.fork('motion-blur').uniform(0, context.config.maxMotionBlur)
    const view = linearCamera(context.key.fork('camera'), { resolution: [512, 512], shutter })
    return scanScene('movi-f', context, view).tag({ motion_blur: shutter })
  },
})
