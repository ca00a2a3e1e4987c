/** MOVi-D of Kubric (Greff et al. 2022, 2203.03570): a few objects tossed among many that have come to rest; the camera is still. What differs from the original worker is listed in docs/worlds.md. */
import { z } from 'zod'
import { defineWorld } from '../world.ts'
import { stillCamera } from './camera.ts'
import { heapFields, heapOrder } from './fields.ts'
import { scanScene } from './scan-scene.ts'

export const moviD = defineWorld({
  name: 'movi-d',
  description: "Kubric's MOVi-D: 1 to 3 objects tossed among 10 to 20 that lie there, under an HDR picture",
  config: z.strictObject(heapFields).check(heapOrder),
  build: context => scanScene('movi-d', context, stillCamera(context.key.fork('camera'))),
})
