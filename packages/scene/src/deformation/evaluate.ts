/**
 * Where deforming meshes and their joints are at any time. Everything is f64 with portable functions; a vertex is rounded to f32 once, at the end, so the
 * mesh that is drawn, the mesh that rays meet and the points that labels follow are one mesh.
 *
 *   vertex = Σ weight · (object from joint) · (joint from object when bound) · (rest + Σ morph weight · morph)
 */
import { numberAt, quatAt, vec3At } from '../keyframes.ts'
import { normalize } from '../maths/quat.ts'
import type { Mesh } from '../mesh.ts'
import type { ResolvedObject } from '../resolve.ts'
import { type Channel, clipTime, type Deformation } from './deformation.ts'
import { cofactors, composeInto, multiplyInto } from './matrix.ts'
import { INFLUENCES, type Joint } from './rig.ts'

/** A deformation at one time; joints are worked out when asked for. */
class State {
  readonly time: number
  readonly morphs: Float64Array
  mesh: Mesh | undefined
  private readonly of: Deformation
  private readonly clip: number
  /** Object from joint, and that times the inverse bind: 12 numbers a joint each. */
  private readonly place: Float64Array
  private readonly blend: Float64Array
  private readonly done: Uint8Array
  private readonly local = new Float64Array(12)

  constructor(of: Deformation, time: number) {
    this.time = time
    this.of = of
    this.clip = clipTime(of.clock, time)
    this.morphs = Float64Array.from(of.morphs, c => numberAt(c.value, this.clock(c)))
    this.place = new Float64Array(12 * of.joints.length)
    this.blend = new Float64Array(12 * of.joints.length)
    this.done = new Uint8Array(of.joints.length)
  }

  private clock(channel: Channel<unknown>): number {
    return channel.clip ? this.clip : this.time
  }

  /** Local place of a joint: its own keyframes, its clip's, or rest. */
  localPose(j: number): Pick<Joint, 'translation' | 'rotation' | 'scale'> {
    const { translation, rotation, scale } = this.of.joints[j]!
    return {
      translation: vec3At(translation.value, this.clock(translation)),
      rotation: normalize(quatAt(rotation.value, this.clock(rotation))),
      scale: vec3At(scale.value, this.clock(scale)),
    }
  }

  /** Works out joint j and the joints above it. */
  private ensure(j: number): void {
    if (this.done[j]) return
    const { parent, inverseBind } = this.of.rig.joints[j]!
    if (parent >= 0) this.ensure(parent)
    const { translation, rotation, scale } = this.localPose(j)
    composeInto(translation, rotation, scale, this.local, 0)
    if (parent < 0) this.place.set(this.local, 12 * j)
    else multiplyInto(this.place, 12 * parent, this.local, 0, this.place, 12 * j)
    multiplyInto(this.place, 12 * j, inverseBind, 0, this.blend, 12 * j)
    this.done[j] = 1
  }

  places(): Float64Array {
    for (const j of this.of.order) this.ensure(j)
    return this.place
  }

  /** Writes where vertex i of the mesh is to `out[at …]` and, where asked, its unit normal to `normal[at …]`. */
  vertex(mesh: Mesh, i: number, out: Float32Array | Float64Array, normal: Float32Array | Float64Array | null, at: number): void {
    const { skin, morphs } = this.of.rig
    const v = 3 * i
    let [x, y, z] = [mesh.positions[v]!, mesh.positions[v + 1]!, mesh.positions[v + 2]!]
    const n = normal && mesh.normals
    let [nx, ny, nz] = n ? [n[v]!, n[v + 1]!, n[v + 2]!] : [0, 0, 0]
    for (let k = 0; k < morphs.length; k++) {
      const w = this.morphs[k]!
      if (w === 0) continue
      const { positions, normals } = morphs[k]!
      x += w * positions[v]!
      y += w * positions[v + 1]!
      z += w * positions[v + 2]!
      if (!n || !normals) continue
      nx += w * normals[v]!
      ny += w * normals[v + 1]!
      nz += w * normals[v + 2]!
    }
    if (skin) {
      const m = MIXED.fill(0)
      for (let k = INFLUENCES * i; k < INFLUENCES * (i + 1); k++) {
        const w = skin.weights[k]!
        if (w === 0) break
        const j = skin.indices[k]!
        this.ensure(j)
        for (let c = 0, b = 12 * j; c < 12; c++, b++) m[c]! += w * this.blend[b]!
      }
      ;[x, y, z] = [
        m[0]! * x + m[1]! * y + m[2]! * z + m[3]!,
        m[4]! * x + m[5]! * y + m[6]! * z + m[7]!,
        m[8]! * x + m[9]! * y + m[10]! * z + m[11]!,
      ]
      if (n) {
        const k = cofactors(m, 0)
        // A skin that mirrors turns surfaces inside out; their triangles turn with them, so normals keep to the side of the faces.
        ;[nx, ny, nz] = [k[0]! * nx + k[1]! * ny + k[2]! * nz, k[3]! * nx + k[4]! * ny + k[5]! * nz, k[6]! * nx + k[7]! * ny + k[8]! * nz]
      }
    }
    out[at] = Math.fround(x)
    out[at + 1] = Math.fround(y)
    out[at + 2] = Math.fround(z)
    if (!n) return
    const length = Math.sqrt(nx * nx + ny * ny + nz * nz)
    const s = length > 0 ? 1 / length : 0
    normal[at] = Math.fround(nx * s)
    normal[at + 1] = Math.fround(ny * s)
    normal[at + 2] = Math.fround(nz * s)
  }
}
/** Scratch. */
const MIXED = new Float64Array(12)

/** States kept of each deformation: this frame, its neighbours, the one before. */
const KEPT = 4
const states = new WeakMap<Deformation, State[]>()

function stateAt(of: Deformation, t: number): State {
  const time = of.still ? 0 : t
  let kept = states.get(of)
  if (!kept) {
    kept = []
    states.set(of, kept)
  }
  const found = kept.find(s => s.time === time)
  if (found) return found
  const made = new State(of, time)
  kept.unshift(made)
  if (kept.length > KEPT) kept.pop()
  return made
}

/** The object's mesh as it is at `t` seconds, object frame: the same triangles, parts and texture coordinates. A rigid object's mesh itself. */
export function meshAt({ mesh, deformation }: ResolvedObject, t: number): Mesh {
  if (!deformation) return mesh
  const state = stateAt(deformation, t)
  if (state.mesh) return state.mesh
  const positions = new Float32Array(mesh.positions.length)
  const normals = mesh.normals && new Float32Array(mesh.normals.length)
  for (let i = 0; 3 * i < positions.length; i++) state.vertex(mesh, i, positions, normals, 3 * i)
  state.mesh = { ...mesh, positions, normals }
  return state.mesh
}

/**
 * The three corners of a triangle at `t` seconds, object frame: x, y, z each to `out`, and where asked their normals to `normals` (unchanged for a mesh
 * without any). The same numbers as in `meshAt`, without the rest of the mesh.
 */
export function cornersAt(
  object: ResolvedObject,
  triangle: number,
  t: number,
  out: Float64Array,
  normals: Float64Array | null = null,
): void {
  const { mesh, deformation } = object
  const state = deformation && stateAt(deformation, t)
  for (let c = 0; c < 3; c++) {
    const i = mesh.indices[3 * triangle + c]!
    if (state && !state.mesh) {
      state.vertex(mesh, i, out, normals, 3 * c)
      continue
    }
    const source = state?.mesh ?? mesh
    for (let a = 0; a < 3; a++) {
      out[3 * c + a] = source.positions[3 * i + a]!
      if (normals && source.normals) normals[3 * c + a] = source.normals[3 * i + a]!
    }
  }
}

/** Object-from-joint matrices at `t` seconds, row-major 3×4, 12 numbers a joint. Empty for a rig without joints. */
export const jointMatricesAt = (deformation: Deformation, t: number): Float64Array => stateAt(deformation, t).places()

/** Places of all joints in their parents' frames at `t` seconds. */
export function jointPosesAt(deformation: Deformation, t: number): readonly Pick<Joint, 'translation' | 'rotation' | 'scale'>[] {
  const state = stateAt(deformation, t)
  return deformation.joints.map((_, j) => state.localPose(j))
}

/** Weights of all morph targets at `t` seconds. */
export const morphWeightsAt = (deformation: Deformation, t: number): Float64Array => stateAt(deformation, t).morphs
