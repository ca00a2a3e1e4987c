/** The coordinate check: does any value inside a model, or what a step does to it, grow or shrink with width (Yang et al. 2022, appendix D.1)? */
import {
  abs,
  compile,
  type Key,
  mean,
  type NDArray,
  type nn,
  numbersOf,
  type optim,
  plot,
  type Tensor,
  type TrainOptions,
  type Tree,
  trainStep,
} from '@dioramic/tensor'
import { MupError } from './error.ts'

/** One batch on which all steps are taken. */
export interface CoordBatch {
  readonly x: NDArray
  readonly y: NDArray
}

export interface CoordOptions {
  /** The model of a width, under its parametrisation. */
  readonly model: (width: number) => nn.Layer
  /** How it is trained: `optim.chain(optim.adam(…), optim.scaleUpdates(nn.factorsOf(model)))`. */
  readonly rule: (model: nn.Layer) => optim.Rule
  /** From the model's output and y to a scalar. */
  readonly loss: (output: Tensor, y: Tensor) => Tensor
  readonly batch: CoordBatch
  readonly widths: readonly number[]
  /** Repetitions from other first values. */
  readonly seeds: number
  /** Updates. Default 3. */
  readonly steps?: number
  readonly key: Key
  readonly runtime: TrainOptions['runtime']
  readonly arena: TrainOptions['arena']
}

/** Mean |x| of every module's output at one width and seed: `sizes[path][t]` after t updates. */
export interface CoordRecord {
  readonly width: number
  readonly seed: number
  readonly sizes: Readonly<Record<string, readonly number[]>>
}

/** How a module's mean |x| goes with width after `step` updates: slope of its log₂ over that of the width. */
export interface CoordSlope {
  readonly module: string
  readonly step: number
  readonly slope: number
}

/** Trains each width for a few steps on one batch, and looks at every module's output before and after each. */
export async function coordCheck(o: CoordOptions): Promise<readonly CoordRecord[]> {
  if (new Set(o.widths).size < 2) throw new MupError(`a coordinate check compares widths: give two or more, not ${o.widths.join(', ')}`)
  const out: CoordRecord[] = []
  for (let seed = 0; seed < o.seeds; seed++)
    for (const width of o.widths) out.push({ width, seed, sizes: await coordinates(o.model(width), o, o.key.fork(seed)) })
  return out
}

async function coordinates(model: nn.Layer, o: CoordOptions, key: Key): Promise<CoordRecord['sizes']> {
  const { x, y } = o.batch
  const run = (p: Tree<Tensor>, s: Tree<Tensor>, input: Tensor, k: Tensor, observe?: nn.Observer) =>
    model.apply(p, s, input, { key: k, train: true, observe })
  const look = compile((p: Tree<Tensor>, s: Tree<Tensor>, input: Tensor, k: Tensor) => {
    const seen: Record<string, Tensor> = {}
    run(p, s, input, k, (path, value) => {
      if (value.dtype === 'f32') seen[path === '' ? 'output' : path] = mean(abs(value))
    })
    return seen
  }, o.runtime)
  const loss = (p: Tree<Tensor>, s: Tree<Tensor>, b: { x: Tensor; y: Tensor }, k: Tensor) => {
    const [output, next] = run(p, s, b.x, k)
    return [o.loss(output, b.y), next] as const
  }
  const training = await trainStep(loss, o.rule(model), {
    runtime: o.runtime,
    arena: o.arena,
    ...model.init(key.fork('init')),
    key: key.fork('train'),
  })
  const sizes: Record<string, number[]> = {}
  try {
    for (let t = 0; t <= (o.steps ?? 3); t++) {
      if (t > 0) await training.step({ x, y })
      const k: NDArray = { dtype: 'i64', shape: [2], data: key.fork('look').toInt64() }
      const seen = (await look(training.params, training.state, x, k)) as Record<string, NDArray>
      for (const [path, value] of Object.entries(seen)) (sizes[path] ??= []).push(numbersOf(value)[0]!)
    }
  } finally {
    await look.dispose()
    await training.dispose()
  }
  return sizes
}

/** Slopes of every module and step, over the means of the seeds. A module that is 0 at some width (a readout that begins at 0) has none at that step. */
export function coordSlopes(records: readonly CoordRecord[]): readonly CoordSlope[] {
  const widths = [...new Set(records.map(r => r.width))]
  return Object.keys(records[0]!.sizes).flatMap(module => {
    const steps = records[0]!.sizes[module]!.length
    return Array.from({ length: steps }, (_, step) => {
      const points = widths.map(w => [Math.log2(w), Math.log2(sizeAt(records, w, module, step))] as const)
      return { module, step, slope: slopeOf(points) }
    }).filter(s => Number.isFinite(s.slope))
  })
}

function sizeAt(records: readonly CoordRecord[], width: number, module: string, step: number): number {
  const own = records.filter(r => r.width === width)
  return own.reduce((sum, r) => {
    const v = r.sizes[module]?.[step]
    if (v === undefined)
      throw new MupError(
        `the model of width ${width} has no module "${module}", which that of another width has: widths may differ in nothing else`,
      )
    return sum + v / own.length
  }, 0)
}

function slopeOf(points: readonly (readonly [number, number])[]): number {
  const [mx, my] = [0, 1].map(k => points.reduce((s, p) => s + p[k]!, 0) / points.length) as [number, number]
  const sum = (f: (p: readonly [number, number]) => number) => points.reduce((s, p) => s + f(p), 0)
  return sum(([x, y]) => (x - mx) * (y - my)) / sum(([x]) => (x - mx) ** 2)
}

export interface CoordVerdict {
  readonly flat: boolean
  /** The steepest slope after an update. */
  readonly worst: CoordSlope
  readonly text: string
}

/** Whether every slope after an update lies within ±`limit`; before, models that begin at random need not be flat (their outputs shrink as chance averages out). */
export function coordVerdict(records: readonly CoordRecord[], limit = 0.1): CoordVerdict {
  const slopes = coordSlopes(records).filter(s => s.step > 0)
  if (slopes.length === 0) throw new MupError('no module had an output other than 0 after an update: there is nothing to judge')
  const steepest = [...slopes].sort((a, b) => Math.abs(b.slope) - Math.abs(a.slope))
  const worst = steepest[0]!
  const widths = records.map(r => r.width)
  const range = `widths ${Math.min(...widths)} to ${Math.max(...widths)}`
  const words = (s: CoordSlope) =>
    `${s.module} ${s.slope > 0 ? 'grows' : 'shrinks'} as width^${s.slope.toFixed(2)} after ${s.step} ${s.step === 1 ? 'update' : 'updates'}`
  if (Math.abs(worst.slope) <= limit) return { flat: true, worst, text: `flat over ${range}: at most, ${words(worst)}` }
  const each = steepest.filter((s, i) => Math.abs(s.slope) > limit && steepest.findIndex(other => other.module === s.module) === i)
  return {
    flat: false,
    worst,
    text: `not flat over ${range} (limit ${limit}): ${each.slice(0, 8).map(words).join('; ')}${each.length > 8 ? `; and ${each.length - 8} more modules` : ''}`,
  }
}

/** Mean |x| over width after `step` updates, a curve a module (the steepest eight where there are more). */
export function coordPlot(records: readonly CoordRecord[], step: number, title = `Coordinates after ${step} updates`): string {
  const slopes = coordSlopes(records)
    .filter(s => s.step === step)
    .sort((a, b) => Math.abs(b.slope) - Math.abs(a.slope))
    .slice(0, 8)
  const widths = [...new Set(records.map(r => r.width))].sort((a, b) => a - b)
  return plot(
    slopes.map(({ module }) => ({ name: module, points: widths.map(w => [w, sizeAt(records, w, module, step)] as const) })),
    { title, x: 'width', y: 'mean |x| of the output', logX: true, logY: true },
  )
}
