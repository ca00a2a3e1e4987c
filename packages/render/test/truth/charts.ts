/**
 * Charts of directions: the unit square to the sphere and back. A sampler's directions are counted in the cells of a chart in which its density is
 * smooth, however sharp the lobe; what a cell should hold is the integral of the density there, by the midpoint rule, times the chart's Jacobian, which
 * is found by differences so that no formula of the kernel is used twice.
 */
import { chiSquare } from './chi-square.ts'
import type { Vec } from './laboratory.ts'

export interface Chart {
  /** Direction at (s, t) in [0, 1]², null where the chart has none. */
  at(s: number, t: number): Vec | null
  /** (s, t) of a direction, null where it belongs to another chart. */
  of(d: Vec): readonly [number, number] | null
}

const dot = (a: Vec, b: Vec) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
const unit = (a: Vec): Vec => {
  const l = Math.sqrt(dot(a, a))
  return [a[0] / l, a[1] / l, a[2] / l]
}
const turns = (y: number, x: number) => {
  const a = Math.atan2(y, x) / (2 * Math.PI)
  return a < 0 ? a + 1 : a
}

/** The upper (side 1) or lower (−1) hemisphere; cells are finest around the pole, where refraction bundles. */
export const hemisphere = (side: 1 | -1): Chart => ({
  at(s, t) {
    const z = 1 - s * s
    const r = Math.sqrt(1 - z * z)
    return [r * Math.cos(2 * Math.PI * t), r * Math.sin(2 * Math.PI * t), side * z]
  },
  of: d => (d[2] * side > 0 ? [Math.sqrt(Math.max(0, 1 - Math.abs(d[2]))), turns(d[1], d[0])] : null),
})

/** Half vectors h by slope: tan θ_h = α √(a/(1 − a)), 1 − a = (1 − s)². In s GGX's visible normals are smooth for every α and every viewer. */
function halfVector(alphaX: number, alphaY: number, s: number, t: number): Vec {
  const rest = (1 - s) * (1 - s)
  const slope = Math.sqrt((1 - rest) / rest)
  return unit([slope * alphaX * Math.cos(2 * Math.PI * t), slope * alphaY * Math.sin(2 * Math.PI * t), 1])
}
function ofHalfVector(alphaX: number, alphaY: number, h: Vec): readonly [number, number] {
  const x = h[0] / (h[2] * alphaX)
  const y = h[1] / (h[2] * alphaY)
  return [1 - Math.sqrt(1 / (1 + x * x + y * y)), turns(y, x)]
}

/** Directions reflected by a GGX surface, and by one that is rougher along x than along y. */
export const reflection = (wo: Vec, alpha: number): Chart => stretchedReflection(wo, alpha, alpha)
export const stretchedReflection = (wo: Vec, alphaX: number, alphaY: number): Chart => ({
  at(s, t) {
    const h = halfVector(alphaX, alphaY, s, t)
    const d = dot(wo, h)
    const wi: Vec = [2 * d * h[0] - wo[0], 2 * d * h[1] - wo[1], 2 * d * h[2] - wo[2]]
    return d > 0 && wi[2] > 0 ? wi : null
  },
  of: d => (d[2] > 0 ? ofHalfVector(alphaX, alphaY, unit([d[0] + wo[0], d[1] + wo[1], d[2] + wo[2]])) : null),
})

/** Directions refracted by it; eta is the index beyond over the index here. */
export const refraction = (wo: Vec, alpha: number, eta: number): Chart => ({
  at(s, t) {
    const h = halfVector(alpha, alpha, s, t)
    const d = dot(wo, h)
    // Snell: the tangential part shrinks by eta.
    const square = 1 - (1 - d * d) / (eta * eta)
    if (d <= 0 || square <= 0) return null
    const c = d / eta - Math.sqrt(square)
    const wi: Vec = [c * h[0] - wo[0] / eta, c * h[1] - wo[1] / eta, c * h[2] - wo[2] / eta]
    return wi[2] < 0 ? wi : null
  },
  of(d) {
    if (d[2] >= 0) return null
    const h = unit([wo[0] + eta * d[0], wo[1] + eta * d[1], wo[2] + eta * d[2]])
    return ofHalfVector(alpha, alpha, h[2] < 0 ? [-h[0], -h[1], -h[2]] : h)
  },
})

/** Solid angle per unit square at (s, t). */
function jacobian(chart: Chart, s: number, t: number): number {
  const e = 1e-5
  const [a, b, c, d] = [chart.at(s - e, t), chart.at(s + e, t), chart.at(s, t - e), chart.at(s, t + e)]
  if (!a || !b || !c || !d) return 0
  const u: Vec = [b[0] - a[0], b[1] - a[1], b[2] - a[2]]
  const v: Vec = [d[0] - c[0], d[1] - c[1], d[2] - c[2]]
  const x = u[1] * v[2] - u[2] * v[1]
  const y = u[2] * v[0] - u[0] * v[2]
  const z = u[0] * v[1] - u[1] * v[0]
  return Math.sqrt(x * x + y * y + z * z) / (4 * e * e)
}

export interface Fit {
  /** Of χ². */
  readonly p: number
  /** ∫ pdf over all charts. */
  readonly integral: number
  /** Share of samples that gave a direction. */
  readonly landed: number
  /** Samples in no chart, which must not be. */
  readonly stray: number
}

/**
 * Fit of `directions` (rows of `stride` numbers, x, y, z first; 0, 0, 0 for none) to the densities that `pdfs` gives for rows (x, y, z, –).
 * Each chart has rows × columns cells of points × points densities.
 */
export function fit(
  charts: readonly Chart[],
  directions: Float32Array,
  stride: number,
  pdfs: (rows: Float32Array) => Float32Array,
  { rows = 8, columns = 12, points = 24 } = {},
): Fit {
  const cells = rows * columns
  const observed = new Float64Array(cells * charts.length)
  const expected = new Float64Array(cells * charts.length)
  const count = directions.length / stride
  let landed = 0
  let stray = 0
  for (let i = 0; i < directions.length; i += stride) {
    const d: Vec = [directions[i]!, directions[i + 1]!, directions[i + 2]!]
    if (d[0] === 0 && d[1] === 0 && d[2] === 0) continue
    landed++
    let k = 0
    let at = charts[0]!.of(d)
    while (!at && ++k < charts.length) at = charts[k]!.of(d)
    if (!at) {
      stray++
      continue
    }
    const r = Math.max(0, Math.min(rows - 1, Math.floor(at[0] * rows)))
    const c = Math.max(0, Math.min(columns - 1, Math.floor(at[1] * columns)))
    observed[k * cells + r * columns + c]! += 1
  }
  const n = cells * points * points
  const queries = new Float32Array(n * 4)
  charts.forEach((chart, k) => {
    const areas = new Float64Array(n)
    for (let i = 0; i < n; i++) {
      const cell = Math.floor(i / (points * points))
      const j = i % (points * points)
      const s = (Math.floor(cell / columns) + ((j % points) + 0.5) / points) / rows
      const t = ((cell % columns) + (Math.floor(j / points) + 0.5) / points) / columns
      const d = chart.at(s, t)
      areas[i] = d ? jacobian(chart, s, t) / n : 0
      queries.set(d ?? [0, 0, 1], i * 4)
    }
    const densities = pdfs(queries)
    for (let i = 0; i < n; i++) {
      // Nothing is asked where there is no area: the density there may belong to another chart.
      if (areas[i]! > 0) expected[k * cells + Math.floor(i / (points * points))]! += densities[i]! * areas[i]!
    }
  })
  const integral = expected.reduce((a, b) => a + b, 0)
  return { p: chiSquare(observed, expected), integral, landed: landed / count, stray }
}
