import { crc32c } from '../checkpoint/crc.ts'
import { TensorError } from '../error.ts'
import { encodeMessage, type WireOut } from '../onnx/proto/wire-writer.ts'

/**
 * Bytes of TensorBoard event files: append `eventHeader` once, then `scalarEvent` for every step logged. Each is a TFRecord (length, masked CRC-32C,
 * event, masked CRC-32C) around an `Event` of tensorboard/compat/proto/event.proto. Times are given by the caller, in seconds since 1970.
 */

/** What TensorBoard asks of a file's name: `events.out.tfevents` stands in it. Readers show files of one folder as one run, in the order of their names. */
export const eventFileName = (wallTime: number, suffix = 'dioramic'): string =>
  `events.out.tfevents.${String(Math.floor(wallTime)).padStart(10, '0')}.${suffix}`

/** The first record of an event file. */
export const eventHeader = (wallTime: number): Uint8Array<ArrayBuffer> =>
  record(
    encodeMessage(out => {
      out.double(1, wallTime)
      out.string(3, 'brain.Event:2')
    }, undefined),
  )

/**
 * One record with the scalars of a step by tag (`loss/train`; the part before "/" groups charts). Stored as f32; NaN and infinities are allowed.
 * Throws TensorError where the step is no whole number.
 */
export function scalarEvent(step: number, wallTime: number, scalars: Readonly<Record<string, number>>): Uint8Array<ArrayBuffer> {
  if (!Number.isSafeInteger(step)) throw new TensorError(`A TensorBoard event has the step ${step}. Give a whole number.`)
  return record(
    encodeMessage(out => {
      out.double(1, wallTime)
      out.int(2, step)
      out.message(5, summary, scalars)
    }, undefined),
  )
}

const summary = (out: WireOut, scalars: Readonly<Record<string, number>>): void => {
  for (const scalar of Object.entries(scalars)) out.message(1, value, scalar)
}

const value = (out: WireOut, [tag, x]: [string, number]): void => {
  out.string(1, tag)
  out.float(2, x)
}

/** A TFRecord: length (u64), its CRC, the data, its CRC. */
function record(data: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(data.length + 16)
  const view = new DataView(out.buffer)
  view.setUint32(0, data.length, true)
  view.setUint32(8, masked(out.subarray(0, 8)), true)
  out.set(data, 12)
  view.setUint32(12 + data.length, masked(data), true)
  return out
}

/** CRC-32C, turned by 15 bits and offset, so that a CRC over data with CRCs in it stays a good one. */
function masked(bytes: Uint8Array): number {
  const crc = crc32c().update(bytes).value
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0
}
