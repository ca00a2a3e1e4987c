import { CodecError, guarded } from '../error.ts'
import { Reader } from '../reader.ts'
import { GroupList } from './groups.ts'
import type { MeshData } from './mesh.ts'

/**
 * Reads an STL, ASCII or binary. Corners at exactly the same place become one vertex, in order of appearance; facet normals are left out,
 * as the winding tells them. Throws CodecError on corrupt or truncated data and where there is no facet.
 */
export function parseStl(bytes: Uint8Array): MeshData {
  return guarded('stl', () => {
    const reader = new Reader(bytes, 'stl')
    const count = bytes.length >= 84 ? reader.view.getUint32(80, true) : -1
    const begins = String.fromCharCode(...bytes.subarray(0, 5))
    // Binary files may begin with "solid" too: their length is what tells.
    if (bytes.length === 84 + 50 * count || begins !== 'solid') return readBinary(reader, count)
    return readAscii(bytes)
  })
}

class Welder {
  readonly #known = new Map<string, number>()
  readonly #positions: number[] = []
  readonly #indices: number[] = []
  readonly groups = new GroupList()

  corner(x: number, y: number, z: number, where: string): void {
    if (!(Number.isFinite(x) && Number.isFinite(y) && Number.isFinite(z)))
      throw new CodecError('stl.number', `a corner is at (${x}, ${y}, ${z})`, where, 'Remove facets without a place')
    const key = `${x},${y},${z}`
    let index = this.#known.get(key)
    if (index === undefined) {
      index = this.#known.size
      this.#known.set(key, index)
      this.#positions.push(x, y, z)
    }
    this.#indices.push(index)
  }

  mesh(): MeshData {
    if (this.#indices.length === 0) throw new CodecError('stl.empty', 'the STL has no facet', undefined, 'Export the mesh again')
    return { positions: Float32Array.from(this.#positions), indices: Uint32Array.from(this.#indices), groups: this.groups.all }
  }
}

function readBinary(reader: Reader, count: number): MeshData {
  reader.take(84, 'the header')
  if (count * 50 > reader.left)
    throw new CodecError(
      'stl.truncated',
      `${count} facets need ${count * 50} bytes, there are ${reader.left}`,
      'byte 80',
      'The file is cut short, or no STL',
    )
  const welder = new Welder()
  for (let i = 0; i < count; i++) {
    const at = reader.take(50, 'a facet')
    for (let k = 0; k < 3; k++) {
      const from = at + 12 + 12 * k
      welder.corner(
        reader.view.getFloat32(from, true),
        reader.view.getFloat32(from + 4, true),
        reader.view.getFloat32(from + 8, true),
        `facet ${i}`,
      )
    }
    welder.groups.add('', null, 1)
  }
  return welder.mesh()
}

function readAscii(bytes: Uint8Array): MeshData {
  const welder = new Welder()
  let name = ''
  let corners = 0
  const lines = new TextDecoder().decode(bytes).split('\n')
  lines.forEach((full, i) => {
    const words = full.trim().split(/\s+/)
    const key = words[0]!.toLowerCase()
    const where = `line ${i + 1}`
    const fail = (what: string) => new CodecError('stl.syntax', what, where, 'Check that the file is an STL')
    if (key === 'solid') name = full.trim().slice(5).trim()
    else if (key === 'vertex') {
      if (words.length !== 4) throw fail('a vertex wants three numbers')
      welder.corner(Math.fround(Number(words[1])), Math.fround(Number(words[2])), Math.fround(Number(words[3])), where)
      corners++
    } else if (key === 'endloop') {
      if (corners !== 3) throw fail(`a facet has ${corners} corners`)
      welder.groups.add(name, null, 1)
      corners = 0
    } else if (!/^(facet|outer|endfacet|endsolid|)$/.test(key)) throw fail(`"${key.slice(0, 40)}" is no STL statement`)
  })
  if (corners !== 0)
    throw new CodecError('stl.truncated', 'the file ends in the middle of a facet', `line ${lines.length}`, 'Fetch or export it again')
  return welder.mesh()
}

/** A binary STL; positions are rounded to single precision, normals follow the winding (0, 0, 0 for a facet without area). */
export function writeStl({ positions, indices }: MeshData): Uint8Array {
  const count = indices.length / 3
  const out = new Uint8Array(84 + 50 * count)
  const view = new DataView(out.buffer)
  view.setUint32(80, count, true)
  for (let f = 0; f < count; f++) {
    const [a, b, c] = [0, 1, 2].map(k => [0, 1, 2].map(axis => positions[3 * indices[3 * f + k]! + axis]!)) as [
      number[],
      number[],
      number[],
    ]
    const u = b.map((x, k) => x - a[k]!) as [number, number, number]
    const v = c.map((x, k) => x - a[k]!) as [number, number, number]
    const n = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]] as const
    const length = Math.sqrt(n[0] * n[0] + n[1] * n[1] + n[2] * n[2]) || 1
    ;[...n.map(x => x / length), ...a, ...b, ...c].forEach((x, k) => {
      view.setFloat32(84 + 50 * f + 4 * k, x, true)
    })
  }
  return out
}
