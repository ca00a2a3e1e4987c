/**
 * The depth sensor of the first Kinect: a projector beside an infrared camera, whose pattern is found again by correlation, so that depth is measured as
 * disparity, z = f b / d.
 *
 * Steps of an eighth of a pixel: Khoshelham and Elberink, "Accuracy and resolution of Kinect depth data for indoor mapping applications", Sensors 12
 * (2012). Noise along and across the ray: Nguyen, Izadi and Lovell, "Modeling Kinect sensor noise for improved 3D reconstruction and tracking", 3DIMPVT
 * (2012). Pixels are those of a picture 640 wide; smaller pictures see the same sensor, binned.
 */
import { portable } from '@dioramic/scene'

/** Width of the sensor's own picture, pixels. */
export const SENSOR_WIDTH = 640
/** Metres from the camera to the projector, along the camera's +X. */
export const BASELINE = 0.075
/** Smallest difference of disparity, pixels. */
export const STEP = 1 / 8
/** Metres along the axis between which there is a measurement. */
export const RANGE = [0.5, 8] as const
/** Radians between ray and normal from which on the pattern is too stretched to be found. */
export const GRAZING = (80 * Math.PI) / 180

/** Metres between neighbouring values of depth `z`: z² · STEP / (f b), `f` the focal length in pixels of a picture 640 wide. */
export const depthStep = (z: number, f: number): number => (z * z * STEP) / (f * BASELINE)

/** Standard deviation along the ray, metres, of a surface at depth `z` metres whose normal is `angle` radians off the ray. */
export function axialDeviation(z: number, angle: number): number {
  const level = 0.0012 + 0.0019 * (z - 0.4) * (z - 0.4)
  const rest = Math.PI / 2 - angle
  return angle > Math.PI / 3 ? level + ((0.0001 / Math.sqrt(z)) * angle * angle) / (rest * rest) : level
}

/** Standard deviation across the ray, pixels of a picture 640 wide. */
export const lateralDeviation = (angle: number): number => 0.8 + (0.035 * angle) / (Math.PI / 2 - angle)

/** The nearest depth that disparity in steps can say; 0 for none. */
export function quantised(z: number, f: number): number {
  const steps = Math.round((f * BASELINE) / z / STEP)
  return steps > 0 ? (f * BASELINE) / (steps * STEP) : 0
}

/** A measured depth: noise of the published deviation in all, of which the rounding of disparity makes its share. `normal` is a standard normal deviate. */
export function measured(z: number, angle: number, f: number, normal: number): number {
  const whole = axialDeviation(z, angle)
  const step = depthStep(z, f)
  const own = Math.sqrt(Math.max(0, whole * whole - (step * step) / 12))
  return quantised(z + own * normal, f)
}

/** Radians of a cosine, 0 to π/2. */
export const angleOf = (cosine: number): number => {
  const c = Math.min(1, Math.max(0, cosine))
  return portable.atan2(Math.sqrt(1 - c * c), c)
}
