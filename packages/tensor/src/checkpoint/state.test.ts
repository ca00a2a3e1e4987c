import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { NDArray } from '../graph/array.ts'
import { MemorySink, memorySource } from './bytes.ts'
import { CheckpointError } from './error.ts'
import { type Json, parseRecord, stringifyRecord } from './record.ts'
import { openSafetensors } from './safetensors.ts'
import { loadArrays, loadState, type SaveOptions, saveState } from './state.ts'

const f32 = (shape: number[], fill = 0): NDArray => ({
  dtype: 'f32',
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i + fill),
})
const tree = () => ({
  params: { embed: f32([4, 2], 1), blocks: [{ w: f32([2, 2], 10) }, { w: f32([2, 2], 20) }], bias: undefined },
  optimizer: { m: f32([3]), step: { dtype: 'i64', shape: [], data: BigInt64Array.of(2n ** 60n) } as NDArray },
  mask: { dtype: 'bool', shape: [2], data: Uint8Array.of(1, 0) } as NDArray,
})
const origin = { library: '0.1.0', onnxruntime: '1.30.0', threads: 2 }
const record = { step: 7, keys: { dropout: [1, 2] }, best: Number.POSITIVE_INFINITY, loader: { epoch: 1, at: 33 } }

const save = async (options?: SaveOptions, arrays: unknown = tree()) => {
  const sink = new MemorySink()
  await saveState(sink, { arrays, record, origin }, options)
  return sink.bytes()
}
const source = (bytes: Uint8Array) => memorySource(bytes, 'run.safetensors')

test('a state comes back as it was, typed, in new memory', async () => {
  const expected = tree()
  const back = await loadState(source(await save()), expected, { record: r => r as typeof record, origin })
  expect(back.arrays).toEqual(tree())
  expect(back.record).toEqual(record)
  expect(back.record.keys.dropout[1]).toBe(2)
  expect(back.origin).toEqual(origin)
  expect(back.differences).toEqual([])
  expect(back.arrays.params.blocks[1]!.w.data).not.toBe(expected.params.blocks[1]!.w.data)
})

test('other tools see arrays under their paths', async () => {
  const file = await openSafetensors(source(await save()))
  expect([...file.entries.keys()].sort()).toEqual([
    'dioramic.crc32c',
    'mask',
    'optimizer/m',
    'optimizer/step',
    'params/blocks/0/w',
    'params/blocks/1/w',
    'params/embed',
  ])
})

test('shapes and types alone say what is expected', async () => {
  const arrays = { params: { embed: f32([2, 2]) } }
  const back = await loadState(source(await save({}, arrays)), { params: { embed: { dtype: 'f32', shape: [2, 2] } } } as const)
  expect(back.arrays.params.embed).toEqual(arrays.params.embed)
})

test('arrays may be stored at half precision', async () => {
  const bytes = await save({ storage: (path, a) => (a.dtype === 'f32' && path.startsWith('params/') ? 'bf16' : undefined) })
  expect((await openSafetensors(source(bytes))).entries.get('params/embed')!.dtype).toBe('bf16')
  expect((await loadState(source(bytes), tree())).arrays).toEqual(tree())
})

test('one part can be loaded alone', async () => {
  expect(await loadArrays(source(await save()), tree().params, 'params')).toEqual(tree().params)
  await expect(loadArrays(source(await save()), { embed: f32([4, 2]) }, 'params')).rejects.toThrow(
    /part "params", does not fit.*2 unexpected/,
  )
})

test('what computed then and what computes now are compared', async () => {
  const back = await loadState(source(await save()), tree(), { origin: { ...origin, threads: 1, onnxruntime: '1.31.0' } })
  expect(back.differences).toEqual([
    'onnxruntime was 1.30.0 when the state was saved and is 1.31.0 now: training continues, but not bit by bit the same',
    'threads was 2 when the state was saved and is 1 now: training continues, but not bit by bit the same',
  ])
})

describe('nothing is loaded', () => {
  const load = async (bytes: Uint8Array, expected: unknown = tree()) => {
    const error = await loadState(source(bytes), expected).catch(e => e)
    expect(error).toBeInstanceOf(CheckpointError)
    return error.message as string
  }

  test('when arrays are missing, unexpected, of another shape and type: one error lists all', async () => {
    const { params, mask } = tree()
    const other = {
      params: { ...params, embed: f32([2, 4]), head: f32([1]) },
      optimizer: { m: f32([3]), step: f32([]) },
      mask: mask,
      ema: { w: f32([2]) },
    }
    delete (other as { mask?: unknown }).mask
    const message = await load(await save(), other)
    expect(message).toMatch(/^run\.safetensors does not fit, and nothing was loaded/)
    expect(message).toMatch('2 missing: params/head f32[1], ema/w f32[2]')
    expect(message).toMatch('1 unexpected: mask bool[2]')
    expect(message).toMatch('1 of another shape: params/embed is [4,2], expected [2,4]')
    expect(message).toMatch('1 of another type: optimizer/step is i64, expected f32')
  })

  test('when any byte is damaged', async () => {
    const bytes = await save()
    const good = JSON.stringify(await loadState(source(bytes), tree()), (_k, v) =>
      typeof v === 'bigint' ? String(v) : ArrayBuffer.isView(v) ? [...(v as Uint8Array)].map(String) : v,
    )
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const damaged = bytes.slice()
        damaged[at]! ^= flip
        try {
          const back = await loadState(source(damaged), tree())
          // Only where the meaning is the same, such as another kind of space.
          expect(
            JSON.stringify(back, (_k, v) =>
              typeof v === 'bigint' ? String(v) : ArrayBuffer.isView(v) ? [...(v as Uint8Array)].map(String) : v,
            ),
          ).toBe(good)
        } catch (e) {
          expect(e).toBeInstanceOf(CheckpointError)
        }
      }),
      { numRuns: 1500 },
    )
  })

  test('when the file is cut at any byte', async () => {
    const bytes = await save()
    for (let n = 0; n < bytes.length; n += 7) await load(bytes.subarray(0, n))
    expect(await load(bytes.subarray(0, -1))).toMatch(/cut short/)
  })

  test('when one bit of an array is flipped', async () => {
    const bytes = await save()
    bytes[bytes.length - 30]! ^= 1
    expect(await load(bytes)).toMatch(/the bytes of ".*" are not those that were written \(CRC-32C\)/)
  })

  test('when the file is another one', async () => {
    const sink = new MemorySink()
    const { writeSafetensors } = await import('./safetensors.ts')
    await writeSafetensors(sink, [{ name: 'a', array: f32([1]) }])
    expect(await load(sink.bytes())).toMatch(/no training state of this library. To read only its arrays, use `loadArrays`/)
    expect(await loadArrays(source(sink.bytes()), { a: f32([1]) })).toEqual({ a: f32([1]) })
  })

  test('when the caller refuses the record', async () => {
    const refuse = () => {
      throw new CheckpointError('the record is of another task')
    }
    await expect(loadState(source(await save()), tree(), { record: refuse })).rejects.toThrow('of another task')
  })
})

test('what cannot be saved is refused by its path', async () => {
  await expect(save({}, { a: 5 })).rejects.toThrow(/"a" is a number, no array/)
  await expect(save({}, { 'a/b': f32([1]), a: { b: f32([1]) } })).rejects.toThrow(/Two arrays have the path "a\/b"/)
  await expect(saveState(new MemorySink(), { arrays: {}, record: { at: new Date(0) as never }, origin })).rejects.toThrow(
    /record\/record\/at is a Date/,
  )
})

test('records come back, with the numbers that JSON lacks', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.double(), (v, x) => {
      const value = { v, x, undefinedIsAbsent: undefined } as Json
      const back = parseRecord(stringifyRecord(value), 'test') as { v: Json; x: number }
      expect(Object.is(back.x, x)).toBe(true)
      expect(back).toStrictEqual(JSON.parse(JSON.stringify({ v, x: 0 }), (k, y) => (k === 'x' && y === 0 ? x : y)))
    }),
  )
  expect(Object.is(parseRecord(stringifyRecord([-0]), 't'), -0)).toBe(false)
  expect(Object.is((parseRecord(stringifyRecord([-0]), 't') as number[])[0], -0)).toBe(true)
})
