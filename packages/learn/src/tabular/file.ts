/** A model as an ONNX file that takes raw columns: preprocessing, members and their average are inside. */
import { add, div, exportOnnx, mul, type NDArray, reshape, softmax, type Tensor, type Tree } from '@dioramic/tensor'
import { coded, type TableCode } from './code.ts'
import { TabularError } from './error.ts'
import type { TabularModel } from './fit.ts'

type Model = ReturnType<typeof exportOnnx>
type Node = Model['graph']['nodes'][number]

/** What the file says of itself, in its metadata under `diorama.tabular`. */
export interface TabularFile {
  readonly target: string
  /** Absent for regression. */
  readonly classes?: readonly string[]
  readonly numbers: readonly { readonly name: string; readonly gaps: boolean }[]
  readonly categories: readonly { readonly name: string; readonly values: readonly string[] }[]
}

const KEY = 'diorama.tabular'

/**
 * The file's model. Inputs are the columns by name: numbers float [batch, 1], NaN where there is a gap; categories string [batch, 1], empty where there is a gap. Outputs: `prediction` float
 * [batch], or `label` string [batch] and `probabilities` float [batch, classes] in the order of the classes.
 */
export function onnxOf({ code, target, members }: TabularModel): Model {
  const columns = code.numbers.length + code.categories.length
  const regression = target.kind === 'regression'
  const f = (all: readonly { params: Tree<Tensor>; state: Tree<Tensor> }[], x: Tensor): Tensor => {
    const rows = coded(x, code)
    const each = all.map(({ params, state }, m) => {
      const y = members[m]!.model.apply(params, state, rows)[0]
      return regression ? y : softmax(y)
    })
    const mean = div(
      each.reduce((a, b) => add(a, b)),
      each.length,
    )
    return regression ? add(mul(reshape(mean, [x.shape[0]!]), target.deviation), target.mean) : mean
  }
  const trees = members.map(m => ({ params: m.params, state: m.state })) as unknown as Tree<NDArray>
  const core = exportOnnx(f, [trees, { dtype: 'f32', shape: ['batch', columns] }], {
    inputs: ['rows'],
    outputs: [regression ? 'prediction' : 'probabilities'],
  })
  const file: TabularFile = {
    target: target.name,
    ...(target.kind === 'classes' ? { classes: target.classes } : {}),
    numbers: code.numbers.map(({ name, gaps }) => ({ name, gaps })),
    categories: code.categories.map(({ name, values }) => ({ name, values })),
  }
  return withColumns(core, code, target.kind === 'classes' ? target.classes : undefined, file)
}

/** What a file says of itself. @throws TabularError for one that `tabular fit` did not make */
export function tabularFileOf(model: Model, source: string): TabularFile {
  const text = model.metadata?.get(KEY)
  if (!text) throw new TabularError(`${source} is no model that "diorama tabular fit" made`)
  return JSON.parse(text) as TabularFile
}

/** The last part of a graph's values are outputs, and keep their names; all others get a prefix that no column has. */
function withColumns(core: Model, { numbers, categories }: TableCode, classes: readonly string[] | undefined, file: TabularFile): Model {
  const { graph } = core
  const outputs = new Set(graph.outputs.map(o => o.name))
  const taken = new Set([...numbers, ...categories].map(c => c.name))
  let prefix = 'model/'
  while ([...taken].some(name => name.startsWith(prefix))) prefix = `_${prefix}`
  const inner = (name: string) => (name === '' || outputs.has(name) ? name : `${prefix}${name}`)
  const column = (name: string, dtype: 'f32' | 'string') => ({ name, type: { kind: 'tensor' as const, dtype, shape: ['batch', 1] } })
  const encoders = categories.map(
    (c, k): Node => ({
      op: 'LabelEncoder',
      domain: 'ai.onnx.ml',
      input: [c.name],
      output: [inner(`code${k}`)],
      attributes: [
        { name: 'keys_strings', kind: 'strings', value: c.values },
        { name: 'values_floats', kind: 'floats', value: c.values.map((_, i) => i) },
        { name: 'default_float', kind: 'float', value: c.other },
      ],
    }),
  )
  const joined: Node = {
    op: 'Concat',
    input: [...numbers.map(n => n.name), ...encoders.map(e => e.output[0]!)],
    output: [inner('rows')],
    attributes: [{ name: 'axis', kind: 'int', value: 1 }],
  }
  const labels: Node[] = classes
    ? [
        {
          op: 'ArgMax',
          input: ['probabilities'],
          output: [inner('best')],
          attributes: [
            { name: 'axis', kind: 'int', value: 1 },
            { name: 'keepdims', kind: 'int', value: 0 },
          ],
        },
        {
          op: 'LabelEncoder',
          domain: 'ai.onnx.ml',
          input: [inner('best')],
          output: ['label'],
          attributes: [
            { name: 'keys_int64s', kind: 'ints', value: classes.map((_, i) => i) },
            { name: 'values_strings', kind: 'strings', value: classes },
            { name: 'default_string', kind: 'string', value: '' },
          ],
        },
      ]
    : []
  return {
    ...core,
    opsets: [...core.opsets, { domain: 'ai.onnx.ml', version: 2 }],
    metadata: new Map([[KEY, JSON.stringify(file)]]),
    graph: {
      ...graph,
      name: 'tabular',
      nodes: [...encoders, joined, ...graph.nodes.map(n => ({ ...n, input: n.input.map(inner), output: n.output.map(inner) })), ...labels],
      initializers: (graph.initializers ?? []).map(t => ({ ...t, name: inner(t.name) })),
      inputs: [...numbers.map(n => column(n.name, 'f32')), ...categories.map(c => column(c.name, 'string'))],
      outputs: [
        ...graph.outputs,
        ...(classes ? [{ name: 'label', type: { kind: 'tensor' as const, dtype: 'string' as const, shape: ['batch'] } }] : []),
      ],
    },
  }
}
