/** Strokes drawn onto a wrapping canvas: blades of grass, fibres of felt and paper. */
import type { Key } from '../key.ts'
import { threefry2x32 } from '../key.ts'
import { cos, sin } from '../maths/portable.ts'

export interface Strokes {
  readonly size: number
  /** Height of the topmost stroke, 0 where there is none. */
  readonly height: Float32Array
  /** A number in (0, 1) of the topmost stroke, and the place along it, 0 (root) to 1 (tip). */
  readonly tint: Float32Array
  readonly along: Float32Array
}

/**
 * Draws `count` curved strokes of `length` and `width` (fractions of the tile) on a size × size canvas. Strokes are drawn in order of
 * height: each hides what is below. `taper` narrows them towards the tip.
 */
export function drawStrokes(
  key: Key,
  size: number,
  options: { count: number; length: number; width: number; bend: number; taper: boolean },
): Strokes {
  const height = new Float32Array(size * size)
  const tint = new Float32Array(size * size)
  const along = new Float32Array(size * size)
  const [k0, k1] = key.words
  const random = (i: number, j: number) => (threefry2x32(k0, k1, i, 0x3000_0000 | j)[0] + 0.5) / 4294967296
  for (let i = 0; i < options.count; i++) {
    let x = random(i, 0) * size
    let y = random(i, 1) * size
    let angle = random(i, 2) * 2 * Math.PI
    const length = options.length * size * (0.6 + 0.8 * random(i, 3))
    const bend = (random(i, 4) - 0.5) * 2 * options.bend
    const base = (i + 1) / options.count
    const colour = random(i, 5)
    const steps = Math.max(4, Math.ceil(length))
    const stride = length / steps
    const pieces = 8
    let cx = 0
    let cy = 0
    for (let s = 0; s < steps; s++) {
      if (s % Math.ceil(steps / pieces) === 0) {
        cx = cos(angle)
        cy = sin(angle)
        angle += bend / pieces
      }
      const t = s / steps
      const radius = Math.max(0.5, 0.5 * options.width * size * (options.taper ? 1 - t * t : 1))
      const r = Math.ceil(radius)
      for (let a = -r; a <= r; a++) {
        // Across the stroke only; along it the next step continues.
        const d = a / radius
        if (d * d > 1) continue
        const px = Math.floor(x - cy * a)
        const py = Math.floor(y + cx * a)
        const k = (((py % size) + size) % size) * size + (((px % size) + size) % size)
        const h = base * (0.55 + 0.45 * t) * (1 - 0.25 * d * d)
        if (h >= height[k]!) {
          height[k] = h
          tint[k] = colour
          along[k] = t
        }
      }
      x += cx * stride
      y += cy * stride
    }
  }
  return { size, height, tint, along }
}
