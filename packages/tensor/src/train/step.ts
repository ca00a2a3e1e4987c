/** The training step: loss and gradient in the runtime, accumulation and update in place, and nothing changed where a number is not finite. */
import { valueAndGradWith } from '../autodiff/vjp.ts'
import { TensorError } from '../error.ts'
import { item, type NDArray } from '../graph/array.ts'
import { type DType, spec, type Type, typeName } from '../graph/dtype.ts'
import { sameShape } from '../graph/shape.ts'
import type { Tensor } from '../graph/tensor.ts'
import { type Traced, trace } from '../graph/trace.ts'
import { flatten, type Tree } from '../graph/tree.ts'
import type { Arena } from '../kernel/arena.ts'
import { axpy, sumOfSquares } from '../kernel/passes.ts'
import type { Rule } from '../optim/rule.ts'
import type { Executable, Runtime } from '../plan/runtime.ts'
import type { Key } from '../random/key.ts'
import { flatOf, viewsOf } from './flat.ts'
import { type Diagnosis, NonFiniteError, replay } from './replay.ts'
import { Updater, updaterBytes } from './update.ts'

/** Metrics are scalars by name. */
export type Metrics = { readonly [name: string]: Tensor }

/** What is trained: from parameters, state, a batch and a key to the loss (an f32 scalar), the new state and, if wanted, metrics. */
export type Loss<B> = (
  params: Tree<Tensor>,
  state: Tree<Tensor>,
  batch: B,
  key: Tensor,
) => Tensor | readonly [loss: Tensor, state: Tree<Tensor>, metrics?: Metrics]

export interface TrainOptions {
  readonly runtime: Runtime
  /** Makes the block of memory that holds parameters, gradients and what the optimiser remembers: `createArena` of `tensor/node` or `/web`. */
  readonly arena: (bytes: number) => Promise<Arena>
  /** First values, all f32; they are copied. */
  readonly params: Tree<NDArray>
  readonly state?: Tree<NDArray>
  /** Batch number i of the run gets `key.fork(i)`. */
  readonly key: Key
  /** Batches whose gradients are averaged for one update. Default 1. */
  readonly accumulate?: number
  /** What happens where loss or gradient are not finite: an error (default), or the batch (and what was accumulated with it) is left out and reported. */
  readonly onNonFinite?: 'throw' | 'skip'
  /** Shapes of batches for which executables are kept. Default 4. */
  readonly cache?: number
  /** Told each time that an executable makes room for another; by default a warning is printed. */
  readonly onRetrace?: (message: string) => void
}

export interface StepResult {
  readonly loss: number
  readonly metrics: Readonly<Record<string, number>>
  /** Updates done, this one included. */
  readonly updates: number
  /** False where gradients were only accumulated, or the step was skipped. */
  readonly updated: boolean
  /** Of the update: the gradient's norm before clipping, and the rate. */
  readonly gradientNorm?: number
  readonly lr?: number
  /** Why the step was skipped. */
  readonly skipped?: Diagnosis
}

interface Compiled {
  readonly traced: Traced
  readonly executable: Executable
  readonly outputs: readonly (NDArray | undefined)[]
  readonly metricNames: readonly string[]
}

/** Where a run stands, beside its arrays. */
export interface TrainRecord {
  readonly updates: number
  readonly batches: number
  readonly accumulated: number
  readonly skipped: number
  readonly key: readonly [number, number]
  readonly accumulate: number
  readonly method: string
  /** The schedule's next rate: a resumed run must agree. */
  readonly nextLr: number
}

// biome-ignore lint/suspicious/noExplicitAny: a batch is a tree of arrays outside and of tensors inside the loss; the two cannot be tied together in the type.
type AnyLoss = Loss<any>

/** A run of training, made by `trainStep`. */
export class Training {
  /** Parameters: views, always up to date. */
  readonly params: Tree<NDArray>
  /** The parameters' moving average, if the rule keeps one. */
  readonly ema: Tree<NDArray> | undefined
  /** State of layers: views, always up to date. */
  readonly state: Tree<NDArray>
  readonly arena: Arena
  readonly rule: Rule
  readonly accumulate: number
  private readonly loss: AnyLoss
  private readonly options: TrainOptions
  private readonly all: ReturnType<typeof flatten<NDArray>>
  private readonly trainable: readonly number[]
  private readonly frozen: readonly number[]
  private readonly values: readonly NDArray[]
  private readonly gradients: readonly NDArray[]
  private readonly gradient: Float32Array
  private readonly sum: Float32Array
  private readonly stateViews: readonly NDArray[]
  private readonly nextState: readonly NDArray[]
  private readonly stateTree: ReturnType<typeof flatten<NDArray>>
  private readonly updater: Updater
  private readonly keyArray: NDArray
  private readonly lossArray: NDArray
  private readonly compiled = new Map<string, Compiled>()
  private key: Key
  private updates = 0
  private batches = 0
  private accumulated = 0
  private skips = 0
  private busy = false

  private constructor(loss: AnyLoss, rule: Rule, options: TrainOptions, arena: Arena, plan: ReturnType<typeof planOf>) {
    const { all, trainable, frozen, flat, frozenFlat, state } = plan
    this.loss = loss
    this.rule = rule
    this.options = options
    this.arena = arena
    this.accumulate = options.accumulate ?? 1
    this.key = options.key
    this.all = all
    this.trainable = trainable
    this.frozen = frozen
    const values = arena.f32(flat.length, 'the parameters')
    this.gradient = arena.f32(flat.length, 'the gradients')
    this.sum = this.accumulate > 1 ? arena.f32(flat.length, 'the accumulated gradients') : this.gradient
    const average = rule.ema && arena.f32(flat.length, 'the moving average')
    const own = viewsOf(flat, values)
    const fixed = viewsOf(frozenFlat, arena.f32(frozenFlat.length, 'the frozen parameters'))
    this.values = merge(all.list.length, trainable, own, frozen, fixed)
    this.gradients = viewsOf(flat, this.gradient)
    copyAll(this.values, all.list)
    this.params = all.rebuild(this.values)
    if (average) {
      average.set(values)
      const averages = viewsOf(flat, average)
      this.ema = all.rebuild(merge(all.list.length, trainable, averages, frozen, fixed))
    }
    this.updater = new Updater(arena, rule, flat, { values, gradient: this.sum, average })
    this.stateTree = state
    const room = (a: NDArray): NDArray => ({ dtype: a.dtype, shape: a.shape, data: stateRoom(arena, a) })
    this.stateViews = state.list.map(room)
    this.nextState = state.list.map(room)
    copyAll(this.stateViews, state.list)
    this.state = state.rebuild(this.stateViews)
    this.keyArray = { dtype: 'i64', shape: [2], data: arena.i64(2) }
    this.lossArray = { dtype: 'f32', shape: [], data: arena.f32(1) }
  }

  static async create(loss: AnyLoss, rule: Rule, options: TrainOptions): Promise<Training> {
    const { accumulate = 1 } = options
    if (!Number.isInteger(accumulate) || accumulate < 1)
      throw new TensorError(`accumulate is a whole number of batches from 1, not ${accumulate}`)
    const plan = planOf(rule, options)
    const vectors = 2 + Number(accumulate > 1) + Number(rule.ema !== undefined)
    const stateBytes = plan.state.list.reduce((n, a) => n + 2 * (a.data.byteLength + 64), 0)
    const arena = await options.arena(
      (plan.flat.length * vectors + plan.frozenFlat.length) * 4 + updaterBytes(rule, plan.flat) + stateBytes + 4096,
    )
    return new Training(loss, rule, options, arena, plan)
  }

  /** Runs one batch: its gradient is accumulated and, where enough are, the parameters are updated. One call at a time. `lr` stands in for the schedule. */
  async step(batch: Tree<NDArray>, { lr }: { readonly lr?: number } = {}): Promise<StepResult> {
    if (this.busy) throw new TensorError('step was called while a step is running: await each one')
    this.busy = true
    try {
      return await this.run(batch, lr)
    } finally {
      this.busy = false
    }
  }

  private async run(batch: Tree<NDArray>, lr: number | undefined): Promise<StepResult> {
    const compiled = await this.compile(batch)
    ;(this.keyArray.data as BigInt64Array).set(this.key.fork(this.batches).toInt64())
    const inputs = this.inputsOf(batch)
    const results = await compiled.executable.run(inputs, compiled.outputs)
    const loss = item(results[0]!)
    const metrics = Object.fromEntries(compiled.metricNames.map((name, i) => [name, item(results[1 + i]!)]))
    this.batches++
    // One sum over the gradient says whether every element is finite.
    const squares = sumOfSquares(this.arena, this.gradient)
    const finite = Number.isFinite(loss) && Number.isFinite(squares)
    if (!finite) return this.fail(batch, inputs, { loss, metrics })
    if (this.accumulate > 1) {
      if (this.accumulated === 0) this.sum.set(this.gradient)
      else axpy(this.arena, this.sum, 1, this.gradient)
    }
    this.accumulated++
    let updated: ReturnType<Updater['apply']>
    if (this.accumulated === this.accumulate) {
      updated = this.updater.apply(
        this.updates + 1,
        this.accumulate,
        lr ?? this.rule.method.lr(this.updates),
        this.accumulate === 1 ? squares : undefined,
      )
      if (!updated) return this.fail(batch, inputs, { loss, metrics })
      this.accumulated = 0
      this.updates++
    }
    copyAll(this.stateViews, this.nextState)
    return { loss, metrics, updates: this.updates, updated: updated !== undefined, ...updated }
  }

  /** Nothing was changed: what was accumulated is dropped, the batch is counted, and the step is run again under watch. */
  private async fail(batch: Tree<NDArray>, inputs: readonly NDArray[], seen: Pick<StepResult, 'loss' | 'metrics'>): Promise<StepResult> {
    this.accumulated = 0
    this.skips++
    const diagnosis = await replay(() => this.traceFor(batch), inputs, this.options.runtime)
    if (this.options.onNonFinite !== 'skip')
      throw new NonFiniteError(
        `batch ${this.batches - 1} (after ${this.updates} updates) has a loss or gradient that is not finite; nothing was updated`,
        diagnosis,
      )
    return { ...seen, updates: this.updates, updated: false, skipped: diagnosis }
  }

  /** Loss and metrics of a batch's graph, its inputs in order, and where its outputs go. */
  private inputsOf(batch: Tree<NDArray>): NDArray[] {
    return [
      ...this.trainable.map(i => this.values[i]!),
      ...this.frozen.map(i => this.values[i]!),
      ...this.stateViews,
      ...flatten<NDArray>(batch).list,
      this.keyArray,
    ]
  }

  /** The graph of a step on such a batch: its outputs are the loss, the metrics, the new state and the gradients. */
  traceFor(batch: Tree<NDArray>): Traced {
    const types = (list: readonly NDArray[]): Type[] => list.map(a => spec(a.dtype as DType, a.shape))
    const b = flatten<NDArray>(batch)
    return trace(
      (own: Tensor[], fixed: Tensor[], state: Tensor[], data: Tensor[], key: Tensor) => {
        const full = (list: readonly Tensor[]) => this.all.rebuild(merge(this.all.list.length, this.trainable, list, this.frozen, fixed))
        const [loss, more, gradients] = valueAndGradWith((list: Tensor[]) => {
          const out = this.loss(full(list), this.stateTree.rebuild(state), b.rebuild(data), key)
          const [value, next, metrics] = Array.isArray(out)
            ? (out as [Tensor, Tree<Tensor>, Metrics?])
            : [out as Tensor, this.stateTree.rebuild(state), undefined]
          return [value, { state: this.checkedState(next), metrics: metrics ?? {} }] as const
        })(own)
        return { loss, metrics: more.metrics, state: more.state, gradients }
      },
      [
        types(this.trainable.map(i => this.values[i]!)),
        types(this.frozen.map(i => this.values[i]!)),
        types(this.stateViews),
        types(b.list),
        spec('i64', [2]),
      ],
    )
  }

  /** Inputs of `traceFor`'s graph for batch number `batches`, for those who run it themselves. */
  inputsFor(batch: Tree<NDArray>): NDArray[] {
    ;(this.keyArray.data as BigInt64Array).set(this.key.fork(this.batches).toInt64())
    return this.inputsOf(batch)
  }

  private checkedState(next: Tree<Tensor>): Tensor[] {
    const got = flatten<Tensor>(next)
    this.stateTree.list.forEach((want, i) => {
      const t = got.list[i]
      if (!t || got.paths[i] !== this.stateTree.paths[i] || t.dtype !== want.dtype || !sameShape(t.shape, want.shape)) {
        const type = typeName(spec(want.dtype as DType, want.shape))
        throw new TensorError(
          `the loss returns ${t ? `"${got.paths[i]}" of type ${typeName(t.type)}` : 'nothing'} for the state "${this.stateTree.paths[i]}" of type ${type}: state must come back as it went in`,
        )
      }
    })
    if (got.list.length !== this.stateTree.list.length)
      throw new TensorError(`the loss returns more state ("${got.paths[this.stateTree.list.length]}") than it was given`)
    return got.list
  }

  private async compile(batch: Tree<NDArray>): Promise<Compiled> {
    const b = flatten<NDArray>(batch)
    const id = b.list.map((a, i) => `${b.paths[i]} ${a.dtype}[${a.shape.join(',')}]`).join('; ')
    const known = this.compiled.get(id)
    if (known) {
      this.compiled.delete(id)
      this.compiled.set(id, known)
      return known
    }
    const { cache = 4, onRetrace = m => console.warn(m), runtime } = this.options
    if (this.compiled.size >= cache) {
      const [oldest, gone] = this.compiled.entries().next().value!
      this.compiled.delete(oldest)
      await gone.executable.dispose()
      onRetrace(`batches come in more than ${cache} shapes, each is traced and built anew: pad them (${oldest} makes room for ${id})`)
    }
    const traced = this.traceFor(batch)
    const metricNames = traced.outputNames.flatMap(n => (n.startsWith('metrics/') ? [n.slice('metrics/'.length)] : []))
    const executable = await runtime.compile(traced.graph)
    const outputs = [this.lossArray, ...metricNames.map(() => undefined), ...this.nextState, ...this.gradients]
    const made = { traced, executable, outputs, metricNames }
    this.compiled.set(id, made)
    return made
  }

  /** All arrays of the run, views: with `record()` they are all that a run is. */
  arrays(): Tree<NDArray> {
    return {
      params: this.params,
      state: this.state,
      memory: this.updater.memory,
      ...(this.ema ? { ema: this.ema } : {}),
      ...(this.accumulate > 1 ? { accumulated: { sum: { dtype: 'f32', shape: [this.sum.length], data: this.sum } } } : {}),
    }
  }

  record(): TrainRecord {
    return {
      updates: this.updates,
      batches: this.batches,
      accumulated: this.accumulated,
      skipped: this.skips,
      key: this.key.words,
      accumulate: this.accumulate,
      method: this.rule.method.name,
      nextLr: this.rule.method.lr(this.updates),
    }
  }

  /** Puts a run's arrays and record in place of this one's. Both are checked before anything is changed. */
  restore(arrays: Tree<NDArray>, record: TrainRecord): void {
    const [from, to] = [flatten<NDArray>(arrays), flatten<NDArray>(this.arrays())]
    to.list.forEach((a, i) => {
      const b = from.list[i]
      if (!b || from.paths[i] !== to.paths[i] || b.dtype !== a.dtype || !sameShape(a.shape, b.shape))
        throw new TensorError(
          `restore: "${to.paths[i]}" is ${a.dtype}[${a.shape.join(',')}] in this run, and ${b ? `"${from.paths[i]}" ${b.dtype}[${b.shape.join(',')}]` : 'missing'} in the one to restore`,
        )
    })
    if (record.method !== this.rule.method.name || record.accumulate !== this.accumulate)
      throw new TensorError(
        `restore: that run used ${record.method} on ${record.accumulate} batches an update, this one ${this.rule.method.name} on ${this.accumulate}`,
      )
    const nextLr = this.rule.method.lr(record.updates)
    if (nextLr !== record.nextLr)
      throw new TensorError(
        `restore: after ${record.updates} updates that run's schedule gives a rate of ${record.nextLr}, this one's ${nextLr}: use the same schedule`,
      )
    copyAll(to.list, from.list)
    this.updates = record.updates
    this.batches = record.batches
    this.accumulated = record.accumulated
    this.skips = record.skipped
    this.key = new (this.key.constructor as typeof Key)([...record.key])
  }

  /** What the runtime built for each shape of batch. */
  reports(): Readonly<Record<string, Executable['report']>> {
    return Object.fromEntries([...this.compiled].map(([id, c]) => [id, c.executable.report]))
  }

  async dispose(): Promise<void> {
    for (const { executable } of this.compiled.values()) await executable.dispose()
    this.compiled.clear()
    this.arena.close()
  }
}

/**
 * A run of training: holds parameters, state and what the optimiser remembers in one block of memory, and does a step at a time. Deterministic: the same values, batches and key give the
 * same bits on one machine and thread count.
 * @throws TensorError where parameters are not f32, or all of them are frozen
 */
export const trainStep = <B>(loss: Loss<B>, rule: Rule, options: TrainOptions): Promise<Training> =>
  Training.create(loss as AnyLoss, rule, options)

function planOf(rule: Rule, { params, state = {} }: TrainOptions) {
  const all = flatten<NDArray>(params)
  all.list.forEach((a, i) => {
    if (a.dtype !== 'f32') throw new TensorError(`the parameter "${all.paths[i]}" is ${a.dtype}; parameters are f32`)
  })
  const indices = all.list.map((_, i) => i)
  const frozen = indices.filter(i => rule.frozen(all.paths[i]!))
  const fixed = new Set(frozen)
  const trainable = indices.filter(i => !fixed.has(i))
  if (trainable.length === 0) throw new TensorError('there is nothing to train: no parameters, or all of them are frozen')
  const leaf = (i: number) => ({ path: all.paths[i]!, shape: all.list[i]!.shape })
  return { all, trainable, frozen, flat: flatOf(trainable.map(leaf)), frozenFlat: flatOf(frozen.map(leaf)), state: flatten<NDArray>(state) }
}

/** Two lists as one, each element at its index. */
function merge<T>(n: number, at: readonly number[], list: readonly T[], otherAt: readonly number[], other: readonly T[]): T[] {
  const out = new Array<T>(n)
  for (const [k, i] of at.entries()) out[i] = list[k]!
  for (const [k, i] of otherAt.entries()) out[i] = other[k]!
  return out
}

function stateRoom(arena: Arena, a: NDArray): NDArray['data'] {
  if (a.dtype === 'f32') return arena.f32(a.data.length)
  if (a.dtype === 'i64') return arena.i64(a.data.length)
  if (a.dtype === 'bool') return arena.u8(a.data.length)
  throw new TensorError('state is f32, i64 or bool, not f64')
}

function copyAll(to: readonly NDArray[], from: readonly NDArray[]): void {
  for (const [i, a] of to.entries()) if (a.data !== from[i]!.data) (a.data as Float32Array).set(from[i]!.data as Float32Array)
}
