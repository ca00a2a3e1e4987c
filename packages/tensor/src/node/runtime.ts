/** onnxruntime on Node. */
import { createRequire } from 'node:module'
import { setImmediate } from 'node:timers/promises'
import type { InferenceSession, Tensor } from 'onnxruntime-node'
import { TensorError } from '../error.ts'
import type { DType, Shape } from '../graph/dtype.ts'
import type { ModelProto } from '../onnx/proto/index.ts'
import type { Data, Engine, Session } from '../plan/engine.ts'
import { engineError } from '../plan/engine-error.ts'
import { executable } from '../plan/executable.ts'
import type { Runtime } from '../plan/runtime.ts'
import { Sessions } from '../plan/sessions.ts'
import { createArena } from './kernel.ts'

export interface NodeRuntimeOptions {
  /** Threads for each operator, default 1. Results are the same bytes for the same number of threads on one machine. */
  readonly threads?: number
}

/** The synchronous session inside of onnxruntime-node: its public one waits for the event loop at each run. */
interface NativeSession {
  loadModel(buffer: ArrayBufferLike, offset: number, length: number, options: InferenceSession.SessionOptions): void
  run(feeds: object, fetches: object, options: object): object
  dispose(): void
}
interface Native {
  readonly binding: { readonly InferenceSession: new () => NativeSession }
  readonly initOrt: () => void
}

let native: { readonly binding: Native['binding']; readonly Tensor: typeof Tensor } | undefined

/** Loads the native library. @throws TensorError that says what to install, or what works without it */
function load(): NonNullable<typeof native> {
  if (native) return native
  const require = createRequire(import.meta.url)
  try {
    const ort = require('onnxruntime-node') as { Tensor: typeof Tensor }
    const { binding, initOrt } = require('onnxruntime-node/dist/binding.js') as Native
    initOrt()
    native = { binding, Tensor: ort.Tensor }
    return native
  } catch (cause) {
    throw new TensorError(
      `onnxruntime-node does not load on ${process.platform}-${process.arch}: ${cause instanceof Error ? cause.message.split('\n')[0] : cause}\n` +
        'Install it with "npm install onnxruntime-node@1.30.0", or use interpreter(), which needs nothing and is slow.',
      { cause },
    )
  }
}

const TYPE = { f32: 'float32', i64: 'int64', bool: 'bool' } as const

/** Runs graphs with onnxruntime's native CPU kernels. */
export function nodeRuntime({ threads = 1 }: NodeRuntimeOptions = {}): Runtime {
  if (!(Number.isInteger(threads) && threads >= 1)) throw new TensorError(`nodeRuntime: threads is a whole number from 1, not ${threads}`)
  const sessions = new Sessions(nodeEngine(threads))
  return {
    name: `onnxruntime-node, ${threads} thread${threads === 1 ? '' : 's'}`,
    compile: (graph, options) => executable(graph, sessions, options),
  }
}

function nodeEngine(threads: number): Engine {
  const { binding, Tensor } = load()
  const options: InferenceSession.SessionOptions = {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'basic',
    logSeverityLevel: 4,
    extra: { session: { force_spinning_stop: '1' } },
  }
  return {
    name: 'onnxruntime-node',
    value: (data: Data, dtype: DType, shape: Shape) => new Tensor(TYPE[dtype], data as never, [...shape]),
    open: async (_model: ModelProto, bytes: Uint8Array): Promise<Session> => {
      const session = new binding.InferenceSession()
      try {
        session.loadModel(bytes.buffer, bytes.byteOffset, bytes.byteLength, options)
      } catch (error) {
        throw engineError(error)
      }
      return {
        run: (feeds, fetches) => {
          try {
            session.run(feeds, fetches, RUN)
          } catch (error) {
            throw engineError(error)
          }
        },
        dispose: () => session.dispose(),
      }
    },
    arena: (bytes, parallel) => createArena(bytes, parallel ? threads : 1),
    breathe: () => setImmediate(),
  }
}

const RUN = {}
