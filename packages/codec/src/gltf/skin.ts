import type { Accessor, Animation, Document, Mesh, Primitive, Skin } from '@gltf-transform/core'
import { CodecError } from '../error.ts'
import type { GltfJson, GltfNode } from './container.ts'
import type { GltfAnimation, GltfBinding, GltfJoint } from './gltf.ts'
import { determinant, inverse, localMatrix, type Matrix, multiply } from './nodes.ts'

const broken = (message: string, where?: string) => new CodecError('gltf.corrupt', message, where, 'Export it again')

/** Whether anything in the file can move. */
export const moves = (json: GltfJson, meshes: readonly Mesh[]): boolean =>
  (json.skins?.length ?? 0) > 0 ||
  (json.animations?.length ?? 0) > 0 ||
  meshes.some(m => m.listPrimitives().some(p => p.listTargets().length > 0))

/** Every node with its parent and its place at rest. Throws CodecError for a matrix that is no translation, rotation and scale. */
export function joints(json: GltfJson): GltfJoint[] {
  const nodes = json.nodes ?? []
  const parent = new Int32Array(nodes.length).fill(-1)
  nodes.forEach((node, i) => {
    for (const child of node.children ?? []) if (child < nodes.length) parent[child] = i
  })
  return nodes.map((node, i) => ({ name: node.name ?? '', parent: parent[i]!, ...placeOf(node, i) }))
}

function placeOf(node: GltfNode, index: number): Omit<GltfJoint, 'name' | 'parent'> {
  const m = localMatrix(node, index)
  if (!node.matrix)
    return {
      translation: (node.translation ?? [0, 0, 0]) as [number, number, number],
      rotation: (node.rotation ?? [0, 0, 0, 1]) as [number, number, number, number],
      scale: (node.scale ?? [1, 1, 1]) as [number, number, number],
    }
  const column = (c: number) => [m[4 * c]!, m[4 * c + 1]!, m[4 * c + 2]!] as const
  const length = (v: readonly number[]) => Math.sqrt(v[0]! * v[0]! + v[1]! * v[1]! + v[2]! * v[2]!)
  const s = [0, 1, 2].map(c => length(column(c))) as [number, number, number]
  const axes = [0, 1, 2].map(c => column(c).map(x => x / s[c]!))
  const lean = (a: number, b: number) => Math.abs(axes[a]!.reduce((sum, x, k) => sum + x * axes[b]![k]!, 0))
  if (!(Math.max(lean(0, 1), lean(1, 2), lean(2, 0)) < 1e-4))
    throw new CodecError(
      'gltf.unsupported',
      `node ${index} "${node.name ?? ''}" has a matrix with shear, which something that moves cannot have`,
      `nodes[${index}].matrix`,
      'Apply transforms where it was made, and export it again',
    )
  if (determinant(m) < 0) {
    s[0] = -s[0]
    axes[0] = axes[0]!.map(x => -x)
  }
  return { translation: [m[12]!, m[13]!, m[14]!], rotation: quaternion(axes), scale: s }
}

/** Unit quaternion x, y, z, w of a rotation given by its columns. */
function quaternion(c: readonly (readonly number[])[]): [number, number, number, number] {
  const at = (row: number, column: number) => c[column]![row]!
  const four = [
    1 + at(0, 0) - at(1, 1) - at(2, 2),
    1 - at(0, 0) + at(1, 1) - at(2, 2),
    1 - at(0, 0) - at(1, 1) + at(2, 2),
    1 + at(0, 0) + at(1, 1) + at(2, 2),
  ]
  const k = four.indexOf(Math.max(...four))
  const q = [
    [four[0]!, at(1, 0) + at(0, 1), at(0, 2) + at(2, 0), at(2, 1) - at(1, 2)],
    [at(1, 0) + at(0, 1), four[1]!, at(2, 1) + at(1, 2), at(0, 2) - at(2, 0)],
    [at(0, 2) + at(2, 0), at(2, 1) + at(1, 2), four[2]!, at(1, 0) - at(0, 1)],
    [at(2, 1) - at(1, 2), at(0, 2) - at(2, 0), at(1, 0) - at(0, 1), four[3]!],
  ][k]!
  const n = Math.sqrt(q.reduce((s, x) => s + x * x, 0))
  return q.map(x => x / n) as [number, number, number, number]
}

/** What carries a primitive, and how to bring it into the scene's frame. Undefined for one that is flattened, which nothing can carry. */
export function bindingOf(
  document: Document,
  primitive: Primitive,
  name: string,
  skin: Skin | null | undefined,
  node: number,
  scene: { readonly sceneFromNode: Matrix; readonly rest: readonly Matrix[] },
): { readonly sceneFromMesh: Matrix; readonly binding?: GltfBinding } {
  const count = primitive.getAttribute('POSITION')!.getCount()
  const own = inverse(scene.sceneFromNode)
  const rigid = own && {
    nodes: [node],
    inverses: [own],
    influences: 1,
    joints: new Uint32Array(count),
    weights: new Float32Array(count).fill(1),
  }
  if (!skin) return { sceneFromMesh: scene.sceneFromNode, ...(rigid ? { binding: rigid } : {}) }
  const all = document.getRoot().listNodes()
  const nodes = skin.listJoints().map(j => all.indexOf(j))
  const matrices = skin.getInverseBindMatrices()
  if (nodes.length === 0 || (matrices && matrices.getCount() < nodes.length))
    throw broken(`the skin of ${name} has no joints, or fewer inverse bind matrices`)
  const bind = nodes.map(
    (_, j): Matrix => (matrices ? matrices.getElement(j, []) : inverse([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1])!),
  )
  if (!bind.flat().every(Number.isFinite)) throw broken(`the skin of ${name} has an inverse bind matrix that is not finite`)
  // As its first joint carries it at rest: where the mesh was bound at rest, that is where all of them do.
  const first = multiply(scene.rest[nodes[0]!]!, bind[0]!)
  const back = inverse(first)
  if (!back)
    throw new CodecError(
      'gltf.unsupported',
      `the skin of ${name} is flattened by its first joint at rest`,
      undefined,
      'Export it at another pose',
    )
  return {
    sceneFromMesh: first,
    binding: { nodes, inverses: bind.map(b => multiply(b, back)), ...influences(primitive, name, count, nodes.length) },
  }
}

/** JOINTS_0, WEIGHTS_0 and as many more sets as there are, side by side. */
function influences(
  primitive: Primitive,
  name: string,
  count: number,
  joints: number,
): Pick<GltfBinding, 'influences' | 'joints' | 'weights'> {
  const sets: [Accessor, Accessor][] = []
  for (let i = 0; ; i++) {
    const [j, w] = [primitive.getAttribute(`JOINTS_${i}`), primitive.getAttribute(`WEIGHTS_${i}`)]
    if (!j && !w) break
    if (!j || !w || j.getCount() !== count || w.getCount() !== count || j.getElementSize() !== 4 || w.getElementSize() !== 4)
      throw broken(`JOINTS_${i} and WEIGHTS_${i} of ${name} do not fit its ${count} vertices`)
    sets.push([j, w])
  }
  if (sets.length === 0) throw broken(`${name} has a skin, but no JOINTS_0 and WEIGHTS_0`)
  const out = {
    influences: 4 * sets.length,
    joints: new Uint32Array(4 * sets.length * count),
    weights: new Float32Array(4 * sets.length * count),
  }
  const [j, w]: number[][] = [[], []]
  for (let v = 0; v < count; v++) {
    sets.forEach(([links, weights], s) => {
      links.getElement(v, j!)
      weights.getElement(v, w!)
      for (let k = 0; k < 4; k++) {
        if (w![k] !== 0 && !(j![k]! < joints)) throw broken(`vertex ${v} of ${name} follows joint ${j![k]}, but its skin has ${joints}`)
        if (!Number.isFinite(w![k])) throw broken(`vertex ${v} of ${name} has the weight ${w![k]}`)
        out.joints[4 * (sets.length * v + s) + k] = w![k] === 0 ? 0 : j![k]!
        out.weights[4 * (sets.length * v + s) + k] = w![k]!
      }
    })
  }
  return out
}

const PATHS = { translation: 3, rotation: 4, scale: 3, weights: 0 } as const
const INTERPOLATIONS = { LINEAR: 'linear', STEP: 'step', CUBICSPLINE: 'cubic' } as const

/** All animations, their channels checked. Throws CodecError. */
export function animations(document: Document): GltfAnimation[] {
  const nodes = document.getRoot().listNodes()
  return document
    .getRoot()
    .listAnimations()
    .map((a, i) => readAnimation(a, a.getName() || `animation-${i}`, nodes))
}

function readAnimation(animation: Animation, name: string, nodes: readonly unknown[]): GltfAnimation {
  const channels = animation.listChannels().flatMap(channel => {
    const [node, path, sampler] = [nodes.indexOf(channel.getTargetNode()), channel.getTargetPath(), channel.getSampler()]
    // A channel without a node is another extension's.
    if (node < 0 || !path || !(path in PATHS)) return []
    const [input, output] = [sampler?.getInput(), sampler?.getOutput()]
    if (!sampler || !input || !output) throw broken(`animation "${name}" has a channel without samples`)
    const times = numbers(input, 1)
    if (times.length === 0 || !times.every((t, k) => Number.isFinite(t) && (k === 0 || t > times[k - 1]!)))
      throw broken(`the times of animation "${name}" do not increase`)
    const size = PATHS[path as keyof typeof PATHS]
    const values = numbers(output, size || 1)
    const interpolation = INTERPOLATIONS[sampler.getInterpolation() as keyof typeof INTERPOLATIONS] ?? 'linear'
    const each = values.length / times.length / (interpolation === 'cubic' ? 3 : 1)
    if (!values.every(Number.isFinite) || !Number.isInteger(each) || (size > 0 && each !== size))
      throw broken(`animation "${name}" has ${values.length} numbers of ${path} for ${times.length} times`)
    return [{ node, path: path as keyof typeof PATHS, interpolation, times, values }]
  })
  return { name, channels }
}

/** An accessor's numbers one after another; normalised integers become −1 to 1. */
function numbers(accessor: Accessor, size: number): Float32Array {
  if (accessor.getElementSize() !== size)
    throw broken(`an animation has ${accessor.getElementSize()} numbers a sample where ${size} belong`)
  const out = new Float32Array(accessor.getCount() * size)
  const element: number[] = []
  for (let i = 0; i < accessor.getCount(); i++) {
    accessor.getElement(i, element)
    for (let k = 0; k < size; k++) out[i * size + k] = element[k]!
  }
  return out
}
