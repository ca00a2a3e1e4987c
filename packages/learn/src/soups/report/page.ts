/** The page of a soup. */
import { plot, type Series } from '@dioramic/tensor'
import { document, escaped, short, tableHtml } from '../../report/html.ts'
import type { Line } from '../recipes/interpolate.ts'
import type { SoupReport } from './report.ts'

const base = (path: string): string => path.split(/[\\/]/).at(-1)!

/** A report as one HTML file that needs nothing beside it. */
export function soupPage(r: SoupReport): string {
  const title = r.output ? `Soup: ${base(r.output.file)}` : 'Between two models'
  return document(
    title,
    [
      `<h1>${escaped(title)}</h1>`,
      `<p class="facts">${escaped(facts(r).join(', '))}</p>`,
      ...r.warnings.map(w => `<p class="why">${escaped(w)}</p>`),
      ...figures(r).map(f => `<figure>${f.svg}<figcaption>${escaped(f.caption)}</figcaption></figure>`),
      ...tables(r).map(tableHtml),
      ...(r.differing.length > 0
        ? [`<p>Integer arrays that differ; the soup has those of its first member: ${escaped(r.differing.join(', '))}.</p>`]
        : []),
      ...(r.evaluation === null ? [] : [`<p class="facts">Evaluation: <code>${escaped(r.evaluation)}</code></p>`]),
    ].join('\n'),
  )
}

function facts(r: SoupReport): string[] {
  const used = r.ingredients.filter(i => i.weight !== 0).length
  return [
    `recipe ${r.recipe}${r.accept ? ` (accepts ${r.accept === 'ge' ? 'as good or better' : 'better only'})` : ''}`,
    `${used} of ${r.ingredients.length} ingredients`,
    ...(r.score === null ? [] : [`held-out score ${short(r.score, 5)}`]),
    ...(r.line ? [`best at α = ${short(r.line.best.alpha)}`, `barrier ${short(r.line.barrier)}`] : []),
    ...(r.beta === null ? [] : [`inverse temperature ${short(r.beta)}`]),
    ...(r.output ? [`${r.output.arrays} arrays, ${r.output.elements} numbers, ${r.output.bytes} bytes`] : []),
  ]
}

function figures(r: SoupReport): { caption: string; svg: string }[] {
  const out: { caption: string; svg: string }[] = []
  if (r.steps.length > 1) {
    let best = -Infinity
    const own: Series = { name: 'ingredient alone', points: r.steps.map((s, i) => [i + 1, r.ingredients[s.ingredient]!.score!] as const) }
    const tried: Series = { name: 'soup with it', points: r.steps.map((s, i) => [i + 1, s.score] as const) }
    const kept: Series = {
      name: 'soup so far',
      points: r.steps.map((s, i) => {
        if (s.accepted) best = s.score
        return [i + 1, best] as const
      }),
    }
    out.push({
      caption: 'Held-out score of each ingredient, in decreasing order, of the soup with it, and of the soup that is kept.',
      svg: plot([own, tried, kept], { x: 'ingredient', y: 'held-out score', title: 'Greedy soup' }),
    })
  }
  if (r.line)
    out.push({ caption: 'Held-out score along the line between the two; straight: what the ends promise.', svg: linePlot(r.line) })
  return out
}

function linePlot({ points }: Line): string {
  return plot(
    [
      { name: 'soup', points: points.map(p => [p.alpha, p.score] as const) },
      { name: 'between the ends', points: [points[0]!, points.at(-1)!].map(p => [p.alpha, p.score] as const) },
    ],
    { x: 'α, from the first to the second', y: 'held-out score', title: 'Interpolation' },
  )
}

function tables(r: SoupReport) {
  const names = [...new Set([...r.ingredients, r].flatMap(i => Object.keys(i.values)))].filter(n => n !== 'score')
  const number = (v: number | null | undefined): number | string => v ?? ''
  const rows = r.ingredients.map(i => [
    base(i.file),
    number(i.score),
    ...names.map(n => number(i.values[n])),
    number(i.weight),
    number(i.correlation),
    i.hash.slice(0, 12),
  ])
  const mean = (f: (i: SoupReport['ingredients'][number]) => number | null | undefined): number | string => {
    const all = r.ingredients.map(f)
    return all.every(v => typeof v === 'number') ? all.reduce((a, b) => a + b, 0) / all.length : ''
  }
  const total = [
    ...(r.score === null ? [] : [['the soup', r.score, ...names.map(n => number(r.values[n])), '', '', '']]),
    ...(r.score === null ? [] : [['mean of the ingredients', mean(i => i.score), ...names.map(n => mean(i => i.values[n])), '', '', '']]),
  ]
  return [
    {
      caption:
        'Ingredients. Correlation is that of its matrices with those of the first: near 1 where both were fine-tuned from the same weights.',
      head: ['ingredient', 'held-out score', ...names, 'share', 'correlation', 'hash'],
      rows: [...total, ...rows],
    },
    ...(r.beside.length > 0
      ? [
          {
            caption: 'Beside the soup: what costs one run of each member, or of one.',
            head: ['predictor', 'held-out score', 'runs'],
            rows: r.beside.map(b => [b.name, b.score, b.members]),
          },
        ]
      : []),
    ...(r.steps.length > 1
      ? [
          {
            caption: 'Greedy steps in order.',
            head: ['ingredient', 'score of the soup with it', 'kept'],
            rows: r.steps.map(s => [base(r.ingredients[s.ingredient]!.file), s.score, s.accepted ? 'yes' : 'no']),
          },
        ]
      : []),
  ]
}
