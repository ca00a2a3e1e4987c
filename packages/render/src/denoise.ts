/** Denoising of a finished frame in the kernel. */
import { RenderError } from './errors.ts'
import type { DenoiserFrame } from './exports.ts'
import type { Kernel } from './kernel.ts'
import type { Light, LightSplit, RadianceFrame } from './types.ts'

/** The light in colours that is filtered with the picture; `shadow` is no light. */
const PARTS = ['emission', 'diffuse', 'specular', 'direct', 'indirect'] as const satisfies readonly (keyof LightSplit)[]

const WHAT = 'denoising'

/** Puts a frame's buffers into the kernel's memory. */
function put(kernel: Kernel, frame: RadianceFrame): DenoiserFrame {
  const { width, height, spp, split } = frame
  const bytes = frame.color.byteLength
  const buffers = [frame.color, frame.half, frame.square, frame.albedo, frame.normal, frame.depth, frame.coverage] as const
  const [color, half, square, albedo, normal, depth, coverage] = buffers.map(b => kernel.put(b, WHAT)) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const count = split ? PARTS.length : 0
  const light = kernel.alloc(count * bytes, WHAT)
  if (split) for (const [k, part] of PARTS.entries()) kernel.f32.set(split[part], (light + k * bytes) >>> 2)
  return [width, height, color, half, square, albedo, normal, depth, coverage, spp, light, count]
}

/**
 * Linear RGB, 3 floats a pixel, and the split where the frame has one. A frame of one sample a pixel comes back as it is: its noise cannot be estimated.
 *
 * @param beside frames through the same camera just before and after, of as many pixels and samples and split alike, in which pixels look for their likes, too
 */
export function denoiseFrame(kernel: Kernel, frame: RadianceFrame, beside: readonly RadianceFrame[] = []): Light {
  const { width, height, spp, split } = frame
  for (const f of [frame, ...beside]) {
    if (f.color.length !== f.width * f.height * 3)
      throw new RenderError(
        `the frame says ${f.width} × ${f.height} but has ${f.color.length / 3} pixels. Denoise whole frames as radiance made them.`,
      )
    if (f.width !== width || f.height !== height || f.spp !== spp || !f.split !== !split)
      throw new RenderError('frames beside the one to be denoised have other sizes, samples or parts. Give frames of one clip and camera.')
  }
  if (spp < 2 || width * height === 0) return { color: frame.color, ...(split && { split }) }
  const mark = kernel.mark()
  const count = split ? PARTS.length : 0
  const bytes = frame.color.byteLength
  const out = kernel.alloc((1 + count) * bytes, WHAT)
  const scratch = kernel.alloc(kernel.call.denoiseBytes(width, height, count, beside.length), WHAT)
  for (const [k, f] of beside.entries()) {
    const each = kernel.mark()
    kernel.call.denoiseBeside(...put(kernel, f), scratch, k)
    kernel.release(each)
  }
  kernel.call.denoise(...put(kernel, frame), out, scratch, beside.length)
  const picture = (k: number) => kernel.f32.slice((out + k * bytes) >>> 2, (out + (k + 1) * bytes) >>> 2)
  const result = picture(0)
  const parts = split && {
    ...(Object.fromEntries(PARTS.map((part, k) => [part, picture(k + 1)])) as Record<(typeof PARTS)[number], Float32Array>),
    shadow: split.shadow,
  }
  kernel.release(mark)
  return parts ? { color: result, split: parts } : { color: result }
}
