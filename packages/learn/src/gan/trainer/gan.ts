/** The one trainer: discriminator and generator in turn. */
import {
  f32,
  flatten,
  type Key,
  type NDArray,
  NonFiniteError,
  type optim,
  type StepResult,
  type Trainable,
  type Training,
  type TrainOptions,
  type TrainRecord,
  type Tree,
  trainStep,
} from '@dioramic/tensor'
import type { Architecture, Loss } from '../contracts.ts'
import { DivergedError, GanError } from '../error.ts'
import { initialise } from '../net.ts'
import { objectives } from './objective.ts'
import type { Weights } from './sampler.ts'
import { Watch, type WatchOptions, type WatchState } from './watch.ts'

/** `nodeRuntime()` and `createArena` of tensor/node, or their like in a browser. */
export type Engine = Pick<TrainOptions, 'runtime' | 'arena'>

export interface GanOptions extends Engine {
  readonly architecture: Architecture
  readonly loss: Loss
  /** How each side is updated: two rules, so two rates. With `optim.ema` in the generator's its average is kept. */
  readonly rules: { readonly generator: optim.Rule; readonly discriminator: optim.Rule }
  /** Updates of the discriminator, each on a batch of its own, for one of the generator. Default 1. */
  readonly discriminatorSteps?: number
  /** Updates of the generator that are planned: what nets that grow go by. */
  readonly updates: number
  readonly key: Key
  readonly watch?: WatchOptions
}

/** Samples [n, …shape], and labels [n] where the architecture has classes. */
export type GanBatch = { readonly x: NDArray; readonly y?: NDArray }

interface GanRecord extends TrainRecord {
  readonly discriminator: TrainRecord
  readonly watch: WatchState
}

/** A run of training, made by `trainGan`. `fitGan` (or the tensor engine's `fit`) drives it. */
export class Gan implements Trainable {
  readonly architecture: Architecture
  readonly loss: Loss
  /** Batches of one update of the generator. */
  readonly accumulate: number
  readonly generator: Training
  readonly discriminator: Training
  private readonly planned: number
  private readonly watch: Watch
  private batches = 0

  constructor(options: GanOptions, generator: Training, discriminator: Training) {
    this.architecture = options.architecture
    this.loss = options.loss
    this.accumulate = options.discriminatorSteps ?? 1
    this.planned = options.updates
    this.watch = new Watch(options.watch)
    this.generator = generator
    this.discriminator = discriminator
  }

  /** Nothing looked bad at the last update: the state is worth keeping. */
  get healthy(): boolean {
    return this.watch.healthy
  }

  /** Parameters and state of the generator: its moving average where one is kept, unless `live`. Views. */
  weights({ live = false }: { readonly live?: boolean } = {}): Weights {
    return { params: (!live && this.generator.ema) || this.generator.params, state: this.generator.state }
  }

  /**
   * Updates the discriminator on a batch, and after every `accumulate` of them the generator.
   * @throws GanError where the batch does not fit; DivergedError where training has gone wrong
   */
  async step(batch: Tree<NDArray>): Promise<StepResult> {
    const { x, y } = checked(batch as GanBatch, this.architecture)
    const updates = this.generator.record().updates
    const progress = f32([Math.min(1, updates / this.planned)], [])
    const turn = { x, ...(y ? { y } : {}), progress }
    const ahead = { params: this.generator.params, state: this.generator.state }
    const d = await this.finite(this.discriminator.step({ ...turn, other: ahead }), 'discriminator', updates)
    if (this.loss.clip !== undefined) clamp(this.discriminator.params, this.loss.clip)
    this.batches++
    const seen = { loss: d.loss, metrics: d.metrics }
    if (this.batches % this.accumulate !== 0) return { ...seen, updates, updated: false }
    const { net, memory } = this.discriminator.state as { net: Tree<NDArray>; memory: Tree<NDArray> }
    const against = { params: this.discriminator.params, state: net }
    const g = await this.finite(this.generator.step({ ...turn, other: against, memory }), 'generator', updates)
    const { real, fake, spread } = d.metrics as { real: number; fake: number; spread: number }
    const wrong = this.watch.see({ real, fake, spread, gradientNorm: g.gradientNorm! }, g.updates)
    if (wrong) throw new DivergedError(wrong.kind, g.updates, wrong.message)
    return { ...g, loss: d.loss, metrics: { ...d.metrics, generator: g.loss } }
  }

  private async finite(step: Promise<StepResult>, side: string, updates: number): Promise<StepResult> {
    try {
      return await step
    } catch (e) {
      if (!(e instanceof NonFiniteError)) throw e
      throw new DivergedError(
        'not finite',
        updates,
        `the GAN diverged after ${updates} updates: the ${side}'s loss or gradient is not finite. ${e.diagnosis.message}`,
        { cause: e },
      )
    }
  }

  arrays(): Tree<NDArray> {
    return { generator: this.generator.arrays(), discriminator: this.discriminator.arrays() }
  }

  record(): GanRecord {
    return {
      ...this.generator.record(),
      batches: this.batches,
      accumulated: this.batches % this.accumulate,
      accumulate: this.accumulate,
      discriminator: this.discriminator.record(),
      watch: this.watch.state(),
    }
  }

  restore(arrays: Tree<NDArray>, record: TrainRecord): void {
    const { generator, discriminator } = arrays as { generator: Tree<NDArray>; discriminator: Tree<NDArray> }
    const all = record as GanRecord
    if (all.accumulate !== this.accumulate)
      throw new GanError(
        `that run updated the discriminator ${all.accumulate} times for each update of the generator, this one ${this.accumulate} times`,
      )
    const own = this.generator.record()
    const before = copied(this.generator.arrays())
    this.generator.restore(generator, { ...all, batches: all.updates, accumulated: 0, accumulate: 1 })
    try {
      this.discriminator.restore(discriminator, all.discriminator)
    } catch (e) {
      this.generator.restore(before, own)
      throw e
    }
    this.batches = all.batches
    this.watch.restore(all.watch)
  }

  async dispose(): Promise<void> {
    await Promise.all([this.generator.dispose(), this.discriminator.dispose()])
  }
}

/**
 * A GAN at its first values. Deterministic: the same options and batches give the same bits on one machine and thread count.
 * @throws GanError where loss and architecture do not fit
 */
export async function trainGan(options: GanOptions): Promise<Gan> {
  const { architecture, loss, rules, key, runtime, arena, discriminatorSteps = 1, updates } = options
  if (!Number.isInteger(discriminatorSteps) || discriminatorSteps < 1)
    throw new GanError(`discriminatorSteps is a whole number from 1, not ${discriminatorSteps}`)
  if (!Number.isInteger(updates) || updates < 1) throw new GanError(`updates, what is planned, is a whole number from 1, not ${updates}`)
  const outputs = loss.outputs ?? 1
  if (architecture.outputs !== outputs)
    throw new GanError(
      `the loss "${loss.name}" wants ${outputs} scores a sample, the discriminator of "${architecture.name}" gives ${architecture.outputs}: build it with { outputs: ${outputs} }`,
    )
  const side = objectives(architecture, loss)
  const [g, d] = [
    initialise(architecture.generator, key.fork('generator')),
    initialise(architecture.discriminator, key.fork('discriminator')),
  ]
  const memory = Object.fromEntries(Object.entries(loss.memory ?? {}).map(([name, x]) => [name, f32([x], [])]))
  const engine = { runtime, arena }
  const discriminator = await trainStep(side.discriminator, rules.discriminator, {
    ...engine,
    params: d.params,
    state: { net: d.state, memory },
    key: key.fork('discriminator steps'),
  })
  const generator = await trainStep(side.generator, rules.generator, {
    ...engine,
    params: g.params,
    state: g.state,
    key: key.fork('generator steps'),
  })
  return new Gan(options, generator, discriminator)
}

function checked(batch: GanBatch, { name, shape, classes, conditional = classes !== undefined }: Architecture): GanBatch {
  const { x, y } = batch
  const given = x?.shape.slice(1) ?? []
  if (x?.dtype !== 'f32' || given.length !== shape.length || given.some((n, i) => n !== shape[i]))
    throw new GanError(
      `a batch has samples of ${x ? `${x.dtype}[${given.join(', ')}]` : 'no x'}, "${name}" makes f32[${shape.join(', ')}]: give both the same shape`,
    )
  if (classes === undefined) return { x }
  if (!y) throw new GanError(`"${name}" has ${classes} classes and needs labels: a batch is { x, y } with y i64 [${x.shape[0]}]`)
  if (y.dtype !== 'i64' || y.shape.length !== 1 || y.shape[0] !== x.shape[0])
    throw new GanError(`labels are ${y.dtype}[${y.shape.join(', ')}], for this batch they are i64[${x.shape[0]}]`)
  const least = conditional ? 0n : -1n
  const wrong = (y.data as BigInt64Array).findIndex(k => k < least || k >= BigInt(classes))
  if (wrong >= 0) throw new GanError(`label ${wrong} of a batch is ${y.data[wrong]}; "${name}" knows classes 0 to ${classes - 1}`)
  return { x, y }
}

function clamp(params: Tree<NDArray>, bound: number): void {
  for (const { data } of flatten<NDArray>(params).list)
    for (let i = 0; i < data.length; i++) data[i] = Math.min(bound, Math.max(-bound, data[i] as number))
}

function copied(tree: Tree<NDArray>): Tree<NDArray> {
  const { list, rebuild } = flatten<NDArray>(tree)
  return rebuild(list.map(a => ({ ...a, data: a.data.slice() as NDArray['data'] })))
}
