import { configSchema } from '@dioramic/generate'
import { suggest } from '@dioramic/scene'
import { WORLDS } from '@dioramic/worlds'
import pc from 'picocolors'
import { EXIT, UsageError } from '../fail.ts'
import { table } from '../units.ts'

/** Lists the worlds, or one world's settings. */
export async function worlds(name?: string): Promise<number> {
  if (name === undefined) {
    for (const [id, w] of WORLDS) {
      process.stdout.write(`${pc.bold(id)}\n  ${w.summary}\n  ${pc.dim(w.cost)}\n  ${pc.dim(`$ ${w.command}`)}\n\n`)
    }
    process.stdout.write('A path ending in .ts is a world of your own, one ending in .json a fixed scene.\n')
    return EXIT.ok
  }
  const entry = WORLDS.get(name)
  if (!entry) throw new UsageError(`there is no world "${name}"; ${suggest(name, WORLDS.keys())}`)
  const properties = (configSchema(entry.world)['properties'] ?? {}) as Record<string, Record<string, unknown>>
  const rows = Object.entries(properties).map(([key, p]) => [
    `  ${key}`,
    String(p['type'] ?? 'value'),
    p['default'] === undefined ? '' : `default ${JSON.stringify(p['default'])}`,
    range(p),
    String(p['description'] ?? ''),
  ])
  process.stdout.write(
    `${pc.bold(name)}\n${entry.summary}\n${entry.cost}\n\nSettings, with --config key=value:\n${table(rows)}\n\n$ ${entry.command}\n`,
  )
  return EXIT.ok
}

function range(p: Record<string, unknown>): string {
  const [low, high] = [p['minimum'] ?? p['exclusiveMinimum'], p['maximum'] ?? p['exclusiveMaximum']]
  if (low === undefined && high === undefined) return ''
  return `${low ?? '…'} to ${high ?? '…'}`
}
