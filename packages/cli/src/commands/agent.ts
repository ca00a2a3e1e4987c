import { EXIT } from '../fail.ts'
import { learning } from '../learning.ts'

/** Prints the terms of the common model and what the disciplines call them. */
export async function agentGlossary(discipline: string | undefined, o: { json?: boolean }): Promise<number> {
  const { GLOSSARY, glossaryTable } = await learning(() => import('@dioramic/learn/agent'))
  const table = glossaryTable(discipline)
  process.stdout.write(o.json ? `${JSON.stringify(GLOSSARY, null, 2)}\n` : `${table}\n`)
  return EXIT.ok
}
