import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { compileKernel, kernelHash } from '../scripts/compile-kernel.ts'
import { RenderError } from './errors.ts'
import { KERNEL_SHA256 } from './generated/kernel-hash.ts'
import { Kernel } from './kernel.ts'
import { loadKernel } from './node/index.ts'

describe('the committed kernel', () => {
  const committed = readFileSync(new URL('kernel.wasm', import.meta.url))

  test('has the hash that data sets record', () => {
    expect(kernelHash(committed)).toBe(KERNEL_SHA256)
  })

  test('is what its source compiles to, byte for byte', async () => {
    const built = await compileKernel()
    expect(kernelHash(built), 'run node packages/render/scripts/build-kernel.ts and commit kernel.wasm with its hash').toBe(KERNEL_SHA256)
  }, 240_000)

  test('imports nothing: no clock, no chance, no host mathematics', async () => {
    expect(WebAssembly.Module.imports(await loadKernel())).toEqual([])
  })
})

describe('the arena', () => {
  test('addresses are aligned and freed by mark', async () => {
    const kernel = await Kernel.instantiate(await loadKernel())
    const mark = kernel.mark()
    const a = kernel.alloc(1, 'a')
    const b = kernel.alloc(100, 'b')
    expect([a % 64, b % 64, b - a]).toEqual([0, 0, 64])
    kernel.release(mark)
    expect(kernel.alloc(7, 'c')).toBe(a)
  })

  test('what does not fit in 4 GiB is refused by name and size, and nothing is lost', async () => {
    const kernel = await Kernel.instantiate(await loadKernel())
    const at = kernel.put(Uint8Array.of(1, 2, 3), 'bytes')
    expect(() => kernel.alloc(4.3e9, 'the texture "wood"')).toThrow(RenderError)
    expect(() => kernel.alloc(4.3e9, 'the texture "wood"')).toThrow(/the texture "wood" needs 4100\.8 MiB/)
    expect([...kernel.u8.slice(at, at + 3)]).toEqual([1, 2, 3])
    expect(kernel.call.memory.buffer.byteLength).toBeLessThan(64 * 1048576)
  })
})
