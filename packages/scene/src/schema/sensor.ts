/** What a camera does to light before it is a picture. Labels, guides and linear light stay as they are. */
import { z } from 'zod'
import { nonNegative, positive, unit } from './primitives.ts'

const magnification = z.number().min(-0.1).max(0.1)

export const sensorSchema = z.strictObject({
  /** Stops: the sensor gathers the light times 2^exposure. */
  exposure: z.number().min(-20).max(20).default(0),
  /** Share of the natural fall-off: the light is multiplied by 1 − v·(1 − cos⁴θ), θ the angle from the optical axis. */
  vignetting: unit.default(0),
  /** Lateral chromatic aberration: how much larger the red and the blue image are than the green one, about the principal point (0.001 is a pixel at 1,000). */
  chromaticAberration: z.tuple([magnification, magnification]).default([0, 0]),
  /** Photons are counted: shot noise, read noise, saturation. Absent: none. */
  noise: z
    .strictObject({
      /** Electrons that exposed light of 1 W/(m² sr) frees in a pixel of each channel; Poisson. Fewer: more noise. */
      electrons: z.number().min(1e-3).max(1e9),
      /** Deviation of the read noise, electrons; normal. */
      read: nonNegative.max(1e6).default(0),
      /** Electrons that fill the well; more are not counted. Absent: they all are. */
      fullWell: positive.max(1e12).optional(),
    })
    .optional(),
  /** Quality 1–100 of a JPEG (4:2:0) that the display picture goes through. Absent: none. */
  jpeg: z.number().int().min(1).max(100).optional(),
})
export type Sensor = z.infer<typeof sensorSchema>
/** As it is written: defaults may be left out. */
export type SensorInput = z.input<typeof sensorSchema>
