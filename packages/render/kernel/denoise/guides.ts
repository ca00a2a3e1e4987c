// What pixels are compared by besides their light, and how far it may differ.
import { ALBEDO, ALBEDO_EASE, DEPTH, NORMAL, NORMAL_EASE, SLOPE, at, height, mirror, plane, width } from './planes'

/** Variances of the guides, tuned with the strength of the colour distance. */
const NORMAL_VARIANCE: f32 = 0.02
const ALBEDO_VARIANCE: f32 = 0.02
/** Share of a guide's squared change towards the more alike side that its tolerance has where that is more (Rousselle et al. 2013). */
const EASE: f32 = 1

export function tolerances(): void {
  slopes()
  ease(NORMAL, NORMAL_VARIANCE, NORMAL_EASE)
  ease(ALBEDO, ALBEDO_VARIANCE, ALBEDO_EASE)
}

/** Squared change of depth a pixel, the smaller of both sides so that edges stay edges, plus a per mille of the depth; never 0, which it is divided by. */
function slopes(): void {
  const d = plane(DEPTH)
  mirror(d)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const z = load<f32>(d + at(x, y))
      const gx = min<f32>(abs(load<f32>(d + at(x + 1, y)) - z), abs(z - load<f32>(d + at(x - 1, y))))
      const gy = min<f32>(abs(load<f32>(d + at(x, y + 1)) - z), abs(z - load<f32>(d + at(x, y - 1))))
      store<f32>(plane(SLOPE) + at(x, y), <f32>4 * (gx * gx + gy * gy) + <f32>2e-6 * z * z + <f32>1e-30)
    }
  }
}

/**
 * 1 over the squared tolerance of a guide of three planes. Tolerances grow with the guide's own gradient (Rousselle et al. 2013), of the more alike side, so that a pixel that mixes both sides of an
 * edge finds others that do, and one beside it does not.
 */
function ease(guide: i32, least: f32, out: i32): void {
  for (let c = 0; c < 3; c++) mirror(plane(guide + c))
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const gx = min<f32>(gap(guide, at(x, y), at(x - 1, y)), gap(guide, at(x, y), at(x + 1, y)))
      const gy = min<f32>(gap(guide, at(x, y), at(x, y - 1)), gap(guide, at(x, y), at(x, y + 1)))
      store<f32>(plane(out) + at(x, y), <f32>1 / max<f32>(least, EASE * (gx + gy)))
    }
  }
}
@inline function gap(guide: i32, a: usize, b: usize): f32 {
  const x = load<f32>(plane(guide) + a) - load<f32>(plane(guide) + b)
  const y = load<f32>(plane(guide + 1) + a) - load<f32>(plane(guide + 1) + b)
  const z = load<f32>(plane(guide + 2) + a) - load<f32>(plane(guide + 2) + b)
  return x * x + y * y + z * z
}
