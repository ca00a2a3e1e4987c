/**
 * AdamW as the kernel's pass in place and as a graph on onnxruntime, at 1 M and 50 M parameters, one thread and two, rounds interleaved;
 * then every other pass and fill at 1 M elements.
 */
import { cpus } from 'node:os'
import * as kernel from '../../../packages/tensor/src/kernel/index.ts'
import { createArena } from '../../../packages/tensor/src/node/kernel.ts'
import { type Claim, figure, judge, writeReport } from '../report.ts'
import { adamGraph, type State } from './graph.ts'

/** Bytes that a step must move: p, m, v read and written, g read. */
const ADAM_BYTES = 28
const LR = 1e-3
const DECAY = 0.1

interface Times {
  readonly least: number
  readonly median: number
}
function summary(times: number[]): Times {
  const sorted = times.toSorted((a, b) => a - b)
  return { least: sorted[0]!, median: sorted[Math.floor(sorted.length / 2)]! }
}

/** Milliseconds a step of each arm, and how far the arms' parameters are apart at the end. */
async function optimizers(n: number, rounds: number): Promise<{ times: Map<string, Times>; difference: number }> {
  const arena = await createArena(n * 4 * 7 + 4096, 2)
  const single = await createArena(n * 4 * 4 + 4096, 1)
  const [g, singleG] = [arena.f32(n), single.f32(n)]
  kernel.fillNormal(arena, g, [1, 2])
  singleG.set(g)
  const state = (of: kernel.Arena): State => ({ p: of.f32(n), m: of.f32(n), v: of.f32(n) })
  const states = [state(arena), state(arena)] as const
  const graphs = [await adamGraph(n, 1), await adamGraph(n, 2)]
  const own = state(single)
  const times = new Map<string, number[]>()
  const note = async (arm: string, run: () => void | Promise<void>) => {
    const start = performance.now()
    await run()
    times.set(arm, [...(times.get(arm) ?? []), performance.now() - start])
  }
  let step = 0
  let difference = 0
  const scalars = () => {
    const c = { k: 1, c1: 0.1, c2: 0.001, b2: 0.999, epsilon: 1e-8, shrink: LR * DECAY }
    return { ...c, root: 1 / Math.sqrt(1 - 0.999 ** step), step: LR / (1 - 0.9 ** step) }
  }
  for (let round = 0; round < rounds; round++) {
    step++
    const update = { lr: LR, weightDecay: DECAY, step }
    await note('kernel, 1 thread', () => kernel.adam(single, own.p, singleG, own.m, own.v, update))
    await note('graph, 1 thread', () => graphs[0]!(states[0], states[1], g, scalars()))
    for (let i = 0; i < n; i += 997) difference = Math.max(difference, Math.abs(own.p[i]! - states[1].p[i]!))
    await note('graph, 2 threads', () => graphs[1]!(states[0], states[1], g, scalars()))
    // The second arena's kernel takes the step that the graphs have just taken from this state.
    await note('kernel, 2 threads', () => kernel.adam(arena, states[0].p, g, states[0].m, states[0].v, update))
  }
  arena.close()
  return { times: new Map([...times].map(([arm, all]) => [arm, summary(all.slice(2))])), difference }
}

interface Pass {
  readonly name: string
  /** Bytes an element that must move. */
  readonly bytes: number
  run(arena: kernel.Arena): void
}

/** Every pass and fill on n elements. */
function passes(arena: kernel.Arena, n: number): Pass[] {
  const [a, b, c, y] = [arena.f32(n), arena.f32(n), arena.f32(n), arena.f32(n)]
  const [u8, u32] = [arena.u8(n), arena.u32(n)]
  for (const [k, view] of [a, b, c].entries()) kernel.fillNormal(arena, view, [k, 0])
  y.fill(1 / 128)
  const d = 128
  const rows = n / d
  const [mean, inverse] = [arena.f32(rows), arena.f32(rows).fill(1)]
  const [dGamma, dBeta] = [arena.f32(d), arena.f32(d)]
  const table = arena.f32(256 * d)
  const index = arena.i64(rows)
  for (let i = 0; i < rows; i++) index[i] = BigInt((i * i) % 251)
  const sorted = kernel.sortRows(arena, index, 256)
  const side = Math.sqrt(n)
  const moment = {
    rows: side,
    columns: side,
    row: arena.f32(side),
    column: arena.f32(side),
    scratch: kernel.factoredScratch(arena, side, side),
  }
  const update = { lr: 0, beta2: 0.9 }
  return [
    { name: 'fillBits', bytes: 4, run: x => kernel.fillBits(x, u32, [1, 2]) },
    { name: 'fillUniform', bytes: 4, run: x => kernel.fillUniform(x, y, [1, 2]) },
    { name: 'fillNormal', bytes: 4, run: x => kernel.fillNormal(x, y, [1, 2]) },
    { name: 'fillDropout', bytes: 4, run: x => kernel.fillDropout(x, y, [1, 2], 0.1) },
    { name: 'fillBernoulli', bytes: 1, run: x => kernel.fillBernoulli(x, u8, [1, 2], 0.1) },
    { name: 'sumOfSquares', bytes: 4, run: x => void kernel.sumOfSquares(x, a) },
    { name: 'firstNonFinite', bytes: 4, run: x => void kernel.firstNonFinite(x, a) },
    { name: 'scale', bytes: 8, run: x => kernel.scale(x, a, 1) },
    { name: 'clamp', bytes: 8, run: x => kernel.clamp(x, a, 3) },
    { name: 'axpy', bytes: 12, run: x => kernel.axpy(x, y, 0, a) },
    { name: 'lerp', bytes: 12, run: x => kernel.lerp(x, y, a, 0) },
    { name: 'sgd', bytes: 12, run: x => kernel.sgd(x, a, b, undefined, { lr: 0 }) },
    { name: 'sgd with momentum', bytes: 20, run: x => kernel.sgd(x, a, b, y, { lr: 0, momentum: 0.9 }) },
    { name: 'adafactor', bytes: 20, run: x => void kernel.adafactor(x, a, b, moment, update) },
    { name: 'geluBackward', bytes: 12, run: x => kernel.geluBackward(x, y, a, b) },
    { name: 'softmaxBackward, rows of 128', bytes: 12, run: x => kernel.softmaxBackward(x, y, a, b, d) },
    {
      name: 'layerNormBackward, rows of 128',
      bytes: 12,
      run: x => kernel.layerNormBackward(x, y, a, { x: b, mean, inverse }, dGamma, dBeta),
    },
    { name: 'scatterAddRows, rows of 128', bytes: 4, run: x => kernel.scatterAddRows(x, table, a, index, d) },
    { name: 'addSortedRows, rows of 128', bytes: 4, run: x => kernel.addSortedRows(x, table, a, sorted, d) },
  ]
}

export async function run({ quick, json }: { readonly quick: boolean; readonly json: string | undefined }): Promise<void> {
  const claims: Claim[] = []
  const details: Record<string, unknown> = {}
  for (const [label, n, rounds] of quick
    ? ([['1 M', 1 << 20, 12]] as const)
    : ([
        ['1 M', 1 << 20, 60],
        ['50 M', 50_000_000, 9],
      ] as const)) {
    const { times, difference } = await optimizers(n, rounds)
    for (const [arm, { least, median }] of times) {
      console.log(`AdamW, ${label}, ${arm}: ${perElement(least, n, ADAM_BYTES)} at best, median ${median.toFixed(2)} ms`)
    }
    details[`adamw ${label}`] = Object.fromEntries(times)
    for (const threads of ['1 thread', '2 threads']) {
      const ratio = times.get(`graph, ${threads}`)!.median / times.get(`kernel, ${threads}`)!.median
      claims.push(judge('tensor-optimizer', `AdamW, ${label}, ${threads}: graph's time / pass's`, ratio, 'at least'))
    }
    claims.push(figure(`AdamW, ${label}: largest difference of a parameter, graph against pass`, difference))
  }
  const n = 1 << 20
  for (const threads of cpus().length > 1 ? [1, 2] : [1]) {
    const arena = await createArena(64 << 20, threads)
    for (const pass of passes(arena, n)) {
      const times: number[] = []
      for (let k = 0; k < (quick ? 10 : 40); k++) {
        const start = performance.now()
        pass.run(arena)
        times.push(performance.now() - start)
      }
      const { least, median } = summary(times)
      console.log(
        `${pass.name}, ${threads} thread${threads > 1 ? 's' : ''}: ${perElement(least, n, pass.bytes)} at best, median ${((median * 1e6) / n).toFixed(3)} ns`,
      )
      details[`${pass.name}, ${threads}`] = { nsLeast: (least * 1e6) / n, nsMedian: (median * 1e6) / n }
    }
    arena.close()
  }
  writeReport('tensor-optimizer', claims, details, json)
}

const perElement = (ms: number, n: number, bytes: number) =>
  `${((ms * 1e6) / n).toFixed(3)} ns an element, ${((n * bytes) / ms / 1e6).toFixed(1)} GB/s`
