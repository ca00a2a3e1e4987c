import { CodecError, guarded } from '../error.ts'
import { GroupList } from './groups.ts'
import type { MeshData } from './mesh.ts'
import { triangulate } from './triangulate.ts'

export interface ObjMesh extends MeshData {
  /** Files named by `mtllib`, in order. */
  readonly materialLibraries: readonly string[]
}

/**
 * Reads a Wavefront OBJ: positions, texture coordinates, normals, faces of any size (triangulated), `o`, `g`, `usemtl`, `mtllib`, negative
 * indices, line continuations. A vertex is made for every distinct v/vt/vn, in order of appearance. Lines and points are passed over.
 * Throws CodecError, with the line, on unreadable numbers, indices out of range, free-form surfaces, and where there is no triangle.
 */
export function parseObj(text: string): ObjMesh {
  return guarded('obj', () => new ObjReader().read(text))
}

const IGNORED = new Set([
  'l',
  'p',
  's',
  'vp',
  'mg',
  'lod',
  'shadow_obj',
  'trace_obj',
  'bevel',
  'c_interp',
  'd_interp',
  'maplib',
  'usemap',
  'parm',
  'end',
  'trim',
  'hole',
])
const FREE_FORM = new Set(['surf', 'curv', 'curv2', 'cstype', 'bmat', 'con'])

class ObjReader {
  readonly #v: number[] = []
  readonly #vt: number[] = []
  readonly #vn: number[] = []
  /** Vertices made so far: the latest at each position, the one made there before it, and their v/vt/vn. */
  readonly #firstAt: number[] = []
  readonly #nextAt: number[] = []
  readonly #uvOf: number[] = []
  readonly #normalOf: number[] = []
  readonly #positions: number[] = []
  readonly #uvs: number[] = []
  readonly #normals: number[] = []
  readonly #indices: number[] = []
  readonly #groups = new GroupList()
  readonly #libraries: string[] = []
  #anyUv = false
  #allNormals = true
  #name = ''
  #material: string | null = null
  #line = 0

  read(text: string): ObjMesh {
    const lines = text.split('\n')
    for (let i = 0; i < lines.length; i++) {
      this.#line = i + 1
      let line = lines[i]!.trimEnd()
      while (line.endsWith('\\') && i + 1 < lines.length) line = `${line.slice(0, -1)} ${lines[++i]!.trimEnd()}`
      const comment = line.indexOf('#')
      if (comment >= 0) line = line.slice(0, comment)
      line = line.trim()
      if (line !== '') this.#statement(line)
    }
    if (this.#indices.length === 0)
      throw new CodecError('obj.empty', 'the OBJ has no face', undefined, 'Export the mesh with faces, not only points or lines')
    return {
      positions: Float64Array.from(this.#positions),
      indices: Uint32Array.from(this.#indices),
      ...(this.#allNormals ? { normals: Float32Array.from(this.#normals) } : {}),
      ...(this.#anyUv ? { uvs: Float32Array.from(this.#uvs) } : {}),
      groups: this.#groups.all,
      materialLibraries: this.#libraries,
    }
  }

  #statement(line: string): void {
    const words = line.split(/\s+/)
    const key = words[0]!
    const rest = () => line.slice(key.length).trim()
    if (key === 'v') {
      this.#numbers(words, 3, this.#v)
      this.#firstAt.push(-1)
    } else if (key === 'vt') this.#numbers(words, 2, this.#vt)
    else if (key === 'vn') this.#numbers(words, 3, this.#vn)
    else if (key === 'f' || key === 'fo') this.#face(words)
    else if (key === 'o' || key === 'g') this.#name = rest()
    else if (key === 'usemtl') this.#material = rest() || null
    else if (key === 'mtllib') this.#libraries.push(rest())
    else if (FREE_FORM.has(key)) throw this.#error('unsupported', `free-form geometry (${key}) is not read`, 'Export the mesh as polygons')
    else if (!IGNORED.has(key)) throw this.#error('syntax', `"${key.slice(0, 40)}" is no OBJ statement`, 'Check that the file is an OBJ')
  }

  #numbers(words: readonly string[], count: number, into: number[]): void {
    for (let k = 1; k <= count; k++) {
      // A texture coordinate may come alone.
      const word = words[k] ?? (words[0] === 'vt' && k === 2 ? '0' : undefined)
      const value = word === undefined ? Number.NaN : Number(word)
      if (!Number.isFinite(value))
        throw this.#error('number', `"${words[0]}" wants ${count} finite numbers, number ${k} is ${word ?? 'missing'}`, 'Correct the line')
      into.push(value)
    }
  }

  #face(words: readonly string[]): void {
    if (words.length < 4) throw this.#error('face', `a face has ${words.length - 1} corners`, 'Give three or more')
    const corners: number[] = []
    for (let i = 1; i < words.length; i++) corners.push(this.#corner(words[i]!))
    const p = this.#positions
    const order = corners.length === 3 ? [0, 1, 2] : triangulate(corners.map(c => [p[3 * c]!, p[3 * c + 1]!, p[3 * c + 2]!] as const))
    for (const k of order) this.#indices.push(corners[k]!)
    this.#groups.add(this.#name, this.#material, order.length / 3)
  }

  #corner(word: string): number {
    const [v, t, n, more] = word.split('/')
    if (more !== undefined) throw this.#error('index', `"${word}" is no corner`, 'Write it as v, v/vt, v//vn or v/vt/vn')
    const position = this.#index(v!, this.#v.length / 3, 'position')
    const uv = t ? this.#index(t, this.#vt.length / 2, 'texture coordinate') : -1
    const normal = n ? this.#index(n, this.#vn.length / 3, 'normal') : -1
    const first = this.#firstAt[position]!
    for (let i = first; i >= 0; i = this.#nextAt[i]!) if (this.#uvOf[i] === uv && this.#normalOf[i] === normal) return i
    const index = this.#uvOf.length
    this.#uvOf.push(uv)
    this.#normalOf.push(normal)
    this.#nextAt.push(first)
    this.#firstAt[position] = index
    for (let k = 0; k < 3; k++) this.#positions.push(this.#v[3 * position + k]!)
    for (let k = 0; k < 2; k++) this.#uvs.push(uv < 0 ? 0 : this.#vt[2 * uv + k]!)
    for (let k = 0; k < 3; k++) this.#normals.push(normal < 0 ? 0 : this.#vn[3 * normal + k]!)
    if (uv >= 0) this.#anyUv = true
    if (normal < 0) this.#allNormals = false
    return index
  }

  #index(word: string, count: number, what: string): number {
    const value = Number(word)
    const index = value < 0 ? count + value : value - 1
    if (!Number.isInteger(value) || word === '' || value === 0 || index < 0 || index >= count)
      throw this.#error(
        'index',
        `${what} ${word === '' ? '(none)' : word} is not among the ${count} before this line`,
        'Correct the index; they count from 1, or from −1 backwards',
      )
    return index
  }

  #error(code: string, what: string, hint: string): CodecError {
    return new CodecError(`obj.${code}`, what, `line ${this.#line}`, hint)
  }
}
