/** `joints`: the pose of every joint, and the weights of morph targets, of deforming bodies. */
import { jointMatricesAt, jointPosesAt, morphWeightsAt } from '@dioramic/scene'
import type { InstanceLabel } from '../label.ts'
import { matricesAt } from '../matrices.ts'

export const joints: InstanceLabel = {
  kind: 'instances',
  name: 'joints',
  definition:
    "joints, of deforming bodies only: one {translation (metres), rotation (x, y, z, w), scale} a joint of skeleton, in its parent's frame, or in the object's unscaled frame for a root. jointPositions: [x, y, z] of every joint, metres, world. morphWeights: one a morph target. At the frame's time.",
  compute(context) {
    const { time } = context
    const { world } = matricesAt(context, time)
    return context.resolved.objects.map(({ deformation }, k) => {
      if (!deformation) return {}
      const places = jointMatricesAt(deformation, time)
      const m = world.subarray(12 * k, 12 * k + 12)
      return {
        joints: jointPosesAt(deformation, time).map(j => ({
          translation: [...j.translation],
          rotation: [...j.rotation],
          scale: [...j.scale],
        })),
        jointPositions: deformation.joints.map((_, j) => {
          const [x, y, z] = [places[12 * j + 3], places[12 * j + 7], places[12 * j + 11]]
          return [0, 4, 8].map(r => m[r] * x + m[r + 1] * y + m[r + 2] * z + m[r + 3])
        }),
        morphWeights: [...morphWeightsAt(deformation, time)],
      }
    })
  },
}
