/** `normal-shading`: u16 (H, W, 3), unit normal, world frame, interpolated from the vertices (no normal maps), on the side facing the camera; 0 at a miss. Stored: see `specs.ts`. */
import type { PixelLabel } from '../label.ts'
import { quantizeSigned, shadingNormals } from '../normals.ts'
import { toLayer } from '../pixels.ts'
import { LAYER_SPECS } from '../specs.ts'

const spec = LAYER_SPECS['normal-shading']

export const normalShading: PixelLabel = {
  kind: 'pixels',
  spec,
  compute: context => toLayer(context, spec, quantizeSigned(shadingNormals(context))),
}
