/** Projection. Raster (0, 0) is the outer corner of the top-left pixel; the centre of pixel (column i, row j) is (i + ½, j + ½). DESIGN 3. */
import { numberAt, quatAt, vec3At } from './keyframes.ts'
import type { Intrinsics, Lens } from './lenses/lens.ts'
import { projectionOf } from './lenses/projection.ts'
import { conjugate, type Quat, rotate } from './maths/quat.ts'
import { add, scale, sub, type Vec3 } from './maths/vec3.ts'
import type { Camera } from './schema/camera.ts'

/** A camera frozen at one time. Focal lengths in pixels (orthographic: pixels a metre; equirectangular: a radian); principal point in raster coordinates. */
export interface CameraState extends Intrinsics {
  /** Metres, world. */
  readonly position: Vec3
  /** World from camera. */
  readonly rotation: Quat
  /** Lens diameter and plane in focus, metres. */
  readonly aperture: number
  readonly focusDistance: number
}

/** What a camera's picture looks like, wherever it stands, at `t` seconds. */
export function intrinsicsOf(camera: Camera, t: number): Intrinsics {
  const [width, height] = camera.resolution
  if (camera.type === 'equirectangular') {
    const lens = lensOf(camera)!
    return { width, height, fx: width / (2 * Math.PI), fy: height / Math.PI, cx: width / 2, cy: height / 2, lens }
  }
  const f =
    camera.type === 'orthographic' ? width / numberAt(camera.extent, t) : (numberAt(camera.focalLength, t) / camera.sensorWidth) * width
  const pinhole = {
    width,
    height,
    fx: f,
    fy: f / camera.pixelAspect,
    cx: width * (0.5 + camera.principalOffset[0]),
    cy: height * (0.5 + camera.principalOffset[1]),
  }
  const lens = lensOf(camera)
  return lens ? { ...pinhole, lens } : pinhole
}

const lenses = new WeakMap<Camera, Lens>()
/** One value a camera, so that what is worked out of a lens is worked out once. */
function lensOf(camera: Camera): Lens | undefined {
  const known = lenses.get(camera)
  if (known) return known
  const lens = makeLens(camera)
  if (lens) lenses.set(camera, lens)
  return lens
}

function makeLens(camera: Camera): Lens | undefined {
  if (camera.type === 'fisheye') return { model: 'fisheye', k: camera.distortion }
  if (camera.type !== 'pinhole') return { model: camera.type }
  if (!camera.distortion) return undefined
  const { k, p, s } = camera.distortion
  return { model: 'brown-conrady', k: Array.from({ length: 6 }, (_, i) => k[i] ?? 0), p, s }
}

/** The camera at `t` seconds. */
export function cameraAt(camera: Camera, t: number): CameraState {
  const thin = camera.type === 'pinhole'
  return {
    ...intrinsicsOf(camera, t),
    position: vec3At(camera.position, t),
    rotation: quatAt(camera.rotation, t),
    aperture: thin ? numberAt(camera.aperture, t) : 0,
    focusDistance: thin ? numberAt(camera.focusDistance, t) : 1,
  }
}

/** When raster height v of the picture that belongs to `t` is exposed, seconds: a rolling shutter reads row after row. */
export const rowTime = ({ readout, resolution }: Camera, t: number, v: number): number =>
  readout === 0 ? t : t + (v / resolution[1] - 0.5) * readout

/** World point in the camera's frame (+X right, +Y up, −Z forward). */
export const cameraFromWorld = (c: CameraState, p: Vec3): Vec3 => rotate(conjugate(c.rotation), sub(p, c.position))

/**
 * Raster position and depth (along the optical axis, positive in front, metres) of a world point. `imaged` is false, and u and v NaN, where the
 * camera has no image of it: nearer than `NEAR` or behind, or past the angle where the lens's model ends.
 */
export function project(
  c: CameraState,
  p: Vec3,
): { readonly u: number; readonly v: number; readonly depth: number; readonly imaged: boolean } {
  const q = cameraFromWorld(c, p)
  const out = new Float64Array(2)
  const imaged = projectionOf(c).project(q[0], q[1], q[2], out)
  return { u: imaged ? out[0]! : NaN, v: imaged ? out[1]! : NaN, depth: -q[2], imaged }
}

/**
 * The ray through raster (u, v), world frame. Its direction has 1 along the optical axis for lenses that see a half-space at most, so that depth is its
 * parameter; it has unit length for the others. Null where no ray leads to.
 */
export function cameraRay(c: CameraState, u: number, v: number): { readonly origin: Vec3; readonly direction: Vec3 } | null {
  const out = new Float64Array(6)
  if (!projectionOf(c).ray(u, v, out)) return null
  const [x, y, z, ox, oy, oz] = out as unknown as [number, number, number, number, number, number]
  return { origin: add(c.position, rotate(c.rotation, [ox, oy, oz])), direction: rotate(c.rotation, [x, y, z]) }
}

/** The world point at parameter `t` of the ray through raster (u, v): `t` metres deep for lenses that see a half-space at most, `t` metres away for the others. */
export function unproject(c: CameraState, u: number, v: number, t: number): Vec3 {
  const ray = cameraRay(c, u, v)
  if (!ray) throw new RangeError(`no ray of the camera leads to raster (${u}, ${v})`)
  return add(ray.origin, scale(ray.direction, t))
}
