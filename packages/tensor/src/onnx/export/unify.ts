/** One model for all sizes out of models for some: what differs between them must be constants that follow from the sizes, which are then computed in the model. */
import type { DType } from '../../graph/dtype.ts'
import type { Node } from '../../graph/tensor.ts'
import { Emitter } from '../lower/emitter.ts'
import { attribute, type NodeProto, type OnnxDim, OnnxError, type TensorProto } from '../proto/index.ts'
import { fit, type Size, type Sizes, sizeText } from './size.ts'

/** A graph lowered at one set of sizes: its nodes, and which operator of ours each comes from. */
export interface Lowered {
  readonly sizes: Sizes
  readonly nodes: readonly NodeProto[]
  readonly origins: readonly Node[]
  readonly constants: readonly TensorProto[]
  /** Lengths of the loops that were unrolled. */
  readonly loops: readonly number[]
  readonly outputs: readonly (readonly number[])[]
}

/** Where a symbol's size can be read. */
export interface Source {
  readonly input: string
  readonly axis: number
}

export interface Unified {
  readonly nodes: readonly NodeProto[]
  readonly constants: readonly TensorProto[]
  readonly outputs: readonly (readonly OnnxDim[])[]
}

/** "matmul (model.ts:12:3)". */
export const operatorOf = ({ op, place }: Node): string => `${op.name}${place ? ` (${place})` : ''}`

/**
 * @throws OnnxError naming the operator where a size is baked into the model in a way that ONNX cannot compute
 */
export function unify(all: readonly Lowered[], sources: ReadonlyMap<string, Source>, names: readonly string[]): Unified {
  const first = all[0]!
  const symbols = [...sources.keys()]
  requireSameNodes(all)
  const probes = all.map(l => l.sizes)
  const e = new Sizer(sources)
  const constants: TensorProto[] = []
  for (const [i, c] of first.constants.entries()) {
    const versions = all.map(l => l.constants[i]!)
    if (versions.every(v => sameTensor(v, c))) {
      constants.push(c)
      continue
    }
    const user = first.nodes.findIndex(n => n.input.includes(c.name))
    const use = first.nodes[user]
    const computed = e.write(c.name, versions, symbols, probes, use?.op === 'Reshape' && use.input[1] === c.name && !use.attributes?.length)
    if (computed === undefined)
      throw new OnnxError(
        `exportOnnx: a constant [${c.dims}] that ${use ? operatorOf(first.origins[user]!) : 'the result'} takes depends on ${symbols.join(' and ')}, and how cannot be told. ${advice(symbols.join(' and '))}`,
      )
    if (computed) constants.push(computed)
  }
  const outputs = first.outputs.map((dims, k) =>
    dims.map((_, d): OnnxDim => {
      const size = fit(
        all.map(l => l.outputs[k]![d]!),
        symbols,
        probes,
        true,
      )
      return size && sizeText(size)
    }),
  )
  return { ...tidy(names, e.nodes, first.nodes, [...e.initializers, ...constants]), outputs }
}

/** @throws OnnxError naming the first operator that is another, or does something else, at another of the sizes */
export function requireSameNodes([first, ...others]: readonly Lowered[]): void {
  for (const other of others) requireSame(first!, other)
}

function requireSame(first: Lowered, other: Lowered): void {
  const varied = Object.keys(first.sizes)
    .filter(s => other.sizes[s] !== first.sizes[s])
    .join(' and ')
  const loop = first.loops.findIndex((n, i) => n !== other.loops[i])
  if (loop >= 0 || other.loops.length !== first.loops.length)
    throw new OnnxError(
      `exportOnnx: a scan runs ${first.loops[loop] ?? 0} times, which depends on ${varied}; loops are written out in the file. ${advice(varied)}`,
    )
  const at = first.nodes.findIndex((n, i) => !other.nodes[i] || nodeKey(n) !== nodeKey(other.nodes[i]))
  if (at < 0 && other.nodes.length === first.nodes.length) return
  const origin = first.origins[at] ?? other.origins.at(-1)!
  throw new OnnxError(
    `exportOnnx: what ${operatorOf(origin)} does depends on ${varied} in a way that the file cannot say. ${advice(varied)}`,
  )
}

const advice = (symbols: string): string => `Give ${symbols} as a number, or compute that from shapes and iota.`

/** Everything of a node that must not depend on sizes. */
const nodeKey = (n: NodeProto): string => JSON.stringify([n.op, n.input, n.output, n.attributes])

function sameTensor(a: TensorProto, b: TensorProto): boolean {
  if (a.data === b.data) return true
  const [x, y] = [a.data as Float32Array, b.data as Float32Array]
  return a.dims.join() === b.dims.join() && x.length === y.length && x.every((v, i) => Object.is(v, y[i]))
}

/** Writes numbers that depend on sizes. */
class Sizer extends Emitter {
  private readonly sources: ReadonlyMap<string, Source>
  private readonly known = new Map<string, string>()
  private n = 0

  constructor(sources: ReadonlyMap<string, Source>) {
    super()
    this.sources = sources
  }

  override fresh(): string {
    return `size/${this.n++}`
  }

  /** Writes the constant called `name`; returns it where it is one after all (a reshape that works one size out itself), and undefined where it follows no rule. */
  write(
    name: string,
    versions: readonly TensorProto[],
    symbols: readonly string[],
    at: readonly Sizes[],
    reshapes: boolean,
  ): TensorProto | false | undefined {
    const [first] = versions as [TensorProto]
    const dtype = first.dtype as DType
    const rule = (values: readonly number[], whole: boolean) => fit(values, symbols, at, whole)
    const dims = first.dims.map((_, d) =>
      rule(
        versions.map(v => v.dims[d]!),
        true,
      ),
    )
    if (versions.some(v => v.dims.length !== dims.length) || dims.some(d => d === undefined)) return undefined
    const fixed = versions.every(v => v.dims.join() === first.dims.join())
    if (fixed && first.data.length <= 64) return this.elements(name, versions, dtype, rule, reshapes)
    const shape = () => this.vector(dims as Size[])
    const flat = versions.map(v => Array.from(v.data as ArrayLike<number | bigint>, Number))
    if (flat.every(list => list.every(v => v === flat[0]![0]))) {
      this.emit('Expand', [this.constant(dtype, [], (first.data as Float32Array).slice(0, 1)), shape()], {}, name)
      return false
    }
    // 0, 1, 2, …
    if (dtype !== 'bool' && flat.every(list => list.every((v, i) => v === i))) {
      const count = rule(
        flat.map(list => list.length),
        true,
      )
      if (!count) return undefined
      const range = this.emit('Range', [this.scalar(0, 'i64'), this.reshape(this.size(count), []), this.scalar(1, 'i64')])
      this.emit('Reshape', [dtype === 'i64' ? range : this.cast(range, dtype), shape()], {}, name)
      return false
    }
    return undefined
  }

  /** Each element by its own rule. */
  private elements(
    name: string,
    versions: readonly TensorProto[],
    dtype: DType,
    rule: (values: readonly number[], whole: boolean) => Size | undefined,
    reshapes: boolean,
  ): TensorProto | false | undefined {
    const first = versions[0]!
    const values = Array.from({ length: first.data.length }, (_, i) => versions.map(v => Number(v.data[i])))
    if (dtype === 'bool') return undefined
    if (dtype === 'f32') {
      const parts = values.map(list => {
        const direct = rule(list, false)
        if (direct) return this.float(direct)
        const inverse = rule(
          list.map(v => 1 / v),
          false,
        )
        return inverse && this.emit('Reciprocal', [this.float(inverse)])
      })
      if (parts.some(p => p === undefined)) return undefined
      this.reshape(this.joined(parts as string[]), first.dims, name)
      return false
    }
    const sizes = values.map(list => rule(list, true))
    if (sizes.some(s => s === undefined)) return undefined
    const free = sizes.flatMap((s, i) => ([...s!.keys()].every(k => k === '') ? [] : [i]))
    if (reshapes && free.length === 1 && values.every(list => list[0]! > 0)) {
      return { ...first, data: (first.data as BigInt64Array).map((v, i) => (i === free[0] ? -1n : v)) }
    }
    if (first.dims.length === 1) this.vector(sizes as Size[], name)
    else this.reshape(this.vector(sizes as Size[]), first.dims, name)
    return false
  }

  private joined(parts: readonly string[], output?: string): string {
    return parts.length === 1 && output === undefined ? parts[0]! : this.emit('Concat', parts, { axis: attribute.int(0) }, output)
  }

  /** Sizes as i64 [n]. */
  private vector(sizes: readonly Size[], output?: string): string {
    if (sizes.length === 0) return this.ints([])
    return this.joined(
      sizes.map(s => this.size(s)),
      output,
    )
  }

  /** A size as i64 [1]. */
  private size(size: Size): string {
    const constant = [...size.keys()].every(k => k === '')
    if (constant) return this.ints([size.get('') ?? 0])
    return this.total(
      size,
      'i64',
      s => this.symbol(s),
      v => this.ints([v]),
    )
  }

  /** The same as f32 [1], with any coefficients. */
  private float(size: Size): string {
    const number = (v: number) => this.constant('f32', [1], Float32Array.of(v))
    if ([...size.keys()].every(k => k === '')) return number(size.get('') ?? 0)
    return this.total(size, 'f32', s => this.once(`f32:${s}`, () => this.cast(this.symbol(s), 'f32')), number)
  }

  private total(size: Size, key: string, symbol: (s: string) => string, number: (v: number) => string): string {
    return this.once(`${key}:${sizeText(size)}`, () =>
      [...size]
        .map(([product, c]) => {
          const factors = product === '' ? [] : product.split('*').map(symbol)
          return [...factors, ...(c === 1 && factors.length > 0 ? [] : [number(c)])].reduce((a, b) => this.emit('Mul', [a, b]))
        })
        .reduce((a, b) => this.emit('Add', [a, b])),
    )
  }

  private symbol(s: string): string {
    const { input, axis } = this.sources.get(s)!
    return this.once(s, () => this.emit('Shape', [input], { start: attribute.int(axis), end: attribute.int(axis + 1) }))
  }

  private once(key: string, make: () => string): string {
    let name = this.known.get(key)
    if (name === undefined) this.known.set(key, (name = make()))
    return name
  }
}

/** Operators whose outputs after the first may be left out. */
const TRIMMED = new Set(['MaxPool', 'LayerNormalization'])

/** Without what nobody reads; small equal constants as one, and equal computations of sizes. */
function tidy(
  outputs: readonly string[],
  sizes: readonly NodeProto[],
  nodes: readonly NodeProto[],
  constants: readonly TensorProto[],
): Omit<Unified, 'outputs'> {
  const names = new Map<string, string>()
  const first = new Map<string, string>()
  /** Whether nothing equal was there before; else `name` stands for that from now on. */
  const isNew = (key: string, name: string): boolean => {
    const same = first.get(key)
    if (same === undefined) first.set(key, name)
    else names.set(name, same)
    return same === undefined
  }
  const renamed = (n: NodeProto): NodeProto => ({ ...n, input: n.input.map(i => names.get(i) ?? i) })
  const few = constants.filter(c => {
    const list = c.data as Float32Array
    return list.length > 16 || isNew(`${c.dtype}|${c.dims}|${Array.from(list, v => (Object.is(v, -0) ? '-0' : `${v}`))}`, c.name)
  })
  const once = sizes.map(renamed).filter(n => isNew(nodeKey({ ...n, output: [] }), n.output[0]!))
  const read = new Set(outputs)
  const live: NodeProto[] = []
  for (const n of [...once, ...nodes].map(renamed).reverse()) {
    const output = TRIMMED.has(n.op) ? n.output.slice(0, 1 + n.output.findLastIndex(o => read.has(o))) : n.output
    if (!output.some(o => read.has(o))) continue
    for (const i of n.input) read.add(i)
    live.push({ ...n, output })
  }
  return { nodes: live.reverse(), constants: few.filter(c => read.has(c.name)) }
}
