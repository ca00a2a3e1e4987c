import fc from 'fast-check'
import { expect, test } from 'vitest'
import { survives } from '../survives.test-kit.ts'
import type { MeshData } from './mesh.ts'
import { parsePly, writePly } from './ply.ts'
import { parseStl, writeStl } from './stl.ts'

const ascii = (text: string) => Uint8Array.from([...text].map(c => c.charCodeAt(0)))

const meshes: fc.Arbitrary<MeshData> = fc
  .record({
    count: fc.integer({ min: 3, max: 9 }),
    seed: fc.array(fc.nat(), { minLength: 1, maxLength: 6 }),
    doubles: fc.boolean(),
    all: fc.boolean(),
  })
  .map(({ count, seed, doubles, all }) => {
    const Type = doubles ? Float64Array : Float32Array
    return {
      positions: new Type(3 * count).map((_: number, i: number) => (seed[i % seed.length]! % 1000) / 7 + i),
      indices: Uint32Array.from(seed.flatMap(s => [s % count, (s + 1) % count, (s + 2) % count])),
      ...(all
        ? {
            normals: new Float32Array(3 * count).fill(0.5),
            uvs: new Float32Array(2 * count).map((_, i) => i / 3),
            colors: new Uint8Array(4 * count).map((_, i) => i * 7),
          }
        : {}),
      groups: [{ name: '', material: null, firstTriangle: 0, triangles: seed.length }],
    }
  })

test('a written PLY reads back the same', () => {
  fc.assert(
    fc.property(meshes, mesh => {
      expect(parsePly(writePly(mesh))).toEqual(mesh)
    }),
  )
})

test('ASCII, a quad, colours and unknown elements', () => {
  const head =
    'ply\nformat ascii 1.0\ncomment x\nelement vertex 4\nproperty float x\nproperty float y\nproperty float z\nproperty uchar red\nproperty uchar green\nproperty uchar blue\n'
  const mesh = parsePly(
    ascii(
      `${head}element edge 1\nproperty int a\nelement face 1\nproperty list uchar int vertex_index\nend_header\n0 0 0 1 2 3\n1 0 0 4 5 6\n1 1 0 7 8 9\n0 1 0 1 1 1\n42\n4 0 1 2 3\n`,
    ),
  )
  expect([...mesh.indices]).toEqual([0, 1, 2, 0, 2, 3])
  expect([...mesh.colors!.slice(0, 4)]).toEqual([1, 2, 3, 255])
})

test('binary big-endian', () => {
  const head = ascii(
    'ply\nformat binary_big_endian 1.0\nelement vertex 3\nproperty float x\nproperty float y\nproperty float z\nelement face 1\nproperty list uchar short vertex_indices\nend_header\n',
  )
  const view = new DataView(new ArrayBuffer(43))
  ;[0, 0, 0, 1, 0, 0, 0, 2.5, 0].forEach((x, i) => {
    view.setFloat32(4 * i, x)
  })
  view.setUint8(36, 3)
  ;[0, 1, 2].forEach((x, i) => {
    view.setInt16(37 + 2 * i, x)
  })
  const mesh = parsePly(Uint8Array.from([...head, ...new Uint8Array(view.buffer)]))
  expect([...mesh.positions]).toEqual([0, 0, 0, 1, 0, 0, 0, 2.5, 0])
  expect([...mesh.indices]).toEqual([0, 1, 2])
})

test('STL: corners are welded, binary and ASCII agree', () => {
  const facet = (a: string, b: string, c: string) =>
    `facet normal 0 0 1\nouter loop\nvertex ${a}\nvertex ${b}\nvertex ${c}\nendloop\nendfacet\n`
  const mesh = parseStl(ascii(`solid part\n${facet('0 0 0', '1 0 0', '1 1 0')}${facet('0 0 0', '1 1 0', '0 1 0')}endsolid part\n`))
  expect([...mesh.positions]).toEqual([0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0])
  expect([...mesh.indices]).toEqual([0, 1, 2, 0, 2, 3])
  expect(mesh.groups[0]!.name).toBe('part')
  const binary = writeStl(mesh)
  expect(new DataView(binary.buffer).getFloat32(84 + 8, true)).toBe(1)
  const back = parseStl(binary)
  expect([back.positions, back.indices]).toEqual([mesh.positions, mesh.indices])
})

test('bad input is refused in words, none escapes', () => {
  const good: MeshData = { positions: Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0), indices: Uint32Array.of(0, 1, 2), groups: [] }
  expect(() => parsePly(ascii('plx'))).toThrow(/PLY/)
  expect(() => parsePly(writePly({ ...good, indices: Uint32Array.of(0, 1, 3) }))).toThrow('face 0 names vertex 3 of 3')
  expect(() => parsePly(writePly({ ...good, positions: Float32Array.of(0, Number.NaN, 0, 1, 0, 0, 0, 1, 0) }))).toThrow(
    'vertex 0 has the coordinate NaN',
  )
  expect(() => parseStl(writeStl({ ...good, indices: new Uint32Array(0) }))).toThrow('the STL has no facet')
  expect(() => parseStl(ascii('solid x\nvertex 1 2\n'))).toThrow('a vertex wants three numbers (at line 2)')
  survives(writePly(good), parsePly, 600)
  survives(writeStl(good), parseStl)
  survives(ascii('solid a\nouter loop\nvertex 0 0 0\nvertex 1 0 0\nvertex 0 1 0\nendloop\nendsolid'), parseStl)
})
