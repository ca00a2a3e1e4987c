/** A body part as rings around an axis, blended into one distance field. */
import { type fields, type Vec3, vec3 } from '@dioramic/scene'

type DistanceField = fields.DistanceField

/** One ring: how far along the axis, how far its middle lies towards the front and the side, its half widths in those directions. */
export type Ring = readonly [along: number, front: number, side: number, rFront: number, rSide: number]

export interface Axes {
  readonly origin: Vec3
  /** Unit vectors at right angles. */
  readonly along: Vec3
  readonly front: Vec3
  readonly side: Vec3
}

const STEPS = 48

/** Value and slope by Catmull–Rom over unevenly spaced rings. */
function smoothed(rings: readonly Ring[], t: number, k: number): number {
  let i = 0
  while (i < rings.length - 2 && t > rings[i + 1]![0]) i++
  const slope = (j: number) => {
    const [a, b] = [rings[Math.max(0, j - 1)]!, rings[Math.min(rings.length - 1, j + 1)]!]
    return (b[k]! - a[k]!) / (b[0] - a[0])
  }
  const [p, q] = [rings[i]!, rings[i + 1]!]
  const h = q[0] - p[0]
  const u = (t - p[0]) / h
  const [u2, u3] = [u * u, u * u * u]
  return (2 * u3 - 3 * u2 + 1) * p[k]! + (u3 - 2 * u2 + u) * h * slope(i) + (3 * u2 - 2 * u3) * q[k]! + (u3 - u2) * h * slope(i + 1)
}

/**
 * The solid of elliptic rings, smooth between them and rounded by `round` beyond the first and the last. First-order distance, exact on the
 * surface where the rings change slowly.
 */
export function loft({ origin, along, front, side }: Axes, rings: readonly Ring[], round: number): DistanceField {
  const [t0, t1] = [rings[0]![0], rings.at(-1)![0]]
  const table = new Float64Array((STEPS + 2) * 4)
  for (let i = 0; i <= STEPS + 1; i++) {
    const t = t0 + ((t1 - t0) * Math.min(i, STEPS)) / STEPS
    for (let k = 0; k < 4; k++) table[4 * i + k] = smoothed(rings, t, k + 1)
  }
  const base = vec3.dot(origin, along)
  const [frontBase, sideBase] = [vec3.dot(origin, front), vec3.dot(origin, side)]
  return (x, y, z) => {
    const t = along[0] * x + along[1] * y + along[2] * z - base
    const at = Math.min(t1, Math.max(t0, t))
    const beyond = Math.abs(t - at)
    const s = ((at - t0) / (t1 - t0)) * STEPS
    const i = Math.floor(s)
    const f = s - i
    const value = (k: number) => table[4 * i + k]! * (1 - f) + table[4 * i + 4 + k]! * f
    const u = front[0] * x + front[1] * y + front[2] * z - frontBase - value(0)
    const v = side[0] * x + side[1] * y + side[2] * z - sideBase - value(1)
    const [ru, rv] = [value(2), value(3)]
    const [a, b] = [u / ru, v / rv]
    const k0 = Math.sqrt(a * a + b * b)
    const [g, h] = [a / ru, b / rv]
    const k1 = Math.sqrt(g * g + h * h)
    const d = k1 > 0 ? (k0 * (k0 - 1)) / k1 : -Math.min(ru, rv)
    if (beyond === 0) return d
    const out = Math.max(0, d + round)
    return Math.sqrt(out * out + beyond * beyond) - round
  }
}

/** A box with rounded edges, by its middle and half edges along the axes; `round` is added outside. */
export function roundBox({ origin, along, front, side }: Axes, half: Vec3, round: number): DistanceField {
  return (x, y, z) => {
    const [dx, dy, dz] = [x - origin[0], y - origin[1], z - origin[2]]
    const a = Math.abs(along[0] * dx + along[1] * dy + along[2] * dz) - half[0]
    const b = Math.abs(front[0] * dx + front[1] * dy + front[2] * dz) - half[1]
    const c = Math.abs(side[0] * dx + side[1] * dy + side[2] * dz) - half[2]
    const [p, q, r] = [Math.max(a, 0), Math.max(b, 0), Math.max(c, 0)]
    return Math.sqrt(p * p + q * q + r * r) + Math.min(0, Math.max(a, b, c)) - round
  }
}

/** The field, or only the distance to the box that holds its solid for points farther than `margin` from it: cheap where it cannot matter. */
export function boxed(min: Vec3, max: Vec3, margin: number, field: DistanceField): DistanceField {
  return (x, y, z) => {
    const a = Math.max(min[0] - x, x - max[0], 0)
    const b = Math.max(min[1] - y, y - max[1], 0)
    const c = Math.max(min[2] - z, z - max[2], 0)
    const d2 = a * a + b * b + c * c
    return d2 > margin * margin ? Math.sqrt(d2) : field(x, y, z)
  }
}
