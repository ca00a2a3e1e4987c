/** Projection. Raster (0, 0) is the outer corner of the top-left pixel; the centre of pixel (column i, row j) is (i + ½, j + ½). DESIGN 3. */
import { numberAt, quatAt, vec3At } from './keyframes.ts'
import { conjugate, type Quat, rotate } from './maths/quat.ts'
import { add, sub, type Vec3 } from './maths/vec3.ts'
import type { Camera } from './schema/camera.ts'

/** A camera frozen at one time. */
export interface CameraState {
  readonly width: number
  readonly height: number
  /** Pixels. */
  readonly fx: number
  readonly fy: number
  /** Principal point, raster coordinates. */
  readonly cx: number
  readonly cy: number
  /** Metres, world. */
  readonly position: Vec3
  /** World from camera. */
  readonly rotation: Quat
  /** Lens diameter and plane in focus, metres. */
  readonly aperture: number
  readonly focusDistance: number
}

/** The camera at `t` seconds. */
export function cameraAt(camera: Camera, t: number): CameraState {
  const [width, height] = camera.resolution
  const f = (numberAt(camera.focalLength, t) / camera.sensorWidth) * width
  return {
    width,
    height,
    fx: f,
    fy: f,
    cx: width * (0.5 + camera.principalOffset[0]),
    cy: height * (0.5 + camera.principalOffset[1]),
    position: vec3At(camera.position, t),
    rotation: quatAt(camera.rotation, t),
    aperture: numberAt(camera.aperture, t),
    focusDistance: numberAt(camera.focusDistance, t),
  }
}

/** World point in the camera's frame (+X right, +Y up, −Z forward). */
export const cameraFromWorld = (c: CameraState, p: Vec3): Vec3 => rotate(conjugate(c.rotation), sub(p, c.position))

/** Raster position and depth (positive in front, metres) of a world point. Behind the camera the raster position means nothing. */
export function project(c: CameraState, p: Vec3): { readonly u: number; readonly v: number; readonly depth: number } {
  const q = cameraFromWorld(c, p)
  const depth = -q[2]
  return { u: c.cx + (c.fx * q[0]) / depth, v: c.cy - (c.fy * q[1]) / depth, depth }
}

/** Direction, world frame, of the ray through raster (u, v); its component along the optical axis is 1, so depth · direction reaches the surface. */
export function rayDirection(c: CameraState, u: number, v: number): Vec3 {
  return rotate(c.rotation, [(u - c.cx) / c.fx, -(v - c.cy) / c.fy, -1])
}

/** The world point at `depth` metres behind raster (u, v). */
export function unproject(c: CameraState, u: number, v: number, depth: number): Vec3 {
  const d = rayDirection(c, u, v)
  return add(c.position, [d[0] * depth, d[1] * depth, d[2] * depth])
}
