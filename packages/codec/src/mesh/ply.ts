import { CodecError, guarded } from '../error.ts'
import { concat, littleEndianBytes, Reader } from '../reader.ts'
import { GroupList } from './groups.ts'
import type { MeshData } from './mesh.ts'
import { triangulate } from './triangulate.ts'

type Scalar = 'int8' | 'uint8' | 'int16' | 'uint16' | 'int32' | 'uint32' | 'float32' | 'float64'
const ALIASES: Record<string, Scalar> = {
  char: 'int8',
  uchar: 'uint8',
  short: 'int16',
  ushort: 'uint16',
  int: 'int32',
  uint: 'uint32',
  float: 'float32',
  double: 'float64',
}
const SIZES: Record<Scalar, number> = { int8: 1, uint8: 1, int16: 2, uint16: 2, int32: 4, uint32: 4, float32: 4, float64: 8 }

interface Property {
  readonly name: string
  readonly type: Scalar
  /** Type of the count of a list. */
  readonly count?: Scalar
}

interface Element {
  readonly name: string
  readonly count: number
  readonly properties: Property[]
}

type Source = (type: Scalar, what: string) => number

/**
 * Reads a PLY, ASCII or binary of either byte order: positions, normals (nx…), texture coordinates (u, v; s, t; texture_u, texture_v),
 * colours (8-bit, or float 0–1), faces of any size (triangulated). Other elements and properties are passed over.
 * Throws CodecError on corrupt or truncated data and where there is no face.
 */
export function parsePly(bytes: Uint8Array): MeshData {
  return guarded('ply', () => read(bytes))
}

function read(bytes: Uint8Array): MeshData {
  const reader = new Reader(bytes, 'ply')
  const { format, elements } = readHeader(reader)
  const source = format === 'ascii' ? asciiSource(reader) : binarySource(reader, format === 'binary_little_endian')
  const columns = new Map<string, Float64Array>()
  const types = new Map<string, Scalar>()
  const indices: number[] = []
  let vertices = -1
  const groups = new GroupList()
  for (const element of elements) {
    const least = element.properties.reduce((n, p) => n + (format === 'ascii' ? 2 : SIZES[p.count ?? p.type]), 0)
    if (element.count * least > reader.left + 2)
      throw corrupt(`${element.count} of element ${element.name} cannot be in ${reader.left} bytes`, reader)
    if (element.name === 'vertex') {
      vertices = element.count
      for (const p of element.properties) {
        types.set(p.name, p.type)
        if (!p.count) columns.set(p.name, new Float64Array(vertices))
      }
    }
    for (let i = 0; i < element.count; i++)
      for (const p of element.properties) {
        const where = `${element.name} ${i}`
        if (!p.count) {
          const value = source(p.type, where)
          if (element.name === 'vertex') columns.get(p.name)![i] = value
          continue
        }
        const length = source(p.count, where)
        if (!(length >= 0 && length * (format === 'ascii' ? 1 : SIZES[p.type]) <= reader.left + 2))
          throw corrupt(`${where} has a list of ${length}`, reader)
        const list = Array.from({ length }, () => source(p.type, where))
        if (element.name === 'face' && /^vertex_(index|indices)$/.test(p.name)) addFace(list, i, vertices, columns, indices, groups)
      }
  }
  if (indices.length === 0)
    throw new CodecError('ply.empty', 'the PLY has no face', undefined, 'Export the mesh with faces; point clouds are not read')
  return assemble(vertices, columns, types, indices, groups)
}

const corrupt = (what: string, reader?: Reader) =>
  new CodecError('ply.corrupt', what, reader ? `byte ${reader.offset}` : undefined, 'The file is cut short or corrupt')

function readHeader(reader: Reader): { format: string; elements: Element[] } {
  const line = () => {
    let text = ''
    for (let c = reader.u8('the header'); c !== 10; c = reader.u8('the header')) {
      if (text.length > 1000) throw corrupt('a header line has no end', reader)
      text += String.fromCharCode(c)
    }
    return text.trim()
  }
  if (line() !== 'ply') throw new CodecError('ply.signature', 'not a PLY (it does not begin with "ply")', 'byte 0', 'Check the file type')
  const elements: Element[] = []
  let format = ''
  for (let n = 2, text = line(); text !== 'end_header'; n++, text = line()) {
    const words = text.split(/\s+/)
    const bad = (what: string) =>
      new CodecError('ply.header', `${what}: "${text.slice(0, 60)}"`, `line ${n}`, 'Check that the file is a PLY')
    const type = (word: string | undefined): Scalar => {
      const known = ALIASES[word ?? ''] ?? word
      if (!known || !Object.hasOwn(SIZES, known)) throw bad('an unknown type')
      return known as Scalar
    }
    if (words[0] === 'format') format = words[1] ?? ''
    else if (words[0] === 'element') {
      const count = Number(words[2])
      if (!Number.isSafeInteger(count) || count < 0) throw bad('a wrong count')
      elements.push({ name: words[1] ?? '', count, properties: [] })
    } else if (words[0] === 'property') {
      const list = words[1] === 'list'
      const name = words[list ? 4 : 2]
      if (!elements.length || !name) throw bad('a property out of place')
      elements.at(-1)!.properties.push(list ? { name, type: type(words[3]), count: type(words[2]) } : { name, type: type(words[1]) })
    } else if (!/^(comment|obj_info|)$/.test(words[0]!)) throw bad('an unknown header line')
  }
  if (!/^(ascii|binary_(little|big)_endian)$/.test(format))
    throw new CodecError('ply.header', `the format "${format}" is unknown`, 'header', 'Export it as ASCII or binary')
  for (const e of elements)
    if (e.properties.length === 0 && e.count > 0) throw new CodecError('ply.header', `element ${e.name} has no properties`, 'header')
  return { format, elements }
}

function binarySource(reader: Reader, little: boolean): Source {
  const view = reader.view
  return (type, what) => {
    const at = reader.take(SIZES[type], what)
    switch (type) {
      case 'int8':
        return view.getInt8(at)
      case 'uint8':
        return view.getUint8(at)
      case 'int16':
        return view.getInt16(at, little)
      case 'uint16':
        return view.getUint16(at, little)
      case 'int32':
        return view.getInt32(at, little)
      case 'uint32':
        return view.getUint32(at, little)
      case 'float32':
        return view.getFloat32(at, little)
      default:
        return view.getFloat64(at, little)
    }
  }
}

function asciiSource(reader: Reader): Source {
  const { bytes } = reader
  return (_type, what) => {
    while (reader.left > 0 && bytes[reader.offset]! <= 32) reader.offset++
    const start = reader.offset
    while (reader.left > 0 && bytes[reader.offset]! > 32) reader.offset++
    const word = String.fromCharCode(...bytes.subarray(start, Math.min(reader.offset, start + 64)))
    const value = word === '' ? Number.NaN : Number(word)
    if (Number.isNaN(value))
      throw new CodecError(
        'ply.number',
        `${what} has ${word === '' ? 'too few numbers' : `"${word}" for a number`}`,
        `byte ${start}`,
        'Correct the file',
      )
    return value
  }
}

function addFace(
  list: number[],
  face: number,
  vertices: number,
  columns: Map<string, Float64Array>,
  indices: number[],
  groups: GroupList,
): void {
  if (list.length < 3) throw new CodecError('ply.face', `face ${face} has ${list.length} corners`, undefined, 'Give three or more')
  for (const v of list)
    if (!Number.isInteger(v) || v < 0 || v >= vertices)
      throw new CodecError(
        'ply.index',
        `face ${face} names vertex ${v} of ${Math.max(0, vertices)}`,
        undefined,
        'Correct the index; they count from 0, and vertices come before faces',
      )
  const axis = (name: string) => columns.get(name) ?? new Float64Array(vertices)
  const [x, y, z] = [axis('x'), axis('y'), axis('z')]
  const order = list.length === 3 ? [0, 1, 2] : triangulate(list.map(v => [x[v]!, y[v]!, z[v]!] as const))
  for (const k of order) indices.push(list[k]!)
  groups.add('', null, order.length / 3)
}

function assemble(
  count: number,
  columns: Map<string, Float64Array>,
  types: Map<string, Scalar>,
  indices: number[],
  groups: GroupList,
): MeshData {
  const pick = (...names: string[]) => {
    const found = names.map(n => columns.get(n))
    return found.every(c => c !== undefined) ? (found as Float64Array[]) : undefined
  }
  const weave = <T extends Float64Array | Float32Array>(out: T, parts: Float64Array[]): T => {
    parts.forEach((part, k) => {
      for (let i = 0; i < count; i++) {
        if (!Number.isFinite(part[i]!))
          throw new CodecError('ply.number', `vertex ${i} has the coordinate ${part[i]}`, undefined, 'Remove vertices without a place')
        out[i * parts.length + k] = part[i]!
      }
    })
    return out
  }
  const place = pick('x', 'y', 'z')
  if (!place) throw new CodecError('ply.header', 'the vertices have no x, y and z', 'header', 'Export positions')
  const normals = pick('nx', 'ny', 'nz')
  const uvs = pick('u', 'v') ?? pick('s', 't') ?? pick('texture_u', 'texture_v')
  const colours = pick('red', 'green', 'blue')
  const doubles = types.get('x') === 'float64'
  return {
    positions: weave(doubles ? new Float64Array(3 * count) : new Float32Array(3 * count), place),
    indices: Uint32Array.from(indices),
    ...(normals ? { normals: weave(new Float32Array(3 * count), normals) } : {}),
    ...(uvs ? { uvs: weave(new Float32Array(2 * count), uvs) } : {}),
    ...(colours ? { colors: colourBytes(count, [...colours, ...(pick('alpha') ?? [])], types.get('red')!.startsWith('float')) } : {}),
    groups: groups.all,
  }
}

function colourBytes(count: number, parts: Float64Array[], unit: boolean): Uint8Array {
  const out = new Uint8ClampedArray(4 * count).fill(255)
  parts.forEach((part, k) => {
    for (let i = 0; i < count; i++) out[4 * i + k] = part[i]! * (unit ? 255 : 1)
  })
  return new Uint8Array(out.buffer)
}

/** A binary little-endian PLY; positions keep their precision, groups are not written. */
export function writePly(mesh: MeshData): Uint8Array {
  const { positions, normals, uvs, colors, indices } = mesh
  const count = positions.length / 3
  const type = positions instanceof Float64Array ? 'double' : 'float'
  const properties = (names: string[], of: string) => names.map(n => `property ${of} ${n}\n`).join('')
  const head =
    `ply\nformat binary_little_endian 1.0\nelement vertex ${count}\n${properties(['x', 'y', 'z'], type)}` +
    `${normals ? properties(['nx', 'ny', 'nz'], 'float') : ''}${uvs ? properties(['s', 't'], 'float') : ''}` +
    `${colors ? properties(['red', 'green', 'blue', 'alpha'], 'uchar') : ''}` +
    `element face ${indices.length / 3}\nproperty list uchar uint vertex_indices\nend_header\n`
  const parts = [
    [littleEndianBytes(positions), 3 * positions.BYTES_PER_ELEMENT] as const,
    ...(normals ? [[littleEndianBytes(normals), 12] as const] : []),
    ...(uvs ? [[littleEndianBytes(uvs), 8] as const] : []),
    ...(colors ? [[colors, 4] as const] : []),
  ]
  const stride = parts.reduce((n, [, s]) => n + s, 0)
  const body = new Uint8Array(stride * count)
  let offset = 0
  for (const [bytes, size] of parts) {
    for (let i = 0; i < count; i++) body.set(bytes.subarray(i * size, (i + 1) * size), i * stride + offset)
    offset += size
  }
  const faces = new Uint8Array((indices.length / 3) * 13)
  const corners = littleEndianBytes(indices)
  for (let f = 0; f < indices.length / 3; f++) {
    faces[13 * f] = 3
    faces.set(corners.subarray(12 * f, 12 * f + 12), 13 * f + 1)
  }
  return concat([Uint8Array.from([...head].map(c => c.charCodeAt(0))), body, faces])
}
