import fc from 'fast-check'
import { expect, test } from 'vitest'
import { analyticClip, analyticRecipe } from '../../test/analytic.ts'
import { assembleSample, type FrameRecord, type SampleHead } from './assemble.ts'
import { canonicalJson, parseJson, toJson } from './json.ts'
import { makeRecipe, parseRecipe } from './recipe-make.ts'

test('canonical JSON: equal values are equal text, and come back', () => {
  const shuffle = (v: unknown): unknown =>
    Array.isArray(v)
      ? v.map(shuffle)
      : v && typeof v === 'object'
        ? Object.fromEntries(
            Object.entries(v)
              .reverse()
              .map(([k, x]) => [k, shuffle(x)]),
          )
        : v
  fc.assert(
    fc.property(fc.jsonValue(), value => {
      const text = canonicalJson(value)
      expect(canonicalJson(shuffle(value))).toBe(text)
      expect(JSON.parse(text)).toEqual(toJson(value))
    }),
  )
  expect(canonicalJson({ b: [1, -0, 0.1], a: Float32Array.of(0.5), c: Infinity, d: undefined })).toBe(
    '{\n  "a": [0.5],\n  "b": [1,0,0.1],\n  "c": null\n}\n'.replaceAll(',0', ',0'),
  )
  expect(() => canonicalJson({ a: { b: [1, NaN] } })).toThrow(/\$\.a\.b\[1\] is not a number/)
  expect(() => canonicalJson({ a: () => 1 })).toThrow(/\$\.a is a function/)
  expect(() => parseJson(Uint8Array.of(0x7b, 0xff), 'x.json')).toThrow(/x.json is not valid JSON/)
})

const pose = { fx: 1, fy: 1, cx: 0, cy: 0, position: [0, 0, 0], rotation: [0, 0, 0, 1] } as const
const head: SampleHead = {
  world: 'w',
  config: {},
  configHash: '0'.repeat(64),
  seed: 0,
  index: 4,
  bytesEpoch: 1,
  hashes: {},
  resolution: [2, 2],
  fps: 12,
  frames: 2,
  gravity: [0, 0, -9.81],
  metadata: {},
  environment: null,
  objects: [
    {
      id: 5,
      name: 'ball',
      category: 'ball',
      isBackground: false,
      geometry: 'sphere',
      metadata: {},
      bounds: { min: [0, 0, 0], max: [1, 1, 1] },
      scale: [1, 1, 1],
      mass: Infinity,
    },
  ],
  collisions: [],
}
const frame = (f: number, extra: object = {}): FrameRecord => ({
  frame: f,
  cameras: [{ name: 'camera', width: 2, height: 2, ...pose, aperture: 0, focusDistance: Infinity }],
  lights: [{ name: 'sun', power: f, colour: [1, 1, 1] }],
  instances: [{ id: 5, position: [f, 0, 0], rotation: [0, 0, 0, 1], box2d: f ? null : [0, 0, 1, 1], shade: 'x', ...extra }],
})

test('frames in any order become columns; constants and infinities are told apart', () => {
  const s = assembleSample(head, [frame(1), frame(0)])
  expect(s.instances[0]).toMatchObject({
    id: 5,
    mass: null,
    positions: [
      [0, 0, 0],
      [1, 0, 0],
    ],
    boxes2d: [[0, 0, 1, 1], null],
    shade: ['x', 'x'],
    scale: [1, 1, 1],
  })
  expect(s.cameras[0]).toMatchObject({ name: 'camera', width: 2, fx: [1, 1], focusDistances: [null, null] })
  expect(s.lights[0]).toEqual({ name: 'sun', colour: [1, 1, 1], power: [0, 1] })
})

test('what is missing or contradicts itself is named', () => {
  expect(() => assembleSample(head, [frame(0)])).toThrow(/sample 4: needs frames 0 to 1 once each, got 0/)
  expect(() => assembleSample(head, [frame(0), { ...frame(1), instances: [] }])).toThrow(/frame 1 has no record of object 5 \("ball"\)/)
  expect(() => assembleSample(head, [frame(0, { friction: 1 }), frame(1, { friction: 2 })])).toThrow(
    /friction must be the same in every frame, but frame 1/,
  )
  expect(() => assembleSample(head, [frame(0), frame(1, { position: [0, NaN, 0] })])).toThrow(
    /ball\.position\[frame 1\]\[1\] is not a number/,
  )
  expect(() => assembleSample(head, [frame(0), frame(1, { rotation: [0, 0, 0, 2] })])).toThrow(
    /instances\.0\.rotations\.1: a rotation must be a unit quaternion/,
  )
})

test('a recipe knows when it was edited, and its hash has no key order', () => {
  const recipe = analyticRecipe(3)
  const bytes = new TextEncoder().encode(canonicalJson(recipe))
  expect(parseRecipe(bytes)).toEqual(recipe)
  const edited = new TextEncoder().encode(canonicalJson({ ...recipe, seed: 4 }))
  expect(() => parseRecipe(edited)).toThrow(/planHash .* edited or damaged/)
  const { version: _v, planHash, configHash: _c, ...input } = recipe
  expect(makeRecipe(Object.fromEntries(Object.entries(input).reverse()) as never).planHash).toBe(planHash)
})

test('a whole clip passes through its own JSON', () => {
  const { body } = analyticClip({ frames: 2, width: 8, height: 6, spp: 1 })
  expect(JSON.parse(canonicalJson(body))).toEqual(body)
})
