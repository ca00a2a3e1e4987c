/** AdamW as a graph on onnxruntime: what the kernel's pass is measured against. States are double-buffered, outputs preallocated. */
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { encodeModel, node, valueInfo } from '../../../packages/tensor/src/onnx/proto/index.ts'

const NODES = [
  node('Mul', ['g', 'k'], ['gradient']),
  node('Sub', ['gradient', 'm'], ['step1']),
  node('Mul', ['step1', 'c1'], ['step2']),
  node('Add', ['m', 'step2'], ['m2']),
  node('Mul', ['gradient', 'gradient'], ['square']),
  node('Mul', ['square', 'c2'], ['fresh']),
  node('Mul', ['v', 'b2'], ['kept']),
  node('Add', ['kept', 'fresh'], ['v2']),
  node('Sqrt', ['v2'], ['deviation']),
  node('Mul', ['deviation', 'root'], ['corrected']),
  node('Add', ['corrected', 'epsilon'], ['denominator']),
  node('Div', ['m2', 'denominator'], ['direction']),
  node('Mul', ['direction', 'step'], ['move']),
  node('Mul', ['p', 'shrink'], ['decay']),
  node('Add', ['decay', 'move'], ['change']),
  node('Sub', ['p', 'change'], ['p2']),
]
const SCALARS = ['k', 'c1', 'c2', 'b2', 'root', 'epsilon', 'step', 'shrink'] as const
export type Scalars = Readonly<Record<(typeof SCALARS)[number], number>>
export interface State {
  readonly p: Float32Array
  readonly m: Float32Array
  readonly v: Float32Array
}

/** Runs one step from `from` to `to`. */
export type Step = (from: State, to: State, g: Float32Array, scalars: Scalars) => Promise<void>

export async function adamGraph(n: number, threads: number): Promise<Step> {
  const model = encodeModel({
    irVersion: 10,
    opsets: [{ domain: '', version: 21 }],
    graph: {
      name: 'adamw',
      nodes: NODES,
      inputs: [...['p', 'g', 'm', 'v'].map(name => valueInfo(name, 'f32', [n])), ...SCALARS.map(name => valueInfo(name, 'f32', []))],
      outputs: ['p2', 'm2', 'v2'].map(name => valueInfo(name, 'f32', [n])),
    },
  })
  const session = await InferenceSession.create(model, {
    intraOpNumThreads: threads,
    logSeverityLevel: 3,
    extra: { session: { force_spinning_stop: '1' } },
  })
  const made = new Map<Float32Array, Tensor>()
  const tensor = (view: Float32Array) => {
    if (!made.has(view)) made.set(view, new Tensor('float32', view, [n]))
    return made.get(view)!
  }
  return async (from, to, g, scalars) => {
    const feeds: Record<string, Tensor> = { p: tensor(from.p), m: tensor(from.m), v: tensor(from.v), g: tensor(g) }
    for (const name of SCALARS) feeds[name] = new Tensor('float32', Float32Array.of(scalars[name]), [])
    await session.run(feeds, { p2: tensor(to.p), m2: tensor(to.m), v2: tensor(to.v) })
  }
}
