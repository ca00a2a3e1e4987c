import { basename, join, resolve } from 'node:path'
import pc from 'picocolors'
import { EXIT } from '../fail.ts'
import { learning } from '../learning.ts'
import { progress } from '../progress.ts'
import { duration } from '../units.ts'
import { writeWhole } from '../whole-file.ts'

export interface TuneCommandOptions {
  readonly out?: string
  readonly trials?: number
  readonly workers: number
  readonly seed: number
}

const load = async () => ({ ...(await import('@dioramic/learn/node/mup')), ...(await import('@dioramic/learn/mup')) })

/** Searches on a module's narrow model and trains its wide one; writes report.json and report.html. */
export async function tuneCommand(module: string, o: TuneCommandOptions): Promise<number> {
  const { atEdges, tune, tunePage } = await learning(load)
  const out = resolve(o.out ?? join('out', 'tune', basename(module).replace(/\.\w+$/, '')))
  const show = progress()
  const start = performance.now()
  const seconds = () => (performance.now() - start) / 1000
  const words = (s: Readonly<Record<string, number>>) =>
    Object.entries(s)
      .map(([k, v]) => `${k} ${Number(v.toPrecision(4))}`)
      .join(', ')
  const score = (s: number | null) => (s === null ? 'diverged' : `training loss ${Number(s.toPrecision(5))}`)
  const report = await tune({
    module,
    out,
    workers: o.workers,
    seed: o.seed,
    ...(o.trials === undefined ? {} : { trials: o.trials }),
    onEvent: e => {
      if (e.type === 'plan')
        show.say(
          'plan',
          { ...e },
          `${pc.bold(basename(module))}  ${e.trials} trials at width ${e.proxy}, judged after ${e.rungs.join(', ')} updates; then width ${e.target}`,
        )
      else if (e.type === 'trial') {
        show.say(
          'trial',
          { ...e },
          `${e.score === null ? pc.yellow('✖') : pc.green('✔')} trial ${e.trial} after ${e.after}: ${score(e.score)}`,
        )
        show.step(`trials up to update ${e.after}`, e.done, e.total, (seconds() / e.done) * (e.total - e.done))
      } else if (e.type === 'best')
        show.say('best', { ...e }, `${pc.green('✔')} best: trial ${e.trial}, ${words(e.settings)}, ${score(e.score)}; now the wide model`)
      else show.say('target', { ...e }, `${e.score === null ? pc.red('✖') : pc.green('✔')} wide model: ${score(e.score)}`)
    },
  })
  writeWhole(join(out, 'report.json'), `${JSON.stringify(report, null, 2)}\n`)
  writeWhole(join(out, 'report.html'), tunePage(report))
  show.done()
  for (const text of atEdges(report)) show.say('warning', { text }, `${pc.yellow('!')} ${text}`)
  show.say(
    'done',
    { report: join(out, 'report.html'), cost: report.cost, seconds: Math.round(seconds()) },
    `${join(out, 'report.html')}; ${Number((100 * report.cost).toPrecision(2))} % of what the search would have cost on the wide model, ${duration(seconds())}`,
  )
  return report.target.score === null ? EXIT.found : EXIT.ok
}
