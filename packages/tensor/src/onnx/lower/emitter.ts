/** The nodes and initialisers of one model while it is written. */
import type { DType, Shape } from '../../graph/dtype.ts'
import type { Tensor } from '../../graph/tensor.ts'
import { type AttributeValue, attribute, type NodeProto, node, type TensorProto } from '../proto/index.ts'

/** Names count up from 0, so equal graphs make equal bytes and share a session. */
export class Emitter {
  readonly nodes: NodeProto[] = []
  readonly initializers: TensorProto[] = []
  private readonly names = new Map<Tensor, string>()
  private readonly shared = new Map<string, string>()
  private count = 0

  fresh(): string {
    return `t${this.count++}`
  }

  /** Gives a tensor its name: its own, or that of an equal value. */
  bind(t: Tensor, name: string): void {
    this.names.set(t, name)
  }

  /** The name of a tensor that is computed already. */
  of(t: Tensor): string {
    const name = this.names.get(t)
    if (name === undefined) throw new Error(`${t.node.op.name} is used before it is computed`)
    return name
  }

  has(t: Tensor): boolean {
    return this.names.has(t)
  }

  /** One node with one output; returns the output's name (a fresh one unless given). */
  emit(op: string, inputs: readonly string[], attributes: Readonly<Record<string, AttributeValue>> = {}, output = this.fresh()): string {
    this.emitAll(op, inputs, [output], attributes)
    return output
  }

  /** The same of onnxruntime's own operators. */
  extra(op: string, inputs: readonly string[], attributes: Readonly<Record<string, AttributeValue>> = {}, output = this.fresh()): string {
    this.nodes.push(node(op, inputs, [output], attributes, 'com.microsoft'))
    return output
  }

  /** One node with several outputs. */
  emitAll(
    op: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>> = {},
  ): void {
    this.nodes.push(node(op, inputs, outputs, attributes))
  }

  /** A constant; small equal ones are one. */
  constant(dtype: DType, dims: Shape, data: Float32Array | BigInt64Array | Uint8Array): string {
    const key = data.length <= 16 ? `${dtype}|${dims.join(',')}|${data.join(',')}|${Object.is(data[0], -0)}` : undefined
    const known = key === undefined ? undefined : this.shared.get(key)
    if (known !== undefined) return known
    const name = this.fresh()
    this.initializers.push({ name, dtype, dims, data })
    if (key !== undefined) this.shared.set(key, name)
    return name
  }

  /** A list of i64: axes, shapes, starts. */
  ints(values: readonly number[]): string {
    return this.constant('i64', [values.length], BigInt64Array.from(values, BigInt))
  }

  /** A scalar of a type. */
  scalar(value: number, dtype: DType = 'f32'): string {
    return this.constant(
      dtype,
      [],
      dtype === 'f32' ? Float32Array.of(value) : dtype === 'i64' ? BigInt64Array.of(BigInt(value)) : Uint8Array.of(value),
    )
  }

  cast(x: string, to: DType, output?: string): string {
    return this.emit('Cast', [x], { to: attribute.int(to === 'f32' ? 1 : to === 'i64' ? 7 : 9) }, output)
  }

  reshape(x: string, shape: readonly number[], output?: string): string {
    // Without allowzero a 0 would mean "as in the input".
    return this.emit('Reshape', [x, this.ints(shape)], shape.includes(0) ? { allowzero: attribute.int(1) } : {}, output)
  }

  transpose(x: string, perm: readonly number[], output?: string): string {
    return this.emit('Transpose', [x], { perm: attribute.ints(perm) }, output)
  }

  slice(
    x: string,
    starts: readonly number[],
    ends: readonly number[],
    axes: readonly number[],
    steps: readonly number[],
    output?: string,
  ): string {
    return this.emit('Slice', [x, this.ints(starts), this.ints(ends), this.ints(axes), this.ints(steps)], {}, output)
  }

  sum(x: string, axes: readonly number[], keepDims: boolean, output?: string): string {
    return this.emit('ReduceSum', [x, this.ints(axes)], { keepdims: attribute.int(keepDims ? 1 : 0) }, output)
  }
}
