/** The page of an experiment: one HTML file that needs nothing beside it. */
import { type Evidence, measurementText, targetText } from './evidence.ts'
import type { Findings, Part, Table } from './experiment.ts'

const escaped = (s: string): string => s.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
const cell = (v: string | number): string =>
  typeof v === 'number' ? `<td class="n">${Number(v.toPrecision(5))}</td>` : `<td>${escaped(v)}</td>`

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}
table{border-collapse:collapse;margin:1rem 0}th,td{padding:.2rem .7rem;text-align:left;border-bottom:1px solid #e3e3e3;vertical-align:top}
caption{text-align:left;color:#555;padding:.3rem 0}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
.yes{color:#1a7f37}.no{color:#b42318;font-weight:600}figure{margin:1rem 0}figcaption{color:#555}svg{max-width:100%;height:auto}
h2{margin-top:2.5rem}.facts{color:#555}`

/** A table of numbers and words. */
export function tableHtml({ caption, head, rows }: Table): string {
  const numeric = head.map((_, i) => typeof rows[0]?.[i] === 'number')
  return `<table><caption>${escaped(caption)}</caption><tr>${head.map((h, i) => `<th${numeric[i] ? ' class="n"' : ''}>${escaped(h)}</th>`).join('')}</tr>
${rows.map(r => `<tr>${r.map(cell).join('')}</tr>`).join('\n')}</table>`
}

/** A whole page. */
export const document = (title: string, body: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title><style>${STYLE}</style></head>
<body>
${body}
</body></html>
`

function claimsHtml(claims: Evidence['claims']): string {
  if (claims.length === 0) return ''
  const rows = claims.map(c => {
    const verdict = c.holds === null ? '' : c.holds ? '<span class="yes">holds</span>' : '<span class="no">missed</span>'
    return `<tr><td>${escaped(c.claim)}</td><td class="n">${measurementText(c)}</td><td class="n">${c.target ? escaped(targetText(c.target)) : ''}</td><td>${verdict}</td></tr>`
  })
  return `<table><tr><th>claim</th><th class="n">measured [95 %]</th><th class="n">target</th><th></th></tr>\n${rows.join('\n')}</table>`
}

/** Results of an experiment as HTML. `claims` of a part are those of its findings, judged. */
export function page(
  title: string,
  about: string,
  evidence: Evidence,
  parts: readonly { readonly part: Part; readonly findings: Findings; readonly claims: Evidence['claims'] }[],
): string {
  const judged = evidence.claims.filter(c => c.holds !== null)
  const held = judged.filter(c => c.holds).length
  const body = [
    `<h1>${escaped(title)}</h1>\n<p>${escaped(about)}</p>`,
    `<p class="facts">${held} of ${judged.length} targets hold. ${evidence.quick ? 'Quick form: few seeds, small sizes. ' : ''}Up to ${evidence.seeds} seeds, ${Math.round(evidence.seconds)} s, version ${escaped(evidence.version)}, ${escaped(Object.values(evidence.machine).join(', '))}.</p>`,
    `<p class="facts"><code>${escaped(evidence.command)}</code></p>`,
    ...parts.map(({ part, findings, claims }) =>
      [
        `<h2 id="${part.name}">${escaped(part.name.replaceAll('-', ' '))}</h2>\n<p>${escaped(part.about)}</p>`,
        claimsHtml(claims),
        ...(findings.plots ?? []).map(p => `<figure>${p.svg}<figcaption>${escaped(p.caption)}</figcaption></figure>`),
        ...(findings.tables ?? []).map(tableHtml),
        ...(findings.notes ?? []).map(n => `<p>${escaped(n)}</p>`),
      ].join('\n'),
    ),
  ]
  return document(title, body.join('\n'))
}
