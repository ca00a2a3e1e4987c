/** Classifiers from files: ONNX models, differentiable where this library knows their operators, and checkpoints with the layer that they are of. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import {
  constant,
  f32,
  flatten,
  importOnnx,
  Key,
  type NDArray,
  type nn,
  type Runtime,
  type Shape,
  type Tensor,
  TensorError,
  type Tree,
} from '@dioramic/tensor'
import { loadOnnx, loadPart } from '@dioramic/tensor/node'
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node'
import { TheoryError } from '../theory/algebra/matrix.ts'
import { type Classifier, type Differentiable, differentiable, runnable, sizeOfShape } from '../theory/models/classifier.ts'
import { importBeside } from './modules.ts'

export interface LoadedClassifier {
  readonly model: Classifier
  /** Why it can only be run, where that is so. */
  readonly reason?: string
}

export interface LoadOptions {
  /** A module whose default export is the `nn.Layer` of a checkpoint. */
  readonly layer?: string
  /** Shape of one sample, where the model does not say. */
  readonly shape?: Shape
  /** Numbers of one sample of the data. */
  readonly numbers: number
  readonly runtime: Runtime
}

/** Loads a classifier. @throws TheoryError that says what the file lacks */
export async function loadClassifier(path: string, o: LoadOptions): Promise<LoadedClassifier> {
  if (!existsSync(path)) throw new TheoryError(`there is no file ${path}`)
  if (path.endsWith('.onnx')) return loadOnnxClassifier(path, o)
  if (path.endsWith('.safetensors')) return loadCheckpoint(path, o)
  throw new TheoryError(`${path}: models are .onnx files, or .safetensors checkpoints of a run with --layer FILE.ts`)
}

async function loadCheckpoint(path: string, o: LoadOptions): Promise<LoadedClassifier> {
  if (!o.layer)
    throw new TheoryError(
      `${path} holds parameters only; say what they are of: --layer FILE.ts, a module whose default export is the layer (nn.sequence(…))`,
    )
  const file = resolve(o.layer)
  if (!existsSync(file)) throw new TheoryError(`there is no file ${file}`)
  const module = (await importBeside(file).catch((e: Error) => {
    throw new TheoryError(e.message)
  })) as { readonly default?: unknown; readonly shape?: Shape }
  const layer = module.default as nn.Layer | undefined
  if (typeof layer?.init !== 'function' || typeof layer.apply !== 'function')
    throw new TheoryError(`${file} does not export a layer; end it with: export default nn.sequence(…)`)
  const like = layer.init(Key.fromSeed(0))
  const params = await loadPart(path, 'params', like.params)
  const state = flatten<NDArray>(like.state)
  const arrays = state.list.length > 0 ? flatten<NDArray>(await loadPart(path, 'state', like.state)).list : []
  const shape = sampleShape(o.shape ?? module.shape ?? [o.numbers], o.numbers, path)
  const graph: Differentiable = {
    params,
    apply: (p, x) => layer.apply(p, state.rebuild(arrays.map(a => constant(a))), x)[0],
  }
  return { model: await probed(graph, shape, o.runtime) }
}

function sampleShape(shape: Shape, numbers: number, what: string): Shape {
  if (sizeOfShape(shape) !== numbers)
    throw new TheoryError(
      `${what} takes samples of ${shape.join(' × ')} = ${sizeOfShape(shape)} numbers, the data have ${numbers} a sample`,
    )
  return shape
}

/** Runs a graph once to learn its number of classes. */
async function probed(graph: Differentiable, shape: Shape, runtime: Runtime): Promise<Classifier> {
  const [row] = await differentiable(graph, shape, 0, runtime, 2).logits([
    new Float64Array(sizeOfShape(shape)),
    new Float64Array(sizeOfShape(shape)),
  ])
  if (!row || row.length < 2)
    throw new TheoryError(`the model gives ${row?.length ?? 0} numbers a sample; a classifier gives one for each of its classes`)
  return differentiable(graph, shape, row.length, runtime)
}

async function loadOnnxClassifier(path: string, o: LoadOptions): Promise<LoadedClassifier> {
  const session = await InferenceSession.create(path, { logSeverityLevel: 3, intraOpNumThreads: 1 }).catch((e: Error) => {
    throw new TheoryError(`${path} is not a model that onnxruntime can run: ${e.message.split('\n')[0]}`)
  })
  if (session.inputNames.length !== 1)
    throw new TheoryError(`${path} has ${session.inputNames.length} inputs (${session.inputNames.join(', ')}); a classifier here has one`)
  const meta = session.inputMetadata[0]!
  const declared = meta.isTensor ? meta.shape : []
  if (!meta.isTensor || meta.type !== 'float32')
    throw new TheoryError(`the input "${meta.name}" of ${path} is ${meta.isTensor ? meta.type : 'no tensor'}; samples are float32 here`)
  const inner = declared.slice(1)
  const shape = sampleShape(
    o.shape ?? (inner.length > 0 && inner.every(d => typeof d === 'number' && d > 0) ? (inner as number[]) : [o.numbers]),
    o.numbers,
    path,
  )
  const output = outputOf(session, path)
  const fixed = typeof declared[0] === 'number' && declared[0] > 0 ? declared[0] : undefined
  try {
    return { model: await differentiableOnnx(path, shape, output, fixed !== undefined, o.runtime) }
  } catch (e) {
    if (!(e instanceof TensorError) && !/Onnx|Shape/.test((e as Error).name)) throw e
    return { model: await blackBox(session, shape, output, fixed ?? 64), reason: (e as Error).message.split('\n')[0]! }
  }
}

/** The first output that can be a row of numbers a sample: scikit-learn's models give a label before it. */
function outputOf(session: InferenceSession, path: string): string {
  const k = session.outputMetadata.findIndex(m => m.isTensor && m.type === 'float32' && (m.shape.length === 2 || m.shape.length === 0))
  if (k >= 0) return session.outputNames[k]!
  const given = session.outputMetadata.map(
    (m, i) => `${session.outputNames[i]} (${m.isTensor ? `${m.type}, ${m.shape.length} axes` : 'no tensor'})`,
  )
  throw new TheoryError(
    `${path} gives ${given.join(', ')}; a classifier gives float32 [samples, classes]. A model of scikit-learn is to be converted with options={'zipmap': False}`,
  )
}

/** Parameters of the same network at another time: those of a second file. @throws TheoryError where the two differ in more than their numbers */
export async function loadParameters(path: string, like: Classifier, o: LoadOptions): Promise<Tree<NDArray>> {
  const { model, reason } = await loadClassifier(path, o)
  if (!model.graph || !like.graph)
    throw new TheoryError(`${path}: the parameters of a model that can only be run are out of reach${reason ? ` (${reason})` : ''}`)
  const shapes = (tree: Tree<NDArray>) => {
    const { list, paths } = flatten<NDArray>(tree)
    return list.map((a, i) => `${paths[i]} [${a.shape}]`)
  }
  const [own, wanted] = [shapes(model.graph.params), shapes(like.graph.params)]
  const strange = own.find((s, i) => s !== wanted[i]) ?? wanted[own.length]
  if (strange !== undefined)
    throw new TheoryError(`${path} is not the same network: ${strange} is not in both; give one that differs in its training only`)
  return model.graph.params
}

/** The model with nothing in it but what one of its outputs needs. */
function upTo(proto: ReturnType<typeof loadOnnx>, output: string): ReturnType<typeof loadOnnx> {
  const { graph } = proto
  const needed = new Set([output])
  // Nodes stand in the order in which they run: from the last, those that give what is needed.
  const nodes = graph.nodes.toReversed().filter(node => {
    if (!node.output.some(name => needed.has(name))) return false
    for (const name of node.input) needed.add(name)
    return true
  })
  return { ...proto, graph: { ...graph, nodes: nodes.reverse(), outputs: graph.outputs.filter(o => o.name === output) } }
}

/** The model through the importer, as a function of any batch. @throws OnnxError, ShapeError where it cannot be */
async function differentiableOnnx(path: string, shape: Shape, output: string, fixed: boolean, runtime: Runtime): Promise<Classifier> {
  const proto = upTo(loadOnnx(path), output)
  // A model exported for a batch of one is given a free batch: where its nodes do not allow that, the trial run below says so.
  const free = fixed
    ? {
        ...proto,
        graph: {
          ...proto.graph,
          inputs: proto.graph.inputs.map(v =>
            v.type?.kind === 'tensor' && v.type.shape ? { ...v, type: { ...v.type, shape: ['batch', ...v.type.shape.slice(1)] } } : v,
          ),
        },
      }
    : proto
  const model = importOnnx(free)
  const input = model.inputs[0]!.name
  // Running statistics were measured, not learnt: they are no directions of the loss.
  const statistic = (name: string) => /running_(mean|var)|moving_(mean|variance)/.test(name)
  const measured = Object.entries(model.params).filter(([name]) => statistic(name))
  const graph: Differentiable = {
    params: Object.fromEntries(Object.entries(model.params).filter(([name]) => !statistic(name))),
    apply: (p, x) => {
      const fixed = Object.fromEntries(measured.map(([name, a]) => [name, constant(a)]))
      return model.apply({ ...(p as Record<string, Tensor>), ...fixed }, { [input]: x })[output]!
    },
  }
  return probed(graph, shape, runtime)
}

async function blackBox(session: InferenceSession, shape: Shape, output: string, batch: number): Promise<Classifier> {
  const input = session.inputNames[0]!
  const run = async (x: NDArray): Promise<NDArray> => {
    const result = (await session.run({ [input]: new OrtTensor('float32', x.data as Float32Array, [...x.shape]) }))[output]!
    if (result.type !== 'float32' || result.dims[0] !== x.shape[0])
      throw new TheoryError(
        `the output "${output}" is ${result.type}[${result.dims.join(',')}] for ${x.shape[0]} samples; a classifier gives a row of float32 for each`,
      )
    return f32(result.data as Float32Array, result.dims)
  }
  const [row] = await runnable(shape, 0, batch, run).logits([new Float64Array(sizeOfShape(shape))])
  return runnable(shape, row!.length, batch, run)
}
