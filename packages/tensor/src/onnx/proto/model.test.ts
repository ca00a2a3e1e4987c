import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { OnnxData, OnnxDtype } from './dtype.ts'
import {
  attribute,
  decodeModel,
  encodeModel,
  encodeModelExternal,
  type ModelProto,
  node,
  OnnxError,
  type TensorProto,
  valueInfo,
} from './index.ts'
import { encodeMessage, type WireOut } from './wire-writer.ts'

const tensor = (name: string, dtype: OnnxDtype, dims: number[], data: OnnxData): TensorProto => ({ name, dtype, dims, data, doc: '' })
const tensors: TensorProto[] = [
  tensor('f32', 'f32', [2, 2], Float32Array.of(1, -0, Number.NaN, Number.POSITIVE_INFINITY)),
  tensor('f64', 'f64', [1], Float64Array.of(Math.PI)),
  tensor('f16', 'f16', [2], Uint16Array.of(0x3c00, 0xfbff)),
  tensor('bf16', 'bf16', [1], Uint16Array.of(0x3f80)),
  tensor('i8', 'i8', [2], Int8Array.of(-128, 127)),
  tensor('i16', 'i16', [1], Int16Array.of(-32768)),
  tensor('i32', 'i32', [3], Int32Array.of(-1, 0, 2 ** 31 - 1)),
  tensor('i64', 'i64', [2], BigInt64Array.of(-(2n ** 63n), 2n ** 53n + 1n)),
  tensor('u8', 'u8', [0, 4], new Uint8Array(0)),
  tensor('u16', 'u16', [1], Uint16Array.of(65535)),
  tensor('u32', 'u32', [1], Uint32Array.of(2 ** 32 - 1)),
  tensor('u64', 'u64', [], BigUint64Array.of(2n ** 64n - 1n)),
  tensor('bool', 'bool', [2], Uint8Array.of(0, 1)),
  tensor('string', 'string', [2], ['', 'grün 🎲']),
]
const body = {
  name: 'body',
  nodes: [{ ...node('Identity', ['outer'], ['b']), name: 'n', overload: '', doc: '', metadata: new Map([['k', 'v']]) }],
  initializers: [],
  inputs: [],
  outputs: [{ name: 'b', type: undefined, doc: '' }],
  values: [],
  doc: '',
  metadata: new Map<string, string>(),
}
const model: ModelProto = {
  irVersion: 10,
  opsets: [
    { domain: '', version: 21 },
    { domain: 'com.microsoft', version: 1 },
  ],
  producer: 'dioramic',
  producerVersion: '0.1',
  domain: 'test',
  modelVersion: 2 ** 40,
  doc: 'a model',
  metadata: new Map([['__proto__', 'harmless']]),
  functions: [
    {
      name: 'fn',
      domain: 'mine',
      overload: '',
      input: ['x'],
      output: ['y'],
      attributeNames: ['alpha'],
      attributes: [{ name: 'beta', doc: '', kind: 'float', value: 0.5 }],
      nodes: [
        {
          ...node('LeakyRelu', ['x'], ['y']),
          attributes: [{ name: 'alpha', doc: '', kind: 'reference', to: 'alpha', of: 'float' }],
          name: '',
          overload: '',
          doc: '',
          metadata: undefined,
        },
      ],
      opsets: [{ domain: '', version: 21 }],
      values: [],
      doc: '',
      metadata: new Map(),
    },
  ],
  graph: {
    name: 'g',
    nodes: [
      {
        ...node('Everything', ['x', '', 'w'], ['y'], {
          float: attribute.float(Math.fround(0.1)),
          int: attribute.int(-7),
          string: attribute.string('SAME_UPPER'),
          tensor: attribute.tensor(tensors[0]!),
          graph: attribute.graph(body),
          floats: attribute.floats([0, 1.5]),
          ints: attribute.ints([-1, 0, 2 ** 53, 2 ** 63, -(2 ** 63)]),
          strings: attribute.strings(['a', '']),
          empty: attribute.ints([]),
          type: { kind: 'type', value: { kind: 'sequence', element: { kind: 'tensor', dtype: 'i64', shape: undefined } } },
          tensors: { kind: 'tensors', value: [tensors[6]!] },
          graphs: { kind: 'graphs', value: [body, body] },
        }),
        name: 'everything',
        overload: '',
        doc: 'doc',
        metadata: undefined,
      },
    ].map(n => ({ ...n, attributes: n.attributes!.map(a => ({ doc: '', ...a })) })),
    initializers: tensors,
    inputs: [{ ...valueInfo('x', 'f32', ['batch', 3, undefined]), doc: '' }],
    outputs: [{ name: 'y', type: { kind: 'optional', element: { kind: 'tensor', dtype: 'bool', shape: [] } }, doc: 'out' }],
    values: [],
    doc: '',
    metadata: new Map([['a', 'b']]),
  },
}

test('every field, type and attribute comes back', () => {
  expect(decodeModel(encodeModel(model))).toEqual(model)
})

test('random tensors come back', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(4), { maxLength: 4 }), fc.float32Array({ minLength: 256, maxLength: 256 }), (dims, pool) => {
      const n = dims.reduce((a, b) => a * b, 1)
      const t = tensor('t', 'f32', dims, pool.subarray(0, n))
      const back = decodeModel(encodeModel({ ...model, graph: { ...model.graph, initializers: [t] } })).graph.initializers![0]!
      expect(back).toEqual({ ...t, data: pool.slice(0, n) })
    }),
  )
})

describe('what the writer refuses', () => {
  const write = (t: TensorProto) => () => encodeModel({ ...model, graph: { ...model.graph, initializers: [t] } })
  test('data that does not fit', () => {
    expect(write(tensor('w', 'f32', [2, 3], new Float32Array(5)))).toThrow('Tensor "w" of dims [2,3] needs 6 elements, but its data has 5.')
    expect(write(tensor('w', 'i64', [1], Float32Array.of(1)))).toThrow(
      'Tensor "w" is of type i64, which a BigInt64Array holds, not a Float32Array.',
    )
    expect(write(tensor('w', 'f32', [-1], new Float32Array(0)))).toThrow(/whole number ≥ 0/)
    expect(write(tensor('w', 'f32', [2 ** 30, 2 ** 30], new Float32Array(0)))).toThrow(/too many elements/)
  })
})

/** A model with one initialiser, from raw fields. */
function raw(write: (out: WireOut) => void): Uint8Array {
  return encodeMessage(out => {
    out.int(1, 10)
    out.message(7, (g: WireOut) => g.message(5, write, undefined), undefined)
  }, undefined)
}

describe('data in typed fields', () => {
  const read = (code: number, dims: number[], write: (out: WireOut) => void) =>
    decodeModel(
      raw(out => {
        out.packedInts(1, dims)
        out.int(2, code)
        write(out)
        out.string(8, 'w')
      }),
    ).graph.initializers![0]!.data

  test('each type has its field', () => {
    expect(read(1, [2], o => o.packedFloats(4, [1.5, -2]))).toEqual(Float32Array.of(1.5, -2))
    expect(
      read(11, [2], o =>
        [0.1, 0.2].forEach(v => {
          o.double(10, v)
        }),
      ),
    ).toEqual(Float64Array.of(0.1, 0.2))
    expect(
      read(6, [2], o =>
        [-1, 7].forEach(v => {
          o.int(5, v)
        }),
      ),
    ).toEqual(Int32Array.of(-1, 7))
    expect(read(3, [1], o => o.packedInts(5, [-8]))).toEqual(Int8Array.of(-8))
    expect(read(9, [2], o => o.packedInts(5, [0, 1]))).toEqual(Uint8Array.of(0, 1))
    expect(read(10, [1], o => o.packedInts(5, [0x3c00]))).toEqual(Uint16Array.of(0x3c00))
    expect(read(16, [1], o => o.packedInts(5, [0x3f80]))).toEqual(Uint16Array.of(0x3f80))
    expect(read(7, [1], o => o.packedInts(7, [-5]))).toEqual(BigInt64Array.of(-5n))
    expect(read(12, [1], o => o.packedInts(11, [4e9]))).toEqual(Uint32Array.of(4e9))
    expect(read(13, [1], o => o.packedInts(11, [-1]))).toEqual(BigUint64Array.of(2n ** 64n - 1n))
  })

  test('a lying tensor is named', () => {
    expect(() => read(1, [3], o => o.packedFloats(4, [1]))).toThrow(
      /graph\.initializer\[0\]\.float_data of "w" \[3\] f32 has 1 elements, not 3/,
    )
    expect(() => read(1, [2 ** 40], o => o.bytes(9, new Uint8Array(8)))).toThrow(/raw_data of "w" .* has 8 bytes, not 4398046511104/)
    expect(() => read(1, [2 ** 40, 2 ** 40], () => {})).toThrow(/too many elements/)
    expect(() => read(1, [-3], () => {})).toThrow(/dims of "w" are \[-3\]/)
    expect(() => read(22, [1], () => {})).toThrow(/"w" has the element type INT4 \(22\)/)
    expect(() => read(8, [2], o => o.string(6, 'one'))).toThrow(/string_data of "w" \[2\] string has 1 elements, not 2/)
  })
})

describe('external data', () => {
  const big = { ...tensor('big', 'f32', [300_000], []), data: new Float32Array(300_000).fill(0.5) }
  const small = tensor('small', 'i64', [3], BigInt64Array.of(1n, 2n, 3n))
  const middle = tensor('middle', 'f32', [400], new Float32Array(400).fill(2))
  const whole: ModelProto = { ...model, graph: { ...model.graph, initializers: [middle, small, big] } }

  test('moves out, aligned, and comes back', () => {
    const out = encodeModelExternal(whole, { location: 'weights.bin' })
    const file = Buffer.concat([...out.chunks()])
    expect(file.length).toBe(out.dataBytes)
    expect(out.bytes.length).toBeLessThan(4000)
    const asked: number[] = []
    const back = decodeModel(out.bytes, {
      external: (location, offset, length) => {
        expect(location).toBe('weights.bin')
        asked.push(offset)
        return file.subarray(offset, offset + length)
      },
    })
    expect(asked).toEqual([0, 65536])
    const last = back.graph.initializers![2]!
    expect(Buffer.from((last.data as Float32Array).buffer).equals(Buffer.from(big.data.buffer))).toBe(true)
    // Comparing 300,000 numbers one by one is slow.
    expect({ ...back, graph: { ...back.graph, initializers: [...back.graph.initializers!.slice(0, 2), big] } }).toEqual(whole)
  })

  test('errors say where the data should be', () => {
    const { bytes } = encodeModelExternal(whole, { location: 'weights.bin' })
    expect(() => decodeModel(bytes)).toThrow(/graph\.initializer\[0\]\.external_data of "middle" lies in the file "weights.bin"/)
    expect(() => decodeModel(bytes, { external: () => new Uint8Array(3) })).toThrow(/gave 3 bytes, not 1600/)
  })

  test.each(['../secret', '/etc/passwd', 'a/../../b', 'C:\\x', '\\\\server\\x', '', 'a\0b'])('the location %j is refused', location => {
    const { bytes } = encodeModelExternal(whole, { location })
    expect(() => decodeModel(bytes, { external: () => expect.unreachable() })).toThrow(/inside the model's folder/)
  })
})

describe('hostile bytes', () => {
  const bytes = encodeModel(model)
  const decode = (b: Uint8Array) => {
    try {
      decodeModel(b)
      return true
    } catch (e) {
      expect(e).toBeInstanceOf(OnnxError)
      return false
    }
  }

  test('cut at any byte, the model is refused or lacks only trailing fields', () => {
    let read = 0
    for (let n = 0; n < bytes.length; n++) if (decode(bytes.subarray(0, n))) read++
    // It can end between two fields of the outermost message only.
    expect(read).toBeLessThan(8)
  })

  test('any damage gives OnnxError or a model', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }), edits => {
        const b = bytes.slice()
        for (const [at, value] of edits) b[at] = value
        decode(b)
      }),
      { numRuns: 3000 },
    )
  })

  test('noise gives OnnxError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), b => {
        decode(b)
      }),
      { numRuns: 3000 },
    )
    expect(() => decodeModel(new Uint8Array(0))).toThrow(/ir_version is missing/)
    expect(() => decodeModel(new TextEncoder().encode('<html>not a model</html>'))).toThrow(OnnxError)
  })
})
