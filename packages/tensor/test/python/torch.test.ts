// Files of the installed torch. Skipped, with the reason, where it is not installed; files of two versions of it are among the fixtures.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTorch } from '../../src/checkpoint/torch.ts'
import { withFile } from '../../src/node/files.ts'
import { loadTorchFile } from '../../src/node/files-checkpoint.ts'
import { python } from './python.ts'

const here = dirname(fileURLToPath(import.meta.url))
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dioramic-torch-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A number as Python writes it. */
const number = (s: string): number | bigint =>
  s === 'inf'
    ? Number.POSITIVE_INFINITY
    : s === '-inf'
      ? Number.NEGATIVE_INFINITY
      : s === 'True'
        ? 1
        : s === 'False'
          ? 0
          : /^-?\d+$/.test(s)
            ? BigInt(s)
            : Number(s)

test('state dicts, checkpoints, every type and view, and what is refused', async context => {
  python(context, 'torch')(join(here, 'torch_write.py'), folder)
  for (const name of ['state', 'nested', 'many', 'linear', 'zip64']) {
    const path = join(folder, `${name}.pt`)
    const expected = JSON.parse(readFileSync(join(folder, `${name === 'zip64' ? 'linear' : name}.json`), 'utf8')) as Record<
      string,
      { shape: number[]; values: string[] }
    >
    const arrays = await loadTorchFile(path)
    expect([...arrays.keys()].sort(), name).toEqual(Object.keys(expected).sort())
    for (const [key, { shape, values }] of Object.entries(expected)) {
      const a = arrays.get(key)!
      expect(a.shape, `${name} ${key}`).toEqual(shape)
      const numbers = values.map(number)
      expect([...a.data], `${name} ${key}`).toEqual(a.dtype === 'i64' ? numbers : numbers.map(Number))
    }
  }
  await withFile(join(folder, 'nested.pt'), async source => {
    const file = await openTorch(source)
    expect(file.values.get('epoch')).toBe(3)
    expect(file.values.get('best')).toBe(Number.POSITIVE_INFINITY)
    expect(file.values.get('name')).toBe('grün')
    expect(file.values.get('size')).toEqual([2, 3])
    expect(file.values.get('none')).toBe(null)
    expect(file.values.get('big')).toBe(2n ** 70n)
    expect(file.ties).toEqual([['model.embed.weight', 'model.head.weight']])
  })
  for (const [name, message] of [
    ['model', /it names __main__\.Net, which is not among the classes of state dicts and is never run/],
    ['complex', /it names torch\.ComplexFloatStorage/],
    ['sparse', /it names torch\._utils\._rebuild_sparse_tensor/],
    ['legacy', /of torch before 1\.6/],
    ['script', /is a TorchScript program/],
    ['deflated', /is compressed \(method 8\)/],
  ] as const)
    await expect(loadTorchFile(join(folder, `refused-${name}.pt`)), name).rejects.toThrow(message)
})
