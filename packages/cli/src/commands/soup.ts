import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { SoupEvent } from '@dioramic/learn/node/soups'
import type { RecipeName, SoupReport } from '@dioramic/learn/soups'
import pc from 'picocolors'
import { EXIT, UsageError } from '../fail.ts'
import { learning } from '../learning.ts'
import { type Progress, progress } from '../progress.ts'
import { bytes, duration } from '../units.ts'
import { writeWhole } from '../whole-file.ts'

export interface SoupCommandOptions {
  readonly out: string
  readonly recipe?: RecipeName
  readonly eval?: string
  readonly accept: 'ge' | 'gt'
  readonly alpha?: number
  readonly byArray?: boolean
}

export interface BarrierCommandOptions {
  readonly out: string
  readonly eval: string
  readonly points: number
}

const load = async () => ({
  ...(await import('@dioramic/learn/node/soups')),
  soupPage: (await import('@dioramic/learn/soups')).soupPage,
  cache: (await import('@dioramic/scene/node')).cacheFolder('soup-scores'),
})

async function engine() {
  const { createArena, nodeRuntime } = await import('@dioramic/tensor/node')
  return { runtime: nodeRuntime({ threads: 1 }), arena: createArena }
}

const shared = (show: Progress) => ({
  engine,
  onEvent: (e: SoupEvent) => {
    if (e.type === 'warning') show.say('warning', { text: e.text }, `${pc.yellow('warning')}: ${e.text}`)
    else if (e.type === 'scored')
      show.say('score', { label: e.label, score: e.score, known: e.known }, `${e.label}: ${e.score}${e.known ? pc.dim(' (known)') : ''}`)
    else show.step(e.type === 'score' ? `scoring ${e.label}` : e.type === 'read' ? 'reading' : 'writing', e.done, e.total, e.eta)
  },
})

function writeReport(path: string, report: SoupReport, page: string | undefined): void {
  writeWhole(`${path}.json`, `${JSON.stringify(report, null, 2)}\n`)
  if (page !== undefined) writeWhole(`${path}.html`, page)
}

/** Averages checkpoints; writes the soup, and a report as JSON and as a page beside it. */
export async function soupCommand(paths: readonly string[], o: SoupCommandOptions): Promise<number> {
  const out = resolve(o.out)
  if (!out.endsWith('.safetensors')) throw new UsageError(`-o ${o.out}: soups are written as .safetensors; end the name with that`)
  if (paths.some(p => resolve(p) === out)) throw new UsageError(`-o ${o.out} is one of the ingredients; give another name`)
  const { cache, makeSoup, soupPage } = await learning(load)
  const show = progress()
  const start = performance.now()
  mkdirSync(dirname(out), { recursive: true })
  const report = await makeSoup({
    ...shared(show),
    cache,
    paths,
    out,
    recipe: o.recipe ?? (o.eval === undefined ? 'uniform' : 'greedy'),
    accept: o.accept,
    ...(o.eval === undefined ? {} : { evaluation: o.eval }),
    ...(o.alpha === undefined ? {} : { alpha: o.alpha }),
    ...(o.byArray ? { byArray: true } : {}),
  })
  const beside = out.slice(0, -'.safetensors'.length)
  writeReport(beside, report, soupPage(report))
  const used = report.ingredients.filter(i => i.weight !== 0).length
  const best = Math.max(...report.ingredients.map(i => i.score ?? -Infinity))
  const said = report.score === null ? '' : `, held-out score ${report.score} (best ingredient ${best})`
  show.say(
    'soup',
    {
      out,
      recipe: report.recipe,
      used,
      ingredients: report.ingredients.length,
      score: report.score,
      bytes: report.output!.bytes,
      report: `${beside}.html`,
      seconds: Math.round((performance.now() - start) / 1000),
    },
    `${pc.green('✔')} ${report.recipe} soup of ${used} of ${report.ingredients.length}${said}, ${bytes(report.output!.bytes)}, ${duration((performance.now() - start) / 1000)}; ${out}, ${beside}.html`,
  )
  return EXIT.ok
}

/** Scores the line between two checkpoints; writes a report as JSON and as a page. */
export async function soupBarrier(a: string, b: string, o: BarrierCommandOptions): Promise<number> {
  const { cache, makeSoup, soupPage } = await learning(load)
  const show = progress()
  const out = resolve(o.out)
  const report = await makeSoup({ ...shared(show), cache, recipe: 'wise-ft', paths: [a, b], evaluation: o.eval, points: o.points })
  const stem = out.replace(/\.html$/, '')
  writeReport(stem, report, soupPage(report))
  const { barrier, best } = report.line!
  show.say(
    'barrier',
    { barrier, best, report: `${stem}.html` },
    `barrier ${Number(barrier.toPrecision(4))}, best ${best.score} at α = ${best.alpha}; ${stem}.html`,
  )
  return EXIT.ok
}
