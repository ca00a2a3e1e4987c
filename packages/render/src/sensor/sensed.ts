/** Linear light as a sensor behind a real lens reports it. */
import { type CameraState, type Key, portable, type Sensor, threefry2x32 } from '@dioramic/scene'
import { normal, poisson, type Uniform } from './counts.ts'
import { cosFourth, magnified } from './lens-faults.ts'

/**
 * Linear RGB (3 floats a pixel) through, in this order: chromatic aberration, vignetting, exposure, shot noise, saturation, read noise (the linear camera
 * model of EMVA 1288 without dark current). In exposed light: noise does not shift means (but for saturation), so dark pixels may be negative.
 *
 * @param key splits into one stream of numbers a pixel and channel: a frame's and a camera's own
 */
export function sensed(linear: Float32Array, camera: CameraState, sensor: Sensor, key: Key): Float32Array {
  const { exposure, vignetting, chromaticAberration, noise } = sensor
  const out = linear.slice()
  for (const [channel, by] of [
    [0, chromaticAberration[0]],
    [2, chromaticAberration[1]],
  ] as const) {
    if (by !== 0) magnified(linear, channel, camera, by, out)
  }
  const gain = portable.pow(2, exposure)
  const fall = vignetting > 0 ? cosFourth(camera) : null
  for (let i = 0; i < out.length; i++) out[i] = out[i]! * gain * (fall ? 1 - vignetting * (1 - fall[Math.floor(i / 3)]!) : 1)
  if (noise) count(out, noise, key)
  return out
}

/** Replaces exposed light by what counted electrons say of it. */
function count(light: Float32Array, { electrons, read, fullWell = Infinity }: NonNullable<Sensor['noise']>, key: Key): void {
  const [k0, k1] = key.words
  let place = 0
  let drawn = 0
  const uniform: Uniform = () => {
    const [a, b] = threefry2x32(k0, k1, place, drawn++)
    return ((a >>> 5) * 67108864 + (b >>> 6)) / 9007199254740992
  }
  for (let i = 0; i < light.length; i++) {
    place = i
    drawn = 0
    const free = Math.min(poisson(Math.max(0, light[i]!) * electrons, uniform), fullWell)
    light[i] = (free + (read > 0 ? read * normal(uniform) : 0)) / electrons
  }
}
