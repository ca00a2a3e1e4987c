// The kernel's compilation, for the build and for the test that holds the committed bytes to the source.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { main } from 'assemblyscript/asc'

const root = fileURLToPath(new URL('..', import.meta.url))

const FLAGS =
  '-O3 --noAssert --enable simd --enable bulk-memory --runtime stub --use abort= --converge --importMemory --initialMemory 1 --maximumMemory 65536'

/** The kernel's bytes, from its AssemblyScript source. Its memory is imported; limits: 1 to 65536 pages. */
export async function compileKernel(): Promise<Uint8Array> {
  let bytes: Uint8Array | undefined
  const { error, stderr } = await main(['kernel/index.ts', '--outFile', 'kernel.wasm', ...FLAGS.split(' ')], {
    readFile: name => {
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
