/** Bodies of revolution, tubes and cushions. */
import { portable, type Vec3, vec3 } from '@dioramic/scene'
import { polygon } from './polygon.ts'
import { type Solid, shaded } from './solid.ts'
import { walls } from './walls.ts'

/** Triangles between rings of equally many points, counter-clockwise seen from where the last ring is; the ends closed by fans where asked for. */
export function loft(rings: readonly (readonly Vec3[])[], options: { caps?: boolean; crease?: number } = {}): Solid {
  const n = rings[0]!.length
  const positions = rings.flat().flatMap(p => [...p])
  const indices = walls(rings.length, n)
  if (options.caps ?? true) {
    for (const [r, first] of [
      [0, true],
      [rings.length - 1, false],
    ] as const) {
      const ring = rings[r]!
      const middle = vec3.scale(ring.reduce(vec3.add, [0, 0, 0] as Vec3), 1 / n)
      const centre = positions.length / 3
      positions.push(...middle)
      for (let i = 0; i < n; i++) {
        const [a, b] = [r * n + i, r * n + ((i + 1) % n)]
        if (first) indices.push(centre, b, a)
        else indices.push(centre, a, b)
      }
    }
  }
  return shaded(positions, withoutSlivers(positions, indices), options.crease)
}

/** Triangles that have an area: rings may shrink to a point. */
function withoutSlivers(p: readonly number[], indices: readonly number[]): number[] {
  const same = (a: number, b: number) => [0, 1, 2].every(k => Math.abs(p[3 * a + k]! - p[3 * b + k]!) < 1e-7)
  const out: number[] = []
  for (let i = 0; i < indices.length; i += 3) {
    const [a, b, c] = [indices[i]!, indices[i + 1]!, indices[i + 2]!]
    if (!same(a, b) && !same(b, c) && !same(c, a)) out.push(a, b, c)
  }
  return out
}

/**
 * A profile turned about Z: [radius, height] from the bottom middle over the outside; ends at radius 0 close it, and a profile that comes back down
 * inside makes a vessel. Collides as the convex hull of each `pieces` run of profile points (start and end, both included), or of the whole.
 */
export function lathe(
  profile: readonly (readonly [number, number])[],
  options: { segments?: number; crease?: number; pieces?: readonly (readonly [number, number])[] } = {},
): Solid {
  const { segments = 28, crease = 0.6 } = options
  const rings = profile.map(([r, z]) => polygon(segments, r).map(([x, y]): Vec3 => [x, y, z]))
  const hulls = (options.pieces ?? [[0, profile.length - 1]]).flatMap(([from, to]) => wedges(profile.slice(from, to + 1)))
  return loft(rings, { caps: false, crease }).withHulls(hulls)
}

/**
 * Four convex wedges of a body of revolution whose outline is convex. The physics engine keeps four points of the contact of two faces: on the
 * many-cornered face of one round piece other points each step, so that what lies on it creeps and sinks.
 */
function wedges(outline: readonly (readonly [number, number])[]): number[][] {
  const [sides, count] = [24, 4]
  const heights = outline.map(p => p[1])
  const axis = [0, 0, Math.min(...heights), 0, 0, Math.max(...heights)]
  return Array.from({ length: count }, (_, w) => [
    ...axis,
    ...outline.flatMap(([r, z]) => {
      const ring = polygon(sides, r)
      return r > 0 ? Array.from({ length: sides / count + 1 }, (_, i) => [...ring[((w * sides) / count + i) % sides]!, z]).flat() : []
    }),
  ])
}

/** A cylinder that stands on z = 0, its rims chamfered; `top` is its upper radius. */
export function cylinder(radius: number, height: number, options: { top?: number; bevel?: number; segments?: number } = {}): Solid {
  const { top = radius, segments } = options
  const b = Math.min(options.bevel ?? 0.002, radius / 3, top / 3, height / 3)
  const profile: [number, number][] = [
    [0, 0],
    [radius - b, 0],
    [radius, b],
    [top, height - b],
    [top - b, height],
    [0, height],
  ]
  const made = lathe(profile, { ...(segments === undefined ? {} : { segments }), crease: 0.9 })
  return radius < 0.1 ? made : made.withHulls(slices(radius, top, height))
}

/** A disc that things lie on, cut like a cake: three corners a face. */
function slices(radius: number, top: number, height: number): number[][] {
  const n = 16
  const [low, high] = [polygon(n, radius), polygon(n, top)]
  return low.map((_, i) => [i, (i + 1) % n].flatMap(k => [...low[k]!, 0, ...high[k]!, height]).concat([0, 0, 0, 0, 0, height]))
}

/** A round bar along a path, its cross-section carried without twist. Collides as one hull a stretch when `solid`. */
export function tube(
  path: readonly Vec3[],
  radius: number | readonly number[],
  options: { segments?: number; solid?: boolean } = {},
): Solid {
  const { segments = 10, solid = false } = options
  const ring = polygon(segments)
  const tangent = (i: number) => vec3.normalize(vec3.sub(path[Math.min(i + 1, path.length - 1)]!, path[Math.max(i - 1, 0)]!))
  const first = tangent(0)
  let side = vec3.normalize(vec3.cross(Math.abs(first[2]) < 0.9 ? [0, 0, 1] : [1, 0, 0], first))
  const rings = path.map((p, i): Vec3[] => {
    const t = tangent(i)
    side = vec3.normalize(vec3.sub(side, vec3.scale(t, vec3.dot(side, t))))
    const up = vec3.cross(t, side)
    const r = typeof radius === 'number' ? radius : radius[i]!
    return ring.map(([c, s]) => vec3.add(p, vec3.add(vec3.scale(side, r * c), vec3.scale(up, r * s))))
  })
  const made = loft(rings, { crease: 0.9 })
  if (!solid) return made
  const hulls = rings.slice(1).map((r, i) => [...rings[i]!, ...r].flatMap(p => [...p]))
  return made.withHulls(hulls)
}

/**
 * A cushion about the origin: a superellipsoid, |x/a|ᵖ + |y/b|ᵖ to the power q/p, plus |z/c|^q, is 1. p = q = 2 is an ellipsoid, larger is boxier.
 * Barr, "Superquadrics and angle-preserving transformations", 1981.
 */
export function cushion(size: Vec3, p = 5, q = 2.6, segments: readonly [number, number] = [28, 14]): Solid {
  const [n, m] = segments
  const power = (x: number, e: number) => (x === 0 ? 0 : Math.sign(x) * portable.pow(Math.abs(x), e))
  const rings = Array.from({ length: m + 1 }, (_, j) => {
    const v = -Math.PI / 2 + (Math.PI * j) / m
    const [c, s] = j === 0 || j === m ? [0, Math.sign(v)] : [power(portable.cos(v), 2 / q), power(portable.sin(v), 2 / q)]
    return polygon(n).map(([x, y]): Vec3 => [(size[0] / 2) * c * power(x, 2 / p), (size[1] / 2) * c * power(y, 2 / p), (size[2] / 2) * s])
  })
  const made = loft(rings, { caps: false, crease: 1.2 })
  if (p === 2 && q === 2) return made.convex()
  return made.withHulls([pressed(size, p, q)])
}

/**
 * What a cushion collides as: it gives way where it bulges, so its top and bottom are flat, at the height that it has at six tenths of its breadth. Four
 * corners a face, which is what the physics engine keeps of one.
 */
function pressed(size: Vec3, p: number, q: number): number[] {
  const corner = portable.pow(0.5, 1 / p)
  const flat = portable.pow(1 - portable.pow(0.6, q), 1 / q)
  const out: number[] = []
  for (const [share, z] of [
    [0.6, -flat],
    [1, 0],
    [0.6, flat],
  ] as const)
    for (const x of [-1, 1])
      for (const y of [-1, 1]) out.push(x * share * corner * (size[0] / 2), y * share * corner * (size[1] / 2), z * (size[2] / 2))
  return out
}

export const ball = (radius: number, segments: readonly [number, number] = [20, 12]): Solid =>
  cushion([2 * radius, 2 * radius, 2 * radius], 2, 2, segments)
