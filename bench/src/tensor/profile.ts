/**
 * Where onnxruntime spends a step's time, by operator: `node --conditions=@dioramic/source bench/src/tensor/profile.ts gpt [threads] [steps]`.
 * Opens every session with profiling on (which costs some time itself) and sums the kernels' times.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Key } from '@dioramic/scene'
import type { NDArray } from './engine.ts'
import { networks } from './networks.ts'
import { workloads } from './workloads/index.ts'

interface Native {
  loadModel(...args: unknown[]): void
  endProfiling(): void
}
const require = createRequire(import.meta.url)
const { binding } = require('onnxruntime-node/dist/binding.js') as { binding: { InferenceSession: new () => Native } }

const [name = 'gpt', threads = '1', steps = '10'] = process.argv.slice(2)
const folder = mkdtempSync(join(tmpdir(), 'diorama-profile-'))
const opened: Native[] = []
binding.InferenceSession = class extends binding.InferenceSession {
  override loadModel(...args: unknown[]): void {
    opened.push(this)
    super.loadModel(...args.slice(0, -1), {
      ...(args.at(-1) as object),
      enableProfiling: true,
      profileFilePrefix: join(folder, `p${opened.length}`),
    })
  }
}

const network = networks.find(n => n.name === name)!
const work = await workloads[name]!({ threads: Number(threads), dropout: 0.1, layers: 1000 })
const batch = Object.fromEntries(
  Object.entries(network.batches(1, Key.fromSeed(7))).map(([k, { shape, data }]) => [
    k,
    { dtype: data instanceof Float32Array ? 'f32' : 'i64', shape: shape.slice(1), data } as NDArray,
  ]),
)
await work.step(batch)
const start = performance.now()
for (let i = 0; i < Number(steps); i++) await work.step(batch)
const whole = (performance.now() - start) / Number(steps)
for (const s of opened) s.endProfiling()

interface Event {
  readonly cat: string
  readonly name: string
  readonly dur: number
  readonly args: {
    readonly op_name?: string
    readonly input_type_shape?: readonly Record<string, number[]>[]
    readonly output_type_shape?: readonly Record<string, number[]>[]
  }
}
const byOp = new Map<string, { us: number; calls: number }>()
const byNode = new Map<string, { us: number; calls: number }>()
let runs = 0
const put = (map: typeof byOp, key: string, us: number) => {
  const e = map.get(key) ?? { us: 0, calls: 0 }
  map.set(key, { us: e.us + us, calls: e.calls + 1 })
}
for (const file of readdirSync(folder)) {
  for (const e of JSON.parse(readFileSync(join(folder, file), 'utf8')) as Event[]) {
    if (e.name === 'model_run') runs += e.dur
    if (e.cat !== 'Node' || !e.name.endsWith('_kernel_time')) continue
    put(byOp, e.args.op_name!, e.dur)
    const shapes = (l: Event['args']['input_type_shape']) => (l ?? []).map(o => `[${Object.values(o)[0]}]`).join(' ')
    put(byNode, `${e.args.op_name} ${shapes(e.args.input_type_shape)} → ${shapes(e.args.output_type_shape)}`, e.dur)
  }
}
rmSync(folder, { recursive: true })
const n = Number(steps) + 1
console.log(`${name}, ${threads} threads: ${whole.toFixed(2)} ms a step, of it sessions ${(runs / n / 1e3).toFixed(2)} ms`)
const print = (map: typeof byOp, most: number) => {
  for (const [key, { us, calls }] of [...map].sort((a, b) => b[1].us - a[1].us).slice(0, most))
    console.log(
      `${(us / n / 1e3).toFixed(3).padStart(9)} ms ${(calls / n).toFixed(0).padStart(6)} × ${(us / calls).toFixed(0).padStart(6)} µs  ${key}`,
    )
}
print(byOp, 25)
console.log('')
print(byNode, 30)
