/** `npm run bench -- <name> [--quick] [--json FILE]`. Run it on an idle machine: every claim of speed is a ratio measured in the same run. */
import { parseArgs } from 'node:util'

const BENCHMARKS: Record<string, () => Promise<{ run(options: { quick: boolean; json: string | undefined }): Promise<void> }>> = {
  render: () => import('./render/bench.ts'),
  traversal: () => import('./traversal/bench.ts'),
  clips: () => import('./clips/bench.ts'),
  profile: () => import('./profile/bench.ts'),
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { quick: { type: 'boolean' }, json: { type: 'string' } } })
const load = BENCHMARKS[positionals[0] ?? '']
if (!load) {
  console.error(`which benchmark? ${Object.keys(BENCHMARKS).join(', ')}`)
  process.exit(2)
}
await (await load()).run({ quick: values.quick ?? false, json: values.json })
