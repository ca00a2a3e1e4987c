/**
 * Training steps beside the newest PyTorch, in the same minutes: each side is a process of its own, blocks of steps alternate A B, B A, and
 * claims are ratios of medians with a bootstrap interval over rounds. On one thread time is the processor's, since machines are shared; on
 * two it is the clock's, and wants an idle machine. `npm run bench -- tensor [network …] [--quick]`; a thread count
 * among the names (`1`, `2`) keeps to it, `age` keeps to steps late against early. The quick form takes the networks of ordinary size on
 * one thread, in few rounds, and compares no losses.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Key } from '@dioramic/scene'
import { type Claim, figure, judge, writeReport } from '../report.ts'
import { writeArrays } from './arrays.ts'
import { type Network, networks } from './networks.ts'
import { type Built, type Memory, ours, peer, peerVersion, type Side } from './process.ts'
import { median, ratioOfMedians } from './statistics.ts'

interface Run {
  readonly side: Side
  readonly built: Built
  /** Build and first step, seconds; on one thread the processor's. */
  readonly start: number
  /** Milliseconds of each step, by the clock and of the processor's time. */
  readonly rounds: number[][]
  readonly cpu: number[][]
  memory?: Memory
}

async function start(side: Side, network: Network, threads: number, files: object): Promise<Run> {
  const built = await side.build({ build: network.name, threads, ...files })
  const first = await side.steps(1)
  const start = threads === 1 ? built.cpu + first.cpu[0]! / 1e3 : built.seconds + first.ms[0]! / 1e3
  return { side, built, start, rounds: [], cpu: [] }
}

/** Steps that take about `seconds`, and at least three. */
async function blockOf(run: Run, seconds: number): Promise<number> {
  const { ms } = await run.side.steps(3)
  return Math.max(3, Math.min(500, Math.round((seconds * 1e3) / median(ms))))
}

async function interleave(runs: readonly Run[], rounds: number, seconds: number): Promise<void> {
  const blocks: number[] = []
  for (const run of runs) blocks.push(await blockOf(run, seconds))
  for (let r = 0; r < rounds; r++) {
    for (let i = 0; i < runs.length; i++) {
      const at = r % 2 === 0 ? i : runs.length - 1 - i
      // Worker threads of the side that has just stopped spin on for a while: they must not be felt by the other one.
      await sleep(30)
      const { ms, cpu } = await runs[at]!.side.steps(blocks[at]!)
      runs[at]!.rounds.push(ms)
      runs[at]!.cpu.push(cpu)
    }
  }
}

/** Largest difference of losses, dropout off, same weights and batches; the first step where it is past 1e-3, if any. */
async function compare(network: Network, batches: string, folder: string, steps: number): Promise<{ worst: number; first: number | null }> {
  const [a, b] = [ours(1), peer(1)]
  try {
    const weights = join(folder, `${network.name}.weights`)
    const options = { build: network.name, threads: 1, dropout: 0, batches }
    await b.build(options)
    await b.dump(weights)
    await a.build({ ...options, weights })
    const [x, y] = [(await a.steps(steps)).losses, (await b.steps(steps)).losses]
    const gaps = x.map((losses, i) => Math.max(...losses.map((v, j) => Math.abs(v - y[i]![j]!))))
    const first = gaps.findIndex(g => !(g <= 1e-3))
    return { worst: gaps.some(Number.isNaN) ? Number.NaN : Math.max(...gaps), first: first < 0 ? null : first }
  } finally {
    await a.close()
    await b.close()
  }
}

const threadsText = (n: number) => (n === 1 ? '1 thread' : `${n} threads`)

export async function run({
  quick,
  json,
  only = [],
}: {
  quick: boolean
  json: string | undefined
  only?: readonly string[]
}): Promise<void> {
  const unknown = only.filter(o => !['1', '2', 'age'].includes(o) && !networks.some(n => n.name === o))
  if (unknown.length > 0) throw new Error(`no such network: ${unknown.join(', ')}; there are ${networks.map(n => n.name).join(', ')}`)
  const named = networks.filter(n => only.includes(n.name))
  const chosen = named.length > 0 ? named : quick ? networks.filter(n => !n.name.endsWith('50m')) : networks
  const asked = [1, 2].filter(t => only.includes(`${t}`))
  const counts = (asked.length > 0 ? asked : quick ? [1] : [1, 2]).filter(t => t <= availableParallelism())
  const found = await peerVersion()
  const withPeer = 'version' in found
  console.log(withPeer ? `beside PyTorch ${found.version}, eager, fused AdamW` : `alone: ${found.reason}`)
  const folder = mkdtempSync(join(tmpdir(), 'diorama-tensor-'))
  const claims: Claim[] = []
  const details: Record<string, unknown> = { peer: found }
  const rows: string[][] = []
  try {
    for (const network of only.includes('age') && named.length === 0 ? [] : chosen) {
      const batches = join(folder, `${network.name}.batches`)
      writeArrays(batches, network.batches(network.count, Key.fromSeed(7).fork(network.name)))
      if (withPeer && network.compared > 0 && !quick && !only.includes('age')) {
        const steps = network.compared
        const { worst, first } = await compare(network, batches, folder, steps)
        const late = first === null ? '' : ` (past 1e-3 from step ${first})`
        claims.push({ ...judge('tensor', `${network.name}: largest difference of the first losses`, worst, 'at most') })
        console.log(`${network.name}: losses of ${steps} steps differ by ${worst.toPrecision(3)}${late}`)
      }
      for (const threads of only.includes('age') ? [] : counts) {
        const what = `${network.name}, ${threadsText(threads)}`
        const sides = [ours(threads), ...(withPeer ? [peer(threads)] : [])]
        try {
          const runs: Run[] = []
          for (const side of sides) runs.push(await start(side, network, threads, { batches }))
          await interleave(runs, quick ? 3 : network.rounds, quick ? 0.3 : 1.2)
          for (const run of runs) run.memory = await run.side.memory()
          report(what, network, runs, claims, rows)
          details[what] = runs.map(({ side, ...run }) => ({ ...run, side: side.name }))
        } finally {
          for (const side of sides) await side.close()
        }
      }
    }
    if ((only.length === 0 && !quick) || only.includes('age')) {
      const aged = named.length > 0 ? named : networks.filter(n => n.name === 'mlp')
      for (const network of aged) await age(network, folder, quick ? 1000 : 5000, claims, details)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  printTable(rows)
  writeReport('tensor', claims, details, json)
}

function report(what: string, network: Network, runs: readonly Run[], claims: Claim[], rows: string[][]): void {
  const [mine, other] = runs as [Run, Run | undefined]
  const single = what.endsWith('1 thread')
  for (const { side, start, rounds, cpu, memory, built } of runs) {
    const all = (single ? cpu : rounds).flat()
    const mb = (bytes: number) => (bytes / 2 ** 20).toFixed(0)
    rows.push([
      what,
      side.name,
      ...[Math.min(...all), median(all)].map(v => v.toFixed(2)),
      `${all.length}`,
      start.toFixed(2),
      built.import.toFixed(2),
      mb(memory!.rss),
      mb(memory!.anonymous),
      mb(memory!.rss - built.idle),
    ])
  }
  claims.push(judge('tensor', `${what}: build and first step, seconds`, mine.start, 'at most'))
  if (!other) {
    claims.push(figure(`${what}: step, ms`, median((single ? mine.cpu : mine.rounds).flat())))
    return
  }
  const clock = ratioOfMedians(mine.rounds, other.rounds)
  const { ratio, interval } = single ? ratioOfMedians(mine.cpu, other.cpu) : clock
  claims.push(judge('tensor', `${what}: step time / PyTorch's`, ratio, 'at most', interval))
  if (single) claims.push(figure(`${what}: step time by the clock / PyTorch's`, clock.ratio, clock.interval))
  const grown = ({ built, memory }: Run) => memory!.rss - built.idle
  claims.push(figure(`${what}: memory beyond the loaded library / PyTorch's`, grown(mine) / grown(other)))
  claims.push(judge('tensor', `${what}: resident memory / PyTorch's`, mine.memory!.rss / other.memory!.rss, 'at most'))
  if (network.name.endsWith('50m')) {
    claims.push(judge('tensor', `${what}: memory of no file / PyTorch's`, mine.memory!.anonymous / other.memory!.anonymous, 'at most'))
  }
}

/** A process that has done `steps` steps beside one that has done 100. */
async function age(network: Network, folder: string, steps: number, claims: Claim[], details: Record<string, unknown>): Promise<void> {
  const batches = join(folder, `${network.name}.batches`)
  writeArrays(batches, network.batches(network.count, Key.fromSeed(7).fork(network.name)))
  const sides = [ours(1), ours(1)]
  try {
    const runs = [await start(sides[0]!, network, 1, { batches }), await start(sides[1]!, network, 1, { batches })]
    const before = await sides[0]!.steps(100).then(() => sides[0]!.memory())
    await sides[0]!.steps(steps - 100)
    await sides[1]!.steps(100)
    // Short blocks: the young one must stay young.
    for (let r = 0; r < 10; r++) {
      for (const run of r % 2 === 0 ? runs : [...runs].reverse()) {
        await sleep(30)
        run.cpu.push((await run.side.steps(10)).cpu)
      }
    }
    const { ratio, interval } = ratioOfMedians(runs[0]!.cpu, runs[1]!.cpu)
    const after = await sides[0]!.memory()
    claims.push(judge('tensor', `${network.name}: step ${steps} / step 100`, ratio, 'at most', interval))
    claims.push(figure(`${network.name}: memory at step ${steps} / at step 100`, after.rss / before.rss))
    details[`${network.name}, age`] = { cpu: runs.map(r => r.cpu), before, after }
  } finally {
    for (const side of sides) await side.close()
  }
}

function printTable(rows: readonly string[][]): void {
  const head = ['network', 'side', 'min ms', 'median ms', 'steps', 'start s', 'import s', 'RSS MB', 'anonymous MB', 'beyond library MB']
  const all = [head, ...rows]
  const widths = head.map((_, i) => Math.max(...all.map(r => r[i]!.length)))
  for (const r of all) console.log(r.map((c, i) => (i < 2 ? c.padEnd(widths[i]!) : c.padStart(widths[i]!))).join('  '))
}
