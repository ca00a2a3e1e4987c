// The kernel's compilation, for the build and for the test that holds the committed bytes to the source.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { main } from 'assemblyscript/asc'

const root = fileURLToPath(new URL('..', import.meta.url))

/** What stands once in a file of the kernel, and what to put in its place. */
export interface Change {
  readonly file: string
  readonly find: string
  readonly replace: string
}

/**
 * The kernel's bytes, from its AssemblyScript source. Benchmarks give their own `entry` (AssemblyScript, as if it were in kernel/),
 * `--debug` for function names in profiles, and `changes` of the source to learn what a piece of it is worth.
 */
export async function compileKernel(
  options: { readonly entry?: string; readonly flags?: readonly string[]; readonly changes?: readonly Change[] } = {},
): Promise<Uint8Array> {
  const changed = changedSources(options.changes ?? [])
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
      const source = changed.get(name)
      if (source !== undefined) return source
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

function changedSources(changes: readonly Change[]): ReadonlyMap<string, string> {
  const sources = new Map<string, string>()
  for (const { file, find, replace } of changes) {
    const parts = (sources.get(file) ?? readFileSync(join(root, file), 'utf8')).split(find)
    if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} times what is to be replaced, not once: ${find}`)
    sources.set(file, parts.join(replace))
  }
  return sources
}

export const kernelHash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
