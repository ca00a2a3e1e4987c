/** Rectified pairs: two pinholes side by side, whose rows are each other's. */
import { cameraAt, cameraFromWorld, quat } from '@dioramic/scene'
import { type FrameContext, LabelError } from './label.ts'
import { frameCamera } from './pixels.ts'

/** Metres, and radians: what rounding makes of a pair that is built side by side. */
const TOLERANCE = 1e-6

export interface Partner {
  /** Name of the other camera. */
  readonly name: string
  /** +1 where this camera is the left one, −1 where it is the right one. */
  readonly side: 1 | -1
}

/** The other camera of the clip's rectified pair at the frame's time. Throws `LabelError` for anything else, with what is not as it must be. */
export function partner(context: FrameContext): Partner {
  const { cameras } = context.resolved.scene
  const fail = (why: string): never => {
    throw new LabelError(
      `disparity needs a rectified pair, but ${why}. Take two like pinholes side by side (stereoRig), or stereo-to-<camera>, which joins any two cameras.`,
    )
  }
  if (cameras.length !== 2) fail(`the scene has ${cameras.length} camera${cameras.length === 1 ? '' : 's'}`)
  const other = cameras[1 - context.camera]
  const here = frameCamera(context)
  const there = cameraAt(other, context.time)
  if (here.lens || there.lens)
    fail(`the lens of ${JSON.stringify((here.lens ? cameras[context.camera] : other).name)} is not a plain pinhole`)
  for (const field of ['width', 'height', 'fx', 'fy', 'cy'] as const)
    if (Math.abs(here[field] - there[field]) > TOLERANCE * Math.abs(here[field]))
      fail(`its cameras differ in ${field}: ${here[field]} and ${there[field]}`)
  if (cameras[0].readout !== cameras[1].readout) fail('its cameras differ in readout')
  const turn = quat.multiply(quat.conjugate(here.rotation), there.rotation)
  if (Math.max(...turn.slice(0, 3).map(Math.abs)) > TOLERANCE) fail('its cameras do not look the same way')
  const [x, y, z] = cameraFromWorld(here, there.position)
  if (!(Math.abs(x) > 0) || Math.max(Math.abs(y), Math.abs(z)) > TOLERANCE * Math.max(1, Math.abs(x)))
    fail(`its cameras are not side by side: one is at ${[x, y, z].join(', ')} m in the frame of the other`)
  return { name: other.name, side: x > 0 ? 1 : -1 }
}
