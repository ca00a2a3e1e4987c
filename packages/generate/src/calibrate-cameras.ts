/** A calibration in the place of a world's lenses: where the cameras stand and when they expose stays the world's. */
import { cameraSchema, mountedOn, type SceneInput } from '@dioramic/scene'
import type { Settings } from './settings.ts'

type CameraInput = SceneInput['cameras'][number]

/** The cameras behind the calibrated lenses. A pair stands on the first camera, as `left` and `right`. */
export function calibratedCameras(cameras: readonly CameraInput[], calibration: NonNullable<Settings['calibration']>): CameraInput[] {
  const { lenses, secondFromFirst } = calibration
  const [first] = cameras
  if (!first) return []
  if (!secondFromFirst) return cameras.map(camera => behind(camera, lenses[0]!))
  const { position, rotation } = cameraSchema.parse(first)
  return [
    { ...behind(first, lenses[0]!), name: 'left' },
    { ...behind({ ...first, ...mountedOn({ position, rotation }, secondFromFirst) }, lenses[1]!), name: 'right' },
  ]
}

function behind(camera: CameraInput, lens: Readonly<Record<string, unknown>>): CameraInput {
  const { name, position, rotation, shutter, readout, sensor } = camera
  const kept = { name, position, rotation, shutter, readout, sensor, ...(lens['type'] === 'pinhole' ? thinLens(camera) : {}) }
  return { ...Object.fromEntries(Object.entries(kept).filter(([, v]) => v !== undefined)), ...lens } as CameraInput
}

const thinLens = (camera: CameraInput) => ('aperture' in camera ? { aperture: camera.aperture, focusDistance: camera.focusDistance } : {})
