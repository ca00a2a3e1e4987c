/** Which file is at fault when several were compared. */
import { SAMPLE_FILE } from '../layout/paths.ts'

export interface Verdict {
  readonly frame: number
  readonly compared: readonly string[]
  readonly failed: boolean
  /** Those that what is wrong points to, where it does. */
  readonly suspects?: readonly string[] | undefined
}

/**
 * Names one file for each failed verdict. Files known to be damaged come first, then files that failed alone; the rest by greedy cover: again and
 * again the file whose failures are many and whose passes are few. Entries follow the order of `verdicts`; passed ones get undefined.
 */
export function blame(verdicts: readonly Verdict[], damaged: ReadonlySet<string> = new Set()): (string | undefined)[] {
  const out: (string | undefined)[] = verdicts.map(() => undefined)
  let open = verdicts.map((_, i) => i).filter(i => verdicts[i]!.failed)
  const take = (pick: (i: number) => string | undefined) => {
    open = open.filter(i => {
      const file = pick(i)
      if (file !== undefined) out[i] = file
      return file === undefined
    })
  }
  take(i => verdicts[i]!.compared.find(f => damaged.has(f)))
  const alone = open
    .filter(i => verdicts[i]!.compared.length === 1)
    .map(i => ({ file: verdicts[i]!.compared[0]!, frame: verdicts[i]!.frame }))
  take(i => alone.find(a => verdicts[i]!.compared.includes(a.file) && Math.abs(a.frame - verdicts[i]!.frame) <= 1)?.file)
  while (open.length > 0) {
    let best = { file: '', score: -1 }
    for (const file of new Set(open.flatMap(i => verdicts[i]!.compared))) {
      const failures = open.filter(i => verdicts[i]!.compared.includes(file))
      // A record holds for all frames, yet may be wrong in one: only its passes there speak for it.
      const frames = file.endsWith(SAMPLE_FILE) ? new Set(failures.map(i => verdicts[i]!.frame)) : undefined
      const passes = verdicts.filter(v => !v.failed && v.compared.includes(file) && (frames?.has(v.frame) ?? true)).length
      // Much depends on the record, so a file of one frame is the likelier cause of what fails in that frame.
      const evidence = failures.reduce((sum, i) => sum + pointing(verdicts[i]!, file), 0)
      const score = ((frames ? 0.5 : 1) * evidence * evidence) / (failures.length + passes)
      if (score > best.score) best = { file, score }
    }
    take(i => (verdicts[i]!.compared.includes(best.file) ? best.file : undefined))
  }
  return out
}

const pointing = ({ suspects }: Verdict, file: string): number => (!suspects?.length ? 1 : suspects.includes(file) ? 2 : 0.5)
