/** Mixtures of Gaussians in the plane: where it can be counted which modes a generator has found. */
import type { NDArray } from '@dioramic/tensor'
import { f32, fillNormal, fillUniform, type Key } from '@dioramic/tensor'

export interface Modes {
  readonly centres: readonly (readonly [x: number, y: number])[]
  readonly deviation: number
}

/** `count` modes on a circle (Metz et al. 2017). */
export const ring = ({ count = 8, radius = 2, deviation = 0.02 } = {}): Modes => ({
  centres: Array.from({ length: count }, (_, k) => {
    const a = (2 * Math.PI * k) / count
    return [radius * Math.cos(a), radius * Math.sin(a)]
  }),
  deviation,
})

/** `side`² modes in a square, 2 apart (Srivastava et al. 2017). */
export const modeGrid = ({ side = 5, deviation = 0.05 } = {}): Modes => ({
  centres: Array.from({ length: side * side }, (_, k) => [2 * (k % side) - side + 1, 2 * Math.floor(k / side) - side + 1]),
  deviation,
})

/** `count` points [count, 2], each from a mode at random. */
export function pointsOf({ centres, deviation }: Modes, count: number, key: Key): NDArray {
  const which = new Float32Array(count)
  fillUniform(which, key.fork('mode').words)
  const data = new Float32Array(2 * count)
  fillNormal(data, key.fork('place').words)
  for (let i = 0; i < count; i++) {
    const [x, y] = centres[Math.floor(which[i]! * centres.length)]!
    data[2 * i] = x + deviation * data[2 * i]!
    data[2 * i + 1] = y + deviation * data[2 * i + 1]!
  }
  return f32(data, [count, 2])
}
