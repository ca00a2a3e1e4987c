import { cos, sin } from '../maths/portable.ts'
import { add, cross, normalize, scale, sub, type Vec3 } from '../maths/vec3.ts'
import { circle, gridSurface, type Shape } from './surface.ts'

const ALONG = 384
const TUBE = 32
const TUBE_RADIUS = 0.42

/** The (2, 3) torus knot, a trefoil: twice around the axis while three times around the tube. Centre radius 2, tube radius 1. */
const knot = (t: number): Vec3 => {
  const r = 2 + cos(3 * t)
  return [r * cos(2 * t), r * sin(2 * t), sin(3 * t)]
}

/** A round tube along a trefoil knot. u runs along the knot, v around the tube. */
export function torusKnot(): Shape {
  const step = (2 * Math.PI) / ALONG
  const tube = circle(TUBE)
  const rings = Array.from({ length: ALONG }, (_, i) => {
    const t = i * step
    const centre = knot(t)
    const tangent = normalize(sub(knot(t + step / 64), knot(t - step / 64)))
    // The direction from the torus's centre circle closes up after one turn, unlike a parallel frame.
    const out: Vec3 = [cos(3 * t) * cos(2 * t), cos(3 * t) * sin(2 * t), sin(3 * t)]
    const side = normalize(cross(out, tangent))
    return { centre, side, normal: cross(tangent, side) }
  })
  const radial = (i: number, j: number): Vec3 => {
    const { side, normal } = rings[i % ALONG]!
    const [c, s] = tube[j % TUBE]!
    return add(scale(normal, c), scale(side, s))
  }
  const point = (i: number, j: number): Vec3 => add(rings[i % ALONG]!.centre, scale(radial(i, j), TUBE_RADIUS))
  const surface = gridSurface(ALONG, TUBE, point)
  surface.normals = []
  for (let j = 0; j <= TUBE; j++) for (let i = 0; i <= ALONG; i++) surface.normals.push(...radial(i, j))
  const hulls = Array.from({ length: 48 }, (_, k) =>
    [0, 4, 8].flatMap(along => Array.from({ length: 16 }, (_, j) => point(8 * k + along, 2 * j))),
  )
  return { surface, hulls }
}
