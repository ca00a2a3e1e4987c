/** What a lens does to directions: models of projection and their coefficients. A camera without one is a pinhole. */

/** Radial, tangential and thin-prism distortion of a pinhole, as OpenCV's `calibrateCamera` defines it (Brown 1966, Conrady 1919). */
export interface BrownConrady {
  readonly model: 'brown-conrady'
  /** k1 … k6: (1 + k1 r² + k2 r⁴ + k3 r⁶) / (1 + k4 r² + k5 r⁴ + k6 r⁶). */
  readonly k: readonly number[]
  /** p1, p2. */
  readonly p: readonly number[]
  /** s1 … s4. */
  readonly s: readonly number[]
}
/** θd = θ (1 + k1 θ² + k2 θ⁴ + k3 θ⁶ + k4 θ⁸), as OpenCV's `fisheye` (Kannala and Brandt 2006); all 0 is the equidistant fisheye. */
export interface Fisheye {
  readonly model: 'fisheye'
  /** k1 … k4. */
  readonly k: readonly number[]
}
/** Parallel rays; fx and fy are pixels a metre. */
export interface Orthographic {
  readonly model: 'orthographic'
}
/** The whole sphere: longitude (right of −Z) along u, latitude (up) along −v; fx and fy are pixels a radian. */
export interface Equirectangular {
  readonly model: 'equirectangular'
}
export type Lens = BrownConrady | Fisheye | Orthographic | Equirectangular

/** What projection needs of a camera. Pixels, raster coordinates. */
export interface Intrinsics {
  readonly width: number
  readonly height: number
  readonly fx: number
  readonly fy: number
  readonly cx: number
  readonly cy: number
  readonly lens?: Lens
}

/** Metres. What is nearer to the camera's plane (to its centre, for lenses that see more than a half-space) or behind has no image: projection divides by that. */
export const NEAR = 1e-3

/** A camera's projection, in the camera's frame (+X right, +Y up, −Z forward). Pure, f64, portable. Results go to the caller's array: hot loops allocate nothing. */
export interface Projection {
  /** Raster (u, v) of a point to `out[0]`, `out[1]`. False, and `out` as it was, where the point has no image. */
  project(x: number, y: number, z: number, out: Float64Array): boolean
  /**
   * The ray through raster (u, v): direction to `out[0 … 2]`, origin to `out[3 … 5]`. The direction has 1 along the optical axis for lenses that see a
   * half-space at most (pinhole, Brown–Conrady, orthographic), unit length for the others. False, and `out` as it was, where no ray leads to.
   */
  ray(u: number, v: number, out: Float64Array): boolean
  /** Whether ray directions have 1 along the optical axis, so that ray parameters are depths. */
  readonly axial: boolean
  /** Largest angle from the optical axis that has an image, radians. */
  readonly maxAngle: number
}
