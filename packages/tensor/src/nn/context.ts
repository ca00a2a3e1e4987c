/** What a layer is told beside its input: the key of its randomness, training or not, how uses of parameters are scaled, and which parameters are shared. */
import { TensorError } from '../error.ts'
import type { Tensor } from '../graph/tensor.ts'
import type { Tree } from '../graph/tree.ts'
import { fork } from '../random/ops.ts'
import type { Size } from './dim.ts'

/**
 * One use of a parameter (or of a product) that a parametrisation may scale: the multiplier belongs to the use, so a table that embeds and reads out has one for each.
 * `readout`: activations of size `dims[0]` to finite outputs; `input`: finite inputs to activations; `hidden`: between activations; `attention`: query · key of head size `dims[0]`.
 */
export interface Use {
  readonly kind: 'input' | 'hidden' | 'readout' | 'attention'
  /** Fan-in and fan-out of the use; of attention the head's size. What is added (a bias, a position) or multiplies channel by channel (a gain) has a fan-in of 1. */
  readonly dims: readonly Size[]
  /** A readout by the table that embeds, which has an input's init and rate. */
  readonly tied?: true
}

/** Told the output of every layer as it is traced, with the layer's path in the model. */
export type Observer = (path: string, y: Tensor) => void

/** The factor of a use. */
export type Multiplier = (use: Use) => number

/** What a caller gives: `key` (i64 [2]) is needed where something is random, in training mostly. */
export interface ContextOptions {
  readonly key?: Tensor | undefined
  /** Dropout drops, batch norm takes the batch's own statistics. Default false. */
  readonly train?: boolean | undefined
  /** Where the first token of x stands, an i64 scalar; used by decoders. */
  readonly position?: Tensor | undefined
  /** What cross-attention reads: [batch, time, d], an encoder's output. */
  readonly memory?: Tensor | undefined
  /** Told every layer's output. The copies of a `repeat` are then traced one by one. */
  readonly observe?: Observer | undefined
}

/** What a layer is told beside its input: whether it trains, its key, where it is in the model, and how a use of a parameter is scaled. */
export class Context {
  readonly train: boolean
  readonly position: Tensor | undefined
  readonly memory: Tensor | undefined
  readonly multiplier: Multiplier | undefined
  private readonly key: Tensor | undefined
  private readonly observer: Observer | undefined
  private readonly path: string
  private readonly shared: Map<object, Tree<Tensor>>

  constructor(
    { key, train = false, position, memory, observe }: ContextOptions,
    multiplier?: Multiplier | undefined,
    shared: Map<object, Tree<Tensor>> = new Map(),
    path = '',
  ) {
    this.key = key
    this.train = train
    this.position = position
    this.memory = memory
    this.observer = observe
    this.multiplier = multiplier
    this.shared = shared
    this.path = path
  }

  private changed(to: {
    readonly key?: Tensor | undefined
    readonly memory?: Tensor
    readonly multiplier?: Multiplier
    readonly path?: string
  }): Context {
    const { train, position, key, memory, observer: observe } = this
    const { multiplier, path, ...options } = { multiplier: this.multiplier, path: this.path, key, memory, ...to }
    return new Context({ train, position, observe, ...options }, multiplier, this.shared, path)
  }

  private below(name: string | number): string {
    return this.path === '' ? `${name}` : `${this.path}/${name}`
  }

  /** The context of part `index`, called `name`: its key is another, and its path is below this one's. */
  fork(index: number, name: string | number = index): Context {
    if (this.key === undefined && this.observer === undefined) return this
    return this.changed({ key: this.key && fork(this.key, index), path: this.below(name) })
  }

  withKey(key: Tensor | undefined): Context {
    return this.changed({ key })
  }

  withMemory(memory: Tensor): Context {
    return this.changed({ memory })
  }

  withMultiplier(multiplier: Multiplier): Context {
    return this.changed({ multiplier })
  }

  /** Whether someone is told the layers' outputs. */
  get observed(): boolean {
    return this.observer !== undefined
  }

  /** Tells whoever observes that this part of the model (or a value in it, by its name) came out as y. */
  observe(y: Tensor, name?: string): void {
    this.observer?.(name === undefined ? this.path : this.below(name), y)
  }

  /** The key, where there is one. */
  get maybeKey(): Tensor | undefined {
    return this.key
  }

  /** The key. @throws TensorError where the caller gave none */
  needKey(who: string): Tensor {
    if (!this.key)
      throw new TensorError(
        `${who} draws random numbers: call apply with { key, train }, the key an i64 [2] tensor that is an argument of the traced function`,
      )
    return this.key
  }

  /** Remembers the parameters of a layer that others may use. */
  share(owner: object, params: Tree<Tensor>): void {
    this.shared.set(owner, params)
  }

  /** The parameters of a layer that was applied before. */
  borrow(owner: object, who: string): Tree<Tensor> {
    const params = this.shared.get(owner)
    if (!params)
      throw new TensorError(
        `${who} uses the parameters of a layer that was not applied before it in the same model: put both into one sequence, the owner first`,
      )
    return params
  }
}
