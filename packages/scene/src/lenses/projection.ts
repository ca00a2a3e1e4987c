/** The one place where a camera's model is chosen. */
import { brownConrady } from './brown-conrady.ts'
import { equirectangular } from './equirectangular.ts'
import { fisheye } from './fisheye.ts'
import type { Intrinsics, Projection } from './lens.ts'
import { orthographic } from './orthographic.ts'
import { pinhole } from './pinhole.ts'

/** The projection of a camera; make it once for many points. */
export function projectionOf(camera: Intrinsics): Projection {
  const { lens } = camera
  switch (lens?.model) {
    case undefined:
      return pinhole(camera)
    case 'brown-conrady':
      return brownConrady(camera, lens)
    case 'fisheye':
      return fisheye(camera, lens)
    case 'orthographic':
      return orthographic(camera)
    case 'equirectangular':
      return equirectangular(camera)
  }
}

/** How far outside the picture rays must exist: the pixel filter reaches 1.5 pixels past the edge pixels' centres. */
export const MARGIN = 2

/**
 * Why not every place in the picture has a ray, or undefined. A lens whose coefficients fold inside the picture shows some directions twice
 * and has nothing to show elsewhere.
 */
export function foldOf(camera: Intrinsics): string | undefined {
  const { width, height } = camera
  const { ray, maxAngle } = projectionOf(camera)
  const out = new Float64Array(6)
  const steps = 32
  for (let j = 0; j <= steps; j++) {
    for (let i = 0; i <= steps; i++) {
      const u = -MARGIN + ((width + 2 * MARGIN) * i) / steps
      const v = -MARGIN + ((height + 2 * MARGIN) * j) / steps
      if (ray(u, v, out)) continue
      const degrees = ((maxAngle * 180) / Math.PI).toFixed(1)
      return `the distortion folds inside the picture: no ray leads to (${u.toFixed(1)}, ${v.toFixed(1)}) of ${width} × ${height}. The model is one-to-one only up to ${degrees}° from the axis; use a longer focal length, a smaller picture of the same sensor, or other coefficients`
    }
  }
  return undefined
}
