/** A model's nodes, one after the other, as tensors of a graph. */
import { ShapeError, TensorError } from '../../error.ts'
import type { Tensor } from '../../graph/tensor.ts'
import { constant } from '../../ops/constant.ts'
import { OnnxError } from '../proto/error.ts'
import type { AttributeValue, FunctionProto, GraphProto, ModelProto, NodeProto } from '../proto/index.ts'
import { attention } from './attention.ts'
import { Call, type Import, nodeName, outputsOf } from './call.ts'
import { elementwise } from './elementwise.ts'
import { gather } from './gather.ts'
import { normalize } from './normalize.ts'
import { product } from './product.ts'
import { recurrence } from './recurrent.ts'
import { reduce } from './reduce.ts'
import { shape } from './shape.ts'
import { arrayFrom, constantOf } from './value.ts'

export const IMPORTS: Readonly<Record<string, Import>> = {
  ...elementwise,
  ...shape,
  ...gather,
  ...reduce,
  ...product,
  ...normalize,
  ...recurrence,
  Attention: attention,
}

/** ONNX's own operator set has two names. */
export const isStandard = (domain: string | undefined): boolean => domain === undefined || domain === '' || domain === 'ai.onnx'

/** Values by name; a branch sees those around it. */
type Scope = Map<string, Tensor>
type Attributes = ReadonlyMap<string, AttributeValue>

export class Evaluation {
  private readonly functions: ReadonlyMap<string, FunctionProto>
  private readonly key: Tensor | undefined

  constructor(model: ModelProto, key: Tensor | undefined) {
    this.functions = new Map((model.functions ?? []).map(f => [functionKey(f.domain, f.name, f.overload), f]))
    this.key = key
  }

  /** Runs a graph's nodes; its inputs and parameters are in the scope, which gets everything else. */
  graph(graph: GraphProto, scope: Scope, opset: number, attributes: Attributes = new Map()): Tensor[] {
    for (const t of graph.initializers ?? []) if (!scope.has(t.name)) scope.set(t.name, constant(arrayFrom(t)))
    for (const n of graph.nodes) this.node(n, scope, opset, attributes)
    return graph.outputs.map(o => scope.get(o.name) ?? missing(o.name, `output of the graph "${graph.name}"`))
  }

  private node(n: NodeProto, scope: Scope, opset: number, outer: Attributes): void {
    const inputs = n.input.map(name => (name === '' ? undefined : (scope.get(name) ?? missing(name, nodeName(n)))))
    while (inputs.length > 0 && inputs.at(-1) === undefined) inputs.pop()
    const attributes = new Map<string, AttributeValue>()
    for (const a of n.attributes ?? []) {
      const value = a.kind === 'reference' ? outer.get(a.to) : a
      if (value) attributes.set(a.name, value)
    }
    const outputs = this.call(n, inputs, attributes, scope, opset)
    for (const [i, name] of n.output.entries()) {
      if (name === '') continue
      const t = outputs[i]
      if (t) scope.set(name, t)
    }
  }

  private call(
    n: NodeProto,
    inputs: readonly (Tensor | undefined)[],
    attributes: Attributes,
    scope: Scope,
    opset: number,
  ): readonly (Tensor | undefined)[] {
    const f = this.functions.get(functionKey(n.domain, n.op, n.overload))
    if (f) return this.inline(f, inputs, attributes)
    const c = new Call(n, opset, inputs, attributes, this.key)
    if (n.op === 'If') return this.branch(c, attributes, scope)
    try {
      return outputsOf(c, IMPORTS[n.op]!)
    } catch (error) {
      if (!(error instanceof TensorError) || error instanceof OnnxError) throw error
      return c.fail(error instanceof ShapeError ? error.reason : error.message)
    }
  }

  private inline(f: FunctionProto, inputs: readonly (Tensor | undefined)[], given: Attributes): readonly (Tensor | undefined)[] {
    const scope: Scope = new Map()
    f.input.forEach((name, i) => {
      if (inputs[i]) scope.set(name, inputs[i])
    })
    const attributes = new Map<string, AttributeValue>((f.attributes ?? []).map(a => [a.name, a]))
    for (const [name, a] of given) attributes.set(name, a)
    const opset = f.opsets.find(o => isStandard(o.domain))?.version ?? 1
    for (const n of f.nodes) this.node(n, scope, opset, attributes)
    return f.output.map(name => scope.get(name))
  }

  /** Which branch is taken must be known. */
  private branch(c: Call, attributes: Attributes, scope: Scope): readonly Tensor[] {
    const condition = constantOf(c.x(0)) ?? c.fail('its condition depends on data; only branches that shapes decide can be taken')
    const body = c.attribute(condition.data[0] ? 'then_branch' : 'else_branch', 'graph') ?? c.fail('has no such branch')
    return this.graph(body, new Map(scope), c.opset, attributes)
  }
}

export const functionKey = (domain: string | undefined, name: string, overload: string | undefined): string =>
  `${isStandard(domain) ? '' : domain}::${name}::${overload ?? ''}`

function missing(name: string, by: string): never {
  throw new OnnxError(
    `"${name}", which ${by} takes, is no input, initialiser or earlier node's output: the model is damaged or not in topological order.`,
  )
}
