// The noise of the light, from two half buffers.
import { DISTANCE, HALF, NOISE, ROWSUM, at, height, mirror, plane, width } from './planes'

/** Variance: the halves' difference, averaged over channels and 7 × 7 pixels. */
export function noise(): void {
  const raw = plane(DISTANCE)
  const rows = plane(ROWSUM)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const o = at(x, y)
      store<f32>(raw + o, (load<f32>(plane(HALF) + o) + load<f32>(plane(HALF + 1) + o) + load<f32>(plane(HALF + 2) + o)) * <f32>(1.0 / 3))
    }
  }
  mirror(raw)
  for (let y = -3; y < height + 3; y++) {
    for (let x = 0; x < width; x++) {
      let s: f32 = 0
      for (let i = -3; i <= 3; i++) s += load<f32>(raw + at(x + i, y))
      store<f32>(rows + at(x, y), s)
    }
  }
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let s: f32 = 0
      for (let i = -3; i <= 3; i++) s += load<f32>(rows + at(x, y + i))
      store<f32>(plane(NOISE) + at(x, y), s * <f32>(1.0 / 49))
    }
  }
}
