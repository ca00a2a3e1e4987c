/** Emissive triangles as lights: their bounds while the shutter is open, and the tree over them. */
import { type Mesh, type ResolvedScene, type Vec3, vec3 } from '@dioramic/scene'
import type { EmissionOf } from './emission.ts'
import type { Kernel } from './kernel.ts'
import * as L from './layout.ts'
import type { LightBounds, LightTree } from './light-tree.ts'
import type { Matrices } from './pose.ts'

/** The most triangles that are sampled, those that emit most; the others are found by scattering alone. */
const MOST = 65536

/** An instance that emits, as written for a frame. */
export interface EmittingInstance {
  /** Index into the resolved objects. */
  readonly object: number
  /** Address of the instance's record. */
  readonly at: number
  /** Poses and shapes across the shutter. */
  readonly knots: readonly Matrices[]
  readonly shapes: readonly Mesh[]
}

interface Emitter {
  readonly instance: number
  readonly triangle: number
  readonly bounds: LightBounds
}

/** Writes the tree of all triangles that emit at time t and links it to their instances; null where there are none. */
export function writeEmitters(
  kernel: Kernel,
  { objects }: ResolvedScene,
  instances: readonly EmittingInstance[],
  emission: EmissionOf,
  treeOf: (lights: readonly LightBounds[]) => LightTree,
  t: number,
): { readonly nodes: number; readonly leaves: number } | null {
  const all = instances.flatMap(({ object, knots, shapes }, instance) =>
    emittersOf(instance, moments(knots, shapes), emission(objects[object]!, t)),
  )
  if (all.length === 0) return null
  const chosen = all.length <= MOST ? all : all.sort((a, b) => b.bounds.power - a.bounds.power).slice(0, MOST)
  const what = 'the tree of emissive triangles'
  const tree = treeOf(chosen.map(e => e.bounds))
  const nodes = kernel.put(tree.nodes, what)
  const maps = instances.map(({ object, at }) => {
    const triangles = objects[object]!.mesh.indices.length / 3
    const map = kernel.alloc(triangles * 4, what)
    kernel.i32.fill(-1, map >>> 2, (map >>> 2) + triangles)
    kernel.setU32(at + L.INSTANCE_EMITTERS, map)
    return map
  })
  const leaves = kernel.alloc(chosen.length * L.LEAF_BYTES, what)
  chosen.forEach(({ instance, triangle }, i) => {
    kernel.setU32(leaves + i * L.LEAF_BYTES + L.LEAF_OF, instances[instance]!.at)
    kernel.setU32(leaves + i * L.LEAF_BYTES + L.LEAF_PRIMITIVE, triangle)
    kernel.setU32(maps[instance]! + triangle * 4, tree.nodeOf[i]!)
  })
  return { nodes, leaves }
}

type Moment = readonly [Mesh, Float64Array]

/** The shutter's middle, and its ends where anything moves. A triangle that strays from between them is chosen less well, never wrongly. */
function moments(knots: readonly Matrices[], shapes: readonly Mesh[]): readonly Moment[] {
  const at = (x: number): Moment => [
    shapes[Math.round(x * (shapes.length - 1))]!,
    knots[Math.round(x * (knots.length - 1))]!.worldFromObject,
  ]
  return knots.length > 1 || shapes.length > 1 ? [at(0.5), at(0), at(1)] : [at(0.5)]
}

const corner = ([{ positions, indices }, m]: Moment, i: number): Vec3 => {
  const p = 3 * indices[i]!
  const [x, y, z] = [positions[p]!, positions[p + 1]!, positions[p + 2]!]
  const row = (k: number) => m[k]! * x + m[k + 1]! * y + m[k + 2]! * z + m[k + 3]!
  return [row(0), row(4), row(8)]
}

function emittersOf(instance: number, times: readonly Moment[], emission: (triangle: number) => number): Emitter[] {
  const out: Emitter[] = []
  for (let triangle = 0; triangle < times[0]![0].indices.length / 3; triangle++) {
    const radiance = emission(triangle)
    if (!(radiance > 0)) continue
    const corners = times.flatMap(m => [corner(m, 3 * triangle), corner(m, 3 * triangle + 1), corner(m, 3 * triangle + 2)])
    const normal = vec3.cross(vec3.sub(corners[1]!, corners[0]!), vec3.sub(corners[2]!, corners[0]!))
    const area = vec3.length(normal) / 2
    if (!(area > 0)) continue
    const extreme = (of: (...x: number[]) => number) => [0, 1, 2].map(k => of(...corners.map(c => c[k]!))) as unknown as Vec3
    out.push({
      instance,
      triangle,
      bounds: {
        min: extreme(Math.min),
        max: extreme(Math.max),
        power: radiance * area,
        cone: { axis: vec3.scale(normal, 0.5 / area), spread: 0, reach: Math.PI / 2 },
        both: true,
      },
    })
  }
  return out
}
