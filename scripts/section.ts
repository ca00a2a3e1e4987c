import { readFileSync, writeFileSync } from 'node:fs'

/** Puts text between the comments `<!-- name -->` and `<!-- /name -->` of a page, which must have both. */
export function writeSection(page: string, name: string, content: string): void {
  const text = readFileSync(page, 'utf8')
  const start = `<!-- ${name} -->\n`
  const [from, to] = [text.indexOf(start) + start.length, text.indexOf(`<!-- /${name} -->`)]
  if (!text.includes(start) || to < from) throw new Error(`${page} has no section <!-- ${name} -->`)
  writeFileSync(page, `${text.slice(0, from)}\n${content}\n${text.slice(to)}`)
}
