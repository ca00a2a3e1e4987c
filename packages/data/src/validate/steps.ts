/** How much a picture steps between two neighbouring pixels, in ranks: light, contrast and heavy-tailed noise do not matter then. */
import type { Clip, Values } from './clip.ts'
import type { Axis } from './outline.ts'
import { Errors } from './report.ts'

/** Layers that show what a camera sees. */
export const PICTURES = ['rgb', 'rgb-linear'] as const

/** Pixels averaged to either side of the step, and rows to either side of its own. */
const DEPTH = 3
const BREADTH = 1

/**
 * For each pixel and the next one along the axis, the rank (0 to 1) of their step among all of the frame; −1 at the margin. A step is the difference
 * of two means of 3 × 3 pixels.
 */
export const stepRanks = (clip: Clip, name: string, frame: number, axis: Axis): Promise<Float32Array | undefined> =>
  clip.note(
    `steps ${name} ${axis}`,
    async () => {
      const layer = await clip.values(name, frame)
      return layer && ranks(steps(name === 'rgb-linear' ? toned(layer) : layer, axis))
    },
    frame,
  )

/** Light as a display shows it, roughly: bright parts are no longer rougher than dark ones for being brighter. */
function toned(layer: Values): Values {
  const light = new Errors()
  for (const x of layer.data) if (x > 0) light.add(x)
  const middle = light.quantile(0.5) || 1
  return { ...layer, data: Float32Array.from(layer.data, x => (x > 0 ? Math.sqrt(x / (x + middle)) : 0)) }
}

/** Sum over channels of squared differences; −1 at the margin. */
function steps({ width, height, channels, data }: Values, axis: Axis): Float32Array {
  const out = new Float32Array(width * height).fill(-1)
  const [along, across] = axis === 'columns' ? [1, width] : [width, 1]
  const [beside, before, after] = [BREADTH, DEPTH - 1, DEPTH]
  const [x0, x1, y0, y1] =
    axis === 'columns' ? [before, width - after, beside, height - beside] : [beside, width - beside, before, height - after]
  for (let y = y0; y < y1; y++) {
    for (let x = x0; x < x1; x++) {
      const p = y * width + x
      let square = 0
      for (let c = 0; c < channels; c++) {
        let difference = 0
        for (let j = -BREADTH; j <= BREADTH; j++) {
          const q = p + j * across
          for (let i = 0; i < DEPTH; i++) difference += data[(q + (i + 1) * along) * channels + c]! - data[(q - i * along) * channels + c]!
        }
        square += difference * difference
      }
      out[p] = square
    }
  }
  return out
}

/** By the upper half of float32 bits: within 1 %. */
function ranks(values: Float32Array): Float32Array {
  const bits = new Uint32Array(values.buffer)
  const below = new Float64Array(32769)
  let n = 0
  for (const [p, v] of values.entries())
    if (v >= 0) {
      below[(bits[p]! >>> 16) + 1]!++
      n++
    }
  const count = below.slice()
  for (let k = 1; k < below.length; k++) below[k]! += below[k - 1]!
  return values.map((v, p) => {
    if (!(v >= 0)) return -1
    const k = bits[p]! >>> 16
    return (below[k]! + count[k + 1]! / 2) / n
  })
}
