/** A quick look at the first frame: how long frames take, how large they are, how noisy. Its picture is thrown away. */
import type { Label } from '@dioramic/label'
import type { LoadedScene, RadianceFrame } from '@dioramic/render'
import type { Clip } from '../clip.ts'
import { finishFrame, frameRadiance } from '../frame.ts'

export interface Calibration {
  /** Seconds of one thread for a frame. */
  readonly frameSeconds: number
  readonly frameBytes: number
  /** Expected noise of rgb-linear before denoising: root mean square, relative to the local brightness. */
  readonly noise: number
  /** Of the clip. */
  readonly frames: number
  /** Memory that is this thread's alone: its heap and its buffers, the kernel's among them. */
  readonly threadBytes: number
  /** Of a frame's light, which waits for that of the frames beside it. */
  readonly lightBytes: number
}

/** Even, so that two half buffers hold equally many samples. */
const TRIAL_SPP = 2

export function calibrate(clip: Clip, loaded: LoadedScene, labels: readonly Label[]): Calibration {
  const { spp } = clip.settings
  const trial = spp === 1 ? 1 : TRIAL_SPP
  // The first pass warms the kernel up: engines compile hot WebAssembly twice.
  const radiance = frameRadiance(clip, loaded, 0, labels, trial)
  const t0 = performance.now()
  frameRadiance(clip, loaded, 0, labels, trial)
  const t1 = performance.now()
  const { files } = finishFrame(clip, loaded, 0, labels, () => radiance)
  const t2 = performance.now()
  const { heapTotal, external } = process.memoryUsage()
  return {
    frameSeconds: (((t1 - t0) * spp) / trial + (t2 - t1)) / 1000,
    frameBytes: files.reduce((n, f) => n + f.bytes.length, 0),
    noise: trial === 1 ? Number.NaN : relativeNoise(radiance[0]!) * Math.sqrt(trial / spp),
    frames: clip.scene.frames,
    threadBytes: heapTotal + external,
    lightBytes: radiance.reduce((n, r) => n + bytesOf(r), 0),
  }
}

function bytesOf({ split, ...frame }: RadianceFrame): number {
  return [...Object.values(frame), ...Object.values(split ?? {})].reduce<number>(
    (n, a) => n + (ArrayBuffer.isView(a) ? a.byteLength : 0),
    0,
  )
}

/**
 * Standard error of a pixel's mean relative to its brightness, root mean square over the picture. The mean of all samples and the mean of
 * the odd ones differ by (A − B)/2, whose variance is that of the mean itself.
 */
export function relativeNoise({ color, half }: RadianceFrame): number {
  let sum = 0
  for (let i = 0; i < color.length; i += 3) {
    let error = 0
    let light = 0
    for (let c = i; c < i + 3; c++) {
      error += (half[c]! - color[c]!) * (half[c]! - color[c]!)
      light += color[c]! * color[c]!
    }
    sum += error / (light + 0.03)
  }
  return Math.sqrt(sum / (color.length / 3))
}
