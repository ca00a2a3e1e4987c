/** What makes a mesh deform: a tree of joints, a skin, morph targets, and the clips that came with them. */
import type { Quat } from '../maths/quat.ts'
import type { Vec3 } from '../maths/vec3.ts'
import { MeshError } from '../mesh/check.ts'
import type { Curve } from '../schema/animated.ts'
import { suggest } from '../suggest.ts'
import { composeInto, invert34, multiplyInto } from './matrix.ts'

export interface Joint {
  /** Unique in its rig. */
  readonly name: string
  /** Place of its parent in `joints`; −1 for a root. */
  readonly parent: number
  /** At rest, in the parent's frame. */
  readonly translation: Vec3
  readonly rotation: Quat
  readonly scale: Vec3
  /** Row-major 3×4 joint-from-object matrix of the pose in which the mesh was bound. */
  readonly inverseBind: Float64Array
}

/** Up to four joints a vertex. */
export const INFLUENCES = 4

export interface Skin {
  /** `INFLUENCES` a vertex, places in `joints`. */
  readonly indices: Uint16Array
  /** `INFLUENCES` a vertex; they sum to 1. */
  readonly weights: Float64Array
}

export interface Morph {
  readonly name: string
  /** Weight where neither a pose nor a clip says one. */
  readonly weight: number
  /** Added to every vertex at a weight of 1; metres, object frame. */
  readonly positions: Float64Array
  /** Added to every normal; null for a mesh without normals. */
  readonly normals: Float64Array | null
}

/** Movements of a joint in its parent's frame. */
export interface JointMovement {
  readonly translation?: Curve<Vec3> | undefined
  readonly rotation?: Curve<Quat> | undefined
  readonly scale?: Curve<Vec3> | undefined
}

/** Movements by the names of joints and morph targets. */
interface Movement {
  readonly joints: Readonly<Record<string, JointMovement>>
  readonly morphs: Readonly<Record<string, Curve<number>>>
}

/** A named movement that came with an asset; its times are seconds from its beginning. */
export interface Clip extends Movement {
  readonly duration: number
}

export interface Rig {
  readonly joints: readonly Joint[]
  readonly skin: Skin | null
  readonly morphs: readonly Morph[]
  readonly clips: ReadonlyMap<string, Clip>
}

/** Joints whose parents come before them: the order in which their places follow from each other. Throws `MeshError` for a tree that is none. */
export function jointOrder(what: string, joints: readonly { readonly name: string; readonly parent: number }[]): Uint32Array {
  const state = new Uint8Array(joints.length)
  const order: number[] = []
  for (let j = 0; j < joints.length; j++) {
    const path: number[] = []
    for (let k = j; k >= 0 && state[k] !== 2; k = joints[k]!.parent) {
      if (state[k] === 1) {
        const ring = [...path.slice(path.indexOf(k)), k].map(i => `"${joints[i]!.name}"`)
        throw new MeshError(`${what}: the parents of its joints go in a circle: ${ring.join(' → ')}; a tree has roots`)
      }
      state[k] = 1
      path.push(k)
    }
    for (const k of path.reverse()) {
      state[k] = 2
      order.push(k)
    }
  }
  return Uint32Array.from(order)
}

/** How far the weights of a vertex may miss 1 and still be rounding. */
const ROUNDING = 1e-3

/**
 * The skin of `vertices` vertices from lists of `influences` joints and weights a vertex. Of more than four the largest stay; weights are made to sum
 * to 1. Throws `MeshError` for lists of the wrong length, a joint that does not exist, weights that sum to another number than 1 or to none.
 * @returns the skin, and the largest share of a vertex that was left out
 */
export function makeSkin(
  what: string,
  vertices: number,
  joints: number,
  influences: number,
  indices: ArrayLike<number>,
  weights: ArrayLike<number>,
): { readonly skin: Skin; readonly dropped: number } {
  for (const [name, list] of [
    ['joint indices', indices],
    ['weights', weights],
  ] as const) {
    if (list.length !== vertices * influences)
      throw new MeshError(
        `${what}: ${vertices} vertices need ${vertices * influences} skin ${name}, ${influences} a vertex, but there are ${list.length}`,
      )
  }
  const skin = { indices: new Uint16Array(INFLUENCES * vertices), weights: new Float64Array(INFLUENCES * vertices) }
  let dropped = 0
  for (let v = 0; v < vertices; v++) {
    const list = Array.from({ length: influences }, (_, k) => [indices[v * influences + k]!, weights[v * influences + k]!] as const)
    const bad = list.find(([j, w]) => w !== 0 && !(j < joints))
    if (bad) throw new MeshError(`${what}: vertex ${v} follows joint ${bad[0]}, but there are ${joints} (0 to ${joints - 1})`)
    const sum = list.reduce((s, [, w]) => s + w, 0)
    if (!(Math.abs(sum - 1) <= ROUNDING) || list.some(([, w]) => !(w >= 0)))
      throw new MeshError(
        `${what}: the skin weights of vertex ${v} are ${list.map(([, w]) => w).join(', ')}; they must be 0 or more and sum to 1`,
      )
    // Largest first; of equal ones the first named.
    const kept = list
      .map((e, k) => [...e, k] as const)
      .sort((a, b) => b[1] - a[1] || a[2] - b[2])
      .slice(0, INFLUENCES)
    const rest = kept.reduce((s, [, w]) => s + w, 0)
    dropped = Math.max(dropped, 1 - rest / sum)
    kept.forEach(([j, w], k) => {
      skin.indices[INFLUENCES * v + k] = w === 0 ? 0 : j
      skin.weights[INFLUENCES * v + k] = w / rest
    })
  }
  return { skin, dropped }
}

/** Object-from-joint matrices at rest, 12 numbers a joint. */
export function restMatrices(joints: readonly Omit<Joint, 'inverseBind'>[], order: Uint32Array): Float64Array {
  const out = new Float64Array(12 * joints.length)
  const local = new Float64Array(12)
  for (const j of order) {
    const { parent, translation, rotation, scale } = joints[j]!
    composeInto(translation, rotation, scale, local, 0)
    if (parent < 0) out.set(local, 12 * j)
    else multiplyInto(out, 12 * parent, local, 0, out, 12 * j)
  }
  return out
}

/** Joints with the inverse bind matrices that they lack taken from the pose at rest. Throws `MeshError` where that pose has no inverse. */
export function boundAtRest(
  what: string,
  joints: readonly (Omit<Joint, 'inverseBind'> & { readonly inverseBind?: Float64Array | undefined })[],
): Joint[] {
  const rest = restMatrices(joints, jointOrder(what, joints))
  return joints.map((joint, j) => {
    const inverseBind = joint.inverseBind ?? invert34(rest, 12 * j)
    if (!inverseBind)
      throw new MeshError(
        `${what}: joint "${joint.name}" is flattened at rest (scale ${joint.scale.join(', ')}), so nothing can be bound to it; give it an inverseBind`,
      )
    return { ...joint, inverseBind }
  })
}

/** Throws `MeshError` unless what the pose names is in the rig. */
export function checkPose(what: string, rig: Rig, pose: Movement): void {
  const known = (kind: string, names: readonly string[], asked: readonly string[]) => {
    for (const name of asked)
      if (!names.includes(name))
        throw new MeshError(`${what} poses the ${kind} "${name}", which its geometry lacks; ${suggest(name, names)}`)
  }
  known(
    'joint',
    rig.joints.map(j => j.name),
    Object.keys(pose.joints),
  )
  known(
    'morph target',
    rig.morphs.map(m => m.name),
    Object.keys(pose.morphs),
  )
}
