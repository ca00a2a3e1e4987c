/** MOVi-C of Kubric (Greff et al. 2022, 2203.03570): everyday objects tossed onto a floor under an HDR picture; the camera is still. What differs from the original worker is listed in docs/worlds.md. */
import { z } from 'zod'
import { ordered } from '../toolkit/fields.ts'
import { defineWorld } from '../world.ts'
import { stillCamera } from './camera.ts'
import { countFields, gravityField, splitField } from './fields.ts'
import { scanScene } from './scan-scene.ts'

export const moviC = defineWorld({
  name: 'movi-c',
  description: "Kubric's MOVi-C: 3 to 10 scanned (or procedural) objects tossed onto a floor under an HDR picture",
  config: z.strictObject({ ...countFields(3, 10), ...gravityField, ...splitField }).check(ordered(['minCount', 'maxCount'])),
  build: context => scanScene('movi-c', context, stillCamera(context.key.fork('camera'))),
})
