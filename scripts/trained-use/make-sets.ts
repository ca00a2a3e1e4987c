/** Makes what is not there yet of some sets, each by one `diorama generate` of its own; a run that was stopped goes on where it was. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { SetOfClips } from './sets.ts'

const cli = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url))

/** How many clips the logs of a set's runs tell of. */
function clipsOf(folder: string): number {
  const log = join(folder, 'run.jsonl')
  const lines = existsSync(log) ? readFileSync(log, 'utf8').split('\n') : []
  return new Set(lines.filter(l => l.startsWith('{"event":"clip"')).map(l => (JSON.parse(l) as { index: number }).index)).size
}

export function makeSets(sets: readonly SetOfClips[], out: string): void {
  for (const { name, args } of sets) {
    const folder = join(out, name)
    if (existsSync(join(folder, 'dataset.json')) && clipsOf(folder) === Number(args[args.indexOf('--count') + 1])) continue
    const resume = existsSync(join(folder, 'recipe.json')) ? ['--resume'] : []
    console.log(`diorama generate ${args.join(' ')} --out ${folder}`)
    const run = spawnSync(
      process.execPath,
      ['--conditions=@dioramic/source', cli, 'generate', ...args, '--workers', '1', '--out', folder, ...resume],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    )
    if (run.status !== 0) throw new Error(`the set ${name} was not made; what went wrong stands above`)
  }
}
