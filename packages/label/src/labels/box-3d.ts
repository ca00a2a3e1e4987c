/** `box-3d`: `box3d`, 8 corners of the object's own bounds, scaled and posed; corner i = 4·ix + 2·iy + iz with 0 = min, 1 = max. Metres, world. */
import { bounds, meshAt } from '@dioramic/scene'
import type { InstanceLabel } from '../label.ts'
import { matricesAt } from '../matrices.ts'

export const box3d: InstanceLabel = {
  kind: 'instances',
  name: 'box-3d',
  definition:
    "box3d: 8 corners [x, y, z] of the object's own oriented bounds, metres, world. Corner i = 4·ix + 2·iy + iz, where ix, iy, iz are 0 at the minimum and 1 at the maximum of the object's axis. Of a deforming body, the bounds along the object's axes of the shape it has in the frame.",
  compute(context) {
    const { world } = matricesAt(context, context.time)
    return context.resolved.objects.map((object, k) => {
      const { min, max } = object.deformation ? bounds(meshAt(object, context.time).positions) : object.bounds
      const m = world.subarray(12 * k, 12 * k + 12)
      const corners = Array.from({ length: 8 }, (_, i) => {
        const x = (i & 4 ? max : min)[0]
        const y = (i & 2 ? max : min)[1]
        const z = (i & 1 ? max : min)[2]
        return [0, 4, 8].map(row => m[row] * x + m[row + 1] * y + m[row + 2] * z + m[row + 3])
      })
      return { box3d: corners }
    })
  },
}
