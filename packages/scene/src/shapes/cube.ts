import { boxCorners, cellSurface } from './boxes.ts'
import { boxUvs, type Shape } from './surface.ts'

/** Edge 1; every face shows the whole picture. */
export const cube = (): Shape => ({
  surface: boxUvs(cellSurface(1, () => true)),
  hulls: [boxCorners([-0.5, -0.5, -0.5], [0.5, 0.5, 0.5])],
})
