/** Boxes that hold parts of a mesh's surface, and how they are cut in two. */
import { bounds } from './bounds.ts'
import { clipHalf } from './clip.ts'
import { type ConvexHull, convexHull } from './convex-hull.ts'
import { facePlanes, proud } from './stand-off.ts'
import type { SurfaceSamples } from './surface-samples.ts'
import { kindAt, type Voxels } from './voxels.ts'

export interface Cell {
  readonly min: readonly number[]
  readonly max: readonly number[]
  /** The surface inside, as convex polygons with their outward directions. */
  readonly polygons: readonly { readonly points: readonly number[]; readonly normal: readonly number[] }[]
  /** Numbers of the samples inside. */
  readonly samples: readonly number[]
}

/** Samples of a cell by which cuts are compared. */
const COMPARED = 240
/** Least share of them on each side of a cut. */
const LEAST = 0.03
/** Least cosine between a cut's normal and the surface's that it follows. */
const ALONG = 0.8

export function wholeCell(
  mesh: { readonly positions: ArrayLike<number>; readonly indices: ArrayLike<number> },
  samples: SurfaceSamples,
): Cell {
  const { positions: p, indices } = mesh
  const { min, max } = bounds(p)
  const polygons: { points: number[]; normal: number[] }[] = []
  for (let t = 0; t + 2 < indices.length; t += 3) {
    const points: number[] = []
    for (let c = 0; c < 3; c++) for (let k = 0; k < 3; k++) points.push(p[3 * indices[t + c]! + k]!)
    polygons.push({ points, normal: normalOf(points) })
  }
  return { min, max, polygons, samples: Array.from({ length: samples.points.length / 3 }, (_, i) => i) }
}

/** The middle of every polygon. */
export function polygonSamples(polygons: Cell['polygons']): SurfaceSamples {
  const points: number[] = []
  const normals: number[] = []
  for (const { points: p, normal } of polygons) {
    const l = Math.sqrt(normal[0]! * normal[0]! + normal[1]! * normal[1]! + normal[2]! * normal[2]!)
    if (!(l > 0)) continue
    const middle = [0, 0, 0]
    for (let i = 0; i < p.length; i++) middle[i % 3]! += (3 * p[i]!) / p.length
    points.push(...middle)
    normals.push(...normal.map(x => x / l))
  }
  return { points: Float64Array.from(points), normals: Float64Array.from(normals) }
}

/** Twice the area of a triangle along each axis. */
function normalOf(p: readonly number[]): number[] {
  const [ux, uy, uz, vx, vy, vz] = [p[3]! - p[0]!, p[4]! - p[1]!, p[5]! - p[2]!, p[6]! - p[0]!, p[7]! - p[1]!, p[8]! - p[2]!]
  return [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx]
}

/** The two parts of a cell; surface in the plane itself goes to the side where its solid is. */
function cut(cell: Cell, { points, normals }: SurfaceSamples, axis: number, plane: number): [Cell, Cell] {
  const halves = ([-1, 1] as const).map((sign): Cell => {
    const polygons: { points: readonly number[]; normal: readonly number[] }[] = []
    for (const polygon of cell.polygons) {
      const p = polygon.points
      let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
      for (let i = axis; i < p.length; i += 3) {
        const side = sign * (p[i]! - plane)
        if (side < low) low = side
        if (side > high) high = side
      }
      if (high < 0 || (high === 0 && low === 0 && sign * polygon.normal[axis]! > 0)) continue
      if (low >= 0) polygons.push(polygon)
      else if (high > 0) polygons.push({ points: clipHalf(p, axis, plane, sign), normal: polygon.normal })
    }
    const samples = cell.samples.filter(i => below(points, normals, i, axis, plane) === sign < 0)
    const min = sign > 0 ? cell.min.with(axis, plane) : cell.min
    const max = sign < 0 ? cell.max.with(axis, plane) : cell.max
    return { min, max, polygons, samples }
  })
  return halves as [Cell, Cell]
}

const below = (p: Float64Array, n: Float64Array, i: number, axis: number, plane: number) =>
  p[3 * i + axis]! < plane || (p[3 * i + axis] === plane && n[3 * i + axis]! > 0)

/** A point of the surface and its unit normal. */
export interface Place {
  readonly point: readonly number[]
  readonly normal: readonly number[]
}

/**
 * Cuts a cell because of the place `worst`: of planes along the surface there (through it, a little before and behind it) and planes across
 * the cell, the one after which hulls of the samples stand off least; halfway along the longest side where samples are few. Null for a
 * cell no larger than the tolerance.
 */
export function splitCell(cell: Cell, samples: SurfaceSamples, worst: Place, tolerance: number): [Cell, Cell] | null {
  const step = Math.max(1, Math.ceil(cell.samples.length / COMPARED))
  const compared = cell.samples.filter((_, i) => i % step === 0)
  let best = null as { axis: number; plane: number; score: number } | null
  const longest = Math.max(...[0, 1, 2].map(k => cell.max[k]! - cell.min[k]!))
  for (let axis = 0; axis < 3; axis++) {
    const at = worst.point[axis]!
    const [low, high] = [cell.min[axis]!, cell.max[axis]!]
    const side = high - low
    const planes = Math.abs(worst.normal[axis]!) > ALONG ? [at, at - tolerance / 2, at + tolerance / 2] : []
    // Across the surface only where the cell is long: slices of a wall help nobody.
    if (side > longest / 3) {
      planes.push((low + high) / 2)
      if (Math.abs(at - (low + high) / 2) < side / 4) planes.push(at)
    }
    for (const plane of planes) {
      if (!(plane > low + tolerance / 4 && plane < high - tolerance / 4)) continue
      const left: number[] = []
      const right: number[] = []
      for (const i of compared) (below(samples.points, samples.normals, i, axis, plane) ? left : right).push(i)
      // Of a thin slice the few samples are all corners of their hull, which tells nothing.
      if (Math.min(left.length, right.length) < Math.max(8, compared.length * LEAST)) continue
      const uneven = Math.abs(left.length - right.length) / Math.max(1, compared.length)
      const score = (excessOf(left, samples, tolerance) + excessOf(right, samples, tolerance)) * (1 + 0.1 * uneven)
      if (!best || score < best.score) best = { axis, plane, score }
    }
  }
  if (best) return cut(cell, samples, best.axis, best.plane)
  const sides = [0, 1, 2].map(k => cell.max[k]! - cell.min[k]!)
  const axis = sides.indexOf(Math.max(...sides))
  return sides[axis]! > tolerance ? cut(cell, samples, axis, (cell.min[axis]! + cell.max[axis]!) / 2) : null
}

/** Sum of what the hull of some samples stands proud of them beyond the tolerance. */
function excessOf(numbers: readonly number[], samples: SurfaceSamples, tolerance: number): number {
  const points = new Float64Array(3 * numbers.length)
  numbers.forEach((i, k) => {
    points.set(samples.points.subarray(3 * i, 3 * i + 3), 3 * k)
  })
  const hull = convexHull(points, 40, tolerance / 4)
  if (!hull) return 0
  const planes = facePlanes(hull, undefined, 0.95)
  let sum = 0
  for (const i of numbers) sum += Math.max(0, proud(planes, samples, i) - tolerance)
  return sum
}

/** Hull of the solid in a cell: of the surface in it, and of the cell's corners inside the solid. A flat sheet is made `thickness` thick. */
export function cellHull(cell: Cell, voxels: Voxels, tolerance: number, thickness: number): ConvexHull | null {
  const points = cell.polygons.flatMap(p => p.points)
  for (let c = 0; c < 8; c++) {
    const [x, y, z] = [0, 1, 2].map(k => ((c >> k) & 1 ? cell.max[k]! : cell.min[k]!)) as [number, number, number]
    if (kindAt(voxels, x, y, z) === 1) points.push(x, y, z)
  }
  const hull = convexHull(points, Number.POSITIVE_INFINITY, tolerance)
  if (hull || cell.polygons.length === 0) return hull
  const { normal } = cell.polygons[0]!
  const l = Math.sqrt(normal[0]! * normal[0]! + normal[1]! * normal[1]! + normal[2]! * normal[2]!)
  return l > 0 ? convexHull([...points, ...points.map((x, i) => x - (thickness * normal[i % 3]!) / l)]) : null
}
