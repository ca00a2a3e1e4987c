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
  /** Fan-in and fan-out of the use; of attention the head's size. */
  readonly dims: readonly Size[]
}

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
}

/** What a layer is told beside its input: whether it trains, its key, where it is in the model, and how a use of a parameter is scaled. */
export class Context {
  readonly train: boolean
  readonly position: Tensor | undefined
  readonly memory: Tensor | undefined
  readonly multiplier: Multiplier | undefined
  private readonly key: Tensor | undefined
  private readonly shared: Map<object, Tree<Tensor>>

  constructor(
    { key, train = false, position, memory }: ContextOptions,
    multiplier?: Multiplier | undefined,
    shared: Map<object, Tree<Tensor>> = new Map(),
  ) {
    this.key = key
    this.train = train
    this.position = position
    this.memory = memory
    this.multiplier = multiplier
    this.shared = shared
  }

  /** The context of part `index`: its key is another. */
  fork(index: number): Context {
    return this.key === undefined ? this : this.withKey(fork(this.key, index))
  }

  withKey(key: Tensor | undefined): Context {
    return new Context({ key, train: this.train, position: this.position, memory: this.memory }, this.multiplier, this.shared)
  }

  withMemory(memory: Tensor): Context {
    return new Context({ key: this.key, train: this.train, position: this.position, memory }, this.multiplier, this.shared)
  }

  withMultiplier(multiplier: Multiplier): Context {
    return new Context({ key: this.key, train: this.train, position: this.position, memory: this.memory }, multiplier, this.shared)
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
