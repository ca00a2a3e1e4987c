/** `normal`: u16 (H, W, 3), unit normal, world frame, of the triangle itself, on the side facing the camera; 0 at a miss. Stored: see `specs.ts`. */
import type { PixelLabel } from '../label.ts'
import { geometricNormals, quantizeSigned } from '../normals.ts'
import { toLayer } from '../pixels.ts'
import { LAYER_SPECS } from '../specs.ts'

const spec = LAYER_SPECS['normal']

export const normal: PixelLabel = {
  kind: 'pixels',
  spec,
  compute: context => toLayer(context, spec, quantizeSigned(geometricNormals(context))),
}
