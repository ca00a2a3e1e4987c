/** Pictures as refiners see them. */

/** A picture: planes [channels, height, width], −1 … 1. */
export interface Planes {
  readonly height: number
  readonly width: number
  readonly data: Float32Array
}

/** Planes of interleaved bytes with `stride` of them a pixel, of which the first three are red, green, blue. */
export function planesFrom(bytes: Uint8Array, width: number, height: number, stride = 3): Planes {
  const area = width * height
  const data = Float32Array.from({ length: 3 * area }, (_, i) => (2 * bytes[stride * (i % area) + Math.floor(i / area)]!) / 255 - 1)
  return { width, height, data }
}

/** A picture averaged down by the greatest whole factor that leaves it as large as `size`; itself where it is not twice as large. What does not fill a whole pixel is cut off. */
export function shrunk(p: Planes, size: { readonly width: number; readonly height: number }): Planes {
  const factor = Math.floor(Math.min(p.width / size.width, p.height / size.height))
  if (factor < 2) return p
  const [width, height] = [Math.floor(p.width / factor), Math.floor(p.height / factor)]
  const channels = p.data.length / (p.width * p.height)
  const data = new Float32Array(channels * width * height)
  for (let c = 0; c < channels; c++)
    for (let y = 0; y < height * factor; y++)
      for (let x = 0; x < width * factor; x++)
        data[(c * height + Math.floor(y / factor)) * width + Math.floor(x / factor)]! += p.data[(c * p.height + y) * p.width + x]!
  return { width, height, data: data.map(v => v / (factor * factor)) }
}
