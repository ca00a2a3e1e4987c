/** The plain way to a target look, beside which a refiner has to stand: tone curves alone. */
import type { Planes } from './planes.ts'

const LEVELS = 256
const levelOf = (v: number): number => Math.max(0, Math.min(LEVELS - 1, Math.round(((v + 1) / 2) * (LEVELS - 1))))

/** Share of a channel's values up to each level. */
function cumulative(pictures: readonly Planes[], channel: number): Float64Array {
  const share = new Float64Array(LEVELS)
  for (const { height, width, data } of pictures)
    for (let i = channel * height * width; i < (channel + 1) * height * width; i++) share[levelOf(data[i]!)]!++
  for (let k = 1; k < LEVELS; k++) share[k]! += share[k - 1]!
  return share.map(v => v / share[LEVELS - 1]!)
}

/**
 * One monotone tone curve a channel, such that the renders' values are distributed as the targets' are (histogram specification, Gonzalez & Woods). Planes are −1 … 1 in 256 levels.
 * @returns what applies the curves to a picture
 */
export function matchHistograms(renders: readonly Planes[], targets: readonly Planes[]): (picture: Planes) => Planes {
  const channels = renders[0]!.data.length / (renders[0]!.height * renders[0]!.width)
  const curves = Array.from({ length: channels }, (_, c) => {
    const [from, to] = [cumulative(renders, c), cumulative(targets, c)]
    let k = 0
    return Float32Array.from(from, share => {
      while (k < LEVELS - 1 && to[k]! < share) k++
      return (2 * k) / (LEVELS - 1) - 1
    })
  })
  return ({ height, width, data }) => ({
    height,
    width,
    data: data.map((v, i) => curves[Math.floor(i / (height * width))]![levelOf(v)]!),
  })
}
