import type { ShapeName } from '../schema/geometry.ts'
import { cone } from './cone.ts'
import { cube } from './cube.ts'
import { cylinder } from './cylinder.ts'
import { finishShape, type ShapeGeometry } from './finish.ts'
import { gear } from './gear.ts'
import { monkey } from './monkey.ts'
import { plane } from './plane.ts'
import { quadruped } from './quadruped.ts'
import { sphere } from './sphere.ts'
import { sponge } from './sponge.ts'
import type { Shape } from './surface.ts'
import { teapot } from './teapot.ts'
import { torus } from './torus.ts'
import { torusKnot } from './torus-knot.ts'

const BUILDERS: Readonly<Record<ShapeName, () => Shape>> = {
  cone,
  cube,
  cylinder,
  gear,
  monkey,
  plane,
  quadruped,
  sphere,
  sponge,
  teapot,
  torus,
  'torus-knot': torusKnot,
}

const built = new Map<ShapeName, ShapeGeometry>()

/**
 * The mesh and the convex collision pieces of a shape, built once a process. Longest edge of the bounds 1, centre of mass at the origin,
 * +Z up, closed (but for `plane`), outward faces counter-clockwise, uvs in [0, 1]. The same value is returned each time: do not write to it.
 */
export function shapeGeometry(name: ShapeName): ShapeGeometry {
  let shape = built.get(name)
  if (!shape) {
    shape = finishShape(BUILDERS[name]())
    built.set(name, shape)
  }
  return shape
}
