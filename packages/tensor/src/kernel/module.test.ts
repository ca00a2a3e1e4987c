import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { compileKernel, kernelHash } from '../../scripts/compile-kernel.ts'
import { KERNEL_SHA256 } from '../generated/kernel-hash.ts'
import { loadKernel } from '../node/kernel.ts'
import { compileModule } from './module.ts'

describe('the committed kernel', () => {
  test('has the hash that is recorded', () => {
    expect(kernelHash(readFileSync(new URL('../kernel.wasm', import.meta.url)))).toBe(KERNEL_SHA256)
  })

  test('is what its source compiles to, byte for byte', async () => {
    const hint = 'run node packages/tensor/scripts/build-kernel.ts and commit kernel.wasm with its hash'
    expect(kernelHash(await compileKernel()), hint).toBe(KERNEL_SHA256)
  })

  test('imports its memory and nothing else: no clock, no chance, no host mathematics', async () => {
    const module = await compileModule(await loadKernel(), false)
    expect(WebAssembly.Module.imports(module)).toEqual([{ kind: 'memory', module: 'env', name: 'memory' }])
  })

  test('takes a shared memory when compiled for one, and only then', async () => {
    const memory = (shared: boolean) => new WebAssembly.Memory({ initial: 1, maximum: 1, shared })
    const bytes = await loadKernel()
    const before = kernelHash(bytes)
    for (const shared of [false, true]) {
      const module = await compileModule(bytes, shared)
      expect(() => new WebAssembly.Instance(module, { env: { memory: memory(shared) } })).not.toThrow()
      expect(() => new WebAssembly.Instance(module, { env: { memory: memory(!shared) } })).toThrow(WebAssembly.LinkError)
    }
    expect(kernelHash(bytes)).toBe(before)
  })

  test('another module is refused as such', async () => {
    const empty = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)
    await expect(compileModule(empty, true)).rejects.toThrow('it is not the kernel of this package')
    await expect(compileModule((await loadKernel()).slice(0, 9), true)).rejects.toThrow('kernel.wasm is cut short')
  })
})
