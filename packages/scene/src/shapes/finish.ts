/** From a shape in any frame to its mesh: centre of mass at the origin, longest edge of the bounds 1, float32, normals. */
import type { Vec3 } from '../maths/vec3.ts'
import { bounds } from '../mesh/bounds.ts'
import { massProperties } from '../mesh/mass-properties.ts'
import { computeNormals } from '../mesh/normals.ts'
import type { Mesh } from '../mesh.ts'
import type { Shape } from './surface.ts'

export interface ShapeGeometry {
  readonly mesh: Mesh
  /** x, y, z of each convex piece's vertices; none for the plane. */
  readonly hulls: readonly Float32Array[]
}

const DEFAULT_CREASE = Math.PI / 6

export function finishShape({ surface, hulls }: Shape): ShapeGeometry {
  const { centerOfMass: c } = massProperties(surface)
  const b = bounds(surface.positions)
  const size = Math.max(b.max[0] - b.min[0], b.max[1] - b.min[1], b.max[2] - b.min[2])
  const place = (p: ArrayLike<number>) => Float32Array.from({ length: p.length }, (_, i) => (p[i]! - c[i % 3]!) / size)
  const positions = place(surface.positions)
  const indices = Uint32Array.from(surface.indices)
  const uvs = Float32Array.from(surface.uvs)
  const { from: _, ...shaded } = surface.normals
    ? { positions, indices, uvs, normals: Float32Array.from(surface.normals), from: null }
    : computeNormals({ positions, indices, uvs }, surface.creaseAngle ?? DEFAULT_CREASE)
  return {
    mesh: { ...shaded, parts: [{ firstTriangle: 0, triangles: indices.length / 3, material: null }] },
    hulls: hulls.map(h => place(h.flatMap((p: Vec3) => [...p]))),
  }
}
