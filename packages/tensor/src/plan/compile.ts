/** A function of tensors as a function of arrays: traced and compiled once for each set of shapes. */
import { TensorError } from '../error.ts'
import type { NDArray } from '../graph/array.ts'
import type { DType, Type } from '../graph/dtype.ts'
import type { Tensor } from '../graph/tensor.ts'
import { type Traced, trace } from '../graph/trace.ts'
import { flatten, type Tree } from '../graph/tree.ts'
import type { CompileOptions, Executable, Runtime } from './runtime.ts'

export interface CompileFunctionOptions extends CompileOptions {
  /** Sets of shapes that are kept compiled, default 8; the one unused for longest goes first. */
  readonly cache?: number
  /** Told when the function is traced for a fourth set of shapes, once; by default a warning is printed. */
  readonly onRetrace?: (message: string) => void
}

/** A compiled function. */
export interface Compiled<A extends readonly unknown[], R> {
  (...args: A): Promise<R>
  /** The executable for the shapes of these arguments, compiled if it is not. */
  executable(...args: A): Promise<Executable>
  dispose(): Promise<void>
}

interface Entry {
  readonly traced: Traced
  readonly executable: Executable
}

const RETRACES = 3

/**
 * `f` on a runtime. It is traced at its first call, at the shapes of the arguments, and again for other shapes; what it does beside computing tensors (printing, drawing random
 * numbers of the host) happens only then. Arguments and result are trees.
 */
// biome-ignore lint/suspicious/noExplicitAny: f's arguments are trees of tensors that mirror the arrays' trees.
export function compile<A extends readonly Tree<NDArray>[], R extends Tree<NDArray> = any>(
  // biome-ignore lint/suspicious/noExplicitAny: see above.
  f: (...args: any[]) => Tree<Tensor>,
  runtime: Runtime,
  { cache = 8, onRetrace = m => console.warn(m), ...options }: CompileFunctionOptions = {},
): Compiled<A, R> {
  if (!(Number.isInteger(cache) && cache >= 1))
    throw new TensorError(`compile: a cache holds a whole number of shapes from 1, not ${cache}`)
  const entries = new Map<string, Promise<Entry>>()
  const seen: string[] = []
  const typeOf = (a: NDArray): Type => {
    if (a.dtype === 'f64')
      throw new TensorError('compile: graphs hold f32, i64 and bool; convert the f64 array with f32(array.data, array.shape)')
    return { dtype: a.dtype as DType, shape: [...a.shape] }
  }
  const lookUp = (args: A): Promise<Entry> => {
    const { list, paths } = flatten<NDArray>(args as unknown as Tree<NDArray>)
    const key = list.map((a, i) => `${paths[i]}:${a.dtype}[${a.shape.join(',')}]`).join(' ')
    const known = entries.get(key)
    if (known) {
      entries.delete(key)
      entries.set(key, known)
      return known
    }
    if (!seen.includes(key)) seen.push(key)
    if (seen.length === RETRACES + 1) onRetrace(retraced(f.name, seen))
    const entry = make(args)
    entries.set(key, entry)
    entry.catch(() => entries.delete(key))
    if (entries.size > cache) {
      const [oldest, old] = entries.entries().next().value!
      entries.delete(oldest)
      void old.then(e => e.executable.dispose())
    }
    return entry
  }
  const make = async (args: A): Promise<Entry> => {
    const types = flatten<NDArray>(args as unknown as Tree<NDArray>)
    const traced = trace(f, types.rebuild(types.list.map(typeOf)) as readonly Tree<Type>[])
    return { traced, executable: await runtime.compile(traced.graph, options) }
  }
  const call = async (...args: A): Promise<R> => {
    const { traced, executable } = await lookUp(args)
    return traced.rebuild(await executable.run(flatten<NDArray>(args as unknown as Tree<NDArray>).list)) as R
  }
  return Object.assign(call, {
    executable: async (...args: A) => (await lookUp(args)).executable,
    dispose: async () => {
      const all = [...entries.values()]
      entries.clear()
      await Promise.all(all.map(e => e.then(x => x.executable.dispose())))
    },
  })
}

/** Names what differs between the shapes that were seen. */
function retraced(name: string, keys: readonly string[]): string {
  const sets = keys.map(k => k.split(' '))
  const first = sets[0]!
  const differ = first.flatMap((_, i) => {
    const found = [...new Set(sets.map(s => s[i]))]
    return found.length > 1 ? [found.join(', ')] : []
  })
  return `compile: ${name || 'the function'} was traced for ${keys.length} sets of shapes, each of which is compiled anew. Pad the arguments to one shape. They differ in ${differ.slice(0, 4).join('; ') || 'their trees'}`
}
