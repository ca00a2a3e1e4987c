/** Writes the tables of docs/*.md that stand between `<!-- figures NAME -->` and `<!-- /figures -->` from docs/evidence/NAME.json, which `diorama lab run NAME --json` wrote. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { type Evidence, withFigures } from '@dioramic/lab'

const docs = new URL('../docs/', import.meta.url)
const evidence = (name: string) => JSON.parse(readFileSync(new URL(`evidence/${name}.json`, docs), 'utf8')) as Evidence

/** The pages whose tables differ from the evidence, with the text that they should have. */
export function stale(): Map<string, string> {
  const out = new Map<string, string>()
  for (const name of readdirSync(docs).filter(n => n.endsWith('.md'))) {
    const text = readFileSync(new URL(name, docs), 'utf8')
    const made = withFigures(text, evidence)
    if (made !== text) out.set(name, made)
  }
  return out
}

if (import.meta.main)
  for (const [name, text] of stale()) {
    writeFileSync(new URL(name, docs), text)
    console.log(`docs/${name}`)
  }
