/** `npm run bench -- <name> [part …] [--quick] [--json FILE]`. Run it on an idle machine: every claim of speed is a ratio measured in the same run. */
import { parseArgs } from 'node:util'

interface Options {
  readonly quick: boolean
  readonly json: string | undefined
  /** Names after the benchmark's: what to keep to. */
  readonly only: readonly string[]
}

const BENCHMARKS: Record<string, () => Promise<{ run(options: Options): Promise<void> }>> = {
  render: () => import('./render/bench.ts'),
  traversal: () => import('./traversal/bench.ts'),
  labels: () => import('./labels/bench.ts'),
  clips: () => import('./clips/bench.ts'),
  profile: () => import('./profile/bench.ts'),
  loading: () => import('./loading/bench.ts'),
  switches: () => import('./switches/bench.ts'),
  denoiser: () => import('./denoiser/bench.ts'),
  worlds: () => import('./worlds/bench.ts'),
  'tensor-optimizer': () => import('./tensor-optimizer/bench.ts'),
  tensor: () => import('./tensor/bench.ts'),
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { quick: { type: 'boolean' }, json: { type: 'string' } } })
const load = BENCHMARKS[positionals[0] ?? '']
if (!load) {
  console.error(`which benchmark? ${Object.keys(BENCHMARKS).join(', ')}`)
  process.exit(2)
}
await (await load()).run({ quick: values.quick ?? false, json: values.json, only: positionals.slice(1) })
