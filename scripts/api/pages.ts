/** Reference pages of a package: one a folder of its source. */
import { join, relative, sep } from 'node:path'
import { type Declaration, declarationsOf } from './declarations.ts'

/** Entry points of a package and what users import them by. */
export interface Entry {
  /** Relative to the package. */
  readonly file: string
  readonly name: string
}

/** All exports of a package's entries; a name that two entries export is listed with the first. */
export const exportsOf = (
  folder: string,
  entries: readonly Entry[],
): { readonly entry: Entry; readonly declarations: readonly Declaration[] }[] =>
  entries.map(entry => ({ entry, declarations: declarationsOf(join(folder, entry.file)) }))

const chapterOf = (folder: string, d: Declaration): string => {
  const parts = relative(join(folder, 'src'), d.file).split(sep)
  return parts.length > 1 ? parts[0]! : 'package'
}

/** The text of each page, by file name. */
export function pagesOf(folder: string, title: string, entries: readonly Entry[]): Map<string, string> {
  const chapters = new Map<string, { readonly entry: Entry; readonly d: Declaration }[]>()
  for (const { entry, declarations } of exportsOf(folder, entries))
    for (const d of declarations) {
      const chapter = chapterOf(folder, d)
      chapters.set(chapter, [...(chapters.get(chapter) ?? []), { entry, d }])
    }
  const pages = new Map<string, string>()
  const names = [...chapters.keys()].sort()
  const index = names.map(chapter => {
    const list = chapters.get(chapter)!.map(({ d }) => `\`${d.name}\``)
    return `- [${chapter}](${chapter}.md): ${list.join(', ')}`
  })
  pages.set('README.md', `# ${title}\n\n${NOTE}\n\n${index.join('\n')}\n`)
  for (const chapter of names) {
    const parts = chapters.get(chapter)!.map(({ entry, d }) => section(folder, entry, d))
    pages.set(`${chapter}.md`, `# ${title}: ${chapter}\n\n${NOTE}\n\n${parts.join('\n\n')}\n`)
  }
  return pages
}

const NOTE = '<!-- Made by scripts/api.ts from the source: change the comments there. -->'

function section(folder: string, entry: Entry, d: Declaration): string {
  const at = relative(folder, d.file).split(sep).join('/')
  const lines = [`## ${d.name}`, `From \`${entry.name}\`, in \`${at}\`.`]
  if (d.doc) lines.push(prose(d.doc))
  lines.push(code(d.text))
  for (const m of d.members) {
    lines.push(`### ${d.name}: ${m.name}`)
    if (m.doc) lines.push(prose(m.doc))
    lines.push(code(m.text))
  }
  return lines.join('\n\n')
}

const code = (text: string): string => `\`\`\`ts\n${text.replace(/^\s*\/\/ biome-ignore.*\n/gm, '')}\n\`\`\``

const prose = (doc: string): string =>
  doc
    .replace(/^@throws /gm, '\nThrows ')
    .replace(/(^|\s)@(returns|throws) /g, (_, before: string, tag: string) => `${before}${tag === 'returns' ? 'Returns' : 'Throws'} `)
    .trim()
