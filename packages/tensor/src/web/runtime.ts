/** onnxruntime in a page or a web worker: its WebAssembly build. */
import type * as Ort from 'onnxruntime-web/wasm'
import { TensorError } from '../error.ts'
import type { DType, Shape } from '../graph/dtype.ts'
import type { ModelProto } from '../onnx/proto/index.ts'
import type { Data, Engine, Session } from '../plan/engine.ts'
import { engineError } from '../plan/engine-error.ts'
import { executable } from '../plan/executable.ts'
import type { Runtime } from '../plan/runtime.ts'
import { Sessions } from '../plan/sessions.ts'
import { createArena } from './kernel.ts'

export interface WebRuntimeOptions {
  /**
   * Threads for each operator, default 1. More need a page that is cross-origin isolated (COOP and COEP headers); elsewhere it is one.
   * onnxruntime starts them once: all runtimes of a page or worker have the same number.
   */
  readonly threads?: number
  /**
   * Where onnxruntime's files are: the URL of a folder that ends in "/" (ort-wasm-simd-threaded.mjs and .wasm are taken from it), or the
   * URL of each. By default bundlers find the .wasm file beside the code.
   */
  readonly wasmPaths?: string | { readonly mjs?: string | URL; readonly wasm?: string | URL }
}

interface Loaded {
  readonly ort: typeof Ort
  readonly threads: number
}

let loading: Promise<Loaded> | undefined
let asked: string | undefined

/**
 * Runs graphs with onnxruntime's WebAssembly kernels. It keeps the thread that it runs on busy: train in a worker to keep a page alive.
 * @throws TensorError where onnxruntime does not load, or was loaded before with other options
 */
export async function webRuntime({ threads = 1, wasmPaths }: WebRuntimeOptions = {}): Promise<Runtime> {
  if (!(Number.isInteger(threads) && threads >= 1)) throw new TensorError(`webRuntime: threads is a whole number from 1, not ${threads}`)
  const possible = globalThis.crossOriginIsolated ? threads : 1
  const wish = JSON.stringify([possible, wasmPaths])
  if (loading && asked !== wish)
    throw new TensorError(`webRuntime: onnxruntime runs here with other options already (${asked}, not ${wish}); it is started once`)
  asked = wish
  loading ??= load(possible, wasmPaths)
  const loaded = await loading
  const sessions = new Sessions(webEngine(loaded))
  return {
    name: `onnxruntime-web, ${possible} thread${possible === 1 ? '' : 's'}`,
    compile: (graph, options) => executable(graph, sessions, options),
  }
}

async function load(threads: number, wasmPaths: WebRuntimeOptions['wasmPaths']): Promise<Loaded> {
  try {
    // A module of its own: onnxruntime's threads load the file that it lies in, which must not be that of the page.
    const ort = await import('onnxruntime-web/wasm')
    ort.env.wasm.numThreads = threads
    if (wasmPaths !== undefined) ort.env.wasm.wasmPaths = wasmPaths as Ort.Env.WasmPrefixOrFilePaths
    ort.env.logLevel = 'error'
    // The WebAssembly is fetched with the first session, whose model is invalid on purpose: only its own error means that all is there.
    await ort.InferenceSession.create(new Uint8Array(1)).catch(error => {
      if (!String(error).includes('protobuf')) throw error
    })
    return { ort, threads }
  } catch (cause) {
    throw new TensorError(
      `onnxruntime-web does not load: ${cause instanceof Error ? cause.message : cause}\n` +
        'Its ort-wasm-simd-threaded.wasm must be served beside the code, or give its place as wasmPaths; then reload the page',
      { cause },
    )
  }
}

/** Its memory has at most 4 GiB. */
const failed = (error: unknown): never => {
  throw engineError(error)
}

const TYPE = { f32: 'float32', i64: 'int64', bool: 'bool' } as const

function webEngine({ ort, threads }: Loaded): Engine {
  const options: Ort.InferenceSession.SessionOptions = {
    executionProviders: ['wasm'],
    executionMode: 'sequential',
    graphOptimizationLevel: 'basic',
    logSeverityLevel: 4,
  }
  // The WebAssembly has one stack, on which a run lays its arguments before it awaits: two at once would overwrite each other.
  let last: Promise<unknown> = Promise.resolve()
  const alone = <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(work)
    last = result.catch(() => {})
    return result
  }
  return {
    name: 'onnxruntime-web',
    value: (data: Data, dtype: DType, shape: Shape) => new ort.Tensor(TYPE[dtype], data as never, [...shape]),
    open: async (_model: ModelProto, bytes: Uint8Array): Promise<Session> => {
      const session = await alone(() => ort.InferenceSession.create(bytes, options).catch(failed))
      const names = [...session.outputNames]
      return {
        run: (feeds, fetches) =>
          alone(async () => {
            const results = await session.run(feeds as Ort.InferenceSession.FeedsType, names).catch(failed)
            for (const name of names) {
              const to = (fetches[name] as Ort.Tensor).data as Float32Array
              to.set(results[name]!.data as Float32Array)
            }
          }),
        dispose: () => alone(() => session.release()),
      }
    },
    arena: (bytes, parallel) => createArena(bytes, parallel ? threads : 1),
    breathe,
  }
}

/** Lets the page's other work go on; unlike setTimeout, without four milliseconds' wait. */
function breathe(): Promise<void> {
  return new Promise(resolve => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(0)
  })
}
