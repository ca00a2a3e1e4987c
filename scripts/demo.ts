/** `npm run demo`: a small tabletop set from embedded parts, then where to look and what to do next. */
import { existsSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { run } from '../packages/cli/src/program.ts'

const out = resolve('out/demo')
// Resuming makes a second run finish what the first began, and does nothing when all is there.
const code = await run([
  'generate',
  'tabletop',
  '--count',
  '2',
  '--quality',
  'draft',
  '--size',
  '256x256',
  '--out',
  out,
  '--resume',
  ...process.argv.slice(2),
])
const sheet = resolve(out, 'contact-sheet.png')
if (code === 0 && existsSync(sheet)) {
  const short = (path: string) => relative(process.cwd(), path) || '.'
  process.stdout.write(`
Look at the contact sheet:  ${short(sheet)}
Check the data set:         npm run diorama -- validate ${short(out)}
Make one of your own:       npm run diorama -- generate movi-a --count 2 --seed 7 --out out/movi-a
`)
}
process.exitCode = code
