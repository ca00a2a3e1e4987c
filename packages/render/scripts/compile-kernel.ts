// The kernel's compilation, for the build and for the test that holds the committed bytes to the source.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { main } from 'assemblyscript/asc'

const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * The kernel's bytes, from its AssemblyScript source. Benchmarks give their own `entry` (AssemblyScript, as if it were in kernel/) and
 * `--debug` for function names in profiles.
 */
export async function compileKernel(options: { readonly entry?: string; readonly flags?: readonly string[] } = {}): Promise<Uint8Array> {
  let bytes: Uint8Array | undefined
  const flags = [
    '-O3',
    '--noAssert',
    '--enable',
    'simd',
    '--enable',
    'bulk-memory',
    '--runtime',
    'stub',
    '--use',
    'abort=',
    '--memoryBase',
    '65536',
    '--converge',
    ...(options.flags ?? []),
  ]
  const file = options.entry === undefined ? 'kernel/index.ts' : 'kernel/bench-entry.ts'
  const { error, stderr } = await main([file, '--outFile', 'kernel.wasm', ...flags], {
    readFile: name => {
      if (options.entry !== undefined && name === file) return options.entry
      try {
        return readFileSync(join(root, name), 'utf8')
      } catch {
        return null
      }
    },
    writeFile: (name, contents) => {
      if (name.endsWith('.wasm')) bytes = contents as Uint8Array
    },
    listFiles: () => [],
  })
  if (error || !bytes) throw new Error(`the kernel does not compile:\n${stderr.toString()}`)
  return bytes
}

export const kernelHash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
