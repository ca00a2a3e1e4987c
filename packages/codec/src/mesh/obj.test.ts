import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CodecError } from '../error.ts'
import { decodePng } from '../png/decode.ts'
import { parseMtl } from './mtl.ts'
import { parseObj } from './obj.ts'
import { writeObj } from './write-obj.ts'

test('separate indices become one, groups and materials become runs', () => {
  const mesh = parseObj(
    '# cube side\r\nmtllib a b.mtl\r\no box\r\nv 0 0 0\r\nv 1 0 0\r\nv 1 1 0\r\nv 0 1 0\r\nvt 0 0\r\nvt 1 1\r\nvn 0 0 1\r\n' +
      'usemtl red\r\nf 1/1/1 2/2/1 3/1/1\r\nusemtl blue\r\nf -4/1/1 \\\r\n -2/1/1 -1/2/1\r\n',
  )
  expect([...mesh.positions]).toEqual([0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0])
  expect([...mesh.indices]).toEqual([0, 1, 2, 0, 2, 3])
  expect([...mesh.uvs!]).toEqual([0, 0, 1, 1, 0, 0, 1, 1])
  expect(mesh.normals!.length).toBe(12)
  expect(mesh.groups).toEqual([
    { name: 'box', material: 'red', firstTriangle: 0, triangles: 1 },
    { name: 'box', material: 'blue', firstTriangle: 1, triangles: 1 },
  ])
  expect(mesh.materialLibraries).toEqual(['a b.mtl'])
})

test('a vertex with two texture coordinates is two, one without any gets zeros, normals need all', () => {
  const mesh = parseObj('v 0 0 0\nv 1 0 0\nv 0 1 0\nvt .5 .5\nvt .2\nvn 0 0 1\nf 1/1/1 2/1/1 3/1/1\nf 1/2 3 2')
  expect(mesh.positions.length / 3).toBe(6)
  expect([...mesh.indices]).toEqual([0, 1, 2, 3, 4, 5])
  expect([...mesh.uvs!].slice(6)).toEqual([Math.fround(0.2), 0, 0, 0, 0, 0])
  expect(mesh.normals).toBeUndefined()
})

const areaOf = (p: ArrayLike<number>, t: ArrayLike<number>) => {
  let sum = 0
  for (let i = 0; i < t.length; i += 3) {
    const [a, b, c] = [t[i]! * 3, t[i + 1]! * 3, t[i + 2]! * 3]
    const signed = ((p[b]! - p[a]!) * (p[c + 1]! - p[a + 1]!) - (p[b + 1]! - p[a + 1]!) * (p[c]! - p[a]!)) / 2
    expect(signed).toBeGreaterThanOrEqual(-1e-12)
    sum += signed
  }
  return sum
}

test('concave polygons: triangles keep the winding and cover the area', () => {
  const arrow = parseObj('v 0 0 0\nv 4 0 0\nv 4 4 0\nv 2 1 0\nv 0 4 0\nf 1 2 3 4 5')
  expect(areaOf(arrow.positions, arrow.indices)).toBeCloseTo(10, 12)
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0.1, max: 1, noNaN: true }), { minLength: 4, maxLength: 14 }), radii => {
      // Stars around the origin are simple polygons, mostly concave.
      const n = radii.length
      const points = radii.map((r, i) => [r * Math.cos((2 * Math.PI * i) / n), r * Math.sin((2 * Math.PI * i) / n)] as const)
      const whole = points.reduce((s, [x, y], i) => s + (x * points[(i + 1) % n]![1] - y * points[(i + 1) % n]![0]) / 2, 0)
      const mesh = parseObj(`${points.map(([x, y]) => `v ${x} ${y} 0`).join('\n')}\nf ${points.map((_, i) => i + 1).join(' ')}`)
      expect(mesh.indices.length).toBe(3 * (n - 2))
      expect(areaOf(mesh.positions, mesh.indices)).toBeCloseTo(whole, 9)
    }),
  )
})

test('errors name the line', () => {
  expect(() => parseObj('v 0 0 0\nv 1 nan 0')).toThrow('"v" wants 3 finite numbers, number 2 is nan (at line 2)')
  expect(() => parseObj('v 0 0 0\nv 1 0 0\nv 1 1 0\n\nf 1 2 4')).toThrow('position 4 is not among the 3 before this line (at line 5)')
  expect(() => parseObj('v 0 0 0\nv 1 0 0\nv 1 1 0\nf 1 2 0')).toThrow('position 0 is not among')
  expect(() => parseObj('v 0 0 0\nf 1 1')).toThrow('a face has 2 corners (at line 2)')
  expect(() => parseObj('v 0 0 0\n')).toThrow('the OBJ has no face')
  expect(() => parseObj('<html>')).toThrow('"<html>" is no OBJ statement (at line 1)')
})

test('a written OBJ reads back the same', () => {
  const mesh = parseObj('v 0 0 0\nv 1 0 0\nv 0 .1 1e-9\nvt .5 .25\nvn 0 0 1\ng a\nusemtl m\nf 1/1/1 2/1/1 3/1/1\ng b\nf 3/1/1 2/1/1 1/1/1')
  expect(parseObj(writeObj(mesh, 'x.mtl'))).toEqual({ ...mesh, materialLibraries: ['x.mtl'] })
})

test('no text escapes as another error', () => {
  const words = fc.constantFrom(
    'v',
    'vt',
    'vn',
    'f',
    'g',
    'usemtl',
    '1',
    '-1',
    '2/1',
    '1//1',
    '/',
    '0.5',
    '1e999',
    '\\',
    '#',
    '\n',
    '\r\n',
    'mtllib',
  )
  fc.assert(
    fc.property(fc.array(words, { maxLength: 60 }), parts => {
      for (const parse of [parseObj, parseMtl])
        try {
          parse(`v 0 0 0\n${parts.join(' ')}`)
        } catch (error) {
          if (!(error instanceof CodecError)) throw error
        }
    }),
  )
})

test('materials', () => {
  const text =
    'newmtl red paint\r\nKd 1 0 0\nKe .5\nNs 20\nTr .25\nPr 0.3\nmap_Kd -s 1 1 1 -clamp on my wood.png\nmap_Bump -bm 0.4 b.png\nfoo 1\n'
  expect(parseMtl(text).get('red paint')).toEqual({
    name: 'red paint',
    diffuse: [1, 0, 0],
    emission: [0.5, 0.5, 0.5],
    shininess: 20,
    opacity: 0.75,
    roughness: 0.3,
    diffuseMap: 'my wood.png',
    bumpMap: 'b.png',
  })
  expect(() => parseMtl('newmtl a\nKd 1 x 0')).toThrow('(at line 2)')
})

const assets = new URL('../../../../../shared/assets/', import.meta.url)
test.skipIf(!existsSync(assets))('the eight scanned objects parse (skipped where the development assets are absent)', () => {
  const { objects } = JSON.parse(readFileSync(new URL('manifest.json', assets), 'utf8')) as {
    objects: { visual: string; collision: string; texture: string }[]
  }
  expect(objects.length).toBe(8)
  for (const { visual, collision, texture } of objects) {
    const mesh = parseObj(readFileSync(new URL(visual, assets), 'utf8'))
    expect(mesh.indices.length).toBeGreaterThan(3000)
    expect(mesh.uvs!.length / 2).toBe(mesh.positions.length / 3)
    expect(parseObj(readFileSync(new URL(collision, assets), 'utf8')).groups.length).toBeGreaterThan(0)
    expect(decodePng(readFileSync(new URL(texture, assets))).width).toBeGreaterThan(100)
  }
})
