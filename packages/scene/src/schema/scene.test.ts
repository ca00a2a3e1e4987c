import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { Key } from '../key.ts'
import { materialPreset } from '../materials/library.ts'
import { type SceneInput, sceneSchema } from './scene.ts'

const base = (): SceneInput => ({
  cameras: [{ position: [0, -3, 1], rotation: [0, 0, 0, 1] }],
  geometries: { cube: { type: 'shape', shape: 'cube' } },
  materials: { red: { baseColor: [0.8, 0.1, 0.1] } },
  objects: [{ id: 1, name: 'box', geometry: 'cube', material: 'red' }],
})

/** The message a person would read. */
function message(scene: unknown): string {
  const result = sceneSchema.safeParse(scene)
  if (result.success) throw new Error('the scene was accepted')
  return z.prettifyError(result.error)
}

test('the smallest scene gets every default', () => {
  const scene = sceneSchema.parse({ cameras: [{ position: [0, 0, 1], rotation: [0, 0, 0, 1] }] })
  expect(scene).toMatchObject({ version: 1, frames: 24, fps: 12, gravity: [0, 0, -9.81], stepRate: 240, objects: [], lights: [] })
  expect(scene.cameras[0]).toMatchObject({ name: 'camera', resolution: [256, 256], focalLength: 35, sensorWidth: 32 })
})

describe('says what is wrong and where', () => {
  // biome-ignore lint/suspicious/noExplicitAny: the point is to break the type
  const cases: [string, (s: any) => void, string[]][] = [
    [
      'an unknown geometry',
      s => (s.objects[0].geometry = 'cub'),
      ['there is no geometry named "cub"', 'the scene has: cube', 'objects[0].geometry'],
    ],
    [
      'an unknown material',
      s => (s.objects[0].material = 'blue'),
      ['there is no material named "blue"', 'the scene has: red', 'objects[0].material'],
    ],
    ['an unknown material of a part', s => (s.objects[0].material = ['red', 'blue']), ['no material named "blue"']],
    [
      'an unknown texture',
      s => (s.materials.red.roughness = { texture: 'rust' }),
      ['no texture named "rust"', 'the scene has: none', 'materials.red.roughness'],
    ],
    ['an id used twice', s => s.objects.push({ id: 1, name: 'b', geometry: 'cube' }), ['id 1 is used twice', 'objects[1].id']],
    ['a name used twice', s => s.objects.push({ id: 2, name: 'box', geometry: 'cube' }), ['name "box" is used twice', 'objects[1].name']],
    ['a camera name used twice', s => s.cameras.push(s.cameras[0]), ['name "camera" is used twice', 'cameras[1].name']],
    ['no camera', s => (s.cameras = []), ['cameras']],
    ['id 0', s => (s.objects[0].id = 0), ['objects[0].id']],
    ['a name that is a path', s => (s.objects[0].name = '../x'), ['use letters, digits, _ and -', 'objects[0].name']],
    [
      'a rotation that is no unit quaternion',
      s => (s.objects[0].rotation = [0, 0, 0, 2]),
      ['a rotation must be a unit quaternion x, y, z, w', 'objects[0].rotation'],
    ],
    [
      'keyframes out of order',
      s =>
        (s.cameras[0].position = {
          keys: [
            [1, [0, 0, 0]],
            [0, [1, 0, 0]],
          ],
        }),
      ['keyframe times must increase', 'cameras[0].position'],
    ],
    [
      'a keyframed rotation that is no unit',
      s => (s.cameras[0].rotation = { keys: [[0, [1, 1, 0, 0]]] }),
      ['unit quaternion', 'cameras[0].rotation'],
    ],
    ['a colour above 1', s => (s.materials.red.baseColor = [2, 0, 0]), ['materials.red.baseColor']],
    ['a field that does not exist', s => (s.objects[0].colour = 'red'), ['colour', 'objects[0]']],
    ['an unknown camera', s => (s.cameras[0].type = 'pinhol'), ['cameras[0].type', 'equirectangular']],
    ['an unknown shape', s => (s.geometries.cube.shape = 'cubee'), ['geometries.cube.shape']],
    ['an unknown kind of body', s => (s.objects[0].body = { type: 'soft' }), ['objects[0].body']],
    ['infinite numbers', s => (s.objects[0].position = [0, 0, Number.POSITIVE_INFINITY]), ['objects[0].position']],
    ['a size that single precision has no room for', s => (s.objects[0].scale = [1, 1e10, 1]), ['objects[0].scale']],
    ['light that single precision has no room for', s => (s.materials.red.emission = [0, 1e200, 0]), ['materials.red.emission']],
    [
      'a shift of a picture that single precision has no room for',
      s => {
        s.textures = { rust: { type: 'procedural', generator: 'checker' } }
        s.materials.red.roughness = { texture: 'rust', transform: { offset: [0, -1e150] } }
      },
      ['materials.red.roughness'],
    ],
    ['NaN', s => (s.fps = Number.NaN), ['fps']],
    ['another version', s => (s.version = 2), ['version']],
  ]
  test.each(cases)('%s', (_name, damage, expected) => {
    const scene = base()
    damage(scene)
    const text = message(scene)
    for (const part of expected) expect(text).toContain(part)
    expect(text).not.toContain('[object Object]')
  })
})

test('every wrong reference is reported at once', () => {
  const scene = base()
  scene.objects!.push({ id: 1, name: 'b', geometry: 'nope', material: 'nope' })
  const text = message(scene)
  for (const part of ['no geometry named "nope"', 'no material named "nope"', 'id 1 is used twice']) expect(text).toContain(part)
})

test('a name that the prototype has is not a reference', () => {
  const scene = base()
  scene.objects![0]!.geometry = 'constructor'
  expect(message(scene)).toContain('no geometry named "constructor"')
})

test('JSON survives: parse(stringify(parse(x))) equals parse(x)', () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 0, max: 6 }), (seed, n) => {
      const key = Key.fromSeed(seed)
      const oak = materialPreset('oak', { seed: seed % 9 })
      const scene = sceneSchema.parse({
        ...base(),
        gravity: [0, 0, -key.fork('g').uniform(0, 20)],
        textures: oak.textures,
        materials: { red: {}, oak: oak.material },
        lights: [
          { type: 'sun', name: 'sun', rotation: [...key.fork('sun').rotation()], irradiance: 3 },
          {
            type: 'area',
            name: 'key',
            position: [0, 0, 3],
            rotation: [0, 0, 0, 1],
            size: [1, 2],
            power: {
              keys: [
                [0, 1],
                [1, 5],
              ],
              interpolation: 'smooth',
            },
          },
        ],
        environment: { light: { type: 'sky', elevation: 0.5 }, background: { type: 'studio', seed: 1 } },
        objects: key.times(n).map((k, i) => ({
          id: i + 1,
          name: `o${i}`,
          geometry: 'cube',
          material: k.fork('m').choice(['red', 'oak']),
          position: [...k.fork('p').direction()],
          rotation: {
            keys: [
              [0, [...k.fork('a').rotation()]],
              [k.uniform(0.1, 2), [...k.fork('b').rotation()]],
            ],
          },
          body: k.fork('body').choice([{ type: 'dynamic', mass: 2 }, { type: 'static' }, { type: 'none' }]),
          metadata: { label: 'x', nested: [1, { a: null }] },
        })),
      })
      const again = sceneSchema.parse(JSON.parse(JSON.stringify(scene)))
      expect(again).toEqual(scene)
      expect(JSON.stringify(again)).toBe(JSON.stringify(scene))
    }),
    { numRuns: 50 },
  )
})
