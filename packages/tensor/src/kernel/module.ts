/** The kernel's bytes as a module whose imported memory is shared or not. */

/**
 * Compiles kernel.wasm. The file declares an unshared memory; for a shared one the flag in its import section is set, the only difference
 * there is between the two (the kernel uses no atomic instruction).
 */
export async function compileModule(bytes: Uint8Array, shared: boolean): Promise<WebAssembly.Module> {
  const own = new Uint8Array(bytes)
  if (shared) own[memoryFlags(own)]! |= 2
  return WebAssembly.compile(own)
}

/** Where the flags of the one imported memory lie: import "env" "memory" (memory …). */
function memoryFlags(bytes: Uint8Array): number {
  let at = 8
  const size = () => {
    let n = 0
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++]
      if (byte === undefined) throw new TypeError('kernel.wasm is cut short')
      n |= (byte & 127) << shift
      if (byte < 128) return n
    }
  }
  const skip = () => {
    const n = size()
    at += n
  }
  while (at < bytes.length) {
    const id = bytes[at++]
    if (id !== 2) {
      skip()
      continue
    }
    size()
    if (size() !== 1) break
    skip()
    skip()
    if (bytes[at] === 2 && bytes[at + 1] === 1) return at + 1
    break
  }
  throw new TypeError('kernel.wasm does not import one bounded memory: it is not the kernel of this package')
}

export function instantiate<T>(module: WebAssembly.Module, memory: WebAssembly.Memory): T {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as T
}
