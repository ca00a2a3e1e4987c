/** What runs graphs: onnxruntime on Node or in the browser, or the interpreter. */
import type { NDArray } from '../graph/array.ts'
import type { Node } from '../graph/tensor.ts'
import type { Graph } from '../graph/trace.ts'

/** Called with each operator's results as they are computed; `steps` are the indices of the loops that it is inside of, outermost first. */
export type Tap = (node: Node, outputs: readonly NDArray[], steps: readonly number[]) => void

export interface CompileOptions {
  /** Loops: `unroll` writes their steps out, `loop` runs one session many times, `auto` (default) unrolls what is small. */
  readonly scan?: 'auto' | 'loop' | 'unroll'
  /** Shows every intermediate result (slow: for a replay that looks for the operator that went wrong). */
  readonly tap?: Tap
}

export interface Report {
  /** Sessions opened for this executable; a session that an earlier one had is not counted. */
  readonly sessions: number
  /** Nodes of all its models. */
  readonly nodes: number
  /** Steps of the plan: sessions, host steps, loops (each one step). */
  readonly steps: readonly string[]
  /** Memory for values between the steps, in bytes. */
  readonly workspace: number
  readonly buildMs: number
}

export interface Executable {
  /**
   * Runs the graph. Where `outputs[i]` is given, output i is written there and that array is returned; elsewhere a new array is. An output array must not overlap an input
   * or another output. Arrays that are the same ones in every run are used in place; for others a copy is made.
   */
  run(inputs: readonly NDArray[], outputs?: readonly (NDArray | undefined)[]): Promise<NDArray[]>
  dispose(): Promise<void>
  readonly report: Report
}

export interface Runtime {
  readonly name: string
  compile(graph: Graph, options?: CompileOptions): Promise<Executable>
}
