/** The objects of a set as BOP's models: millimetres, the origin in the middle of the bounds, one model for all that have one shape and size. */
import { sha256, writePly } from '@dioramic/codec'
import { DataError } from '../../error.ts'
import type { SampleReader } from '../../layout/reader.ts'
import { diameter } from './diameter.ts'
import { apply, matrixOf, type Quaternion, type Vec } from './matrix.ts'

export interface Model {
  /** BOP's obj_id, from 1. */
  readonly id: number
  /** Middle of the bounds in the object's frame after scale, metres: where the model's origin is. */
  readonly centre: Vec
  readonly category: string
  readonly ply: Uint8Array
  /** Its entry in models_info.json. */
  readonly info: Readonly<Record<string, unknown>>
}

interface Symmetry {
  readonly continuous: readonly Vec[]
  readonly discrete: readonly Quaternion[]
}

/** BOP's words for the turns after which a model looks as before, about the place that was the object's origin (`shift`, millimetres). */
function symmetries(symmetry: Symmetry | null | undefined, shift: Vec): Readonly<Record<string, unknown>> {
  if (!symmetry) return {}
  const { continuous, discrete } = symmetry
  return {
    ...(discrete.length > 0
      ? {
          symmetries_discrete: discrete.map(q => {
            const m = matrixOf(q)
            const turned = apply(m, shift)
            const t = shift.map((x, a) => x - turned[a]!)
            return [...m.slice(0, 3), t[0], ...m.slice(3, 6), t[1], ...m.slice(6), t[2], 0, 0, 0, 1]
          }),
        }
      : {}),
    ...(continuous.length > 0 ? { symmetries_continuous: continuous.map(axis => ({ axis, offset: shift })) } : {}),
  }
}

/** All models met so far; the first of them is 1. */
export class Models {
  private readonly known = new Map<string, Model>()

  get all(): readonly Model[] {
    return [...this.known.values()]
  }

  /**
   * The models of a clip's objects, by instance id. Backgrounds, and bodies that deform, have none.
   *
   * @throws DataError where the label `meshes` was not chosen
   */
  async of(clip: SampleReader): Promise<ReadonlyMap<number, Model>> {
    const arrays = await clip.arrays('meshes')
    if (!arrays) throw new DataError(`${clip.folder} has no meshes; make the set with --labels bop`)
    const numbers = (name: string) => arrays[name]!.data as ArrayLike<number>
    const [vertexStart, triangleStart] = [numbers('position_start'), numbers('triangle_start')]
    const meshOf = new Map(Array.from(numbers('instance'), (id, k) => [id, numbers('mesh')[k]!]))
    const out = new Map<number, Model>()
    for (const object of clip.sample.instances) {
      if (object.isBackground || object['deforms']) continue
      const m = meshOf.get(object.id)!
      const cut = (name: string, from: number, to: number) => Array.prototype.slice.call(numbers(name), 3 * from, 3 * to) as number[]
      const positions = cut('positions', vertexStart[m]!, vertexStart[m + 1]!)
      const normals = cut('normals', vertexStart[m]!, vertexStart[m + 1]!)
      const triangles = cut('triangles', triangleStart[m]!, triangleStart[m + 1]!)
      out.set(object.id, this.put(object, positions, normals, triangles))
    }
    return out
  }

  private put(
    object: SampleReader['sample']['instances'][number],
    positions: readonly number[],
    normals: readonly number[],
    triangles: readonly number[],
  ): Model {
    const scale = object.scale as Vec
    const scaled = positions.map((x, i) => x * scale[i % 3]!)
    const axis = (a: number) => scaled.filter((_, i) => i % 3 === a)
    const bound = (pick: (a: number, b: number) => number) => [0, 1, 2].map(a => axis(a).reduce(pick)) as unknown as Vec
    const [low, high] = [bound((a, b) => Math.min(a, b)), bound((a, b) => Math.max(a, b))]
    const centre = low.map((x, a) => (x + high[a]!) / 2) as unknown as Vec
    const millimetres = Float32Array.from(scaled, (x, i) => 1000 * (x - centre[i % 3]!))
    // Normals go by the inverse of the scale.
    const turned = Float32Array.from(normals, (x, i) => x / scale[i % 3]!)
    for (let i = 0; i < turned.length; i += 3) {
      const length = Math.sqrt(turned[i]! * turned[i]! + turned[i + 1]! * turned[i + 1]! + turned[i + 2]! * turned[i + 2]!) || 1
      for (let a = 0; a < 3; a++) turned[i + a] = turned[i + a]! / length
    }
    const ply = writePly({ positions: millimetres, normals: turned, indices: Uint32Array.from(triangles), groups: [] })
    const key = `${object.category} ${sha256(ply)}`
    const known = this.known.get(key)
    if (known) return known
    const size = high.map((x, a) => 1000 * (x - low[a]!))
    const model: Model = {
      id: this.known.size + 1,
      centre,
      category: object.category,
      ply,
      info: {
        diameter: diameter(millimetres),
        min_x: -size[0]! / 2,
        min_y: -size[1]! / 2,
        min_z: -size[2]! / 2,
        size_x: size[0],
        size_y: size[1],
        size_z: size[2],
        ...symmetries(object['symmetry'] as Symmetry | null | undefined, centre.map(x => -1000 * x) as unknown as Vec),
      },
    }
    this.known.set(key, model)
    return model
  }
}
