/** ONNX models as differentiable functions. */
import type { NDArray } from '../../graph/array.ts'
import type { DType } from '../../graph/dtype.ts'
import type { Tensor } from '../../graph/tensor.ts'
import { constant } from '../../ops/constant.ts'
import { OnnxError } from '../proto/error.ts'
import type { GraphProto, ModelProto, NodeProto, OnnxDim, ValueInfoProto } from '../proto/index.ts'
import { decodeModel } from '../proto/read.ts'
import { nodeName } from './call.ts'
import { Evaluation, functionKey, IMPORTS, isStandard } from './evaluate.ts'
import { arrayFrom, dtypeFor } from './value.ts'

/** The operator sets whose operators are known: 9 is what torch 1.0 wrote, 28 the newest whose test cases were run. */
const OPSETS = { first: 9, last: 28 } as const

/** An input that the caller gives, as the model declares it. Symbolic sizes are names; unknown ones are undefined. */
export interface OnnxInput {
  readonly name: string
  readonly dtype: DType
  readonly shape: readonly OnnxDim[] | undefined
}

/** A model to run, differentiate and train. */
export interface OnnxModel {
  readonly inputs: readonly OnnxInput[]
  readonly outputs: readonly string[]
  /** Floating initialisers with at least one axis, by name: weights, and running statistics (freeze those: `optim.freeze`). Scalars are constants. */
  readonly params: Readonly<Record<string, NDArray>>
  /**
   * The model as a function of parameters and inputs, by name, to outputs by name: to be traced, by `compile`, `grad`, `trainStep`. Sizes are those of the tensors given.
   * `key` is what a dropout that the model leaves on draws from.
   * @throws OnnxError where an input is missing or does not fit, or a shape depends on data; it names the node.
   */
  apply(
    params: Readonly<Record<string, Tensor>>,
    inputs: Readonly<Record<string, Tensor>>,
    options?: { readonly key?: Tensor },
  ): Record<string, Tensor>
}

/**
 * Reads an ONNX model (its bytes, or what `loadOnnx` of tensor/node read with the data files beside it). Elements of f16, bf16 and f64 become f32, whole numbers i64.
 * @throws OnnxError for bytes that are no model, and, before anything is loaded, for operators and operator sets that are not known: which, in which node, what to do
 */
export function importOnnx(source: ModelProto | Uint8Array): OnnxModel {
  const model = source instanceof Uint8Array ? decodeModel(source) : source
  const opset = opsetOf(model)
  checkOperators(model, opset)
  const { graph } = model
  const initializers = graph.initializers ?? []
  const stored = new Set(initializers.map(t => t.name))
  const learnt = initializers.filter(t => t.dims.length > 0 && dtypeFor(t.dtype) === 'f32')
  const inputs = graph.inputs.filter(v => !stored.has(v.name)).map(inputOf)
  const params = Object.fromEntries(learnt.map(t => [t.name, arrayFrom(t)]))
  const fixed = initializers.filter(t => !(t.name in params)).map(t => [t.name, arrayFrom(t)] as const)
  return {
    inputs,
    outputs: graph.outputs.map(o => o.name),
    params,
    apply: (given, args, { key } = {}) => {
      const scope = new Map<string, Tensor>()
      for (const name of Object.keys(params)) scope.set(name, given[name] ?? fail(`the parameter "${name}" is missing: give all of params`))
      for (const [name, array] of fixed) scope.set(name, constant(array))
      checkInputs(inputs, args)
      for (const { name } of inputs) scope.set(name, args[name]!)
      const outputs = new Evaluation(model, key).graph(graph, scope, opset)
      return Object.fromEntries(graph.outputs.map((o, i) => [o.name, outputs[i]!]))
    },
  }
}

function fail(why: string): never {
  throw new OnnxError(why)
}

function opsetOf(model: ModelProto): number {
  const version = model.opsets.find(o => isStandard(o.domain))?.version
  if (version === undefined) return model.graph.nodes.length === 0 ? OPSETS.last : fail('the model names no ONNX operator set')
  if (version < OPSETS.first || version > OPSETS.last)
    fail(
      `the model is of opset ${version}; ${OPSETS.first} to ${OPSETS.last} are known. Export it again with opset_version=17, or convert it: onnx.version_converter.convert_version(model, 17)`,
    )
  return version
}

/** Every operator that is not known, with the first node of each. */
function checkOperators(model: ModelProto, opset: number): void {
  const functions = new Set((model.functions ?? []).map(f => functionKey(f.domain, f.name, f.overload)))
  const unknown = new Map<string, NodeProto>()
  const visit = (nodes: readonly NodeProto[]): void => {
    for (const n of nodes) {
      if (functions.has(functionKey(n.domain, n.op, n.overload))) continue
      if (!isStandard(n.domain) || !(Object.hasOwn(IMPORTS, n.op) || n.op === 'If')) {
        const name = isStandard(n.domain) ? n.op : `${n.domain}.${n.op}`
        if (!unknown.has(name)) unknown.set(name, n)
      }
      for (const a of n.attributes ?? []) {
        if (a.kind === 'graph') visit((a.value as GraphProto).nodes)
        else if (a.kind === 'graphs') for (const g of a.value as readonly GraphProto[]) visit(g.nodes)
      }
    }
  }
  visit(model.graph.nodes)
  for (const f of model.functions ?? []) visit(f.nodes)
  if (unknown.size === 0) return
  const list = [...unknown].map(([name, n]) => `${name} (${nodeName(n)})`).join(', ')
  fail(
    `the model has operators that are not known here (opset ${opset}): ${list}. Export it without them (PyTorch: opset_version=17, model.eval(), no custom operators), or compute that part outside of the model.`,
  )
}

function inputOf(v: ValueInfoProto): OnnxInput {
  if (v.type?.kind !== 'tensor') return fail(`the input "${v.name}" is ${v.type ? `a ${v.type.kind}` : 'of no type'}; inputs are tensors`)
  const dtype = dtypeFor(v.type.dtype) ?? fail(`the input "${v.name}" is of ${v.type.dtype}s: encode them as numbers before the model`)
  return { name: v.name, dtype, shape: v.type.shape }
}

/** Every input is there, of its type and sizes; one symbol is one size. */
function checkInputs(inputs: readonly OnnxInput[], given: Readonly<Record<string, Tensor>>): void {
  const known = inputs.map(i => i.name)
  const stranger = Object.keys(given).find(name => !known.includes(name))
  if (stranger !== undefined) fail(`the model has no input "${stranger}"; its inputs are ${known.join(', ') || 'none'}`)
  const sizes = new Map<string, number>()
  for (const { name, dtype, shape } of inputs) {
    const t = given[name] ?? fail(`the input "${name}" is missing; the model takes ${known.join(', ')}`)
    const want = `${dtype}${shape ? `[${shape.map(d => d ?? '?').join(',')}]` : ''}`
    const fits = (d: OnnxDim, i: number): boolean => {
      const n = t.shape[i]!
      if (typeof d === 'number') return d === n
      // Names like "2*batch" are expressions of an exporter: only plain names bind.
      if (d === undefined || !/^\w+$/.test(d)) return true
      if (!sizes.has(d)) sizes.set(d, n)
      return sizes.get(d) === n
    }
    if (t.dtype !== dtype || (shape && (shape.length !== t.rank || !shape.every(fits))))
      fail(`the input "${name}" is ${want}, not ${t.dtype}[${t.shape.join(',')}]${[...sizes].map(([s, n]) => `, ${s} = ${n}`).join('')}`)
  }
}
