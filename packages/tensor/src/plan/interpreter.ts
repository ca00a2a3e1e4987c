/** The interpreter as a runtime: works everywhere, and is slow. */
import type { NDArray } from '../graph/array.ts'
import { interpret } from '../interpret/interpret.ts'
import { arrayOf, type Precision } from '../interpret/values.ts'
import { checkedInputs, into } from './arrays.ts'
import type { Runtime } from './runtime.ts'

/** Evaluates graphs in plain TypeScript, in single precision unless `precision` is `f64` (then f32 results come as f64 arrays). */
export function interpreter({ precision = 'f32' }: { readonly precision?: Precision } = {}): Runtime {
  return {
    name: `interpreter (${precision})`,
    compile: async (graph, { tap } = {}) => {
      const start = performance.now()
      return {
        run: async (inputs, outputs) => {
          checkedInputs(graph, inputs)
          const results = interpret(graph, inputs, {
            precision,
            ...(tap && { onNode: (node, values) => tap(node, values.map(arrayOf), []) }),
          })
          return results.map((r, i): NDArray => into(r, outputs?.[i], i))
        },
        dispose: async () => {},
        report: { sessions: 0, nodes: 0, steps: ['interpreter'], workspace: 0, buildMs: performance.now() - start },
      }
    },
  }
}
