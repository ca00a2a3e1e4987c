/** Parameters in flat vectors, gradients of a loss into one, AdamW over it. */

import type { Arrays, Plain } from './arrays.ts'
import * as t from './engine.ts'

type Params = t.Tree<t.Tensor>
export type Batch = Readonly<Record<string, t.Tensor>>
type Arena = Awaited<ReturnType<typeof t.createArena>>

export interface AdamW {
  readonly lr: number
  readonly betas?: readonly [number, number]
  readonly weightDecay?: number
  /** Factors on rate and decay by path. */
  readonly factors?: (path: string) => { readonly lr: number; readonly decay: number }
  readonly clipNorm?: number
}

/** The peer's name of a parameter (# stands for the index of a stacked layer), and whether its last two axes are swapped there. */
export type PeerName = (path: string) => { readonly name: string; readonly swap: boolean }

/** Parameters of a model: values, gradients and moments, each one vector in which parameters with equal factors are neighbours. */
export class Parameters {
  readonly values: t.Tree<t.NDArray>
  readonly gradients: readonly t.NDArray[]
  readonly second: readonly t.NDArray[]
  readonly count: number
  private readonly flat: { p: Float32Array; g: Float32Array; g2: Float32Array | undefined; m: Float32Array; v: Float32Array }
  private readonly slices: { from: number; to: number; lr: number; decay: number }[] = []
  private readonly paths: readonly string[]
  private readonly list: readonly t.NDArray[]
  private readonly arena: Arena
  private readonly rule: AdamW
  private updates = 0

  private constructor(arena: Arena, initial: t.Tree<t.NDArray>, rule: AdamW, accumulate: boolean) {
    const tree = t.flatten<t.NDArray>(initial)
    this.arena = arena
    this.rule = rule
    this.paths = tree.paths
    this.count = tree.list.reduce((n, a) => n + a.data.length, 0)
    const vector = () => arena.f32(this.count)
    this.flat = { p: vector(), g: vector(), g2: accumulate ? vector() : undefined, m: vector(), v: vector() }
    const factors = tree.paths.map(p => rule.factors?.(p) ?? { lr: 1, decay: 1 })
    const order = tree.list
      .map((_, i) => i)
      .sort((a, b) => factors[a]!.lr - factors[b]!.lr || factors[a]!.decay - factors[b]!.decay || a - b)
    const starts: number[] = []
    let at = 0
    for (const i of order) {
      const last = this.slices.at(-1)
      const { lr, decay } = factors[i]!
      starts[i] = at
      at += tree.list[i]!.data.length
      if (last && last.lr === lr && last.decay === decay) last.to = at
      else this.slices.push({ from: starts[i]!, to: at, lr, decay })
    }
    const views = (flat: Float32Array) =>
      tree.list.map((a, i): t.NDArray => ({ ...a, data: flat.subarray(starts[i]!, starts[i]! + a.data.length) }))
    this.list = views(this.flat.p)
    this.list.forEach((a, i) => {
      ;(a.data as Float32Array).set(tree.list[i]!.data as Float32Array)
    })
    this.values = tree.rebuild(this.list)
    this.gradients = views(this.flat.g)
    this.second = this.flat.g2 ? views(this.flat.g2) : []
  }

  static async create(initial: t.Tree<t.NDArray>, rule: AdamW, threads: number, accumulate = false): Promise<Parameters> {
    const count = t.flatten<t.NDArray>(initial).list.reduce((n, a) => n + a.data.length, 0)
    const arena = await t.createArena(count * 4 * (accumulate ? 5 : 4) + 4096, threads)
    return new Parameters(arena, initial, rule, accumulate)
  }

  /** One update from `gradients`, divided by `micro` (and `second` added before). */
  update(micro = 1): void {
    const { arena, flat, rule } = this
    if (flat.g2) t.kernel.axpy(arena, flat.g, 1, flat.g2)
    let gradientScale = 1 / micro
    if (rule.clipNorm !== undefined) {
      const norm = Math.sqrt(t.kernel.sumOfSquares(arena, flat.g)) / micro
      gradientScale *= Math.min(1, rule.clipNorm / (norm + 1e-6))
    }
    const [beta1, beta2] = rule.betas ?? [0.9, 0.999]
    const step = ++this.updates
    for (const { from, to, lr, decay } of this.slices) {
      const part = (x: Float32Array) => x.subarray(from, to)
      const weightDecay = (rule.weightDecay ?? 0.01) * decay
      t.adam(arena, part(flat.p), part(flat.g), part(flat.m), part(flat.v), {
        step,
        lr: rule.lr * lr,
        weightDecay,
        beta1,
        beta2,
        gradientScale,
      })
    }
  }

  /** Values under the peer's names. */
  take(weights: Arrays, peer: PeerName): void {
    this.paths.forEach((path, i) => {
      const { name, swap } = peer(path)
      const { shape, data } = this.list[i]!
      const to = data as Float32Array
      const parts = name.includes('#') ? shape[0]! : 1
      const size = to.length / parts
      for (let k = 0; k < parts; k++) {
        const from = weights[name.replace('#', `${k}`)]
        if (!from || from.data.length !== size)
          throw new Error(`"${path}" [${shape}] has no equal in the peer's weights: ${name.replace('#', `${k}`)} [${from?.shape}]`)
        copy(from, to.subarray(k * size, (k + 1) * size), swap)
      }
    })
  }

  dump(peer: PeerName): Arrays {
    const out: Record<string, Plain> = {}
    this.paths.forEach((path, i) => {
      const { name, swap } = peer(path)
      const { shape, data } = this.list[i]!
      const parts = name.includes('#') ? shape[0]! : 1
      const own = name.includes('#') ? shape.slice(1) : shape
      const size = data.length / parts
      for (let k = 0; k < parts; k++) {
        const from = { shape: own, data: (data as Float32Array).subarray(k * size, (k + 1) * size) }
        const to = { shape: swap ? [own[1]!, own[0]!] : own, data: new Float32Array(size) }
        copy(from, to.data, swap)
        out[name.replace('#', `${k}`)] = to
      }
    })
    return out
  }
}

function copy(from: Plain, to: Float32Array, swap: boolean): void {
  if (!swap) {
    to.set(from.data as Float32Array)
    return
  }
  const [rows, columns] = from.shape as [number, number]
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) to[c * rows + r] = Number(from.data[r * columns + c])
}

/** A workload: one step on a batch gives its losses. */
export interface Workload {
  readonly parameters: number
  step(batch: Readonly<Record<string, t.NDArray>>): Promise<number[]>
  take(weights: Arrays): void
  dump(): Arrays
  readonly report?: unknown
}

export interface Options {
  readonly threads: number
  readonly dropout: number
  readonly layers: number
}

const KEY = t.Key.fromSeed(1)

/** A model trained by one loss. `micro`: the batch's first axis is cut in so many micro-batches of one update. */
export async function train(
  model: t.nn.Layer,
  loss: (apply: (x: t.Tensor) => t.Tensor, batch: Batch) => t.Tensor,
  peer: PeerName,
  { threads }: Options,
  rule: AdamW = { lr: 1e-3 },
  micro = 1,
): Promise<Workload> {
  const runtime = t.nodeRuntime({ threads })
  const params = await Parameters.create(model.init(KEY).params, rule, threads, micro > 1)
  const both = t.valueAndGrad((p: Params, batch: Batch, key: t.Tensor) =>
    loss(x => model.apply(p as never, model.state as never, x, { key, train: true })[0], batch),
  )
  const compiled = t.compile(both as never, runtime)
  const value = t.f32(new Float32Array(1), [])
  const key = { dtype: 'i64' as const, shape: [2], data: new BigInt64Array(2) }
  let steps = 0
  const self: { -readonly [K in keyof Workload]: Workload[K] } = {
    parameters: params.count,
    step: async batch => {
      let total = 0
      for (let k = 0; k < micro; k++) {
        key.data.set(KEY.fork('step').fork(steps++).toInt64())
        const part = micro === 1 ? batch : mapPart(batch, k)
        const executable = await compiled.executable(params.values, part, key)
        self.report = executable.report
        const inputs = [...t.flatten<t.NDArray>(params.values).list, ...Object.values(part), key]
        await executable.run(inputs, [value, ...(k === 0 ? params.gradients : params.second)])
        total += (value.data as Float32Array)[0]! / micro
      }
      params.update(micro)
      return [total]
    },
    take: w => params.take(w, peer),
    dump: () => params.dump(peer),
  }
  return self
}

/** Slice k of the first axis of each array of a batch. */
function mapPart(batch: Readonly<Record<string, t.NDArray>>, k: number): Record<string, t.NDArray> {
  return Object.fromEntries(
    Object.entries(batch).map(([name, a]) => {
      const n = a.data.length / a.shape[0]!
      return [name, { ...a, shape: a.shape.slice(1), data: a.data.subarray(k * n, (k + 1) * n) } as t.NDArray]
    }),
  )
}
