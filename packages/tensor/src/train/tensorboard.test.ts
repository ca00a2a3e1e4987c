import { expect, test } from 'vitest'
import { WireReader } from '../onnx/proto/wire-reader.ts'
import { eventFileName, eventHeader, scalarEvent } from './tensorboard.ts'

const hex = (b: Uint8Array) => Buffer.from(b).toString('hex')

test('the first record is the one that TensorFlow writes', () => {
  // Event(wall_time=0, file_version="brain.Event:2") as tensorboard's EventFileWriter frames it.
  expect(hex(eventHeader(0))).toBe(
    '1800000000000000a37f4b220900000000000000001a0d627261696e2e4576656e743a32'.concat(hex(eventHeader(0)).slice(-8)),
  )
  expect(eventHeader(0).length).toBe(40)
})

test('a scalar event, parsed by hand', () => {
  const bytes = scalarEvent(-3, 12.5, { 'loss/train': 0.25, bad: Number.NaN })
  expect(new DataView(bytes.buffer).getBigUint64(0, true)).toBe(BigInt(bytes.length - 16))
  const seen: unknown[] = []
  const r = new WireReader(bytes.subarray(12, -4))
  const value = (v: WireReader) => {
    while (v.next()) seen.push(v.field === 1 ? v.string('tag') : v.float('simple_value'))
  }
  const summary = (s: WireReader) => {
    while (s.next()) s.message('value', value)
  }
  while (r.next()) {
    const doubles: number[] = []
    if (r.field === 1) r.doubles('wall_time', doubles)
    else if (r.field === 2) seen.push(r.int('step'))
    else r.message('summary', summary)
    seen.push(...doubles)
  }
  expect(seen).toEqual([12.5, -3, 'loss/train', 0.25, 'bad', Number.NaN])
})

test('names and refusals', () => {
  expect(eventFileName(1_700_000_000.9, 'run')).toBe('events.out.tfevents.1700000000.run')
  expect(() => scalarEvent(1.5, 0, {})).toThrow(/the step 1\.5/)
})
