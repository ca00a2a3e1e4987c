/** Writes the API reference: `node scripts/api.ts`. A test holds that it is current. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PACKAGES } from './api/packages.ts'
import { pagesOf } from './api/pages.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
for (const { name, title, entries } of PACKAGES) {
  const folder = join(root, 'docs', 'api', name)
  const pages = pagesOf(join(root, 'packages', name), title, entries)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const [file, text] of pages) writeFileSync(join(folder, file), text)
  console.log(`docs/api/${name}: ${pages.size} pages`)
}
