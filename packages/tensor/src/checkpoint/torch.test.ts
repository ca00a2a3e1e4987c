import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { memorySource } from './bytes.ts'
import { crc32 } from './crc.ts'
import { CheckpointError } from './error.ts'
import { treeFromArrays } from './fit.ts'
import { loadTorch, openTorch } from './torch.ts'
import { openZip } from './zip.ts'

const fixture = (version: string) => new Uint8Array(readFileSync(new URL(`../../test/fixtures/torch-${version}.pt`, import.meta.url)))
const source = (bytes: Uint8Array) => memorySource(bytes, 'x.pt')

describe.each(['1.13', '2.15'])('a checkpoint of torch %s', version => {
  const bytes = fixture(version)

  test('is read, with its views', async () => {
    const file = await openTorch(source(bytes))
    expect([...file.tensors.keys()]).toEqual(['weight', 'bias', 'tied', 'turned', 'half', 'count'].map(n => `model.${n}`))
    expect(file.values).toEqual(new Map([['epoch', 3]]))
    expect(file.ties).toEqual([['model.weight', 'model.tied']])
    const { shape, stride, offset, dtype } = file.tensors.get('model.turned')!
    expect({ shape, stride, offset, dtype }).toEqual({ shape: [3, 2], stride: [1, 3], offset: 0, dtype: 'f32' })
    const arrays = await loadTorch(source(bytes), { prefix: 'model' })
    expect(Object.fromEntries(arrays)).toEqual({
      weight: { dtype: 'f32', shape: [2, 3], data: Float32Array.of(0, 1, 2, 3, 4, 5) },
      tied: { dtype: 'f32', shape: [2, 3], data: Float32Array.of(0, 1, 2, 3, 4, 5) },
      turned: { dtype: 'f32', shape: [3, 2], data: Float32Array.of(0, 3, 1, 4, 2, 5) },
      bias: { dtype: 'f32', shape: [2], data: Float32Array.of(1, -1) },
      half: { dtype: 'f32', shape: [2], data: Float32Array.of(0.5, -2) },
      count: { dtype: 'i64', shape: [], data: BigInt64Array.of(7n) },
    })
  })

  test('rules rename, transpose and drop; a tree takes the result', async () => {
    const arrays = await loadTorch(source(bytes), {
      prefix: 'model',
      map: [
        { match: 'weight', name: 'w', axes: 'transpose' },
        { match: /^(bi)as$/, name: '$1' },
        { match: 'turned', axes: [1, 0] },
        { match: /half|count|tied/, name: null },
      ],
    })
    expect(Object.fromEntries(arrays)).toEqual({
      w: { dtype: 'f32', shape: [3, 2], data: Float32Array.of(0, 3, 1, 4, 2, 5) },
      bi: { dtype: 'f32', shape: [2], data: Float32Array.of(1, -1) },
      turned: { dtype: 'f32', shape: [2, 3], data: Float32Array.of(0, 1, 2, 3, 4, 5) },
    })
    const spec = (shape: number[]) => ({ dtype: 'f32', shape }) as const
    expect(treeFromArrays({ w: spec([3, 2]), bi: spec([2]), turned: spec([2, 3]) }, arrays).w.shape).toEqual([3, 2])
    expect(() => treeFromArrays({ w: spec([2, 3]), b: spec([2]) }, arrays, 'x.pt')).toThrow(
      /x\.pt does not fit.*1 missing: b f32\[2\]; 2 unexpected: .*; 1 of another shape: w is \[3,2\], expected \[2,3\]/,
    )
  })

  test('stars stand for parts of names; functions decide by shape', async () => {
    const starred = await loadTorch(source(bytes), {
      map: [
        { match: '*.weight', name: 'net/$1/w' },
        { match: /./, name: null },
      ],
    })
    expect([...starred.keys()]).toEqual(['net/model/w'])
    const matrices = await loadTorch(source(bytes), { map: (name, shape) => (shape.length === 2 ? { name: name.slice(6) } : undefined) })
    expect([...matrices.keys()]).toEqual(['weight', 'tied', 'turned'])
  })

  test('rules that cannot be followed are told', async () => {
    const load = (map: Parameters<typeof loadTorch>[1]) => loadTorch(source(bytes), map)
    await expect(load({ map: [{ match: /weight|bias/, name: 'w' }] })).rejects.toThrow(
      /both "model\.weight" and "model\.bias" would be called "model\.w"/,
    )
    await expect(load({ map: [{ match: 'model.bias', axes: 'transpose' }] })).rejects.toThrow(
      /"model\.bias" has 1 axes, and \[1,0\] does not order them/,
    )
    await expect(load({ prefix: 'net' })).rejects.toThrow(/no tensor under "net\."\. It has model\.weight/)
  })

  test('damage gives CheckpointError, or the same tensors', async () => {
    const good = await loadTorch(source(bytes))
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 3 }), async edits => {
        const damaged = bytes.slice()
        for (const [at, value] of edits) damaged[at] = value
        try {
          expect(await loadTorch(source(damaged))).toEqual(good)
        } catch (e) {
          expect(e).toBeInstanceOf(CheckpointError)
        }
      }),
      { numRuns: 1000 },
    )
    for (let n = 0; n < bytes.length; n += 11) await expect(loadTorch(source(bytes.subarray(0, n)))).rejects.toThrow(CheckpointError)
  })

  test('damage that checksums do not show gives CheckpointError or tensors', async () => {
    const zip = await openZip(source(bytes))
    const [name] = [...zip.keys()].filter(n => n.endsWith('data.pkl'))
    const { size } = zip.get(name!)!
    const start = Buffer.from(bytes).indexOf(Uint8Array.of(0x80, 2))
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(size - 1), fc.nat(255)), { minLength: 1, maxLength: 3 }), async edits => {
        const damaged = bytes.slice()
        for (const [at, value] of edits) damaged[start + at] = value
        try {
          await loadTorch(source(damaged), { crc: false })
        } catch (e) {
          if (!(e instanceof CheckpointError)) throw e
        }
      }),
      { numRuns: 3000 },
    )
  })
})

/** A zip of stored entries, as torch writes it. */
function zip(files: Record<string, Uint8Array>): Uint8Array {
  const parts: Uint8Array[] = []
  const directory: Uint8Array[] = []
  let at = 0
  for (const [name, data] of Object.entries(files)) {
    const text = new TextEncoder().encode(name)
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(text.length, 26)
    const central = Buffer.alloc(46)
    central.writeUInt32LE(0x02014b50, 0)
    central.writeUInt32LE(crc32().update(data).value, 16)
    central.writeUInt32LE(data.length, 20)
    central.writeUInt32LE(data.length, 24)
    central.writeUInt16LE(text.length, 28)
    central.writeUInt32LE(at, 42)
    parts.push(local, text, data)
    directory.push(central, text)
    at += 30 + text.length + data.length
  }
  const tail = Buffer.alloc(22)
  tail.writeUInt32LE(0x06054b50, 0)
  tail.writeUInt32LE(
    directory.reduce((n, d) => n + d.length, 0),
    12,
  )
  tail.writeUInt32LE(at, 16)
  return new Uint8Array(Buffer.concat([...parts, ...directory, tail]))
}

describe('pickles that are not state dicts', () => {
  const load = (pickle: string, storage = new Uint8Array(16)) =>
    loadTorch(source(zip({ 'a/data.pkl': new Uint8Array(Buffer.from(pickle, 'latin1')), 'a/data/0': storage })))
  const persistent = '(X\x07\0\0\0storagectorch\nFloatStorage\nX\x01\0\0\x000X\x03\0\0\0cpuK\x04tQ'
  /** {"t": tensor(storage 0 of 4 floats, offset, size, stride)}, with numbers below 256. */
  const tensor = (offset: number, size: number[], stride: number[], storage = persistent) => {
    const tuple = (v: number[]) => `(${v.map(x => `K${String.fromCharCode(x)}`).join('')}t`
    return `\x80\x02}X\x01\0\0\0tctorch._utils\n_rebuild_tensor_v2\n(${storage}K${String.fromCharCode(offset)}${tuple(size)}${tuple(stride)}\x89}tRs.`
  }

  test('a hand-made one is read', async () => {
    const storage = new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer)
    const arrays = await load(tensor(1, [3], [1]), storage)
    expect(arrays.get('t')).toEqual({ dtype: 'f32', shape: [3], data: Float32Array.of(2, 3, 4) })
  })

  test.each([
    [
      'runs a command',
      '\x80\x02cos\nsystem\n(X\x06\0\0\0rm -rftR.',
      /it names os\.system, which is not among the classes of state dicts and is never run/,
    ],
    ['names a class of the prototype', '\x80\x02cconstructor\nconstructor\n)R.', /it names constructor\.constructor/],
    ['names a torch function', '\x80\x02ctorch.hub\nload\n)R.', /it names torch\.hub\.load/],
    ['makes an object', '\x80\x02ctorch\nFloatStorage\n)\x81.', /the opcode 0x81/],
    ['calls a class that is no function', '\x80\x02ctorch\nFloatStorage\n)R.', /calls what is not a function/],
    ['is cut short', '\x80\x02}X\xff\0\0\0t', /it is cut short/],
    ['has no STOP', '\x80\x02}', /it is cut short/],
    ['pops an empty stack', '\x80\x020.', /stack runs empty/],
    ['closes a group that is not open', '\x80\x02t.', /a group has no beginning/],
    ['uses what it did not keep', '\x80\x02h\x05.', /uses the value 5 before it is there/],
    ['sets items of a number', '\x80\x02K\x01K\x02K\x03s.', /sets items of what is not a dict/],
    ['contains itself', '\x80\x02]q\0h\0a.', /nested too deep/],
    [
      'unfolds without end',
      `\x80\x02]q\0${Array.from({ length: 9 }, (_, i) => `](${`h${String.fromCharCode(i)}`.repeat(10)}eq${String.fromCharCode(i + 1)}`).join('')}.`,
      /too many entries/,
    ],
    ['leaves its storage', tensor(1, [4], [1]), /size \[4\], stride \[1\] and offset 1 leaves its storage of 4 elements/],
    ['strides out of its storage', tensor(0, [2, 2], [3, 1]), /leaves its storage/],
    ['has a stride too few', tensor(0, [2, 2], [1]), /malformed offset, size or stride/],
    ['repeats without bound', tensor(0, [255, 255, 255, 255], [0, 0, 0, 0]), /repeats 4 elements to 4228250625/],
    ['has a tensor on a number', tensor(0, [1], [1], 'K\x01'), /a tensor has no storage/],
    ['names a storage that is not there', tensor(0, [1], [1], persistent.replace('0X\x03', '7X\x03')), /the storage "7" is missing/],
    ['claims a longer storage', tensor(0, [1], [1], persistent.replace('K\x04', 'K\x05')), /the storage "0" is 16 bytes long, not 20/],
  ])('%s', async (_, pickle, message) => {
    const error = await load(pickle).catch(e => e)
    expect(error).toBeInstanceOf(CheckpointError)
    expect(error.message).toMatch(message)
  })
})

describe('files that are not of torch', () => {
  test.each([
    ['nothing', new Uint8Array(0), /no zip archive/],
    ['text', new TextEncoder().encode('hello there'), /no zip archive/],
    ['a bare pickle', Uint8Array.of(0x80, 2, 0x7d, 0x2e), /bare pickle or of torch before 1\.6/],
    ['another zip', zip({ 'readme.txt': new Uint8Array(3) }), /holds no data\.pkl/],
    ['a program', zip({ 'a/data.pkl': new Uint8Array(3), 'a/constants.pkl': new Uint8Array(0) }), /TorchScript program/],
    ['a big-endian file', zip({ 'a/data.pkl': new Uint8Array(3), 'a/byteorder': new TextEncoder().encode('big') }), /big-endian/],
  ])('%s', async (_, bytes, message) => {
    const error = await openTorch(source(bytes)).catch(e => e)
    expect(error).toBeInstanceOf(CheckpointError)
    expect(error.message).toMatch(message)
  })

  test('a storage whose bytes were changed', async () => {
    const bytes = fixture('2.15')
    bytes[Buffer.from(bytes).indexOf(new Uint8Array(Float32Array.of(3, 4, 5).buffer))]! ^= 1
    await expect(loadTorch(source(bytes))).rejects.toThrow(/the CRC-32 of ".*data\/\d" is wrong/)
    expect((await loadTorch(source(bytes), { crc: false })).size).toBe(6)
  })
})
