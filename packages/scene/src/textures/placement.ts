/** Where a material's use of a picture lies. */
import { cos, sin } from '../maths/portable.ts'
import type { Material, TextureRef } from '../schema/material.ts'

/** The picture's coordinates (v up) from those of the mesh (uv mapping) or of the box, in repeats: rows of a 2 × 3 matrix. */
export type Placement = readonly [number, number, number, number, number, number]

export function placementOf(ref: TextureRef, mapping: Material['mapping']): Placement {
  const { scale: s, offset: o } = mapping.type === 'uv' ? mapping : { scale: [1, 1] as const, offset: [0, 0] as const }
  const { scale, rotation, offset } = ref.transform ?? { scale: [1, 1], rotation: 0, offset: [0, 0] }
  const [c, n] = rotation === 0 ? [1, 0] : [cos(rotation), sin(rotation)]
  const [sx, sy] = [scale[0], scale[1]]
  return [
    c * sx * s[0],
    -n * sy * s[1],
    c * sx * o[0] - n * sy * o[1] + offset[0],
    n * sx * s[0],
    c * sy * s[1],
    n * sx * o[0] + c * sy * o[1] + offset[1],
  ]
}
