/** The surface of a field as a mesh, finer where a lens is held over it. */
import { type fields, isosurface, type Vec3 } from '@dioramic/scene'

type Field = fields.DistanceField

/** Triangles of one part of a body. Fractions of the stature. */
export interface Surface {
  readonly positions: number[]
  readonly normals: number[]
  readonly indices: number[]
}

/** A place around which cells are `magnification` times smaller, out to `radius`. */
export interface Lens {
  readonly center: Vec3
  readonly radius: number
  readonly magnification: number
}

/** Moves p as a lens does that pushes everything away from its centre: grid from body. */
function magnify({ center: c, radius, magnification: m }: Lens, p: Float64Array): void {
  const [x, y, z] = [p[0]! - c[0], p[1]! - c[1], p[2]! - c[2]]
  const r = Math.sqrt(x * x + y * y + z * z)
  const f = (r <= radius ? m : 1 + (radius * (m - 1)) / r) - 1
  p[0]! += f * x
  p[1]! += f * y
  p[2]! += f * z
}

/** The inverse: body from grid. */
function shrink({ center: c, radius, magnification: m }: Lens, p: Float64Array): void {
  const [x, y, z] = [p[0]! - c[0], p[1]! - c[1], p[2]! - c[2]]
  const r = Math.sqrt(x * x + y * y + z * z)
  const f = (r <= radius * m ? 1 / m : 1 - (radius * (m - 1)) / r) - 1
  p[0]! += f * x
  p[1]! += f * y
  p[2]! += f * z
}

const gradient = (field: Field, x: number, y: number, z: number, h: number): Vec3 => {
  const a = field(x + h, y - h, z - h)
  const b = field(x - h, y - h, z + h)
  const c = field(x - h, y + h, z - h)
  const d = field(x + h, y + h, z + h)
  return [(a - b - c + d) / (4 * h), (-a - b + c + d) / (4 * h), (-a + b - c + d) / (4 * h)]
}

/**
 * Surface nets of a field inside a box, with cells of `cell` outside of all lenses; then every vertex is brought onto the surface along the
 * gradient, and takes its normal from it.
 */
export function surfaceOf(
  field: Field,
  box: { readonly min: Vec3; readonly max: Vec3 },
  cell: number,
  lenses: readonly Lens[] = [],
): Surface {
  // Each lens's centre is where the lenses before it have moved it.
  const moved: Lens[] = []
  const point = new Float64Array(3)
  const toGrid = (p: Vec3): Vec3 => {
    point.set(p)
    for (const lens of moved) magnify(lens, point)
    return [point[0]!, point[1]!, point[2]!]
  }
  for (const lens of lenses) moved.push({ ...lens, center: toGrid(lens.center) })
  const toBody = (x: number, y: number, z: number): void => {
    point[0] = x
    point[1] = y
    point[2] = z
    for (let i = moved.length - 1; i >= 0; i--) shrink(moved[i]!, point)
  }
  const { min, max } = boxAround(box, toGrid)
  const steps = Math.ceil(Math.max(max[0] - min[0], max[1] - min[1], max[2] - min[2]) / cell)
  const raw = isosurface(
    lenses.length === 0
      ? field
      : (x, y, z) => {
          toBody(x, y, z)
          return field(point[0]!, point[1]!, point[2]!)
        },
    min,
    max,
    steps,
  )
  const positions: number[] = []
  const normals: number[] = []
  for (let i = 0; i < raw.positions.length; i += 3) {
    toBody(raw.positions[i]!, raw.positions[i + 1]!, raw.positions[i + 2]!)
    let p: Vec3 = [point[0]!, point[1]!, point[2]!]
    for (let round = 0; round < 2; round++) {
      const d = field(p[0], p[1], p[2])
      const g = gradient(field, p[0], p[1], p[2], 2e-4)
      const g2 = Math.max(0.25, g[0] * g[0] + g[1] * g[1] + g[2] * g[2])
      const move = Math.max(-0.25 * cell, Math.min(0.25 * cell, d)) / g2
      p = [p[0] - move * g[0], p[1] - move * g[1], p[2] - move * g[2]]
    }
    const g = gradient(field, p[0], p[1], p[2], 4e-4)
    const l = Math.sqrt(g[0] * g[0] + g[1] * g[1] + g[2] * g[2]) || 1
    positions.push(...p)
    normals.push(g[0] / l, g[1] / l, g[2] / l)
  }
  return { positions, normals, indices: raw.indices }
}

/** Bounds of a box's image. */
function boxAround({ min, max }: { readonly min: Vec3; readonly max: Vec3 }, toGrid: (p: Vec3) => Vec3): { min: Vec3; max: Vec3 } {
  const low = [...toGrid(min)] as [number, number, number]
  const high = [...low] as [number, number, number]
  const N = 8
  for (let i = 0; i <= N; i++)
    for (let j = 0; j <= N; j++)
      for (let k = 0; k <= N; k++) {
        if (![i, j, k].some(n => n === 0 || n === N)) continue
        const q = toGrid([0, 1, 2].map(a => min[a]! + ((max[a]! - min[a]!) * [i, j, k][a]!) / N) as unknown as Vec3)
        for (const a of [0, 1, 2] as const) {
          low[a] = Math.min(low[a], q[a])
          high[a] = Math.max(high[a], q[a])
        }
      }
  return { min: low, max: high }
}
