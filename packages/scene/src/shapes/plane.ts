import type { Shape } from './surface.ts'

/** The square [−½, ½]² at z = 0, facing +Z. It bounds nothing, so it has no hulls. */
export const plane = (): Shape => ({
  surface: {
    positions: [-0.5, -0.5, 0, 0.5, -0.5, 0, 0.5, 0.5, 0, -0.5, 0.5, 0],
    indices: [0, 1, 2, 0, 2, 3],
    uvs: [0, 0, 1, 0, 1, 1, 0, 1],
  },
  hulls: [],
})
