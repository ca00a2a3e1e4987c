/** `skeleton` of the clip's instance record: the joints and morph targets of a deforming body. */
import type { ConstantLabel } from '../label.ts'

export const skeleton: ConstantLabel = {
  kind: 'constants',
  name: 'skeleton',
  definition:
    'skeleton, of deforming bodies only: {joints, morphs}. joints: {name, parent (its place in this list, null for a root), inverseBind (row-major 3×4 joint-from-object matrix of the pose in which the mesh was bound)}, in the order of joints, jointPositions and jointKeypoints. morphs: names of the morph targets, in the order of morphWeights.',
  compute: ({ objects }) =>
    objects.map(({ deformation }) => {
      if (!deformation) return {}
      const { joints, morphs } = deformation.rig
      return {
        skeleton: {
          joints: joints.map(({ name, parent, inverseBind }) => ({
            name,
            parent: parent < 0 ? null : parent,
            inverseBind: [...inverseBind],
          })),
          morphs: morphs.map(m => m.name),
        },
      }
    }),
}
