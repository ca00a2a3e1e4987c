/** What a parameter is before it has values: its axes, where its values are drawn from, and how fast it learns. */
import { TensorError } from '../error.ts'
import type { Shape } from '../graph/dtype.ts'
import { type Size, sizeOf } from './dim.ts'

/**
 * Where values are drawn from. Their standard deviation (for `constant` the value, for `orthogonal` the factor) is `scale / √fan`, fan being 1, the parameter's
 * fan-in, its fan-out or their mean.
 */
export interface Init {
  readonly distribution: 'normal' | 'truncatedNormal' | 'uniform' | 'orthogonal' | 'constant'
  readonly scale: number
  readonly fan: 'one' | 'in' | 'out' | 'mean'
}

const init = (distribution: Init['distribution'], scale: number, fan: Init['fan'] = 'one'): Init => ({ distribution, scale, fan })

/** Normal of a given deviation. */
export const normal = (deviation: number): Init => init('normal', deviation)
/** Normal cut at two deviations; `deviation` is that of what comes out. */
export const truncatedNormal = (deviation: number): Init => init('truncatedNormal', deviation)
/** Uniform in ±bound. */
export const uniform = (bound: number): Init => init('uniform', bound / Math.sqrt(3))
/** The same value everywhere. */
export const constant = (value: number): Init => init('constant', value)
/** 0 everywhere: what biases and the last layer of a residual branch often begin with. */
export const zeros: Init = constant(0)
/** 1 everywhere: what gains begin with. */
export const ones: Init = constant(1)
/** Orthonormal columns, or rows where there are fewer, times `gain` (Saxe et al. 2014). */
export const orthogonal = (gain = 1): Init => init('orthogonal', gain)
/** Normal of variance gain² / fan-in (LeCun et al. 1998). */
export const fanIn = (gain = 1): Init => init('normal', gain, 'in')
/** Normal of variance 2·gain² / (fan-in + fan-out) (Glorot & Bengio 2010). */
export const xavier = (gain = 1): Init => init('normal', gain, 'mean')
/** Normal of variance 2·gain² / fan-in, for ReLU (He et al. 2015). */
export const kaiming = (gain = 1): Init => init('normal', Math.sqrt(2) * gain, 'in')
/** Uniform in ±1/√fan-in: how PyTorch starts its linear and convolution layers. */
export const torchDefault: Init = init('uniform', 1 / Math.sqrt(3), 'in')
/** The same distribution, `factor` times as wide. */
export const scaled = (of: Init, factor: number): Init => ({ ...of, scale: of.scale * factor })

/** What a parameter does: a weight multiplies activations, a bias is added, a gain multiplies channels, an embedding is a table of rows, a statistic is no parameter but state. */
export type Role = 'weight' | 'bias' | 'gain' | 'embedding' | 'statistic'

interface Fields {
  readonly dims: readonly Size[]
  readonly role: Role
  readonly fanIn: readonly Size[]
  readonly fanOut: readonly Size[]
  readonly parts: readonly Part[]
  readonly lr: number
  readonly decay: number
  readonly stack: Shape
}

/** Equal parts along the last axis that are drawn apart: queries, keys and values of one matrix. `fanOut` of the parameter is that of one part. */
export interface Part {
  readonly name: string
  readonly init: Init
}

/** A parameter (or a piece of state), declared. Parametrisations return changed copies (`with`); a class, so that a tree takes it for a leaf. */
export class Parameter implements Fields {
  /** Sizes of the axes, without `stack`. */
  readonly dims: readonly Size[]
  readonly role: Role
  /** Sizes whose product is the number of inputs that one output sums. */
  readonly fanIn: readonly Size[]
  /** Sizes whose product is the number of outputs that one input reaches. */
  readonly fanOut: readonly Size[]
  readonly parts: readonly Part[]
  /** Factor on the learning rate. */
  readonly lr: number
  /** Factor on the weight decay. */
  readonly decay: number
  /** Leading axes of copies that are drawn apart: the layers of `repeat`. */
  readonly stack: Shape

  constructor(fields: Fields) {
    const { dims, parts } = fields
    this.dims = dims
    this.role = fields.role
    this.fanIn = fields.fanIn
    this.fanOut = fields.fanOut
    this.parts = parts
    this.lr = fields.lr
    this.decay = fields.decay
    this.stack = fields.stack
    if (parts.length !== 1 && sizeOf(dims.at(-1) ?? 1) % parts.length !== 0)
      throw new TensorError(`a last axis of ${sizeOf(dims.at(-1) ?? 1)} has no ${parts.length} equal parts`)
  }

  with(changes: Partial<Fields>): Parameter {
    return new Parameter({ ...this, ...changes })
  }

  /** The same, with every part's init changed. */
  withInit(change: (init: Init, part: string) => Init): Parameter {
    return this.with({ parts: this.parts.map(p => ({ ...p, init: change(p.init, p.name) })) })
  }

  get shape(): number[] {
    return [...this.stack, ...this.dims.map(sizeOf)]
  }
}

const product = (sizes: readonly Size[]): number => sizes.reduce<number>((n, d) => n * sizeOf(d), 1)

/** The standard deviation (value of a constant) that an init gives a parameter. */
export function deviationOf(p: Parameter, { scale, fan }: Init): number {
  if (fan === 'one') return scale
  const n = fan === 'in' ? product(p.fanIn) : fan === 'out' ? product(p.fanOut) : (product(p.fanIn) + product(p.fanOut)) / 2
  return scale / Math.sqrt(n)
}

/** What a parameter takes beside its sizes; all of it has a default. */
export interface ParameterOptions {
  readonly init?: Init
  readonly parts?: readonly Part[]
  readonly fanIn?: readonly Size[]
  readonly fanOut?: readonly Size[]
  readonly lr?: number
  readonly decay?: number
}

function make(
  role: Role,
  dims: readonly Size[],
  standard: Init,
  fanInDims: readonly Size[],
  fanOutDims: readonly Size[],
  o: ParameterOptions,
): Parameter {
  return new Parameter({
    role,
    dims,
    parts: o.parts ?? [{ name: '', init: o.init ?? standard }],
    fanIn: o.fanIn ?? fanInDims,
    fanOut: o.fanOut ?? fanOutDims,
    lr: o.lr ?? 1,
    decay: o.decay ?? 1,
    stack: [],
  })
}

/** A matrix [in, out]; normal of variance 1 / fan-in. */
export const weight = (dims: readonly [Size, Size], options: ParameterOptions = {}): Parameter =>
  make('weight', dims, fanIn(), [dims[0]], [dims[1]], options)

/** A convolution's weight [out, in / groups, …window]. */
export const kernel = (dims: readonly Size[], options: ParameterOptions = {}): Parameter =>
  make('weight', dims, fanIn(), dims.slice(1), [dims[0]!, ...dims.slice(2)], options)

/** A vector that is added; zeros. Its fan-in is 1. */
export const bias = (d: Size, options: ParameterOptions = {}): Parameter => make('bias', [d], zeros, [1], [d], options)

/** A vector that multiplies channels; ones. */
export const gain = (d: Size, options: ParameterOptions = {}): Parameter => make('gain', [d], ones, [1], [d], options)

/** A table of rows; normal of deviation 0.02. An entry has a fan-in of 1 (the one-hot row), or `rows` when told. */
export const table = (rows: Size, d: Size, options: ParameterOptions = {}): Parameter =>
  make('embedding', [rows, d], normal(0.02), [1], [d], options)

/** A parameter of any shape that scales with no fan: fan-in and fan-out 1. */
export const free = (dims: readonly Size[], start: Init, options: ParameterOptions = {}): Parameter =>
  make('gain', dims, start, [1], [1], options)

/** State that is no parameter: a running mean, a singular vector, a cache. */
export const statistic = (dims: readonly Size[], start: Init = zeros): Parameter => make('statistic', dims, start, [1], [1], {})
