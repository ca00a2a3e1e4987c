/** `visible-pixels`: `visiblePixels`, how many pixels of `segmentation` are the object's. */
import type { InstanceLabel } from '../label.ts'
import { visible } from '../visible.ts'

export const visiblePixels: InstanceLabel = {
  kind: 'instances',
  name: 'visible-pixels',
  definition: 'visiblePixels: number of pixels whose centre shows the object (its pixels in segmentation).',
  compute: context => Array.from(visible(context).pixels, pixels => ({ visiblePixels: pixels })),
}
