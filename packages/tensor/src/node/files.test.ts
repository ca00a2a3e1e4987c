import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CheckpointError } from '../checkpoint/error.ts'
import { openSafetensors, writeSafetensors } from '../checkpoint/safetensors.ts'
import type { NDArray } from '../graph/array.ts'
import { withFile, writeFileAtomic } from './files.ts'
import { loadArraysFile, loadStateFile, saveStateFile } from './files-checkpoint.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dioramic-files-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const f32 = (...v: number[]): NDArray => ({ dtype: 'f32', shape: [v.length], data: Float32Array.from(v) })
const text = (s: string) => new TextEncoder().encode(s)

test('a state goes to disk and comes back', async () => {
  const path = join(folder, 'run.safetensors')
  const state = { arrays: { params: { w: f32(1, 2) } }, record: { step: 3 }, origin: { library: '0', onnxruntime: '1', threads: 1 } }
  await saveStateFile(path, state)
  const back = await loadStateFile(path, state.arrays)
  expect(back).toMatchObject({ ...state })
  expect(await loadArraysFile(path, state.arrays.params, 'params')).toEqual(state.arrays.params)
  expect(readdirSync(folder)).toEqual(['run.safetensors'])
})

test('memory that is shared with WebAssembly goes to disk and comes back', async () => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true })
  const data = new Float32Array(memory.buffer, 64, 3)
  data.set([1, 2, 3])
  const path = join(folder, 'shared.safetensors')
  await writeFileAtomic(path, sink => writeSafetensors(sink, [{ name: 'a', array: { dtype: 'f32', shape: [3], data } }]))
  expect(await loadArraysFile(path, { a: f32(0, 0, 0) })).toEqual({ a: f32(1, 2, 3) })
  rmSync(path)
})

test('a failing write leaves the old file and nothing else', async () => {
  const path = join(folder, 'kept')
  await writeFileAtomic(path, sink => sink.write(text('old')))
  const failing = writeFileAtomic(path, async sink => {
    await sink.write(text('new'))
    throw new CheckpointError('no more')
  })
  await expect(failing).rejects.toThrow('no more')
  expect(readFileSync(path, 'utf8')).toBe('old')
  expect(readdirSync(folder).filter(n => n.includes('.~'))).toEqual([])
})

test('a killed write leaves the old file; the next one sweeps what is left', async () => {
  const path = join(folder, 'killed')
  await writeFileAtomic(path, sink => sink.write(text('old')))
  const script = join(folder, 'writer.ts')
  writeFileSync(
    script,
    `import { writeFileAtomic } from ${JSON.stringify(new URL('./files.ts', import.meta.url).href)}
     await writeFileAtomic(${JSON.stringify(path)}, async sink => {
       await sink.write(new Uint8Array(1000))
       process.stdout.write('half')
       await new Promise(resolve => setTimeout(resolve, 600_000))
     })`,
  )
  const child = spawn(process.execPath, ['--conditions=@dioramic/source', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  await new Promise(resolve => child.stdout.once('data', resolve))
  child.kill('SIGKILL')
  await new Promise(resolve => child.once('exit', resolve))
  expect(readFileSync(path, 'utf8')).toBe('old')
  expect(readdirSync(folder).filter(n => n.startsWith('killed.~'))).toHaveLength(1)
  // Of another machine and of a living process: not ours to delete.
  writeFileSync(`${path}.~elsewhere-1-0`, '')
  writeFileSync(`${path}.~${hostname()}-${process.ppid}-0`, '')
  await writeFileAtomic(path, sink => sink.write(text('new')))
  expect(readFileSync(path, 'utf8')).toBe('new')
  expect(
    readdirSync(folder)
      .filter(n => n.startsWith('killed.~'))
      .sort(),
  ).toEqual(['killed.~elsewhere-1-0', `killed.~${hostname()}-${process.ppid}-0`].sort())
})

test('errors of the system are told in words', async () => {
  await expect(withFile(join(folder, 'none'), async () => 0)).rejects.toThrow(/Cannot read .*none: there is no such file or folder/)
  await expect(withFile(folder, async () => 0)).rejects.toThrow(/it is not a file/)
  await expect(writeFileAtomic(join(folder, 'none', 'x'), async () => {})).rejects.toThrow(
    /Cannot write .*: there is no such file or folder/,
  )
  mkdirSync(join(folder, 'folder'))
  await expect(writeFileAtomic(join(folder, 'folder'), async () => {})).rejects.toThrow(CheckpointError)
})

test('files beyond 4 GiB: written as a stream, read at places', async () => {
  const path = join(folder, 'large.safetensors')
  // The same 1.2 GiB four times. The file is sparse: large pieces, all zeros, are passed over instead of written.
  const large: NDArray = { dtype: 'f32', shape: [300 * 2 ** 20], data: new Float32Array(300 * 2 ** 20) }
  const items = ['a', 'b', 'c', 'd'].map(name => ({ name, array: large }))
  const tail: NDArray = { dtype: 'bool', shape: [3], data: Uint8Array.of(1, 0, 1) }
  const file = await open(path, 'w')
  let at = 0
  await writeSafetensors(
    {
      write: async bytes => {
        if (bytes.length < 2 ** 20) await file.write(bytes, 0, bytes.length, at)
        at += bytes.length
      },
    },
    [{ name: 'tail', array: tail }, ...items],
  )
  await file.close()
  expect(statSync(path).size).toBeGreaterThan(4.6 * 2 ** 30)
  await withFile(path, async source => {
    const opened = await openSafetensors(source)
    expect(opened.entries.get('tail')!.begin).toBe(4 * 4 * 300 * 2 ** 20)
    expect(await opened.array('tail')).toEqual(tail)
  })
  rmSync(path)
})
