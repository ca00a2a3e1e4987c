/** Diorama's side of the benchmark: the commands of torch/server.py. */
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { readArrays, writeArrays } from './arrays.ts'
import type { NDArray } from './engine.ts'
import type { Build, Memory } from './process.ts'
import type { Options, Workload } from './trainer.ts'

type Batch = Readonly<Record<string, NDArray>>

let work: Workload | undefined
let batches: Batch[]
let at = 0

async function build(c: Build): Promise<object> {
  const began = performance.now()
  const { workloads } = await import('./workloads/index.ts')
  const imported = performance.now()
  const { rss: idle } = memory()
  const busy = process.cpuUsage()
  const make = workloads[c.build]
  if (!make) throw new Error(`no workload ${c.build}`)
  const options: Options = { threads: c.threads, dropout: c.dropout ?? 0.1, layers: c.layers ?? 1000 }
  work = await make(options)
  if (c.weights) work.take(readArrays(c.weights))
  const seconds = (performance.now() - imported) / 1e3
  const { user, system } = process.cpuUsage(busy)
  const data = Object.entries(c.batches ? readArrays(c.batches) : {})
  const count = data[0]?.[1].shape[0] ?? 1
  batches = Array.from({ length: count }, (_, i) =>
    Object.fromEntries(
      data.map(([name, { shape, data: values }]) => {
        const n = values.length / count
        return [
          name,
          {
            dtype: values instanceof Float32Array ? 'f32' : 'i64',
            shape: shape.slice(1),
            data: values.slice(i * n, (i + 1) * n),
          } as NDArray,
        ]
      }),
    ),
  )
  at = 0
  return { seconds, cpu: (user + system) / 1e6, idle, parameters: work.parameters, import: (imported - began) / 1e3 }
}

async function steps(count: number): Promise<object> {
  const ms: number[] = []
  const cpu: number[] = []
  const losses: number[][] = []
  for (let i = 0; i < count; i++) {
    const batch = batches[at++ % batches.length]!
    const [start, busy] = [performance.now(), process.cpuUsage()]
    losses.push(await work!.step(batch))
    ms.push(performance.now() - start)
    const { user, system } = process.cpuUsage(busy)
    cpu.push((user + system) / 1e3)
  }
  return { ms, cpu, losses }
}

function memory(): Memory {
  const status = readFileSync('/proc/self/status', 'utf8')
  const size = (field: string) => Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)![1]) * 1024
  return { rss: size('VmRSS'), anonymous: size('RssAnon'), peak: size('VmHWM') }
}

for await (const line of createInterface({ input: process.stdin })) {
  const c = JSON.parse(line)
  let answer: object
  try {
    if (c.build) answer = await build(c)
    else if (c.steps) answer = await steps(c.steps)
    else if (c.dump) {
      writeArrays(c.dump, work!.dump())
      answer = {}
    } else if (c.report) answer = { report: work?.report }
    else answer = memory()
  } catch (error) {
    answer = { error: (error as Error).stack ?? `${error}` }
  }
  console.log(JSON.stringify(answer))
}
