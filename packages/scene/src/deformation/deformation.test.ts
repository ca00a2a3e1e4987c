/** Deforming meshes against closed forms written here: arcs, mirrors, sums. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NO_ASSETS } from '../assets.ts'
import { resolveScene } from '../resolve.ts'
import { type SceneInput, sceneSchema } from '../schema/scene.ts'
import { cornersAt, jointMatricesAt, meshAt, morphWeightsAt } from './evaluate.ts'

type Geometry = Extract<NonNullable<SceneInput['geometries']>[string], { type: 'mesh' }>
type Given = NonNullable<SceneInput['objects']>[number]

/** A strip along x from 0 to 2 in the xy plane: vertices at x = 0, 0, 1, 1, 2, 2, on a joint at the origin and one at x = 1. */
const strip = (): Geometry => ({
  type: 'mesh',
  positions: [0, 0, 0, 0, 1, 0, 1, 0, 0, 1, 1, 0, 2, 0, 0, 2, 1, 0],
  indices: [0, 2, 3, 0, 3, 1, 2, 4, 5, 2, 5, 3],
  normals: [0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1],
  skin: {
    // The child first: order in the list is free.
    joints: [{ name: 'tip', parent: 'root', translation: [1, 0, 0] }, { name: 'root' }],
    indices: [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0],
    weights: [1, 0, 0, 0, 1, 0, 0, 0, 0.5, 0.5, 0, 0, 0.5, 0.5, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0],
  },
})

function resolve(geometry: Geometry, object: Partial<Given> = { pose: {} }) {
  const scene = sceneSchema.parse({
    cameras: [{ position: [0, 0, 5], rotation: [0, 0, 0, 1] }],
    geometries: { g: geometry },
    objects: [{ id: 1, name: 'o', geometry: 'g', ...object }],
  })
  return resolveScene(scene, NO_ASSETS).objects[0]!
}
const turnZ = (angle: number): [number, number, number, number] => [0, 0, Math.sin(angle / 2), Math.cos(angle / 2)]
const turnX = (angle: number): [number, number, number, number] => [Math.sin(angle / 2), 0, 0, Math.cos(angle / 2)]

describe('linear-blend skinning', () => {
  test('at rest it is the mesh, to the bit', () => {
    const object = resolve(strip())
    expect([...meshAt(object, 3).positions]).toEqual([...object.mesh.positions])
    expect([...meshAt(object, 3).normals!]).toEqual([...object.mesh.normals!])
    expect(resolve(strip(), {}).deformation).toBeUndefined()
  })

  test('a bend by keyframes, at any time: the tip turns about its joint, the middle is the mean of both', () => {
    const rate = 1.7
    const object = resolve(strip(), {
      pose: {
        joints: {
          tip: {
            rotation: {
              keys: [
                [0, turnX(0)],
                [1, turnX(rate)],
              ],
            },
          },
          root: {
            translation: {
              keys: [
                [0, [0, 0, 0]],
                [2, [0, 4, 6]],
              ],
            },
            scale: [2, 1, 1],
          },
        },
      },
    })
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), t => {
        const { positions, normals } = meshAt(object, t)
        const [s, c] = [Math.sin(rate * t), Math.cos(rate * t)]
        const root = (x: number, y: number, z: number) => [2 * x, y + 2 * t, z + 3 * t]
        const tip = (x: number, y: number) => root(1 + (x - 1), c * y, s * y)
        const mid = (y: number) => root(1, y, 0).map((v, a) => (v + tip(1, y)[a]!) / 2)
        const wanted = [root(0, 0, 0), root(0, 1, 0), mid(0), mid(1), tip(2, 0), tip(2, 1)].flat()
        wanted.forEach((v, i) => {
          expect(positions[i]).toBeCloseTo(v, 6)
        })
        // Normals of rigid parts turn with them; in the middle the cofactors of the mean.
        expect([...normals!.slice(12, 15)].every((v, a) => Math.abs(v - [0, -s, c][a]!) < 1e-6)).toBe(true)
        const half = [0, -s / 2, (1 + c) / 2]
        const n = Math.hypot(...half)
        expect([...normals!.slice(6, 9)].every((v, a) => Math.abs(v - half[a]! / n) < 1e-6)).toBe(true)
        const corners = new Float64Array(9)
        cornersAt(object, 2, t, corners)
        expect([...corners]).toEqual([2, 4, 5].flatMap(i => [...positions.subarray(3 * i, 3 * i + 3)]))
      }),
      { numRuns: 50 },
    )
    // The triangle alone gives the same bits where the whole mesh was never made.
    const corners = new Float64Array(9)
    cornersAt(object, 3, 0.123, corners)
    const { positions } = meshAt(object, 0.123)
    expect([...corners]).toEqual([2, 5, 3].flatMap(i => [...positions.subarray(3 * i, 3 * i + 3)]))
    const places = jointMatricesAt(object.deformation!, 0.5)
    expect([places[3], places[7], places[11]].map(x => x!.toFixed(9))).toEqual(['2.000000000', '1.000000000', '1.500000000'])
  })

  test('a mesh bound in another pose than at rest', () => {
    const g = strip()
    // Bound with the tip where it is, but at rest it is half a turn about z on.
    g.skin!.joints[0] = {
      name: 'tip',
      parent: 'root',
      translation: [1, 0, 0],
      rotation: turnZ(Math.PI),
      inverseBind: [1, 0, 0, -1, 0, 1, 0, 0, 0, 0, 1, 0],
    }
    const { positions } = meshAt(resolve(g), 0)
    expect(positions[12]).toBeCloseTo(0, 6)
    expect(positions[16]).toBeCloseTo(-1, 6)
  })

  test('morph targets add before the skin; normals are given or made from the faces', () => {
    const g = strip()
    g.morphs = [
      { name: 'up', positions: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1] },
      { name: 'side', positions: Array.from({ length: 18 }, (_, i) => (i % 3 === 1 ? 0.5 : 0)), normals: Array(18).fill(0) },
    ]
    const object = resolve(g, {
      pose: {
        joints: { tip: { rotation: turnX(Math.PI / 2) } },
        morphs: {
          up: {
            keys: [
              [0, 0],
              [1, 1],
            ],
          },
          side: 2,
        },
      },
    })
    expect([...morphWeightsAt(object.deformation!, 0.5)]).toEqual([0.5, 2])
    const { positions, normals } = meshAt(object, 0.5)
    // Vertex 4, (2, 0, 0): to (2, 1, 0.5), then a quarter turn about x.
    expect([12, 13, 14].map(i => positions[i]!.toFixed(6))).toEqual(['2.000000', '-0.500000', '1.000000'])
    // Face 2–3 rises by 1 over 1: its normal at weight 1 is (−1, 0, 1)/√2, so half of that change.
    const d = [-0.5 * Math.SQRT1_2, 0, 1 + 0.5 * (Math.SQRT1_2 - 1)]
    const n = Math.hypot(...d)
    expect(normals![12]).toBeCloseTo(d[0]! / n, 6)
    expect(normals![13]).toBeCloseTo(-d[2]! / n, 6)
  })
})

describe('bad input gives one clear error', () => {
  // biome-ignore lint/suspicious/noExplicitAny: the point is to break the type
  const cases: [string, (g: any) => void, RegExp][] = [
    [
      'weights that do not sum to 1',
      g => (g.skin.weights[4] = 0.7),
      /geometries\.g: the mesh: the skin weights of vertex 1 are 0\.7, 0, 0, 0; they must be 0 or more and sum to 1/,
    ],
    ['a joint that is not there', g => (g.skin.indices[0] = 2), /vertex 0 follows joint 2, but there are 2 \(0 to 1\)/],
    [
      'three weights a vertex',
      g => (g.skin.weights = g.skin.weights.slice(6)),
      /6 vertices need 24 skin weights, 4 a vertex, but there are 18/,
    ],
    ['a circle', g => (g.skin.joints[1].parent = 'tip'), /go in a circle: "tip" → "root" → "tip"/],
    ['its own parent', g => (g.skin.joints[1].parent = 'root'), /go in a circle: "root" → "root"/],
    [
      'an unknown parent',
      g => (g.skin.joints[0].parent = 'rot'),
      /joint "tip" has the parent "rot", which is no joint; did you mean "root"/,
    ],
    ['two of a name', g => (g.skin.joints[0].name = 'root'), /two joints named "root"/],
    ['a flat joint', g => (g.skin.joints[1].scale = [1, 0, 1]), /joint "tip" is flattened at rest|joint "root" is flattened at rest/],
    [
      'a short morph',
      g => (g.morphs = [{ name: 'm', positions: [1, 2, 3] }]),
      /morph target "m" has 3 numbers of positions, but its 6 vertices need 18/,
    ],
    [
      'two morphs of a name',
      g => (g.morphs = [0, 1].map(() => ({ name: 'm', positions: Array(18).fill(0) }))),
      /two morph targets named "m"/,
    ],
  ]
  test.each(cases)('%s', (_name, damage, expected) => {
    const g = strip()
    damage(g)
    expect(() => resolve(g)).toThrow(expected)
  })

  test('poses of what is not there, bodies, unknown clips', () => {
    expect(() => resolve(strip(), { pose: { joints: { tipp: {} } } })).toThrow(
      /objects\.0 "o": it poses the joint "tipp", which its geometry lacks; did you mean "tip"/,
    )
    expect(() => resolve(strip(), { pose: { morphs: { smile: 1 } } })).toThrow(/poses the morph target "smile"/)
    expect(() => resolve(strip(), { animation: { clip: 'walk' } })).toThrow(/has no clip "walk"; there are none/)
    expect(() => resolve(strip(), { pose: {}, body: { type: 'dynamic' } })).toThrow(/it deforms and has a dynamic body/)
    const { skin: _, ...plain } = strip()
    expect(() => resolve(plain)).toThrow(/neither skin nor morph targets/)
    expect(() =>
      resolve(strip(), { pose: { joints: { tip: { rotation: { keys: [[0, turnX(0)]], interpolation: 'cubic', tangents: [] } } } } }),
    ).toThrow(/one pair of tangents a key/)
  })
})
