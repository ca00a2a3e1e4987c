/** Skins, morph targets and animations of a glTF file as one rig of the joined mesh, in the file's own unit and axes. */
import type { GltfChannel, GltfPrimitive, GltfScene } from '@dioramic/codec'
import { invert34 } from '../deformation/matrix.ts'
import { type Clip, type Joint, type JointMovement, jointOrder, restMatrices } from '../deformation/rig.ts'
import { normalize, type Quat } from '../maths/quat.ts'
import type { Vec3 } from '../maths/vec3.ts'
import { type Curve, isKeyframes, type Keyframes } from '../schema/animated.ts'

/** A rig over the vertices of a source mesh. */
export interface SourceRig {
  readonly joints: readonly Joint[]
  /** Joints a vertex. */
  readonly influences: number
  readonly indices: Uint32Array
  readonly weights: Float32Array
  readonly morphs: readonly SourceMorph[]
  readonly clips: ReadonlyMap<string, Clip>
}
interface SourceMorph {
  readonly name: string
  readonly weight: number
  readonly positions: Float32Array
  /** Null where some primitive has none. */
  readonly normals: Float32Array | null
}

/** The rig of all primitives, one after another as they are joined; undefined where nothing of the file moves. Throws for what nothing can carry. */
export function gltfRig(scene: GltfScene): SourceRig | undefined {
  const { nodes, primitives, animations } = scene
  if (nodes.length === 0) return undefined
  const tree = new JointTree(scene)
  const influences = Math.max(...primitives.map(p => p.binding?.influences ?? 1))
  const counts = primitives.map(p => p.positions.length / 3)
  const vertices = counts.reduce((a, b) => a + b, 0)
  const indices = new Uint32Array(influences * vertices)
  const weights = new Float32Array(influences * vertices)
  let from = 0
  primitives.forEach((p, i) => {
    const { binding } = p
    if (!binding)
      throw new Error(`"${p.name}" is flattened by its node at rest (a scale of 0), so nothing can carry it; export it at another pose`)
    const joints = binding.nodes.map((node, k) => tree.bind(node, binding.inverses[k]!))
    for (let v = 0; v < counts[i]!; v++) {
      for (let k = 0; k < binding.influences; k++) {
        indices[influences * (from + v) + k] = joints[binding.joints[binding.influences * v + k]!]!
        weights[influences * (from + v) + k] = binding.weights[binding.influences * v + k]!
      }
    }
    from += counts[i]!
  })
  for (const { channels } of animations) for (const c of channels) if (c.path !== 'weights') tree.joint(c.node)
  const morphs = joinedMorphs(primitives, counts, vertices)
  const clips = new Map<string, Clip>()
  for (const { name, channels } of animations) {
    const used = clips.has(name) ? `${name}-${clips.size + 1}` : name
    clips.set(used, clipOf(channels, tree, morphs.names))
  }
  return { joints: tree.finish(), influences, indices, weights, morphs: morphs.list, clips }
}

/** Joints by node, made with those above them; a node bound in two poses gets a second joint that rides on it. */
class JointTree {
  private readonly scene: GltfScene
  private readonly list: (Omit<Joint, 'inverseBind'> & { inverseBind?: Float64Array })[] = []
  private readonly byNode = new Map<number, number>()
  private readonly names = new Set<string>()

  constructor(scene: GltfScene) {
    this.scene = scene
  }

  joint(node: number): number {
    const known = this.byNode.get(node)
    if (known !== undefined) return known
    const { name, parent, translation, rotation, scale } = this.scene.nodes[node]!
    const above = parent < 0 ? -1 : this.joint(parent)
    this.byNode.set(node, this.list.length)
    return this.list.push({ name: this.free(name || `node-${node}`), parent: above, translation, rotation: normalize(rotation), scale }) - 1
  }

  /** The joint of a node for what was bound to it by this column-major 4×4 matrix. */
  bind(node: number, matrix: readonly number[]): number {
    const inverse = Float64Array.from({ length: 12 }, (_, i) => matrix[4 * (i % 4) + Math.floor(i / 4)]!)
    const size = Math.max(...inverse.map(Math.abs))
    const same = (j: number) => this.list[j]!.inverseBind?.every((x, i) => Math.abs(x - inverse[i]!) <= 1e-6 * size)
    const own = this.joint(node)
    if (!this.list[own]!.inverseBind) this.list[own]!.inverseBind = inverse
    if (same(own)) return own
    const rider = this.list.findIndex((j, k) => j.parent === own && j.name.startsWith(`${this.list[own]!.name} bound`) && same(k))
    if (rider >= 0) return rider
    const name = this.free(`${this.list[own]!.name} bound again`)
    return this.list.push({ name, parent: own, translation: [0, 0, 0], rotation: [0, 0, 0, 1], scale: [1, 1, 1], inverseBind: inverse }) - 1
  }

  name(node: number): string {
    return this.list[this.joint(node)]!.name
  }

  /** Joints that carry nothing are bound as they are at rest. */
  finish(): Joint[] {
    const rest = restMatrices(this.list, jointOrder('it', this.list))
    const none = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0)
    return this.list.map((joint, j) => ({ ...joint, inverseBind: joint.inverseBind ?? invert34(rest, 12 * j) ?? none }))
  }

  private free(wanted: string): string {
    let name = wanted
    for (let i = 2; this.names.has(name); i++) name = `${wanted}-${i}`
    this.names.add(name)
    return name
  }
}

/** Targets of all primitives over all vertices; those of one node's primitives are one. Named after their node where several nodes have some. */
function joinedMorphs(primitives: readonly GltfPrimitive[], counts: readonly number[], vertices: number) {
  const owners = [...new Set(primitives.filter(p => p.targets.length > 0).map(p => p.node))]
  const taken = new Set<string>()
  /** Names of a node's targets, in order. */
  const names = new Map<number, string[]>()
  const list: SourceMorph[] = []
  for (const node of owners) {
    const mine = primitives.filter(p => p.node === node)
    names.set(
      node,
      mine[0]!.targets.map((target, t) => {
        const wanted = owners.length > 1 ? `${mine[0]!.name}/${target.name}` : target.name
        let name = wanted
        for (let i = 2; taken.has(name); i++) name = `${wanted}-${i}`
        taken.add(name)
        const positions = new Float32Array(3 * vertices)
        const normals = mine.every(p => p.targets[t]?.normals) ? new Float32Array(3 * vertices) : null
        let from = 0
        primitives.forEach((p, i) => {
          if (p.node === node && p.targets[t]) {
            positions.set(p.targets[t].positions, 3 * from)
            if (p.targets[t].normals) normals?.set(p.targets[t].normals, 3 * from)
          }
          from += counts[i]!
        })
        list.push({ name, weight: target.weight, positions, normals })
        return name
      }),
    )
  }
  return { list, names }
}

function clipOf(channels: readonly GltfChannel[], tree: JointTree, morphNames: ReadonlyMap<number, readonly string[]>): Clip {
  const joints: Record<string, JointMovement> = {}
  const morphs: Record<string, Curve<number>> = {}
  for (const channel of channels) {
    const { path } = channel
    if (path === 'weights') {
      const names = morphNames.get(channel.node) ?? []
      names.forEach((name, k) => {
        morphs[name] = curveOf(channel, names.length, at => at(k))
      })
      continue
    }
    const name = tree.name(channel.node)
    const curve =
      path === 'rotation'
        ? // Quaternions from normalised integers are not quite unit; slopes need not be.
          curveOf<Quat>(channel, 4, at => [at(0), at(1), at(2), at(3)], channel.interpolation === 'cubic' ? q => q : normalize)
        : curveOf<Vec3>(channel, 3, at => [at(0), at(1), at(2)])
    joints[name] = { ...joints[name], [path]: curve }
  }
  const duration = Math.max(0, ...channels.map(c => c.times.at(-1)!))
  return { joints, morphs, duration }
}

/** Keys of a channel of `size` numbers a time; `pick` makes a value of the numbers it asks for. */
function curveOf<T>(
  { times, values, interpolation }: GltfChannel,
  size: number,
  pick: (at: (k: number) => number) => T,
  mend: (value: T) => T = v => v,
): Keyframes<T> {
  const stride = interpolation === 'cubic' ? 3 * size : size
  const value = (i: number, part: number) => pick(k => values[i * stride + part * size + k] ?? 0)
  const keys = Array.from(times, (t, i) => [t, mend(value(i, interpolation === 'cubic' ? 1 : 0))] as const)
  return interpolation === 'cubic'
    ? { keys, interpolation, tangents: keys.map((_, i) => [value(i, 0), value(i, 2)] as const) }
    : { keys, interpolation }
}

/** Vectors of the file in metres, +Z up. */
export interface Frame {
  readonly metres: number
  readonly up: 'y' | 'z'
}
const turn = ({ up }: Frame, v: ArrayLike<number>): [number, number, number] =>
  up === 'y' ? [v[0]!, 0 - v[2]!, v[1]!] : [v[0]!, v[1]!, v[2]!]

/** Joints and clips in metres and +Z up: every transform T becomes C · T · C⁻¹. */
export function turnedJoints(rig: SourceRig, frame: Frame): Pick<SourceRig, 'joints' | 'clips'> {
  const place = (v: Vec3) => turn(frame, v).map(x => x * frame.metres) as unknown as Vec3
  const spin = (q: Quat): Quat => [...turn(frame, q), q[3]]
  const size = (s: Vec3): Vec3 => (frame.up === 'y' ? [s[0]!, s[2]!, s[1]!] : [s[0]!, s[1]!, s[2]!])
  const joints = rig.joints.map(j => ({
    ...j,
    translation: place(j.translation),
    rotation: spin(j.rotation),
    scale: size(j.scale),
    inverseBind: conjugated(j.inverseBind, frame),
  }))
  const clips = new Map(
    [...rig.clips].map(([name, clip]): [string, Clip] => [
      name,
      {
        ...clip,
        joints: Object.fromEntries(
          Object.entries(clip.joints).map(([joint, pose]) => [
            joint,
            {
              ...(pose.translation === undefined ? {} : { translation: mapCurve(pose.translation, place) }),
              ...(pose.rotation === undefined ? {} : { rotation: mapCurve(pose.rotation, spin) }),
              ...(pose.scale === undefined ? {} : { scale: mapCurve(pose.scale, size) }),
            },
          ]),
        ),
      },
    ]),
  )
  return { joints, clips }
}

function mapCurve<T>(curve: Curve<T>, map: (value: T) => T): Curve<T> {
  if (!isKeyframes(curve)) return map(curve)
  const keys = curve.keys.map(([t, v]) => [t, map(v)] as const)
  if (curve.interpolation !== 'cubic') return { ...curve, keys }
  return { ...curve, keys, tangents: curve.tangents.map(([a, b]) => [map(a), map(b)] as const) }
}

/** C · M · C⁻¹ of a row-major 3×4 matrix. */
function conjugated(m: Float64Array, frame: Frame): Float64Array {
  const out = new Float64Array(12)
  // Column by column: what M does to C⁻¹ of each axis, turned.
  const axes =
    frame.up === 'y'
      ? [
          [1, 0, 0],
          [0, 0, -1],
          [0, 1, 0],
        ]
      : [
          [1, 0, 0],
          [0, 1, 0],
          [0, 0, 1],
        ]
  axes.forEach((axis, c) => {
    const image = [0, 4, 8].map(r => m[r]! * axis[0]! + m[r + 1]! * axis[1]! + m[r + 2]! * axis[2]!)
    turn(frame, image).forEach((x, r) => {
      out[4 * r + c] = x
    })
  })
  turn(frame, [m[3]!, m[7]!, m[11]!]).forEach((x, r) => {
    out[4 * r + 3] = x * frame.metres
  })
  return out
}

/** Turned vectors of morph targets: lengths by `metres` for places, as they are for normals. */
export function turnedVectors(vectors: Float32Array, frame: Frame, from: Uint32Array, metres: number): Float64Array {
  const out = new Float64Array(3 * from.length)
  from.forEach((v, i) => {
    out.set(
      turn(frame, vectors.subarray(3 * v, 3 * v + 3)).map(x => x * metres),
      3 * i,
    )
  })
  return out
}
