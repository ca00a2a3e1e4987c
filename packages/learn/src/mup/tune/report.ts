/** What a search found, and its page. */
import { plot, type Series } from '@dioramic/tensor'
import { document, escaped, short, tableHtml } from '../../report/html.ts'
import type { Settings } from './tuning.ts'

/** Updates done, and the mean training loss since the point before. */
export type Curve = readonly (readonly [update: number, loss: number])[]

export interface Trial {
  readonly number: number
  readonly settings: Settings
  /** Score at each rung it came to; null where it diverged. */
  readonly scores: readonly (number | null)[]
  readonly curve: Curve
}

export interface TuneReport {
  readonly module: string
  readonly seed: number
  readonly proxy: { readonly width: number; readonly parameters: number; readonly updates: readonly number[] }
  readonly trials: readonly Trial[]
  /** Number of the trial whose settings were transferred. */
  readonly best: number
  readonly target: {
    readonly width: number
    readonly parameters: number
    readonly updates: number
    readonly score: number | null
    readonly curve: Curve
    /** Its checkpoint. */
    readonly file: string
  }
  /** Training of all trials, by parameters × updates, as a share of what the same search would cost on the target. */
  readonly cost: number
}

/** A report as one HTML file that needs nothing beside it. */
export function tunePage(r: TuneReport): string {
  const best = r.trials.find(t => t.number === r.best)!
  const names = Object.keys(best.settings)
  const last = r.proxy.updates.length - 1
  const whole = r.trials.filter(t => t.scores.length > last && t.scores[last] !== null)
  const words = (s: Settings) => names.map(n => `${n} ${short(s[n]!)}`).join(', ')
  const score = (s: number | null | undefined) => (s === undefined ? 'stopped' : s === null ? 'diverged' : short(s, 5))
  const figures = [
    {
      caption: `Training loss of the trials that ran to the end at width ${r.proxy.width}, and of width ${r.target.width} with the best one’s settings.`,
      svg: plot(
        [
          { name: `width ${r.target.width}`, points: r.target.curve },
          ...whole
            .sort((a, b) => a.scores[last]! - b.scores[last]!)
            .slice(0, 7)
            .map((t): Series => ({ name: `trial ${t.number}`, points: t.curve })),
        ],
        { x: 'update', y: 'training loss', title: 'Training' },
      ),
    },
    ...names
      .filter(n => new Set(r.trials.map(t => t.settings[n])).size > 1)
      .map(n => {
        const values = r.trials.map(t => t.settings[n]!)
        return {
          caption: `The best first score (after ${r.proxy.updates[0]} updates) by ${n}.`,
          svg: plot([{ name: 'first score', points: lowest(r.trials.map(t => [t.settings[n]!, t.scores[0] ?? Number.NaN] as const)) }], {
            x: n,
            y: 'training loss',
            logX: Math.min(...values) > 0,
            title: n,
          }),
        }
      }),
  ]
  const title = `Tuning at width ${r.proxy.width} for width ${r.target.width}`
  return document(
    title,
    [
      `<h1>${escaped(title)}</h1>`,
      `<p class="facts">${escaped(`${r.module}, seed ${r.seed}: ${r.trials.length} trials of ${r.proxy.parameters} parameters, judged after ${r.proxy.updates.join(', ')} updates; ${r.target.parameters} parameters at width ${r.target.width}. All trials cost ${short(100 * r.cost, 3)} % of what they would have cost there.`)}</p>`,
      `<p>Best: trial ${r.best}, ${escaped(words(best.settings))}: training loss ${score(best.scores[last])}; at width ${r.target.width} ${score(r.target.score)}.</p>`,
      ...atEdges(r).map(w => `<p class="why">${escaped(w)}</p>`),
      ...figures.map(f => `<figure>${f.svg}<figcaption>${escaped(f.caption)}</figcaption></figure>`),
      tableHtml({
        caption: 'Trials. A score is the mean training loss over the last fifth of the updates so far.',
        head: ['trial', ...names, ...r.proxy.updates.map(u => `after ${u}`)],
        rows: r.trials.map(t => [
          t.number,
          ...names.map(n => t.settings[n]!),
          ...r.proxy.updates.map((_, i) => score(t.scores[i - 1] === null ? undefined : t.scores[i])),
        ]),
      }),
    ].join('\n'),
  )
}

/** Settings whose best value is the least or greatest that was tried, in words: the true best may lie beyond. */
export function atEdges(r: TuneReport): string[] {
  const best = r.trials.find(t => t.number === r.best)!
  return Object.entries(best.settings).flatMap(([name, value]) => {
    const tried = r.trials.map(t => t.settings[name]!)
    const edge = value === Math.min(...tried) ? 'least' : value === Math.max(...tried) ? 'greatest' : undefined
    return edge && new Set(tried).size > 2
      ? [`The best ${name}, ${short(value)}, is the ${edge} that was tried: a better one may lie beyond.`]
      : []
  })
}

/** The least y at each x, by x. */
function lowest(points: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const by = new Map<number, number>()
  for (const [x, y] of points) if (Number.isFinite(y)) by.set(x, Math.min(y, by.get(x) ?? Infinity))
  return [...by].sort((a, b) => a[0] - b[0])
}
