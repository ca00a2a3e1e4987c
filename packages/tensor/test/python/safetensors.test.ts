// Python's `safetensors` reads our files and we read its. Skipped, with the reason, where it is not installed.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { StoredDtype } from '../../src/checkpoint/index.ts'
import { MemorySink, openSafetensors, type SafetensorsItem, writeSafetensors } from '../../src/checkpoint/index.ts'
import type { NDArray } from '../../src/graph/array.ts'
import { withFile, writeFileAtomic } from '../../src/node/files.ts'
import { python } from './python.ts'

const here = dirname(fileURLToPath(import.meta.url))
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dioramic-safetensors-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const f32 = (shape: number[], ...v: number[]): NDArray => ({ dtype: 'f32', shape, data: Float32Array.from(v) })
const i64 = (...v: bigint[]): NDArray => ({ dtype: 'i64', shape: [v.length], data: BigInt64Array.from(v) })
const item = (name: string, array: NDArray, as?: StoredDtype): SafetensorsItem => ({ name, array, as })
const items = [
  item('f64', { dtype: 'f64', shape: [2], data: Float64Array.of(0.1, -1e300) }),
  item('f32', f32([2, 2], 1, -2, 0.5, 3)),
  item('f16', f32([2], 0.1, -65504), 'f16'),
  item('b', f32([1], 0.1), 'bf16'),
  item('i64', i64(-(2n ** 63n), 5n)),
  item('i32', i64(-1n), 'i32'),
  item('i16', i64(-32768n), 'i16'),
  item('i8', i64(-128n), 'i8'),
  item('u8', i64(255n), 'u8'),
  item('bool', { dtype: 'bool', shape: [2], data: Uint8Array.of(1, 0) }),
  item('empty', f32([0, 3])),
  item('scalar', f32([], 7)),
]

test('both sides read what the other wrote, byte for byte the same layout', async context => {
  const run = python(context, 'numpy, safetensors')
  await writeFileAtomic(join(folder, 'ours.safetensors'), sink => writeSafetensors(sink, items, new Map([['who', 'grün "x"']])))
  // A sparse file of 2.4 GiB: pieces of zeros are passed over.
  const large: NDArray = { dtype: 'f32', shape: [300 * 2 ** 20], data: new Float32Array(300 * 2 ** 20) }
  const file = await open(join(folder, 'large.safetensors'), 'w')
  let at = 0
  const write = async (bytes: Uint8Array) => {
    if (bytes.length < 2 ** 20) await file.write(bytes, 0, bytes.length, at)
    at += bytes.length
  }
  await writeSafetensors({ write }, [
    item('a', large),
    item('b', large),
    item('tail', { dtype: 'bool', shape: [3], data: Uint8Array.of(1, 0, 1) }),
  ])
  await file.close()
  run(join(here, 'safetensors_check.py'), folder)

  await withFile(join(folder, 'theirs.safetensors'), async source => {
    const theirs = await openSafetensors(source)
    expect(theirs.metadata).toEqual(new Map([['format', 'np']]))
    expect(await theirs.array('turned')).toEqual(f32([3, 2], 0, 3, 1, 4, 2, 5))
    const again: SafetensorsItem[] = []
    for (const e of theirs.entries.values()) {
      const array = await theirs.array(e.name)
      const ours = items.find(i => i.name === e.name)
      if (ours && e.dtype !== 'f16') expect(array, e.name).toEqual(ours.array)
      again.push(item(e.name, array, e.dtype))
    }
    const sink = new MemorySink()
    await writeSafetensors(sink, again)
    expect(Buffer.from(sink.bytes()).equals(readFileSync(join(folder, 'again.safetensors')))).toBe(true)
  })
})
