/** What a plan runs on. Node and the browser each bring an engine; the rest of plan/ does not know which it is. */
import type { DType, Shape } from '../graph/dtype.ts'
import type { Arena } from '../kernel/index.ts'
import type { ModelProto } from '../onnx/proto/index.ts'

/** Elements of a tensor, by type: f32, i64 and bool (one byte each). */
export type Data = Float32Array | BigInt64Array | Uint8Array

/** A tensor as the engine takes it; made once for an array and used for many runs. */
export type Value = unknown

/** A model that is ready to run. */
export interface Session {
  /** Reads `feeds`, fills the arrays behind `fetches`. Returns a promise only where the engine cannot run at once. */
  run(feeds: Readonly<Record<string, Value>>, fetches: Readonly<Record<string, Value>>): void | Promise<void>
  dispose(): void | Promise<void>
}

export interface Engine {
  readonly name: string
  /** The engine's handle of an array. */
  value(data: Data, dtype: DType, shape: Shape): Value
  open(model: ModelProto, bytes: Uint8Array): Promise<Session>
  /** Memory with the kernel over it, for plans that draw random numbers; `parallel` if the draws are large. */
  arena(bytes: number, parallel: boolean): Promise<Arena>
  /** Lets other work of the process go on; called now and then during a long run. */
  breathe(): Promise<void>
}
