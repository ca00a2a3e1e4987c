/** The report as one HTML page without scripts: a row a check with the distribution of its errors, then findings and notes. */
import { escaped } from '../html.ts'
import { show } from './check.ts'
import type { CheckSummary, Report } from './report.ts'

const BAR = 14
const HEIGHT = 30
/** Decades a histogram shows; smaller errors are joined to the first bar. */
const SHOWN = 12

const superscript = (n: number) => String(n).replaceAll(/./g, c => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(c)] ?? '⁻')

/** Bars of how many errors lie in each decade, the square root of their share high, so that one in ten thousand still shows. */
function histogram({ errors }: CheckSummary): string {
  if (errors.count === 0) return ''
  const hidden = Math.max(0, errors.decades.length - SHOWN)
  const small = errors.decades.slice(0, hidden).reduce((s, n) => s + n, 0)
  const decades = errors.decades
    .slice(hidden)
    .map((n, k) => [`10${superscript(errors.first + hidden + k + 1)}`, k === 0 ? n + small : n] as const)
  const bars = [['0', errors.zeros] as const, ...decades, ...(errors.infinite > 0 ? [['∞', errors.infinite] as const] : [])]
  const rects = bars.map(([label, n], k) => {
    const h = n === 0 ? 0 : Math.max(1.5, HEIGHT * Math.sqrt(n / errors.count))
    const title = k === 0 ? `${n} are 0` : `${n} up to ${label}`
    return `<g><title>${title}</title><rect x="${k * BAR + 1}" y="${(HEIGHT - h).toFixed(1)}" width="${BAR - 2}" height="${h.toFixed(1)}"/>${k === 0 || k === bars.length - 1 ? `<text x="${k * BAR + BAR / 2}" y="${HEIGHT + 9}">${label}</text>` : ''}</g>`
  })
  return `<svg width="${Math.max(1, bars.length) * BAR}" height="${HEIGHT + 12}">${rects.join('')}</svg>`
}

/** How near to its limit a check came, of the place that came nearest, as a bar; a tick marks the middle place. */
function nearness({ margins }: CheckSummary): string {
  if (!margins) return ''
  const [most, middle] = [margins.max, margins.median].map(m => Math.min(1, m) * GAUGE)
  const share = margins.max > 1 ? 'beyond' : `${Math.round(100 * margins.max)} %`
  return `<svg class="gauge" width="${GAUGE + 2}" height="12"><title>largest ${show(margins.max)}, middle ${show(margins.median)} of the limit</title><rect class="track" width="${GAUGE}" height="8" y="2"/><rect width="${most!.toFixed(1)}" height="8" y="2"/><path d="M${middle!.toFixed(1)} 0v12"/></svg> ${share}`
}

function row(check: CheckSummary): string {
  const { name, definition, unit, judged, failed, errors } = check
  const state = failed > 0 ? 'bad' : judged > 0 ? 'good' : 'idle'
  const numbers =
    errors.count > 0
      ? `<td>${grouped(errors.count)}</td><td>${show(errors.median)}</td><td>${show(errors.p95)}</td><td>${show(errors.max)}</td>`
      : '<td></td><td></td><td></td><td></td>'
  const places = judged === 0 ? 'nothing' : failed === 0 ? grouped(judged) : `${grouped(judged - failed)} of ${grouped(judged)}`
  return `<tr class="${state}"><th>${MARKS[state]} ${escaped(name)}<p>${escaped(definition)}</p></th><td>${places}</td>${numbers}<td class="unit">${escaped(unit)}</td><td class="drawn">${histogram(check)}</td><td class="near">${nearness(check)}</td></tr>`
}

const MARKS = { good: '✔', bad: '✖', idle: '–' } as const
const GAUGE = 60
const grouped = (n: number) => String(n).replaceAll(/\B(?=(\d{3})+$)/g, '\u202f')

const STYLE = `:root{--ink:#1c1f24;--soft:#5a616b;--line:#e4e6ea;--paper:#fff;--bar:#5b7fb9;--good:#16753c;--bad:#b3261e;--track:#e9ecf1}
@media(prefers-color-scheme:dark){:root{--ink:#dfe2e7;--soft:#98a0ab;--line:#2b2f36;--paper:#15171b;--bar:#7c9fd8;--good:#63c98a;--bad:#ff8a80;--track:#262a31}}
body{font:14px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:1240px;padding:0 1rem;color:var(--ink);background:var(--paper)}
h1{font-size:1.5rem;margin-bottom:.2rem}h1 small{font-size:.7em;font-weight:600;color:var(--good)}h1 small.bad{color:var(--bad)}h2{font-size:1.1rem;margin-top:2rem}
.lead{color:var(--soft);margin-top:0}table{border-collapse:collapse;width:100%}th,td{padding:.45rem .6rem;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
thead th{font-size:.8em;color:var(--soft);font-weight:500;position:sticky;top:0;background:var(--paper)}thead th:nth-child(n+2):nth-child(-n+6),td:nth-child(n+2):nth-child(-n+6){text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
tbody th{font-weight:600;max-width:27rem}tbody th p{margin:.1rem 0 0;font-weight:400;font-size:.82em;color:var(--soft)}.good th{color:var(--good)}.bad th{color:var(--bad)}.idle,.idle th{color:var(--soft);font-weight:400}
tr.group td{font-size:1.1rem;font-weight:600;text-align:left;padding-top:1.6rem}.unit{color:var(--soft);font-size:.85em;max-width:6rem}.near{white-space:nowrap;font-variant-numeric:tabular-nums}rect{fill:var(--bar)}.bad rect{fill:var(--bad)}rect.track{fill:var(--track)}path{stroke:var(--ink);stroke-width:1.5}text{font-size:8px;text-anchor:middle;fill:var(--soft)}
li{margin:.35rem 0;overflow-wrap:anywhere}`

/** What kind of check it is, in the order of the page. */
const GROUPS: readonly (readonly [heading: string, names: readonly string[]])[] = [
  ['Files', ['hash', 'schema', 'missing-file', 'extra-file', 'manifest', 'kubric-defects']],
  [
    'Surfaces',
    [
      'presence',
      'depth-distance',
      'object-coordinates',
      'normal-unit',
      'normal-depth',
      'behind',
      'parts',
      'semantic',
      'materials',
      'coverage',
    ],
  ],
  ['Motion and views', ['flow', 'flow-masks', 'flow-cycle', 'scene-flow', 'tracks', 'warp']],
  [
    'Objects',
    ['boxes', 'amodal', 'truncation', 'records', 'deforming', 'velocity', 'dynamics', 'support', 'events', 'contacts', 'language'],
  ],
  ['Pictures', ['light', 'edges', 'outlines', 'registration', 'correspondence']],
]

/** HTML of a report; `title` says of what. */
export function reportPage(report: Report, title: string): string {
  const verdict = report.ok ? 'valid' : `${report.findings.length + report.omitted} faults`
  const list = (heading: string, items: readonly string[]) =>
    items.length === 0 ? '' : `<h2>${heading}</h2><ul>${items.map(i => `<li>${i}</li>`).join('')}</ul>`
  const head = ['check', 'places', 'errors', 'median', '95 %', 'largest', 'unit', 'distribution', 'of its limit']
  const known = new Set(GROUPS.flatMap(([, names]) => names))
  const rest = report.checks.filter(c => !known.has(c.name))
  const groups = GROUPS.map(([heading, names]) => [heading, names.flatMap(n => report.checks.filter(c => c.name === n))] as const)
  const bodies = [...groups, ['Others', rest] as const].filter(([, checks]) => checks.length > 0)
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}: ${verdict}</title><style>${STYLE}</style>
<h1>${escaped(title)} <small${report.ok ? '' : ' class="bad"'}>${report.ok ? '✔' : '✖'} ${verdict}</small></h1><p class="lead">${grouped(report.samples)} samples, ${grouped(report.frames)} frames, ${grouped(report.files)} files, ${grouped(report.bytes)} bytes. Bars: errors by decade, the square root of their share high. Of its limit: how near the place that came nearest is to failing; the tick is the middle place.</p>
${list(
  'Findings',
  report.findings.map(f => `<b>${escaped(f.check)}</b> ${escaped(f.message)}`),
)}${report.omitted > 0 ? `<p>and ${report.omitted} more</p>` : ''}
<table><thead><tr>${head.map(h => `<th>${h}</th>`).join('')}</tr></thead>
${bodies.map(([heading, checks]) => `<tbody><tr class="group"><td colspan="${head.length}">${heading}</td></tr>\n${checks.map(row).join('\n')}</tbody>`).join('\n')}
</table>
${list(
  'Not judged',
  gathered(report).map(([what, samples]) => `${escaped(what)} <small>(samples ${samples.join(', ')})</small>`),
)}</html>
`
}

/** Notes that say the same of several samples are one. */
function gathered({ notes }: Report): [string, number[]][] {
  const out = new Map<string, number[]>()
  for (const { check, sample, message } of notes) {
    const key = `${check}: ${message}`
    const samples = out.get(key) ?? []
    if (!samples.includes(sample)) samples.push(sample)
    out.set(key, samples)
  }
  return [...out]
}
