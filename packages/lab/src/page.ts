/** The page of an experiment: one HTML file that needs nothing beside it. */
import { document, escaped, tableHtml } from '@dioramic/learn/report'
import { type Evidence, measurementText, targetText } from './evidence.ts'
import type { Findings, Part } from './experiment.ts'

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
