import { describe, expect, it } from 'vitest'
import { importMesh } from './assets/import.ts'
import { type Assets, NO_ASSETS } from './assets.ts'
import { ResolveError, resolveScene } from './resolve.ts'
import { type SceneInput, sceneSchema } from './schema/scene.ts'

const scene = (input: Omit<SceneInput, 'cameras'>) =>
  sceneSchema.parse({ ...input, cameras: [{ position: [0, -3, 1], rotation: [0, 0, 0, 1] }] })

const TETRAHEDRON = {
  type: 'mesh' as const,
  positions: [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1],
  indices: [0, 2, 1, 0, 1, 3, 0, 3, 2, 1, 2, 3],
}
const OBJ = `o a
usemtl red
v 0 0 0
v 1 0 0
v 0 1 0
v 0 0 1
f 1 3 2
f 1 2 4
usemtl blue
f 1 4 3
f 2 3 4
`
const files = new Map([['wedge.obj', new TextEncoder().encode(OBJ)]])
async function wedge(): Promise<Assets> {
  const { object } = await importMesh(files, 'wedge.obj', { license: 'CC0-1.0' })
  return { ...NO_ASSETS, objects: new Map([[object.id, object]]) }
}

describe('resolveScene', () => {
  it('triangles in parts have a material each, and collide with the hulls they bring', () => {
    const parts = [
      { name: 'red', triangles: 1 },
      { name: 'blue', triangles: 3 },
    ]
    const hulls = [[0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 2]]
    const of = (more: object, material: string | string[] = ['red', 'blue']) =>
      resolveScene(
        scene({
          geometries: { a: { ...TETRAHEDRON, ...more }, b: TETRAHEDRON },
          materials: { red: { baseColor: [1, 0, 0] }, blue: { baseColor: [0, 0, 1] } },
          objects: [
            { id: 1, name: 'one', geometry: 'a', material, body: { type: 'dynamic' } },
            { id: 2, name: 'two', geometry: 'b' },
          ],
        }),
        NO_ASSETS,
      ).objects
    const [one, two] = of({ parts, hulls })
    expect(one!.mesh.parts).toEqual([
      { firstTriangle: 0, triangles: 1, material: 'red' },
      { firstTriangle: 1, triangles: 3, material: 'blue' },
    ])
    expect(one!.materials.map(m => m.baseColor)).toEqual([
      [1, 0, 0],
      [0, 0, 1],
    ])
    expect(one!.hulls.map(h => [...h])).toEqual(hulls)
    expect(one!.meshKey).not.toBe(two!.meshKey)
    expect(() => of({ parts: parts.slice(1) }, 'red')).toThrow(/4 triangles, but its parts \(blue\) count 3/)
    expect(() => of({ parts }, ['red', 'blue', 'red'])).toThrow(/names 3 materials, but its mesh has 2 parts \(red, blue\)/)
    expect(() => of({ hulls: [[...hulls[0]!, 1]] }, 'red')).toThrow(/hull 0 has 13 numbers/)
  })

  it('shares one mesh among equal geometries and gives every part a material', () => {
    const resolved = resolveScene(
      scene({
        geometries: { a: { type: 'shape', shape: 'cube' }, b: { type: 'shape', shape: 'cube' }, c: TETRAHEDRON, d: { ...TETRAHEDRON } },
        materials: { red: { baseColor: [1, 0, 0] } },
        objects: [
          { id: 1, name: 'one', geometry: 'a', material: 'red' },
          { id: 2, name: 'two', geometry: 'b' },
          { id: 3, name: 'three', geometry: 'c', body: { type: 'dynamic' } },
          { id: 4, name: 'four', geometry: 'd' },
        ],
      }),
      NO_ASSETS,
    )
    const [one, two, three, four] = resolved.objects
    expect(one!.mesh).toBe(two!.mesh)
    expect(one!.meshKey).toBe(two!.meshKey)
    expect(three!.meshKey).toBe(four!.meshKey)
    expect(three!.mesh).toBe(four!.mesh)
    expect(three!.meshKey).not.toBe(one!.meshKey)
    expect(one!.materials.map(m => m.baseColor)).toEqual([[1, 0, 0]])
    expect(two!.materials.map(m => m.baseColor)).toEqual([[0.8, 0.8, 0.8]])
    expect(one!.bounds).toEqual({ min: [-0.5, -0.5, -0.5], max: [0.5, 0.5, 0.5] })
    expect(three!.hulls).toHaveLength(1)
    expect(resolved.environment).toBeNull()
  })

  it('takes meshes of assets, one material for all parts or one each', async () => {
    const assets = await wedge()
    const make = (material?: string | string[]) =>
      resolveScene(
        scene({
          geometries: { wedge: { type: 'asset', asset: 'wedge' } },
          materials: { m: { roughness: 0.1 }, n: { roughness: 0.9 } },
          objects: [{ id: 1, name: 'wedge', geometry: 'wedge', material }],
        }),
        assets,
      ).objects[0]!
    expect(make().materials).toHaveLength(2)
    expect(make('m').materials.map(m => m.roughness)).toEqual([0.1, 0.1])
    expect(make(['n', 'm']).materials.map(m => m.roughness)).toEqual([0.9, 0.1])
    expect(() => make(['n', 'm', 'n'])).toThrow(/objects\.0 "wedge": it names 3 materials, but its mesh has 2 parts \(red, blue\)/)
    expect(make().mesh).toBe(assets.objects.get('wedge')!.mesh)
  })

  it('makes textures and environments', () => {
    const resolved = resolveScene(
      scene({
        textures: { board: { type: 'procedural', generator: 'checker', size: 16 } },
        environment: { light: { type: 'constant', color: [1, 2, 3] } },
      }),
      NO_ASSETS,
    )
    expect(resolved.images.get('board')).toMatchObject({ width: 16, height: 16 })
    expect([...resolved.environment!.light.data.subarray(0, 3)]).toEqual([1, 2, 3])
    expect(resolved.environment!.background).toBe(resolved.environment!.light)
  })

  it('names the place, the guess and what there is', async () => {
    const assets = await wedge()
    const tryGeometry = (geometry: NonNullable<SceneInput['geometries']>[string]) => () =>
      resolveScene(scene({ geometries: { g: geometry }, objects: [{ id: 1, name: 'o', geometry: 'g' }] }), assets)
    expect(tryGeometry({ type: 'asset', asset: 'wegde' })).toThrow(/geometries\.g: there is no asset "wegde"; did you mean "wedge"\?/)
    expect(tryGeometry({ type: 'asset', asset: 'wedge', sha256: '00' })).toThrow(/not the one the scene was made with/)
    expect(tryGeometry({ type: 'mesh', positions: [0, 0, 0, 1, 0, 0, 2, 0, 0], indices: [0, 1, 2] })).toThrow(/no area/)
    expect(tryGeometry({ type: 'mesh', positions: [0, 0, 0, 1, 0, 0, 2, 0, 1], indices: [0, 1, 3] })).toThrow(/names vertex 3/)
    expect(() => resolveScene(scene({ textures: { t: { type: 'image', asset: 'x' } } }), NO_ASSETS)).toThrow(ResolveError)
    expect(() => resolveScene(scene({ environment: { light: { type: 'hdri', asset: 'nowhere' } } }), NO_ASSETS)).toThrow(
      /environment: .*"nowhere"/,
    )
  })
})
