/** The replay of a step that went wrong: which operator first made a number that is not finite, and which line of the user's code made that operator. */
import { TensorError } from '../error.ts'
import type { NDArray } from '../graph/array.ts'
import { typeName } from '../graph/dtype.ts'
import { type Node, withPlaces } from '../graph/tensor.ts'
import type { Traced } from '../graph/trace.ts'
import { interpreter } from '../plan/interpreter.ts'
import type { Runtime } from '../plan/runtime.ts'

export interface Diagnosis {
  /** Name of the operator, or of the input that was bad before anything ran. */
  readonly op: string
  readonly kind: 'NaN' | 'Infinity'
  /** `file:line:column` of the user's code; for a derivative's operator, of what is differentiated. */
  readonly place: string | undefined
  /** Indices of the loops that it is inside of. */
  readonly steps: readonly number[]
  readonly message: string
}

/** A step's loss or gradient was not finite. Parameters, optimiser and layer state are those of before the step. */
export class NonFiniteError extends TensorError {
  override readonly name = 'NonFiniteError'
  readonly diagnosis: Diagnosis
  constructor(what: string, diagnosis: Diagnosis) {
    super(`${what}. ${diagnosis.message}`)
    this.diagnosis = diagnosis
  }
}

function badKind(data: NDArray['data']): Diagnosis['kind'] | undefined {
  if (!(data instanceof Float32Array || data instanceof Float64Array)) return undefined
  let infinite = false
  for (let i = 0; i < data.length; i++) {
    const x = data[i]!
    if (Number.isNaN(x)) return 'NaN'
    if (x === Number.POSITIVE_INFINITY || x === Number.NEGATIVE_INFINITY) infinite = true
  }
  return infinite ? 'Infinity' : undefined
}

interface Found {
  readonly node: Node
  readonly steps: readonly number[]
}

/**
 * Runs a step again with every operator watched. `traceAgain` traces it (inside of which places are recorded). NaN is looked for first: an infinity may be meant, as in a mask.
 */
export async function replay(traceAgain: () => Traced, inputs: readonly NDArray[], runtime: Runtime): Promise<Diagnosis> {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 200
  let traced: Traced
  try {
    traced = withPlaces(traceAgain)
  } finally {
    Error.stackTraceLimit = limit
  }
  for (const [i, a] of inputs.entries()) {
    const kind = badKind(a.data)
    if (kind) {
      const op = traced.names[i]!
      return {
        op,
        kind,
        place: undefined,
        steps: [],
        message: `The input "${op}" holds ${kind} before anything is computed: check the data`,
      }
    }
  }
  const first: { [K in Diagnosis['kind']]?: Found } = {}
  const tap = (node: Node, outputs: readonly NDArray[], steps: readonly number[]): void => {
    if (first.NaN || node.op.name === 'constant' || node.op.name === 'input') return
    for (const out of outputs) {
      const kind = badKind(out.data)
      if (kind && !first[kind]) first[kind] = { node, steps: [...steps] }
    }
  }
  for (const on of [runtime, interpreter()]) {
    const executable = await on.compile(traced.graph, { tap })
    try {
      await executable.run(inputs)
    } finally {
      await executable.dispose()
    }
    if (first.NaN || first.Infinity) break
  }
  const kind = first.NaN ? 'NaN' : 'Infinity'
  const found = first[kind]
  if (!found)
    return {
      op: 'unknown',
      kind: 'NaN',
      place: undefined,
      steps: [],
      message:
        'When it was run again every operator was finite: the gradient overflowed only when it was summed. Clip it or lower the learning rate',
    }
  const describe = ({ node, steps }: Found): string => {
    const types = node.inputs.map(t => typeName(t.type)).join(', ')
    const loop = steps.length > 0 ? ` in step ${steps.join(', ')} of its loop` : ''
    return `${node.op.name}(${types})${loop}${node.place ? `, at ${node.place}` : ''}`
  }
  const before = kind === 'NaN' && first.Infinity ? ` Before it, ${describe(first.Infinity)} made an infinity.` : ''
  return {
    op: found.node.op.name,
    kind,
    place: found.node.place,
    steps: found.steps,
    message: `The first ${kind} is made by ${describe(found)}.${before}`,
  }
}
