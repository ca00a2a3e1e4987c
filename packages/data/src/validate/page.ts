/** The report as one HTML page without scripts: a row a check with the distribution of its errors, then findings and notes. */
import { escaped } from '../html.ts'
import { show } from './check.ts'
import type { CheckSummary, Report } from './report.ts'

const BAR = 14
const HEIGHT = 34
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

function row(check: CheckSummary): string {
  const { name, definition, unit, judged, failed, errors } = check
  const state = failed > 0 ? 'bad' : judged > 0 ? 'good' : 'idle'
  const numbers =
    errors.count > 0
      ? `<td>${errors.count}</td><td>${show(errors.median)}</td><td>${show(errors.p95)}</td><td>${show(errors.max)}</td>`
      : '<td></td><td></td><td></td><td></td>'
  return `<tr class="${state}"><th>${escaped(name)}</th><td>${judged - failed} of ${judged}</td>${numbers}<td>${escaped(unit)}</td><td>${histogram(check)}</td><td class="what">${escaped(definition)}</td></tr>`
}

const STYLE = `body{font:14px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:1200px;padding:0 1rem;color:#1c1f24;background:#fff}
h1{font-size:1.4rem}table{border-collapse:collapse;width:100%}th,td{padding:.35rem .6rem;text-align:left;vertical-align:top;border-bottom:1px solid #e4e6ea}
td:nth-child(n+2):nth-child(-n+6){text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}.what{color:#5a616b;font-size:.85em}
.good th{color:#16753c}.bad th{color:#b3261e}.idle{color:#9aa1ab}.idle th{font-weight:400}rect{fill:#5b7fb9}.bad rect{fill:#b3261e}text{font-size:7px;text-anchor:middle;fill:#5a616b}
li{margin:.3rem 0;overflow-wrap:anywhere}@media(prefers-color-scheme:dark){body{background:#15171b;color:#dfe2e7}th,td{border-color:#2b2f36}.what,text{color:#98a0ab;fill:#98a0ab}.good th{color:#63c98a}.bad th{color:#ff8a80}}`

/** HTML of a report; `title` says of what. */
export function reportPage(report: Report, title: string): string {
  const verdict = report.ok ? 'valid' : `${report.findings.length + report.omitted} faults`
  const list = (heading: string, items: readonly string[]) =>
    items.length === 0 ? '' : `<h2>${heading}</h2><ul>${items.map(i => `<li>${i}</li>`).join('')}</ul>`
  const head = ['check', 'passed', 'errors', 'median', '95 %', 'largest', 'unit', 'distribution', 'what holds']
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}: ${verdict}</title><style>${STYLE}</style>
<h1>${escaped(title)}: ${verdict}</h1><p>${report.samples} samples, ${report.frames} frames, ${report.files} files, ${report.bytes} bytes. Bars: errors by decade, the square root of their share high.</p>
<table><thead><tr>${head.map(h => `<th>${h}</th>`).join('')}</tr></thead><tbody>
${report.checks.map(row).join('\n')}
</tbody></table>
${list(
  'Findings',
  report.findings.map(f => `<b>${escaped(f.check)}</b> ${escaped(f.message)}`),
)}${report.omitted > 0 ? `<p>and ${report.omitted} more</p>` : ''}
${list(
  'Not judged',
  report.notes.map(n => `<b>${escaped(n.check)}</b>, sample ${n.sample}: ${escaped(n.message)}`),
)}</html>
`
}
