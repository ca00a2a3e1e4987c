/** The exact box around a mesh's image, whether or not anything hides it or the frame cuts it: in closed form through a pinhole, by `outline` otherwise. */
import { type CameraState, type Mesh, NEAR, portable, projectionOf, type Vec3 } from '@dioramic/scene'
import { clusters, SIZE } from './clusters.ts'
import { type Border, outline, placeOf } from './outline.ts'

/** left, top, right, bottom in raster pixels. */
export type Box = readonly [number, number, number, number]

export interface Silhouette {
  readonly box: Box
  /** Whether some of the mesh lies behind the near plane; the box is then of the part before it. */
  readonly cut: boolean
}

/** Largest factor by which a row-major 3×4 matrix [R·S | t] stretches: its longest column, as the columns are orthogonal. */
function stretch(m: Float64Array): number {
  const column = (c: number) => m[c] * m[c] + m[4 + c] * m[4 + c] + m[8 + c] * m[8 + c]
  return Math.sqrt(Math.max(column(0), column(1), column(2)))
}

/** Box of a mesh seen through `view` (row-major 3×4 camera-from-object) at one instant. Null when the camera has no image of it. */
export function silhouette(camera: CameraState, view: Float64Array, mesh: Mesh): Silhouette | null {
  if (!camera.lens) return straight(camera, view, mesh)
  const { project } = projectionOf(camera)
  const place = placeOf(mesh.positions, (x, y, z, out) =>
    project(
      view[0] * x + view[1] * y + view[2] * z + view[3],
      view[4] * x + view[5] * y + view[6] * z + view[7],
      view[8] * x + view[9] * y + view[10] * z + view[11],
      out,
    ),
  )
  return outline(mesh, place, borderOf(camera, view))
}

/** Directions that probe the border of what a lens sees. */
const PROBES = 256

/** The border of what the lens sees, in the object's frame. */
export function borderOf(camera: CameraState, view: Float64Array): Border {
  const { lens, width, height, cx, cy } = camera
  const { project, maxAngle } = projectionOf(camera)
  const inverse = invert(view)
  const eye = [inverse[3], inverse[7], inverse[11]] as const
  const local = (x: number, y: number, z: number) =>
    [0, 4, 8].map(r => inverse[r] * x + inverse[r + 1] * y + inverse[r + 2] * z) as unknown as readonly [number, number, number]
  if (lens?.model === 'equirectangular') {
    const pole = (y: number, v: number) => ({ eye, direction: local(0, y, 0), box: [0, v, width, v] as Box })
    return { turn: width, rays: [pole(1, 0), pole(-1, height)] }
  }
  if (lens === undefined || lens.model === 'orthographic') return { rays: [] }
  const out = new Float64Array(2)
  const rays = Array.from({ length: PROBES }, (_, i) => {
    const turn = (2 * Math.PI * i) / PROBES
    const s = portable.sin(maxAngle * (1 - 1e-9))
    const [x, y, z] = [s * portable.cos(turn), s * portable.sin(turn), -portable.cos(maxAngle * (1 - 1e-9))]
    const seen = project(x, y, z, out)
    return { eye, direction: local(x, y, z), box: (seen ? [out[0], out[1], out[0], out[1]] : [cx, cy, cx, cy]) as Box }
  })
  return { rays }
}

/** Inverse of an affine row-major 3×4 matrix. */
function invert(m: Float64Array): Float64Array {
  const [a, b, c, x, d, e, f, y, g, h, i, z] = m
  const [p, q, r] = [e * i - f * h, c * h - b * i, b * f - c * e]
  const det = a * p + d * q + g * r
  const rows = [
    [p, q, r],
    [f * g - d * i, a * i - c * g, c * d - a * f],
    [d * h - e * g, b * g - a * h, a * e - b * d],
  ].map(row => row.map(v => v / det))
  return Float64Array.from(rows.flatMap(([u, v, w]) => [u, v, w, -(u * x + v * y + w * z)]))
}

/**
 * Through a pinhole. Null when all of the mesh is behind the near plane.
 * `x / depth` is a monotone function along any segment before the camera, so the extremes over triangles are at vertices: of the mesh where all
 * of it is before the near plane, and of the clipped triangles otherwise.
 */
function straight(camera: CameraState, view: Float64Array, mesh: Mesh): Silhouette | null {
  const { vertices, balls } = clusters(mesh)
  const factor = stretch(view)
  // Slopes x / depth and y / depth: min x, min y, max x, max y.
  const s: Slopes = [Infinity, Infinity, -Infinity, -Infinity]
  const depth = (i: number) => -(view[8] * vertices[i] + view[9] * vertices[i + 1] + view[10] * vertices[i + 2] + view[11])
  for (let b = 0; 4 * b < balls.length; b++) {
    const x = balls[4 * b]
    const y = balls[4 * b + 1]
    const z = balls[4 * b + 2]
    // The margin of 1e-9 keeps rounding from skipping a ball that touches the bound.
    const r = balls[4 * b + 3] * factor * (1 + 1e-9)
    const qx = view[0] * x + view[1] * y + view[2] * z + view[3]
    const qy = view[4] * x + view[5] * y + view[6] * z + view[7]
    const d = -(view[8] * x + view[9] * y + view[10] * z + view[11])
    const from = 3 * SIZE * b
    const to = Math.min(vertices.length, from + 3 * SIZE)
    if (d - r <= NEAR) {
      for (let i = from; i < to; i += 3) if (depth(i) <= NEAR) return clipped(camera, view, mesh)
    } else {
      const near = 1 / (d - r)
      const far = 1 / (d + r)
      const lowX = qx - r
      const lowY = qy - r
      const highX = qx + r
      const highY = qy + r
      if (
        lowX * (lowX < 0 ? near : far) > s[0] &&
        lowY * (lowY < 0 ? near : far) > s[1] &&
        highX * (highX > 0 ? near : far) < s[2] &&
        highY * (highY > 0 ? near : far) < s[3]
      )
        continue
    }
    for (let i = from; i < to; i += 3) {
      const w = 1 / depth(i)
      grow(
        s,
        (view[0] * vertices[i] + view[1] * vertices[i + 1] + view[2] * vertices[i + 2] + view[3]) * w,
        (view[4] * vertices[i] + view[5] * vertices[i + 1] + view[6] * vertices[i + 2] + view[7]) * w,
      )
    }
  }
  return s[0] <= s[2] ? { box: toRaster(camera, s), cut: false } : null
}

type Slopes = [number, number, number, number]

function grow(s: Slopes, x: number, y: number): void {
  if (x < s[0]) s[0] = x
  if (y < s[1]) s[1] = y
  if (x > s[2]) s[2] = x
  if (y > s[3]) s[3] = y
}

/** Camera +Y is up and the raster's v is down: the top is the largest slope. */
const toRaster = (c: CameraState, s: Slopes): Box => [c.cx + c.fx * s[0], c.cy - c.fy * s[3], c.cx + c.fx * s[2], c.cy - c.fy * s[1]]

/** The rare case: every triangle, cut at the near plane. */
function clipped(camera: CameraState, view: Float64Array, mesh: Mesh): Silhouette | null {
  const { positions, indices } = mesh
  const s: Slopes = [Infinity, Infinity, -Infinity, -Infinity]
  const at = (vertex: number): Vec3 => {
    const x = positions[3 * vertex]
    const y = positions[3 * vertex + 1]
    const z = positions[3 * vertex + 2]
    const row = (r: number) => view[r] * x + view[r + 1] * y + view[r + 2] * z + view[r + 3]
    return [row(0), row(4), -row(8)]
  }
  for (let f = 0; f < indices.length; f += 3) {
    const corners = [at(indices[f]), at(indices[f + 1]), at(indices[f + 2])]
    for (let i = 0; i < 3; i++) {
      const a = corners[i]
      const b = corners[(i + 1) % 3]
      if (a[2] > NEAR) grow(s, a[0] / a[2], a[1] / a[2])
      if (a[2] > NEAR !== b[2] > NEAR) {
        const k = (NEAR - a[2]) / (b[2] - a[2])
        grow(s, (a[0] + k * (b[0] - a[0])) / NEAR, (a[1] + k * (b[1] - a[1])) / NEAR)
      }
    }
  }
  return s[0] <= s[2] ? { box: toRaster(camera, s), cut: true } : null
}
