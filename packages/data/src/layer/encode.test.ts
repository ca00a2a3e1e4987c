import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Layer, LayerSpec } from '../layer.ts'
import { decodeLayer, encodeLayer, physicalValues } from './encode.ts'

const spec = (s: Partial<LayerSpec>): LayerSpec => ({
  name: 'x',
  dtype: 'f32',
  channels: 1,
  encoding: 'npz',
  scale: 1,
  offset: 0,
  unit: '',
  definition: '',
  ...s,
})
const KINDS = [
  spec({ dtype: 'u8', channels: 3, encoding: 'png' }),
  spec({ dtype: 'u8', channels: 1, encoding: 'png' }),
  spec({ dtype: 'u16', channels: 1, encoding: 'png' }),
  spec({ dtype: 'u16', channels: 3, encoding: 'png' }),
  spec({ dtype: 'f32', channels: 1 }),
  spec({ dtype: 'f32', channels: 2 }),
  spec({ dtype: 'u16', channels: 3 }),
]
const ARRAYS = { u8: Uint8Array, u16: Uint16Array, f32: Float32Array }

test('every lossless encoding gives back every value, at any size', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...KINDS),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 9 }),
      fc.infiniteStream(fc.float({ noNaN: true })),
      (s, width, height, values) => {
        const data = new ARRAYS[s.dtype](width * height * s.channels)
        for (let i = 0; i < data.length; i++) data[i] = values.next().value!
        const layer: Layer = { name: 'x', dtype: s.dtype, channels: s.channels, width, height, data }
        expect(decodeLayer(s, encodeLayer(s, layer).bytes)).toEqual(layer)
      },
    ),
  )
})

test('infinities and zeros of either sign survive', () => {
  const layer: Layer = { name: 'x', dtype: 'f32', channels: 1, width: 4, height: 1, data: Float32Array.of(Infinity, -Infinity, 0, -0) }
  const back = decodeLayer(spec({}), encodeLayer(spec({}), layer).bytes)
  expect(Array.from(back.data, x => (Object.is(x, -0) ? '-0' : String(x)))).toEqual(['Infinity', '-Infinity', '0', '-0'])
})

test('exr keeps what a half float can hold', () => {
  const s = spec({ channels: 3, encoding: 'exr' })
  const layer: Layer = { name: 'x', dtype: 'f32', channels: 3, width: 2, height: 1, data: Float32Array.of(0, 1, 0.5, 2048, 0.25, 65504) }
  expect(decodeLayer(s, encodeLayer(s, layer).bytes)).toEqual(layer)
})

test('physical values: normals of 16-bit codes have an exact zero and unit ends', () => {
  const s = spec({ dtype: 'u16', channels: 3, encoding: 'png', scale: 1 / 32767, offset: -32768 / 32767 })
  const layer: Layer = { name: 'x', dtype: 'u16', channels: 3, width: 1, height: 1, data: Uint16Array.of(1, 32768, 65535) }
  const [a, b, c] = physicalValues(s, layer)
  expect([a, c]).toEqual([-1, 1])
  expect(Math.abs(b!)).toBeLessThan(1e-9)
})

test('what does not fit is refused by name', () => {
  const layer: Layer = { name: 'x', dtype: 'u8', channels: 1, width: 2, height: 2, data: new Uint8Array(4) }
  expect(() => encodeLayer(spec({ name: 'depth' }), layer)).toThrow(/"x" \(u8 × 1\) does not fit its spec "depth" \(f32 × 1\)/)
  expect(() => encodeLayer(spec({ dtype: 'u8' }), { ...layer, data: new Uint8Array(3) })).toThrow(/holds 3 values/)
  expect(() => encodeLayer(spec({ encoding: 'png' }), { ...layer, dtype: 'f32', data: new Float32Array(4) })).toThrow(/use npz/)
  const bytes = encodeLayer(spec({ dtype: 'u8', encoding: 'png' }), layer).bytes
  expect(() => decodeLayer(spec({ dtype: 'u16', encoding: 'png' }), bytes)).toThrow(/8-bit × 1, the spec says u16 × 1/)
})
