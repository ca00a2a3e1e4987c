/** The API reference is what the source says, and every public function and class says what it does. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { PACKAGES } from '../scripts/api/packages.ts'
import { exportsOf, pagesOf } from '../scripts/api/pages.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

for (const { name, title, entries } of PACKAGES) {
  const folder = join(root, 'packages', name)
  test(`docs/api/${name} is current: node scripts/api.ts writes it`, () => {
    const pages = pagesOf(folder, title, entries)
    const docs = join(root, 'docs', 'api', name)
    expect(readdirSync(docs).sort()).toEqual([...pages.keys()].sort())
    for (const [file, text] of pages) expect(readFileSync(join(docs, file), 'utf8'), file).toBe(text)
  })
  test(`every public function, class and constant of ${name} has a comment`, () => {
    const all = exportsOf(folder, entries).flatMap(e => e.declarations)
    expect(all.length).toBeGreaterThan(200)
    expect(all.filter(d => d.kind !== 'type' && d.doc === '').map(d => d.name)).toEqual([])
  })
}
