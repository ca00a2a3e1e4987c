/** Solids of revolution about +Z, full or hollow. */
import { portable } from '@dioramic/scene'
import type { Point2, Solid } from './solid.ts'

const AROUND = 40
/** Sides of a hull of revolution. */
const HULL_AROUND = 20
/** Sectors that the wall of a vessel is cut into, so that it stays open. */
const SECTORS = 12

const turn = (i: number, n: number): Point2 => {
  const a = (2 * Math.PI * (i % n)) / n
  return [portable.cos(a), portable.sin(a)]
}

/** The surface of a profile (r, z) turned about the axis. Radius 0 at either end closes it there. `lobes` waves the radius by `depth`. */
function revolve(profile: readonly Point2[], lobes = 0, depth = 0): Omit<Solid, 'hulls'> {
  const positions: number[] = []
  const uvs: number[] = []
  const indices: number[] = []
  const lengths = [0]
  for (let j = 1; j < profile.length; j++) {
    const [dr, dz] = [profile[j]![0] - profile[j - 1]![0], profile[j]![1] - profile[j - 1]![1]]
    lengths.push(lengths[j - 1]! + Math.sqrt(dr * dr + dz * dz))
  }
  const total = lengths[lengths.length - 1]!
  const wave = Array.from({ length: AROUND }, (_, i) => (lobes === 0 ? 1 : 1 - depth * (0.5 - 0.5 * turn(i * lobes, AROUND)[0])))
  for (const [j, [r, z]] of profile.entries()) {
    for (let i = 0; i <= AROUND; i++) {
      const [c, s] = turn(i, AROUND)
      const w = r * wave[i % AROUND]!
      positions.push(w * c, w * s, z)
      uvs.push(i / AROUND, lengths[j]! / total)
    }
  }
  for (let j = 0; j + 1 < profile.length; j++) {
    for (let i = 0; i < AROUND; i++) {
      const a = j * (AROUND + 1) + i
      const c = a + AROUND + 1
      if (profile[j]![0] > 0) indices.push(a, a + 1, c + 1)
      if (profile[j + 1]![0] > 0) indices.push(a, c + 1, c)
    }
  }
  return { positions, indices, uvs }
}

const cross = (o: Point2, a: Point2, b: Point2) => (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0])

/** Convex hull in the plane (Andrew's monotone chain), counter-clockwise. */
function hull2(points: readonly Point2[]): Point2[] {
  const sorted = [...points].sort((p, q) => p[0] - q[0] || p[1] - q[1])
  const half = (list: readonly Point2[]) => {
    const out: Point2[] = []
    for (const p of list) {
      while (out.length > 1 && cross(out[out.length - 2]!, out[out.length - 1]!, p) <= 0) out.pop()
      out.push(p)
    }
    return out.slice(0, -1)
  }
  return [...half(sorted), ...half(sorted.reverse())]
}

/** How far the deepest point of a chain lies below the convex hull of the chain turned about the axis. */
function hollow(chain: readonly Point2[]): number {
  const hull = hull2([...chain, ...chain.map(([r, z]): Point2 => [-r, z])])
  let most = 0
  for (const p of chain) {
    let least = Infinity
    for (const [i, a] of hull.entries()) {
      const b = hull[(i + 1) % hull.length]!
      const l = Math.sqrt((b[0] - a[0]) * (b[0] - a[0]) + (b[1] - a[1]) * (b[1] - a[1]))
      if (l > 0) least = Math.min(least, cross(a, b, p) / l)
    }
    most = Math.max(most, least)
  }
  return most
}

/** Runs [first, last] of a chain, each as long as its points satisfy `fits`. */
function runs(length: number, fits: (first: number, last: number) => boolean): [number, number][] {
  const out: [number, number][] = []
  for (let first = 0; first < length - 1; ) {
    let last = first + 1
    while (last + 1 < length && fits(first, last + 1)) last++
    out.push([first, last])
    first = last
  }
  return out
}

const extentOf = (profile: readonly Point2[]): number =>
  Math.max(...profile.map(p => 2 * p[0]), Math.max(...profile.map(p => p[1])) - Math.min(...profile.map(p => p[1])))

function fullHulls(profile: readonly Point2[]): number[][] {
  const tolerance = 0.008 * extentOf(profile)
  return runs(profile.length, (a, b) => hollow(profile.slice(a, b + 1)) <= tolerance)
    .map(([a, b]) => profile.slice(a, b + 1))
    .filter(chain => Math.max(...chain.map(p => p[1])) - Math.min(...chain.map(p => p[1])) > tolerance / 4)
    .map(chain =>
      chain.flatMap(([r, z]) => Array.from({ length: HULL_AROUND }, (_, i) => turn(i, HULL_AROUND)).flatMap(([c, s]) => [r * c, r * s, z])),
    )
}

/**
 * A full solid.
 *
 * @param profile (r, z) from the axis at the bottom to the axis at the top
 * @param lobes ribs around it, `depth` of the radius deep (pumpkins)
 */
export function lathe(profile: readonly Point2[], lobes = 0, depth = 0): Solid {
  return { ...revolve(profile, lobes, depth), hulls: fullHulls(profile.map(([r, z]) => [r * (1 - 0.35 * depth), z] as const)) }
}

/**
 * A vessel: open at the top, with a wall and a floor.
 *
 * @param outer (r, z) from the axis at the bottom to the rim; z never falls
 * @param wall thickness of the wall, measured across; the rim is round
 * @param floor height of the inner floor above the bottom
 */
export function vessel(outer: readonly Point2[], wall: number, floor: number): Solid {
  const rim = outer[outer.length - 1]!
  const low = floor + wall / 2
  const above: Point2[] = [[radiusAt(outer, low), low], ...outer.filter(([, z]) => z > low + wall / 10)]
  const innerOf = ([r, z]: Point2): Point2 => [Math.max(r - wall, wall / 2), z]
  const lip: Point2[] = [
    [rim[0] - wall / 4, rim[1] + wall / 3],
    [rim[0] - (3 * wall) / 4, rim[1] + wall / 3],
  ]
  const inner = above.map(innerOf).reverse()
  const foot = inner[inner.length - 1]!
  const profile: Point2[] = [...outer, ...lip, ...inner, [foot[0] * 0.97, floor + wall / 8], [foot[0] * 0.85, floor], [0, floor]]

  // The base is what lies below the floor; the wall is cut into bands where it is nearly straight, and those into sectors.
  const base: Point2[] = [...outer.filter(([, z]) => z <= floor), [radiusAt(outer, floor), floor], [0, floor]]
  const wallChain: Point2[] = [[radiusAt(outer, floor), floor], ...above]
  const tolerance = 0.015 * extentOf(outer)
  const bands = runs(wallChain.length, (a, b) => bulge(wallChain.slice(a, b + 1)) <= tolerance)
  const hulls = bands.flatMap(([a, b]) => {
    const ends = [wallChain[a]!, wallChain[b]!]
    const chain = wallChain.slice(a, b + 1)
    return Array.from({ length: SECTORS }, (_, s) => {
      const points: number[] = []
      for (let k = 0; k <= 2; k++) {
        const [c, sn] = turn(2 * s + k, 2 * SECTORS)
        for (const [r, z] of b === wallChain.length - 1 ? [...chain, ...lip] : chain) points.push(r * c, r * sn, z)
        for (const p of ends) {
          const [r, z] = innerOf(p)
          // Chords of the inner wall stand inside it at their middles; those points are left to the hull's straight edge.
          if (k !== 1) points.push(r * c, r * sn, z)
        }
      }
      return points
    })
  })
  return { ...revolve(profile), hulls: [...fullHulls(base), ...hulls] }
}

/** Radius of a profile at a height, between its points. */
function radiusAt(profile: readonly Point2[], z: number): number {
  for (let i = 1; i < profile.length; i++) {
    const [a, b] = [profile[i - 1]!, profile[i]!]
    if (a[1] <= z && z <= b[1] && b[1] > a[1]) return a[0] + ((b[0] - a[0]) * (z - a[1])) / (b[1] - a[1])
  }
  return profile[profile.length - 1]![0]
}

/** How far a chain leaves the chord from its first to its last point. */
function bulge(chain: readonly Point2[]): number {
  const [a, b] = [chain[0]!, chain[chain.length - 1]!]
  const l = Math.sqrt((b[0] - a[0]) * (b[0] - a[0]) + (b[1] - a[1]) * (b[1] - a[1]))
  return l === 0 ? 0 : Math.max(...chain.map(p => Math.abs(cross(a, b, p)) / l))
}

/** A ball of a radius at the origin. */
export function ball(radius: number): Solid {
  const n = 16
  const profile = Array.from({ length: n + 1 }, (_, j): Point2 => {
    const a = Math.PI * (j / n - 0.5)
    return [j === 0 || j === n ? 0 : radius * portable.cos(a), radius * portable.sin(a)]
  })
  return lathe(profile)
}
