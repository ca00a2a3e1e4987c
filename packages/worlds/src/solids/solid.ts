/** Closed surfaces to build things from: triangles with normals, and the convex pieces that collide. Metres, +Z up; a value, every method gives a new one. */
import { computeNormals, type Quat, quat, type Vec3, vec3 } from '@dioramic/scene'

export interface SolidData {
  /** x, y, z of every vertex. */
  readonly positions: readonly number[]
  /** Unit normals. */
  readonly normals: readonly number[]
  /** Three a triangle, counter-clockwise seen from outside. */
  readonly indices: readonly number[]
  /** Convex pieces, x, y, z of each one's vertices; none for what nothing can touch. */
  readonly hulls: readonly (readonly number[])[]
}

/** x, y, z of every point, put where `f` puts it. */
export function mapPoints(xyz: readonly number[], f: (v: Vec3) => Vec3): number[] {
  const out: number[] = []
  for (let i = 0; i < xyz.length; i += 3) out.push(...f([xyz[i]!, xyz[i + 1]!, xyz[i + 2]!]))
  return out
}

export class Solid implements SolidData {
  readonly positions: readonly number[]
  readonly normals: readonly number[]
  readonly indices: readonly number[]
  readonly hulls: readonly (readonly number[])[]

  constructor(data: SolidData) {
    this.positions = data.positions
    this.normals = data.normals
    this.indices = data.indices
    this.hulls = data.hulls
  }

  private moved(place: (v: Vec3) => Vec3, direction: (v: Vec3) => Vec3 = n => n, flip = false): Solid {
    const { indices: i } = this
    return new Solid({
      positions: mapPoints(this.positions, place),
      normals: mapPoints(this.normals, direction),
      indices: flip ? i.map((_, k) => i[k % 3 === 0 ? k : k % 3 === 1 ? k + 1 : k - 1]!) : i,
      hulls: this.hulls.map(h => mapPoints(h, place)),
    })
  }

  /** Moved by a vector. */
  at(by: Vec3): Solid {
    return this.moved(v => vec3.add(v, by))
  }

  /** Turned about the origin: a unit quaternion, or an axis and radians. */
  turned(turn: Quat | Vec3, angle = 0): Solid {
    const q: Quat = turn.length === 4 ? (turn as Quat) : quat.fromAxisAngle(turn as Vec3, angle)
    return this.moved(
      v => quat.rotate(q, v),
      n => quat.rotate(q, n),
    )
  }

  /** The mirror image across the plane through the origin that is square to an axis. */
  mirrored(axis: 0 | 1 | 2): Solid {
    const f = (v: Vec3): Vec3 => v.map((x, i) => (i === axis ? -x : x)) as unknown as Vec3
    return this.moved(f, f, true)
  }

  /** Stretched about the origin, by positive factors. */
  scaled(by: Vec3): Solid {
    return this.moved(
      v => vec3.mul(v, by),
      n => vec3.normalize([n[0] / by[0], n[1] / by[1], n[2] / by[2]]),
    )
  }

  /** Every vertex where `f` puts it, normals made anew; without collision. */
  bent(f: (v: Vec3) => Vec3, crease = 0.6): Solid {
    return shaded(mapPoints(this.positions, f), this.indices, crease)
  }

  /** The same to look at, and nothing touches it. */
  intangible(): Solid {
    return this.withHulls([])
  }

  /** The same to look at, colliding as other convex pieces. */
  withHulls(hulls: readonly (readonly number[])[]): Solid {
    return new Solid({ positions: this.positions, normals: this.normals, indices: this.indices, hulls })
  }

  /** The same to look at, colliding as the hull of its vertices. */
  convex(): Solid {
    return this.withHulls([this.positions])
  }

  /** Its collision only: nothing to look at. */
  invisible(): Solid {
    return new Solid({ positions: [], normals: [], indices: [], hulls: this.hulls })
  }
}

/** One after another. */
export function join(...solids: readonly Solid[]): Solid {
  const positions: number[] = []
  const normals: number[] = []
  const indices: number[] = []
  for (const s of solids) {
    const base = positions.length / 3
    for (const x of s.positions) positions.push(x)
    for (const x of s.normals) normals.push(x)
    for (const i of s.indices) indices.push(base + i)
  }
  return new Solid({ positions, normals, indices, hulls: solids.flatMap(s => s.hulls) })
}

/** Triangles with normals from their faces: edges that turn by more than `crease` radians stay sharp. Without collision. */
export function shaded(positions: readonly number[], indices: readonly number[], crease = 0.6): Solid {
  const made = computeNormals({ positions: Float32Array.from(positions), indices: Uint32Array.from(indices), uvs: null }, crease)
  return new Solid({ positions: [...made.positions], normals: [...made.normals], indices: [...made.indices], hulls: [] })
}
