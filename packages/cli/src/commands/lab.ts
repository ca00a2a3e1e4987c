import { join, resolve } from 'node:path'
import pc from 'picocolors'
import { EXIT } from '../fail.ts'
import { learning } from '../learning.ts'
import { progress } from '../progress.ts'
import { duration, table } from '../units.ts'

const load = async () => ({ ...(await import('@dioramic/lab')), ...(await import('@dioramic/lab/node')) })

/** Names the experiments. */
export async function labList(): Promise<number> {
  const { experiments } = await learning(load)
  const all = await Promise.all(Object.values(experiments).map(e => e()))
  process.stdout.write(`${table(all.map(e => [e.name, e.title, e.parts.map(p => p.name).join(' ')]))}\n`)
  return EXIT.ok
}

/** Runs an experiment; exit code 1 when a claim misses its target. */
export async function labRun(name: string, parts: readonly string[], o: { quick?: boolean; json?: string; out?: string }): Promise<number> {
  const { findExperiment, measurementText, runExperiment, targetText } = await learning(load)
  const experiment = await findExperiment(name)
  const out = resolve(o.out ?? join('out', 'lab', o.quick ? `${name}-quick` : name))
  const show = progress()
  const evidence = await runExperiment(experiment, {
    parts,
    out,
    quick: o.quick ?? false,
    ...(o.json ? { json: resolve(o.json) } : {}),
    command: `diorama lab run ${[name, ...parts].join(' ')}${o.quick ? ' --quick' : ''}`,
    onEvent: e => {
      if (e.type === 'run') show.step(`${e.part} ${e.arm} ${e.seed}`, e.done, e.total, e.eta)
      else if (e.type === 'plan')
        show.say(
          'plan',
          { name: e.name, runs: e.runs, kept: e.kept, seconds: Math.round(e.seconds) },
          `${pc.bold(e.name)}  ${e.runs} runs${e.kept > 0 ? `, ${e.kept} already there` : ''}, about ${duration(e.seconds)}`,
        )
      else if (e.type === 'claim') {
        const { claim, target, holds } = e.claim
        const mark = holds === null ? ' ' : holds ? pc.green('✔') : pc.red('✖')
        show.say('claim', { ...e.claim }, `${mark} ${claim}: ${measurementText(e.claim)}${target ? ` (${targetText(target)})` : ''}`)
      } else
        show.say(
          'done',
          { page: e.page, held: e.held, judged: e.judged, seconds: Math.round(e.seconds) },
          `${e.held} of ${e.judged} targets hold, ${duration(e.seconds)}; ${e.page}`,
        )
    },
  })
  return evidence.claims.some(c => c.holds === false) ? EXIT.found : EXIT.ok
}
