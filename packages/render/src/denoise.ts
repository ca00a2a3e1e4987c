/** Denoising of a finished frame in the kernel. */
import { RenderError } from './errors.ts'
import type { Kernel } from './kernel.ts'
import type { RadianceFrame } from './types.ts'

/** Linear RGB, 3 floats a pixel. A frame of one sample a pixel comes back as it is: its noise cannot be estimated. */
export function denoiseFrame(kernel: Kernel, frame: RadianceFrame): Float32Array {
  const { width, height, spp } = frame
  if (frame.color.length !== width * height * 3) {
    throw new RenderError(
      `the frame says ${width} × ${height} but has ${frame.color.length / 3} pixels. Denoise whole frames as radiance made them.`,
    )
  }
  if (spp < 2 || width * height === 0) return frame.color.slice()
  const mark = kernel.mark()
  const what = 'denoising'
  const color = kernel.put(frame.color, what)
  const half = kernel.put(frame.half, what)
  const square = kernel.put(frame.square, what)
  const albedo = kernel.put(frame.albedo, what)
  const normal = kernel.put(frame.normal, what)
  const depth = kernel.put(frame.depth, what)
  const coverage = kernel.put(frame.coverage, what)
  const out = kernel.alloc(frame.color.byteLength, what)
  const scratch = kernel.alloc(kernel.call.denoiseBytes(width, height), what)
  kernel.call.denoise(width, height, color, half, square, albedo, normal, depth, coverage, spp, out, scratch)
  const result = kernel.f32.slice(out >>> 2, (out >>> 2) + frame.color.length)
  kernel.release(mark)
  return result
}
