/**
 * Triangles of the surface where a signed distance is zero: surface nets (Gibson, "Constrained elastic surface nets", 1998) with one
 * vertex for each sheet of the surface in a cell, so that sheets that come close do not fuse (Nielson, "Dual marching cubes", 2004).
 */

/** Distance to a surface, negative inside; must not change faster than twice the distance moved. */
export type DistanceField = (x: number, y: number, z: number) => number

const BLOCK = 4

/** Corner i of a cell is at the bits x, y, z of i. */
const CORNERS = Array.from({ length: 8 }, (_, i) => [i & 1, (i >> 1) & 1, i >> 2] as const)

/** Edge 4·axis + du + 2·dv runs along `axis` at (du, dv) of the two axes after it. */
const EDGES = Array.from({ length: 12 }, (_, e) => {
  const axis = e >> 2
  const from = ((e & 1) << ((axis + 1) % 3)) | (((e >> 1) & 1) << ((axis + 2) % 3))
  return [from, from | (1 << axis)] as const
})

/** Each face's four corners in turn, and the edges that follow them. */
const FACES = Array.from({ length: 6 }, (_, i) => {
  const axis = i >> 1
  const [u, v] = [1 << ((axis + 1) % 3), 1 << ((axis + 2) % 3)]
  const base = (i & 1) << axis
  const corners = [base, base | u, base | u | v, base | v]
  const edges = corners.map((a, k) =>
    EDGES.findIndex(([p, q]) => (p === a && q === corners[(k + 1) % 4]) || (q === a && p === corners[(k + 1) % 4])),
  )
  return { corners, edges }
})

/** Groups the crossed edges of a cell by sheet of the surface; −1 for edges not crossed. On a face with four crossings each inside corner is cut off by itself. */
function sheetsOf(corner: readonly number[]): number[] {
  const sheet = EDGES.map(([a, b], e) => (corner[a]! < 0 !== corner[b]! < 0 ? e : -1))
  const join = (a: number, b: number) => {
    const [from, to] = [sheet[a]!, sheet[b]!]
    for (let e = 0; e < 12; e++) if (sheet[e] === from) sheet[e] = to
  }
  for (const { corners, edges } of FACES) {
    const crossed = edges.filter(e => sheet[e]! >= 0)
    if (crossed.length === 2) join(crossed[0]!, crossed[1]!)
    if (crossed.length === 4) for (let k = 0; k < 4; k++) if (corner[corners[k]!]! < 0) join(edges[k]!, edges[(k + 3) % 4]!)
  }
  return sheet
}

/** Whether the eight corners of the cell at `i` lie on one side. */
function alike(values: Float64Array, i: number, y: number, z: number): boolean {
  const inside = values[i]! < 0
  return (
    values[i + 1]! < 0 === inside &&
    values[i + y]! < 0 === inside &&
    values[i + y + 1]! < 0 === inside &&
    values[i + z]! < 0 === inside &&
    values[i + z + 1]! < 0 === inside &&
    values[i + z + y]! < 0 === inside &&
    values[i + z + y + 1]! < 0 === inside
  )
}

/**
 * Samples `field` on a grid of `cells` steps along the longest edge of the box, puts a vertex into every cell that the surface crosses,
 * then three times evens the vertices out and pulls them back onto the surface. The surface must stay inside the box, and its features
 * must be at least two cells wide for the result to be manifold. Positions, outward counter-clockwise triangles and unit normals.
 */
export function isosurface(
  field: DistanceField,
  min: readonly [number, number, number],
  max: readonly [number, number, number],
  cells: number,
): { positions: number[]; indices: number[]; normals: number[] } {
  const step = Math.max(max[0] - min[0], max[1] - min[1], max[2] - min[2]) / cells
  const [nx, ny, nz] = [0, 1, 2].map(k => Math.ceil((max[k]! - min[k]!) / step / BLOCK) * BLOCK + 1) as [number, number, number]
  const values = sample(field, min, step, nx, ny, nz)
  const strides = [1, nx, nx * ny] as const

  const positions: number[] = []
  // For every crossed cell, the vertex that each of its twelve edges belongs to.
  const cellOf = new Int32Array(nx * ny * nz).fill(-1)
  const edgeVertex: number[] = []
  for (let z = 0; z < nz - 1; z++) {
    for (let y = 0; y < ny - 1; y++) {
      for (let x = 0; x < nx - 1; x++) {
        const at = (z * ny + y) * nx + x
        if (alike(values, at, nx, nx * ny)) continue
        const corner = CORNERS.map(([dx, dy, dz]) => values[at + dx + dy * nx + dz * nx * ny]!)
        cellOf[at] = edgeVertex.length
        const sheets = sheetsOf(corner)
        const vertices = new Map<number, number>()
        for (let e = 0; e < 12; e++) {
          const sheet = sheets[e]!
          if (sheet >= 0 && !vertices.has(sheet)) {
            vertices.set(sheet, positions.length / 3)
            const sum = [0, 0, 0]
            let n = 0
            EDGES.forEach(([a, b], i) => {
              if (sheets[i] !== sheet) return
              const t = corner[a]! / (corner[a]! - corner[b]!)
              for (let k = 0; k < 3; k++) sum[k]! += CORNERS[a]![k]! + (CORNERS[b]![k]! - CORNERS[a]![k]!) * t
              n++
            })
            positions.push(min[0] + step * (x + sum[0]! / n), min[1] + step * (y + sum[1]! / n), min[2] + step * (z + sum[2]! / n))
          }
          edgeVertex.push(sheet < 0 ? -1 : vertices.get(sheet)!)
        }
      }
    }
  }
  // A quad of the four cells around every grid edge that the surface crosses.
  const quads: number[] = []
  for (let z = 1; z < nz - 1; z++) {
    for (let y = 1; y < ny - 1; y++) {
      for (let x = 1; x < nx - 1; x++) {
        const at = (z * ny + y) * nx + x
        for (let axis = 0; axis < 3; axis++) {
          const inside = values[at]! < 0
          if (inside === values[at + strides[axis]!]! < 0) continue
          const [su, sv] = [strides[(axis + 1) % 3]!, strides[(axis + 2) % 3]!]
          const seen = (cell: number, corner: number) => edgeVertex[cellOf[cell]! + 4 * axis + corner]!
          const ring = [seen(at - su - sv, 3), seen(at - sv, 2), seen(at, 0), seen(at - su, 1)]
          quads.push(...(inside ? ring : ring.reverse()))
        }
      }
    }
  }
  settle(field, positions, quads, step)
  const p = positions
  const distance2 = (a: number, b: number) => {
    const [x, y, z] = [p[3 * a]! - p[3 * b]!, p[3 * a + 1]! - p[3 * b + 1]!, p[3 * a + 2]! - p[3 * b + 2]!]
    return x * x + y * y + z * z
  }
  const indices: number[] = []
  for (let q = 0; q < quads.length; q += 4) {
    const [a, b, c, d] = quads.slice(q, q + 4) as [number, number, number, number]
    if (distance2(a, c) <= distance2(b, d)) indices.push(a, b, c, a, c, d)
    else indices.push(b, c, d, b, d, a)
  }
  const normals: number[] = []
  for (let i = 0; i < p.length; i += 3) normals.push(...gradient(field, p[i]!, p[i + 1]!, p[i + 2]!, step / 4).unit)
  return { positions, indices, normals }
}

/** Field at every grid point; blocks that the surface cannot reach get their middle's value throughout. */
function sample(field: DistanceField, min: readonly number[], step: number, nx: number, ny: number, nz: number): Float64Array {
  const values = new Float64Array(nx * ny * nz)
  const reach = 2 * Math.sqrt(3) * (BLOCK / 2 + 1) * step
  for (let bz = 0; bz < nz; bz += BLOCK) {
    for (let by = 0; by < ny; by += BLOCK) {
      for (let bx = 0; bx < nx; bx += BLOCK) {
        const half = (BLOCK - 1) / 2
        const middle = field(min[0]! + step * (bx + half), min[1]! + step * (by + half), min[2]! + step * (bz + half))
        const far = Math.abs(middle) > reach
        for (let z = bz; z < Math.min(nz, bz + BLOCK); z++) {
          for (let y = by; y < Math.min(ny, by + BLOCK); y++) {
            for (let x = bx; x < Math.min(nx, bx + BLOCK); x++) {
              values[(z * ny + y) * nx + x] = far ? middle : field(min[0]! + step * x, min[1]! + step * y, min[2]! + step * z)
            }
          }
        }
      }
    }
  }
  return values
}

/** Gradient from the corners of a small tetrahedron: four samples rather than six. */
function gradient(field: DistanceField, x: number, y: number, z: number, h: number) {
  const a = field(x + h, y - h, z - h)
  const b = field(x - h, y - h, z + h)
  const c = field(x - h, y + h, z - h)
  const d = field(x + h, y + h, z + h)
  const [gx, gy, gz] = [(a - b - c + d) / (4 * h), (-a - b + c + d) / (4 * h), (-a + b - c + d) / (4 * h)]
  const l = Math.sqrt(gx * gx + gy * gy + gz * gz) || 1
  return { unit: [gx / l, gy / l, gz / l] as const, length: l }
}

/** Moves every vertex towards the mean of its neighbours, then back onto the surface along the gradient. */
function settle(field: DistanceField, p: number[], quads: readonly number[], step: number) {
  const n = p.length / 3
  for (let round = 0; round < 4; round++) {
    const sum = new Float64Array(n * 3)
    const count = new Float64Array(n)
    for (let q = 0; q < quads.length; q++) {
      const a = quads[q]!
      for (const b of [quads[(q & ~3) | ((q + 1) & 3)]!, quads[(q & ~3) | ((q + 3) & 3)]!]) {
        count[a]!++
        for (let k = 0; k < 3; k++) sum[3 * a + k]! += p[3 * b + k]!
      }
    }
    for (let i = 0; i < n; i++) {
      for (let k = 0; round < 3 && k < 3; k++) p[3 * i + k]! += 0.5 * (sum[3 * i + k]! / count[i]! - p[3 * i + k]!)
      for (let pull = 0; pull < (round === 3 ? 2 : 1); pull++) {
        const [x, y, z] = [p[3 * i]!, p[3 * i + 1]!, p[3 * i + 2]!]
        const d = field(x, y, z)
        const g = gradient(field, x, y, z, step / 8)
        const move = Math.max(-step / 2, Math.min(step / 2, d / Math.max(g.length, 0.5)))
        for (let k = 0; k < 3; k++) p[3 * i + k]! -= move * g.unit[k]!
      }
    }
  }
}
