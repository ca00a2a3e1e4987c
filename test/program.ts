/** Programs that stand in documents. */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Runs the first program of a document as it stands there; what it prints, by lines. */
export function runProgram(markdown: string): string[] {
  const program = /```ts\n([\s\S]*?)```/.exec(markdown)![1]!
  const out = execFileSync(process.execPath, ['--conditions=@dioramic/source', '--input-type=module-typescript', '-e', program], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return out.trimEnd().split('\n')
}
