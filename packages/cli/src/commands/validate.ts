import { writeFile } from 'node:fs/promises'
import { reportPage, validateDataset } from '@dioramic/data'
import { FolderStore } from '@dioramic/data/node'
import pc from 'picocolors'
import { EXIT } from '../fail.ts'
import { onTerminal } from '../progress.ts'
import { bytes, table } from '../units.ts'

/** Checks bytes, schema and geometry; exit code 1 when anything is wrong. */
export async function validateCommand(folder: string, options: { readonly page?: string } = {}): Promise<number> {
  const report = await validateDataset(new FolderStore(folder))
  if (options.page !== undefined) await writeFile(options.page, reportPage(report, folder))
  if (!onTerminal()) {
    process.stdout.write(`${JSON.stringify({ event: 'validated', folder, ...report })}\n`)
    return report.ok ? EXIT.ok : EXIT.found
  }
  const rows = report.checks
    .filter(c => c.judged > 0 || c.failed > 0)
    .map(c => [c.failed === 0 ? pc.green('✔') : pc.red('✖'), c.name, `${c.judged - c.failed} of ${c.judged}`, c.definition])
  process.stdout.write(`${table(rows)}\n`)
  for (const f of report.findings.slice(0, 30)) process.stdout.write(`${pc.red(f.check)} ${f.message}\n`)
  const hidden = report.findings.length - 30 + report.omitted
  if (hidden > 0) process.stdout.write(`… and ${hidden} more\n`)
  for (const n of report.notes.slice(0, 5)) process.stdout.write(`${pc.yellow('note')} ${n.check}, sample ${n.sample}: ${n.message}\n`)
  if (report.notes.length > 5) process.stdout.write(`… and ${report.notes.length - 5} more notes\n`)
  const verdict = report.ok ? pc.green('valid') : pc.red(`${report.findings.length + report.omitted} faults`)
  process.stdout.write(`${verdict}: ${report.samples} samples, ${report.frames} frames, ${report.files} files, ${bytes(report.bytes)}\n`)
  return report.ok ? EXIT.ok : EXIT.found
}
