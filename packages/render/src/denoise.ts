/** Denoising of a finished frame in the kernel. */
import { RenderError } from './errors.ts'
import type { Kernel } from './kernel.ts'
import type { Light, LightSplit, RadianceFrame } from './types.ts'

/** The light in colours that is filtered with the picture; `shadow` is no light. */
const PARTS = ['emission', 'diffuse', 'specular', 'direct', 'indirect'] as const satisfies readonly (keyof LightSplit)[]

/** Linear RGB, 3 floats a pixel, and the split where the frame has one. A frame of one sample a pixel comes back as it is: its noise cannot be estimated. */
export function denoiseFrame(kernel: Kernel, frame: RadianceFrame): Light {
  const { width, height, spp, split } = frame
  if (frame.color.length !== width * height * 3) {
    throw new RenderError(
      `the frame says ${width} × ${height} but has ${frame.color.length / 3} pixels. Denoise whole frames as radiance made them.`,
    )
  }
  if (spp < 2 || width * height === 0) return { color: frame.color, ...(split && { split }) }
  const mark = kernel.mark()
  const what = 'denoising'
  const color = kernel.put(frame.color, what)
  const half = kernel.put(frame.half, what)
  const square = kernel.put(frame.square, what)
  const albedo = kernel.put(frame.albedo, what)
  const normal = kernel.put(frame.normal, what)
  const depth = kernel.put(frame.depth, what)
  const coverage = kernel.put(frame.coverage, what)
  const count = split ? PARTS.length : 0
  const bytes = frame.color.byteLength
  const light = kernel.alloc(count * bytes, what)
  if (split) for (const [k, part] of PARTS.entries()) kernel.f32.set(split[part], (light + k * bytes) >>> 2)
  const out = kernel.alloc((1 + count) * bytes, what)
  const scratch = kernel.alloc(kernel.call.denoiseBytes(width, height, count), what)
  kernel.call.denoise(width, height, color, half, square, albedo, normal, depth, coverage, spp, light, count, out, scratch)
  const picture = (k: number) => kernel.f32.slice((out + k * bytes) >>> 2, (out + (k + 1) * bytes) >>> 2)
  const result = picture(0)
  const parts = split && {
    ...(Object.fromEntries(PARTS.map((part, k) => [part, picture(k + 1)])) as Record<(typeof PARTS)[number], Float32Array>),
    shadow: split.shadow,
  }
  kernel.release(mark)
  return parts ? { color: result, split: parts } : { color: result }
}
