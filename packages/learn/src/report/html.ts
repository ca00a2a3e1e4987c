/** Reports as one HTML file that needs nothing beside it. */

/** A table of numbers and words. */
export interface Table {
  readonly caption: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly (string | number)[])[]
}

export const escaped = (s: string): string => s.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** A number for people: at most `digits` figures. */
export const short = (x: number, digits = 4): string => `${Number(x.toPrecision(digits))}`

const cell = (v: string | number): string => (typeof v === 'number' ? `<td class="n">${short(v, 5)}</td>` : `<td>${escaped(v)}</td>`)

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}
table{border-collapse:collapse;margin:1rem 0}th,td{padding:.2rem .7rem;text-align:left;border-bottom:1px solid #e3e3e3;vertical-align:top}
caption{text-align:left;color:#555;padding:.3rem 0}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
.yes{color:#1a7f37}.no{color:#b42318;font-weight:600}figure{margin:1rem 0}figcaption{color:#555}svg{max-width:100%;height:auto}
h2{margin-top:2.5rem}.facts{color:#555}.why{background:#fff6e5;padding:.5rem .8rem;border-radius:.3rem}`

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
