/** The outside of a vehicle, and what is pressed on it: panes, lamps, plates and seams that follow its curves. */
import { type Vec3, vec3 } from '@dioramic/scene'
import { Solid, shaded } from '../solids/solid.ts'

export type Side = 'front' | 'rear' | 'left' | 'right'
/** A place seen from a side, metres: across is y from the front and the rear, x from the left and the right; up is z. */
export type Spot = readonly [across: number, up: number]
/** Low corners, then high ones, each from one end to the other: low A, low B, high B, high A. */
export type Quad = readonly [Spot, Spot, Spot, Spot]

/** The axis a side looks along, the axis across it, which way out is. */
const SIDES = { front: [0, 1, 1], rear: [0, 1, -1], left: [1, 0, 1], right: [1, 0, -1] } as const

interface Hit {
  readonly point: Vec3
  readonly normal: Vec3
}

/** A level rectangle about a place. */
export const around = ([a, b]: Spot, width: number, height: number): Quad => [
  [a - width / 2, b - height / 2],
  [a + width / 2, b - height / 2],
  [a + width / 2, b + height / 2],
  [a - width / 2, b + height / 2],
]

/** The same quad on the other half of the vehicle. */
export const mirrored = (quad: Quad): Quad => quad.map(([a, b]): Spot => [-a, b]) as unknown as Quad

/** Faces are looked up by cells of this many metres. */
const CELL = 0.15
const cellOf = (a: number, b: number) => a * 4096 + b

/** The solids that make a vehicle's outside. */
export class Skin {
  private readonly solids: readonly Solid[]
  private readonly faces = new Map<Side, ReadonlyMap<number, readonly Float64Array[]>>()

  constructor(...solids: readonly Solid[]) {
    this.solids = solids
  }

  /** Triangles that face a side, by the cells that they reach into: across, up, out of each corner, then the three normals. */
  private facing(side: Side): ReadonlyMap<number, readonly Float64Array[]> {
    const known = this.faces.get(side)
    if (known) return known
    const [axis, cross, sign] = SIDES[side]
    const out = new Map<number, Float64Array[]>()
    for (const { positions: p, normals: n, indices } of this.solids)
      for (let i = 0; i < indices.length; i += 3) {
        const corners = [indices[i]!, indices[i + 1]!, indices[i + 2]!]
        if (!corners.some(v => n[3 * v + axis]! * sign > 0.01)) continue
        const face = Float64Array.from([
          ...corners.flatMap(v => [p[3 * v + cross]!, p[3 * v + 2]!, sign * p[3 * v + axis]!]),
          ...corners.flatMap(v => [n[3 * v]!, n[3 * v + 1]!, n[3 * v + 2]!]),
        ])
        const [a0, a1, b0, b1] = [cross, 2].flatMap(k => {
          const xs = corners.map(v => p[3 * v + k]!)
          return [Math.floor((Math.min(...xs) - 1e-6) / CELL), Math.floor((Math.max(...xs) + 1e-6) / CELL)]
        }) as [number, number, number, number]
        for (let a = a0; a <= a1; a++)
          for (let b = b0; b <= b1; b++) {
            const cell = cellOf(a, b)
            const list = out.get(cell)
            if (list) list.push(face)
            else out.set(cell, [face])
          }
      }
    this.faces.set(side, out)
    return out
  }

  /** What one sees first at a place of a side; nothing beside the vehicle. */
  at(side: Side, [a, b]: Spot): Hit | undefined {
    const [axis, cross, sign] = SIDES[side]
    let best = -Infinity
    let normal: Vec3 = [0, 0, 0]
    for (const t of this.facing(side).get(cellOf(Math.floor(a / CELL), Math.floor(b / CELL))) ?? []) {
      const [ax, ay, az, bx, by, bz, cx, cy, cz] = t as unknown as number[]
      const area = (bx! - ax!) * (cy! - ay!) - (by! - ay!) * (cx! - ax!)
      if (Math.abs(area) < 1e-12) continue
      const v = ((a - ax!) * (cy! - ay!) - (b - ay!) * (cx! - ax!)) / area
      const w = ((bx! - ax!) * (b - ay!) - (by! - ay!) * (a - ax!)) / area
      const u = 1 - v - w
      if (u < -1e-9 || v < -1e-9 || w < -1e-9) continue
      const out = u * az! + v * bz! + w * cz!
      if (out <= best) continue
      best = out
      normal = vec3.normalize([9, 10, 11].map(k => u * t[k]! + v * t[k + 3]! + w * t[k + 6]!) as unknown as Vec3)
    }
    if (best === -Infinity) return undefined
    const point = [0, 0, b] as [number, number, number]
    point[axis] = sign * best
    point[cross] = a
    return { point, normal }
  }

  /** As `at`; a place beside the vehicle, or more than `depth` metres behind `home`, is drawn towards `home` until it is not. */
  private near(side: Side, spot: Spot, home: Spot, depth = Infinity): Hit {
    const [axis, , sign] = SIDES[side]
    const middle = this.at(side, home)
    const far = middle ? sign * middle.point[axis] - depth : -Infinity
    for (let i = 0; i <= 40; i++) {
      const t = i / 40
      const hit = this.at(side, [spot[0] + (home[0] - spot[0]) * t, spot[1] + (home[1] - spot[1]) * t])
      if (hit && sign * hit.point[axis] >= far) return hit
    }
    throw new RangeError(`pressed: there is no ${side} at ${home.map(x => x.toFixed(2)).join(', ')}`)
  }

  /** Where something flat stands that is as large as `width` by `height`: its outermost place. */
  plane(side: Side, middle: Spot, width: number, height: number): number {
    const [axis, , sign] = SIDES[side]
    const spots = [...around(middle, width, height), middle]
    return sign * Math.max(...spots.map(s => sign * this.near(side, s, middle).point[axis]))
  }

  /**
   * A patch over a quad, `stands` metres off the skin along its normals, closed at its edges.
   *
   * @param round radius of its corners as a share of half its height and breadth
   * @param depth metres by which it goes round a corner, at most
   */
  patch(side: Side, quad: Quad, options: { stands?: number; round?: number; depth?: number; columns?: number; rows?: number } = {}): Solid {
    const { stands = 0.006, round = 0, depth = Infinity, columns = 4, rows = 3 } = options
    const [low, lowEnd, highEnd, high] = quad[0][0] <= quad[1][0] ? quad : ([quad[1], quad[0], quad[3], quad[2]] as const)
    const mix = (p: Spot, q: Spot, t: number): Spot => [p[0] + (q[0] - p[0]) * t, p[1] + (q[1] - p[1]) * t]
    const spot = (s: number, t: number) => mix(mix(low, lowEnd, s), mix(high, highEnd, s), t)
    const home = spot(0.5, 0.5)
    // Heights −1 … 1 and how far the patch reaches at each: less in the corners.
    const bend = round > 0 ? [0, 0.13, 0.5].map(x => [1 - round * x, 1 - round * (1 - Math.sqrt(1 - (1 - x) * (1 - x)))] as const) : []
    const plain = 1 - round
    const lines: (readonly [number, number])[] = [
      ...bend.map(([t, f]) => [-t, f] as const),
      ...Array.from({ length: rows + 1 }, (_, i) => [plain * ((2 * i) / rows - 1), 1] as const),
      ...bend.map(([t, f]) => [t, f] as const).reverse(),
    ]
    const hits = lines.map(([t, f]) =>
      Array.from({ length: columns + 1 }, (_, i) =>
        this.near(side, spot(0.5 + (f * ((2 * i) / columns - 1)) / 2, (t + 1) / 2), home, depth),
      ),
    )
    const positions: number[] = []
    const put = ({ point, normal }: Hit, off: number) => positions.push(...vec3.add(point, vec3.scale(normal, off))) / 3 - 1
    const front = hits.map(row => row.map(h => put(h, stands)))
    const indices: number[] = []
    const flip = side === 'rear' || side === 'left'
    const triangle = (a: number, b: number, c: number) => indices.push(...(flip ? [a, c, b] : [a, b, c]))
    for (let j = 0; j + 1 < front.length; j++)
      for (let i = 0; i < columns; i++) {
        const [a, b, c, d] = [front[j]![i]!, front[j]![i + 1]!, front[j + 1]![i + 1]!, front[j + 1]![i]!]
        triangle(a, b, c)
        triangle(a, c, d)
      }
    // The rim goes down into the vehicle.
    const last = hits.length - 1
    const rim = [
      ...hits[0]!.map((_, i) => [0, i] as const),
      ...hits.slice(1).map((_, j) => [j + 1, columns] as const),
      ...hits[0]!.slice(1).map((_, i) => [last, columns - 1 - i] as const),
      ...hits.slice(1, -1).map((_, j) => [last - 1 - j, 0] as const),
    ]
    const sunk = rim.map(([j, i]) => put(hits[j]![i]!, -0.01))
    rim.forEach(([j, i], k) => {
      const n = (k + 1) % rim.length
      const [a, b] = [front[j]![i]!, front[rim[n]![0]]![rim[n]![1]]!]
      triangle(a, sunk[k]!, sunk[n]!)
      triangle(a, sunk[n]!, b)
    })
    return shaded(positions, indices, 0.6)
  }

  /** A line drawn along a way: the gap between two panels, a moulding, a wiper. */
  seam(side: Side, way: readonly Spot[], width = 0.01, stands = 0.003): Solid {
    const spots: Spot[] = [way[0]!]
    for (let i = 1; i < way.length; i++) {
      const [p, q] = [way[i - 1]!, way[i]!]
      const long = Math.sqrt((q[0] - p[0]) * (q[0] - p[0]) + (q[1] - p[1]) * (q[1] - p[1]))
      const n = Math.max(1, Math.round(long / 0.09))
      for (let k = 1; k <= n; k++) spots.push([p[0] + ((q[0] - p[0]) * k) / n, p[1] + ((q[1] - p[1]) * k) / n])
    }
    const home: Spot = [way.reduce((t, p) => t + p[0], 0) / way.length, way.reduce((t, p) => t + p[1], 0) / way.length]
    const positions: number[] = []
    const normals: number[] = []
    const indices: number[] = []
    const flip = side === 'rear' || side === 'left'
    spots.forEach((s, i) => {
      const [p, q] = [spots[Math.max(0, i - 1)]!, spots[Math.min(spots.length - 1, i + 1)]!]
      const [dx, dy] = [q[0] - p[0], q[1] - p[1]]
      const h = width / 2 / Math.sqrt(dx * dx + dy * dy)
      for (const e of [-1, 1]) {
        const hit = this.near(side, [s[0] - e * dy * h, s[1] + e * dx * h], home)
        positions.push(...vec3.add(hit.point, vec3.scale(hit.normal, stands)))
        normals.push(...hit.normal)
      }
      if (i === 0) return
      const [a, b, c, d] = [2 * i - 2, 2 * i, 2 * i + 1, 2 * i - 1]
      indices.push(...(flip ? [a, c, b, a, d, c] : [a, b, c, a, c, d]))
    })
    return new Solid({ positions, normals, indices, hulls: [] })
  }
}
