/** Traced functions as ONNX models. */
import { unrollScan } from '../../control/unroll.ts'
import { TensorError } from '../../error.ts'
import type { NDArray } from '../../graph/array.ts'
import type { DType, Type } from '../../graph/dtype.ts'
import { type Node, type Tensor, withPlaces } from '../../graph/tensor.ts'
import { type Traced, trace } from '../../graph/trace.ts'
import { flatten, type Tree } from '../../graph/tree.ts'
import { reachable } from '../../graph/visit.ts'
import { simplify } from '../../simplify/simplify.ts'
import { Emitter } from '../lower/emitter.ts'
import { emitPiece, IR_VERSION, OPSET } from '../lower/index.ts'
import { type ModelProto, type NodeProto, OnnxError, type TensorProto, valueInfo } from '../proto/index.ts'
import { checks, MOST_SYMBOLS, probes, type Sizes } from './size.ts'
import { STANDARD } from './standard.ts'
import { type Lowered, operatorOf, requireSameNodes, type Source, unify } from './unify.ts'

/** The type of an input of the file: a size may be a name, `{ dtype: 'f32', shape: ['batch', 3, 32, 32] }`, and is then any. */
export interface SymbolicType {
  readonly dtype: DType
  readonly shape: readonly (number | string)[]
}

export interface ExportOptions {
  /** Names of the inputs, in order. By default their places in the arguments, or `input`. */
  readonly inputs?: readonly string[]
  /** Names of the outputs, in order. By default their places in the result, or `output`. */
  readonly outputs?: readonly string[]
}

/**
 * `f` as an ONNX model in standard operators (opset 21), to be written with `saveOnnx` of tensor/node. The arguments are those of a call: where one has arrays (parameters, state) they go into the
 * file, by their place in the tree; where one has types the file has an input.
 *
 * Sizes that are names are found by tracing `f` at several sizes, small ones and the largest below 1,024 that it takes: what differs must be sizes that follow from them, which the file
 * then computes.
 * @throws OnnxError where a size is baked in otherwise, or an operator draws random numbers or runs on the host; it names operator and line
 */
export function exportOnnx(
  // biome-ignore lint/suspicious/noExplicitAny: the arguments mirror `args` as trees of tensors.
  f: (...args: any[]) => Tree<Tensor>,
  args: readonly Tree<NDArray | SymbolicType>[],
  options: ExportOptions = {},
): ModelProto {
  const { list, paths, rebuild } = flatten<NDArray | SymbolicType>(args)
  const given = list.flatMap((leaf, i) => ('data' in leaf ? [] : [i]))
  const symbols = [...new Set(given.flatMap(i => namesIn(list[i]!.shape)))]
  checkArguments(list, paths, symbols)
  const names = namesOf(paths, given, options.inputs)
  const sources = new Map(symbols.map(s => [s, sourceOf(s, given, list, names)]))
  const own = new Set(list.flatMap(leaf => leaf.shape as readonly (number | string)[]).filter(n => typeof n === 'number'))
  const first = { traced: undefined as Traced | undefined, outputs: [] as string[] }
  const at = (sizes: Sizes): Lowered => {
    const traced = withPlaces(() => trace(f, rebuild(list.map(leaf => typeAt(leaf, sizes))) as readonly Tree<Type>[]))
    if (!first.traced) Object.assign(first, { traced, outputs: outputsOf(traced, options.outputs, names) })
    return lowerAt(traced, names, first.outputs, sizes)
  }
  const lowered = probes(symbols, own).map(sizes => {
    try {
      return at(sizes)
    } catch (error) {
      if (symbols.length === 0 || !(error instanceof TensorError) || error instanceof OnnxError) throw error
      const where = symbols.map(s => `${s} = ${sizes[s]}`).join(', ')
      throw new OnnxError(`exportOnnx: cannot be traced at ${where}: ${error.message}. Give that size as a number.`)
    }
  })
  requireSameNodes(lowered)
  if (symbols.length > 0) lowered.push(...largest(checks(symbols, own), at))
  const { nodes, constants, outputs } = unify(lowered, sources, first.outputs)
  const used = new Set(nodes.flatMap(n => n.input))
  const weights = list.flatMap((leaf, i): TensorProto[] =>
    'data' in leaf && used.has(names[i]!) ? [{ name: names[i]!, dtype: leaf.dtype, dims: leaf.shape, data: leaf.data }] : [],
  )
  return {
    irVersion: IR_VERSION,
    opsets: [{ domain: '', version: OPSET }],
    producer: '@dioramic/tensor',
    graph: {
      name: f.name || 'model',
      nodes,
      initializers: [...weights, ...constants],
      inputs: given.map(i => valueInfo(names[i]!, list[i]!.dtype as DType, list[i]!.shape)),
      outputs: first.traced!.graph.outputs.map((t, i) => valueInfo(first.outputs[i]!, t.dtype, outputs[i]!)),
    },
  }
}

/** The first of the sizes that the function takes (a table of positions is only so long), if there is one. */
function largest(sizes: readonly Sizes[], at: (sizes: Sizes) => Lowered): Lowered[] {
  for (const s of sizes) {
    try {
      return [at(s)]
    } catch (error) {
      if (error instanceof OnnxError) throw error
    }
  }
  return []
}

const namesIn = (shape: readonly (number | string)[]): string[] => shape.filter(n => typeof n === 'string')

const typeAt = (leaf: NDArray | SymbolicType, sizes: Sizes): Type => ({
  dtype: leaf.dtype as DType,
  shape: leaf.shape.map(n => (typeof n === 'string' ? sizes[n]! : n)),
})

function checkArguments(list: readonly (NDArray | SymbolicType)[], paths: readonly string[], symbols: readonly string[]): void {
  const double = list.findIndex(leaf => leaf.dtype === 'f64')
  if (double >= 0) throw new OnnxError(`exportOnnx: "${paths[double]}" is of f64; convert it with f32(array.data, array.shape)`)
  const bad = symbols.find(s => !/^[A-Za-z_]\w*$/.test(s))
  if (bad !== undefined) throw new OnnxError(`exportOnnx: a size is called "${bad}"; its name is letters, digits and _`)
  if (symbols.length > MOST_SYMBOLS)
    throw new OnnxError(`exportOnnx: ${symbols.length} sizes are names (${symbols.join(', ')}), at most ${MOST_SYMBOLS} can be`)
}

/** Names of all leaves: inputs as the caller says, else the place in the argument; with the argument's number where two have one place. */
function namesOf(paths: readonly string[], given: readonly number[], chosen: readonly string[] | undefined): string[] {
  if (chosen && chosen.length !== given.length) throw new OnnxError(`exportOnnx: ${chosen.length} names for ${given.length} inputs`)
  const inside = paths.map((p, i) => p.replace(/^\d+\/?/, '') || (given.includes(i) ? 'input' : 'weight'))
  const names = inside.map((p, i) => (inside.indexOf(p) === inside.lastIndexOf(p) ? p : `${paths[i]!.split('/')[0]}/${p}`))
  chosen?.forEach((name, k) => {
    names[given[k]!] = name
  })
  unique(names, 'inputs and weights')
  return names
}

function outputsOf({ outputNames }: Traced, chosen: readonly string[] | undefined, others: readonly string[]): string[] {
  if (chosen && chosen.length !== outputNames.length)
    throw new OnnxError(`exportOnnx: ${chosen.length} names for ${outputNames.length} outputs`)
  const names = [...(chosen ?? outputNames.map(p => p || 'output'))].map(n => (!chosen && others.includes(n) ? `output/${n}` : n))
  unique([...names, ...others], 'outputs, inputs and weights')
  return names
}

function unique(names: readonly string[], what: string): void {
  const twice = names.find((n, i) => names.indexOf(n) !== i)
  if (twice !== undefined)
    throw new OnnxError(`exportOnnx: two of the ${what} are called "${twice}"; name them with the options inputs and outputs`)
  if (names.includes('')) throw new OnnxError(`exportOnnx: one of the ${what} has an empty name`)
}

function sourceOf(symbol: string, given: readonly number[], list: readonly (NDArray | SymbolicType)[], names: readonly string[]): Source {
  const i = given.find(k => (list[k]!.shape as readonly unknown[]).includes(symbol))!
  return { input: names[i]!, axis: (list[i]!.shape as readonly unknown[]).indexOf(symbol) }
}

/** Nodes with their origins; every constant its own, so that equal structures have equal names. */
class Recorder extends Emitter {
  readonly origins: Node[] = []
  private readonly taken: ReadonlySet<string>
  private current: Node | undefined
  private number = 0

  constructor(taken: ReadonlySet<string>) {
    super()
    this.taken = taken
  }

  begin(node: Node): void {
    this.current = node
  }

  override fresh(): string {
    let name = super.fresh()
    while (this.taken.has(name)) name = super.fresh()
    return name
  }

  override constant(dtype: DType, dims: readonly number[], data: Float32Array | BigInt64Array | Uint8Array): string {
    const name = this.fresh()
    this.initializers.push({ name, dtype, dims, data })
    return name
  }

  /** The nodes, named by our operators. */
  finished(): NodeProto[] {
    return this.nodes.map((n, i) => ({ ...n, name: `${this.origins[i]!.op.name}_${this.number++}` }))
  }

  override emitAll(...given: Parameters<Emitter['emitAll']>): void {
    super.emitAll(...given)
    this.origins.push(this.current!)
  }
}

function lowerAt({ graph }: Traced, inputs: readonly string[], outputs: readonly string[], sizes: Sizes): Lowered {
  const loops: number[] = []
  const simple = simplify(graph, scan => {
    loops.push((scan.attrs as { length: number }).length)
    return unrollScan(scan, scan.inputs)
  })
  const nodes = reachable(simple.outputs).filter(n => n.op.name !== 'input')
  nodes.forEach(checkForm)
  const emitter = new Recorder(new Set([...inputs, ...outputs]))
  emitPiece(
    { inputs: simple.inputs, nodes, outputs: simple.outputs },
    {
      emitter,
      lowerings: STANDARD,
      inputs,
      outputs,
      onNode: node => emitter.begin(node),
    },
  )
  return {
    sizes,
    nodes: emitter.finished(),
    origins: emitter.origins,
    constants: emitter.initializers,
    loops,
    outputs: simple.outputs.map(t => t.shape),
  }
}

/** Nodes that only rename have no form and need none. */
const RENAMES = ['constant', 'alias', 'stopGradient', 'customGradient']

function checkForm(node: Node): void {
  const { name } = node.op
  if (name in STANDARD || RENAMES.includes(name)) return
  if (name === 'hostCall') throw new OnnxError(`exportOnnx: ${operatorOf(node)} runs on the host, which a file cannot`)
  const drawn = /random|bernoulli|permutation|fork/.test(name)
  throw new OnnxError(
    `exportOnnx: ${operatorOf(node)} has no form in ONNX${drawn ? ': random numbers would not be the same ones. Export what evaluation computes (train: false)' : ''}`,
  )
}
